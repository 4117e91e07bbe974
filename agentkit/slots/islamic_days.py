"""Islamic feast days, from the tabular calendar; the sighted moon may differ by one.

Source of the arithmetic: Reingold and Dershowitz, Calendrical Calculations.
"""

from collections.abc import Callable
from datetime import date, timedelta

_EPOCH = 227015


def islamic_date(year: int, month: int, day: int) -> date:
    """The Gregorian date of a day of the tabular Islamic calendar."""
    months = 29 * (month - 1) + month // 2
    leap = (11 * year + 3) // 30
    return date.fromordinal(day + months + (year - 1) * 354 + leap + _EPOCH - 1)


def _on(month: int, day: int) -> Callable[[int], date]:
    """The first such day that falls in a Gregorian year."""

    def rule(year: int) -> date:
        guess = (year - 622) * 33 // 32
        days = [islamic_date(guess + step, month, day) for step in (-1, 0, 1, 2)]
        return next(found for found in days if found.year == year)

    return rule


def _last_friday(year: int) -> date:
    """The last Friday of Ramadan."""
    last = _on(10, 1)(year) - timedelta(days=1)
    return last - timedelta(days=(last.weekday() - 4) % 7)


# Names, rule of the first day, and days to its end.
ISLAMIC_DAYS: tuple[tuple[str, Callable[[int], date], int], ...] = (
    ("islamic new year|hijri new year|muharram", _on(1, 1), 1),
    ("ashura|day of ashura", _on(1, 10), 1),
    ("mawlid|mawlid al nabawi|mawlid an nabi|eid milad un nabi", _on(3, 12), 1),
    ("isra and miraj|isra and mi'raj|the night journey|night journey"
     "|ascension to heaven", _on(7, 27), 1),
    ("ramadan|ramadhan|ramzan", _on(9, 1), 30),
    ("laylat al qadr|laylat al kadr|night of power|night of destiny", _on(9, 27), 1),
    ("jumuatul wida|jumu'atul wida|jamat ul vida|jumat ul vida", _last_friday, 1),
    ("eid al fitr|eid ul fitr|id al fitr|id ul fitr|eid|ramadan feast", _on(10, 1), 1),
    ("eid al adha|eid ul adha|id al adha|id ul adha|bakr id|bakra eid"
     "|sacrifice feast|feast of sacrifice", _on(12, 10), 1),
)  # fmt: skip
