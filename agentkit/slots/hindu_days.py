"""Feast days of the Hindu, Sikh, Jain and Buddhist calendars of India.

A lunar month runs from new moon to new moon and is called after the sign that the
sun enters in it; a month in which it enters none is left out. A day of the month is
the one on which that thirtieth of the month rules at the feast's hour: sunrise,
noon, dusk or midnight. Local almanacs may differ by a day.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from agentkit.slots.moon import (
    elongation,
    moon_longitude,
    new_moons,
    sidereal,
    sun_longitude,
    sun_reaches,
)

Rule = Callable[[int], date]
_INDIA = timedelta(hours=5.5)
_SUNRISE, _NOON, _DUSK, _MIDNIGHT = 6, 12, 18, 24


def _sign(moment: datetime) -> int:
    return int(sidereal(sun_longitude(moment), moment) // 30)


def _months(year: int, month: int) -> list[datetime]:
    """The new moons that begin a lunar month, 0 for Chaitra, around a year."""
    moons = new_moons(year)
    return [
        moon
        for moon, following in pairwise(moons)
        if _sign(moon) != _sign(following) == month
    ]


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(), UTC) + timedelta(hours=hour) - _INDIA


def _lunar(month: int, tithi: int, hour: int = _SUNRISE, plus: int = 0) -> Rule:
    """The day of a lunar month, 1 to 30, that rules at an hour in India."""

    def rule(year: int) -> date:
        days = [_ruled(moon, tithi, hour) for moon in _months(year, month)]
        shifted = [day + timedelta(days=plus) for day in days]
        found = [day for day in shifted if day.year == year]
        if not found:
            raise ValueError(f"The feast falls on no day of {year}.")
        return found[0]

    return rule


def _ruled(moon: datetime, tithi: int, hour: int) -> date:
    first = (moon + _INDIA).date() + timedelta(days=max(tithi - 3, 0))
    for step in range(5):
        day = first + timedelta(days=step)
        moment = _at(day, hour)
        behind = (elongation(moment) - 12 * tithi + 180) % 360 - 180
        if -12 <= behind < 0 and moment >= moon:
            return day
        if 0 <= behind < 60:
            # It began after one such hour and ended before the next.
            return day if hour == _SUNRISE else day - timedelta(days=1)
    return first + timedelta(days=2)


def _solar(degrees: int, plus: int = 0) -> Rule:
    """The day the sun enters a sign; after sunset, the day after."""

    def rule(year: int) -> date:
        entered = sun_reaches(degrees, year, stars=True) + _INDIA
        day = entered.date() + timedelta(days=int(entered.hour >= _DUSK))
        return day + timedelta(days=plus)

    return rule


def _onam(year: int) -> date:
    """Last day in the solar month of Leo on which the moon is in Shravana."""
    first = (sun_reaches(120, year, stars=True) + _INDIA).date()
    days = [first + timedelta(days=step) for step in range(31)]
    good = [day for day in days if _in_shravana(_at(day, _NOON))]
    return good[-1]


def _in_shravana(moment: datetime) -> bool:
    return 280 <= sidereal(moon_longitude(moment), moment) < 280 + 40 / 3


def _parsi(year: int) -> date:
    """The Shahenshahi new year: 365 days, without leap days."""
    return date(2018, 8, 17) + timedelta(days=365 * (year - 2018))


# Names, rule of the first day, and days to its end.
HINDU_DAYS: tuple[tuple[str, Rule, int], ...] = (
    ("ugadi|yugadi|gudi padwa|chaitra sukladi|chaitra sukhladi|samvatsaradi|telugu"
     " new year|kannada new year", _lunar(0, 1), 1),
    ("rama navami|ram navami|sri rama navami", _lunar(0, 9, _NOON), 1),
    ("mahavir jayanti|mahaveer jayanti|mahavir janma kalyanak"
     "|mahaveer janma kalyanak", _lunar(0, 13), 1),
    ("hanuman jayanti", _lunar(0, 15), 1),
    ("akshaya tritiya", _lunar(1, 3), 1),
    ("buddha purnima|buddha day|buddha jayanti|vesak|vaisakha|vaisakh purnima"
     "|vesak day|waisak", _lunar(1, 15, _MIDNIGHT), 1),
    ("rath yatra|ratha yatra|rathayatra|ratha jatra|chariot festival",
     _lunar(3, 2), 1),
    ("guru purnima", _lunar(3, 15), 1),
    ("raksha bandhan|rakshabandhan|rakhi|rakhi purnima", _lunar(4, 15), 1),
    ("janmashtami|krishna janmashtami|gokulashtami|krishnashtami|krishna jayanti"
     "|srikrishna jayanti|sree jayanti", _lunar(4, 23, _MIDNIGHT), 1),
    ("ganesh chaturthi|vinayaka chaturthi|vinayaka chavithi",
     _lunar(5, 4, _NOON), 1),
    ("navaratri|navratri|durga puja|durgotsava", _lunar(6, 10, _NOON, -9), 10),
    ("maha saptami", _lunar(6, 7), 1),
    ("maha ashtami|durga ashtami", _lunar(6, 8), 1),
    ("maha navami", _lunar(6, 9), 1),
    ("dussehra|dusshera|dasara|dashain|vijayadashami|vijaya dashami",
     _lunar(6, 10, _NOON), 1),
    ("sharad purnima|kojagiri", _lunar(6, 15, _MIDNIGHT), 1),
    ("valmiki jayanti|maharishi valmiki jayanti|pargat diwas", _lunar(6, 15), 1),
    ("karva chauth|karwa chauth", _lunar(6, 19, _DUSK), 1),
    ("dhanteras|dhanatrayodashi|dhanvantari trayodashi",
     _lunar(6, 28, _DUSK), 1),
    ("choti diwali|chhoti diwali|naraka chaturdashi|naraka nivaran chaturdashi"
     "|kali chaudas|roop chaudas", _lunar(6, 30, _DUSK, -1), 1),
    ("diwali|deepavali|dipavali|lakshmi puja", _lunar(6, 30, _DUSK), 1),
    ("govardhan puja", _lunar(7, 1), 1),
    ("bhai dooj|bhaiya dooj|bhai duj|bhau beej|bhai phonta", _lunar(7, 2, _NOON), 1),
    ("chhath|chhath puja|chhathi|chhath parva|dala puja|dala chhath|surya shashthi",
     _lunar(7, 6), 1),
    ("guru nanak jayanti|gurpurab", _lunar(7, 15), 1),
    ("guru gobind singh jayanti|guru govind singh jayanti|guru gobind singh"
     " birthday|guru govind singh birthday", _lunar(9, 7), 1),
    ("vasant panchami|basant panchami|saraswati puja", _lunar(10, 5), 1),
    ("guru ravidas jayanti|guru ravidass jayanti|ravidas jayanti"
     "|guru ravidas birthday|guru ravidass birthday", _lunar(10, 15), 1),
    ("maha shivaratri|maha shivratri|mahashivratri|shivaratri|shivratri",
     _lunar(10, 29, _MIDNIGHT), 1),
    ("holika dahan|chhoti holi|kamudu pyre", _lunar(11, 15, _NOON), 1),
    ("holi|dhulandi|dhulheti|phagwah|festival of colours|festival of colors",
     _lunar(11, 15, _NOON, 1), 1),
    ("lohri", _solar(270, -1), 1),
    ("bhogi|bogi|bhogi pandigai|bogi pandigai|bhogi pongal", _solar(270, -1), 1),
    ("pongal|thai pongal|makar sankranti|makara sankranti|makara sankranthi"
     "|sankranti|maghi|uttarayan|magh bihu", _solar(270), 1),
    ("mattu pongal|maattu pongal", _solar(270, 1), 1),
    ("kaanum pongal|kanu pongal|kaanum|kanni pongal", _solar(270, 2), 1),
    ("vaisakhi|baisakhi|vasakhi|vaishakhi|mesadi|tamil new year|puthandu|vishu",
     _solar(0), 1),
    ("rabindra jayanti|rabindranath jayanti|pochishe boishakh",
     _solar(0, 25), 1),
    ("onam|thiru onam|thiruvonam", _onam, 1),
    ("parsi new year|jamshedi navroz|jamshedi nowroz|parsi navroz", _parsi, 1),
)  # fmt: skip
