"""What calls are written in: patterns, the parts read from them, bare values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# Of a tool, with dots and dashes inside; of an argument, with dashes.
NAME = r"[^\W\d](?:[\w.-]*\w)?"
KEY = r"[^\W\d](?:[\w-]*\w)?"


@dataclass(slots=True)
class RawCall:
    """A call as written, before it is held against its tool.

    Attributes:
        name: the name as written.
        positional: values given without a name.
        keywords: named values in the order in which they were written.
        trailing: values without a name behind named ones, with the name before.
        notes: what was repaired while reading it.
        faults: what could not be read.
        words: the call as written, when it is inside another.
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
    """Words without quotes where a value should be."""

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


# Well below Python's own limit of recursion, several frames being used for a level.
MAX_DEPTH = 64
MAX_SIZE = 1_000_000

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
# Comments of Python and of JavaScript.
SPACE = re.compile(r"(?:\s+|\#[^\n]*|//[^\n]*)*")
CALL_HEAD = re.compile(rf"({NAME})\s*\(")
# `a=`, `"a"=`, `a:`; not `a==` and not `a::`.
ARGUMENT_HEAD = re.compile(rf"""(?:({KEY})|"({KEY})"|'({KEY})')\s*(=(?!=)|:(?!:))\s*""")
CONSTANTS: dict[str, Any] = {
    "True": True,
    "False": False,
    "None": None,
    "true": True,
    "false": False,
    "null": None,
}


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


_NUMBER = re.compile(
    r"([+-]?)(0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+"
    r"|(?:\d[\d_]*\.?[\d_]*|\.\d+)(?:[eE][+-]?\d+)?)"
)
_CURLY = re.compile(r"\u201c[^\u201c\u201d]*\u201d|\u2018[^\u2018\u2019]*\u2019")
# "1,000.50".
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
# "$3", "5 km", "20%": a sign before it or a unit behind it.
_QUANTITY = re.compile(
    r"([$€£¥]?)\s*([+-]?\d[\d_]*(?:\.\d+)?)\s*([A-Za-zµ°%][A-Za-zµ°²³/%. ]*)?"
)
_ARITHMETIC = re.compile(r"[\d\s.+\-*/%()eE_]+")
_TOKEN = re.compile(
    r"\s*(?:((?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(\*\*|//|[+\-*/%()]))"
)
# Before a number `//` divides.
_COMMENT = re.compile(r"\s(?:#|//(?!\s*[\d(+-]))[^\n]*\n")
# Python refuses to read integers of more than 4,300 digits.
_MAX_DIGITS = 4000
# `9**9**9` would take all memory.
_MAX_POWER = 400
_LEVELS = (("+", "-"), ("*", "/", "//", "%"))


def read_words(text: str, notes: list[str]) -> Any:
    """Read an unquoted value: a constant, or `Bare` words."""
    plain = _COMMENT.sub("\n", text) if "\n" in text else text
    if plain != text:
        notes.append("left out a comment")
    text = plain.strip()
    if text in CONSTANTS:
        return CONSTANTS[text]
    number = read_number(text)
    if number is not None:
        return number
    if _CURLY.fullmatch(text):
        notes.append("read curly quotes as quotes")
        return text[1:-1]
    if _GROUPED.fullmatch(text):
        notes.append(f"read {text} as a number")
        return read_number(text.replace(",", ""))
    # Models write `60*60` where a number is wanted.
    if len(text) <= 200 and _ARITHMETIC.fullmatch(text):
        result = evaluate(text)
        if result is not None:
            notes.append(f"worked out {text}")
            return result
    return Bare(text)


def read_number(text: str) -> int | float | None:
    """Read a whole text as a finite number; None when it is not one."""
    match = _NUMBER.fullmatch(text)
    if match is None or len(text) > _MAX_DIGITS:
        return None
    body = match[2].lower()
    sign = -1 if match[1] == "-" else 1
    try:
        if body[:2] in ("0x", "0b", "0o"):
            return sign * int(body, 0)
        if body.replace("_", "").isdigit():
            return sign * int(body)
        value = float(body)
    except ValueError:
        return None
    return sign * value if value != float("inf") else None


def read_quantity(text: str) -> int | float | None:
    """Read the number of a number with a unit, such as `5 km` or `$3`."""
    match = _QUANTITY.fullmatch(text.strip())
    if match is None or not (match[1] or match[3]):
        return None
    return read_number(match[2])


def evaluate(text: str) -> int | float | None:
    """Work out constant arithmetic; None when it is not plain, or too large."""
    tokens: list[str] = []
    at = 0
    while (match := _TOKEN.match(text, at)) and match.end() > at:
        tokens.append(match[1] or match[2])
        at = match.end()
    if text[at:].strip():
        return None
    tokens.reverse()
    try:
        value = _sum(tokens, 0, 0)
    except (ArithmeticError, ValueError, IndexError, TypeError):
        return None
    return None if tokens or not abs(value) < 1e300 else value


def _sum(tokens: list[str], level: int, depth: int) -> int | float:
    if level == len(_LEVELS):
        return _power(tokens, depth)
    value = _sum(tokens, level + 1, depth)
    while tokens and tokens[-1] in _LEVELS[level]:
        operator = tokens.pop()
        value = _apply(operator, value, _sum(tokens, level + 1, depth))
    return value


def _power(tokens: list[str], depth: int) -> int | float:
    token = tokens.pop()
    if token in "+-":
        value = _power(tokens, depth)
        return -value if token == "-" else value
    if token == "(":
        if depth > 16:
            raise ValueError(token)
        base = _sum(tokens, 0, depth + 1)
        if tokens.pop() != ")":
            raise ValueError(token)
    else:
        number = read_number(token)
        if number is None:
            raise ValueError(token)
        base = number
    # From right to left, as in Python: 2**3**2 is 512.
    if tokens and tokens[-1] == "**":
        tokens.pop()
        exponent = _power(tokens, depth)
        if abs(exponent) > _MAX_POWER or abs(base) > 1e15:
            raise ValueError(token)
        return _real(base**exponent)
    return base


def _real(value: Any) -> int | float:
    if not isinstance(value, (int, float)):
        raise TypeError(value)
    return value


def _apply(operator: str, left: int | float, right: int | float) -> int | float:
    if operator == "+":
        return left + right
    if operator == "-":
        return left - right
    if operator == "*":
        return left * right
    if operator == "/":
        return left / right
    return left // right if operator == "//" else left % right
