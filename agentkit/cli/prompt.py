"""`agentkit prompt TEXT`: what the model would be sent, with a token count."""

from __future__ import annotations

from datetime import date as Date
from pathlib import Path
from typing import Annotated, Literal

import typer

from agentkit.agent.ladder.request import all_tools
from agentkit.backends.file_templates import template_of_model
from agentkit.cli.opened import open_home
from agentkit.cli.options import Options, request_text, takes
from agentkit.cli.output import print_json, printable
from agentkit.cli.run import Text
from agentkit.errors import ConfigError
from agentkit.messages import Conversation, system, user
from agentkit.models import ModelRegistry
from agentkit.models.families import form_named
from agentkit.prompting import (
    Format,
    PromptOptions,
    PromptReport,
    count_tokens,
    installed_tokenizer,
    join_parts,
    prompt_diff,
    render_prompt,
    report_prompt,
)
from agentkit.tools import Toolset
from agentkit.tools.selection import Selector, select_tools

FormatName = Annotated[Format, typer.Option("--format", help="Prompt format.")]
Schemas = Annotated[
    Literal["reference", "compact"],
    typer.Option("--schemas", help="Meta's JSON documents, or short signatures."),
]
ToolsIn = Annotated[
    Literal["system", "user"] | None,
    typer.Option("--tools-in", help="The role that the tools stand in."),
]
Templates = Annotated[
    Path | None,
    typer.Option("--templates", metavar="DIR", help="Templates that replace ours."),
]
Tokens = Annotated[
    bool, typer.Option("--tokens", help="Count the tokens by section, not the prompt.")
]
Select = Annotated[
    int | None,
    typer.Option(
        "--select",
        metavar="N",
        min=0,
        help="Only the tools that it needs, N at most; 0 for all, the home's setting "
        "(8) when not given.",
    ),
]
Model = Annotated[
    str,
    typer.Option(
        "--model",
        metavar="NAME",
        help="By the chat template of this model: a name of `models list`, or a path.",
    ),
]
Diff = Annotated[
    bool, typer.Option("--diff", help="Show what differs from Meta's reference.")
]


@takes("home", "now", "tools", "assistant", "json", "verbose")
def prompt(
    text: Text,
    format: FormatName = "llama32",
    schemas: Schemas = "reference",
    tools_in: ToolsIn = None,
    templates: Templates = None,
    tokens: Tokens = False,
    diff: Diff = False,
    model: Model = "",
    select: Select = None,
    *,
    given: Options,
) -> None:
    """Show what a model would be sent.

    The prompt goes to standard output, its token count to standard error.
    """
    request = request_text(text)
    opened = open_home(given)
    said = (system(opened.assistant.instructions), user(request))
    limit = opened.settings.select if select is None else select
    toolset = opened.toolset
    if limit:
        toolset = _shown(toolset, said, Selector(limit, always=opened.added))
    if model:
        _own(model, said, toolset, opened.context.now.date(), given)
        return
    chosen: PromptOptions = {
        "format": format,
        "schemas": schemas,
        "tools_in": tools_in,
        "templates": templates,
        "date": opened.context.now.date(),
    }
    rendered = render_prompt(said, toolset, **chosen)
    report = report_prompt(said, toolset, tokenizer=installed_tokenizer(), **chosen)
    if given.json:
        print_json(_facts(format, rendered, report))
        return
    if tokens:
        typer.echo(str(report))
    if diff:
        typer.echo(_difference(said, toolset, rendered, format))
    if not tokens and not diff:
        _print(rendered, report, len(toolset))


def _shown(toolset: Toolset, said: Conversation, selector: Selector) -> Toolset:
    """Return the tools that an agent with this selector would show."""
    return select_tools(said, all_tools(toolset, selector), selector).toolset


def _own(
    model: str, said: Conversation, toolset: Toolset, date: Date, given: Options
) -> None:
    """Show the prompt of a model's own template, and how the model writes calls."""
    one = ModelRegistry().find(model)
    template = template_of_model(Path(one.path)) if one.path else None
    if one.fault or template is None:
        raise ConfigError(one.fault or f"{one.name} has no chat template of its own")
    parts = template.parts(said, toolset, date=date)
    rendered, tokens, form = (
        join_parts(parts),
        count_tokens(parts),
        form_named(one.form),
    )
    if given.json:
        facts = {"prompt": rendered, "tokens": tokens, "exact": False, "form": one.form}
        print_json({"model": one.name, **facts})
        return
    typer.echo(printable(rendered))
    calls = f"; calls as {form.example} ({form.families})" if form else ""
    # To standard error, so that standard output is the prompt and nothing else.
    typer.echo(f"about {tokens} tokens, {len(toolset)} tools{calls}", err=True)


def _print(rendered: str, report: PromptReport, tools: int) -> None:
    typer.echo(printable(rendered))
    about = "" if report.exact else "about "
    typer.echo(f"{about}{report.tokens} tokens, {tools} tools", err=True)


def _facts(format: Format, rendered: str, report: PromptReport) -> dict[str, object]:
    return {
        "format": format,
        "prompt": rendered,
        "tokens": report.tokens,
        "exact": report.exact,
        "sections": dict(report.sections),
        "tools_reference": report.tools_reference,
        "tools_compact": report.tools_compact,
    }


def _difference(
    said: Conversation, toolset: Toolset, rendered: str, format: Format
) -> str:
    """Return the difference from the packaged templates and JSON documents."""
    reference = render_prompt(said, toolset, format=format)
    changes = prompt_diff(reference, rendered, name="yours")
    return printable(changes) or "The same as the reference."
