"""Islamic feast days, by the rules of the Umm al-Qura calendar of Mecca.

A month begins on the day after the evening on which the calendar takes the new moon to
be there. How it does so has changed: since 2002 the moon must be new before sunset in
Mecca and set after the sun, since 1999 only the latter, since 1975 it had to be new
before midnight UTC. These rules give the published calendar but for five months of
1400 to 1410; before 1975 a day may differ. Where the moon is sighted instead, the feast
may come a day later.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from agentkit.slots.horizon import Place, moon_above_setting, sunset
from agentkit.slots.moon import new_moon

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
