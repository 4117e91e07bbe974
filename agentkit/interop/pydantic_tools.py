"""Converts tools from and to pydantic-ai."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from agentkit.context import Context
from agentkit.errors import InputNeeded, InvalidArguments, ToolError, ToolsetError
from agentkit.interop.foreign_tools import Declared, carried_out, made_tool, require
from agentkit.tools import AnyTool, Effect, Toolset

if TYPE_CHECKING:
    from pydantic_ai import FunctionToolset as TheirToolset
    from pydantic_ai import Tool as TheirTool

_PACKAGE = ("pydantic_ai", "pydantic-ai-slim", "Tools of pydantic-ai")


def from_pydantic_ai(
    tools: TheirToolset[Any] | Iterable[TheirTool[Any] | Callable[..., Any]],
    *,
    effect: Effect = "write",
    personal: bool = False,
    untrusted: bool | None = None,
) -> Toolset:
    """Convert tools of pydantic-ai into ours.

    A tool that takes a `RunContext` gets one whose `deps` are those of the `Context`. One
    that requires approval counts as a `send` at least. `ModelRetry` is told to the model.

    Args:
        tools: a `FunctionToolset`, or tools and functions.
        effect: what they do to the world, since they do not say.
        personal: their results are the user's private data.
        untrusted: their results hold text that somebody else wrote.

    Raises:
        MissingPackage: pydantic-ai is not installed.
        ToolsetError: two share a name, or one is no tool.
    """
    require(*_PACKAGE)
    declared = Declared(effect=effect, personal=personal, untrusted=untrusted)
    return Toolset(_ours(one, declared) for one in _each(tools))


def to_pydantic_ai(
    tools: Iterable[AnyTool], context: Context | None = None
) -> list[TheirTool[Any]]:
    """Convert our tools into tools of pydantic-ai.

    What sends or deletes requires approval there. A tool's `Context` has the `deps` of the
    run. Journal, privacy gate and provenance belong to agentkit's runs: they are not there.

    Args:
        tools: agentkit's.
        context: home, clock and user; made anew for each call when None.

    Raises:
        MissingPackage: pydantic-ai is not installed.
    """
    require(*_PACKAGE)
    return [_theirs(one, context) for one in tools]


def _each(tools: Any) -> Iterator[TheirTool[Any]]:
    from pydantic_ai import FunctionToolset, Tool

    listed: Iterable[Any] = (
        tools.tools.values() if isinstance(tools, FunctionToolset) else tools
    )
    for one in listed:
        if not isinstance(one, Tool) and not callable(one):
            raise ToolsetError(f"{one!r} is no tool of pydantic-ai")
        yield one if isinstance(one, Tool) else Tool(one)


def _ours(tool: TheirTool[Any], declared: Declared) -> AnyTool:
    schema = tool.function_schema
    # "send" is what the standard policy asks about.
    if tool.requires_approval and declared.effect in ("read", "write"):
        declared = replace(declared, effect="send")

    async def call(context: Context, arguments: dict[str, Any]) -> Any:
        from pydantic import ValidationError
        from pydantic_ai import ModelRetry

        try:
            # Their validator makes models and dates of the arguments, which their
            # function wants.
            checked = schema.validator.validate_python(arguments)
            return await schema.call(checked, _run_context(context))
        except (ModelRetry, ValidationError) as exc:
            raise ToolError(str(exc)) from exc

    return made_tool(
        tool.name, tool.description or "", schema.json_schema, call, declared
    )


def _run_context(context: Context) -> Any:
    from pydantic_ai import RunContext
    from pydantic_ai.models.test import TestModel
    from pydantic_ai.usage import RunUsage

    # No model of pydantic-ai's runs here; the test model is one that asks nobody.
    return RunContext(deps=context.deps, model=TestModel(), usage=RunUsage())


def _theirs(tool: AnyTool, context: Context | None) -> TheirTool[Any]:
    from pydantic_ai import ModelRetry, RunContext, Tool

    async def call(run: RunContext[Any], **arguments: Any) -> Any:
        here = replace((context or Context()).current(), deps=run.deps)
        try:
            return await carried_out(tool, arguments, here)
        except (InvalidArguments, InputNeeded, ToolError) as exc:
            raise ModelRetry(str(exc)) from exc

    made = Tool[Any].from_schema(
        call, tool.name, tool.description, dict(tool.parameters), takes_ctx=True
    )
    made.requires_approval = tool.effect in ("send", "delete")
    return made
