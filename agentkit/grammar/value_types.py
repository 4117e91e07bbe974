"""The types of values that arguments have, and what a schema's references lead to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

from agentkit.tools.schema.json_schema import Schema


@dataclass(frozen=True, slots=True)
class Text:
    """A string.

    Attributes:
        least: fewest characters.
        most: most characters; None where the schema gives no limit.
        pattern: what it must match somewhere; empty for anything.
        format: JSON Schema's format, or a slot type's; empty for none.
    """

    least: int = 0
    most: int | None = None
    pattern: str = ""
    format: str = ""


@dataclass(frozen=True, slots=True)
class Whole:
    """An integer; None is no limit."""

    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Real:
    """A number; None is no limit.

    Attributes:
        above: `low` itself is not allowed.
        below: `high` itself is not allowed.
    """

    low: float | None = None
    high: float | None = None
    above: bool = False
    below: bool = False


@dataclass(frozen=True, slots=True)
class Fixed:
    """One of these values, each as JSON text."""

    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list of values of one type; `most` None where the schema gives no limit."""

    item: Value
    least: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A list with a type of its own in each place."""

    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """A named value of a record, or an argument of a call."""

    name: str
    value: Value
    required: bool


@dataclass(frozen=True, slots=True)
class Record:
    """An object with named fields; `extra` is the type of any others."""

    fields: tuple[Field, ...]
    extra: Value | None = None


@dataclass(frozen=True, slots=True)
class Either:
    """A value of one of several types."""

    options: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Anything:
    """Any JSON value, so many levels deep."""

    depth: int = 2


Value: TypeAlias = (
    Text | Whole | Real | Fixed | Items | Row | Record | Either | Anything
)


class Definitions:
    """The named schemas of one tool."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        """Take the tool's whole schema."""
        self._named = mapping(root.get("$defs") or root.get("definitions"))

    def __contains__(self, name: str) -> bool:
        return name in self._named

    def target(self, facts: Schema) -> Schema:
        """Return what a reference leads to, and what is said beside it."""
        if "$ref" not in facts:
            return facts
        rest = {key: value for key, value in facts.items() if key != "$ref"}
        return {**mapping(self._named.get(reference(facts))), **rest}

    def joined(self, facts: Schema) -> tuple[Schema, bool]:
        """Write `allOf` as one schema; where two say the same thing, the last counts.

        Returns:
            The schema, and whether it says all of it.
        """
        merged: Schema = {k: v for k, v in facts.items() if k != "allOf"}
        whole = True
        for part in facts["allOf"]:
            said = self.target(mapping(part))
            whole &= not merged.keys() & said.keys() - {
                "properties",
                "required",
                "type",
            }
            merged = {**merged, **said, **_union_of(merged, said)}
        return merged, whole


def mapping(value: Any) -> Schema:
    """Return a schema's part as a dict of its own; an empty one if it is no mapping."""
    return dict(cast(Mapping[str, Any], value)) if isinstance(value, Mapping) else {}


def reference(facts: Schema) -> str:
    """Return the name that a reference leads to."""
    return str(facts["$ref"]).rpartition("/")[2]


def _union_of(one: Schema, other: Schema) -> Schema:
    joined: Schema = {}
    if "properties" in one and "properties" in other:
        joined["properties"] = {**one["properties"], **other["properties"]}
    if "required" in one and "required" in other:
        joined["required"] = [*one["required"], *other["required"]]
    return joined
