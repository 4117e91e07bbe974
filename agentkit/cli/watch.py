"""`agentkit watch`: rings when something is due, for as long as it runs."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

import typer

from agentkit.bells import announcers
from agentkit.bells.announcers import Announcer, Announcers
from agentkit.bells.watcher import watching
from agentkit.cli.options import Options, home_folder, takes
from agentkit.cli.ringer import Ringer, watcher_of
from agentkit.cli.screen import Screen
from agentkit.settings import read_settings

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
        ringer = Ringer(screen, watcher_of(home, given.now), told, bell=bell)
        if once:
            ringer.ring()
            told.finish()
            return
        with suppress(KeyboardInterrupt):
            ringer.go_on()


def _announcers(command: str, webhook: str, *, desktop: bool) -> list[Announcer]:
    """Make those that were asked for, or say what is wrong with one."""
    made = [announcers.program(command)] if command else []
    made += [announcers.webhook(webhook)] if webhook else []
    return [*made, *([announcers.desktop()] if desktop else [])]
