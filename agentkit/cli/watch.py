"""`agentkit watch`: rings when something is due, for as long as it runs."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from agentkit.bells import announcers
from agentkit.bells.announcers import Announcer, Announcers
from agentkit.bells.dues import Due, Dues, dues_of, is_new
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
# Of what was missed: so many are shown, and so many are told to others.
_LISTED, _MISSED = 50, 5
# Characters of a title; one line of a terminal.
_TITLE = 120

Once = Annotated[bool, typer.Option("--once", help="Look once and leave, as for cron.")]
Bell = Annotated[
    bool, typer.Option("--bell/--no-bell", help="Ring the terminal's bell.")
]


Command = Annotated[
    str,
    typer.Option(metavar="PROGRAM", help="Run it with kind, time and title."),
]
Webhook = Annotated[
    str, typer.Option(metavar="URL", help="Post it to a server on this machine.")
]
Desktop = Annotated[
    bool, typer.Option("--desktop", help="Show a notice on the desktop.")
]


@takes("home", "now", "verbose")
def watch(
    once: Once = False,
    bell: Bell = True,
    command: Command = "",
    webhook: Webhook = "",
    desktop: Desktop = False,
    *,
    given: Options,
) -> None:
    """Ring when something is due.

    Reminders, alarms, timers, and events with an alarm. What was missed while nobody
    watched is told first. Ctrl-C ends it.
    """
    home, screen = home_folder(given.home), Screen()
    read_settings(home)  # what is wrong there is told before anybody relies on it
    told = Announcers(
        _announcers(command, webhook, desktop=desktop),
        lambda fault: screen.line(fault, "red"),
    )
    with watching(home):
        watcher = Watcher(home, _ask(home), _clock(home, given.now))
        ringer = _Ringer(screen, watcher, told, bell=bell)
        if once:
            ringer.ring()
            told.finish()
            return
        with suppress(KeyboardInterrupt):
            _go_on(ringer)


def _announcers(command: str, webhook: str, *, desktop: bool) -> list[Announcer]:
    """Make those that were asked for, or say what is wrong with one."""
    made = [announcers.program(command)] if command else []
    made += [announcers.webhook(webhook)] if webhook else []
    return [*made, *([announcers.desktop()] if desktop else [])]


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
    if is_new(opened.context, began):
        screen.line("Nothing rings until `agentkit watch` runs.", "yellow")


def _ask(home: Path) -> Callable[[datetime, datetime, datetime], Dues]:
    """Make what reads the home, its settings included, whenever it has changed."""

    def ask(now: datetime, since: datetime, until: datetime) -> Dues:
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

    def __init__(
        self, screen: Screen, watcher: Watcher, others: Announcers, *, bell: bool
    ) -> None:
        self._screen = screen
        self._others = others
        self._watcher = watcher
        self._bell = bell
        self._told: tuple[str, ...] = ()

    def ring(self) -> None:
        """Look once and tell; a fault is told when it is new, and does not end it."""
        faults: tuple[str, ...] = ()
        try:
            self._tell(self._watcher.look())
            faults = self._watcher.faults
            self._watcher.keep()
        except AgentkitError as exc:
            faults = (*faults, str(exc))
        for fault in faults:
            if fault not in self._told:
                self._screen.line(fault, "red")
        self._told = faults

    def _tell(self, found: Round) -> None:
        more = len(found.missed) - _LISTED
        if more > 0:
            self._screen.line(f"missed  {more:,} more before these", "yellow")
        for due in found.missed[-_LISTED:]:
            _line(due, self._screen, missed=True)
        for due in found.now:
            _line(due, self._screen)
        if self._bell and (found.now or found.missed):
            self._screen.bell()
        for due in (*found.missed[-_MISSED:], *found.now):
            self._others.tell(due)


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
