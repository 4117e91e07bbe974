"""`agentkit run TEXT`: one request carried to an outcome."""

from __future__ import annotations

from typing import Annotated

import typer

from agentkit.cli.options import Options, open_session, request_text, takes
from agentkit.cli.running import carry_out, leave
from agentkit.cli.screen import Screen

Text = Annotated[
    str, typer.Argument(help="What you want done; - reads standard input.")
]


@takes(
    "home",
    "now",
    "backend",
    "tools",
    "assistant",
    "allow_egress",
    "egress",
    "yes",
    "json",
    "verbose",
)
def run(text: Text, *, given: Options) -> None:
    """Carry one request out."""
    request = request_text(text)
    session = open_session(given)
    leave(carry_out(session, request, Screen(quiet=given.json)))
