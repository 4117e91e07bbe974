"""`agentkit watch`: rings when something is due, for as long as it runs."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from agentkit.bells import announcers
from agentkit.bells.announcers import Announcer, Announcers
from agentkit.bells.autostart import entry_for
from agentkit.bells.chores import Chores
from agentkit.bells.watcher import watching
from agentkit.cli.brief import Morning
from agentkit.cli.options import Options, home_folder, takes
from agentkit.cli.phrasebook import speak_as, told
from agentkit.cli.ringer import Ringer, clock_of, watcher_of
from agentkit.cli.screen import Screen
from agentkit.errors import ConfigError
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

Brief = Annotated[
    str,
    typer.Option("--brief", metavar="TIME", help="Tell the day at this time, as 7:30."),
]

Install = Annotated[
    bool,
    typer.Option("--install", help="Write what starts it at login; start nothing."),
]


@takes("home", "now", "verbose")
def watch(
    once: Once = False,
    bell: Bell = True,
    command: Command = "",
    webhook: Webhook = "",
    desktop: Desktop = False,
    brief: Brief = "",
    install: Install = False,
    *,
    given: Options,
) -> None:
    """Ring when something is due.

    Reminders, alarms, timers, and events with an alarm. What was missed while nobody
    watched is told first. Messages whose time has come are sent, and calendars that are
    subscribed to are fetched anew. Ctrl-C ends it.
    """
    home, screen = home_folder(given.home), Screen()
    # Raises before anybody relies on a file that is wrong.
    speak_as(read_settings(home).locale)
    others = _announcers(command, webhook, desktop=desktop)
    if install:
        words = ["--webhook", webhook] * bool(webhook) + ["--desktop"] * desktop
        words += ["--brief", brief] * bool(brief)
        if command:
            # The full path: at login the PATH is another one.
            words += ["--command", str(shutil.which(command))]
        _install(home.absolute(), words, screen)
        return
    clock = clock_of(home, given.now)
    morning = Morning(given, brief, screen, clock).tell_if_due if brief else None
    passed_on = Announcers(others, lambda fault: screen.line(fault, "red"))
    with watching(home):
        chores = Chores(home, clock)
        ringer = Ringer(
            screen,
            watcher_of(home, given.now),
            passed_on,
            bell=bell,
            chores=chores,
            morning=morning,
        )
        if once:
            ringer.ring()
            ringer.do_chores()
            # A program that was started must not die with us in the middle.
            passed_on.finish()
            return
        with suppress(KeyboardInterrupt):
            ringer.go_on()


def _announcers(command: str, webhook: str, *, desktop: bool) -> list[Announcer]:
    """Make the announcers that the options name."""
    made = [announcers.program(command)] if command else []
    made += [announcers.webhook(webhook)] if webhook else []
    return [*made, *([announcers.desktop()] if desktop else [])]


def _install(home: Path, words: list[str], screen: Screen) -> None:
    """Write the file that starts a watcher at login, and show how to switch it on."""
    # No bell: there is no terminal.
    program = [_own_program(), "watch", "--no-bell", "--home", str(home)]
    entry = entry_for(sys.platform, [*program, *words], home, os.environ)
    entry.write()
    screen.line(told("Written: {path}", path=entry.path))
    screen.line(told("To start it, now and at each login:"))
    for line in entry.start:
        screen.line(f"  {line}", "bold")
    screen.line(told("To end that:"))
    for line in entry.stop:
        screen.line(f"  {line}")
    if not words:
        english = (
            "What rings stands in the system's log alone: add --desktop, --command or "
            "--webhook to be told."
        )
        screen.line(told(english), "yellow")


def _own_program() -> str:
    """Return the full path of the command `agentkit`.

    Raises:
        ConfigError: it is not to be found.
    """
    for name in (sys.argv[0], str(Path(sys.executable).with_name("agentkit"))):
        if Path(name).stem == "agentkit" and (found := shutil.which(name)):
            return str(Path(found).absolute())
    raise ConfigError(
        "--install: the command agentkit is not to be found; run it by its full path"
    )
