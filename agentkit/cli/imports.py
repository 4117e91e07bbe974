"""`agentkit import PATH` and `agentkit subscribe URL`: what others' programs have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agentkit.cli.opened import open_home
from agentkit.cli.options import Options, takes
from agentkit.cli.phrasebook import told
from agentkit.cli.screen import Screen
from agentkit.cli.typed_call import call_typed, say_result
from agentkit.errors import ConfigError

Paths = Annotated[
    list[Path],
    typer.Argument(metavar="PATH...", help="Files or folders to read."),
]
Url = Annotated[
    str,
    typer.Argument(metavar="[URL]", help="Its address; all are fetched anew without."),
]
Named = Annotated[
    str, typer.Option("--name", metavar="NAME", help="What it shall be called.")
]
Stop = Annotated[
    str,
    typer.Option("--stop", metavar="NAME", help="End the subscription of this name."),
]


@takes("home", "now", "json", "verbose")
def import_(paths: Paths, *, given: Options) -> None:
    """Take in mail, calendars and contacts from files.

    mbox, Maildir, .eml, .ics, .vcf, and folders of them. What is there stays as it is,
    so a second import adds what is new; `agentkit undo` takes one back.
    """
    opened, screen = open_home(given), Screen(quiet=given.json)
    for path in paths:
        if not path.expanduser().exists():
            # All are looked at before the first is read: half an import is hard to
            # explain.
            missing = told("there is no file or folder {path}", path=repr(str(path)))
            raise ConfigError(missing)
    for path in paths:
        screen.spin(told("reading {name}", name=path.name))
        # The journal keeps it: a path from this folder would say nothing later.
        full = str(path.expanduser().absolute())
        with screen.working():
            result = call_typed(opened, "import_messages", path=full)
        say_result(opened, result, screen)


@takes("home", "now", "json", "verbose")
def subscribe(
    url: Url = "", name: Named = "", stop: Stop = "", *, given: Options
) -> None:
    """Follow a calendar on the web (ICS), read-only.

    `agentkit watch` fetches it anew each hour.
    """
    opened, screen = open_home(given), Screen(quiet=given.json)
    screen.spin(told("fetching"))
    with screen.working():
        result = call_typed(
            opened, "subscribe_calendar", url=stop or url, name=name, stop=bool(stop)
        )
    say_result(opened, result, screen)
