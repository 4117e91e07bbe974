"""Arguments inside a copy of the tool's own schema: which are values, which echo."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentkit.pythonic.syntax import object_of, schema_of

_SCHEMA_WORDS = frozenset(
    ("type", "description", "properties", "required", "enum", "items", "default")
)
TYPES = (
    *("string", "integer", "number", "boolean", "array", "object"),
    *("str", "int", "float", "bool", "list", "dict", "tuple", "any"),
)


def is_object_schema(pairs: Mapping[str, Any]) -> bool:
    """Whether an object is a whole object schema, `{"type": "object", ...}`."""
    named = pairs.get("type") in ("object", "dict")
    return named and object_of(pairs.get("properties")) is not None


def is_blank(value: Any) -> bool:
    """Whether a value is a field's schema and holds no value, as in an echo."""
    field = object_of(value) or {}
    return _names_type(field) and _SCHEMA_WORDS.issuperset(field)


def value_in_schema(value: Any) -> tuple[Any] | None:
    """Return the value in `{"type": "string", "value": "x"}`, if it is one."""
    field = object_of(value) or {}
    lone = len(field) == 1 or _names_type(field)
    return (field["value"],) if lone and "value" in field else None


def arguments_in_schema(pairs: dict[str, Any]) -> dict[str, Any]:
    """Return what stands where an object schema has its properties."""
    inner = schema_of(pairs.get("properties")) if is_object_schema(pairs) else pairs
    return dict(inner)


def _names_type(field: Mapping[str, Any]) -> bool:
    kind = field.get("type")
    return isinstance(kind, str) and kind in TYPES
