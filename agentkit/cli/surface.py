"""Where text is shown: a pipe that takes lines as they are, or a terminal.

Rich draws on terminals only; for a pipe it is not even loaded.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import NoReturn, Protocol, TextIO, TypeAlias

Parts: TypeAlias = Sequence[tuple[str, str]]

_TAB = 8
# By these Rich takes a pipe for a terminal, or a terminal for a pipe.
_TOLD = ("FORCE_COLOR", "TTY_COMPATIBLE")


class Surface(Protocol):
    """Where a screen's text goes."""

    @property
    def is_terminal(self) -> bool:
        """Whether a person looks at it."""
        ...

    def show(self, parts: Parts, end: str = "\n") -> None:
        """Write (text, style) parts one behind the other."""
        ...

    def spin(self, doing: str) -> None:
        """Tell what goes on, until `rest`."""
        ...

    def rest(self) -> None:
        """Take the spinner away."""
        ...


class Pipe:
    """Lines as they are, for a file or another program."""

    is_terminal = False

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
            print(text, end=end, file=_stream(stderr=self._stderr), flush=True)
        except BrokenPipeError:
            leave_in_peace()

    def spin(self, doing: str) -> None:
        """Say nothing: nobody waits in front of it."""

    def rest(self) -> None:
        """Say nothing."""


def surface(*, quiet: bool, stderr: bool) -> Surface:
    """Find out where the text goes."""
    stream = _stream(stderr=stderr)
    plain = stream is None or not stream.isatty()
    if plain and not any(name in os.environ for name in _TOLD):
        return Pipe(quiet=quiet, stderr=stderr)
    from agentkit.cli.terminal import Terminal

    return Terminal(quiet=quiet, stderr=stderr)


def leave_in_peace() -> NoReturn:
    """End where the reader went away: what was asked for was read."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise SystemExit(0)


def _stream(*, stderr: bool) -> TextIO | None:
    """The stream as it is now; None where a program has none."""
    return sys.stderr if stderr else sys.stdout
