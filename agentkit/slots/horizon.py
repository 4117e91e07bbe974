"""Sunset at a place, and whether the young moon is still up then.

Good to a tenth of a minute of sunset between 1900 and 2100. Source: J. Meeus,
Astronomical Algorithms, chapters 12, 13 and 15.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import asin, atan2, cos, degrees, radians, sin, tan

from agentkit.slots.feast_calendars import (
    days_since_2000,
    moon_latitude,
    moon_longitude,
    moon_parallax,
    sun_longitude,
)

# The upper edge of the sun on the horizon, lifted by the air.
_SUN_SETS = -0.8333
_LIFTED = 0.5667
_STEP = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Place:
    """A place by its latitude and longitude: degrees north and east."""

    north: float
    east: float


def sunset(day: date, place: Place) -> datetime:
    """When the sun sets on a day, where it does every day: up to 60 degrees north."""
    moment = datetime.combine(day, time(18), UTC) - timedelta(hours=place.east / 15)
    for _ in range(4):
        here = _sun_altitude(moment, place)
        sinking = _sun_altitude(moment + _STEP, place) - here
        moment -= _STEP * ((here - _SUN_SETS) / sinking)
    return moment


def moon_above_setting(moment: datetime, place: Place) -> float:
    """How many degrees the moon is above where its upper edge sets."""
    height = _altitude(moon_longitude(moment), moon_latitude(moment), moment, place)
    return height - (0.7275 * moon_parallax(moment) - _LIFTED)


def _sun_altitude(moment: datetime, place: Place) -> float:
    return _altitude(sun_longitude(moment), 0.0, moment, place)


def _altitude(
    longitude: float, latitude: float, moment: datetime, place: Place
) -> float:
    """Degrees above the horizon, seen from the earth's middle."""
    days = days_since_2000(moment)
    tilt = radians(23.4393 - 3.56e-7 * days)
    along, beside, north = map(radians, (longitude, latitude, place.north))
    declination = asin(sin(beside) * cos(tilt) + cos(beside) * sin(tilt) * sin(along))
    ascension = atan2(sin(along) * cos(tilt) - tan(beside) * sin(tilt), cos(along))
    turned = radians((280.46061837 + 360.98564736629 * days + place.east) % 360)
    return degrees(
        asin(
            sin(north) * sin(declination)
            + cos(north) * cos(declination) * cos(turned - ascension)
        )
    )
