"""`agentkit brief`: what a day holds and what waits, without a model."""

from __future__ import annotations

from typing import Annotated

import typer

from agentkit.cli.empty_home import tell_if_empty
from agentkit.cli.opened import open_home
from agentkit.cli.options import Options, takes
from agentkit.cli.screen import Screen
from agentkit.cli.typed_call import call_typed, say_result

Day = Annotated[str, typer.Argument(help="Another day, such as tomorrow.")]


@takes("home", "now", "json", "verbose")
def brief(day: Day = "", *, given: Options) -> None:
    """Tell what the day holds, and what waits for you.

    Events and which of them collide, tasks that are due, birthdays, invites, messages
    that wait for your answer, and what goes out. One line where there is nothing.
    """
    opened, screen = open_home(given), Screen(quiet=given.json)
    say_result(opened, call_typed(opened, "brief", day=day), screen)
    tell_if_empty(opened.context.home, Screen(quiet=given.json, stderr=True))
