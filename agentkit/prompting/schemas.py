"""Tools as templates see them: Meta's documents, and signatures that say the same."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from agentkit.prompting.signatures import PYTHON_TYPES, signature_line
from agentkit.tools import AnyTool

_REFERENCE_KEYS = ("type", "description", "default", "title")


_ENCODER = json.JSONEncoder(ensure_ascii=False, default=str)


class ArgumentView(NamedTuple):
    """One argument: its name, and its facts, each a key with its JSON value."""

    name: str
    facts: list[str]


@dataclass(frozen=True, slots=True)
class ToolView:
    """One tool, ready to be printed."""

    name: str
    description: str
    schema: Mapping[str, Any]

    @property
    def required(self) -> str:
        """Names of required arguments, as a JSON list."""
        return as_json(list(self.schema.get("required", ())))

    @property
    def arguments(self) -> list[ArgumentView]:
        """Arguments, in the order of the signature."""
        properties: Mapping[str, Any] = self.schema.get("properties", {})
        return [
            ArgumentView(name, [f'"{key}": {value}' for key, value in _facts(prop)])
            for name, prop in properties.items()
        ]

    @property
    def definitions(self) -> str:
        """Recursive types, as a JSON object; empty when there are none."""
        definitions = self.schema.get("$defs")
        return as_json(definitions) if definitions else ""

    @property
    def signature(self) -> str:
        """All of it as a signature with notes."""
        return signature_line(self.name, self.description, self.schema)

    @property
    def document(self) -> str:
        """All of it as an indented JSON document."""
        facts = {
            "name": self.name,
            "description": self.description,
            "parameters": self.schema,
        }
        document = {"type": "function", "function": facts}
        return json.dumps(document, ensure_ascii=False, default=str, indent=4)

    @property
    def tag_document(self) -> str:
        """All of it as the JSON line of the `<function=...>` form."""
        properties: Mapping[str, Any] = self.schema.get("properties", {})
        required = self.schema.get("required", ())
        arguments = {
            name: _tag_argument(prop, needed=name in required)
            for name, prop in properties.items()
        }
        document: dict[str, Any] = {
            "name": self.name,
            "description": self.description,
            "parameters": arguments,
        }
        if "$defs" in self.schema:
            document["$defs"] = self.schema["$defs"]
        return as_json(document)


def tool_views(tools: Iterable[AnyTool]) -> list[ToolView]:
    """Prepare tools in their toolset's order, which is the canonical one."""
    return [ToolView(tool.name, tool.description, tool.parameters) for tool in tools]


def as_json(value: Any) -> str:
    """Write a value as JSON in one line, in its own script."""
    return _ENCODER.encode(value)


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
