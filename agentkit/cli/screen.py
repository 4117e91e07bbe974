"""What a person sees: plain text to a pipe, colours and a spinner to a terminal.

Everything printed here is text: markup and control characters in messages, tool
results and model output are shown, never obeyed.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Generator
from contextlib import contextmanager

from agentkit.cli.output import printable
from agentkit.cli.surface import surface


@contextmanager
def _interruptible() -> Generator[None]:
    """Let Ctrl-C end a question at once: a running event loop would only note it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class Screen:
    """Prints lines; asks questions when somebody is there to answer."""

    def __init__(self, *, quiet: bool = False, stderr: bool = False) -> None:
        """Print to standard output, or to standard error, or not at all."""
        self._surface = surface(quiet=quiet, stderr=stderr)

    @property
    def is_terminal(self) -> bool:
        """Whether a person looks at it."""
        return self._surface.is_terminal

    @property
    def can_ask(self) -> bool:
        """Whether somebody is there to answer."""
        return sys.stdin.isatty() and self.is_terminal

    def line(self, text: str = "", style: str = "") -> None:
        """Print one or more lines, escaped."""
        self.parts((text, style))

    def parts(self, *parts: tuple[str, str]) -> None:
        """Print one line made of (text, style) parts, escaped."""
        self._surface.show([(printable(text), style) for text, style in parts])

    def piece(self, text: str) -> None:
        """Print a piece of streamed text, without a line end."""
        self._surface.rest()
        self._surface.show([(printable(text), "")], end="")

    def forget_typed(self) -> None:
        """Drop what was typed and not read yet: the rest of a paste is no yes."""
        if not self.can_ask:
            return
        if sys.platform == "win32":
            import msvcrt

            while msvcrt.kbhit():
                msvcrt.getwch()
        else:
            import termios

            termios.tcflush(sys.stdin, termios.TCIFLUSH)

    def ask(self, question: str) -> str:
        """Ask on the terminal and return the answer; empty at its end."""
        self._surface.rest()
        with _interruptible():
            self._surface.show([(printable(question), "bold")], end=" ")
            try:
                return input().strip()
            except EOFError:
                self.line()
                return ""

    def spin(self, doing: str = "thinking") -> None:
        """Show, to a person, what goes on, until something is said."""
        if self.is_terminal:
            self._surface.spin(printable(f"{doing} ..."))

    @contextmanager
    def working(self) -> Generator[None]:
        """Leave no spinner behind."""
        try:
            yield
        finally:
            self._surface.rest()
