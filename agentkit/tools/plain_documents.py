"""Tools from plain documents: JSON Schema, Llama's dialect, OpenAI's, MCP's."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, cast

from agentkit.errors import ToolError, ToolsetError
from agentkit.tools.definition import AnyTool, Effect, Tool
from agentkit.tools.effect_words import named_effect, strictest
from agentkit.tools.schema import signature_of_document


def tool_of_document(
    document: object, handlers: Mapping[str, Callable[..., Any]]
) -> AnyTool:
    """Make a tool of a plain function document.

    Args:
        document: as `Toolset.from_schemas` takes them.
        handlers: functions to run, by name; without one the tool only plans.

    Raises:
        ToolsetError: the document is malformed.
    """
    outer = _mapping(document)
    facts = _mapping(outer.get("function", outer))
    name = facts.get("name")
    if not isinstance(name, str) or not name:
        raise ToolsetError(f"a tool document has no name: {str(document)[:80]}")
    empty: dict[str, Any] = {"type": "object", "properties": {}}
    # OpenAI's name, then MCP's; a tool without either takes nothing.
    parameters: object = facts.get("parameters") or facts.get("inputSchema") or empty
    if not isinstance(parameters, Mapping):
        raise ToolsetError(f"the parameters of {name!r} are no JSON Schema object")
    signature = signature_of_document(_mapping(parameters))
    if signature.faults:
        raise ToolsetError(f"{name!r}: {'; '.join(signature.faults)}")
    return Tool(
        name=name,
        description=str(facts.get("description", "")),
        parameters=signature.schema,
        function=handlers.get(name) or functools.partial(_no_handler, name),
        signature=signature,
        effect=strictest(
            _effect(_mapping(facts.get("annotations"))),
            named_effect(name, str(facts.get("description", ""))),
        ),
        untrusted=_untrusted(_mapping(facts.get("annotations"))),
        foreign=True,
    )


def _effect(hints: Mapping[str, Any]) -> Effect:
    """Read an MCP tool's effect from its hints; what it leaves out is taken as risky.

    A tool without any hints is as one that declares nothing: it writes.
    """
    if not hints:
        return "write"
    if hints.get("readOnlyHint") is True:
        return "read"
    # The defaults of MCP: destructive, and open to the world, unless it says otherwise.
    if hints.get("destructiveHint") is not False:
        return "delete"
    return "write" if hints.get("openWorldHint") is False else "send"


def _untrusted(hints: Mapping[str, Any]) -> bool | None:
    """Tell whether an MCP tool declares that it reads what strangers wrote."""
    # A hint that it does not is no promise of who wrote what it returns.
    return True if hints.get("openWorldHint") is True else None


def _mapping(value: Any) -> Mapping[str, Any]:
    return cast(Mapping[str, Any], value) if isinstance(value, Mapping) else {}


def _no_handler(name: str, **_: Any) -> Any:
    raise ToolError(f"{name!r} is a document only: nothing runs it here")
