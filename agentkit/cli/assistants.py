"""`agentkit assistants`: the ready assistants and what each is for."""

from __future__ import annotations

import shlex

from agentkit.cli.opened import ASSISTANTS
from agentkit.cli.options import Options, takes
from agentkit.cli.output import print_json
from agentkit.cli.screen import Screen


@takes("json")
def assistants(*, given: Options) -> None:
    """List the ready assistants, for --assistant NAME."""
    if given.json:
        rows = [
            {
                "name": one.name,
                "summary": one.summary,
                "tools": list(one.tools().names),
                "example": one.example,
            }
            for one in ASSISTANTS
        ]
        print_json({"assistants": rows})
        return
    screen = Screen()
    for one in ASSISTANTS:
        screen.parts((f"{one.name:<12}", "bold cyan"), (one.summary, ""))
        screen.line(f"{'':<12}{len(one.tools())} tools; try:", "dim")
        request = shlex.quote(one.example)
        screen.line(f"{'':<12}agentkit run --assistant {one.name} {request}", "dim")
