"""The types of values that arguments have.

JSON Schema's formats are patterns here. They allow no more than the format does, but for
`email` and `uri`, which only look right. A slot type's format, such as `when`, is text in
words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

from agentkit.tools.schema.json_schema import Schema


@dataclass(frozen=True, slots=True)
class TextValue:
    """A string.

    Attributes:
        least: fewest characters.
        most: most characters; None where the schema gives no limit.
        pattern: what it must match somewhere; empty for anything.
        format: JSON Schema's format, or a slot type's; empty for none.
        told: words that the description puts between quotes, as what it may be.
        day: how the description wants a day written, as `strftime` has it.
        address: the description wants an e-mail address.
        options: what was said and may be meant; any words of it when empty.
    """

    least: int = 0
    most: int | None = None
    pattern: str = ""
    format: str = ""
    told: tuple[str, ...] = ()
    day: str = ""
    address: bool = False
    options: tuple[str, ...] = ()


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
class TupleValue:
    """A list with a separate type for each place.

    Attributes:
        items: the types, in order.
        least: how many of the places must be there.
        extra: the type of what may follow; None for nothing.
    """

    items: tuple[Value, ...]
    least: int = 0
    extra: Value | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """A named value of a record, or an argument of a call; `about` describes it."""

    name: str
    value: Value
    required: bool
    about: str = ""


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
    TextValue | Whole | Real | Fixed | Items | TupleValue | Record | Either | Anything
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
        # What is said beside a reference, such as a description, wins over its target.
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
            # These three can be joined, or say the same thing.
            whole &= not merged.keys() & said.keys() - {
                "properties",
                "required",
                "type",
            }
            merged = {**merged, **said, **_union_of(merged, said)}
        return merged, whole


def mapping(value: Any) -> Schema:
    """Return a copy of a part of a schema as a dict; an empty one if it is no mapping."""
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


SLOTS = ("when", "duration", "contact", "amount", "recurrence")
"""Formats of slot types: any words; their own validators read them."""

PARTLY = ("email", "idn-email", "uri", "url", "hostname", "duration")
"""Formats whose patterns, or words, allow more than the format does."""

# Four digits, as Python's dates want them.
_YEAR = r"[1-9]\d{3}"
# The last day of each month; the 29th of February is left out, since a year decides on
# it.
_DAYS = (
    r"(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])"
    r"|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))"
)
_DATE = rf"{_YEAR}-{_DAYS}"
# RFC 3339 without leap seconds; the zone may be missing, as in Python's `isoformat`.
_TIME = (
    r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?"
    r"(?:Z|[+\-](?:0\d|1[0-3]):[0-5]\d)?"
)
# 0 to 255.
_BYTE = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_LABEL = r"[a-z0-9](?:[a-z0-9\-]{0,30}[a-z0-9])?"
# Shorter than the 253 characters that DNS allows: a model writes hosts that it was
# told, and repeats in long ones.
_HOST = rf"{_LABEL}(?:\.{_LABEL}){{0,4}}\.[a-z]{{2,12}}"
_EMAIL = rf"[A-Za-z0-9_%+]{{1,24}}(?:[.\-][A-Za-z0-9_%+]{{1,24}}){{0,3}}@{_HOST}"
_URI = rf"https?://{_HOST}(?::[1-9]\d{{0,3}})?(?:/[A-Za-z0-9._~\-/?&=%+#]{{0,200}})?"

PATTERNS = {
    "date": rf"^{_DATE}$",
    "time": rf"^{_TIME}$",
    "date-time": rf"^{_DATE}T{_TIME}$",
    "uuid": r"^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
    "ipv4": rf"^{_BYTE}(?:\.{_BYTE}){{3}}$",
    "ipv6": r"^[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){7}$",
    "hostname": rf"^{_HOST}$",
    "email": rf"^{_EMAIL}$",
    "idn-email": rf"^{_EMAIL}$",
    "uri": rf"^{_URI}$",
    "url": rf"^{_URI}$",
}
