"""Days and moments with a name of their own: "today", "yesterday", "right now"."""

from datetime import datetime, timedelta

from agentkit.slots.periods import Span, day_span
from agentkit.slots.reading import Hit, PeriodAt, Reading, phrases_by_first_word

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
    "2day": 0,
    "this day": 0,
    "the current day": 0,
    "all day": 0,
}
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


def named_day(reading: Reading, index: int, inner: PeriodAt) -> Hit | None:
    """Read "tomorrow", "the day after tomorrow", "all day Friday"."""
    for words in _DAYS.get(reading.word(index), ()):
        days, end = DAYS[words], reading.sees(index, words)
        if not end:
            continue
        if words == "all day":
            named = inner(reading, reading.skip(end, _ON))
            if named and named[0].grain == "day":
                return named
        return day_span(reading.now + timedelta(days=days)), end
    return None


def present(reading: Reading, index: int, inner: PeriodAt) -> Hit | None:
    """Read "now" and words like it."""
    end = reading.sees_any(index, _NOWS)
    if not end:
        return None
    if reading.word(end - 1) == "time":
        named = inner(reading, end)
        if named and named[0].grain == "day":
            return _same_time(reading.now, named[0]), named[1]
    if reading.word(index) != "at" and reading.word(end - 1) == "time":
        return None
    return Span(reading.now.replace(microsecond=0), None, "second"), end


def _same_time(now: datetime, day: Span) -> Span:
    """The hour and minute that it is now, on another day."""
    at = day.start.replace(hour=now.hour, minute=now.minute)
    return Span(at, None, "minute")
