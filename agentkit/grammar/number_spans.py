"""Numbers that were said, as a call writes them, with the words beside each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite

from agentkit.language.numbers import number
from agentkit.language.tokens import tokenize
from agentkit.language.vocabularies import numbered, vocabulary
from agentkit.tools.selection.stems import read_stems

# Commas part thousands, or lakhs as in "1,00,000"; those of "1,2,3" part numbers.
_DIGITS = r"(?:\d{1,3}(?:,\d{2,3})*,\d{3}(?![\d,]*\d)|\d+)(?:\.\d+)?"
_NUMBER = re.compile(rf"(?<![\w.)])[-\u2212]?{_DIGITS}|\d+(?:\.\d+)?")
# Letters and digits that name one thing: "XYZ123", "H1N1".
_IN_NAMES = re.compile(r"\b[^\W\d_]+\d[\w-]*")
# A sum of powers, in which a sign stands apart from its number: "x^2 + 2x - 4".
_SUM = re.compile(r"\d[a-z]\b|\w\s?(?:\^|\*\*)\s?\d")
_SIGNED = re.compile(rf"(?<=[\w)])\s+[-\u2212]\s+({_DIGITS})(?!\s*[a-z^*])")
_SCALE = re.compile(r"\s?(thousand|million|billion|trillion)s?\b", re.IGNORECASE)
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
# Characters on each side in which the words beside a number stand.
_NEAR = 40
# Behind one of these, something else is spoken of.
_ELSE = re.compile(r"[,;.:!?\n()]|\b(?:and|or|und|oder|et|ou|y|o|e)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
# Ways to write the units that arguments name most.
_UNITS = {
    "km": "kilometers", "m": "meters", "cm": "centimeters", "kg": "kilograms",
    "g": "grams", "lb": "pounds", "lbs": "pounds", "hz": "hertz", "mph": "speed",
    "ft": "feet", "hr": "hours", "hrs": "hours", "min": "minutes", "sec": "seconds",
    "s": "seconds", "v": "volts", "usd": "dollars",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SaidNumber:
    """A number.

    Attributes:
        written: as in a call.
        beside: stems of the next word that means something, on either side.
    """

    written: str
    beside: frozenset[str] = frozenset()


@lru_cache(maxsize=32)
def said_numbers(text: str) -> tuple[SaidNumber, ...]:
    """Find the numbers of a text; a share is written as such and as a fraction."""
    # Hundreds of digits are infinity to a double, which no call can write.
    return tuple(one for one in _found(text) if isfinite(float(one.written)))


def counted(text: str) -> int:
    """Count the numbers that are not part of a name such as "A4"."""
    plain = _IN_NAMES.sub(" ", text).replace("%", " ")
    return len({one.written for one in said_numbers(_SCALE.sub(" ", plain))})


def _found(text: str) -> Iterator[SaidNumber]:
    if _SUM.search(text):
        for match in _SIGNED.finditer(text):
            yield SaidNumber(_written(-float(match[1].replace(",", ""))))
    for match in _NUMBER.finditer(text):
        yield from _in_digits(text, match)
    tokens = tokenize(text)
    months = dict(numbered(vocabulary("en").months, 1))
    for index in range(len(tokens)):
        word = tokens.words[index]
        # "March" is 3 where an argument is a month.
        if word in months:
            yield SaidNumber(str(months[word]))
        elif word.isalpha() and (hit := number(tokens, index)) is not None:
            start, end = tokens[index].start, tokens[hit[1] - 1].end
            yield SaidNumber(_written(float(hit[0])), _beside(text, start, end))


def _in_digits(text: str, match: re.Match[str]) -> Iterator[SaidNumber]:
    value = float(match[0].replace(",", "").replace("\u2212", "-"))
    scale = _SCALE.match(text, match.end())
    end = scale.end() if scale else match.end()
    beside = _beside(text, match.start(), end)
    if scale:
        yield SaidNumber(_written(value * _SCALES[scale[1].lower()]), beside)
    yield SaidNumber(_written(value), beside)
    # "5%" may be wanted as 5 or as 0.05.
    if text[match.end() : match.end() + 1] == "%":
        yield SaidNumber(_written(value / 100), beside)


def _beside(text: str, start: int, end: int) -> frozenset[str]:
    before = _WORD.findall(_ELSE.split(text[max(start - _NEAR, 0) : start])[-1])
    behind = _WORD.findall(_ELSE.split(text[end : end + _NEAR])[0])
    return frozenset((*_first(reversed(before)), *_first(behind)))


def _first(words: Iterator[str] | list[str]) -> tuple[str, ...]:
    """Return the stems of the first word that means something; none behind a number."""
    for word in words:
        stems = read_stems(_UNITS.get(word.lower(), word))
        if word[0].isdigit():
            break
        if stems:
            return tuple(stems)
    return ()


def _written(value: float) -> str:
    """Write a number as Python does, whole ones without a point."""
    return str(int(value)) if value.is_integer() else repr(value)
