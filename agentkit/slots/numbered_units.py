"""Seasons, quarters, halves and weeks by name or number: "Q1 2019", "week 27"."""

from datetime import datetime

from agentkit.slots.numbers import ordinal, two_digit_year, year_number
from agentkit.slots.periods import Grain, Span, length_of, shift, unit
from agentkit.slots.reading import Hit, PeriodAt, Reading, Rule, longest
from agentkit.slots.seasons import SEASONS, season
from agentkit.slots.unit_words import direction

_YEARS = frozenset({"-", ",", "'s", "the", "'", "s"})


def _season(reading: Reading, index: int, inner: PeriodAt) -> Hit | None:
    """Read "summer 2018", "the winter of 2019"."""
    start = index + (reading.word(index) == "the")
    name = reading.word(start)
    if name not in SEASONS:
        return None
    end = start + 1
    skipped = reading.skip(end, frozenset({"of", ",", "in"}))
    short = reading.word(skipped + 1)
    if reading.word(skipped) == "'" and short.isdigit() and len(short) == 2:
        full = two_digit_year(int(short), reading.now.year)
        return season(name, reading.now, full, 0), skipped + 2
    year = year_number(reading.tokens, skipped)
    if year is None:
        return season(name, reading.now, None, 0), end
    return season(name, reading.now, year[0], 0), year[1]


def _year_near(reading: Reading, index: int, inner: PeriodAt) -> tuple[int, int]:
    """A year, or a period of one year, after "of", "in" or nothing; else this."""
    start = reading.skip(index, frozenset({"of", "in", "-", ",", "the", "/"}))
    year = year_number(reading.tokens, start)
    if year:
        return year
    near = start > index or direction(reading, start)
    told = inner(reading, start) if near else None
    if told and told[0].grain == "year":
        return told[0].start.year, told[1]
    short = reading.word(start)
    if start == index and short.isdigit() and len(short) == 2:
        close = not reading.tokens[start].gap
        if close:
            return two_digit_year(int(short), reading.now.year), start + 1
    return 0, index


def _quarter(reading: Reading, index: int, inner: PeriodAt) -> Hit | None:
    """Read "Q1 2019", "2019-Q1", "the third quarter of 2018", "H2 2019"."""
    before = year_number(reading.tokens, index)
    start = reading.skip(before[1], _YEARS) if before else index
    start = start if before else start + (reading.word(start) == "the")
    hit = _numbered(reading, start)
    if hit is None:
        return None
    months, part, end = hit
    year = (before[0], end) if before else _year_near(reading, end, inner)
    first = datetime(year[0] or reading.now.year, 1, 1)
    first = shift(first, length_of(months * (part - 1), "month"))
    last = shift(first, length_of(months, "month"))
    quarter = months == 3
    grain: Grain = "quarter" if quarter else "month"
    return Span(first, last, grain, whole=quarter), year[1]


def _numbered(reading: Reading, index: int) -> tuple[int, int, int] | None:
    """Months in the part, which part, and the index after it."""
    word, digit = reading.word(index), reading.word(index + 1)
    if word in ("q", "h") and digit.isdigit() and not reading.tokens[index + 1].gap:
        parts = 4 if word == "q" else 2
        good = 1 <= int(digit) <= parts and len(digit) == 1
        return (12 // parts, int(digit), index + 2) if good else None
    nth = ordinal(reading.tokens, index)
    if nth is None:
        return None
    name = reading.word(nth[1])
    if name in ("quarter", "qtr") and nth[0] <= 4:
        return 3, nth[0], nth[1] + 1
    return (6, nth[0], nth[1] + 1) if name == "half" and nth[0] <= 2 else None


def _week_number(reading: Reading, index: int, inner: PeriodAt) -> Hit | None:
    """Read "week 27", "the week 3 of last year", by ISO 8601."""
    start = reading.skip(index, frozenset({"the", "calendar"}))
    if reading.word(start) not in ("week", "wk", "kw", "w"):
        return None
    if reading.word(start) == "w" and reading.tokens[start : start + 2][-1].gap:
        return None
    number = reading.word(start + 1)
    if not number.isdigit() or not 1 <= int(number) <= 53:
        return None
    year, end = _year_near(reading, start + 2, inner)
    first = datetime.fromisocalendar(year or reading.now.year, 1, 1)
    return unit(first, "week", int(number) - 1), end


_RULES: tuple[Rule, ...] = (_season, _quarter, _week_number)


def numbered_units_at(reading: Reading, index: int, inner: PeriodAt) -> Hit | None:
    """The longest such period that starts here."""
    return longest(_RULES, reading, index, inner)
