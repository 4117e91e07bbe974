"""Feast days of the Jewish, Islamic and Chinese calendars, and the moon they follow.

Good to about a hundredth of a degree between 1800 and 2200, that is, to two minutes
of a new moon. Source: J. Meeus, Astronomical Algorithms, chapters 25 and 47, with
the terms above 0.006 degrees.

A feast begins at sundown, so its first day here is the evening before.
Source of the arithmetic: Reingold and Dershowitz, Calendrical Calculations.

A month begins on the day after the evening on which the calendar takes the new moon to
be there. How it does so has changed: since 2002 the moon must be new before sunset in
Mecca and set after the sun, since 1999 only the latter, since 1975 it had to be new
before midnight UTC. These rules give the published calendar but for five months of
1400 to 1410; before 1975 a day may differ. Where the moon is sighted instead, the feast
may come a day later.
"""

from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from math import asin, cos, degrees, radians, sin

from agentkit.slots.horizon import Place, moon_above_setting, sunset

_J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)
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
    anomaly = radians(357.52911 + 35999.05029 * time)
    centre = (
        (1.914602 - 0.004817 * time) * sin(anomaly)
        + 0.019993 * sin(2 * anomaly)
        + 0.000289 * sin(3 * anomaly)
    )
    return (280.46646 + 36000.76983 * time + centre - 0.00569) % 360


def moon_longitude(moment: datetime) -> float:
    """Longitude of the moon in degrees."""
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
    offset = 24.0 if stars else 0.0
    guess = datetime(year, 3, 20, tzinfo=UTC) + timedelta(
        days=((degrees + offset + 80) % 360 - 80) / 0.98565
    )
    for _ in range(5):
        here = sun_longitude(guess)
        here = sidereal(here, guess) if stars else here
        guess += timedelta(days=((degrees - here + 180) % 360 - 180) / 0.98565)
    return guess


_EPOCH = -1373427


def _elapsed(year: int) -> int:
    months = (235 * year - 234) // 19
    day = 29 * months + (12084 + 13753 * months) // 25920
    return day + (3 * (day + 1) % 7 < 3)


def hebrew_new_year(year: int) -> date:
    """1 Tishri of a Hebrew year."""
    before, now, after = (_elapsed(year + step) for step in (-1, 0, 1))
    delay = 2 if after - now == 356 else int(now - before == 382)
    return date.fromordinal(_EPOCH + now + delay)


def _from_autumn(days: int) -> Callable[[int], date]:
    """Counted from the new year that begins in the autumn of a year."""
    return lambda year: hebrew_new_year(year + 3761) + timedelta(days=days - 1)


def _before_autumn(days: int) -> Callable[[int], date]:
    """Counted back from it: the months from Adar to Elul never change in length."""
    return lambda year: hebrew_new_year(year + 3761) - timedelta(days=days + 1)


def _hanukkah(year: int) -> date:
    """25 Kislev: Heshvan, the month before, has 29 or 30 days."""
    length = (hebrew_new_year(year + 3762) - hebrew_new_year(year + 3761)).days
    return hebrew_new_year(year + 3761) + timedelta(days=82 + (length % 10 == 5))


def _tu_bishvat(year: int) -> date:
    """15 Shevat: 59 days before the end of Shevat's year, less a leap month."""
    start, end = hebrew_new_year(year + 3760), hebrew_new_year(year + 3761)
    leap = (end - start).days > 360
    return end - timedelta(days=222 + 30 * leap + 1)


def _independence(year: int) -> date:
    """5 Iyar; moved, so that neither it nor its eve touches the sabbath.

    Friday and the sabbath go back to Thursday; since 2004 Monday goes on to Tuesday.
    """
    day = hebrew_new_year(year + 3761) - timedelta(days=143)
    monday = int(year >= 2004)
    return day + timedelta(days={4: -1, 5: -2, 0: monday}.get(day.weekday(), 0) - 1)


def _holocaust(year: int) -> date:
    """27 Nisan; Friday goes back to Thursday, since 1997 Sunday goes on to Monday."""
    day = hebrew_new_year(year + 3761) - timedelta(days=151)
    sunday = int(year >= 1997)
    return day + timedelta(days={4: -1, 6: sunday}.get(day.weekday(), 0) - 1)


def _av_fast(year: int) -> date:
    """9 Av, a day later when that is a sabbath."""
    day = hebrew_new_year(year + 3761) - timedelta(days=51)
    return day + timedelta(days=int(day.weekday() == 5) - 1)


# Names, rule of the evening before, and days to its end.
HEBREW_DAYS: tuple[tuple[str, Callable[[int], date], int], ...] = (
    ("rosh hashanah|rosh hashana|jewish new year|yom teruah", _from_autumn(0), 3),
    ("yom kippur|day of atonement", _from_autumn(9), 2),
    (
        "sukkot|sukkos|feast of tabernacles|feast of booths"
        "|feast of ingathering|feast of the ingathering|succot",
        _from_autumn(14),
        8,
    ),
    ("shemini atzeret", _from_autumn(21), 2),
    ("simchat torah|simhat torah", _from_autumn(22), 2),
    (
        "hanukkah|hanukah|hanukkah|chanukah|hanukka|hannukah|hannukkah"
        "|chanukkah|festival of lights",
        _hanukkah,
        9,
    ),
    ("tu bishvat|tu bshevat|tu b'shevat|tu b'shvat", _tu_bishvat, 2),
    ("purim", _before_autumn(193), 2),
    ("shushan purim", _before_autumn(192), 2),
    ("passover|pesach|pesah|feast of passover", _before_autumn(163), 9),
    ("holocaust day|yom hashoah|holocaust remembrance day", _holocaust, 2),
    ("yom haatzmaut|yom ha'atzmaut|israeli independence day", _independence, 2),
    ("lag baomer|lag b'omer", _before_autumn(130), 2),
    ("shavuot|shavuoth|feast of weeks", _before_autumn(113), 3),
    ("tisha bav|tisha b'av|tish'a b'av", _av_fast, 2),
)


# The new moon, counted from the year 2000, that began the month 1 of the year 1.
_FIRST_MONTH = -17037
_MECCA = Place(north=21.4225, east=39.8262)
_SUNSET = 15.5
_BY_MIDNIGHT, _BY_MOONSET, _BY_BOTH = 1395, 1420, 1423
# So many degrees short of setting the published tables still count the moon as up;
# anything between -0.046 and -0.039 gives all their months from 1420 to 1500.
_STILL_UP = -0.042
_DAY = timedelta(days=1)
Days = tuple[date, ...]


def month_start(year: int, month: int) -> date:
    """The first day of a month of the Islamic calendar."""
    moon = new_moon(_FIRST_MONTH + (year - 1) * 12 + month - 1)
    if year >= _BY_MOONSET:
        evening = moon.date() - _DAY
        while not _moon_is_there(evening, moon, new=year >= _BY_BOTH):
            evening += _DAY
        return evening + _DAY
    late = year < _BY_MIDNIGHT and moon.hour + moon.minute / 60 >= _SUNSET
    return moon.date() + _DAY * (1 + late)


def _moon_is_there(evening: date, moon: datetime, *, new: bool) -> bool:
    """Whether the moon sets after the sun and, where that is asked, is new."""
    sun_down = sunset(evening, _MECCA)
    begun = moon <= sun_down or not new
    return begun and moon_above_setting(sun_down, _MECCA) > _STILL_UP


def _on(month: int, day: int) -> Callable[[int], Days]:
    """Such days that fall in a Gregorian year: one, or two of them."""

    def rule(year: int) -> Days:
        guess = (year - 622) * 33 // 32
        starts = [month_start(guess + step, month) for step in (-1, 0, 1, 2)]
        days = [start + _DAY * (day - 1) for start in starts]
        return tuple(found for found in days if found.year == year)

    return rule


def _last_friday(year: int) -> Days:
    """The last Friday of Ramadan."""
    # A feast in the first days of a year ends a Ramadan of the year before.
    ends = [end - _DAY for near in (year, year + 1) for end in _on(10, 1)(near)]
    fridays = [last - _DAY * ((last.weekday() - 4) % 7) for last in ends]
    return tuple(friday for friday in fridays if friday.year == year)


def _feast_after(day: date) -> date:
    """The feast that ends the Ramadan which begins on a day."""
    feasts = [feast for near in (day.year, day.year + 1) for feast in _on(10, 1)(near)]
    return next(feast for feast in feasts if feast > day)


# Names, rule of the first days, and days to its end or the rule of the day after it.
ISLAMIC_DAYS: tuple[
    tuple[str, Callable[[int], Days], int | Callable[[date], date]], ...
] = (
    ("islamic new year|hijri new year|arabic new year|muslim new year|muharram", _on(1, 1), 1),
    ("ashura|day of ashura", _on(1, 10), 1),
    ("mawlid|mawlid al nabawi|mawlid an nabi|eid milad un nabi", _on(3, 12), 1),
    ("isra and miraj|isra and mi'raj|the night journey|night journey"
     "|ascension to heaven|prophets ascension|ascension of the prophet|night of ascension|shab e miraj", _on(7, 27), 1),
    ("ramadan|ramadhan|ramzan", _on(9, 1), _feast_after),
    ("laylat al qadr|laylat al kadr|night of power|night of destiny"
     "|night of decree|night of measures", _on(9, 27), 1),
    ("jumuatul wida|jumu'atul wida|jamat ul vida|jumat ul vida", _last_friday, 1),
    ("eid al fitr|eid ul fitr|id al fitr|id ul fitr|eid|ramadan feast"
     "|festival of breaking the fast|feast of breaking the fast", _on(10, 1), 1),
    ("eid al adha|eid ul adha|id al adha|id ul adha|bakr id|bakra eid"
     "|sacrifice feast|feast of sacrifice|feast of the sacrifice"
     "|festival of sacrifice|festival of the sacrifice", _on(12, 10), 1),
)  # fmt: skip


_CHINA = timedelta(hours=8)


def chinese_new_year(year: int) -> date:
    """The first day of the year's first month, by China's time of today.

    The month of the winter solstice is the eleventh. Where thirteen months lie between
    two such, the first in which the sun enters no sign is counted twice.
    """
    moons = sorted({*map(_day, new_moons(year - 1)), *map(_day, new_moons(year))})
    first, following = (_month_of_solstice(moons, near) for near in (year - 1, year))
    leap = following - first == 13 and _leaps_early(moons, first, year)
    return moons[first + 2 + leap]


def _month_of_solstice(moons: list[date], year: int) -> int:
    """The place of the month that holds the winter solstice of a year."""
    solstice = (sun_reaches(270, year) + _CHINA).date()
    return bisect_right(moons, solstice) - 1


def _leaps_early(moons: list[date], first: int, year: int) -> bool:
    """Whether the month counted twice is the eleventh or the twelfth."""
    signs = [(sun_reaches(angle, year) + _CHINA).date() for angle in (300, 330)]
    return any(
        not any(moons[place] <= sign < moons[place + 1] for sign in signs)
        for place in (first + 1, first + 2)
    )


def _day(moon: datetime) -> date:
    return (moon + _CHINA).date()


def _from_new_year(days: int) -> Callable[[int], date]:
    return lambda year: chinese_new_year(year) + timedelta(days=days)


# Names, rule of the first day, and days to its end.
CHINESE_DAYS: tuple[tuple[str, Callable[[int], date], int], ...] = (
    ("chinese new year|chinese new years|lunar new year|spring festival"
     "|chinese lunar new year", _from_new_year(0), 1),
    ("chinese new years eve|lunar new years eve", _from_new_year(-1), 1),
    ("lantern festival", _from_new_year(14), 1),
)  # fmt: skip
