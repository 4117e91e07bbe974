"""Periods told by what they lie in or around: "June next year", "week of May 7"."""

from datetime import datetime

from agentkit.slots.date_words import month_at
from agentkit.slots.holiday_words import holiday_at, holiday_in
from agentkit.slots.inner_words import named_period
from agentkit.slots.numbers import year_number
from agentkit.slots.periods import unit
from agentkit.slots.reading import Hit, PeriodAt, Reading, Rule, longest
from agentkit.slots.unit_words import direction, weekend

_OF = frozenset({"of", "in", "the", "on"})


def _month_of(reading: Reading, index: int, inner: PeriodAt) -> Hit | None:
    """Read "June next year", "March of the year after next"."""
    month = month_at(reading.tokens, index)
    link = reading.skip(month[1], _OF) if month else 0
    if month is None or not (link > month[1] or direction(reading, link)):
        return None
    year = named_period(reading, link, inner)
    if year is None or year[0].grain != "year" or not year[0].whole:
        return None
    return unit(datetime(year[0].start.year, month[0], 1), "month"), year[1]


def _feast_weekend(reading: Reading, index: int, inner: PeriodAt) -> Hit | None:
    """Read "Labor Day weekend", "Easter weekend of 2019"."""
    feast = holiday_at(reading, index, inner)
    if feast is None or reading.word(feast[1]) != "weekend":
        return None
    end = feast[1] + 1
    link = reading.skip(end, _OF)
    year = year_number(reading.tokens, link)
    if year:
        feast = holiday_in(reading, index, year[0]) or feast
        end = year[1]
    early = feast[0].start.weekday() < 3
    return weekend(feast[0].start, -1 if early else 0), end


def _unit_of(reading: Reading, index: int, inner: PeriodAt) -> Hit | None:
    """Read "the week of october 7th", "w/c Feb 4", "the weekend of halloween"."""
    start = index + (reading.word(index) == "the")
    word = reading.word(start)
    linked = reading.word(start + 1) in ("of", "commencing", "starting", "beginning")
    link = reading.sees(start, "w / c") or (start + 2 if linked else 0)
    link += bool(link) and reading.word(link) == "on"
    if not link or (word not in ("week", "weekend") and word != "w"):
        return None
    day = inner(reading, link)
    if day is None or day[0].grain != "day":
        return None
    if word == "weekend":
        # A Monday holiday makes a long weekend with the days before it.
        early = day[0].start.weekday() < 3
        return weekend(day[0].start, -1 if early else 0), day[1]
    return unit(day[0].start, "week"), day[1]


_RULES: tuple[Rule, ...] = (_month_of, _feast_weekend, _unit_of)


def framed_at(reading: Reading, index: int, inner: PeriodAt) -> Hit | None:
    """The longest such phrase that starts here."""
    return longest(_RULES, reading, index, inner)
