"""Numbers that were said, as a call writes them, with the words beside each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import pairwise
from math import isfinite
from typing import Literal

from agentkit.grammar.surroundings import Surroundings, surroundings
from agentkit.language.numbers import number
from agentkit.language.tokens import tokenize
from agentkit.language.vocabularies import numbered, vocabulary
from agentkit.tools.selection.stems import read_stems

# Commas part thousands, or lakhs as in "1,00,000"; those of "1,2,3" part numbers.
_DIGITS = r"(?:\d{1,3}(?:,\d{2,3})*,\d{3}(?![\d,]*\d)|\d+)(?:\.\d+)?(?:e-?\d+\b)?"
_NUMBER = re.compile(rf"(?<![\w.)])[-\u2212]?{_DIGITS}|\d+(?:\.\d+)?")
# Letters and digits that name one thing: "XYZ123", "H1N1".
_IN_NAMES = re.compile(r"\b[^\W\d_]+\d[\w-]*")
# A sum of powers, in which a sign stands apart from its number: "x^2 + 2x - 4".
_SUM = re.compile(r"\d[a-z]\b|\w\s?(?:\^|\*\*)\s?\d")
_SIGNED = re.compile(rf"(?<=[\w)])\s+[-\u2212]\s+({_DIGITS})(?!\s*[a-z^*])")
_SCALE = re.compile(
    r"\s?(thousand|million|billion|trillion)s?\b|(?-i:(k)\b)", re.IGNORECASE
)
# Of money only: "300 M" may be meters.
_OF_MONEY = re.compile(r"([kmb]|bn)\b", re.IGNORECASE)
_SCALES = {
    "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
    "k": 1e3, "m": 1e6, "b": 1e9, "bn": 1e9,
}  # fmt: skip
_MONEY = ("$", "\u20ac", "\u00a3", "\u20b9")
# What tells that a number is part of a formula, or of a day: "2x^2", "July 10, 2022".
_FORMULA = re.compile(r"\s?[xyz](?![a-z])|\s?\^")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_OF_MONTH = re.compile(rf"(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH}\b", re.IGNORECASE)
_AFTER_MONTH = re.compile(
    rf"\b{_MONTH}\.?\s(?:the\s)?(?:\d{{1,2}}(?:st|nd|rd|th)?,?\s)?$", re.IGNORECASE
)
# Between two numbers of a list.
_LISTED = re.compile(r"\s*(?:,|,?\s*and\b|&|;|\s)\s*")
# Characters on each side in which the words beside a number stand.
_NEAR = 40
_PERCENT = re.compile(r"\s?(?:%|per\s?cent\b)", re.IGNORECASE)
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


NumberKind = Literal["digits", "word", "part"]


@dataclass(frozen=True, slots=True)
class SaidNumber:
    """A number.

    Attributes:
        written: as in a call.
        beside: stems of the next word that means something, on either side.
        start: where it was said; the ways to write one number have the same.
        end: where it ends.
        around: the words around it, and what each counts.
        kind: in digits, in a word, or as part of a day or a formula.
        share: it is a share that was said in percent.
        run: which list of numbers it stands in; 0 for none.
    """

    written: str
    beside: frozenset[str] = frozenset()
    start: int = 0
    end: int = 0
    around: Surroundings = ()
    kind: NumberKind = "digits"
    share: bool = False
    run: int = 0


@lru_cache(maxsize=32)
def said_numbers(text: str) -> tuple[SaidNumber, ...]:
    """Find the numbers of a text; a share is written as such and as a fraction."""
    # Hundreds of digits are infinity to a double, which no call can write.
    found = [one for one in _found(text) if isfinite(float(one.written))]
    runs = _runs(text, found)
    borders = sorted({(one.start, one.end) for one in found})
    placed: list[SaidNumber] = []
    for one in found:
        after = max((end for _, end in borders if end <= one.start), default=0)
        until = min((at for at, _ in borders if at >= one.end), default=len(text))
        around = surroundings(text, one.start, one.end, after, until)
        placed.append(replace(one, around=around, run=runs.get(one.start, 0)))
    return tuple(placed)


def _runs(text: str, found: Sequence[SaidNumber]) -> dict[int, int]:
    """Number the lists of numbers, by where each of their numbers begins."""
    runs: dict[int, int] = {}
    plain = {one.start: one.end for one in found if one.kind == "digits"}
    for place, (last, start) in enumerate(pairwise(sorted(plain)), 1):
        if _LISTED.fullmatch(text[plain[last] : start]):
            runs[start] = runs.setdefault(last, place)
    return runs


def counted(text: str) -> int:
    """Count the numbers that are not part of a name such as "A4"."""
    plain = _IN_NAMES.sub(" ", text).replace("%", " ")
    return len({one.written for one in said_numbers(_SCALE.sub(" ", plain))})


def _found(text: str) -> Iterator[SaidNumber]:
    if _SUM.search(text):
        for match in _SIGNED.finditer(text):
            value = -float(match[1].replace(",", ""))
            yield SaidNumber(
                _written(value), start=match.start(1), end=match.end(), kind="part"
            )
    for match in _NUMBER.finditer(text):
        yield from _in_digits(text, match)
    tokens = tokenize(text)
    months = dict(numbered(vocabulary("en").months, 1))
    for index in range(len(tokens)):
        word = tokens.words[index]
        # "March" is 3 where an argument is a month.
        start, end = tokens[index].start, tokens[index].end
        if word in months:
            yield SaidNumber(str(months[word]), start=start, end=end, kind="part")
        elif word.isalpha() and (hit := number(tokens, index)) is not None:
            end = tokens[hit[1] - 1].end
            beside = _beside(text, start, end)
            written = _written(float(hit[0]))
            yield SaidNumber(written, beside, start, end, kind="word")


def _in_digits(text: str, match: re.Match[str]) -> Iterator[SaidNumber]:
    value = float(match[0].replace(",", "").replace("\u2212", "-"))
    end, start = match.end(), match.start()
    scale = _SCALE.match(text, end)
    if text[:start].endswith(_MONEY):
        scale = scale or _OF_MONEY.match(text, end)
    end = scale.end() if scale else end
    beside = _beside(text, start, end)
    kind: NumberKind = "digits" if _is_plain(text, start, end) else "part"
    said = partial(SaidNumber, beside=beside, start=start, end=end, kind=kind)
    if scale:
        yield said(_written(value * _SCALES[scale[scale.lastindex or 0].lower()]))
    yield said(_written(value))
    # "5%" may be wanted as 5 or as 0.05.
    if _PERCENT.match(text, match.end()):
        yield said(_written(value / 100), share=True)


def _is_plain(text: str, start: int, end: int) -> bool:
    """Whether a number in digits stands for itself: in no formula, and in no day."""
    if text[:start].endswith("^") or _FORMULA.match(text, end):
        return False
    # As many characters as a month and a day take at most.
    before = text[max(start - 20, 0) : start]
    return not (_OF_MONTH.match(text, end) or _AFTER_MONTH.search(before))


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
