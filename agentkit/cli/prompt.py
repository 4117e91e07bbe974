"""`agentkit prompt TEXT`: what the model would be sent, with a token count."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agentkit.cli.options import Options, open_session, request_text, takes
from agentkit.cli.run import Text
from agentkit.cli.running import print_json
from agentkit.cli.screen import printable
from agentkit.messages import system, user
from agentkit.prompting import Format, estimate_tokens, render_prompt

FormatName = Annotated[Format, typer.Option("--format", help="Prompt format.")]
Templates = Annotated[
    Path | None,
    typer.Option("--templates", metavar="DIR", help="Templates that replace ours."),
]


@takes("home", "now", "tools", "assistant", "json", "verbose")
def prompt(
    text: Text,
    format: FormatName = "llama32",
    templates: Templates = None,
    *,
    given: Options,
) -> None:
    """Show what a model would be sent.

    The prompt goes to standard output, its token count to standard error.
    """
    request = request_text(text)
    session = open_session(given)
    rendered = render_prompt(
        (system(session.assistant.instructions), user(request)),
        session.toolset,
        format=format,
        date=session.context.now.date(),
        templates=templates,
    )
    count = estimate_tokens(rendered)
    if given.json:
        print_json({"format": format, "prompt": rendered, "tokens": count})
        return
    typer.echo(printable(rendered))
    typer.echo(f"about {count} tokens, {len(session.toolset)} tools", err=True)
