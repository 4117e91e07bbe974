"""Islamic feast days, by the rule of the Umm al-Qura calendar of Mecca.

A month begins on the evening after the new moon, when that falls before sunset in
Mecca; where the moon is sighted instead, the feast may come a day later.
"""

from collections.abc import Callable
from datetime import date, timedelta

from agentkit.slots.moon import new_moon

# The new moon, counted from the year 2000, that began the month 1 of the year 1.
_FIRST_MONTH = -17037
_SUNSET = 15.5


def month_start(year: int, month: int) -> date:
    """The first day of a month of the Islamic calendar."""
    moon = new_moon(_FIRST_MONTH + (year - 1) * 12 + month - 1)
    late = moon.hour + moon.minute / 60 >= _SUNSET
    return moon.date() + timedelta(days=1 + late)


def _on(month: int, day: int) -> Callable[[int], date]:
    """The first such day that falls in a Gregorian year."""

    def rule(year: int) -> date:
        guess = (year - 622) * 33 // 32
        starts = [month_start(guess + step, month) for step in (-1, 0, 1, 2)]
        days = [start + timedelta(days=day - 1) for start in starts]
        return next(found for found in days if found.year == year)

    return rule


def _last_friday(year: int) -> date:
    """The last Friday of Ramadan."""
    last = _on(10, 1)(year) - timedelta(days=1)
    return last - timedelta(days=(last.weekday() - 4) % 7)


# Names, rule of the first day, and days to its end.
ISLAMIC_DAYS: tuple[tuple[str, Callable[[int], date], int], ...] = (
    ("islamic new year|hijri new year|arabic new year|muslim new year|muharram", _on(1, 1), 1),
    ("ashura|day of ashura", _on(1, 10), 1),
    ("mawlid|mawlid al nabawi|mawlid an nabi|eid milad un nabi", _on(3, 12), 1),
    ("isra and miraj|isra and mi'raj|the night journey|night journey"
     "|ascension to heaven|prophets ascension|ascension of the prophet|night of ascension|shab e miraj", _on(7, 27), 1),
    ("ramadan|ramadhan|ramzan", _on(9, 1), 30),
    ("laylat al qadr|laylat al kadr|night of power|night of destiny"
     "|night of decree|night of measures", _on(9, 27), 1),
    ("jumuatul wida|jumu'atul wida|jamat ul vida|jumat ul vida", _last_friday, 1),
    ("eid al fitr|eid ul fitr|id al fitr|id ul fitr|eid|ramadan feast"
     "|festival of breaking the fast|feast of breaking the fast", _on(10, 1), 1),
    ("eid al adha|eid ul adha|id al adha|id ul adha|bakr id|bakra eid"
     "|sacrifice feast|feast of sacrifice|feast of the sacrifice"
     "|festival of sacrifice|festival of the sacrifice", _on(12, 10), 1),
)  # fmt: skip
