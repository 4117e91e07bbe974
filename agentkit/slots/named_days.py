"""Days and moments with a name: "today", "morning", "christmas 2013"."""

from contextlib import suppress
from datetime import date, datetime, time, timedelta
from functools import cache

from agentkit.language.numbers import year_number
from agentkit.language.tokens import Tokens
from agentkit.slots.date_text import DateText, Hit, PeriodAt, phrases_by_first_word
from agentkit.slots.holidays import Feast, feasts
from agentkit.slots.periods import TimeSpan, date_span, day_span, unit
from agentkit.slots.unit_words import direction

DAYS: dict[str, int] = {
    "the day after tomorrow": 2,
    "day after tomorrow": 2,
    "the day before yesterday": -2,
    "day before yesterday": -2,
    "the next day": 1,
    "the following day": 1,
    "the day after": 1,
    "the day before": -1,
    "the previous day": -1,
    "overmorrow": 2,
    "tomorrow": 1,
    "tomorrows": 1,
    "tomorrow's": 1,
    "tmrw": 1,
    "tmr": 1,
    "tmw": 1,
    "tomorow": 1,
    "tommorow": 1,
    "tommorrow": 1,
    "yesterday": -1,
    "yesterday's": -1,
    "today": 0,
    "today's": 0,
    "todays": 0,
    "this day": 0,
    "the current day": 0,
    "all day": 0,
}
# "Tom" is a name as well: it is a day only where nothing else can stand.
_SHORT_TOMORROW = "tom"
NOWS = (
    "now",
    "right now",
    "just now",
    "right away",
    "immediately",
    "at the moment",
    "at this moment",
    "at this time",
    "this time",
    "same time",
    "the same time",
    "at the same time",
    "at the present time",
    "at present",
    "at the minute",
    "atm",
    "asap",
    "as soon as possible",
)
_DAYS = phrases_by_first_word(DAYS)
_NOWS = phrases_by_first_word(NOWS)
_ON = frozenset({"on", "the", "this"})


def named_day(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """Read "tomorrow", "the day after tomorrow", "all day Friday"."""
    if reading.whole and reading.words[index] == _SHORT_TOMORROW:
        # In a longer text it is somebody.
        return day_span(reading.now + timedelta(days=1)), index + 1
    for words in _DAYS.get(reading.words[index], ()):
        days, end = DAYS[words], reading.sees(index, words)
        if not end:
            continue
        # "All day Friday" is the Friday; "all day" alone is today.
        if words == "all day":
            named = inner(reading, reading.skip(end, _ON))
            if named and named[0].grain == "day":
                return named
        return day_span(reading.now + timedelta(days=days)), end
    return None


def present(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """Read "now" and words like it."""
    end = reading.sees_any(index, _NOWS)
    if not end:
        return None
    if reading.words[end - 1] == "time":
        named = inner(reading, end)
        if named and named[0].grain == "day":
            return _same_time(reading.now, named[0]), named[1]
    # "This time" without "at" is an occasion, not a moment.
    if reading.words[index] != "at" and reading.words[end - 1] == "time":
        return None
    return TimeSpan(reading.now.replace(microsecond=0), None, "second"), end


def _same_time(now: datetime, day: TimeSpan) -> TimeSpan:
    """The hour and minute that it is now, on another day."""
    at = day.start.replace(hour=now.hour, minute=now.minute)
    return TimeSpan(at, None, "minute")


# From and to which hour each part of the day lasts.
PARTS: dict[str, tuple[int, int]] = {
    "morning": (8, 12),
    "forenoon": (8, 12),
    "lunch": (11, 13),
    "lunchtime": (11, 13),
    "afternoon": (12, 16),
    "teatime": (15, 17),
    "evening": (18, 24),
    "dinner": (18, 20),
    "dinnertime": (18, 20),
    "night": (20, 24),
    "nighttime": (20, 24),
    "tonight": (20, 24),
    "tonite": (20, 24),
    "dawn": (5, 7),
    "breakfast": (7, 9),
    "early morning": (8, 10),
    "late morning": (10, 12),
    "early afternoon": (12, 14),
    "late afternoon": (14, 16),
    "early evening": (18, 20),
    "late evening": (20, 24),
    "late night": (22, 24),
    "late tonight": (21, 24),
    "late tonite": (21, 24),
    "early night": (20, 22),
    "mid morning": (10, 11),
    "mid afternoon": (14, 15),
    "end of day": (17, 24),
}
# Meals are rather what a meeting is called than when it is.
MEALS = frozenset({"breakfast", "lunch", "teatime", "dinner"})
_DEGREES = {
    "early": "early",
    "earlier": "early",
    "late": "late",
    "later": "late",
    "mid": "mid",
}
_ENDS_OF_DAY = (
    "eod",
    "the eod",
    "cob",
    "end of day",
    "end of the day",
    "the end of the day",
    "close of business",
)
_FIRST_THING = "first thing"
_PLURALS = {f"{name}s": name for name in PARTS if name.endswith(("ning", "noon"))}
NAMES = (*DAYS, _SHORT_TOMORROW, *NOWS, *PARTS, *_PLURALS, *_ENDS_OF_DAY, _FIRST_THING)
LEADS = tuple(_DEGREES)
_END_STARTS = frozenset(name.partition(" ")[0] for name in _ENDS_OF_DAY)


def part_span(day: datetime, part: str) -> tuple[datetime, datetime]:
    """First and last moment of a part of a day."""
    first, last = PARTS[part]
    return day + timedelta(hours=first), day + timedelta(hours=last)


def part_at(tokens: Tokens, index: int) -> tuple[str, int] | None:
    """A part of the day that starts here: "early in the morning", "night"."""
    word = tokens.words[index]
    if f"{word} {tokens.words[index + 1]}" == _FIRST_THING:
        link = index + 2 + 2 * (tokens.words[index + 2] == "in")
        return "early morning", link + (tokens.words[link] == "morning")
    for name in _ENDS_OF_DAY if word in _END_STARTS else ():
        size = len(name.split())
        if name == " ".join(tokens.words[index + at] for at in range(size)):
            return "end of day", index + size
    if word in _DEGREES:
        end = index + 1
        while tokens.words[end] in ("in", "the", "this", "on", "-"):
            end += 1
        part = f"{_DEGREES[word]} {_singular(tokens.words[end])}"
        return (part, end + 1) if part in PARTS else None
    if word == "night" and tokens.words[index + 1] == "-":
        return (word, index + 3) if tokens.words[index + 2] == "time" else None
    name = _singular(word)
    return (name, index + 1) if name in PARTS else None


def _singular(word: str) -> str:
    """Morning for "mornings"; night keeps its plural, which counts nights."""
    return _PLURALS.get(word, word)


_LINK = frozenset({"of", "in", ",", "on"})


@cache
def _beginnings() -> frozenset[str]:
    """The first word, the first two and so on of every name, with "day" or without."""
    names = {name.removesuffix(" day") + " day" for name in feasts()} | set(feasts())
    return frozenset(
        " ".join(words[:size])
        for words in map(str.split, names)
        for size in range(1, len(words) + 1)
    )


def feast_at(tokens: Tokens, index: int) -> tuple[Feast, int] | None:
    """The feast whose name starts here, and the index after the longest such name.

    Hyphens and apostrophes are free: "new year's eve", "x-mas", "presidents' day".
    """
    name, found = "", None
    for place in range(index, len(tokens)):
        word = tokens.words[place]
        owned = word == "'" and tokens.words[place - 1].endswith("s")
        if name and (word in ("-", ".") or owned):
            continue
        bare = word.replace("'", "")
        name = f"{name} {bare}" if name else bare
        # No name begins like this, so no longer one can be found further on.
        if name not in _beginnings():
            break
        feast = feasts().get(name) or feasts().get(name.removesuffix(" day"))
        found = (feast, place + 1) if feast else found
    return found


def holiday_at(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """A holiday that starts here; without a year the next one, or the last."""
    start = index + (reading.words[index] == "the")
    # "Next Christmas" and "last Easter" are said like weekdays.
    side = direction(reading, start)
    name = feast_at(reading.tokens, side[1] if side else start)
    if name is None:
        return None
    feast, end = name
    link = reading.skip(end, _LINK)
    year = year_number(reading.tokens, link)
    if year:
        return _in_year(feast, year[0]), year[1]
    near = link > end or direction(reading, link)
    whole = inner(reading, link) if near else None
    if reading.words[end] == "in" and not whole:
        # "thanksgiving in 3 years": the first one from that day on.
        ahead = inner(reading, end)
        if ahead and ahead[0].grain in ("day", "hour"):
            return _nearest(feast, ahead[0].start, past=False), ahead[1]
    if whole and whole[0].grain == "year":
        return _in_year(feast, whole[0].start.year), whole[1]
    # A direction that was said goes before the preferred one.
    past = side[0] < 0 if side else reading.prefer == "past"
    return _nearest(feast, reading.now, past=past), end


def holiday_in(reading: DateText, index: int, year: int) -> Hit | None:
    """The holiday that starts here, in a year that is named elsewhere."""
    name = feast_at(reading.tokens, index + (reading.words[index] == "the"))
    return (_in_year(name[0], year), name[1]) if name else None


def _in_year(feast: Feast, year: int) -> TimeSpan:
    """The feast of a year, the first where there are two; ValueError for none."""
    days = feast.rule(year)
    if not days:
        raise ValueError(f"The feast falls on no day of {year}.")
    return _span(feast, days[0])


def _span(feast: Feast, first: date) -> TimeSpan:
    span = date_span(first.year, first.month, first.day)
    if feast.length == 1:
        return span
    end = datetime.combine(feast.end(first), time())
    return TimeSpan(span.start, end, "day", whole=False)


def _nearest(feast: Feast, now: datetime, *, past: bool) -> TimeSpan:
    """The first from today on, or the latest before today."""
    today = unit(now, "day").start
    # A feast by the moon may come twice in a year, or late in the year before.
    spans = _around(feast, now.year)
    if past:
        return max((s for s in spans if s.start < today), key=lambda s: s.start)
    return min((s for s in spans if s.start >= today), key=lambda s: s.start)


def _around(feast: Feast, year: int) -> list[TimeSpan]:
    """The feast's days in the year before and the two after, where it has any."""
    days: list[date] = []
    for near in (year - 1, year, year + 1, year + 2):
        with suppress(ValueError):
            days.extend(feast.rule(near))
    return [_span(feast, day) for day in days]
