"""The types of values that arguments have: what a schema says, without its spelling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


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
