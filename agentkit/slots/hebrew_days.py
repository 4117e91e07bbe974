"""Jewish feast days, from the arithmetic Hebrew calendar.

A feast begins at sundown, so its first day here is the evening before.
Source of the arithmetic: Reingold and Dershowitz, Calendrical Calculations.
"""

from collections.abc import Callable
from datetime import date, timedelta

_EPOCH = -1373427


def _elapsed(year: int) -> int:
    months = (235 * year - 234) // 19
    day = 29 * months + (12084 + 13753 * months) // 25920
    return day + (3 * (day + 1) % 7 < 3)


def new_year(year: int) -> date:
    """1 Tishri of a Hebrew year."""
    before, now, after = (_elapsed(year + step) for step in (-1, 0, 1))
    delay = 2 if after - now == 356 else int(now - before == 382)
    return date.fromordinal(_EPOCH + now + delay)


def _from_autumn(days: int) -> Callable[[int], date]:
    """Counted from the new year that begins in the autumn of a year."""
    return lambda year: new_year(year + 3761) + timedelta(days=days - 1)


def _before_autumn(days: int) -> Callable[[int], date]:
    """Counted back from it: the months from Adar to Elul never change in length."""
    return lambda year: new_year(year + 3761) - timedelta(days=days + 1)


def _hanukkah(year: int) -> date:
    """25 Kislev: Heshvan, the month before, has 29 or 30 days."""
    length = (new_year(year + 3762) - new_year(year + 3761)).days
    return new_year(year + 3761) + timedelta(days=82 + (length % 10 == 5))


def _tu_bishvat(year: int) -> date:
    """15 Shevat: 59 days before the end of Shevat's year, less a leap month."""
    start, end = new_year(year + 3760), new_year(year + 3761)
    leap = (end - start).days > 360
    return end - timedelta(days=222 + 30 * leap + 1)


def _independence(year: int) -> date:
    """5 Iyar; moved, so that neither it nor its eve touches the sabbath.

    Friday and the sabbath go back to Thursday; since 2004 Monday goes on to Tuesday.
    """
    day = new_year(year + 3761) - timedelta(days=143)
    monday = int(year >= 2004)
    return day + timedelta(days={4: -1, 5: -2, 0: monday}.get(day.weekday(), 0) - 1)


def _holocaust(year: int) -> date:
    """27 Nisan; Friday goes back to Thursday, since 1997 Sunday goes on to Monday."""
    day = new_year(year + 3761) - timedelta(days=151)
    sunday = int(year >= 1997)
    return day + timedelta(days={4: -1, 6: sunday}.get(day.weekday(), 0) - 1)


def _av_fast(year: int) -> date:
    """9 Av, a day later when that is a sabbath."""
    day = new_year(year + 3761) - timedelta(days=51)
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
