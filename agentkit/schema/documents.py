"""Plain tool documents (JSON Schema, Llama's dialect), made into validators."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import GenericAlias
from typing import Annotated, Any, Literal, cast

from pydantic import Field

from agentkit.schema.json_schema import Schema, is_list, normalize
from agentkit.schema.signatures import NO_SCHEMA, Signature, record_adapter

_SCALARS: dict[str, Any] = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": bool,
    "null": None,
}


def signature_of_document(name: str, parameters: Mapping[str, Any]) -> Signature:
    """Build the validator of a tool document in JSON Schema or Llama's dialect."""
    schema = normalize(parameters)
    properties = schema.setdefault("properties", {})
    required = schema.get("required") or ()
    faults = _shape_faults(properties, required)
    if faults:
        return Signature(schema, None, faults=faults)
    members: list[tuple[str, Any]] = []
    for index, (key, prop) in enumerate(properties.items()):
        default = ... if key in required else prop.get("default")
        hint = _hint(prop) if key in required else _hint(prop) | None
        members.append((f"p{index}", Annotated[hint, Field(default, alias=key)]))
    try:
        adapter = record_adapter(_identifier(name), members)
    except NO_SCHEMA as exc:
        reason = f"no validator can be made: {str(exc).splitlines()[0]}"
        return Signature(schema, None, faults=(reason,))
    fields = {key: f"p{index}" for index, key in enumerate(properties)}
    unset = {key for key, prop in properties.items() if "default" not in prop}
    return Signature(schema, adapter, fields, omitted=frozenset(unset))


def _shape_faults(properties: object, required: object) -> tuple[str, ...]:
    if not isinstance(properties, dict):
        return ("its properties are no object",)
    if not isinstance(required, list | tuple):
        return ("its required is no list of names",)
    schemas = cast(dict[str, object], properties)
    return tuple(
        f"the schema of {name!r} is no object"
        for name, schema in schemas.items()
        if not isinstance(schema, dict)
    )


def _hint(schema: object) -> Any:
    """Return the Python annotation for one JSON Schema; Any where it says nothing."""
    if not isinstance(schema, dict):
        return Any
    facts = cast(Schema, schema)
    if facts.get("enum"):
        return _choice(facts)
    options = facts.get("anyOf") or facts.get("oneOf")
    if options:
        return _union([_hint(option) for option in options])
    kind = facts.get("type")
    if is_list(kind):
        return _union([_hint({**facts, "type": item}) for item in kind])
    if kind == "array":
        return GenericAlias(list, (_hint(facts.get("items")),))
    if kind == "object":
        return dict[str, Any]
    return _SCALARS.get(str(kind), Any)


def _choice(schema: Schema) -> Any:
    """Allow an enum's values; and its default, which documents leave out of it."""
    values = list(schema["enum"])
    default = schema.get("default")
    if isinstance(default, str) and default not in values:
        values.append(default)
    return Literal[tuple(values)]


def _union(hints: list[Any]) -> Any:
    union = hints[0]
    for hint in hints[1:]:
        union = union | hint
    return union


def _identifier(name: str) -> str:
    return re.sub(r"\W", "_", name) or "document"
