"""Clock tools: the time here and elsewhere, dates, and time zones of places."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from agentkit import Context, ToolError, When, tool
from agentkit.language import spoken
from agentkit.slots import find_sum, say_number
from agentkit_tools._pack import sentences
from agentkit_tools._phrases import (
    counted,
    phrase,
    say_between,
    say_day,
    say_figure,
    say_full_day,
    say_moment,
    say_weekday,
)
from agentkit_tools._places import ZonePlace, find_place
from agentkit_tools._store.bare_hours import counts_from_now
from agentkit_tools._time_left import UNTIL, moment_named, stretch_named
from agentkit_tools._units import converted, read_quantity, say_quantity, unit_named

SETTINGS = None
_SAY = sentences("clock")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A time at a place.

    Attributes:
        time: ISO 8601, with offset.
        zone: name of the time zone.
    """

    place: str
    time: str
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """One moment, at two places."""

    here: Clock
    there: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A date.

    Attributes:
        date: ISO 8601.
        week: ISO 8601 week number.
        days: days from today; negative for the past.
    """

    date: str
    weekday: str
    week: int
    days: int


def _place(name: str) -> ZonePlace:
    place = find_place(name)
    if place is None:
        raise ToolError(
            phrase(
                "I do not know the time zone of {name!r}; name a large city.", name=name
            )
        )
    return place


def _clock(moment: datetime, place: str, zone: str) -> Clock:
    return Clock(place=place, time=moment.isoformat(timespec="minutes"), zone=zone)


def _say_clock(clock: Clock) -> str:
    moment = datetime.fromisoformat(clock.time)
    where = phrase(" in {place}", place=clock.place) if clock.place else ""
    return phrase(
        "It is {time}{where}, {day}.",
        time=f"{moment:%H:%M}",
        where=where,
        day=say_full_day(moment, year=False),
    )


@tool(effect="read", untrusted=False, examples=_SAY["tell_time"], wording=_say_clock)
def tell_time(context: Context, place: str = "") -> Clock:
    """Tell what time it is, here or at another place.

    Args:
        place: city, country or time zone; here when left out.
    """
    # An empty name, and not the user's city: nobody says "in Berlin" in Berlin.
    if not place.strip():
        return _clock(context.now, "", str(context.tz))
    there = _place(place)
    return _clock(context.now.astimezone(there.zone), there.name, there.key)


def _say_date(day: Day) -> str:
    moment = datetime.fromisoformat(day.date)
    away = phrase(", in {length}", length=counted(day.days, "day"))
    return phrase(
        "It is {day}{away}.",
        day=say_full_day(moment),
        away=away if day.days > 1 else "",
    )


@tool(effect="read", untrusted=False, examples=_SAY["tell_date"], wording=_say_date)
def tell_date(context: Context, when: When | None = None) -> Day:
    """Tell the date or the day of the week, today's or another day's.

    Args:
        when: the day; today when left out.
    """
    moment = when.start if when else context.now
    if when and when.end and UNTIL.match(when.text):
        # "Until Christmas" begins now: the day that it names is its last.
        moment = when.end - timedelta(microseconds=1)
    days = (moment.date() - context.now.date()).days
    week = moment.isocalendar().week
    return Day(
        date=moment.date().isoformat(), weekday=f"{moment:%A}", week=week, days=days
    )


def _say_conversion(conversion: Conversion) -> str:
    here = datetime.fromisoformat(conversion.here.time)
    there = datetime.fromisoformat(conversion.there.time)
    other = phrase(" on {weekday}", weekday=say_weekday(there))
    named = phrase(" in {place}", place=conversion.here.place)
    return phrase(
        "{here}{source} is {there}{day}{target}.",
        here=f"{here:%H:%M}",
        source=named if conversion.here.place else phrase(" here"),
        there=f"{there:%H:%M}",
        day="" if here.date() == there.date() else other,
        target=phrase(" in {place}", place=conversion.there.place),
    )


@tool(
    effect="read",
    untrusted=False,
    examples=_SAY["convert_time"],
    wording=_say_conversion,
)
def convert_time(
    context: Context, to_place: str, time: When | None = None, from_place: str = ""
) -> Conversion:
    """Convert a time from one place's time zone to another's.

    Args:
        to_place: city, country or time zone to convert to.
        time: the time to convert; now when left out.
        from_place: where the time is given; here when left out.
    """
    target = _place(to_place)
    moment = time.start if time else context.now
    source, key = "", str(context.tz)
    if from_place.strip():
        origin = _place(from_place)
        source, key = origin.name, origin.key
        # "9:00 in London" was read as 9:00 here: the clock stays and the zone changes.
        # "In two hours" is the same moment everywhere.
        given = time is not None and not counts_from_now(time, context.now)
        wall = moment.replace(tzinfo=origin.zone) if given else moment
        moment = wall.astimezone(origin.zone)
    there = moment.astimezone(target.zone)
    return Conversion(
        here=_clock(moment, source, key), there=_clock(there, target.name, target.key)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """A result, as it was asked for and as a person reads it."""

    asked: str
    value: str


def _say_answer(answer: Worked) -> str:
    return f"{answer.asked} = {answer.value}"


@tool(
    effect="read",
    untrusted=False,
    examples=_SAY["calculate"],
    wording=_say_answer,
)
def calculate(expression: str) -> Worked:
    """Work out a sum: numbers, + - * /, powers, roots and percentages.

    Args:
        expression: the sum, such as "15 % of 80" or "(3 + 4) * 2".
    """
    # In the language's own signs: "3,5" is three and a half in German.
    found = find_sum(expression, spoken())
    if found is None:
        raise ToolError(
            phrase("I cannot work out {sum!r}: write it like 12 * 3.5.", sum=expression)
        )
    return Worked(
        asked=expression.strip(" ?="), value=say_figure(say_number(found.value))
    )


@tool(
    effect="read",
    untrusted=False,
    examples=_SAY["convert_units"],
    wording=_say_answer,
)
def convert_units(quantity: str, unit: str) -> Worked:
    """Convert lengths, weights, volumes, temperatures, speeds and the like.

    Args:
        quantity: how much of which unit, such as "5 miles".
        unit: the unit to tell it in, such as "km".
    """
    count, source = read_quantity(quantity)
    target = unit_named(unit)
    if target is None:
        raise ToolError(phrase("I do not know the unit {unit!r}.", unit=unit))
    value = say_quantity(converted(count, source, target), target)
    return Worked(asked=say_quantity(count, source), value=value)


Unit = Literal["minutes", "hours", "days", "weeks", "months", "years"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLeft:
    """The time from one moment to another.

    Attributes:
        to: the later one, as a person reads it.
        length: in the unit that was asked for, and in all.
    """

    to: str
    length: str
    past: bool = False


def _say_span(span: TimeLeft) -> str:
    if span.past:
        return phrase("{length} since {to}.", length=span.length, to=span.to)
    return phrase("{length} until {to}.", length=span.length, to=span.to)


@tool(
    # It may name an event, whose title a stranger may have written.
    effect="read",
    personal=True,
    untrusted=True,
    examples=_SAY["count_time"],
    wording=_say_span,
)
def count_time(
    context: Context, until: str, since: When | None = None, unit: Unit | None = None
) -> TimeLeft:
    """Tell how long it is until a day, a time or an event, or from one time to another.

    Args:
        until: a day or time, or words of an event's title.
        since: from when; now when left out.
        unit: what to count in.
    """
    # Who gives `since` has said the beginning already.
    stretch = None if since else stretch_named(until, context)
    if stretch is not None:
        start, end, whole = stretch.start, stretch.until, stretch.all_day
        # Whole days end at the next midnight: their last day is the one before.
        end -= timedelta(days=1) if whole else timedelta()
        name = (say_day if whole else say_moment)(end, context.now)
    else:
        start = since.start if since else context.now
        end, name, whole = moment_named(until, context, since)
        whole = whole or bool(since and since.all_day)
    return TimeLeft(
        to=name,
        length=say_between(start, end, unit, whole_days=whole),
        past=end < start,
    )
