"""The words around a number that was said, and how much each tells of what it is for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from agentkit.tools.selection.stems import read_stems, stem

Surroundings: TypeAlias = tuple[tuple[str, float], ...]
"""Stems with what each counts, between 0 and 1."""

# Behind one of these, another thing is spoken of.
_ENDS = re.compile(r"[;.:!?\n](?=\s|$)")
_JOINTS = re.compile(
    r"[,()]|\b(?:and|or|when|if|given|where|assuming|und|oder|et|ou|y|o|e)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")
# The next word tells most; each one further away, and each joint between, tells less.
_FURTHER, _JOINED = 0.8, 0.5
_LEAST = 0.15
# Words before and behind that are looked at.
_MOST_BEFORE, _MOST_BEHIND = 6, 3
# What a unit tells of an argument that does not name it.
_HINTED = 0.6
_UNIT = re.compile(r"\s?(m/s\^?2|m/s|km/h|[%\u00b0]|[^\W\d_]+)")
_MINUTES, _HOURS = re.compile(r":\d\d\b"), re.compile(r"\d:$")
_MONEY = re.compile(r"[$\u20ac\u00a3\u20b9\u00a5]\s?$")
# Units, and nouns of what is measured in them.
_MEASURES = {
    "$ usd eur dollar dollars euro euros rupees yen pounds": (
        "amount price cost budget investment payment value principal income salary "
        "deposit revenue loan"
    ),
    "% percent": "rate percentage yield return discount tax probability interest",
    "year years yr yrs": "years time period term duration age",
    "month months week weeks day days": "time period term duration",
    "hour hours hr hrs minute minutes min mins second seconds sec secs s h": (
        "time duration length"
    ),
    "kg g mg lb lbs kilograms kilogram grams gram pounds tons": "mass weight",
    "m km cm mm ft mi meter meters metres kilometers miles feet foot inches inch": (
        "distance length height radius width depth"
    ),
    "m/s km/h mph": "speed velocity",
    "m/s2 m/s^2": "acceleration gravity",
    "\u00b0 degree degrees celsius fahrenheit kelvin c": "temperature angle",
    "hz khz mhz": "frequency",
    "v volt volts": "voltage",
    "a amp amps ampere amperes": "current",
    "ohm ohms": "resistance",
    "n newton newtons": "force",
    "j joule joules": "energy work",
    "pa atm atmosphere": "pressure",
}
_HINTS: dict[str, tuple[str, ...]] = {}
for _units, _nouns in _MEASURES.items():
    for _one in _units.split():
        _HINTS[_one] = tuple(stem(noun) for noun in _nouns.split())


def surroundings(
    text: str, start: int, end: int, after: int, until: int
) -> Surroundings:
    """Weigh the words around a number.

    Args:
        text: what was said.
        start: where the number begins.
        end: where it ends.
        after: where the number before it ends.
        until: where the next one begins.
    """
    found: dict[str, float] = {}
    before = _ENDS.split(text[after:start])[-1]
    behind = _ENDS.split(text[end:until])[0]
    # Further clauses behind a number speak of the next one.
    behind = _JOINTS.split(behind)[0]
    _add(found, _of_a_clock(text, start, end))
    unit = _UNIT.match(behind)
    if _MONEY.search(before):
        _add(found, ((one, _HINTED) for one in _HINTS["$"]))
    if unit:
        _add(found, ((one, _HINTED) for one in _HINTS.get(unit[1].lower(), ())))
    _add(found, _weighed(reversed(_pieces(before)), _MOST_BEFORE))
    _add(found, _weighed(_pieces(behind), _MOST_BEHIND))
    return tuple(sorted(found.items()))


def _of_a_clock(text: str, start: int, end: int) -> Iterator[tuple[str, float]]:
    """Tell the hours of a clock's time from its minutes."""
    if _MINUTES.match(text, end):
        yield stem("hour"), 1.0
    if _HOURS.search(text[max(start - 3, 0) : start]):
        yield stem("minute"), 1.0


def _pieces(text: str) -> list[str]:
    """List words and joints, in order."""
    return [
        match[0] for match in re.finditer(rf"{_JOINTS.pattern}|{_WORD.pattern}", text)
    ]


def _weighed(pieces: Iterable[str], most: int) -> Iterator[tuple[str, float]]:
    weight = 1.0
    for piece in pieces:
        if _JOINTS.fullmatch(piece):
            weight *= _JOINED
            continue
        stems = read_stems(piece)
        for one in stems:
            yield one, weight
        if stems:
            most -= 1
            weight *= _FURTHER
        if not most or weight < _LEAST:
            return


def _add(found: dict[str, float], more: Iterable[tuple[str, float]]) -> None:
    for one, weight in more:
        found[one] = max(weight, found.get(one, 0.0))
