"""Feast days of the Chinese calendar."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from agentkit.slots.moon import new_moons, sun_reaches

_CHINA = timedelta(hours=8)
# Where the rule below fails for want of the leap months of the years around.
_IRREGULAR = {2034: date(2034, 2, 19)}


def new_year(year: int) -> date:
    """The new moon, in China's time, before the sun reaches 330 degrees."""
    if year in _IRREGULAR:
        return _IRREGULAR[year]
    rain = (sun_reaches(330, year) + _CHINA).date()
    return max(day for moon in new_moons(year) if (day := _day(moon)) <= rain)


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
