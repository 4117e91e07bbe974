"""The parts that tool calls are written in, as tolerant nodes and patterns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MAX_DEPTH = 64
MAX_SIZE = 1_000_000

NAME = r"[^\W\d](?:[\w.-]*\w)?"
KEY = r"[^\W\d](?:[\w-]*\w)?"

# One argument whose value needs no second look, up to and with its delimiter.
SIMPLE_ARGUMENT = re.compile(
    rf"""\s*({KEY})\s*=\s*(?:
        "([^"\\\n]*)" | '([^'\\\n]*)'
        | (-?(?:0|[1-9]\d{{0,17}})) | (-?\d{{1,40}}\.\d{{1,40}})
        | (True|False|None|true|false|null)
    )\s*(?:,(?=\s*(?:{KEY}\s*=|\*\*))|(\)))""",
    re.VERBOSE,
)
# One value whose reading needs no second look, inside a list or an object.
SIMPLE_VALUE = re.compile(
    r"""(?:
        "([^"\\\n]*)" | '([^'\\\n]*)'
        | (-?(?:0|[1-9]\d{0,17})) | (-?\d{1,40}\.\d{1,40})
        | (True|False|None|true|false|null)
    )(?=\s*[\]}:,])""",
    re.VERBOSE,
)
# A list of plain strings, alone and as an argument up to and with its delimiter.
_STRINGS = r"""\[\s*(?:
    ((?:"[^"\\\n]*"\s*,\s*)*+"[^"\\\n]*") | ((?:'[^'\\\n]*'\s*,\s*)*+'[^'\\\n]*')
)\s*\]"""
SIMPLE_LIST = re.compile(_STRINGS, re.VERBOSE)
LIST_ARGUMENT = re.compile(
    rf"\s*({KEY})\s*=\s*{_STRINGS}\s*(?:,(?=\s*(?:{KEY}\s*=|\*\*))|(\)))", re.VERBOSE
)
SPACE = re.compile(r"(?:\s+|\#[^\n]*|//[^\n]*)*")
CALL_HEAD = re.compile(rf"({NAME})\s*\(")
ARGUMENT_HEAD = re.compile(rf"""(?:({KEY})|"({KEY})"|'({KEY})')\s*(=(?!=)|:(?!:))\s*""")
CONSTANTS: dict[str, Any] = {
    "True": True,
    "False": False,
    "None": None,
    "true": True,
    "false": False,
    "null": None,
}


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


def plain_strings(double: str | None, single: str | None) -> list[str]:
    """Split the inside of a list of plain strings of one kind of quote."""
    return double.split('"')[1::2] if double else (single or "").split("'")[1::2]


def constant(
    double: str | None,
    single: str | None,
    whole: str | None,
    real: str | None,
    word: str | None,
) -> Any:
    """Turn the groups of a simple value into the value."""
    if double is not None:
        return double
    if single is not None:
        return single
    if whole is not None:
        return int(whole)
    return float(real) if real is not None else CONSTANTS[word or ""]


def object_of(value: Any) -> dict[str, Any] | None:
    """Return a value if it is an object."""
    return value if isinstance(value, dict) else None  # pyright: ignore[reportUnknownVariableType]


def list_of(value: Any) -> list[Any] | None:
    """Return a value if it is a list."""
    return value if isinstance(value, list) else None  # pyright: ignore[reportUnknownVariableType]


def schema_of(value: Any) -> Mapping[str, Any]:
    """Return a value if it can be a schema, else the schema that says nothing."""
    return value if isinstance(value, Mapping) else {}  # pyright: ignore[reportUnknownVariableType]
