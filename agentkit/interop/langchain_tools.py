"""Converts tools from and to LangChain."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from agentkit.context import Context
from agentkit.errors import (
    ConfigError,
    InputNeeded,
    InvalidArguments,
    ToolError,
    ToolsetError,
)
from agentkit.interop.foreign_tools import (
    Approve,
    Declared,
    carried_out,
    made_tool,
    require,
)
from agentkit.tools import AnyTool, Effect, Toolset

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool, StructuredTool

_PACKAGE = ("langchain_core", "langchain-core", "Tools of LangChain")


def from_langchain(
    tools: Iterable[BaseTool],
    *,
    effect: Effect = "write",
    personal: bool = False,
    untrusted: bool | None = None,
) -> Toolset:
    """Convert tools of LangChain into ours.

    Args:
        tools: what `@tool` or `StructuredTool` made there.
        effect: what they do to the world, since they do not say.
        personal: their results are the user's private data.
        untrusted: their results hold text that somebody else wrote.

    Raises:
        MissingPackage: langchain-core is not installed.
        ToolsetError: two share a name, or one is no tool.
    """
    require(*_PACKAGE)
    declared = Declared(effect=effect, personal=personal, untrusted=untrusted)
    return Toolset(_ours(one, declared) for one in tools)


def to_langchain(
    tools: Iterable[AnyTool],
    context: Context | None = None,
    *,
    approve: Approve | None = None,
) -> list[StructuredTool]:
    """Convert our tools into tools of LangChain.

    Faults are told to the model. Journal, privacy gate and provenance belong to agentkit's
    runs: they are not there.

    Args:
        tools: agentkit's.
        context: home, clock and user; made anew for each call when None.
        approve: asked before what sends or deletes, as that of an `Agent`.

    Raises:
        MissingPackage: langchain-core is not installed.
        ConfigError: a tool sends or deletes, and nobody would be asked.
    """
    require(*_PACKAGE)
    return [_theirs(one, context, approve) for one in tools]


def _ours(tool: Any, declared: Declared) -> AnyTool:
    from langchain_core.tools import BaseTool, ToolException
    from langchain_core.utils.function_calling import convert_to_openai_tool

    if not isinstance(tool, BaseTool):
        raise ToolsetError(f"{tool!r} is no tool of LangChain")
    # Its own way to a schema: `args_schema` may be a model of Pydantic 1, 2, or a dict.
    function: dict[str, Any] = convert_to_openai_tool(tool)["function"]
    theirs = tool

    async def call(context: Context, arguments: dict[str, Any]) -> Any:
        try:
            return await theirs.ainvoke(arguments)
        except ToolException as exc:
            raise ToolError(str(exc)) from exc

    empty: dict[str, Any] = {"type": "object", "properties": {}}
    schema = function.get("parameters") or empty
    return made_tool(
        function["name"], function.get("description", ""), schema, call, declared
    )


def _theirs(
    tool: AnyTool, context: Context | None, approve: Approve | None
) -> StructuredTool:
    from langchain_core.tools import StructuredTool, ToolException

    if tool.effect in ("send", "delete") and approve is None:
        raise ConfigError(
            f"{tool.name} {tool.effect}s, and LangChain asks nobody: give approve=, "
            "which is asked before it runs"
        )

    async def call(**arguments: Any) -> Any:
        here = (context or Context()).current()
        try:
            return await carried_out(tool, arguments, here, approve)
        except (InvalidArguments, InputNeeded, ToolError) as exc:
            # With `handle_tool_error` LangChain tells this to the model; any other
            # error ends its run.
            raise ToolException(str(exc)) from exc

    def block(**arguments: Any) -> Any:
        return asyncio.run(call(**arguments))

    return StructuredTool.from_function(
        func=block,
        coroutine=call,
        name=tool.name,
        description=tool.description,
        # A schema as it is: LangChain then leaves validation to the tool.
        args_schema=dict(tool.parameters),
        infer_schema=False,
        handle_tool_error=True,
    )
