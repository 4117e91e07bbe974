"""Output for people: plain text to a pipe, colours and a spinner to a terminal.

Rich draws on terminals only; for a pipe it is not even loaded.

Everything printed here is text: markup and control characters in messages, tool
results and model output are shown, never obeyed.

What somebody else wrote may be made so long that what matters scrolls out of sight.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from importlib.util import find_spec
from pathlib import Path

from agentkit.cli.ctrl_c import interruptible
from agentkit.cli.output import printable
from agentkit.cli.phrasebook import told
from agentkit.cli.surface import WIDEST, stream_of, surface
from agentkit.errors import ConfigError
from agentkit.settings import make_context, read_settings

# Characters of a value that is asked for anew.
_VALUE = 200


def _edits_lines() -> bool:
    """Tell whether Python's `readline` reads what is typed."""
    return sys.stdout.isatty() and find_spec("readline") is not None and not is_dumb()


@contextmanager
def _standing(text: str) -> Generator[None]:
    """Put a text on the line that is read next, to be edited."""
    import readline

    # The only way to put a text onto a line before it is shown.
    readline.set_startup_hook(lambda: readline.insert_text(text))
    try:
        yield
    finally:
        readline.set_startup_hook(None)


def is_dumb() -> bool:
    """Tell whether the terminal understands no control codes."""
    return os.environ.get("TERM") == "dumb"


def typed() -> str:
    """Return the text on `readline`'s line that was not sent yet."""
    module = sys.modules.get("readline")
    return str(module.get_line_buffer()) if module else ""


class Screen:
    """Prints lines; asks questions when somebody is there to answer."""

    def __init__(self, *, quiet: bool = False, stderr: bool = False) -> None:
        """Print to standard output, or to standard error, or not at all."""
        self._surface = surface(quiet=quiet, stderr=stderr)
        self._stderr = stderr
        self._prompt = ""

    @property
    def is_terminal(self) -> bool:
        """Whether a person looks at it."""
        return self._surface.is_terminal

    @property
    def width(self) -> int:
        """Characters of a line; of a pipe, as many as are still read."""
        return self._surface.width

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

    def bell(self) -> None:
        """Ring the terminal's bell, where a person sits before one."""
        if self.is_terminal and (stream := stream_of(stderr=self._stderr)):
            stream.write("\a")
            stream.flush()

    def _clear_line(self) -> None:
        """Begin the line again, or another one where the terminal cannot."""
        stream = stream_of(stderr=self._stderr)
        if stream and self.is_terminal and not is_dumb():
            stream.write("\r\x1b[K")
            stream.flush()
        else:
            self.line()

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

            # TCIFLUSH: what was received and not read.
            termios.tcflush(sys.stdin, termios.TCIFLUSH)

    def ask(self, question: str) -> str:
        """Ask on the terminal and return the answer; empty at its end."""
        self._surface.rest()
        with interruptible():
            self._surface.show([(printable(question), "bold")], end=" ")
            try:
                return input().strip()
            except EOFError:
                self.line()
                return ""

    def edit(self, question: str, before: str) -> str:
        """Ask for another value, with the present one on the line to be edited.

        Where no line can be edited, or the value would steer the terminal, it is asked
        for, and an empty answer means the present one.
        """
        self._surface.rest()
        # A value of others may hold escape sequences, which a line that is edited would
        # obey.
        fits = before.isprintable() and len(before) <= WIDEST
        if not fits or not _edits_lines():
            kept = told("(Enter keeps “{before}”)", before=short_line(before, _VALUE))
            return self.ask(f"{question} {kept}:")
        self.line(question, "bold")
        with interruptible(), _standing(before):
            try:
                return input("   > ").strip()
            except EOFError:
                self.line()
                return ""

    def read(self, prompt: str) -> str:
        """Read a line that is typed behind a prompt.

        Raises:
            EOFError: there is none.
            KeyboardInterrupt: Ctrl-C was pressed.
        """
        self._prompt = prompt
        try:
            with interruptible():
                if sys.stdout.isatty():  # else Python would write the prompt there
                    return input(prompt).strip()
                self.piece(prompt)
                return input().strip()
        finally:
            self._prompt = ""

    @contextmanager
    def aside(self) -> Generator[None]:
        """Show something while a line may be typed: it stands below it again."""
        if self._prompt:
            self._clear_line()
        yield
        if self._prompt:
            self.piece(self._prompt + typed())

    def spin(self, doing: str = "") -> None:
        """Show, to a person, what goes on, until something is said."""
        if self.is_terminal:
            self._surface.spin(printable(f"{doing or told('thinking')} ..."))

    def rest(self) -> None:
        """Take the spinner away."""
        self._surface.rest()

    @contextmanager
    def working(self) -> Generator[None]:
        """Leave no spinner behind."""
        try:
            yield
        finally:
            self.rest()


# With the gap between them about as many lines as a terminal has.
_HEAD, _TAIL = 16, 6


def excerpt(text: str) -> list[str]:
    """Return the lines of a text; the middle of a long one is left out, and counted."""
    lines = text.splitlines() or [""]
    # One line that is left out would take a line to say so.
    between = len(lines) - _HEAD - _TAIL
    if between > 1:
        gap = f"[... {between:,} of {len(lines):,} lines left out ...]"
        lines = [*lines[:_HEAD], gap, *lines[-_TAIL:]]
    return [short_line(line) for line in lines]


def short_line(text: str, most: int = WIDEST) -> str:
    """Write a text on one line; the middle of a long one is left out, and counted."""
    line = " ⏎ ".join(text.splitlines())
    if len(line) <= most:
        return line
    half = most // 2
    left_out = len(line) - 2 * half
    return f"{line[:half]} [... {left_out:,} characters left out ...] {line[-half:]}"


def is_whole(text: str) -> bool:
    """Tell whether an excerpt leaves nothing out."""
    return excerpt(text) == (text.splitlines() or [""])


def moment(text: str, zone: tzinfo | None = None, *, seconds: bool = True) -> str:
    """Write a time as `2026-03-03 09:00:00`; nothing for no time.

    Args:
        text: ISO 8601, with its offset.
        zone: whose clock; the system's when None.
        seconds: whether they are shown.
    """
    if not text:
        return ""
    form = "%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M"
    return datetime.fromisoformat(text).astimezone(zone).strftime(form)


def zone_of(home: Path) -> tzinfo | None:
    """Return the time zone of a home.

    None, the system's, where its settings cannot be read: what was kept is shown all
    the same.
    """
    try:
        return make_context(home, read_settings(home), None).tz
    except ConfigError:
        return None
