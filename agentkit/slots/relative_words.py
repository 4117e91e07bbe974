"""Days told from another moment: "tomorrow", "3 days ago", "a week from Tuesday"."""

from dataclasses import replace
from datetime import datetime, timedelta

from agentkit.slots.clock_words import clock_at
from agentkit.slots.date_words import fields_at, month_at, weekday_at
from agentkit.slots.day_fields import DayFields, coming_weekday, resolve_fields
from agentkit.slots.lengths import length_at, unit_at
from agentkit.slots.named_days import named_day, present
from agentkit.slots.numbers import integer
from agentkit.slots.periods import (
    GRAINS,
    Grain,
    Length,
    Span,
    day_span,
    length_of,
    shift,
    unit,
)
from agentkit.slots.reading import Hit, PeriodAt, Reading, Rule, longest
from agentkit.slots.unit_words import THIS, business_days, direction

_FROM_NOW = (
    "from now",
    "from right now",
    "hence",
    "later",
    "from today",
    "in the future",
    "into the future",
)
_ABOUT = frozenset(
    {"about", "around", "approximately", "roughly", "exactly", "another"}
)


def ago_or_ahead(moment: datetime, length: Length, sign: int) -> Span:
    """So long before or after a moment; whole days for weeks and longer.

    So many days on, it is the same hour: "in 3 days" said at 10:40 is at 10:00.
    """
    moved = shift(moment, length, sign)
    if GRAINS.index(length.grain) >= GRAINS.index("day"):
        day = day_span(moved)
        return replace(day, hour=moved.hour) if length.grain == "day" else day
    grain: Grain = "second" if length.grain == "second" else "minute"
    return Span(moved.replace(microsecond=0), None, grain)


def _over_about(reading: Reading, index: int) -> int:
    """Step over "about", "less than" and the like."""
    start = reading.skip(index, _ABOUT)
    bounds = ("less than", "more than", "no more than", "at least", "at most")
    return max(reading.sees(start, words) for words in bounds) or start


def _in_length(reading: Reading, index: int, inner: PeriodAt) -> Hit | None:
    """Read "in two hours", "in 15", "in 15 minutes time"."""
    if reading.word(index) != "in":
        return None
    start = _over_about(reading, index + 1)
    start += reading.word(start) in ("the",) and reading.word(start + 1) != "next"
    if reading.sees(index, "in the") and reading.word(index + 3) in ("s", "'"):
        # "in the 70s" is a decade.
        return None
    working = _working_days(reading, start)
    if working:
        return working
    hit = length_at(reading.tokens, start) or _few(reading, start)
    if hit is None:
        return None
    end = hit[1] + (reading.word(hit[1]) in ("time", "'"))
    end = reading.sees(end, "from now") or end
    return ago_or_ahead(reading.now, hit[0], 1), end


def _working_days(reading: Reading, index: int) -> Hit | None:
    """Read "four business days" from now."""
    count = integer(reading.tokens, index)
    if count is None or not 0 < count[0] < 1000:
        return None
    if reading.word(count[1]) not in ("business", "working"):
        return None
    if reading.word(count[1] + 1) not in ("day", "days"):
        return None
    last = business_days(reading.now, 1, count[0]).end
    return (day_span(last - timedelta(days=1)), count[1] + 2) if last else None


def _few(reading: Reading, index: int) -> tuple[Length, int] | None:
    """A lone number that ends the text counts minutes: "in 15"."""
    hit = integer(reading.tokens, index)
    if hit is None or not reading.whole or hit[1] < len(reading.tokens):
        return None
    if hit[0] > 90:
        return None
    return length_of(hit[0], "minute"), hit[1]


def _told_length(reading: Reading, index: int, inner: PeriodAt) -> Hit | None:
    """Read "3 days ago", "a week from Tuesday", "2 weeks before May 13"."""
    start = _over_about(reading, index)
    hit = length_at(reading.tokens, start) or _the_unit(reading, start)
    if hit is None:
        return None
    length, end = hit
    if reading.word(end) in ("ago", "back", "earlier"):
        return ago_or_ahead(reading.now, length, -1), end + 1
    if reading.word(end) == "later" and reading.word(end + 1) in THIS:
        # "30 minutes later this week" is a length, and a time to look for it.
        return None
    beyond = [reading.sees(end, words) for words in _FROM_NOW]
    if any(beyond):
        return ago_or_ahead(reading.now, length, 1), max(beyond)
    word = reading.word(end)
    weeks = length.grain == "week" and weekday_at(reading.tokens, end + 1)
    if word not in _ANCHORED and not (word == "on" and weeks):
        return None
    end += 1 + (reading.word(end + 1) == "to")
    timed = _beside_clock(reading, end, length, word)
    if timed:
        return timed
    anchor = inner(reading, end)
    if anchor is None or anchor[0].grain in ("month", "quarter", "year"):
        return None
    sign = -1 if word in ("before", "prior") else 1
    told = ago_or_ahead(anchor[0].start, length, sign)
    return replace(told, hour=None), anchor[1]


_ANCHORED = frozenset({"from", "after", "before", "prior", "past", "following"})


def _beside_clock(
    reading: Reading, index: int, length: Length, word: str
) -> Hit | None:
    """Read the noon of "two hours after noon"."""
    clock = clock_at(reading.tokens, index)
    short = GRAINS.index(length.grain) < GRAINS.index("day")
    if clock is None or clock[0].bare or not short:
        return None
    days, hour = divmod(clock[0].hour, 24)
    day = unit(reading.now, "day", days).start
    moment = replace(clock[0], hour=hour).on(day)
    sign = -1 if word in ("before", "prior") else 1
    moved = ago_or_ahead(moment, length, sign)
    late = moved.start <= reading.now
    return (ago_or_ahead(moment + timedelta(days=late), length, sign)), clock[1]


def _the_unit(reading: Reading, index: int) -> tuple[Length, int] | None:
    """Read "the day" of "the day after Christmas" as one day."""
    unit_name = unit_at(reading.tokens, index + 1)
    if unit_name is None and reading.word(index) == "day":
        unit_name = unit_at(reading.tokens, index)
    elif reading.word(index) != "the" or unit_name is None:
        return None
    if unit_name is None or reading.word(unit_name[2]) not in ("after", "before"):
        return None
    return length_of(unit_name[1], unit_name[0]), unit_name[2]


_AHEAD = frozenset({"the", "next", "coming", "upcoming", "following"})


def _within(reading: Reading, index: int, inner: PeriodAt) -> Hit | None:
    """Read "within 9 months", "within the next two days": from now on."""
    if reading.word(index) not in ("within", "inside"):
        return None
    start = reading.skip(index + 1, _AHEAD)
    single = unit_at(reading.tokens, start)
    hit = length_at(reading.tokens, start)
    if single and start > index + 1:
        hit = length_of(single[1], single[0]), single[2]
    if hit is None:
        return None
    end = shift(reading.now, hit[0])
    return Span(reading.now, end, hit[0].grain, whole=False), hit[1]


def _weekday(reading: Reading, index: int, inner: PeriodAt) -> Hit | None:
    """Read "next Friday" (next week's), "last Friday", "Friday after next"."""
    start = index + (reading.word(index) in ("the", "on"))
    side = direction(reading, start)
    day = weekday_at(reading.tokens, side[1] if side else start)
    if day is None:
        return None
    weekday, end = day
    if side is None:
        after = reading.sees(end, "after next")
        if not after:
            return _week_later(reading, weekday, end)
        return day_span(coming_weekday(reading.now, weekday).start + _WEEK), after
    if side[0] < 0:
        return _past_weekday(reading, start, weekday), end
    soon = reading.word(start) in ("coming", "upcoming") or side[1] > start + 1
    if side[0] == 0 and fields_at(
        reading.tokens, reading.skip(end, frozenset({"-", ","})), reading.now
    ):
        # "this Friday, June 15": the date says which Friday.
        return None
    if side[0] == 0 or soon:
        today = weekday == reading.now.weekday() and not soon
        span = day_span(reading.now) if today else None
        return span or coming_weekday(reading.now, weekday), end
    monday = unit(reading.now, "week", 1).start
    return day_span(monday + timedelta(days=weekday)), end


_WEEK = timedelta(weeks=1)


def _past_weekday(reading: Reading, index: int, weekday: int) -> Span:
    """The latest one for "past Friday", that of the week before for "last Friday"."""
    if "past" in (reading.word(index), reading.word(index + 1)):
        return coming_weekday(reading.now, weekday, prefer="past")
    monday = unit(reading.now, "week", -1).start
    return day_span(monday + timedelta(days=weekday))


def _week_later(reading: Reading, weekday: int, end: int) -> Hit | None:
    """Read "Friday week" (a week after Friday) and "Friday next week"."""
    if reading.word(end) == "week" and not reading.word(end + 1).isdigit():
        return day_span(coming_weekday(reading.now, weekday).start + _WEEK), end + 1
    start = reading.skip(end, frozenset({"of", "in", ","}))
    side = direction(reading, start + (reading.word(start) == "the"))
    if side is None or reading.word(side[1]) != "week":
        return None
    monday = unit(reading.now, "week", side[0]).start
    return day_span(monday + timedelta(days=weekday)), side[1] + 1


def _counted_weekday(reading: Reading, index: int, inner: PeriodAt) -> Hit | None:
    """Read "3 fridays from now", "2 thursdays ago"."""
    count = integer(reading.tokens, index)
    day = weekday_at(reading.tokens, count[1]) if count else None
    if count is None or day is None or not 0 < count[0] < 100:
        return None
    weeks = timedelta(weeks=count[0] - 1)
    end = reading.sees(day[1], "from now") or reading.sees(day[1], "hence")
    if end:
        return day_span(coming_weekday(reading.now, day[0]).start + weeks), end
    if reading.word(day[1]) in ("ago", "back"):
        past = coming_weekday(reading.now, day[0], prefer="past")
        return day_span(past.start - weeks), day[1] + 1
    return None


def _directed_month(reading: Reading, index: int, inner: PeriodAt) -> Hit | None:
    """Read "next March", "last October", "this May"."""
    later = _later_month(reading, index, inner)
    if later:
        return later
    side = direction(reading, index)
    month = month_at(reading.tokens, side[1]) if side else None
    if side is None or month is None or _modal(reading, month[1]):
        return None
    if side[0] == 0:
        return unit(datetime(reading.now.year, month[0], 1), "month"), month[1]
    now = reading.now if side[0] < 0 else shift(reading.now, Length(months=1))
    now = shift(reading.now, Length(months=1), -1) if side[0] < 0 else now
    fields = DayFields(month=month[0])
    span = resolve_fields(fields, now, prefer="past" if side[0] < 0 else "future")
    return (span, month[1]) if span else None


def _later_month(reading: Reading, index: int, inner: PeriodAt) -> Hit | None:
    """Read "March after next", "March in two years"."""
    month = month_at(reading.tokens, index)
    if month is None:
        return None
    end = reading.sees(month[1], "after next")
    coming = resolve_fields(DayFields(month=month[0]), reading.now)
    if end and coming:
        return unit(coming.start, "month", 12), end
    ahead = _in_length(reading, month[1], inner)
    if ahead is None or reading.word(ahead[1] - 1).rstrip("s") != "year":
        return None
    return unit(ahead[0].start.replace(month=month[0], day=1), "month"), ahead[1]


def _modal(reading: Reading, end: int) -> bool:
    """Whether "may" is the verb, as in "this may help"."""
    following = reading.word(end)
    noun = not following[:1].isalpha() or following in _AFTER_MAY
    return reading.word(end - 1) == "may" and not noun


_AFTER_MAY = frozenset(
    [
        "to",
        "until",
        "till",
        "through",
        "at",
        "for",
        "with",
        "we",
        "i",
        "and",
        "in",
        "on",
    ]
)
_RULES: tuple[Rule, ...] = (
    named_day,
    present,
    _in_length,
    _told_length,
    _within,
    _weekday,
    _counted_weekday,
    _directed_month,
)


def relative_at(reading: Reading, index: int, inner: PeriodAt) -> Hit | None:
    """The longest relative day or moment that starts here."""
    return longest(_RULES, reading, index, inner)
