"""Tools as templates see them: Meta's documents, and signatures that say the same.

create_event(title: str, minutes: int = 30): Create an event
  title: what it is called
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from agentkit.tools import AnyTool
from agentkit.tools.schema.json_schema import is_list

# JSON Schema's names of types as Python's.
PYTHON_TYPES = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "null": "None",
    "object": "dict",
    "array": "list",
}
# What a signature or its notes say already; the rest follows in brackets.
_SAID = (
    "type",
    "description",
    "default",
    "title",
    "enum",
    "const",
    "items",
    "properties",
    "required",
    "anyOf",
    "oneOf",
    "$ref",
    "format",
)


def signature_line(name: str, description: str, schema: Mapping[str, Any]) -> str:
    """Write a tool as its signature, its description and its arguments' ones."""
    properties: Mapping[str, Any] = schema.get("properties", {})
    required = schema.get("required", ())
    arguments = ", ".join(
        _argument(key, prop, needed=key in required) for key, prop in properties.items()
    )
    lines = [f"{name}({arguments}): {_one_line(description)}"]
    lines += [f"  {line}" for line in _notes(properties, "")]
    # Types that refer to themselves cannot be written in place.
    for key, definition in schema.get("$defs", {}).items():
        lines.append(f"  {key} = {_type(definition)}")
        lines += [f"  {line}" for line in _inner_notes(definition, key)]
    return "\n".join(lines)


def _argument(name: str, schema: Mapping[str, Any], *, needed: bool) -> str:
    default = schema.get("default")
    # A default of None says no more than the question mark does.
    if default is None:
        return f"{name}{'' if needed else '?'}: {_type(schema)}"
    # An argument that must be given can have a default in its schema all the same.
    written = f" (default {_value(default)})" if needed else f" = {_value(default)}"
    return f"{name}: {_type(schema)}{written}"


def _value(value: Any) -> str:
    quoted = isinstance(value, str)
    return json.dumps(value, ensure_ascii=False) if quoted else repr(value)


def _type(schema: Mapping[str, Any]) -> str:
    """Write a schema as a type; what a type cannot say is left to the notes."""
    values = [schema["const"]] if "const" in schema else schema.get("enum")
    if values:
        return "|".join(json.dumps(value, ensure_ascii=False) for value in values)
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    options = schema.get("anyOf") or schema.get("oneOf")
    if options:
        return "|".join(_type(option) for option in options)
    kind = schema.get("type", "any")
    if is_list(kind):
        return "|".join(_type({**schema, "type": item}) for item in kind)
    if kind == "array" and schema.get("items"):
        return f"list[{_type(schema['items'])}]"
    if kind == "object" and schema.get("properties"):
        return _record(schema)
    name = PYTHON_TYPES.get(str(kind), str(kind))
    return f"{name}<{schema['format']}>" if "format" in schema else name


def _record(schema: Mapping[str, Any]) -> str:
    required = schema.get("required", ())
    members = ", ".join(
        _argument(key, prop, needed=key in required)
        for key, prop in schema["properties"].items()
    )
    return "{" + members + "}"


def _notes(properties: Mapping[str, Any], path: str) -> Iterable[str]:
    """Say of each argument what its type does not, nested ones by their path."""
    for name, schema in properties.items():
        said = _one_line(f"{schema.get('description', '')} {_limits(schema)}")
        if said:
            yield f"{path}{name}: {said}"
        yield from _inner_notes(schema, f"{path}{name}")


def _inner_notes(schema: Mapping[str, Any], path: str) -> Iterable[str]:
    yield from _notes(schema.get("properties", {}), f"{path}.")
    if schema.get("items"):
        yield from _notes({"[]": schema["items"]}, path)
    for option in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        # A bare type has nothing to note.
        yield from _notes({"": option}, path) if option.keys() - {"type"} else ()


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _limits(schema: Mapping[str, Any]) -> str:
    """Write what else a schema says: bounds, patterns, lengths."""
    rest = [
        f"{key}={json.dumps(value, ensure_ascii=False, default=str)}"
        for key, value in schema.items()
        if key not in _SAID
    ]
    return f"({', '.join(rest)})" if rest else ""


_REFERENCE_KEYS = ("type", "description", "default", "title")


# Made once: `json.dumps` makes an encoder for each call with options.
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
        # Between quotes and not escaped, as Meta's template does it.
        yield "description", f'"{schema["description"]}"'
    default = schema.get("default")
    # Meta's template leaves out what counts as false: 0, False, an empty text.
    if default:
        plain = isinstance(default, (str, int, float))
        yield "default", f'"{default}"' if plain else as_json(default)
    for key, value in schema.items():
        if key not in _REFERENCE_KEYS:
            yield key, as_json(value)
