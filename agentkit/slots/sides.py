"""The two sides of a range, each told what it left to the other: "3-4pm"."""

from dataclasses import replace

from agentkit.slots.clock_words import Clock, settle_half
from agentkit.slots.day_fields import DayFields
from agentkit.slots.drafts import Draft, merge, resolve_day
from agentkit.slots.periods import day_span
from agentkit.slots.reading import Reading

_NOTHING = DayFields()


def completed(
    left: Draft, right: Draft, reading: Reading
) -> tuple[Draft, Draft] | None:
    """Both sides with what the other side told."""
    if _mixed(left, right) or _mixed(right, left):
        return None
    left, right = _number_as(left, right), _number_as(right, left)
    left = _same_month(left, right)
    if left.number is not None and left.clock is None:
        return None
    if right.number is not None and right.clock is None and not right.period:
        return None
    left, right = (
        _fill_day(left, right, reading, before=True),
        _fill_day(right, left, reading),
    )
    return _fill_time(left, right), _fill_time(right, left)


def _same_month(side: Draft, other: Draft) -> Draft:
    """The 4 of "from 4 to 23 of next month", as a day of that month."""
    if side.number is None or other.number is None or other.period is None:
        return replace(side, number=None) if side.period else side
    last = other.period.start.day
    if side.has_day or not 0 < side.number < last:
        return side
    return Draft(period=day_span(other.period.start.replace(day=side.number)))


def _mixed(side: Draft, other: Draft) -> bool:
    """A lone number beside a month or year, or an hour up to a week: no range."""
    if other.number is not None and other.period is not None:
        return False
    if side.number is not None and other.has_day and not other.clock:
        return other.fields.day is None and not other.part
    timed = side.clock is not None and not side.has_day
    return timed and not other.has_time and other.fields.day is None


def _fill_time(side: Draft, other: Draft) -> Draft:
    """Take the zone and the part of the day from the other side."""
    part = side.part or _part(side, other)
    return replace(side, zone=side.zone or other.zone, part=part)


def _part(side: Draft, other: Draft) -> str:
    """A part of the day told once counts for both clocks."""
    return other.part if side.clock and not side.clock.sure else ""


def _number_as(side: Draft, other: Draft) -> Draft:
    """A lone number is a day beside a date and an hour beside a clock."""
    if side.number is None:
        return side
    fields = other.fields
    if fields.day is not None and other.clock is None:
        day = DayFields(day=side.number)
        merged = merge(replace(side, number=None, clock=None), Draft(fields=day))
        return merged or side
    return replace(side, number=None) if side.clock and other.clock else side


def _fill_day(
    side: Draft, other: Draft, reading: Reading, *, before: bool = False
) -> Draft:
    """Take the day, month or year from the other side where this one has none."""
    if side.is_moment or other.is_moment:
        return side
    if not (side.has_day and other.has_day):
        # Both sides lie on the one day that was named, so it is settled once.
        day = resolve_day(side if side.has_day else other, reading)
        return replace(side, fields=_NOTHING, period=day)
    if side.period or other.period:
        return side
    mine, theirs = side.fields, other.fields
    month = mine.month or (theirs.month if mine.day and not mine.weekday else None)
    year = mine.year or (theirs.year if month or mine.day else None)
    if before and year and not mine.year and month and theirs.month:
        # "November to February 2017" begins in the year before.
        year -= month > theirs.month
    return replace(side, fields=replace(mine, month=month, year=year))


def halves(left: Draft, right: Draft) -> tuple[Draft, Draft]:
    """Tell mornings from afternoons: "3-5pm" is 15 to 17, "9 to 5" 9 to 17."""
    first, last = left.clock, right.clock
    if first is None or last is None:
        return left, right
    if left.part:
        first = settle_half(first, left.part)
    if not first.sure and last.sure and last.hour <= 24:
        late = replace(first, hour=first.hour % 12 + 12, sure=True)
        fits = last.hour > 12 and _minutes(late) < _minutes(last)
        # "11 to 3am" is in one night, not from a morning to the next.
        fits = fits or (7 <= first.hour < 12 and last.hour < min(first.hour, 6))
        first = late if fits else replace(first, hour=first.hour % 12, sure=True)
    if not last.sure:
        first = _as_said(first)
        early = replace(last, hour=last.hour % 12, sure=True)
        late = replace(last, hour=last.hour % 12 + 12, sure=True)
        over = _minutes(late) <= _minutes(first)
        last = early if over or _minutes(early) > _minutes(first) else late
    return replace(left, clock=first), replace(right, clock=last)


def _as_said(clock: Clock) -> Clock:
    if clock.sure or not 1 <= clock.hour <= 6:
        return replace(clock, sure=True)
    return replace(clock, hour=clock.hour + 12, sure=True)


def _minutes(clock: Clock) -> int:
    return clock.hour * 60 + clock.minute


def is_scale(left: Draft, right: Draft, *, told: bool) -> bool:
    """Two lone numbers, as in "2 to 3 eggs" and "from 1 to 10"."""
    if left.number is None or right.number is None or left.has_day or right.has_day:
        return False
    sure = left.clock and right.clock and not (left.clock.bare and right.clock.bare)
    return not sure and (not told or left.number < 2)
