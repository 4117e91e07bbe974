"""Feast days that people plan by, with the date each has in a year."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, cast

from agentkit.language.vocabularies import DAY_NAMES, read_table
from agentkit.slots.feast_calendars import CHINESE_DAYS, HEBREW_DAYS, ISLAMIC_DAYS
from agentkit.slots.hindu_days import (
    Days,
    after_dussehra,
    holika,
    lunar,
    onam,
    parsi_new_year,
    solar,
)
from agentkit.slots.sky import sun_reaches

Rule = Callable[[int], date]
YearRule = Callable[[int], Days]


@dataclass(frozen=True, slots=True)
class Feast:
    """When a feast begins, and how long it lasts.

    Attributes:
        rule: the first days that fall in a year: one, or by the moon none or two;
            ValueError when they are not known.
        length: how many days it takes, or the rule of the day after its last.
    """

    rule: YearRule
    length: int | Callable[[date], date] = 1

    def end(self, first: date) -> date:
        """The day after its last."""
        if isinstance(self.length, int):
            return first + timedelta(days=self.length)
        return self.length(first)


def easter(year: int) -> date:
    """Western Easter Sunday, by the anonymous Gregorian computus."""
    golden, century = year % 19, year // 100
    shift = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    # The two exceptions of the Gregorian full moon, so that it never falls later than
    # April 18.
    shift -= (shift // 28) * (1 - (29 // (shift + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + shift + 2 - century + century // 4) % 7
    day = shift - weekday
    month = 3 + (day + 40) // 44
    return date(year, month, day + 28 - 31 * (month // 4))


def orthodox_easter(year: int) -> date:
    """Orthodox Easter Sunday in our calendar, from 1583 on."""
    shift = (19 * (year % 19) + 15) % 30
    weekday = (2 * (year % 4) + 4 * (year % 7) - shift + 34) % 7
    month, day = divmod(shift + weekday + 114, 31)
    # Days by which the Julian calendar is behind ours: 13 from 1900 to 2099.
    julian_lag = year // 100 - year // 400 - 2
    return date(year, month, day + 1) + timedelta(days=julian_lag)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth weekday of a month; negative counts from its end."""
    if nth > 0:
        first = date(year, month, 1)
        return first + timedelta((weekday - first.weekday()) % 7 + 7 * (nth - 1))
    following = date(year + month // 12, month % 12 + 1, 1)
    back = (following.weekday() - weekday - 1) % 7 + 1
    return following - timedelta(back + 7 * (-nth - 1))


def _kings_day(year: int) -> date:
    day = date(year, 4, 27)
    # A Sunday's is kept on the Saturday before.
    return day - timedelta(1) if day.weekday() == 6 else day


def _boss_day(year: int) -> date:
    """16 October, or the working day nearest to it."""
    day = date(year, 10, 16)
    return day + timedelta({5: -1, 6: 1}.get(day.weekday(), 0))


def _last_before(day: date, weekday: int) -> date:
    """The last such weekday before a day."""
    return day - timedelta((day.weekday() - weekday - 1) % 7 + 1)


def _nowruz(year: int) -> date:
    """The day of the March equinox; the day after, when that is past noon in Iran."""
    # Iran's time, which has no summer time since 2022.
    moment = sun_reaches(0, year) + timedelta(hours=3.5)
    return moment.date() + timedelta(days=int(moment.hour >= 12))


def _administrative_day(year: int) -> date:
    """The Wednesday of April's last whole week."""
    return _last_before(nth_weekday(year, 4, 5, -1), 2)


def _once(rule: Rule) -> YearRule:
    return lambda year: (rule(year),)


_OWN: dict[str, YearRule] = {
    "administrative_day": _once(_administrative_day),
    "boss_day": _once(_boss_day),
    "holi": holika(1),
    "holika": holika(0),
    "kings_day": _once(_kings_day),
    "navaratri": lunar(6, 1, "late_sunrise"),
    "nowruz": _once(_nowruz),
    "onam": onam,
    "parsi_new_year": parsi_new_year,
}


def _month_day(text: str) -> tuple[int, int]:
    month, _, day = text.partition("-")
    return int(month), int(day)


def _fixed(day: str) -> YearRule:
    month_day = _month_day(day)
    return lambda year: (date(year, *month_day),)


def _weekday(month: str, day: str, nth: str) -> YearRule:
    told = int(month), DAY_NAMES.index(day), int(nth)
    return lambda year: (nth_weekday(year, *told),)


def _before(day: str, weekday: str) -> YearRule:
    month_day, wanted = _month_day(day), DAY_NAMES.index(weekday)
    return lambda year: (_last_before(date(year, *month_day), wanted),)


def _lunar(month: str, tithi: str, hour: str) -> YearRule:
    return lunar(int(month), int(tithi), cast(Any, hour))


def _solar(degrees: str, hour: str) -> YearRule:
    return solar(int(degrees), cast(Any, hour))


# What each kind of rule makes of its words, and of how many.
_KINDS: dict[str, tuple[int, Callable[..., YearRule]]] = {
    "fixed": (1, _fixed),
    "weekday": (3, _weekday),
    "before": (2, _before),
    "easter": (0, lambda: _once(easter)),
    "orthodox_easter": (0, lambda: _once(orthodox_easter)),
    "lunar": (3, _lunar),
    "solar": (2, _solar),
    "own": (1, _OWN.__getitem__),
}


def _feast(kind: str, key: str) -> Feast:
    """Read a rule of the table, such as "11 thursday 4 +1" or "-46 for 46"."""
    size, make = _KINDS[kind]
    told, _, lasts = key.partition(" for ")
    words = told.split()
    rule = make(*words[:size])
    if len(words) > size:
        rule = _shifted(rule, timedelta(days=int(words[size])))
    return Feast(rule, after_dussehra if key == "navaratri" else int(lasts or 1))


def _shifted(rule: YearRule, days: timedelta) -> YearRule:
    """So many days after a rule's; a day that leaves its year is the next year's."""
    return lambda year: tuple(day + days for day in rule(year))


def _rows() -> Iterator[tuple[str, Feast]]:
    for kind, rules in read_table(Path(__file__).with_name("feasts.toml")).items():
        for key, names in rules.items():
            feast = _feast(kind, key)
            yield from ((name, feast) for name in names)
    # Sums of a calendar stay in Python; the table has what is a date and a shift.
    for row, begins, days in (*CHINESE_DAYS, *HEBREW_DAYS):
        yield from ((name, Feast(_once(begins), days)) for name in row.split("|"))
    for row, rule, length in ISLAMIC_DAYS:
        yield from ((name, Feast(rule, length)) for name in row.split("|"))


@cache
def feasts() -> dict[str, Feast]:
    """Every name, lower-case and without apostrophes, and its feast."""
    return {name.replace("'", ""): feast for name, feast in _rows()}
