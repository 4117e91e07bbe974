"""Decades, centuries and what has passed of a year: "the 90s", "year to date"."""

from dataclasses import replace
from datetime import datetime

from agentkit.slots.numbers import integer, ordinal, year_number
from agentkit.slots.periods import Grain, Span, unit
from agentkit.slots.reading import Hit, PeriodAt, Reading, Rule, longest
from agentkit.slots.unit_words import direction

_SPOKEN = {
    "twenties": 20,
    "thirties": 30,
    "forties": 40,
    "fifties": 50,
    "sixties": 60,
    "seventies": 70,
    "eighties": 80,
    "nineties": 90,
    "noughties": 100,
    "aughts": 100,
}
_TO_DATE: dict[str, Grain] = {
    "year": "year",
    "month": "month",
    "quarter": "quarter",
    "week": "week",
    "ytd": "year",
    "mtd": "month",
    "qtd": "quarter",
}


_BEFORE_DECADE = frozenset({"in", "early", "late", "mid", "-"})


def _years(first: int, count: int) -> Span:
    return replace(unit(datetime(first, 1, 1), "year", 0, count), whole=False)


def _decade(reading: Reading, index: int, inner: PeriodAt) -> Hit | None:
    """Read "the 90s", "1990s", "the 1970's", "the nineties"."""
    start = index + (reading.word(index) == "the")
    start += reading.word(start) == "'"
    word = reading.word(start)
    if word in _SPOKEN and (start > index or reading.word(index - 1) in _BEFORE_DECADE):
        return _years(1900 + _SPOKEN[word], 10), start + 1
    mark = start + 1 + (reading.word(start + 1) == "'")
    told = start > index or reading.word(index - 1) in _BEFORE_DECADE
    close = reading.word(mark) == "s"
    if not close or not _round(word, told=told):
        return None
    year = int(word)
    if len(word) != 4:
        year += 1900 if year > 20 else 2000
    return (_years(year, 10), mark + 1) if 1000 <= year < 3000 else None


def _round(word: str, *, told: bool) -> bool:
    """Whether a number names a decade: 1990, or 90 after "the"."""
    return word.isdigit() and word.endswith("0") and len(word) in (2 * told, 4)


def _long_unit(reading: Reading, index: int, inner: PeriodAt) -> Hit | None:
    """Read "last decade", "this century", "the 21st century"."""
    start = index + (reading.word(index) == "the")
    side = direction(reading, start)
    if side and reading.word(side[1]) in ("decade", "century"):
        size = 10 if reading.word(side[1]) == "decade" else 100
        first = reading.now.year // size * size + side[0] * size
        return _years(first, size), side[1] + 1
    many = integer(reading.tokens, side[1]) if side and side[0] else None
    if side and many and reading.word(many[1]) in ("decades", "centuries"):
        size = 10 if reading.word(many[1]) == "decades" else 100
        now = reading.now.year // size * size
        first = now + size if side[0] > 0 else now - many[0] * size
        return _years(first, many[0] * size), many[1] + 1
    nth = ordinal(reading.tokens, start)
    if nth is None or reading.word(nth[1]) != "century" or not 10 < nth[0] < 31:
        return None
    return _years(nth[0] * 100 - 100, 100), nth[1] + 1


def _to_date(reading: Reading, index: int, inner: PeriodAt) -> Hit | None:
    """Read "year to date", "MTD", and "to date" alone up to today."""
    start = index + (reading.word(index) == "the")
    grain = _TO_DATE.get(reading.word(start))
    joined = reading.skip(start + 1, frozenset({"-"}))
    end = start + 1
    if grain is None or not reading.word(start).endswith("td"):
        if grain is None or reading.word(joined) != "to":
            return None
        end = reading.skip(joined + 1, frozenset({"-"})) + 1
        if reading.word(end - 1) != "date":
            return None
    today = unit(reading.now, "day").start
    return Span(unit(reading.now, grain).start, today, "day", whole=False), end


def _date_as_today(reading: Reading, index: int, inner: PeriodAt) -> Hit | None:
    """Read the "date" of "from March to date"."""
    between = reading.word(index - 1) == "to" and reading.word(index - 2) != "up"
    if reading.word(index) != "date" or not between:
        return None
    return unit(reading.now, "day"), index + 1


def _fiscal(reading: Reading, index: int, inner: PeriodAt) -> Hit | None:
    """Read "CY18", "CY 2018": a calendar year."""
    word, digits = reading.word(index), reading.word(index + 1)
    if word != "cy" or not digits.isdigit():
        return None
    year = year_number(reading.tokens, index + 1)
    if year is None and len(digits) == 2 and not reading.tokens[index + 1].gap:
        year = 2000 + int(digits), index + 2
    return (unit(datetime(year[0], 1, 1), "year"), year[1]) if year else None


_RULES: tuple[Rule, ...] = (_decade, _long_unit, _to_date, _date_as_today, _fiscal)


def era_at(reading: Reading, index: int, inner: PeriodAt) -> Hit | None:
    """The longest such phrase that starts here."""
    return longest(_RULES, reading, index, inner)
