"""Which of the numbers that were said is which argument's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf

from agentkit.grammar.number_spans import SaidNumber
from agentkit.grammar.value_types import Field, Items, Real, Whole
from agentkit.tools.selection.stems import read_stems

# What a stem counts where it is in an argument's name, and where in its description.
_NAMED, _DESCRIBED = 1.0, 0.4
# Two arguments that follow each other have numbers that do.
_IN_ORDER = 0.4
# Numbers in words, of months and of powers are often meant otherwise.
_UNLIKELY, _LESS_LIKELY = 0.4, 1.0
# Of a list of more than two, of a day or a formula.
_OF_LIST, _PAIR, _OF_OTHER = 1.0, 2, 2.0
# What is counted, where an argument is a number of something.
_COUNTED = 0.8
_COUNT_OF = re.compile(
    r"\b(?:number|count|amount|quantity|total|how many)\b(?: of)?((?:\W+\w+){1,3})",
    re.IGNORECASE,
)
_YEARS = range(1000, 2100)
_YEAR = 0.5
# Evidence that an optional argument needs, to be given.
_SUPPORTED = 0.5
_IN_PERCENT = re.compile(r"%|\bpercent|\bpercentage", re.IGNORECASE)
_DECIMAL = re.compile(
    r"\bdecimal|\bfraction|\b0?\.\d|\b0 (?:to|and) 1\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class NumberRoles:
    """The numbers of a request, given to arguments.

    Attributes:
        given: the number of each argument that has one, as it is written.
        evidence: how much the words around the numbers speak for that, in all.
    """

    given: Mapping[str, str]
    evidence: float = 0.0


@dataclass(frozen=True, slots=True)
class _Place:
    """A number at its place, with the ways in which it may be written."""

    numbers: tuple[SaidNumber, ...]

    @property
    def start(self) -> int:
        return self.numbers[0].start


def number_lists(
    said: Sequence[SaidNumber], fields: Sequence[Field]
) -> Mapping[str, str]:
    """Give lists of numbers to the arguments that take some, in order.

    Returns:
        The list of each argument that has one, as JSON; nothing where they are not as
        many as those arguments.
    """
    wanting = [f for f in fields if f.required and _takes_list(f)]
    runs: dict[int, list[SaidNumber]] = {}
    for place in _places(said):
        first = place.numbers[0]
        if first.run:
            runs.setdefault(first.run, []).append(first)
    if len(runs) != len(wanting):
        return {}
    listed: dict[str, str] = {}
    for field, run in zip(wanting, runs.values(), strict=True):
        assert isinstance(field.value, Items)
        assert isinstance(field.value.item, Whole | Real)
        if not all(fits(one.written, field.value.item) for one in run):
            return {}
        listed[field.name] = f"[{', '.join(one.written for one in run)}]"
    return listed


def _takes_list(field: Field) -> bool:
    value = field.value
    return isinstance(value, Items) and isinstance(value.item, Whole | Real)


def number_roles(said: Sequence[SaidNumber], fields: Sequence[Field]) -> NumberRoles:
    """Give numbers to arguments: by the words around them, then in order."""
    wanting = [f for f in fields if isinstance(f.value, Whole | Real)]
    places = _places(said)
    fits = _Fits(wanting, places)
    needed = [at for at, field in enumerate(wanting) if field.required]
    chosen = _improved(_first(needed, fits), fits)
    given = {at: place for at, place in chosen.items() if place is not None}
    left = set(range(len(places))) - set(given.values())
    for at, field in enumerate(wanting):
        if field.required or not left:
            continue
        best = max(left, key=lambda place: fits.support(at, place))
        if fits.support(at, best) >= _SUPPORTED:
            given[at] = best
            left.discard(best)
    given = {at: place for at, place in given.items() if fits.written(at, place)}
    numbers = {wanting[at].name: fits.written(at, place) for at, place in given.items()}
    evidence = sum(fits.evidence(at, place) for at, place in given.items())
    return NumberRoles(numbers, evidence)


class _Fits:
    """How well each number fits each argument."""

    def __init__(self, fields: Sequence[Field], places: Sequence[_Place]) -> None:
        self.fields = fields
        self.places = places
        names = [set(read_stems(f.name)) for f in fields]
        abouts = [
            set(read_stems(f.about)) - n for f, n in zip(fields, names, strict=True)
        ]
        # A word of several arguments tells them apart less.
        often = Counter(s for n, a in zip(names, abouts, strict=True) for s in n | a)
        self._counts = [
            {s: _DESCRIBED / often[s] for s in a}
            | {s: _COUNTED / often[s] for s in _counted(f.about)}
            | {s: _NAMED / often[s] for s in n}
            for f, n, a in zip(fields, names, abouts, strict=True)
        ]
        plain = sum(place.numbers[0].kind == "digits" for place in places)
        enough = plain >= sum(field.required for field in fields)
        self._unlikely = _LESS_LIKELY if enough else _UNLIKELY
        runs = Counter(place.numbers[0].run for place in places)
        self._lists = {run for run, count in runs.items() if run and count > _PAIR}
        self._kept: dict[tuple[int, int], tuple[float, str]] = {}

    def evidence(self, at: int, place: int) -> float:
        """How much the words around a number speak for an argument."""
        return self._judged(at, place)[0]

    def support(self, at: int, place: int) -> float:
        """How much speaks for giving an argument that may be left out."""
        return self.evidence(at, place) - self._barred(self.places[place])

    def score(self, at: int, place: int) -> float:
        """How well a number fits, all in all."""
        kind = self.places[place].numbers[0].kind
        unlikely = self._unlikely if kind == "word" else 0.0
        return self.support(at, place) - unlikely

    def written(self, at: int, place: int) -> str:
        """Return the number as this argument wants it."""
        return self._judged(at, place)[1]

    def _barred(self, place: _Place) -> float:
        """How much speaks against a number of a day, of a formula, or of a list."""
        first = place.numbers[0]
        of_list = _OF_LIST * (first.run in self._lists)
        return of_list + _OF_OTHER * (first.kind == "part")

    def _judged(self, at: int, place: int) -> tuple[float, str]:
        if (at, place) not in self._kept:
            self._kept[at, place] = self._judge(self.fields[at], at, self.places[place])
        return self._kept[at, place]

    def _judge(self, field: Field, at: int, place: _Place) -> tuple[float, str]:
        one = _as_wanted(field, place)
        if one is None:
            return -9.0, ""
        counts = self._counts[at]
        evidence = sum(counts.get(s, 0.0) * weight for s, weight in one.around)
        if "year" in counts and one.written.isdigit() and int(one.written) in _YEARS:
            evidence += _YEAR
        return evidence, one.written


def _counted(about: str) -> list[str]:
    """Return the stems of what an argument is the number of."""
    found = _COUNT_OF.search(about)
    return read_stems(found[1]) if found else []


def _as_wanted(field: Field, place: _Place) -> SaidNumber | None:
    """Choose the way to write a number, such as 5 or 0.05 for "5 %"."""
    value = field.value
    assert isinstance(value, Whole | Real)
    fitting = [one for one in place.numbers if fits(one.written, value)]
    if not fitting:
        return None
    shares = [one for one in fitting if one.share]
    if shares and isinstance(field.value, Real):
        percent = _IN_PERCENT.search(field.about) and not _DECIMAL.search(field.about)
        return (
            next((o for o in fitting if not o.share), shares[0])
            if percent
            else shares[0]
        )
    return fitting[0]


def _places(said: Sequence[SaidNumber]) -> list[_Place]:
    by_start: dict[int, list[SaidNumber]] = {}
    for one in said:
        by_start.setdefault(one.start, []).append(one)
    return [_Place(tuple(by_start[start])) for start in sorted(by_start)]


def _first(needed: Sequence[int], fits: _Fits) -> dict[int, int | None]:
    """Give numbers in order."""
    count = len(fits.places)
    return {at: place if place < count else None for place, at in enumerate(needed)}


def _total(chosen: Mapping[int, int | None], fits: _Fits) -> float:
    scores = [fits.score(at, p) for at, p in chosen.items() if p is not None]
    rows = [p for _, p in sorted(chosen.items()) if p is not None]
    return sum(scores) + _IN_ORDER * sum(a < b for a, b in pairwise(rows))


def _improved(chosen: dict[int, int | None], fits: _Fits) -> dict[int, int | None]:
    """Exchange numbers as long as that fits better."""
    best = _total(chosen, fits)
    better = True
    while better:
        better = False
        for other in _neighbours(chosen, len(fits.places)):
            total = _total(other, fits)
            if total > best + 1e-9:
                chosen, best, better = other, total, True
    return chosen


def _neighbours(
    chosen: dict[int, int | None], count: int
) -> list[dict[int, int | None]]:
    found: list[dict[int, int | None]] = []
    for at, place in chosen.items():
        for other in range(count):
            if other == place:
                continue
            holder = next((k for k, v in chosen.items() if v == other), None)
            moved = {**chosen, at: other}
            if holder is not None:
                moved[holder] = place
            found.append(moved)
    # Shifting all of them by one keeps the order.
    for step in (-1, 1):
        shifted = {k: None if v is None else v + step for k, v in chosen.items()}
        if all(v is None or 0 <= v < count for v in shifted.values()):
            found.append(shifted)
    return found


def fits(written: str, value: Whole | Real) -> bool:
    """Whether a number is of a type and within its bounds."""
    number = float(written)
    if isinstance(value, Whole) and not number.is_integer():
        return False
    low = -inf if value.low is None else value.low
    high = inf if value.high is None else value.high
    return low <= number <= high
