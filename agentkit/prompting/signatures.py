"""Schemas as signatures: the same facts as in the documents, in fewer tokens.

create_event(title: str, minutes: int = 30): Create an event
  title: what it is called
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from agentkit.schema.json_schema import is_list

PYTHON_TYPES = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "null": "None",
    "object": "dict",
    "array": "list",
}
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
    for key, definition in schema.get("$defs", {}).items():
        lines.append(f"  {key} = {_type(definition)}")
        lines += [f"  {line}" for line in _inner_notes(definition, key)]
    return "\n".join(lines)


def _argument(name: str, schema: Mapping[str, Any], *, needed: bool) -> str:
    default = schema.get("default")
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
