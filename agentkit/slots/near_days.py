"""Weekdays and months seen from now: "next Friday", "Friday week", "last October"."""

from datetime import datetime, timedelta

from agentkit.slots.date_words import fields_at, month_at, weekday_at
from agentkit.slots.day_fields import DayFields, coming_weekday, resolve_fields
from agentkit.slots.numbers import integer
from agentkit.slots.periods import Length, Span, day_span, shift, unit
from agentkit.slots.reading import Hit, PeriodAt, Reading, Rule, longest
from agentkit.slots.relative_words import in_length
from agentkit.slots.unit_words import direction


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
    ahead = in_length(reading, month[1], inner)
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
_RULES: tuple[Rule, ...] = (_weekday, _counted_weekday, _directed_month)


def near_days_at(reading: Reading, index: int, inner: PeriodAt) -> Hit | None:
    """The longest such weekday or month that starts here."""
    return longest(_RULES, reading, index, inner)
