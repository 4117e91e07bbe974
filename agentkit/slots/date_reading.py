"""What every rule of dates is handed, and a day told by some of its numbers."""

from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Literal

from agentkit.language.tokens import Tokens
from agentkit.slots.periods import Span, date_span, day_span, unit

Prefer = Literal["future", "past"]


@dataclass(frozen=True, slots=True)
class DayFields:
    """What was said of a day; None where nothing was said.

    Attributes:
        year: four digits.
        month: 1 to 12.
        day: 1 to 31.
        weekday: 0 is Monday.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None

    def joined(self, other: "DayFields") -> "DayFields | None":
        """Both together, or None when they name the same thing differently."""
        told: list[int | None] = []
        for name in ("year", "month", "day", "weekday"):
            one, two = getattr(self, name), getattr(other, name)
            if one is not None and two is not None:
                return None
            told.append(two if one is None else one)
        return DayFields(*told)


def resolve_fields(
    fields: DayFields, now: datetime, *, prefer: Prefer = "future"
) -> Span | None:
    """The day, month or year that is meant, nearest in the preferred direction."""
    if fields.month is None and fields.day is None:
        return _weekday_or_year(fields, now, prefer)
    if fields.month is not None and fields.day is None:
        return _month(fields, now, prefer)
    return _nearest_day(fields, now, prefer)


def _weekday_or_year(fields: DayFields, now: datetime, prefer: Prefer) -> Span | None:
    if fields.year is not None:
        return unit(datetime(fields.year, 1, 1), "year")
    if fields.weekday is None:
        return None
    return coming_weekday(now, fields.weekday, prefer=prefer)


def coming_weekday(now: datetime, weekday: int, *, prefer: Prefer = "future") -> Span:
    """The next (or last) such weekday, never today."""
    ahead = (weekday - now.weekday() - 1) % 7 + 1
    back = (now.weekday() - weekday - 1) % 7 + 1
    days = ahead if prefer == "future" else -back
    return day_span(now + timedelta(days=days))


def _month(fields: DayFields, now: datetime, prefer: Prefer) -> Span:
    month = fields.month or 1
    year = fields.year or now.year
    if fields.year is None and prefer == "future" and month < now.month:
        year += 1
    if fields.year is None and prefer == "past" and month > now.month:
        year -= 1
    return unit(datetime(year, month, 1), "month")


def _nearest_day(fields: DayFields, now: datetime, prefer: Prefer) -> Span | None:
    if fields.month is None and fields.year is None and fields.weekday is not None:
        return _nearest_named(fields, now, prefer)
    return _searched(fields, now, prefer)


def _nearest_named(fields: DayFields, now: datetime, prefer: Prefer) -> Span | None:
    """For "Friday the 22nd" the nearer one, when it lies in this month."""
    span = _searched(fields, now, prefer)
    here = _in_month(fields, now.year, now.month)
    if span is None or here is None:
        return span or here
    return min(here, span, key=lambda told: abs(told.start - now))


def _searched(fields: DayFields, now: datetime, prefer: Prefer) -> Span | None:
    """Month by month: leap days and "Friday 13th" may be years away."""
    step = 1 if prefer == "future" else -1
    months = 12 * 9 if fields.weekday is None or fields.month is None else 25
    first = now.year * 12 + now.month - 1
    if fields.year is not None:
        first = fields.year * 12 + (0 if step == 1 else 11)
        months = 12
    for offset in range(months):
        year, month = divmod(first + step * offset, 12)
        if fields.month not in (None, month + 1) or not 1 <= year <= 9998:
            continue
        span = _in_month(fields, year, month + 1)
        if span and (fields.year is not None or _on_side(span, now, prefer)):
            return span
    if fields.month is None or fields.weekday is None:
        return None
    # No such weekday falls on that date soon: the weekday is a slip.
    return _nearest_day(replace(fields, weekday=None), now, prefer)


def _in_month(fields: DayFields, year: int, month: int) -> Span | None:
    day = fields.day or 1
    if not 1 <= day <= monthrange(year, month)[1]:
        return None
    span = date_span(year, month, day)
    # A weekday that contradicts a full date is the writer's slip; the date holds.
    told = fields.year is not None and fields.month is not None
    wrong = fields.weekday not in (None, span.start.weekday())
    return None if wrong and not told else span


def _on_side(span: Span, now: datetime, prefer: Prefer) -> bool:
    if prefer == "past":
        return span.start <= now
    return span.end is not None and span.end > now


@dataclass(frozen=True, slots=True)
class Reading:
    """One text being read.

    Attributes:
        tokens: its words, numbers and signs.
        now: the clock that the words are seen from, without a zone.
        prefer: where a bare weekday or date is looked for first.
        zone: the user's time zone, for times told in another one.
        whole: whether all of the text is one date, so that "in 15" can be read.
        memo: what was read at each place, so that no place is read twice.
        phrases: the same for whole phrases.
        parts: the same for the word groups of a phrase.
        words: what each token says, by its place; empty outside of the text.
    """

    tokens: Tokens
    now: datetime
    prefer: Prefer = "future"
    zone: tzinfo = UTC
    whole: bool = False
    memo: dict[int, "tuple[Span, int] | None"] = field(
        default_factory=dict[int, "tuple[Span, int] | None"], compare=False
    )
    phrases: dict[tuple[int, bool], Any] = field(
        default_factory=dict[tuple[int, bool], Any], compare=False
    )
    parts: dict[tuple[int, bool, bool], Any] = field(
        default_factory=dict[tuple[int, bool, bool], Any], compare=False
    )
    words: dict[int, str] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Have the words at hand."""
        object.__setattr__(self, "words", self.tokens.words)

    def sees_any(self, index: int, phrases: "Phrases") -> int:
        """The index after the longest of some phrases that stands here, or 0."""
        known = phrases.get(self.words[index])
        return max(self.sees(index, phrase) for phrase in known) if known else 0

    def skip(self, index: int, words: frozenset[str]) -> int:
        """The first place from index on whose word is none of these."""
        while self.words[index] in words:
            index += 1
        return index

    def sees(self, index: int, phrase: str) -> int:
        """The index after a phrase that stands here, or 0 when it does not."""
        first = self.words[index]
        if not first or not phrase.startswith(first):
            # Nearly always: no need to split the phrase.
            return 0
        for word in phrase.split():
            if self.words[index] != word:
                return 0
            index += 1
        return index


Phrases = dict[str, tuple[str, ...]]


def phrases_by_first_word(phrases: Iterable[str]) -> Phrases:
    """The phrases by their first word, so that most need not be looked at."""
    table: dict[str, list[str]] = {}
    for phrase in phrases:
        table.setdefault(phrase.partition(" ")[0], []).append(phrase)
    return {word: tuple(known) for word, known in table.items()}


Hit = tuple[Span, int]
PeriodAt = Callable[[Reading, int], Hit | None]
Rule = Callable[[Reading, int, PeriodAt], Hit | None]


def longest(
    rules: tuple[Rule, ...], reading: Reading, index: int, inner: PeriodAt
) -> Hit | None:
    """What the rule that reads furthest makes of a place; the first of equals."""
    best: Hit | None = None
    for rule in rules:
        hit = rule(reading, index, inner)
        if hit and (best is None or hit[1] > best[1]):
            best = hit
    return best
