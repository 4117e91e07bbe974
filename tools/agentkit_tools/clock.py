"""Clock tools: the time here and elsewhere, dates, and time zones of places."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from agentkit import Context, ToolError, When, tool
from agentkit.language import fold
from agentkit_tools._pack import sentences
from agentkit_tools._phrases import counted

_NOISE = re.compile(r"^(?:the |in )+|(?: (?:standard |daylight )?time(?: zone)?)+$")


@dataclass(frozen=True, slots=True)
class Place:
    """A place and its time zone."""

    name: str
    key: str
    zone: tzinfo


def find_place(name: str) -> Place | None:
    """Return a place by its name; None when it is not known.

    "Lyon, France" is looked up as a whole, then by its first and its last part.
    """
    shown = _NOISE.sub("", name.strip(" .?!"))
    parts = [part.strip() for part in shown.split(",")]
    for words in (shown, parts[0], parts[-1]):
        key = _key(_NOISE.sub("", fold(words)))
        if key:
            return Place(shown, key, ZoneInfo(key))
    return None


def _key(wanted: str) -> str:
    return _others().get(wanted) or _cities().get(wanted, "")


@functools.cache
def _cities() -> dict[str, str]:
    """Name every city of the zone database, and every zone by its full name."""
    found: dict[str, str] = {}
    for key in sorted(available_timezones()):
        area, _, city = key.rpartition("/")
        if area not in ("Etc", "SystemV"):
            found.setdefault(city.replace("_", " ").casefold(), key)
        found[key.casefold()] = key
    return found


@functools.cache
def _others() -> dict[str, str]:
    """Read places.txt: a zone, then the names of places that keep its time."""
    text = Path(__file__).with_name("places.txt").read_text("utf-8")
    found: dict[str, str] = {}
    for line in text.splitlines():
        key, _, names = line.partition(":")
        if names and not line.startswith("#"):
            found |= {fold(name): key for name in names.split(",")}
    return found


SETTINGS = None
_SAY = sentences("clock")
_UNTIL = re.compile(r"(?:un)?till?\b|to\b|by\b", re.I)


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


def _place(name: str) -> Place:
    place = find_place(name)
    if place is None:
        raise ToolError(f"I do not know the time zone of {name!r}; name a large city.")
    return place


def _clock(moment: datetime, place: str, zone: str) -> Clock:
    return Clock(place=place, time=moment.isoformat(timespec="minutes"), zone=zone)


def _say_clock(clock: Clock) -> str:
    moment = datetime.fromisoformat(clock.time)
    where = f" in {clock.place}" if clock.place else ""
    return f"It is {moment:%H:%M}{where}, {moment:%A} {moment.day} {moment:%B}."


@tool(effect="read", untrusted=False, examples=_SAY["tell_time"], wording=_say_clock)
def tell_time(context: Context, place: str = "") -> Clock:
    """Tell what time it is, here or at another place.

    Args:
        place: city, country or time zone; here when left out.
    """
    if not place.strip():
        return _clock(context.now, "", str(context.tz))
    there = _place(place)
    return _clock(context.now.astimezone(there.zone), there.name, there.key)


def _say_date(day: Day) -> str:
    moment = datetime.fromisoformat(day.date)
    away = f", in {counted(day.days, 'day')}" if day.days > 1 else ""
    return f"It is {day.weekday}, {moment.day} {moment:%B %Y}{away}."


@tool(effect="read", untrusted=False, examples=_SAY["tell_date"], wording=_say_date)
def tell_date(context: Context, when: When | None = None) -> Day:
    """Tell the date or the day of the week, today's or another day's.

    Args:
        when: the day; today when left out.
    """
    moment = when.start if when else context.now
    if when and when.end and _UNTIL.match(when.text):
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
    day = "" if here.date() == there.date() else f" on {there:%A}"
    source = f" in {conversion.here.place}" if conversion.here.place else " here"
    return f"{here:%H:%M}{source} is {there:%H:%M}{day} in {conversion.there.place}."


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
        wall = moment.replace(tzinfo=origin.zone) if time else moment
        moment = wall.astimezone(origin.zone)
    there = moment.astimezone(target.zone)
    return Conversion(
        here=_clock(moment, source, key), there=_clock(there, target.name, target.key)
    )
