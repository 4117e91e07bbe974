"""`agentkit undo [N]`: what was done last, taken back."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from agentkit.agent.record import EffectRecord
from agentkit.cli.opened import open_home
from agentkit.cli.options import Options, takes
from agentkit.cli.output import print_json
from agentkit.cli.screen import Screen
from agentkit.errors import ConfigError
from agentkit.journal import Undone, summary

Count = Annotated[
    int,
    typer.Argument(metavar="[N]", help="How many side effects, the newest first."),
]
Entry = Annotated[
    int | None,
    typer.Option(metavar="NUMBER", help="One entry of the journal instead.", min=1),
]


@takes("home", "tools", "assistant", "json", "verbose")
def undo(count: Count = 1, entry: Entry = None, *, given: Options) -> None:
    """Take back what was done last.

    What was changed since stays as it is.
    """
    if entry is not None and count != 1:
        raise ConfigError("give N or --entry NUMBER, not both")
    opened = open_home(given)
    record = EffectRecord(True, opened.context)
    undone = asyncio.run(record.undo(count, entry or 0, opened.toolset, opened.context))
    if given.json:
        print_json({"undone": [one.as_dict() for one in undone]})
    else:
        _tell(undone, Screen())
    if not all(one.done for one in undone):
        raise typer.Exit(4)


def _tell(undone: tuple[Undone, ...], screen: Screen) -> None:
    if not undone:
        screen.line("There is nothing to take back.")
    for one in undone:
        if one.done:
            screen.parts((f"{one.entry.number}  ", "bold"), (one.text, "green"))
            continue
        screen.parts(
            (f"{one.entry.number}  ", "bold"), ("not taken back: ", "yellow"),
            (one.text, ""),
        )  # fmt: skip
        screen.line(f"   {summary(one.entry)}", "dim")
