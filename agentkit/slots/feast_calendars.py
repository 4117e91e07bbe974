"""Feast days of the Jewish, Islamic and Chinese calendars.

A Jewish feast begins at sundown, so its first day here is the evening before.
Source of the arithmetic: Reingold and Dershowitz, Calendrical Calculations.

An Islamic month begins on the day after the evening on which the calendar takes the new moon to
be there. How it does so has changed: since 2002 the moon must be new before sunset in
Mecca and set after the sun, since 1999 only the latter, since 1975 it had to be new
before midnight UTC. These rules give the published calendar but for five months of
1400 to 1410; before 1975 a day may differ. Where the moon is sighted instead, the feast
may come a day later.
"""

from bisect import bisect_right
from collections.abc import Callable
from datetime import date, datetime, timedelta

from agentkit.slots.sky import (
    Coordinates,
    moon_above_setting,
    new_moon,
    new_moons,
    sun_reaches,
    sunset,
)

# The Hebrew epoch, 7 October 3761 BC by the Julian calendar, as Python counts days.
_EPOCH = -1373427
_DAY = timedelta(days=1)
Days = tuple[date, ...]


def _elapsed(year: int) -> int:
    # The mean Hebrew calendar: 235 months in 19 years, each 29 days and 13753 of 25920
    # parts long.
    months = (235 * year - 234) // 19
    day = 29 * months + (12084 + 13753 * months) // 25920
    # The new year never begins on a Sunday, Wednesday or Friday.
    return day + (3 * (day + 1) % 7 < 3)


def hebrew_new_year(year: int) -> date:
    """1 Tishri of a Hebrew year."""
    before, now, after = (_elapsed(year + step) for step in (-1, 0, 1))
    # Put off so that no year gets a length that the calendar does not have: 356 or 382
    # days.
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
    # A common year has 353 to 355 days, a leap year 383 to 385.
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
_MECCA = Coordinates(north=21.4225, east=39.8262)
# Hours of UTC: about sunset at Mecca, on average.
_SUNSET = 15.5
_BY_MIDNIGHT, _BY_MOONSET, _BY_BOTH = 1395, 1420, 1423
# So many degrees short of setting the published tables still count the moon as up;
# anything between -0.046 and -0.039 gives all their months from 1420 to 1500.
_STILL_UP = -0.042


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
        # 33 Islamic years are about as long as 32 of ours; both neighbours are tried.
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


# China reckons its calendar by its own standard time, wherever it is read.
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
