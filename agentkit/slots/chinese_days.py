"""Feast days of the Chinese calendar."""

from bisect import bisect_right
from collections.abc import Callable
from datetime import date, datetime, timedelta

from agentkit.slots.moon import new_moons, sun_reaches

_CHINA = timedelta(hours=8)


def new_year(year: int) -> date:
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
    return lambda year: new_year(year) + timedelta(days=days)


# Names, rule of the first day, and days to its end.
CHINESE_DAYS: tuple[tuple[str, Callable[[int], date], int], ...] = (
    ("chinese new year|chinese new years|lunar new year|spring festival"
     "|chinese lunar new year", _from_new_year(0), 1),
    ("chinese new years eve|lunar new years eve", _from_new_year(-1), 1),
    ("lantern festival", _from_new_year(14), 1),
)  # fmt: skip
