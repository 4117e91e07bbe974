"""Holidays by name, with a year or seen from now: "christmas 2013", "last easter"."""

from contextlib import suppress
from datetime import date, datetime, time
from functools import cache

from agentkit.slots.holidays import Feast, feasts
from agentkit.slots.numbers import year_number
from agentkit.slots.periods import Span, date_span, unit
from agentkit.slots.reading import Hit, PeriodAt, Reading
from agentkit.slots.unit_words import direction

_LONGEST = 6
_LINK = frozenset({"of", "in", ",", "on"})


@cache
def _first_words() -> frozenset[str]:
    """What the names begin with; a lone apostrophe is a word too."""
    return frozenset(name.partition(" ")[0] for name in feasts()) | {""}


def _name_at(reading: Reading, index: int) -> tuple[Feast, int] | None:
    """The longest known name that starts here; hyphens and apostrophes are free."""
    words: list[str] = []
    found: tuple[Feast, int] | None = None
    start = reading.word(index)
    if start not in ("-", ".") and start.replace("'", "") not in _first_words():
        return None
    table = feasts()
    for place in range(index, min(index + _LONGEST, len(reading.tokens))):
        word = reading.word(place)
        word = word.replace("'", "") if len(word) > 1 else word
        owned = word == "'" and reading.word(place - 1).endswith("s")
        if word in ("-", ".") or owned:
            continue
        words.append(word)
        name = " ".join(words)
        feast = table.get(name) or table.get(name.removesuffix(" day"))
        if feast:
            found = feast, place + 1
    return found


def holiday_at(reading: Reading, index: int, inner: PeriodAt) -> Hit | None:
    """A holiday that starts here; without a year the next one, or the last."""
    start = index + (reading.word(index) == "the")
    side = direction(reading, start)
    name = _name_at(reading, side[1] if side else start)
    if name is None:
        return None
    feast, end = name
    link = reading.skip(end, _LINK)
    year = year_number(reading.tokens, link)
    if year:
        return _in_year(feast, year[0]), year[1]
    near = link > end or direction(reading, link)
    whole = inner(reading, link) if near else None
    if reading.word(end) == "in" and not whole:
        # "thanksgiving in 3 years": the first one from that day on.
        ahead = inner(reading, end)
        if ahead and ahead[0].grain in ("day", "hour"):
            return _nearest(feast, ahead[0].start, past=False), ahead[1]
    if whole and whole[0].grain == "year":
        return _in_year(feast, whole[0].start.year), whole[1]
    past = side[0] < 0 if side else reading.prefer == "past"
    return _nearest(feast, reading.now, past=past), end


def holiday_in(reading: Reading, index: int, year: int) -> Hit | None:
    """The holiday that starts here, in a year that is told elsewhere."""
    name = _name_at(reading, index + (reading.word(index) == "the"))
    return (_in_year(name[0], year), name[1]) if name else None


def _in_year(feast: Feast, year: int) -> Span:
    """The feast of a year, the first where there are two; ValueError for none."""
    days = feast.rule(year)
    if not days:
        raise ValueError(f"The feast falls on no day of {year}.")
    return _span(feast, days[0])


def _span(feast: Feast, first: date) -> Span:
    span = date_span(first.year, first.month, first.day)
    if feast.length == 1:
        return span
    end = datetime.combine(feast.end(first), time())
    return Span(span.start, end, "day", whole=False)


def _nearest(feast: Feast, now: datetime, *, past: bool) -> Span:
    """The first from today on, or the latest before today."""
    today = unit(now, "day").start
    # A feast by the moon may come twice in a year, or late in the year before.
    spans = _around(feast, now.year)
    if past:
        return max((s for s in spans if s.start < today), key=lambda s: s.start)
    return min((s for s in spans if s.start >= today), key=lambda s: s.start)


def _around(feast: Feast, year: int) -> list[Span]:
    """The feast of the year and those beside it, as far as there are any."""
    days: list[date] = []
    for near in (year - 1, year, year + 1, year + 2):
        with suppress(ValueError):
            days.extend(feast.rule(near))
    return [_span(feast, day) for day in days]
