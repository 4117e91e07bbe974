"""Feast days of the Hindu, Sikh, Jain and Buddhist calendars of India.

A lunar month runs from new moon to new moon and is called after the sign that the
sun enters in it; a month in which it enters none is left out. A day of the month is
the one on which that thirtieth of the month rules at the feast's hour: sunrise,
noon, dusk or midnight. The hours are those by which most of the dates published for
2001 to 2035 are met; local almanacs may differ by a day.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from agentkit.slots.sky import (
    elongation,
    moon_longitude,
    new_moons,
    sidereal,
    sun_longitude,
    sun_reaches,
)

Days = tuple[date, ...]
_DAY = timedelta(days=1)
# The days are those of India, whichever zone the user is in.
_INDIA = timedelta(hours=5.5)
# A lunar mansion, in degrees.
_MANSION = 40 / 3
# On the clock of India; the sun rises later from October to February.
_HOURS = {
    "dawn": 5, "sunrise": 6, "late_sunrise": 7, "morning": 8, "forenoon": 10, "noon": 12,
    "afternoon": 14, "late_afternoon": 15, "sunset": 17, "dusk": 18, "midnight": 24,
}  # fmt: skip


def _sign(moment: datetime) -> int:
    return int(sidereal(sun_longitude(moment), moment) // 30)


def _months(year: int, month: int) -> list[datetime]:
    """The new moons that begin a lunar month, 0 for Chaitra, around a year."""
    moons = new_moons(year)
    return [
        moon
        for moon, following in pairwise(moons)
        if _sign(moon) != _sign(following) == month
    ]


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(), UTC) + timedelta(hours=hour) - _INDIA


def lunar(month: int, tithi: int, hour: str) -> Callable[[int], Days]:
    """The day of a lunar month, 1 to 30, that rules at an hour in India."""

    def rule(year: int) -> Days:
        days = [_ruled(moon, tithi, _HOURS[hour]) for moon in _months(year, month)]
        return tuple(day for day in days if day.year == year)

    return rule


def _ruled(moon: datetime, tithi: int, hour: int) -> date:
    """The first day on which it rules at the hour; if there is none, the day it ends."""
    # A thirtieth of a month is a little shorter than a day, so counting from four days
    # earlier misses none.
    day = (moon + _INDIA).date() + timedelta(days=max(tithi - 4, 0))
    while (behind := _behind(day, tithi, hour)) < -12:
        day += _DAY
    return day if behind < 0 else day - _DAY


def _behind(day: date, tithi: int, hour: int) -> float:
    """Degrees since the end of a thirtieth; it rules from -12 to 0."""
    return (elongation(_at(day, hour)) - 12 * tithi + 180) % 360 - 180


def holika(plus: int) -> Callable[[int], Days]:
    """The evening on which the full moon of Phalguna rules, the later one of two."""

    def rule(year: int) -> Days:
        days = [_ruled(moon, 15, _HOURS["sunset"]) for moon in _months(year, 11)]
        later = [-12 <= _behind(day + _DAY, 15, _HOURS["sunset"]) < 0 for day in days]
        evenings = [day + _DAY * add for day, add in zip(days, later, strict=True)]
        shifted = [day + timedelta(days=plus) for day in evenings]
        return tuple(day for day in shifted if day.year == year)

    return rule


def solar(degrees: int, hour: str) -> Callable[[int], Days]:
    """The day the sun enters a sign; after an hour, the day after."""

    def rule(year: int) -> Days:
        entered = sun_reaches(degrees, year, stars=True) + _INDIA
        return (entered.date() + _DAY * (entered.hour >= _HOURS[hour]),)

    return rule


def onam(year: int) -> Days:
    """The last noon on which the sun is in Leo and the moon in Shravana.

    Where the moon comes and goes between two noons, the day it leaves.
    """
    entered = (sun_reaches(120, year, stars=True) + _INDIA).date()
    # The sun is in a sign for 31 days or a little longer.
    days = [entered + _DAY * step for step in range(32)]
    leo = [day for day in days if _sign(_at(day, _HOURS["noon"])) == 4]
    places = [_in_shravana(_at(day, _HOURS["noon"])) for day in leo]
    good = [
        day
        for day, before, now in zip(leo[1:], places, places[1:], strict=False)
        if 0 <= now < _MANSION or -_MANSION < before < 0 <= now
    ]
    return tuple(good[-1:])


def _in_shravana(moment: datetime) -> float:
    """How many degrees the moon is past the beginning of Shravana, -180 to 180."""
    # Shravana is the 22nd of the mansions of 13 1/3 degrees, so it begins at 280.
    return (sidereal(moon_longitude(moment), moment) - 280 + 180) % 360 - 180


def parsi_new_year(year: int) -> Days:
    """The Shahenshahi new year: 365 days, without leap days."""
    return (date(2018, 8, 17) + timedelta(days=365 * (year - 2018)),)


def after_dussehra(first: date) -> date:
    """The day after Dussehra, on which the nine nights end."""
    days = [day for day in lunar(6, 10, "noon")(first.year) if day > first]
    return days[0] + _DAY
