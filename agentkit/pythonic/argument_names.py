"""Gives every value of a raw call the name of a parameter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from agentkit.pythonic.coercion import Coercion, kinds, read_whole
from agentkit.pythonic.syntax import Bare, RawCall, object_of, schema_of

# Keys that a copied parameter's schema has; small models echo it in place of a value.
_SCHEMA_WORDS = frozenset(
    ("type", "description", "properties", "required", "enum", "items", "default")
)
TYPES = (
    *("string", "integer", "number", "boolean", "array", "object"),
    *("str", "int", "float", "bool", "list", "dict", "tuple", "any"),
)


def is_object_schema(pairs: Mapping[str, Any]) -> bool:
    """Whether an object is a whole object schema, `{"type": "object", ...}`."""
    # "dict" is what Llama's own tool documents say.
    named = pairs.get("type") in ("object", "dict")
    listed = isinstance(pairs.get("required"), list) and len(pairs) == 2
    return (named or listed) and object_of(pairs.get("properties")) is not None


def is_blank(value: Any) -> bool:
    """Whether a value is a field's schema and holds no value, as in an echo."""
    field = object_of(value) or {}
    return _names_type(field) and _SCHEMA_WORDS.issuperset(field)


def value_in_schema(value: Any) -> tuple[Any] | None:
    """Return the value in `{"type": "string", "value": "x"}`, if it is one."""
    field = object_of(value) or {}
    # Beside other keys "value" is a field of somebody's object.
    lone = len(field) == 1 or _names_type(field)
    return (field["value"],) if lone and "value" in field else None


def arguments_in_schema(pairs: dict[str, Any]) -> dict[str, Any]:
    """Return what is in a copied object schema's `properties`, or in the object itself."""
    inner = schema_of(pairs.get("properties")) if is_object_schema(pairs) else pairs
    return dict(inner)


def _names_type(field: Mapping[str, Any]) -> bool:
    kind = field.get("type")
    return isinstance(kind, str) and kind in TYPES


Pairs: TypeAlias = list[tuple[str, Any]]

# What models put around arguments, after the tool documents of several makers.
_WRAPPERS = ("parameters", "params", "arguments", "args", "kwargs", "input", "inputs")


class Naming:
    """The naming of one call's values.

    Attributes:
        raw: the call as written.
        properties: the tool's parameters, by name.
        coercion: knows the kinds of values that a schema allows.
        notes: what was read otherwise than written.
        faults: what cannot be named.
    """

    def __init__(
        self, raw: RawCall, properties: Mapping[str, Any], coercion: Coercion
    ) -> None:
        self.raw = raw
        self.properties = properties
        self.coercion = coercion
        self.notes = coercion.notes
        self.faults: list[str] = []

    def pairs(self) -> Pairs:
        """Name the positional values and unwrap objects that hold arguments."""
        positional, keywords = self.raw.positional, self.raw.keywords
        if not positional:
            return self._unwrap(keywords)
        inner = object_of(positional[0])
        lone = inner is not None and len(positional) == 1 and not keywords
        if inner is not None and lone and not self._takes_object(inner):
            self.notes.append("read an object as the named arguments")
            return list(inner.items())
        if (spelt := self._spelt(positional)) is not None:
            return spelt + keywords
        return self._in_order(positional, keywords)

    def key(self, written: str) -> str:
        """Find the parameter behind `_from`, `From` and `userId` for `user-id`."""
        plain = _letters(written)
        same = [key for key in self.properties if _letters(key) == plain]
        # Two parameters that differ in spelling only: neither is meant for certain.
        if len(same) != 1 or not plain:
            return written
        self.notes.append(f"read the argument {written} as {same[0]}")
        return same[0]

    def _in_order(self, positional: list[Any], keywords: Pairs) -> Pairs:
        """Give values without a name the names that are free, in order."""
        free = [n for n in self.properties if n not in dict(keywords)]
        if len(positional) > len(free):
            self.faults.append("it has more arguments than the tool takes; name them")
        named = list(zip(free, positional, strict=False))
        # `f(city, day)` repeats the signature.
        if named and all(
            isinstance(v, Bare) and v.text in self.properties for _, v in named
        ):
            self.faults.append("parameter names stand where values should")
        for key, _ in named:
            self.notes.append(f"took an argument without a name as {key}")
        return named + keywords

    def _spelt(self, positional: list[Any]) -> Pairs | None:
        """Read strings such as "city=Paris" as named arguments, if all are."""
        pairs: Pairs = []
        for value in positional:
            key, mark, text = (
                value.partition("=") if isinstance(value, str) else ("",) * 3
            )
            # One that names no parameter, and all of them are values: "a=b" may be a
            # text.
            if not mark or key.strip() not in self.properties:
                return None
            pairs.append((key.strip(), text.strip()))
        self.notes.append("read strings that hold a name and a value as arguments")
        return pairs

    def _unwrap(self, keywords: Pairs) -> Pairs:
        """Take arguments out of `params={...}` and of any such wrapper."""
        # A tool may have a parameter of such a name itself.
        if not self.properties or all(key in self.properties for key, _ in keywords):
            return keywords
        named: Pairs = []
        for key, value in keywords:
            held = self._held(key, value, alone=len(keywords) == 1)
            if held is None:
                named.append((key, value))
                continue
            self.notes.append(f"unwrapped {key}=")
            named.extend(held.items())
        return named

    def _held(self, key: str, value: Any, *, alone: bool) -> dict[str, Any] | None:
        """Return the arguments inside a wrapper; None for anything else."""
        inner = object_of(value)
        if key in self.properties:
            return None
        # `arguments="{...}"`, as OpenAI's format has it.
        if inner is None and key in _WRAPPERS and isinstance(value, str):
            inner = object_of(read_whole(value))
        if inner is None:
            return None
        if is_object_schema(inner):
            self.notes.append("took the arguments out of a copied schema")
            inner = arguments_in_schema(inner)
        known = bool(inner) and all(name in self.properties for name in inner)
        # With unknown names in it, only a wrapper by name is one; the names are faults
        # then.
        return inner if known or (alone and key in _WRAPPERS) else None

    def _takes_object(self, inner: dict[str, Any]) -> bool:
        """Whether a lone object is the value of the tool's first parameter."""
        if not self.properties or set(inner) & set(self.properties):
            return False
        first = next(iter(self.properties.values()))
        return "object" in kinds(schema_of(first), self.coercion)


def _letters(name: str) -> str:
    """Reduce a name to what its spelling variants share."""
    return name.replace("_", "").replace("-", "").lower()
