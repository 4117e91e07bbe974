"""Tools as templates see them: Meta's documents, and signatures that say the same."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from agentkit.prompting.signatures import PYTHON_TYPES, signature_line
from agentkit.tools import AnyTool

_REFERENCE_KEYS = ("type", "description", "default", "title")


@dataclass(frozen=True, slots=True)
class ArgumentView:
    """One argument: its name, and keys with values that are JSON already."""

    name: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ToolView:
    """One tool, ready to be printed.

    Attributes:
        required: names of required arguments, as a JSON list.
        definitions: recursive types, as a JSON object; empty when there are none.
        document: all of it as an indented JSON document.
        tag_document: all of it as the JSON line of the `<function=...>` form.
        signature: all of it as a signature with notes.
    """

    name: str
    description: str
    required: str
    arguments: tuple[ArgumentView, ...]
    definitions: str
    document: str
    tag_document: str
    signature: str


def tool_views(tools: Iterable[AnyTool]) -> list[ToolView]:
    """Prepare tools in their toolset's order, which is the canonical one."""
    return [_tool_view(tool) for tool in tools]


def as_json(value: Any) -> str:
    """Write a value as JSON in one line, in its own script."""
    return json.dumps(value, ensure_ascii=False, default=str)


def _tool_view(tool: AnyTool) -> ToolView:
    schema = tool.parameters
    properties: Mapping[str, Any] = schema.get("properties", {})
    definitions = schema.get("$defs")
    return ToolView(
        name=tool.name,
        description=tool.description,
        required=as_json(list(schema.get("required", ()))),
        arguments=tuple(
            ArgumentView(name, tuple(_facts(prop))) for name, prop in properties.items()
        ),
        definitions=as_json(definitions) if definitions else "",
        document=_document(tool),
        tag_document=_tag_document(tool),
        signature=signature_line(tool.name, tool.description, schema),
    )


def _document(tool: AnyTool) -> str:
    facts = {
        "name": tool.name,
        "description": tool.description,
        "parameters": tool.parameters,
    }
    document = {"type": "function", "function": facts}
    return json.dumps(document, ensure_ascii=False, default=str, indent=4)


def _tag_document(tool: AnyTool) -> str:
    properties: Mapping[str, Any] = tool.parameters.get("properties", {})
    required = tool.parameters.get("required", ())
    arguments = {
        name: _tag_argument(prop, needed=name in required)
        for name, prop in properties.items()
    }
    document: dict[str, Any] = {
        "name": tool.name,
        "description": tool.description,
        "parameters": arguments,
    }
    if "$defs" in tool.parameters:
        document["$defs"] = tool.parameters["$defs"]
    return as_json(document)


def _tag_argument(schema: Mapping[str, Any], *, needed: bool) -> dict[str, Any]:
    kind = schema.get("type")
    known = (
        {"param_type": PYTHON_TYPES.get(kind, kind)} if isinstance(kind, str) else {}
    )
    said = {"description": schema["description"]} if "description" in schema else {}
    rest = {
        key: value
        for key, value in schema.items()
        if key not in ("description", "title") and not (key == "type" and known)
    }
    return {**said, **known, "required": needed, **rest}


def _facts(schema: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """List an argument's facts: Meta's three as Meta writes them, then the rest."""
    kind = schema.get("type")
    if kind is not None:
        yield "type", as_json(kind)
    if "description" in schema:
        yield "description", f'"{schema["description"]}"'
    default = schema.get("default")
    if default:
        plain = isinstance(default, (str, int, float))
        yield "default", f'"{default}"' if plain else as_json(default)
    for key, value in schema.items():
        if key not in _REFERENCE_KEYS:
            yield key, as_json(value)
