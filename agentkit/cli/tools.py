"""`agentkit tools list|show|call`: the tools, without a model in between."""

from __future__ import annotations

import asyncio
import json as jsonlib
from typing import Annotated, Any, cast

import typer

from agentkit.agent.calls.approval import Approve
from agentkit.agent.calls.batch import CallBatch, unknown_tool
from agentkit.agent.calls.single import carry_out_call
from agentkit.cli.narrator import Narrator
from agentkit.cli.opened import open_home
from agentkit.cli.options import Options, takes
from agentkit.cli.output import print_json
from agentkit.cli.screen import Screen
from agentkit.errors import ConfigError
from agentkit.messages import ToolCall, ToolResult
from agentkit.tools import AnyTool, Toolset

app = typer.Typer(help="List, show and call tools.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="Name of the tool.")]
Pairs = Annotated[
    list[str] | None, typer.Argument(metavar="[KEY=VALUE]...", help="Its arguments.")
]


Document = Annotated[
    str, typer.Option("--arguments", metavar="JSON", help="All arguments as JSON.")
]


@app.command("list")
@takes("home", "tools", "mcp", "assistant", "json", "verbose")
def list_tools(*, given: Options) -> None:
    """List the tools an assistant may call."""
    toolset = open_home(given).toolset
    if given.json:
        print_json({"tools": [_facts(one) for one in toolset]})
        return
    list_on(Screen(), toolset)


def list_on(screen: Screen, toolset: Toolset) -> None:
    """List tools, one a line."""
    for one in toolset:
        screen.parts(
            (f"{one.name:<20}", "bold cyan"),
            (f"{one.effect:<7}", "yellow" if one.effect != "read" else "dim"),
            (one.description, ""),
        )


@app.command()
@takes("home", "tools", "mcp", "assistant", "json", "verbose")
def show(name: Name, *, given: Options) -> None:
    """Show one tool: effect, privacy, arguments, examples."""
    one = find_tool(open_home(given).toolset, name)
    if given.json:
        print_json(_facts(one))
    else:
        show_on(Screen(), one)


def show_on(screen: Screen, one: AnyTool) -> None:
    """Show one tool."""
    screen.line(f"{one.name}: {one.description}", "bold")
    labels = [f"effect {one.effect}", one.label.privacy, one.label.trust]
    screen.line(f"  {', '.join(labels)}", "dim")
    required = one.parameters.get("required", ())
    for slot, schema in one.parameters["properties"].items():
        need = "required" if slot in required else "optional"
        kind = schema.get("format") or schema.get("type", "any")
        screen.parts((f"  {slot:<14}", "cyan"), (f"{kind}, {need}  ", "dim"))
        if schema.get("description"):
            screen.line(f"  {'':<14}{schema['description']}")
    for example in one.examples[:5]:
        screen.line(f"  e.g. {example}", "dim")


@app.command()
@takes("home", "now", "tools", "mcp", "assistant", "yes", "json", "verbose")
def call(
    name: Name, pairs: Pairs = None, document: Document = "", *, given: Options
) -> None:
    """Call one tool; sends and deletes ask first."""
    opened = open_home(given)
    one = find_tool(opened.toolset, name)
    wanted = ToolCall(name, _arguments(one, pairs or [], document))
    screen = Screen(quiet=given.json)
    narrator = Narrator(screen, verbose=True)
    batch = asyncio.run(
        carry_out_call(
            wanted,
            opened.toolset,
            opened.context,
            _approve(given, narrator),
            narrator.show,
        )
    )
    result = _result(wanted, batch)
    if given.json:
        print_json(result.as_dict())
    elif result.status == "done":
        screen.line(one.word(result.value))
    elif batch.pending:
        screen.line(str(result.value), "yellow")
    if batch.pending or batch.question:
        raise typer.Exit(3)
    if result.status != "done":
        raise typer.Exit(4)


def _result(wanted: ToolCall, batch: CallBatch) -> ToolResult:
    if not batch.pending:
        return batch.results[0]
    asked = f"Needs your approval: {batch.pending[0].preview}"
    return ToolResult(wanted, "skipped", asked)


def _approve(given: Options, narrator: Narrator) -> Approve | None:
    if given.yes:
        return lambda _: True
    return None if given.json else narrator.approve


def find_tool(toolset: Toolset, name: str) -> AnyTool:
    """Return the tool of this name.

    Raises:
        ConfigError: there is none.
    """
    if name not in toolset:
        raise ConfigError(unknown_tool(name, toolset.names))
    return toolset[name]


def _facts(one: AnyTool) -> dict[str, Any]:
    return {
        "name": one.name,
        "description": one.description,
        "effect": one.effect,
        "privacy": one.label.privacy,
        "trust": one.label.trust,
        "parameters": one.parameters,
        "examples": list(one.examples),
    }


def _arguments(one: AnyTool, pairs: list[str], document: str) -> dict[str, Any]:
    """Read `--arguments JSON` and `key=value` pairs, whose values may be JSON."""
    given: dict[str, Any] = {}
    if document:
        try:
            loaded = jsonlib.loads(document)
        except ValueError as exc:
            raise ConfigError(f"--arguments is no JSON: {exc}") from exc
        if not isinstance(loaded, dict):
            raise ConfigError('--arguments must be a JSON object: \'{"key": "value"}\'')
        given |= cast(dict[str, Any], loaded)
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise ConfigError(f"{pair!r} is no argument: write KEY=VALUE")
        # Unknown keys too: the tool's own check names them, and what was meant.
        given[key] = _value(one.parameters["properties"].get(key, {}), value)
    return given


def _value(schema: dict[str, Any], text: str) -> Any:
    """Read a value as JSON unless its slot takes text."""
    if schema.get("type") == "string":
        return text
    try:
        return jsonlib.loads(text)
    except ValueError:
        return [text] if schema.get("type") == "array" else text
