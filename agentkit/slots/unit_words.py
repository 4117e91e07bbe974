"""Weeks, months, quarters and the like, seen from now: "next 3 weeks", "Q1 2019"."""

from datetime import datetime, timedelta

from agentkit.language.numbers import integer
from agentkit.slots.date_text import (
    DateText,
    Hit,
    PeriodAt,
    Rule,
    longest,
    phrases_by_first_word,
)
from agentkit.slots.lengths import UNITS, amount, length_at, unit_at
from agentkit.slots.periods import (
    SEASONS,
    Grain,
    Length,
    TimeSpan,
    current_season,
    length_of,
    season,
    shift,
    unit,
)

NEXT = frozenset({"next", "coming", "upcoming", "following"})
LAST = frozenset({"last", "past", "previous", "prior"})
THIS = frozenset({"this", "current", "present"})
_WHOLE = frozenset({"the", "whole", "entire", "current"})
_DETERMINERS = ("the", "all", "this", "my", "our", "current")
_TODAYS = frozenset({"the", "my", "this", "current", "our"})
# "The calendar week" and "the entire week" are the week.
_SKIPPED = frozenset({"the", "around", "calendar", "whole", "entire"})
_RESTS = phrases_by_first_word(
    ("the rest of", "rest of", "the remainder of", "remainder of")
)
_WEEKENDS = frozenset({"weekend", "weekends"})
_SEASONS = frozenset({"season", "seasons"})
NAMES = (*_WEEKENDS, *_SEASONS, *SEASONS, *(f"{name}s" for name in SEASONS))
LEADS = (
    *NEXT, *LAST, *THIS, *_WHOLE, *_DETERMINERS, *_TODAYS, *_SKIPPED, *_RESTS,
)  # fmt: skip
_STOPS = frozenset({"", ".", ",", ";", "!", "?"})
_OFFSETS = {
    "after next": 2,
    "after the next": 2,
    "before last": -2,
    "after": 1,
    "before": -1,
}


def direction(reading: DateText, index: int) -> tuple[int, int] | None:
    """-1, 0 or 1 for "last", "this" and "next", and the index after the word."""
    word = reading.words[index]
    if word in THIS:
        nearer = reading.words[index + 1] in ("coming", "past", "last", "next")
        return direction(reading, index + 1) if nearer else (0, index + 1)
    if word in NEXT or word in LAST:
        return (1 if word in NEXT else -1), index + 1
    return None


def weekend(moment: datetime, offset: int = 0) -> TimeSpan:
    """Saturday and Sunday of the week that holds the moment, shifted by weeks."""
    saturday = unit(moment, "week", offset).start + timedelta(days=5)
    return TimeSpan(saturday, saturday + timedelta(days=2), "day", whole=False)


def counted_units(grain: Grain, side: int, count: int, now: datetime) -> TimeSpan:
    """The next or last so many units; hours run from this very moment."""
    if grain == "hour":
        other = shift(now, length_of(count, grain), side)
        return TimeSpan(min(now, other), max(now, other), grain, whole=False)
    # Ahead, whole units of the calendar are meant; weeks and months behind run back
    # from today.
    if side > 0:
        return unit(now, grain, 1, count)
    if grain in ("week", "month"):
        return rolling(now, length_of(count, grain))
    return unit(now, grain, -count, count)


def rolling(now: datetime, length: Length) -> TimeSpan:
    """So long up to today, whatever weeks and months the calendar has."""
    today = unit(now, "day").start
    return TimeSpan(shift(today, length, -1), today, "day", whole=False)


def _directed(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """Read "next week", "the last 3 months", "this weekend", "past summer"."""
    start = reading.skip(index, _SKIPPED)
    side = direction(reading, start)
    if side is None:
        return None
    start = reading.skip(side[1], _SKIPPED)
    word = reading.words[start]
    if word in _WEEKENDS:
        # "The coming weekend" is this week's, "next weekend" that of next week.
        coming = reading.words[side[1] - 1] in ("coming", "upcoming")
        return weekend(reading.now, 0 if coming else side[0]), start + 1
    if word.removesuffix("s") in SEASONS:
        span = season(word.removesuffix("s"), reading.now, None, side[0])
        return span, start + 1
    if word in _SEASONS:
        return current_season(reading.now, side[0]), start + 1
    if word in ("working", "work", "business", "school") and (
        reading.words[start + 1] == "week"
    ):
        monday = unit(reading.now, "week", side[0]).start
        friday = monday + timedelta(days=5)
        return TimeSpan(monday, friday, "day", whole=False), start + 2
    # "Last night" is a part of the day, which `phrases` reads.
    single = None if word == "night" else unit_at(reading.tokens, start)
    if single and single[1] == 1:
        return _one_unit(reading, single[0], side[0], single[2])
    if single and word == "fortnight" and side[0]:
        return counted_units("week", side[0], 2, reading.now), single[2]
    return _several(reading, start, side[0])


def _one_unit(reading: DateText, grain: Grain, side: int, end: int) -> Hit:
    if grain == "hour" and side:
        return counted_units(grain, side, 1, reading.now), end
    return unit(reading.now, grain, side), end


def _several(reading: DateText, index: int, side: int) -> Hit | None:
    count = amount(reading.tokens, index)
    if count is None or count[0] < 1 or not side:
        return None
    end = count[1] + (reading.words[count[1]] in ("business", "working", "more"))
    # These have rules of their own.
    if reading.words[end] in {*_WEEKENDS, "decades", "centuries"}:
        return None
    grain = unit_at(reading.tokens, end)
    if grain is None:
        return None
    # "The last 2 years and 3 months" is one length.
    joined = length_at(reading.tokens, index)
    longer = joined is not None and joined[1] > grain[2] and side < 0
    if joined and longer and reading.words[joined[1]] != "ago":
        return rolling(reading.now, joined[0]), joined[1]
    total = int(count[0]) * grain[1]
    if reading.words[index - 1] == "upcoming":
        return unit(reading.now, grain[0], total), grain[2]
    if end > count[1] and reading.words[end - 1] in ("business", "working"):
        return business_days(reading.now, side, total), grain[2]
    return counted_units(grain[0], side, total, reading.now), grain[2]


def business_days(now: datetime, side: int, count: int) -> TimeSpan:
    """The stretch that holds so many days from Monday to Friday beside today."""
    today = unit(now, "day").start
    # Counted one by one, so there is a bound; 3000 working days are eleven years.
    day, left = today, min(count, 3000)
    while left:
        day += timedelta(days=side)
        left -= day.weekday() < 5
    if side > 0:
        first, last = today + timedelta(days=1), day + timedelta(days=1)
        return TimeSpan(first, last, "day", whole=False)
    return TimeSpan(day, today, "day", whole=False)


def _count_first(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """Read "2 upcoming months", "5 past minutes"."""
    count = integer(reading.tokens, index)
    side = direction(reading, count[1]) if count else None
    if count is None or side is None or not side[0] or not 0 < count[0] < 1000:
        return None
    grain = unit_at(reading.tokens, side[1])
    if grain is None or reading.words[side[1]] == "night":
        return None
    total = count[0] * grain[1]
    upcoming = reading.words[count[1]] == "upcoming"
    if not upcoming and not reading.words[side[1]].endswith("s"):
        # "23 next month" is a day of it.
        return None
    if upcoming:
        return unit(reading.now, grain[0], total), grain[2]
    return counted_units(grain[0], side[0], total, reading.now), grain[2]


def _bare_unit(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """Read "the week", "all month", "the rest of the year", "the week after next"."""
    rest = reading.sees_any(index, _RESTS)
    start = rest or index
    word = reading.words[start]
    if word == "weekend" and reading.words[index - 1] == "on":
        return weekend(reading.now), index + 1
    if word not in _DETERMINERS and not (rest and word in ("day", "today")):
        return None
    start = reading.skip(start + (word in _DETERMINERS), _WHOLE)
    if reading.words[start] == "weekend":
        return _after_next(reading, start, inner) or (weekend(reading.now), start + 1)
    place = reading.skip(start, _TODAYS) if rest else start
    if rest and reading.words[place] in ("day", "today"):
        now = reading.now.replace(microsecond=0)
        return TimeSpan(now, unit(now, "day").end, "minute", whole=False), place + 1
    grain = unit_at(reading.tokens, start)
    if grain is None or grain[1] != 1 or reading.words[start].endswith(("s", "night")):
        return None
    skipped = _skipped_unit(reading, grain[0], grain[2])
    if skipped:
        return skipped
    # "My week" and "our month" are no stretch of the calendar.
    if word in ("my", "our", "current") and not rest:
        return None
    if grain[0] in ("second", "minute", "hour") or (word == "the" and not rest):
        return _the_unit(reading, grain[0], grain[2])
    span = unit(reading.now, grain[0])
    today = unit(reading.now, "day").start
    return TimeSpan(today, span.end, "day", whole=False) if rest else span, grain[2]


def _skipped_unit(reading: DateText, grain: Grain, index: int) -> Hit | None:
    """Read what follows "the week" in "the week after next"."""
    for words, offset in _OFFSETS.items():
        end = reading.sees(index, words)
        # "The week after" alone is the next one; "the week after Easter" goes on.
        if end and (offset in (2, -2) or reading.words[end] in _STOPS):
            return unit(reading.now, grain, offset), end
    return None


def _the_unit(reading: DateText, grain: Grain, end: int) -> Hit | None:
    if grain in ("second", "minute", "hour", "day"):
        return None
    return unit(reading.now, grain), end


def _after_next(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """Read "week after next", "weekend after next"."""
    if not reading.sees(index + 1, "after next"):
        return None
    word = reading.words[index]
    if word == "weekend":
        return weekend(reading.now, 2), index + 3
    grain = UNITS.get(word)
    return (unit(reading.now, grain[0], 2), index + 3) if grain else None


_RULES: tuple[Rule, ...] = (
    _directed,
    _count_first,
    _bare_unit,
    _after_next,
)


def units_at(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """The longest unit phrase that starts here."""
    return longest(_RULES, reading, index, inner)
