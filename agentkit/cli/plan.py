"""`agentkit plan TEXT`: the first step only, nothing carried out."""

from __future__ import annotations

import typer

from agentkit.cli.opened import open_home
from agentkit.cli.options import Options, request_text, takes
from agentkit.cli.output import print_json
from agentkit.cli.run import Text
from agentkit.cli.screen import Screen
from agentkit.outcomes import Plan
from agentkit.pythonic import format_calls


@takes(
    "home",
    "now",
    "backend",
    "tools",
    "assistant",
    "allow_egress",
    "egress",
    "json",
    "verbose",
)
def plan(text: Text, *, given: Options) -> None:
    """Show the first step; do nothing."""
    request = request_text(text)
    made = open_home(given).agent().plan(request)
    if given.json:
        print_json(made.as_dict())
    else:
        _show(made, Screen())
    if made.needs_input:
        raise typer.Exit(3)
    if made.stopped not in ("", "abstained"):
        raise typer.Exit(4)


def _show(made: Plan, screen: Screen) -> None:
    backend = made.route.backend or "nobody"
    screen.parts((backend, "bold cyan"), (f"  {made.route.reason}", "dim"))
    for call in made.calls:
        screen.line(f"  {format_calls([call])[1:-1]}")
    for fault in made.faults:
        screen.line(f"  {fault}", "red")
    if made.needs_input:
        screen.line(f"  asks: {made.needs_input.text}", "yellow")
    elif made.text:
        screen.line(f"  says: {made.text}")
    elif not made.calls:
        screen.line("  No call.", "yellow")
