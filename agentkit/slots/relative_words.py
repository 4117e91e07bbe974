"""Days told from another moment: "tomorrow", "3 days ago", "a week from Tuesday"."""

from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

from agentkit.language.numbers import integer
from agentkit.slots.date_text import (
    DateText,
    Hit,
    PeriodAt,
    Rule,
    longest,
    phrases_by_first_word,
)
from agentkit.slots.date_words import weekday_at
from agentkit.slots.lengths import length_at, unit_at
from agentkit.slots.named_days import named_day, present
from agentkit.slots.periods import (
    GRAINS,
    Grain,
    Length,
    TimeSpan,
    day_span,
    elapse,
    length_of,
)
from agentkit.slots.unit_words import THIS, business_days

_FROM_NOW = phrases_by_first_word(
    (
        "from now",
        "from right now",
        "hence",
        "later",
        "from today",
        "in the future",
        "into the future",
    )
)
# A time is one moment: "in less than an hour" is read as in an hour, the latest it can
# be.
_BOUNDS = phrases_by_first_word(
    ("less than", "more than", "no more than", "at least", "at most")
)
_ABOUT = frozenset(
    {
        "about",
        "around",
        "approximately",
        "roughly",
        "exactly",
        "another",
        "under",
        "over",
        "almost",
        "nearly",
    }
)
_WITHIN = frozenset({"within", "inside"})
LEADS = (*_ABOUT, *_BOUNDS, "in", *_WITHIN)


def ago_or_ahead(moment: datetime, length: Length, sign: int, zone: tzinfo) -> TimeSpan:
    """So long before or after a moment; whole days for weeks and longer.

    So many days on, it is the same hour: "in 3 days" said at 10:40 is at 10:00.
    """
    moved = elapse(moment, length, zone, sign)
    if GRAINS.index(length.grain) >= GRAINS.index("day"):
        day = day_span(moved)
        return replace(day, hour=moved.hour) if length.grain == "day" else day
    # To the minute, which the clock on the wall shows; seconds only where they were
    # said.
    grain: Grain = "second" if length.grain == "second" else "minute"
    return TimeSpan(moved.replace(microsecond=0), None, grain)


def over_about(reading: DateText, index: int) -> int:
    """Step over "about", "less than" and the like."""
    start = reading.skip(index, _ABOUT)
    return reading.sees_any(start, _BOUNDS) or start


def in_length(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """Read "in two hours", "in 15", "in 15 minutes time"."""
    if reading.words[index] != "in":
        return None
    start = over_about(reading, index + 1)
    start += reading.words[start] in ("the",) and reading.words[start + 1] != "next"
    if reading.sees(index, "in the") and reading.words[index + 3] in ("s", "'"):
        # "in the 70s" is a decade.
        return None
    working = _working_days(reading, start)
    if working:
        return working
    hit = length_at(reading.tokens, start) or _few(reading, start)
    if hit is None:
        return None
    end = hit[1] + (reading.words[hit[1]] in ("time", "'"))
    end = reading.sees(end, "from now") or end
    return ago_or_ahead(reading.now, hit[0], 1, reading.zone), end


def _working_days(reading: DateText, index: int) -> Hit | None:
    """Read "four business days" from now."""
    count = integer(reading.tokens, index)
    # They are counted one by one: four years of them take a millisecond.
    if count is None or not 0 < count[0] < 1000:
        return None
    if reading.words[count[1]] not in ("business", "working"):
        return None
    if reading.words[count[1] + 1] not in ("day", "days"):
        return None
    last = business_days(reading.now, 1, count[0]).end
    return (day_span(last - timedelta(days=1)), count[1] + 2) if last else None


def _few(reading: DateText, index: int) -> tuple[Length, int] | None:
    """A lone number that ends the text counts minutes: "in 15"."""
    hit = integer(reading.tokens, index)
    if hit is None or not reading.whole or hit[1] < len(reading.tokens):
        return None
    # Who means more says hours; "in 1999" is a year.
    if hit[0] > 90:
        return None
    return length_of(hit[0], "minute"), hit[1]


def _told_length(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """Read "3 days ago", "a week from Tuesday", "2 weeks before May 13"."""
    start = over_about(reading, index)
    hit = length_at(reading.tokens, start) or _the_unit(reading, start)
    if hit is None:
        return None
    length, end = hit
    if reading.words[end] in ("ago", "back", "earlier"):
        days = _SEEN_FROM.get(reading.words[end + 1])
        now = reading.now + timedelta(days=days) if days else reading.now
        told = ago_or_ahead(now, length, -1, reading.zone)
        return told, end + 1 + (days is not None)
    if reading.words[end] == "later" and reading.words[end + 1] in THIS:
        # "30 minutes later this week" is a length, and a time to look for it.
        return None
    beyond = reading.sees_any(end, _FROM_NOW)
    if beyond:
        return ago_or_ahead(reading.now, length, 1, reading.zone), beyond
    word = reading.words[end]
    weeks = length.grain == "week" and weekday_at(reading.tokens, end + 1)
    if word not in _ANCHORED and not (word == "on" and weeks):
        return None
    end += 1 + (reading.words[end + 1] == "to")
    anchor = inner(reading, end)
    if anchor is None or anchor[0].grain in ("month", "quarter", "year"):
        return None
    sign = -1 if word in ("before", "prior") else 1
    begin = anchor[0].start
    edge = reading.words[end + (reading.words[end] == "the")]
    # "After" counts from the last day of what is named: a week after the weekend.
    beyond_it = edge == "end" or word in ("after", "past", "following")
    if beyond_it and anchor[0].end and anchor[0].grain != "hour":
        begin = anchor[0].end - timedelta(days=1)
    told = ago_or_ahead(begin, length, sign, reading.zone)
    # The hour of the anchor is midnight, which nobody meant.
    return replace(told, hour=None), anchor[1]


_SEEN_FROM = {"today": 0, "yesterday": -1, "tomorrow": 1}
_ANCHORED = frozenset({"from", "after", "before", "prior", "past", "following"})


def _the_unit(reading: DateText, index: int) -> tuple[Length, int] | None:
    """Read "the day" of "the day after Christmas", "week" of "week from Sunday" as one."""
    unit_name = unit_at(reading.tokens, index + 1)
    if reading.words[index] == "week" and reading.words[index + 1] == "from":
        return length_of(1, "week"), index + 1
    if unit_name is None and reading.words[index] == "day":
        unit_name = unit_at(reading.tokens, index)
    elif reading.words[index] != "the" or unit_name is None:
        return None
    if unit_name is None or reading.words[unit_name[2]] not in ("after", "before"):
        return None
    return length_of(unit_name[1], unit_name[0]), unit_name[2]


_AHEAD = frozenset({"the", "next", "coming", "upcoming", "following"})


def _within(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """Read "within 9 months", "within the next two days": from now on."""
    if reading.words[index] not in _WITHIN:
        return None
    start = reading.skip(index + 1, _AHEAD)
    working = _working_days(reading, start)
    if working:
        span = TimeSpan(reading.now, working[0].end, "day", whole=False)
        return span, working[1]
    single = unit_at(reading.tokens, start)
    hit = length_at(reading.tokens, start)
    # "Within the next week": without a number, one of them.
    if single and start > index + 1:
        hit = length_of(single[1], single[0]), single[2]
    if hit is None:
        return None
    end = elapse(reading.now, hit[0], reading.zone)
    return TimeSpan(reading.now, end, hit[0].grain, whole=False), hit[1]


_RULES: tuple[Rule, ...] = (
    named_day,
    present,
    in_length,
    _told_length,
    _within,
)


def relative_at(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """The longest relative day or moment that starts here."""
    return longest(_RULES, reading, index, inner)
