"""Where the sun and the moon stand, when the sun sets, and whether a young moon is up.

The moon is good to about a hundredth of a degree between 1800 and 2200, that is, to two
minutes of a new moon, by the terms above 0.006 degrees. Sunset is good to a tenth of a minute between 1900 and 2100. Source: J. Meeus,
Astronomical Algorithms, chapters 12, 13, 15, 25, 47 and 49.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from math import asin, atan2, cos, degrees, radians, sin, tan

# The epoch that Meeus counts from.
_J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)
# From new moon to new moon, on average (Meeus, as the other terms are).
_MONTH = timedelta(days=29.530588861)
_FIRST_NEW_MOON = datetime(2000, 1, 6, 18, 14, tzinfo=UTC)
# Degrees, and how often the moon's elongation, the sun's anomaly, the moon's
# anomaly and its distance from the node go into the angle.
_MOON_TERMS = (
    (6.288774, 0, 0, 1, 0),
    (1.274027, 2, 0, -1, 0),
    (0.658314, 2, 0, 0, 0),
    (0.213618, 0, 0, 2, 0),
    (-0.185116, 0, 1, 0, 0),
    (-0.114332, 0, 0, 0, 2),
    (0.058793, 2, 0, -2, 0),
    (0.057066, 2, -1, -1, 0),
    (0.053322, 2, 0, 1, 0),
    (0.045758, 2, -1, 0, 0),
    (-0.040923, 0, 1, -1, 0),
    (-0.034720, 1, 0, 0, 0),
    (-0.030383, 0, 1, 1, 0),
    (0.015327, 2, 0, 0, -2),
    (-0.012528, 0, 0, 1, 2),
    (0.010980, 0, 0, 1, -2),
    (0.010675, 4, 0, -1, 0),
    (0.010034, 0, 0, 3, 0),
    (0.008548, 4, 0, -2, 0),
    (-0.007888, 2, 1, -1, 0),
    (-0.006766, 2, 1, 0, 0),
)
_LATITUDE_TERMS = (
    (5.128122, 0, 0, 0, 1),
    (0.280602, 0, 0, 1, 1),
    (0.277693, 0, 0, 1, -1),
    (0.173237, 2, 0, 0, -1),
    (0.055413, 2, 0, -1, 1),
    (0.046271, 2, 0, -1, -1),
    (0.032573, 2, 0, 0, 1),
    (0.017198, 0, 0, 2, 1),
    (0.009266, 2, 0, 1, -1),
    (0.008822, 0, 0, 2, -1),
    (0.008216, 2, -1, 0, -1),
)
# Kilometres, with the cosines of the same angles.
_DISTANCE_TERMS = (
    (-20905.355, 0, 0, 1, 0),
    (-3699.111, 2, 0, -1, 0),
    (-2955.968, 2, 0, 0, 0),
    (-569.925, 0, 0, 2, 0),
)
# Kilometres: the earth's radius at the equator, and the moon's mean distance.
_EARTH, _MOON_AWAY = 6378.14, 385000.56
Terms = tuple[tuple[float, int, int, int, int], ...]


def days_since_2000(moment: datetime) -> float:
    """Days from noon of the first day of 2000, as astronomers count."""
    return (moment - _J2000) / timedelta(days=1)


def _centuries(moment: datetime) -> float:
    return days_since_2000(moment) / 36525


def sun_longitude(moment: datetime) -> float:
    """Apparent longitude of the sun in degrees, 0 at the March equinox."""
    time = _centuries(moment)
    # Meeus, chapter 25: mean anomaly, equation of the centre, mean longitude; 0.00569
    # degrees is the time that light takes.
    anomaly = radians(357.52911 + 35999.05029 * time)
    centre = (
        (1.914602 - 0.004817 * time) * sin(anomaly)
        + 0.019993 * sin(2 * anomaly)
        + 0.000289 * sin(3 * anomaly)
    )
    return (280.46646 + 36000.76983 * time + centre - 0.00569) % 360


def moon_longitude(moment: datetime) -> float:
    """Longitude of the moon in degrees."""
    # Meeus, chapter 47, as the four angles and the terms below are.
    mean = 218.3164477 + 481267.88123421 * _centuries(moment)
    return (mean + _sum(_MOON_TERMS, moment, sin)) % 360


def moon_latitude(moment: datetime) -> float:
    """Degrees of the moon north of the sun's path."""
    return _sum(_LATITUDE_TERMS, moment, sin)


def moon_parallax(moment: datetime) -> float:
    """How many degrees the moon stands lower for a place than for the earth's middle."""
    away = _MOON_AWAY + _sum(_DISTANCE_TERMS, moment, cos)
    return degrees(asin(_EARTH / away))


def _sum(terms: Terms, moment: datetime, wave: Callable[[float], float]) -> float:
    time = _centuries(moment)
    angles = (
        radians(297.8501921 + 445267.1114034 * time),
        radians(357.5291092 + 35999.0502909 * time),
        radians(134.9633964 + 477198.8675055 * time),
        radians(93.2720950 + 483202.0175233 * time),
    )
    return sum(
        size * wave(sum(n * angle for n, angle in zip(counts, angles, strict=True)))
        for size, *counts in terms
    )


def sidereal(longitude: float, moment: datetime) -> float:
    """A longitude against the stars, by the Lahiri reckoning of India."""
    # The distance between the two zero points in 2000, and how it grows in a century.
    return (longitude - 23.853 - 1.39697 * _centuries(moment)) % 360


def elongation(moment: datetime) -> float:
    """How far the moon is ahead of the sun: 0 at new moon, 180 at full moon."""
    return (moon_longitude(moment) - sun_longitude(moment)) % 360


@lru_cache(maxsize=512)
def new_moon(number: int) -> datetime:
    """A new moon, counted from the first of the year 2000."""
    moment = _FIRST_NEW_MOON + number * _MONTH
    for _ in range(4):
        ahead = (elongation(moment) + 180) % 360 - 180
        # Degrees that the moon gains on the sun in a day, on average; four steps end
        # within seconds.
        moment -= timedelta(days=ahead / 12.19)
    return moment


def new_moons(year: int) -> list[datetime]:
    """The new moons from December before the year to January after it.

    Raises:
        ValueError: the year is one for which the arithmetic is too rough.
    """
    if not 1800 <= year <= 2200:
        raise ValueError(f"The moon of the year {year} is not known well enough.")
    first = int((datetime(year, 1, 1, tzinfo=UTC) - _FIRST_NEW_MOON) / _MONTH) - 2
    return [new_moon(number) for number in range(first, first + 17)]


def sun_reaches(degrees: float, year: int, *, stars: bool = False) -> datetime:
    """When in a year the sun reaches a longitude, against the stars or not."""
    # About the distance of the two zero points, so that the first guess is in the right
    # sign.
    offset = 24.0 if stars else 0.0
    guess = datetime(year, 3, 20, tzinfo=UTC) + timedelta(
        # 0.98565 degrees a day is the sun's mean pace; -80 degrees is January 1, where
        # the year begins.
        days=((degrees + offset + 80) % 360 - 80) / 0.98565
    )
    for _ in range(5):
        here = sun_longitude(guess)
        here = sidereal(here, guess) if stars else here
        guess += timedelta(days=((degrees - here + 180) % 360 - 180) / 0.98565)
    return guess


# The upper edge of the sun on the horizon, lifted by the air.
_SUN_SETS = -0.8333
# Degrees, 34 minutes of arc: so much the air lifts what stands at the horizon.
_LIFTED = 0.5667
_STEP = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Coordinates:
    """A place by its latitude and longitude: degrees north and east."""

    north: float
    east: float


def sunset(day: date, place: Coordinates) -> datetime:
    """When the sun sets on a day, where it does every day: up to 60 degrees north."""
    moment = datetime.combine(day, time(18), UTC) - timedelta(hours=place.east / 15)
    for _ in range(4):
        here = _sun_altitude(moment, place)
        sinking = _sun_altitude(moment + _STEP, place) - here
        moment -= _STEP * ((here - _SUN_SETS) / sinking)
    return moment


def moon_above_setting(moment: datetime, place: Coordinates) -> float:
    """How many degrees the moon is above where its upper edge sets."""
    height = _altitude(moon_longitude(moment), moon_latitude(moment), moment, place)
    # 0.7275: the parallax less half the moon's width (Meeus, chapter 15).
    return height - (0.7275 * moon_parallax(moment) - _LIFTED)


def _sun_altitude(moment: datetime, place: Coordinates) -> float:
    return _altitude(sun_longitude(moment), 0.0, moment, place)


def _altitude(
    longitude: float, latitude: float, moment: datetime, place: Coordinates
) -> float:
    """Degrees above the horizon, seen from the earth's middle."""
    days = days_since_2000(moment)
    # The tilt of the earth's axis, and below how far it has turned (Meeus, chapter 12).
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
