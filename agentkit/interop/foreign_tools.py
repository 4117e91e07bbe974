"""What the conversions to and from other libraries share."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import Any, TypeAlias

from agentkit.context import Context
from agentkit.errors import MissingPackage, ToolsetError
from agentkit.messages import ToolCall
from agentkit.outcomes import Approval
from agentkit.safety.rules import Approved, answer_of
from agentkit.tools import AnyTool, Effect, Tool
from agentkit.tools.schema import signature_of_document

Call: TypeAlias = Callable[[Context, dict[str, Any]], Awaitable[Any]]
Approve: TypeAlias = Callable[[Approval], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What the application says about tools of a library that says nothing.

    Attributes:
        effect: what it does to the world.
        personal: its results are the user's private data.
        untrusted: its results hold text that somebody else wrote; None where it does
            not say.
    """

    effect: Effect = "write"
    personal: bool = False
    untrusted: bool | None = None


def require(package: str, distribution: str, what: str) -> None:
    """Check that an optional package is there, without loading it.

    Raises:
        MissingPackage: it is not.
    """
    if find_spec(package) is None:
        raise MissingPackage(distribution, "", what)


def made_tool(
    name: str,
    description: str,
    schema: Mapping[str, Any],
    call: Call,
    declared: Declared,
) -> AnyTool:
    """Make a tool that is run by another library.

    Args:
        name: what the model writes.
        description: as the model reads it.
        schema: JSON Schema of its arguments.
        call: runs it, given the context and its arguments.
        declared: what the application says of it.

    Raises:
        ToolsetError: no validator can be made of its schema.
    """
    signature = signature_of_document(schema)
    if signature.faults:
        raise ToolsetError(f"{name!r}: {'; '.join(signature.faults)}")

    async def run(**given: Any) -> Any:
        # A trailing underscore: an argument of the foreign tool may be called
        # "context".
        return await call(given.pop("context_"), given)

    return Tool(
        name=name,
        description=description,
        parameters=signature.schema,
        function=run,
        signature=replace(signature, context_name="context_"),
        effect=declared.effect,
        personal=declared.personal,
        untrusted=declared.untrusted,
    )


async def carried_out(
    tool: AnyTool,
    arguments: Mapping[str, Any],
    context: Context,
    approve: Approve | None = None,
) -> Any:
    """Check a call of one of our tools, ask about it where wanted, and run it.

    Args:
        tool: what is called.
        arguments: as the model wrote them.
        context: handed to the tool.
        approve: asked before what sends or deletes.

    Returns:
        The result as JSON-like data; a sentence where the user said no.

    Raises:
        InvalidArguments: they do not fit.
        InputNeeded: only the user can say what is meant.
    """
    checked = tool.check(arguments, context)
    if approve is not None and tool.effect in ("send", "delete"):
        refusal = await _refusal(tool, arguments, checked, approve)
        if refusal:
            return refusal
    if tool.is_async:
        return tool.dump(await tool.invoke(checked))
    # A sync tool may wait for a disk or a server; the other library's loop goes on.
    value = await asyncio.to_thread(tool.invoke, checked)
    return tool.dump(await value if inspect.isawaitable(value) else value)


async def _refusal(
    tool: AnyTool,
    arguments: Mapping[str, Any],
    checked: Mapping[str, Any],
    approve: Approve,
) -> str:
    call = ToolCall(tool.name, dict(arguments))
    given = approve(Approval(call, tool.effect, tool.describe(checked)))
    answer = answer_of(await given if inspect.isawaitable(given) else given)
    if isinstance(answer, Approved):
        if answer.arguments is not None:
            # The other library has already written the call down: its model has to call
            # anew.
            return "The user wants other arguments: " + str(dict(answer.arguments))
        return ""
    reason = f": {answer.reason}" if answer.reason else ""
    return f"The user said no, do not retry{reason}"
