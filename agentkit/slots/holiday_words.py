"""Holidays by name, with a year or seen from now: "christmas 2013", "last easter"."""

from datetime import date, datetime

from agentkit.slots.holidays import Rule, rules
from agentkit.slots.numbers import year_number
from agentkit.slots.periods import Span, date_span
from agentkit.slots.reading import Hit, PeriodAt, Reading
from agentkit.slots.unit_words import direction

_LONGEST = 6
_LINK = frozenset({"of", "in", ",", "on"})


def _name_at(reading: Reading, index: int) -> tuple[Rule, int] | None:
    """The longest known name that starts here; hyphens and apostrophes are free."""
    words: list[str] = []
    found: tuple[Rule, int] | None = None
    table = rules()
    for place in range(index, min(index + _LONGEST, len(reading.tokens))):
        word = reading.word(place)
        word = word.replace("'", "") if len(word) > 1 else word
        if word in ("-", "."):
            continue
        words.append(word)
        name = " ".join(words)
        rule = table.get(name) or table.get(name.removesuffix(" day"))
        if rule:
            found = rule, place + 1
    return found


def holiday_at(reading: Reading, index: int, inner: PeriodAt) -> Hit | None:
    """A holiday that starts here; without a year the next one, or the last."""
    start = index + (reading.word(index) == "the")
    side = direction(reading, start)
    name = _name_at(reading, side[1] if side else start)
    if name is None:
        return None
    rule, end = name
    link = reading.skip(end, _LINK)
    year = year_number(reading.tokens, link)
    if year:
        return _in_year(rule, year[0]), year[1]
    near = link > end or direction(reading, link)
    whole = inner(reading, link) if near else None
    if reading.word(end) == "in" and not whole:
        # "thanksgiving in 3 years": the first one from that day on.
        ahead = inner(reading, end)
        if ahead and ahead[0].grain == "day":
            return _nearest(rule, ahead[0].start, past=False), ahead[1]
    if whole and whole[0].grain == "year":
        return _in_year(rule, whole[0].start.year), whole[1]
    past = side[0] < 0 if side else reading.prefer == "past"
    return _nearest(rule, reading.now, past=past), end


def _in_year(rule: Rule, year: int) -> Span:
    day = rule(year)
    return date_span(day.year, day.month, day.day)


def _nearest(rule: Rule, now: datetime, *, past: bool) -> Span:
    """The first from today on, or the latest before today."""
    today = now.date()
    days: list[date] = [rule(today.year + step) for step in (-1, 0, 1)]
    if past:
        day = max(day for day in days if day < today)
    else:
        day = min(day for day in days if day >= today)
    return date_span(day.year, day.month, day.day)
