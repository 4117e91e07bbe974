"""`agentkit demo`: the main job, on sample data in a throw-away home."""

from __future__ import annotations

import shlex
import sys
import tempfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from agentkit.cli.opened import open_home
from agentkit.cli.options import Options, parse_now, takes
from agentkit.cli.run import carry_out, leave
from agentkit.cli.screen import Screen
from agentkit.discovery import home_maker
from agentkit.errors import ConfigError

Text = Annotated[str, typer.Argument(help="Another request than the main job.")]

REQUEST = (
    "Summarize my last 10 messages, pick out the action items, and send calendar "
    "invites for the follow-up meetings."
)
_MORE = (
    "What's on my calendar tomorrow?",
    "Remind me to water the plants on Friday at 6pm",
    "Find messages about the lease",
)


@takes(
    "home",
    "now",
    "backend",
    "tools",
    "allow_egress",
    "egress",
    "yes",
    "json",
    "verbose",
)
def demo(text: Text = "", *, given: Options) -> None:
    """Run the main job on sample data."""
    # The sample data is made around this time, so that "tomorrow" holds something.
    clock = parse_now(given.now) or datetime.now().astimezone()
    folder = _empty_folder(given.home)
    home_maker("sample")(folder, clock)
    given = replace(given, home=folder)
    screen = Screen(quiet=given.json)
    opened = open_home(given)
    request = text or REQUEST
    screen.line(f"A throw-away home with sample data: {folder}", "dim")
    screen.parts(("\n> ", "bold"), (request, "bold"))
    screen.line()
    outcome = carry_out(opened, request, screen)
    _show_files(folder, screen)
    _suggest(folder, given.now, screen)
    leave(outcome)


def _empty_folder(home: Path | None) -> Path:
    if home is None:
        return Path(tempfile.mkdtemp(prefix="agentkit-demo-"))
    folder = home.expanduser()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigError(f"{str(folder)!r} is not an empty folder: the demo fills one")
    return folder


def _show_files(folder: Path, screen: Screen) -> None:
    """Show which files the demo wrote."""
    for path in sorted((folder / "outbox").glob("*")):
        screen.line(f"written: {path}", "dim")


def _suggest(folder: Path, now: str, screen: Screen) -> None:
    command = Path(sys.argv[0]).name if sys.argv else "agentkit"
    # `.venv/bin/agentkit` as it was typed; of a full path the name alone can be read.
    shown = sys.argv[0] if "/" in sys.argv[0] and sys.argv[0][0] != "/" else command
    clock = f" --now {shlex.quote(now)}" if now else ""
    screen.line("\nThree more to try:", "bold")
    for request in _MORE:
        screen.line(
            f'  {shown} run "{request}" --home {shlex.quote(str(folder))}{clock}'
        )
