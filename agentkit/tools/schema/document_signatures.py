"""Plain documents of tools, made into validators."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import GenericAlias
from typing import Annotated, Any, Literal, cast

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError
from pydantic_core import PydanticUndefined

from agentkit.tools.schema.arguments import NO_SCHEMA, Accepted, Argument
from agentkit.tools.schema.json_schema import Schema, is_list, normalize
from agentkit.tools.schema.signatures import Signature

_SCALARS: dict[str, Any] = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": bool,
    "null": None,
}


def signature_of_document(parameters: Mapping[str, Any]) -> Signature:
    """Build the validator of a tool document in JSON Schema or Llama's dialect."""
    schema = normalize(parameters)
    properties = schema.setdefault("properties", {})
    required = schema.get("required") or ()
    faults = _shape_faults(properties, required)
    if faults:
        return Signature(schema, faults=faults)
    try:
        arguments = [
            _argument(key, prop, required=key in required)
            for key, prop in properties.items()
        ]
    except NO_SCHEMA as exc:
        reason = f"no validator can be made: {str(exc).splitlines()[0]}"
        return Signature(schema, faults=(reason,))
    return Signature(schema, {one.name: one for one in arguments})


def _argument(name: str, schema: Schema, *, required: bool) -> Argument:
    # Models write null for what they leave out, so an option takes it.
    hint = _hint(schema) if required else _hint(schema) | None
    default = PydanticUndefined if required else schema.get("default")
    left_out = not required and "default" not in schema
    return Argument(name, Accepted.by(hint), default=default, left_out=left_out)


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
    # A schema may be `true`, which allows everything.
    if not isinstance(schema, dict):
        return Any
    facts = _together(cast(Schema, schema))
    # The narrowest statement first: an enum says more than the type beside it.
    if facts.get("enum"):
        return _choice(facts)
    if isinstance(facts.get("const"), str | int):
        return Literal[facts["const"]]
    options = facts.get("anyOf") or facts.get("oneOf")
    if options:
        return _union([_hint(option) for option in options])
    kind = facts.get("type")
    if is_list(kind):
        return _union([_hint({**facts, "type": item}) for item in kind])
    row = facts.get("prefixItems")
    if kind in ("array", None) and is_list(row):
        return _row(row, facts)
    if kind == "array":
        return _bounded(GenericAlias(list, (_hint(facts.get("items")),)), facts)
    # Objects pass as they are: their inner schemas may refer to each other, and the
    # tool checks them.
    if kind == "object":
        return dict[str, Any]
    return _bounded(_SCALARS.get(str(kind), Any), facts)


def _together(facts: Schema) -> Schema:
    """Put the parts of an `allOf` into one; of two bounds of a kind the last holds."""
    parts = facts.get("allOf")
    if not is_list(parts):
        return facts
    whole = {key: value for key, value in facts.items() if key != "allOf"}
    for part in parts:
        whole |= part if isinstance(part, dict) else {}
    return whole


# What JSON Schema calls a bound, and Pydantic, by the kind of value that it bounds.
_BOUNDS = {
    "minimum": ("ge", ("integer", "number")),
    "maximum": ("le", ("integer", "number")),
    "exclusiveMinimum": ("gt", ("integer", "number")),
    "exclusiveMaximum": ("lt", ("integer", "number")),
    "multipleOf": ("multiple_of", ("integer", "number")),
    "minLength": ("min_length", ("string",)),
    "maxLength": ("max_length", ("string",)),
    "minItems": ("min_length", ("array",)),
    "maxItems": ("max_length", ("array",)),
}


def _bounded(hint: Any, facts: Schema) -> Any:
    """Hold a value to the bounds of its schema, so that a model hears of a breach.

    Patterns are left to whoever runs the tool: dialects of them differ.
    """
    limits: dict[str, Any] = {}
    for keyword, (name, kinds) in _BOUNDS.items():
        value = facts.get(keyword)
        # Before JSON Schema 6 "exclusiveMinimum" was a yes or no to "minimum".
        plain = isinstance(value, int | float) and not isinstance(value, bool)
        if plain and facts.get("type") in kinds and (name != "multiple_of" or value):
            limits[name] = value
    for keyword, loose, strict in (
        ("exclusiveMinimum", "ge", "gt"),
        ("exclusiveMaximum", "le", "lt"),
    ):
        if facts.get(keyword) is True and loose in limits:
            limits[strict] = limits.pop(loose)
    if facts.get("uniqueItems") is True and facts.get("type") == "array":
        hint = Annotated[hint, AfterValidator(_distinct)]
    return Annotated[hint, Field(**limits)] if limits else hint


def _distinct(values: list[Any]) -> list[Any]:
    """Take a list in which nothing stands twice, as JSON compares it."""
    written = [json.dumps(one, sort_keys=True, default=str) for one in values]
    for place, text in enumerate(written):
        if text in written[:place]:
            raise ValueError(f"{text} stands there twice, and each item may stand once")
    return values


def _row(places: list[Any], facts: Schema) -> Any:
    """Return the annotation of a list whose first items have a type each."""
    adapters = [TypeAdapter[Any](_hint(place)) for place in places]
    beyond = facts.get("items", True)
    least = int(facts.get("minItems") or 0)
    others = TypeAdapter[Any](_hint(beyond))

    def checked(values: list[Any]) -> list[Any]:
        found = list(values)
        if len(found) < least or (beyond is False and len(found) > len(adapters)):
            count = f"{least} or more" if len(found) < least else f"{len(adapters)}"
            raise ValueError(f"{len(found)} items where {count} belong")
        kinds = [*adapters, *[others] * (len(found) - len(adapters))]
        for index, adapter in enumerate(kinds[: len(found)]):
            try:
                found[index] = adapter.validate_python(values[index])
            except ValidationError as exc:
                reason = exc.errors()[0]["msg"]
                raise ValueError(f"item {index + 1}: {reason}") from exc
        return found

    return Annotated[list[Any], AfterValidator(checked)]


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
