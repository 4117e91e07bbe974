"""Where a screen writes: plain lines to a pipe, styled text to a terminal.

Rich draws on terminals only; for a pipe it is not even loaded.
"""

from __future__ import annotations

import os
import sys
from typing import Protocol, TextIO

from agentkit.cli.output import Parts, leave_in_peace

# As terminals have it, so that a pipe shows the same columns.
_TAB = 8


# Characters of a line, about five lines of a terminal.
WIDEST = 400


# By these Rich takes a pipe for a terminal, or a terminal for a pipe.
_TOLD = ("FORCE_COLOR", "TTY_COMPATIBLE")


class Surface(Protocol):
    """Where a screen writes its text."""

    @property
    def is_terminal(self) -> bool:
        """Whether a person looks at it."""
        ...

    @property
    def width(self) -> int:
        """Characters of a line."""
        ...

    def show(self, parts: Parts, end: str = "\n") -> None:
        """Write (text, style) parts one behind the other."""
        ...

    def spin(self, doing: str) -> None:
        """Show what is being done, until `rest`."""
        ...

    def rest(self) -> None:
        """Remove the spinner."""
        ...


class Pipe:
    """Writes plain lines, for a file or another program."""

    is_terminal = False
    width = WIDEST

    def __init__(self, *, quiet: bool, stderr: bool) -> None:
        """Write to standard output, or to standard error, or not at all."""
        self._quiet = quiet
        self._stderr = stderr

    def show(self, parts: Parts, end: str = "\n") -> None:
        """Write the parts' text."""
        if self._quiet:
            return
        text = "".join(part for part, _ in parts).expandtabs(_TAB)
        try:
            print(text, end=end, file=stream_of(stderr=self._stderr), flush=True)
        except BrokenPipeError:
            leave_in_peace()

    def spin(self, doing: str) -> None:
        """Do nothing: nobody waits in front of a pipe."""

    def rest(self) -> None:
        """Do nothing."""


class Terminal:
    """Writes styled text, with a spinner while nothing is said."""

    def __init__(self, *, quiet: bool, stderr: bool) -> None:
        """Show on standard output, or on standard error, or not at all."""
        from rich.console import Console
        from rich.text import Text

        # Rich's own answer to a pipe that closed is exit code 1.
        class Leaving(Console):
            """A console whose reader may go away, as `| head` does."""

            def on_broken_pipe(self) -> None:
                """Exit with 0: the reader has what it wanted."""
                leave_in_peace()

        from agentkit.cli.spinner import Spinner

        self._text = Text
        self._console = Leaving(
            quiet=quiet, stderr=stderr, highlight=False, markup=False, emoji=False
        )
        self._spinner = Spinner(self._console.status(""))

    @property
    def is_terminal(self) -> bool:
        """Whether a person looks at it, as Rich decides."""
        return self._console.is_terminal

    @property
    def width(self) -> int:
        """Characters of a line, at this moment."""
        return self._console.width

    def show(self, parts: Parts, end: str = "\n") -> None:
        """Write (text, style) parts one behind the other."""
        text = self._text()
        for part, style in parts:
            text.append(part, style)
        # A pipe gets lines as they are; a person gets words kept whole.
        self._console.print(text, end=end, soft_wrap=not self.is_terminal)

    def spin(self, doing: str) -> None:
        """Show what is being done, once it takes long."""
        self._spinner.start(self._text(doing, "dim"))

    def rest(self) -> None:
        """Remove the spinner, which would draw over an unfinished line."""
        self._spinner.stop()


def surface(*, quiet: bool, stderr: bool) -> Surface:
    """Return a terminal or a pipe, by where the text goes."""
    stream = stream_of(stderr=stderr)
    plain = stream is None or not stream.isatty()
    # A pipe gets plain lines, and need not wait until Rich is loaded.
    if plain and not any(name in os.environ for name in _TOLD):
        return Pipe(quiet=quiet, stderr=stderr)

    return Terminal(quiet=quiet, stderr=stderr)


def stream_of(*, stderr: bool) -> TextIO | None:
    """Return the stream as it is now; None where a program has none."""
    return sys.stderr if stderr else sys.stdout
