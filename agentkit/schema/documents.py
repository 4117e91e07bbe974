"""Plain tool documents (JSON Schema, Llama's dialect), made into validators."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import GenericAlias
from typing import Annotated, Any, Literal

from pydantic import Field

from agentkit.schema.json_schema import Schema, is_list, normalize
from agentkit.schema.signatures import Signature, compile_record

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
    properties: Mapping[str, Schema] = schema.get("properties", {})
    required = schema.get("required", ())
    members: list[tuple[str, Any]] = []
    for index, (key, prop) in enumerate(properties.items()):
        default = ... if key in required else prop.get("default")
        hint = _hint(prop) if key in required else _hint(prop) | None
        members.append((f"p{index}", Annotated[hint, Field(default, alias=key)]))
    fields = {key: f"p{index}" for index, key in enumerate(properties)}
    compiled = compile_record(_identifier(name), members, fields, "")
    return Signature(schema, compiled.adapter, fields, faults=compiled.faults)


def _hint(schema: Mapping[str, Any]) -> Any:
    """Return the Python annotation for one JSON Schema."""
    if schema.get("enum"):
        return Literal[tuple(schema["enum"])]
    options = schema.get("anyOf") or schema.get("oneOf")
    if options:
        return _union([_hint(option) for option in options])
    kind = schema.get("type")
    if is_list(kind):
        return _union([_hint({**schema, "type": item}) for item in kind])
    if kind == "array":
        item: Any = _hint(schema["items"]) if schema.get("items") else Any
        return GenericAlias(list, (item,))
    if kind == "object":
        return dict[str, Any]
    return _SCALARS.get(str(kind), Any)


def _union(hints: list[Any]) -> Any:
    union = hints[0]
    for hint in hints[1:]:
        union = union | hint
    return union


def _identifier(name: str) -> str:
    return re.sub(r"\W", "_", name) or "document"
