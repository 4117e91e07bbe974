"""Days inside a longer period: "last friday of May", "end of the month", "EOY"."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from agentkit.language.numbers import integer, ordinal
from agentkit.slots.date_text import DateText, Hit, PeriodAt, Rule, longest
from agentkit.slots.date_words import month_at, weekday_at
from agentkit.slots.lengths import unit_at
from agentkit.slots.periods import (
    Grain,
    TimeSpan,
    day_span,
    edge,
    half_way,
    length_of,
    shift,
    unit,
)
from agentkit.slots.unit_words import direction, weekend

_OF = frozenset({"of", "in", "the", "on"})
# 1 is the end of a period, -1 its beginning, 0 its middle.
_EDGES = {
    "end": 1,
    "beginning": -1,
    "start": -1,
    "middle": 0,
    "mid": 0,
    "early": -1,
    "late": 1,
    "later": 1,
    "earlier": -1,
}
_SHORT: dict[str, tuple[int, Grain]] = {
    "eow": (1, "week"),
    "eom": (1, "month"),
    "eoq": (1, "quarter"),
    "eoy": (1, "year"),
    "bom": (-1, "month"),
    "boy": (-1, "year"),
}
_LAST = frozenset({"last", "final"})
NAMES = tuple(_SHORT)
LEADS = (*_EDGES, *_LAST)


Span = TimeSpan | None


def _short_edge(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """Read "EOM", "the EOY"."""
    start = index + (reading.words[index] == "the")
    short = _SHORT.get(reading.words[start])
    # "Boy" and "bom" in small letters are words.
    if short is None or (short[0] < 0 and not reading.tokens[start].upper):
        return None
    return edge(unit(reading.now, short[1]), short[0]), start + 1


def _long_edge(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """Read "end of the month", "at the beginning of next week", "mid 1989"."""
    start = index + (reading.words[index] == "the")
    side = _EDGES.get(reading.words[start])
    if side is None:
        return None
    word, joined = reading.words[start], reading.skip(start + 1, frozenset({"-"}))
    if word in ("later", "earlier") and reading.words[joined] == "today":
        return _rest_of_day(reading, late=word == "later"), joined + 1
    linked = reading.words[joined] == "of"
    # Nouns need "of" behind them; "mid June" and "early June" do not.
    if not linked and word in ("end", "beginning", "start", "middle"):
        return None
    inside = not linked and reading.sees(joined, "in the")
    if inside and unit_at(reading.tokens, inside):
        joined = inside
    joined = reading.skip(joined + linked, frozenset({"the", "around", "-"}))
    if word == "end" and reading.words[joined] == "day":
        # A part of the day, which may stand before or after its day.
        return None
    span = named_period(reading, joined, inner)
    if span is None or span[0].grain in ("second", "minute", "hour"):
        return None
    # "Early Friday" is a part of the day, which other rules read.
    if not linked and span[0].grain == "day" and span[0].whole:
        return None
    if word in ("early", "late") and direction(reading, joined):
        return _half(span[0], late=side > 0), span[1]
    cut = rolled(reading, joined, span[0], lambda one: edge(one, side))
    return _cut_at_now(cut or span[0], word, span[0], reading), span[1]


def _half(whole: TimeSpan, *, late: bool) -> TimeSpan:
    """The first or second half, for "early next month" and "late last week"."""
    middle = half_way(whole.start, whole.grain)
    if late:
        return replace(whole, start=middle, grain="day", whole=False)
    if whole.grain == "week":
        middle = whole.start + timedelta(days=3)
    return replace(whole, end=middle, grain="day", whole=False)


def _rest_of_day(reading: DateText, *, late: bool) -> TimeSpan:
    """Today from now on, or up to now."""
    today, now = unit(reading.now, "day"), reading.now.replace(microsecond=0)
    if late:
        return TimeSpan(now, today.end, "minute", whole=False)
    return TimeSpan(today.start, now, "minute", whole=False)


def _cut_at_now(
    cut: TimeSpan, word: str, whole: TimeSpan, reading: DateText
) -> TimeSpan:
    """The part from today on for "later this week", up to today for "earlier"."""
    if word not in ("later", "earlier") or whole.end is None:
        return cut
    if not whole.start <= reading.now < whole.end or whole.grain == "day":
        return cut
    today = unit(reading.now, "day").start
    middle = half_way(whole.start, whole.grain)
    if word == "later":
        return TimeSpan(max(middle, today), whole.end, "day", whole=False)
    return TimeSpan(whole.start, min(middle, today), "day", whole=False)


def named_period(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """The current unit where one is named alone, or any other period."""
    grain = unit_at(reading.tokens, index)
    long = grain and grain[0] in ("day", "week", "month", "quarter", "year")
    if grain and long and grain[1] == 1:
        return unit(reading.now, grain[0]), grain[2]
    return inner(reading, index)


def rolled(
    reading: DateText, place: int, whole: TimeSpan, cut: Callable[[TimeSpan], Span]
) -> Span:
    """Cut a part of a period; of "the month" the next one, where it has passed.

    Args:
        reading: the text and its clock.
        place: where the period is named; with "this" or "next" it stays as it is.
        whole: the period.
        cut: takes the part out of a period.
    """
    span = cut(whole)
    unit_named = unit_at(reading.tokens, place)
    past = span and span.end and span.end <= reading.now
    if not (past and unit_named and reading.prefer == "future"):
        return span
    return cut(unit(reading.now, unit_named[0], 1))


def _nth(reading: DateText, index: int) -> tuple[int, int] | None:
    """Read "first", "the 2nd", "last", "third last", "second to last"."""
    start = index + (reading.words[index] == "the")
    # Negative numbers count from the end: -1 is the last, -2 the last but one.
    if reading.words[start] in _LAST:
        return -1, start + 1
    nth = ordinal(reading.tokens, start)
    # No longer period has more days than a leap year.
    if nth is None or nth[0] > 366:
        return None
    last = reading.sees(nth[1], "to last") or reading.sees(nth[1], "last")
    return (-nth[0], last) if last else nth


def _nth_in(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """Read "first monday of next month", "last week of 2018", "fifth last day of May"."""
    nth = _nth(reading, index)
    if nth is None:
        return None
    day = weekday_at(reading.tokens, nth[1])
    grain = unit_at(reading.tokens, nth[1])
    plain = reading.words[nth[1]] in ("weekend", "weekends")
    end = nth[1] + 1 if plain else day[1] if day else grain[2] if grain else 0
    link = reading.skip(end, _OF) if end else 0
    # Without "of" or a direction two things stand side by side: "first Monday June".
    if not end or (link == end and not direction(reading, link)):
        return None
    whole = named_period(reading, link, inner)
    if whole is None or whole[0].end is None:
        return None

    # Wrapped, since `rolled` may cut a second period the same way.
    def cut(period: TimeSpan) -> Span:
        if plain:
            return _nth_weekend(period, nth[0])
        if day:
            return _nth_weekday(period, day[0], nth[0])
        return _nth_unit(period, grain[0], nth[0]) if grain else None

    span = rolled(reading, link, whole[0], cut)
    return (span, whole[1]) if span else None


def no_such_day(reading: DateText, index: int, inner: PeriodAt) -> int:
    """The index after a day that does not exist: "5th Tuesday in October" with four.

    0 where no such day is named.
    """
    nth = _nth(reading, index)
    day = weekday_at(reading.tokens, nth[1]) if nth else None
    if nth is None or day is None:
        return 0
    link = reading.skip(day[1], _OF)
    if link == day[1] and not direction(reading, link):
        return 0
    whole = named_period(reading, link, inner)
    if (
        whole is None
        or whole[0].end is None
        or whole[0].grain
        not in (
            "month",
            "quarter",
            "year",
        )
    ):
        return 0
    return 0 if _nth_weekday(whole[0], day[0], nth[0]) else whole[1]


def _few_in(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """Read "first ten days of January", "last 2 weeks of May"."""
    start = index + (reading.words[index] == "the")
    word = reading.words[start]
    count = integer(reading.tokens, start + 1)
    grain = unit_at(reading.tokens, count[1]) if count else None
    if word not in ("first", *_LAST) or count is None or grain is None:
        return None
    link = reading.skip(grain[2], _OF)
    whole = named_period(reading, link, inner) if link > grain[2] else None
    if whole is None or whole[0].end is None or not 0 < count[0] < 400:
        return None
    length = length_of(count[0] * grain[1], grain[0])
    first, last = whole[0].start, whole[0].end
    if word == "first":
        last = min(shift(first, length), last)
    else:
        first = max(shift(last, length, -1), first)
    return TimeSpan(first, last, grain[0], whole=False), whole[1]


def _nth_weekday(whole: TimeSpan, weekday: int, nth: int) -> TimeSpan | None:
    if whole.end is None or whole.grain in ("second", "minute", "hour", "day"):
        return None
    if nth > 0:
        ahead = (weekday - whole.start.weekday()) % 7 + 7 * (nth - 1)
        day = whole.start + timedelta(days=ahead)
    else:
        last = whole.end - timedelta(days=1)
        back = (last.weekday() - weekday) % 7 + 7 * (-nth - 1)
        day = last - timedelta(days=back)
    return day_span(day) if whole.start <= day < whole.end else None


def _nth_weekend(whole: TimeSpan, nth: int) -> TimeSpan | None:
    # A weekend belongs where its Saturday lies.
    saturday = _nth_weekday(whole, 5, nth)
    return weekend(saturday.start) if saturday else None


def _nth_unit(whole: TimeSpan, grain: Grain, nth: int) -> TimeSpan | None:
    """The nth unit in a period; a week belongs where its Thursday lies."""
    if whole.end is None:
        return None
    if grain == "week":
        # ISO 8601 counts weeks so.
        thursday = _nth_weekday(whole, 3, nth)
        return unit(thursday.start, "week") if thursday else None
    if nth > 0:
        start = shift(whole.start, length_of(nth - 1, grain))
    else:
        start = shift(whole.end, length_of(-nth, grain), -1)
    return unit(start, grain) if whole.start <= start < whole.end else None


def _nth_of_month(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """Read "the 20th of next month", "20 of next month", "the last of the month"."""
    start = index + (reading.words[index] == "the")
    hit = _nth(reading, index)
    word = reading.words[start]
    if hit is None and word.isdigit() and len(word) <= 2:
        hit = int(word), start + 1
    if hit is None or month_at(reading.tokens, hit[1]):
        return None
    named = hit[1] + (reading.words[hit[1]] == "day")
    link = reading.skip(named, _OF)
    if month_at(reading.tokens, link):
        return None
    if link == named and reading.words[link] not in ("this", "next", "last"):
        return None
    whole = named_period(reading, link, inner)
    grain = whole[0].grain if whole and whole[0].whole else ""
    # Of a year only the first is a day: "the 20th of next year" is a slip.
    if whole is None or not (grain == "month" or (grain == "year" and hit[0] == 1)):
        return None
    nth = hit[0]
    span = rolled(reading, link, whole[0], lambda one: _nth_unit(one, "day", nth))
    return (span, whole[1]) if span else None


_RULES: tuple[Rule, ...] = (
    _short_edge,
    _long_edge,
    _nth_in,
    _few_in,
    _nth_of_month,
)


def inner_at(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """The longest phrase for a part of a longer period that starts here."""
    return longest(_RULES, reading, index, inner)
