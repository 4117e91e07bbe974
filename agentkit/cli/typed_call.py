"""Calls a tool for a command; what the user types is what they want."""

from __future__ import annotations

import asyncio

import typer

from agentkit.agent.calls.batch import unknown_tool
from agentkit.agent.calls.single import carry_out_call
from agentkit.cli.opened import OpenHome
from agentkit.cli.output import print_json
from agentkit.cli.screen import Screen
from agentkit.errors import ConfigError
from agentkit.language import speaking
from agentkit.messages import ToolCall, ToolResult
from agentkit.outcomes import Event


def call_typed(opened: OpenHome, tool: str, /, **arguments: object) -> ToolResult:
    """Carry out and journal a call; `agentkit undo` takes it back.

    Raises:
        ConfigError: no installed pack brings the tool.
    """
    if tool not in opened.toolset:
        raise ConfigError(unknown_tool(tool, opened.toolset.names))
    # An option that was not given is an empty text: the tool has its own default.
    wanted = ToolCall(tool, {key: value for key, value in arguments.items() if value})
    tools, context = opened.toolset, opened.context
    with speaking(_language_of(opened)):
        batch = asyncio.run(
            # Whoever types the command has said yes.
            carry_out_call(wanted, tools, context, lambda _: True, _unheard)
        )
    return batch.results[0]


def _unheard(event: Event) -> None:
    """Ignore events: the result says all."""


def say_result(opened: OpenHome, result: ToolResult, screen: Screen) -> None:
    """Print what came of a call, in the language of the home.

    Raises:
        Exit: it was not done.
    """
    if opened.options.json:
        print_json(result.as_dict())
    else:
        screen.line(*told_of(opened, result))
    if result.status != "done":
        raise typer.Exit(4)


def told_of(opened: OpenHome, result: ToolResult) -> tuple[str, str]:
    """Return what came of a call in words, and how they are shown."""
    with speaking(_language_of(opened)):
        if result.status == "done":
            return opened.toolset[result.name].word(result.typed), ""
    # The model reads which tool failed; a person has just typed its command.
    why = str(result.value).removeprefix(f"{result.name} failed: ")
    return why.removeprefix(f"{result.name}: "), "red"


def _language_of(opened: OpenHome) -> str:
    return opened.context.locale.replace("_", "-").partition("-")[0]
