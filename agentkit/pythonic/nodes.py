"""The parts that tool calls are made of, before they are held against their tools."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

NAME = r"[^\W\d](?:[\w.-]*\w)?"
KEY = r"[^\W\d](?:[\w-]*\w)?"


@dataclass(slots=True)
class RawCall:
    """A call as written, before it is held against its tool.

    Attributes:
        name: the name as written.
        positional: values given without a name.
        keywords: named values in the order in which they stand.
        trailing: values without a name behind named ones, with the name before.
        notes: what was repaired while reading it.
        faults: what could not be read.
        words: the call as written, when it stands inside another.
        start: offset of its first character.
        end: offset behind its last character.
    """

    name: str
    positional: list[Any] = field(default_factory=list[Any])
    keywords: list[tuple[str, Any]] = field(default_factory=list[tuple[str, Any]])
    trailing: list[tuple[str, Any]] = field(default_factory=list[tuple[str, Any]])
    notes: list[str] = field(default_factory=list[str])
    faults: list[str] = field(default_factory=list[str])
    words: str = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Bare:
    """Words without quotes where a value should stand."""

    text: str


def object_of(value: Any) -> dict[str, Any] | None:
    """Return a value if it is an object."""
    return value if isinstance(value, dict) else None  # pyright: ignore[reportUnknownVariableType]


def list_of(value: Any) -> list[Any] | None:
    """Return a value if it is a list."""
    return value if isinstance(value, list) else None  # pyright: ignore[reportUnknownVariableType]


def schema_of(value: Any) -> Mapping[str, Any]:
    """Return a value if it can be a schema, else the schema that says nothing."""
    return value if isinstance(value, Mapping) else {}  # pyright: ignore[reportUnknownVariableType]
