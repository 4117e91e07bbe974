"""Quoted strings: where one ends, and what its escapes mean.

A quote ends a string only where a value may end; any other quote of the same
kind is part of what is said ("It's fresh"). Behind such a quote a string does not end
while a bracket in it is open: `"print("a")"` is one string. One pass, no backtracking.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from agentkit.pythonic.syntax import KEY

Place = Literal["argument", "positional", "list", "object", "key"]

_ARGUMENTS = ("argument", "positional")
# Nothing but closing signs up to the end of the line.
_CLOSERS = r"[\])}\s\"'`;,]*(?:\Z|\n)"
# How a value begins.
_VALUE = r"[\"'\[{(\d\-]|\\[\"']|(?:True|False|None|true|false|null)\b"
# How a call begins.
_HEAD = rf"[^\W\d][\w.]*\((?:\)|{KEY}=)"
_NAMED = rf"\s*,\s*{KEY}\s*=(?!=)"
# What must follow a quote for it to end a string, by where the string stands.
_ENDS: dict[Place, re.Pattern[str]] = {
    "argument": re.compile(
        rf"\s*(?:\)|\#|\Z|(?<=\s){KEY}=(?:{_VALUE})|,\s*(?:{_HEAD}|{KEY}\s*[=:]|[\"']{KEY}[\"']\s*[=:]"
        r"|\"[^\"\n]*\"\s*[,)]|'[^'\n]*'\s*[,)]"
        rf"|\*\*|\)|\#|\Z)|;\s*{KEY}\s*=(?!=)|[\]}}](?:{_CLOSERS}|{_NAMED}))"
    ),
    "positional": re.compile(
        rf"\s*(?:\)|\#|\Z|,\s*(?:{KEY}\s*[=:]|\*\*|\)|\#|\Z|{_VALUE}"
        rf"|[\w.]+\s*[,)])|[\]}}]{_CLOSERS})"
    ),
    "list": re.compile(
        rf"\s*(?:\]|\)|\#|\Z|,\s*(?:\]|\#|\Z|{_VALUE}|[\w.]+\s*[,\](])|{_NAMED}"
        rf"|\}}(?:{_CLOSERS}|{_NAMED}))"
    ),
    "object": re.compile(
        rf"\s*(?:\}}|\#|\Z|,\s*(?:\}}|\#|\Z|[\"']|\\[\"']|{KEY}\s*[:=])"
        rf"|[\])]{_CLOSERS})"
    ),
    "key": re.compile(r"\s*(?:[:=,}]|\Z)"),
}
# Where the next argument, or the next call, begins.
_BOUNDARY = re.compile(rf",\s*{KEY}\s*=|\)\s*[,;\n]\s*[^\W\d][\w.]*\(")
# `"a" + b`, `"a" % b`, `"a".upper()`: the string ends, and an expression goes on.
_JOINED = re.compile(r"\s*(?:\+\s*(?:[\"'(\[]|[^\W\d][\w.]*)|%\s*[\w(]|\.\w+\()")
# Another argument inside a string: its quote was missed, and the value is not to be
# trusted.
_SWALLOWED = re.compile(
    rf"[,({{\[]\s*{KEY}\s*=\s*[\"'\[{{]|[\"'\])}}]\s*,\s*[\"']?{KEY}[\"']\s*:"
    rf"|\)\s*,\s*[\w.]+\({KEY}="
)
_STRING = re.compile(r"\"((?:[^\"\\\n]|\\.)*+)\"|'((?:[^'\\\n]|\\.)*+)'")
_BESIDE = re.compile(rf"\s+(?:{_STRING.pattern})")
_IN_PARENTHESES = re.compile(
    rf"\(\s*(?:{_STRING.pattern})(?:\s+(?:{_STRING.pattern}))+\s*\)"
)
# A quote that only brackets part from the next one, which ends a value as well.
_LATER = {
    quote: re.compile(rf"(?<![\])}}])[\])}}]+{quote}\s*[\])}}]") for quote in ("'", '"')
}
_UNCLEAR = "it is not clear where a string ends"
_OPENS_VALUE = re.compile(r"=\s*+[\[{(]*+\s*\Z")
_NEXT_KEY = re.compile(rf"{KEY}[\"']\s*:")
_TAIL = re.compile(r"([^\n]*?)\s*([)\]}][)\]}\s'\"`;]*)?(?:\n|\Z)")
_ESCAPE = re.compile(
    r"\\(?:u([0-9a-fA-F]{4})(?:\\u([dD][c-fC-F][0-9a-fA-F]{2}))?"
    r"|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})|([0-7]{1,3})|(\n)|(.))",
    re.DOTALL,
)
_LETTERS = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "b": "\b",
    "f": "\f",
    "v": "\v",
    "a": "\a",
    "\\": "\\",
    "'": "'",
    '"': '"',
    "/": "/",
}


@dataclass(frozen=True, slots=True)
class Quoted:
    """A string that was read.

    Attributes:
        value: what it says.
        end: the offset behind it.
        note: what was repaired; empty when nothing was.
        fault: why it cannot be read; empty when it can.
    """

    value: str
    end: int
    note: str = ""
    fault: str = ""


def read_quoted(text: str, start: int, place: Place) -> Quoted:
    """Read the string whose opening quote is at an offset."""
    quote = text[start]
    if quote == "\\":
        return _read_escaped(text, start)
    if text.startswith(quote * 3, start):
        return _read_triple(text, start)
    ends = _ENDS[place]
    inner = 0
    open_brackets: Counter[str] = Counter()
    search = start + 1
    while (at := _find_quote(text, quote, search)) >= 0:
        open_brackets.update(text[search:at])
        within = inner and (
            _is_open(open_brackets) or _LATER[quote].match(text, at + 1)
        )
        if not within and ends.match(text, at + 1):
            return _kept(text[start + 1 : at], at + 1, quote)
        if not inner and place in _ARGUMENTS and _JOINED.match(text, at + 1):
            return Quoted(unescape(text[start + 1 : at]), at + 1)
        if not inner and (joined := _adjacent(text, start, at, place)):
            return joined
        cut = _missing_end(text, start, at, place)
        if cut >= 0:
            return _cut_off(text[start + 1 : cut].rstrip(), cut, quote, inner)
        inner += 1
        search = at + 1
    return _unterminated(text, start, quote, inner)


def _kept(body: str, end: int, quote: str) -> Quoted:
    """Make a string of its body; quotes within it were not escaped.

    Where it may have swallowed other strings, it is a fault and not a guess.
    """
    # Escaped ones aside, no quote of this kind is in it.
    if quote not in body.replace("\\\\", "").replace(f"\\{quote}", ""):
        return Quoted(unescape(body), end)
    if _SWALLOWED.search(body):
        return Quoted("", end, fault=_UNCLEAR)
    return Quoted(unescape(body), end, f"kept unescaped {quote} inside a string")


def _is_open(signs: Counter[str]) -> bool:
    """Whether there are more brackets that open than that close."""
    return any(signs[first] > signs[last] for first, last in ("()", "[]", "{}"))


def _adjacent(text: str, start: int, at: int, place: Place) -> Quoted | None:
    """Join strings that stand side by side, as Python does; None where there are none.

    In a list a comma may as well have been forgotten.
    """
    first, end = text[start + 1 : at], at + 1
    parts = [first]
    while following := _BESIDE.match(text, end):
        parts.append(following[1] if following[1] is not None else following[2])
        end = following.end()
    if len(parts) == 1 or not _ENDS[place].match(text, end):
        return None
    if place not in _ARGUMENTS:
        return Quoted("", end, fault=_UNCLEAR)
    return Quoted("".join(map(unescape, parts)), end, "joined strings side by side")


def read_joined(text: str, start: int) -> Quoted | None:
    """Read strings side by side in parentheses; None for anything else."""
    found = _IN_PARENTHESES.match(text, start)
    if found is None:
        return None
    parts = (double or single for double, single in _STRING.findall(found[0]))
    value = "".join(map(unescape, parts))
    return Quoted(value, found.end(), "joined strings side by side")


def _cut_off(body: str, end: int, quote: str, inner: int) -> Quoted:
    """Make a string that ends where it should have ended."""
    if body.endswith(quote):
        return _kept(body[:-1], end, quote)
    if inner:
        return Quoted("", end, fault=_UNCLEAR)
    other = "'" if quote == '"' else '"'
    if body.endswith(other) and body.count(other) == 1:
        return Quoted(unescape(body[:-1]), end, f"read {other} as the closing {quote}")
    return Quoted(unescape(body), end, f"added a missing {quote}")


def _find_quote(text: str, quote: str, start: int) -> int:
    """Find the next quote that no backslash escapes; -1 when there is none."""
    at = text.find(quote, start)
    while at > 0 and text[at - 1] == "\\":
        first = at - 1
        while first > start and text[first - 1] == "\\":
            first -= 1
        # An even number of backslashes escape each other.
        if (at - first) % 2 == 0:
            break
        at = text.find(quote, at + 1)
    return at


def _missing_end(text: str, start: int, at: int, place: Place) -> int:
    """Find where a string should have ended, when `at` opens the next one."""
    # `{"a": "x, "b": 1}`: what seemed to end `a` opens the next key.
    if place == "object":
        if _NEXT_KEY.match(text, at + 1):
            comma = text.rfind(",", max(start + 1, at - 80), at)
            return comma if comma >= 0 and not text[comma + 1 : at].strip() else -1
        return -1
    # A quote right behind `=` opens a value; bounded, to keep the time linear.
    if at - start > 400 or not _OPENS_VALUE.search(text, max(start + 1, at - 40), at):
        return -1
    boundary = _BOUNDARY.search(text, start + 1, at)
    if boundary is None:
        return -1
    cut = boundary.start()
    while place == "list" and text[cut - 1] in "] ":
        cut -= 1
    return cut


def _unterminated(text: str, start: int, quote: str, inner: int) -> Quoted:
    tail = _TAIL.match(text, start + 1)
    if tail is None or tail[2] is None or inner:
        return Quoted("", len(text), fault="a string is cut off")
    following = _BOUNDARY.search(text, start + 1, tail.end(1))
    end = following.start() if following else tail.end(1)
    return _cut_off(text[start + 1 : end], end, quote, inner)


def _read_triple(text: str, start: int) -> Quoted:
    quote = text[start] * 3
    end = text.find(quote, start + 3)
    if end < 0:
        return Quoted("", len(text), fault="a string is cut off")
    return Quoted(unescape(text[start + 3 : end]), end + 3)


def _read_escaped(text: str, start: int) -> Quoted:
    r"""Read a string whose quotes are themselves escaped: \"Paris\"."""
    behind = start
    while text[behind] == "\\":
        behind += 1
    mark = text[start : behind + 1]
    end = text.find(mark, behind + 1)
    if end < 0:
        return Quoted("", len(text), fault="a string is cut off")
    value = unescape(text[behind + 1 : end])
    return Quoted(value, end + len(mark), "read escaped quotes as quotes")


def unescape(body: str) -> str:
    """Decode Python's and JSON's escapes; an unknown one stays as it is."""
    return _ESCAPE.sub(_decode, body) if "\\" in body else body


def _decode(match: re.Match[str]) -> str:
    unit, low, long, byte, octal, newline, letter = match.groups()
    if letter is not None:
        return _LETTERS.get(letter, match[0])
    if newline:
        return ""
    if octal:
        return chr(int(octal, 8))
    if byte:
        return chr(int(byte, 16))
    code = int(unit or long, 16)
    if low:
        return _decode_pair(code, low, match[0])
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else match[0]


def _decode_pair(high: int, low: str, written: str) -> str:
    # JSON writes what is beyond U+FFFF as two halves.
    if 0xD800 <= high < 0xDC00:
        return chr(0x10000 + ((high - 0xD800) << 10) + (int(low, 16) - 0xDC00))
    if 0xDC00 <= high < 0xE000:
        return written
    return chr(high) + written[6:]
