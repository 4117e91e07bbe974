"""The spinner: seen only where something takes long, and never left behind."""

from __future__ import annotations

from io import StringIO
from threading import Event

from rich.console import Console
from rich.text import Text

from agentkit.cli.spinner import Spinner

HOUR = 3600.0


class _Shown(StringIO):
    """A terminal that tells when a text is on it."""

    def __init__(self, awaited: str) -> None:
        super().__init__()
        self._awaited = awaited
        self.is_there = Event()

    def write(self, text: str) -> int:
        written = super().write(text)
        if self._awaited in self.getvalue():
            self.is_there.set()
        return written


def _spinner(file: StringIO, after: float) -> Spinner:
    console = Console(file=file, force_terminal=True, width=80)
    return Spinner(console.status(""), after=after)


def test_what_is_done_soon_shows_nothing() -> None:
    """Stopped before its time, it never stood there."""
    file = StringIO()
    spinner = _spinner(file, HOUR)
    spinner.start(Text("thinking ..."))
    spinner.start(Text("weather ..."))
    spinner.stop()
    assert file.getvalue() == ""


def test_what_takes_long_is_shown_and_taken_away() -> None:
    """What it does may change meanwhile; at the end its line is cleared."""
    file = _Shown("weather ...")
    spinner = _spinner(file, 0.0)
    spinner.start(Text("thinking ..."))
    spinner.start(Text("weather ..."))
    assert file.is_there.wait(HOUR)
    spinner.stop()
    hidden, shown = "\x1b[?25l", "\x1b[?25h"
    assert file.getvalue().count(hidden) == file.getvalue().count(shown) == 1
    assert file.getvalue().endswith("\x1b[2K")


def test_it_may_be_stopped_twice_and_start_again() -> None:
    """Each run of a conversation has its own."""
    file = _Shown("again ...")
    spinner = _spinner(file, 0.0)
    spinner.stop()
    spinner.start(Text("once ..."))
    spinner.stop()
    spinner.start(Text("again ..."))
    assert file.is_there.wait(HOUR)
    spinner.stop()
    spinner.stop()
