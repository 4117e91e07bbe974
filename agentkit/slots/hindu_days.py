"""Feast days of the Hindu, Sikh, Jain and Buddhist calendars of India.

A lunar month runs from new moon to new moon and is called after the sign that the
sun enters in it; a month in which it enters none is left out. A day of the month is
the one on which that thirtieth of the month rules at the feast's hour: sunrise,
noon, dusk or midnight. The hours are those by which most of the dates published for
2001 to 2035 are met; local almanacs may differ by a day.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from agentkit.slots.sky import (
    elongation,
    moon_longitude,
    new_moons,
    sidereal,
    sun_longitude,
    sun_reaches,
)

Days = tuple[date, ...]
Rule = Callable[[int], Days]
_INDIA = timedelta(hours=5.5)
# A lunar mansion, in degrees.
_MANSION = 40 / 3
_DAY = timedelta(days=1)
# On the clock of India; the sun rises later from October to February.
_DAWN, _SUNRISE, _LATE_SUNRISE, _MORNING, _FORENOON, _NOON = 5, 6, 7, 8, 10, 12
_AFTERNOON, _LATE_AFTERNOON, _SUNSET, _DUSK, _MIDNIGHT = 14, 15, 17, 18, 24


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

    def rule(year: int) -> Days:
        days = [_ruled(moon, tithi, hour) for moon in _months(year, month)]
        shifted = [day + timedelta(days=plus) for day in days]
        return tuple(day for day in shifted if day.year == year)

    return rule


def _ruled(moon: datetime, tithi: int, hour: int) -> date:
    """The first day at whose hour it rules; where there is none, the one it ends on."""
    day = (moon + _INDIA).date() + timedelta(days=max(tithi - 4, 0))
    while (behind := _behind(day, tithi, hour)) < -12:
        day += _DAY
    return day if behind < 0 else day - _DAY


def _behind(day: date, tithi: int, hour: int) -> float:
    """Degrees since the end of a thirtieth; it rules from -12 to 0."""
    return (elongation(_at(day, hour)) - 12 * tithi + 180) % 360 - 180


def _holika(plus: int) -> Rule:
    """The evening on which the full moon of Phalguna rules, the later one of two."""

    def rule(year: int) -> Days:
        days = [_ruled(moon, 15, _SUNSET) for moon in _months(year, 11)]
        later = [-12 <= _behind(day + _DAY, 15, _SUNSET) < 0 for day in days]
        evenings = [day + _DAY * add for day, add in zip(days, later, strict=True)]
        shifted = [day + timedelta(days=plus) for day in evenings]
        return tuple(day for day in shifted if day.year == year)

    return rule


def _solar(degrees: int, plus: int = 0, hour: int = _DUSK) -> Rule:
    """The day the sun enters a sign; after an hour, the day after."""

    def rule(year: int) -> Days:
        entered = sun_reaches(degrees, year, stars=True) + _INDIA
        day = entered.date() + timedelta(days=int(entered.hour >= hour))
        return (day + timedelta(days=plus),)

    return rule


def _onam(year: int) -> Days:
    """The last noon on which the sun is in Leo and the moon in Shravana.

    Where the moon comes and goes between two noons, the day it leaves.
    """
    entered = (sun_reaches(120, year, stars=True) + _INDIA).date()
    days = [entered + _DAY * step for step in range(32)]
    leo = [day for day in days if _sign(_at(day, _NOON)) == 4]
    places = [_in_shravana(_at(day, _NOON)) for day in leo]
    good = [
        day
        for day, before, now in zip(leo[1:], places, places[1:], strict=False)
        if 0 <= now < _MANSION or -_MANSION < before < 0 <= now
    ]
    return tuple(good[-1:])


def _in_shravana(moment: datetime) -> float:
    """How many degrees the moon is past the beginning of Shravana, -180 to 180."""
    return (sidereal(moon_longitude(moment), moment) - 280 + 180) % 360 - 180


def _parsi(year: int) -> Days:
    """The Shahenshahi new year: 365 days, without leap days."""
    return (date(2018, 8, 17) + timedelta(days=365 * (year - 2018)),)


def _after_dussehra(first: date) -> date:
    """The day after Dussehra, on which the nine nights end."""
    days = [day for day in _lunar(6, 10, _NOON)(first.year) if day > first]
    return days[0] + _DAY


# Names, rule of the first days, and days to its end or the rule of the day after it.
HINDU_DAYS: tuple[tuple[str, Rule, int | Callable[[date], date]], ...] = (
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
    ("raksha bandhan|rakshabandhan|rakhi|rakhi purnima", _lunar(4, 15, _MORNING), 1),
    ("janmashtami|krishna janmashtami|gokulashtami|krishnashtami|krishna jayanti"
     "|srikrishna jayanti|sree jayanti", _lunar(4, 23, _MIDNIGHT), 1),
    ("ganesh chaturthi|vinayaka chaturthi|vinayaka chavithi",
     _lunar(5, 4, _NOON), 1),
    ("navaratri|navratri|durga puja|durgotsava", _lunar(6, 1, _LATE_SUNRISE),
     _after_dussehra),
    ("maha saptami", _lunar(6, 7), 1),
    ("maha ashtami|durga ashtami", _lunar(6, 8), 1),
    ("maha navami", _lunar(6, 9, _AFTERNOON), 1),
    ("dussehra|dusshera|dasara|dashain|vijayadashami|vijaya dashami",
     _lunar(6, 10, _NOON), 1),
    ("sharad purnima|kojagiri", _lunar(6, 15, _MIDNIGHT), 1),
    ("valmiki jayanti|maharishi valmiki jayanti|pargat diwas", _lunar(6, 15), 1),
    ("karva chauth|karwa chauth", _lunar(6, 19, _DUSK), 1),
    ("dhanteras|dhanatrayodashi|dhanvantari trayodashi",
     _lunar(6, 28, _DUSK), 1),
    ("choti diwali|chhoti diwali|kali chaudas", _lunar(6, 30, _DUSK, -1), 1),
    ("naraka chaturdashi|naraka nivaran chaturdashi|roop chaudas",
     _lunar(6, 29, _DAWN), 1),
    ("diwali|deepavali|dipavali|lakshmi puja", _lunar(6, 30, _DUSK), 1),
    ("govardhan puja", _lunar(7, 1, _LATE_AFTERNOON), 1),
    ("bhai dooj|bhaiya dooj|bhai duj|bhau beej|bhai phonta", _lunar(7, 2, _NOON), 1),
    ("chhath|chhath puja|chhathi|chhath parva|dala puja|dala chhath|surya shashthi",
     _lunar(7, 6), 1),
    ("guru nanak jayanti|gurpurab", _lunar(7, 15, _LATE_SUNRISE), 1),
    ("guru gobind singh jayanti|guru govind singh jayanti|guru gobind singh"
     " birthday|guru govind singh birthday", _lunar(9, 7), 1),
    ("vasant panchami|basant panchami|saraswati puja", _lunar(10, 5, _FORENOON), 1),
    ("guru ravidas jayanti|guru ravidass jayanti|ravidas jayanti"
     "|guru ravidas birthday|guru ravidass birthday", _lunar(10, 15, _LATE_SUNRISE), 1),
    ("maha shivaratri|maha shivratri|mahashivratri|shivaratri|shivratri",
     _lunar(10, 29, _MIDNIGHT), 1),
    ("holika dahan|chhoti holi|kamudu pyre", _holika(0), 1),
    ("holi|dhulandi|dhulheti|phagwah|festival of colours|festival of colors",
     _holika(1), 1),
    ("lohri", _solar(270, -1), 1),
    ("bhogi|bogi|bhogi pandigai|bogi pandigai|bhogi pongal", _solar(270, -1), 1),
    ("pongal|thai pongal|makar sankranti|makara sankranti|makara sankranthi"
     "|sankranti|maghi|uttarayan|magh bihu", _solar(270), 1),
    ("mattu pongal|maattu pongal", _solar(270, 1), 1),
    ("kaanum pongal|kanu pongal|kaanum|kanni pongal", _solar(270, 2), 1),
    ("vaisakhi|baisakhi|vasakhi|vaishakhi", _solar(0, hour=_MIDNIGHT), 1),
    ("mesadi|tamil new year|puthandu", _solar(0), 1),
    ("vishu", _solar(0, hour=_SUNRISE), 1),
    ("rabindra jayanti|rabindranath jayanti|pochishe boishakh",
     _solar(0, 25), 1),
    ("onam|thiru onam|thiruvonam", _onam, 1),
    ("parsi new year|jamshedi navroz|jamshedi nowroz|parsi navroz", _parsi, 1),
)  # fmt: skip
