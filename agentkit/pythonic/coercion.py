"""Brings a value to the type that a tool's schema asks for, with a note.

Reads JSON Schema (`type` alone or in a list, `anyOf`, `oneOf`, `$ref`, `enum`)
and Llama's dialect (`dict`, `float`, `tuple`, `any`). A value that no sure
conversion brings there is left as it was written: the tool's own validation
speaks about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentkit.pythonic.reader import Reader
from agentkit.pythonic.syntax import (
    Bare,
    RawCall,
    list_of,
    object_of,
    read_number,
    read_quantity,
    schema_of,
)

Schema = Mapping[str, Any]

# Llama's dialect and JSON Schema's names, as JSON Schema's.
_KINDS = {
    "str": "string",
    "int": "integer",
    "long": "integer",
    "float": "number",
    "double": "number",
    "bool": "boolean",
    "list": "array",
    "tuple": "array",
    "dict": "object",
    "any": "any",
}
_TRUTH = {"true": True, "false": False}
_UNSET: Any = object()


# `bool` is a subclass of `int`, so types are compared and not asked.
_EXACT: dict[type, tuple[str, ...]] = {
    int: ("integer", "number"),
    float: ("number",),
    bool: ("boolean",),
}


def fits(value: Any, schema: Schema) -> bool:
    """Whether a value needs no second look; False says nothing."""
    kind = schema.get("type")
    # The quick test of nearly every value: no `$ref`, no union is looked behind.
    sort: type[object] = value.__class__
    if sort is str:
        return kind == "string" and ("enum" not in schema or value in schema["enum"])
    if sort is list:
        items = schema_of(schema.get("items"))
        # Whole numbers in a list of floats are evened out below.
        if kind != "array" or not items or items.get("type") == "number":
            return False
        return all(fits(v, items) for v in value)
    return kind in _EXACT.get(sort, ()) and "enum" not in schema


class Coercion:
    """Converts the values of one call.

    Attributes:
        root: the tool's whole schema, which `$ref` points into.
        notes: what was converted, one line each.
    """

    def __init__(self, root: Schema) -> None:
        self.root = root
        self.notes: list[str] = []

    def coerce(self, value: Any, schema: Schema, where: str) -> Any:
        """Bring a value to a schema's type if that is possible for certain."""
        kind = schema.get("type")
        if type(value) is str and kind == "string" and "enum" not in schema:
            return value
        schema = self.resolve(schema)
        allowed = kinds(schema, self)
        written = _kind_of(value)
        if "any" in allowed or written in allowed or _is_number(written, allowed):
            return self._inside(value, schema, where)
        # From the narrowest to the widest: nearly anything can be made a string.
        for kind in ("integer", "number", "boolean", "array", "object", "string"):
            if kind in allowed:
                result = self._convert(value, kind, schema, where)
                if result is not _UNSET:
                    return result
        return value

    def resolve(self, schema: Schema) -> Schema:
        """Follow `$ref` and a lone `allOf` to the schema that is meant."""
        # A schema may refer to itself; eight steps are more than any honest one takes.
        for _ in range(8):
            target = schema.get("$ref")
            parts = list_of(schema.get("allOf")) or []
            if isinstance(target, str) and target.startswith("#/"):
                schema = self._lookup(target)
            elif len(parts) == 1:
                schema = schema_of(parts[0])
            else:
                break
        return schema

    def _lookup(self, pointer: str) -> Schema:
        place = self.root
        for part in pointer[2:].split("/"):
            place = schema_of(place.get(part))
        return place

    def _note(self, where: str, value: Any, result: Any) -> Any:
        self.notes.append(f"{where}: read {_show(value)} as {_show(result)}")
        return result

    def _inside(self, value: Any, schema: Schema, where: str) -> Any:
        """Look into a value whose own type is right."""
        if isinstance(value, str):
            return self._choose(value, schema, where)
        listed, pairs = list_of(value), object_of(value)
        if listed is not None:
            items = schema_of(self._branch(schema, "array").get("items"))
            read = [self.coerce(item, items, where) for item in listed]
            return _even(read) if kinds(items, self) == {"number"} else read
        if pairs is not None:
            fields = schema_of(self._branch(schema, "object").get("properties"))
            return {
                key: self.coerce(item, schema_of(fields.get(key)), f"{where}.{key}")
                for key, item in pairs.items()
            }
        return value

    def members(self, schema: Schema) -> list[Any]:
        """List the strings that a schema names; empty when it names none."""
        return list_of(self._branch(self.resolve(schema), "string").get("enum")) or []

    def _branch(self, schema: Schema, kind: str) -> Schema:
        """Find the part of a union that describes one kind."""
        for part in _parts(schema):
            inner = self.resolve(part)
            if kind in kinds(inner, self):
                return inner
        return schema

    def _choose(self, value: str, schema: Schema, where: str) -> str:
        """Match an enum without regard to case, when only one member fits."""
        members = self.members(schema)
        if not members or value in members:
            return value
        folded = value.strip().casefold()
        same = [m for m in members if isinstance(m, str) and m.casefold() == folded]
        return self._note(where, value, same[0]) if len(same) == 1 else value

    def _convert(self, value: Any, kind: str, schema: Schema, where: str) -> Any:
        if kind == "array":
            return self._to_list(value, schema, where)
        result = _CONVERTERS[kind](value)
        if result is _UNSET:
            return _UNSET
        result = self._note(where, value, result)
        return self._inside(result, schema, where)

    def _to_list(self, value: Any, schema: Schema, where: str) -> Any:
        if isinstance(value, str) and value.strip()[:1] in ("[", "("):
            read = read_whole(value)
            if list_of(read) is not None:
                self._note(where, value, read)
                return self._inside(read, schema, where)
        items = schema_of(self._branch(schema, "array").get("items"))
        # "a, b" may be one text or two items: that is left to the model.
        several = isinstance(value, str) and "," in value
        if value is None or value == "" or several or not items:
            return _UNSET
        item = self.coerce(value, items, where)
        if _kind_of(item) in kinds(self.resolve(items), self):
            return self._note(where, item, [item])
        return _UNSET


def _parts(schema: Schema) -> list[Schema]:
    """List the alternatives of a union."""
    parts = list_of(schema.get("anyOf")) or list_of(schema.get("oneOf")) or []
    return [schema_of(part) for part in parts]


def kinds(schema: Schema, coercion: Coercion) -> set[str]:
    """Name the kinds of value that a schema allows; `any` when it says nothing."""
    named = schema.get("type")
    several = list_of(named)
    if isinstance(named, str):
        found = {_KINDS.get(named, named)}
    elif several:
        found = {_KINDS.get(str(one), str(one)) for one in several}
    else:
        found = set[str]()
        for part in _parts(schema):
            found |= kinds(coercion.resolve(part), coercion)
        # Without a type the constants tell it.
        if not found and "enum" in schema:
            found = {_kind_of(member) for member in schema["enum"]}
    if schema.get("nullable") is True:
        found.add("null")
    return found or {"any"}


def _kind_of(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "number"
    if isinstance(value, str):
        return "string"
    if isinstance(value, list):
        return "array"
    return "object" if isinstance(value, dict) else "any"


def _even(values: list[Any]) -> list[Any]:
    """Make whole numbers in a list of numbers floats too, where nothing is lost."""
    # Up to 2**53 a double holds every whole number.
    whole = [_kind_of(v) == "integer" and abs(v) <= 2**53 for v in values]
    return [float(v) if w else v for v, w in zip(values, whole, strict=True)]


def _is_number(written: str, allowed: set[str]) -> bool:
    return written == "integer" and "number" in allowed


def _to_integer(value: Any) -> Any:
    if isinstance(value, str):
        number = read_number(value.strip())
        value = read_quantity(value) if number is None else number
    # 5.0 is 5; 5.5 is not brought to a whole number by guessing.
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if _kind_of(value) == "integer" else _UNSET


def _to_number(value: Any) -> Any:
    if not isinstance(value, str):
        return _UNSET
    number = read_number(value.strip())
    number = read_quantity(value) if number is None else number
    return _UNSET if number is None else number


def _to_boolean(value: Any) -> Any:
    return (
        _TRUTH.get(value.strip().lower(), _UNSET) if isinstance(value, str) else _UNSET
    )


def _to_object(value: Any) -> Any:
    if not isinstance(value, str) or not value.strip().startswith("{"):
        return _UNSET
    read = object_of(read_whole(value))
    return _UNSET if read is None else read


def _to_string(value: Any) -> Any:
    return str(value) if _kind_of(value) in ("integer", "number") else _UNSET


_CONVERTERS = {
    "integer": _to_integer,
    "number": _to_number,
    "boolean": _to_boolean,
    "object": _to_object,
    "string": _to_string,
}


def read_whole(text: str) -> Any:
    """Read a text that is one plain literal and nothing else; None otherwise."""
    text = text.strip()
    reader = Reader(text)
    reader.inside = 1
    value, end = reader.read_value(0, "list", 0)
    if end != len(text) or reader.faults or not _is_plain(value):
        return None
    return value


def _is_plain(value: Any) -> bool:
    inner = list_of(value) or list((object_of(value) or {}).values())
    return not isinstance(value, (Bare, RawCall)) and all(map(_is_plain, inner))


def _show(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else shown[:57] + "..."
