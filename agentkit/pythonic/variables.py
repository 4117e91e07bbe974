"""Variables of the code around a call, whose values are written there.

A variable counts when the text gives it a plain literal once, on a line of its own and
before the call, and does nothing else to it. Not covered: values that are computed.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, TypeAlias

from agentkit.pythonic.coercion import read_whole
from agentkit.pythonic.parsed import Books
from agentkit.pythonic.syntax import Bare, RawCall, object_of

# Where a variable is assigned, and its value.
Assigned: TypeAlias = tuple[int, Any]

SPREAD = "**"
_ASSIGNED = re.compile(r"^[ \t]*([^\W\d]\w*) *=(?!=)[ \t]*", re.MULTILINE)
_STRING = r"\'(?:[^\'\\\n]|\\.)*+\'|\"(?:[^\"\\\n]|\\.)*+\""
_SCALAR = re.compile(rf"(?:{_STRING}|[-+]?[\w.]++)")
_PIECE = re.compile(rf"{_STRING}|[\[\]{{}}()]|[^\'\"\[\]{{}}()]++|.", re.DOTALL)
_REST = re.compile(r"[ \t]*+;?[ \t]*+(?:#[^\n]*+)?$", re.MULTILINE)
# What is done to a variable besides reading it: its parts set, its methods called.
_TOUCHED = r"\b(?:for|as|del)\s+{0}\b|\b{0}\s*(?:\[[^\]\n]*\]\s*=(?!=)|\.\w|[-+*/%|&]=)"
# Of a text that assigns more, none is looked at; values longer than that are not read.
_MOST = 50
_LONGEST = 2_000


def filled(books: Books, raw: RawCall) -> None:
    """Put the values of variables in their places in a call."""
    values = [*raw.positional, *(value for _, value in raw.keywords)]
    if not any(isinstance(value, Bare) for value in values):
        return
    if books.values is None:
        books.values = assigned_values(books.source)
    known = {name: one for name, (at, one) in books.values.items() if at < raw.start}
    raw.positional = [_value(raw, one, known) for one in raw.positional]
    keywords: list[tuple[str, Any]] = []
    for name, written in raw.keywords:
        value = _value(raw, written, known)
        spread = object_of(value) if name == SPREAD else None
        keywords += [(name, value)] if spread is None else spread.items()
    raw.keywords = [pair for pair in keywords if pair[0] != SPREAD]
    if len(raw.keywords) < len(keywords):
        raw.faults.append("** is not followed by an object")


def _value(raw: RawCall, written: Any, known: dict[str, Any]) -> Any:
    if not isinstance(written, Bare) or written.text not in known:
        return written
    raw.notes.append(f"took the value of {written.text} from where it is assigned")
    return known[written.text]


def assigned_values(text: str) -> dict[str, Assigned]:
    """Return the variables that a text gives a literal once, and nothing else."""
    found = list(_ASSIGNED.finditer(text))
    often = Counter(match[1] for match in found)
    values: dict[str, Assigned] = {}
    for match in found if len(found) <= _MOST else ():
        name, end = match[1], _literal_end(text, match.end())
        if often[name] > 1 or not _REST.match(text, end):
            continue
        value = read_whole(text[match.end() : end])
        if value is not None and not re.search(_TOUCHED.format(name), text):
            values[name] = (match.start(), value)
    return values


def _literal_end(text: str, at: int) -> int:
    """Return where a literal ends; where it begins, when it is none."""
    if text[at : at + 1] not in ("[", "{"):
        scalar = _SCALAR.match(text, at)
        return scalar.end() if scalar else at
    depth, end = 0, at
    while piece := _PIECE.match(text, end, at + _LONGEST):
        end = piece.end()
        depth += (piece[0] in ("[", "{", "(")) - (piece[0] in ("]", "}", ")"))
        if not depth:
            return end
    return at
