"""`agentkit watch`: rings when something is due, for as long as it runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from agentkit.bells.dues import Due, dues_of, is_new
from agentkit.bells.rounds import Round
from agentkit.bells.watcher import Watcher, is_watched, watching
from agentkit.cli.opened import OpenHome
from agentkit.cli.options import Options, home_folder, parse_now, takes
from agentkit.cli.screen import Screen, short_line
from agentkit.errors import AgentkitError
from agentkit.outcomes import Outcome
from agentkit.settings import make_context, read_settings

# Seconds; what is due rings within two.
_PULSE = 1.0
# Characters of a title; one line of a terminal.
_TITLE = 120

Once = Annotated[bool, typer.Option("--once", help="Look once and leave, as for cron.")]
Bell = Annotated[
    bool, typer.Option("--bell/--no-bell", help="Ring the terminal's bell.")
]


@takes("home", "now", "verbose")
def watch(once: Once = False, bell: Bell = True, *, given: Options) -> None:
    """Ring when something is due.

    Reminders, alarms, timers, and events with an alarm. What was missed while nobody
    watched is told first. Ctrl-C ends it.
    """
    home, screen = home_folder(given.home), Screen()
    read_settings(home)  # what is wrong there is told before anybody relies on it
    with watching(home):
        watcher = Watcher(home, _ask(home), _clock(home, given.now))
        ringer = _Ringer(screen, watcher, bell=bell)
        if once:
            ringer.ring()
            return
        try:
            _go_on(ringer)
        except KeyboardInterrupt:
            screen.line()


def tell_unwatched(
    opened: OpenHome, outcome: Outcome, began: datetime, screen: Screen
) -> None:
    """Say that nothing will ring, where a run set what rings and nobody watches.

    Args:
        opened: the home.
        outcome: what came of the run.
        began: when it began, on its own clock.
        screen: where it is said.
    """
    done = (result.call.name for result in outcome.calls if result.status == "done")
    wrote = any(
        name in opened.toolset and opened.toolset[name].effect == "write"
        for name in done
    )
    if not wrote or is_watched(opened.context.home):
        return
    # The run itself is done; what cannot be read is told where it is asked for.
    with suppress(AgentkitError):
        if is_new(opened.context, began):
            screen.line("Nothing rings until `agentkit watch` runs.", "yellow")


def _ask(home: Path) -> Callable[[datetime, datetime, datetime], Iterable[Due]]:
    """Make what reads the home, its settings included, whenever it has changed."""

    def ask(now: datetime, since: datetime, until: datetime) -> Iterable[Due]:
        here = now.astimezone() if now.tzinfo is UTC else now
        return dues_of(make_context(home, read_settings(home), here), since, until)

    return ask


def _clock(home: Path, now: str) -> Callable[[], datetime]:
    """Return the machine's clock, or one that begins at a given time."""
    if now:
        return make_context(home, read_settings(home), parse_now(now)).clock
    # Converted where it is shown: this is asked for once a second.
    return lambda: datetime.now(UTC)


def _go_on(ringer: _Ringer) -> None:
    while True:
        ringer.ring()
        time.sleep(_PULSE)


class _Ringer:
    """Tells what rings, line by line."""

    def __init__(self, screen: Screen, watcher: Watcher, *, bell: bool) -> None:
        self._screen = screen
        self._watcher = watcher
        self._bell = bell
        self._fault = ""

    def ring(self) -> None:
        """Look once and tell; a fault is told when it is new, and does not end it."""
        try:
            self._tell(self._watcher.look())
            self._watcher.keep()
            self._fault = ""
        except AgentkitError as exc:
            if str(exc) != self._fault:
                self._screen.line(str(exc), "red")
            self._fault = str(exc)

    def _tell(self, found: Round) -> None:
        for due in found.missed:
            _line(due, self._screen, missed=True)
        for due in found.now:
            _line(due, self._screen)
        if self._bell and (found.now or found.missed):
            self._screen.bell()


def _line(due: Due, screen: Screen, *, missed: bool = False) -> None:
    at = due.rings.astimezone(due.moment.tzinfo)
    begins = f"  (at {due.moment:%H:%M})" if due.lead else ""
    when = f"{at:%Y-%m-%d %H:%M}" if missed else f"{at:%H:%M}"
    screen.parts(
        ("missed  " if missed else "", "yellow"),
        (f"{when}  ", "bold"),
        (f"{due.kind:<8}  ", "cyan"),
        (short_line(due.title, _TITLE), ""),
        (begins, "dim"),
    )
