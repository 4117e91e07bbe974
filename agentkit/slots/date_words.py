"""Dates written out: "Fri, Sep 20", "10/31/1974", "the 3rd", "2015-03-03"."""

from datetime import datetime

from agentkit.slots.day_fields import DayFields
from agentkit.slots.numbers import (
    Tokens,
    ordinal,
    small_number,
    two_digit_year,
    word_at,
    year_number,
)

Hit = tuple[DayFields, int]
_MONTH_NAMES = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_DAY_NAMES = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
]
MONTHS = {
    form: number
    for number, name in enumerate(_MONTH_NAMES, 1)
    for form in (name, name[:3])
} | {"sept": 9}
WEEKDAYS = {
    form: number
    for number, name in enumerate(_DAY_NAMES)
    for form in (name, f"{name}s", name[:3])
} | {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}


def month_at(tokens: Tokens, index: int) -> tuple[int, int] | None:
    """A month's name, and the index after it and its dot."""
    month = MONTHS.get(word_at(tokens, index))
    if month is None:
        return None
    return month, _after_dot(tokens, index)


def weekday_at(tokens: Tokens, index: int) -> tuple[int, int] | None:
    """A weekday's name, and the index after it and its dot."""
    weekday = WEEKDAYS.get(word_at(tokens, index).removesuffix("'s"))
    if weekday is None:
        return None
    return weekday, _after_dot(tokens, index)


def _after_dot(tokens: Tokens, index: int) -> int:
    short = len(word_at(tokens, index)) <= 5
    dot = word_at(tokens, index + 1) == "." and not tokens[index + 1].gap
    return index + 1 + (short and dot)


def fields_at(tokens: Tokens, index: int, now: datetime) -> Hit | None:
    """The longest written date that starts here; weekdays stand for themselves."""
    rules = (_iso, _numeric, _month_first, _day_first, _year_first, _lone_day)
    hits = [hit for rule in rules if (hit := rule(tokens, index, now))]
    weekday = weekday_at(tokens, index)
    if weekday:
        hits.append(_weekday_number(tokens, *weekday, now))
    return max(hits, key=lambda hit: hit[1]) if hits else None


def _weekday_number(tokens: Tokens, weekday: int, end: int, now: datetime) -> Hit:
    """Read "Friday 31": above twelve it is no hour."""
    dated = _numbers_after_weekday(tokens, weekday, end, now)
    if dated:
        return dated
    day = _digits(tokens, end)
    if day is not None and 12 < day <= 31 and not _is_clock(tokens, end + 1):
        follows = word_at(tokens, end + 1)
        if _ends(tokens, end + 1) and follows not in ("/", ".", "st", "nd", "rd", "th"):
            return DayFields(day=day, weekday=weekday), end + 1
    return DayFields(weekday=weekday), end


def _numbers_after_weekday(
    tokens: Tokens, weekday: int, end: int, now: datetime
) -> Hit | None:
    """Read "Friday 7.6" and "Friday 7-6" when that date is, or will be, a Friday."""
    month, day = _digits(tokens, end), _digits(tokens, end + 2)
    if word_at(tokens, end + 1) not in (".", "-") or month is None or day is None:
        return None
    if not _valid(2000, month, day, 0) or not _ends(tokens, end + 3):
        return None
    years = (now.year, now.year + 1)
    days = [datetime(year, month, min(day, 28)) for year in years]
    if weekday not in [date.weekday() for date in days if date.day == day]:
        return None
    return DayFields(month=month, day=day, weekday=weekday), end + 3


def _digits(tokens: Tokens, index: int, longest: int = 2) -> int | None:
    text = word_at(tokens, index)
    return int(text) if text.isdigit() and len(text) <= longest else None


def _day(value: int | None) -> bool:
    return value is not None and 1 <= value <= 31


def _ends(tokens: Tokens, index: int, signs: str = "/-.") -> bool:
    """Whether a number ends here, and is no part of a longer chain like 1-2-3-4."""
    word = word_at(tokens, index)
    tight = index < len(tokens) and not tokens[index].gap
    follows = index + 1 < len(tokens) and not tokens[index + 1].gap
    chained = word in signs and tight and follows
    return not (chained and tokens[index + 1].is_digits) and not (word == "%" and tight)


def _iso(tokens: Tokens, index: int, now: datetime) -> Hit | None:
    """2015-03-03, 2016/10/16, 2016 10 16, 20161016, 2015-3."""
    text = word_at(tokens, index)
    if len(text) == 8 and text.isdigit() and text[:2] in ("19", "20"):
        return _valid(int(text[:4]), int(text[4:6]), int(text[6:]), index + 1)
    year = year_number(tokens, index) if text.isdigit() else None
    sign = word_at(tokens, index + 1)
    if year is None:
        return None
    step = 2 if sign in ("-", "/", ".") else 1
    month = _digits(tokens, index + step) or MONTHS.get(word_at(tokens, index + step))
    if month is None or not 1 <= month <= 12 or (step == 2 and tokens[index + 1].gap):
        return None
    again = word_at(tokens, index + step + 1) == sign if step == 2 else True
    day = _digits(tokens, index + 2 * step) if again else None
    if day is not None:
        return _valid(year[0], month, day, index + 2 * step + 1)
    if sign not in ("-", "/") or not _ends(tokens, index + 3):
        return None
    return DayFields(year[0], month), index + 3


def _valid(year: int, month: int, day: int, end: int) -> Hit | None:
    try:
        datetime(year, month, day)
    except ValueError:
        return None
    return DayFields(year, month, day), end


def _numeric(tokens: Tokens, index: int, now: datetime) -> Hit | None:
    """2/15, 10/31/74, 31.10.1974, 05-Aug-2016; month first where both fit."""
    first, sign = _digits(tokens, index), word_at(tokens, index + 1)
    if not _day(first) or first is None or sign not in ("/", "-", "."):
        return None
    named = MONTHS.get(word_at(tokens, index + 2))
    second = named or _digits(tokens, index + 2)
    if second is None or (sign != "/" and tokens[index + 2].gap):
        return None
    month, day = (second, first) if named or first > 12 else (first, second)
    if not (1 <= month <= 12 and _day(day)):
        return None
    year = _year_after(tokens, index + 3, sign, now)
    if year:
        return _valid(year[0], month, day, year[1])
    # "3.5" and "9-11" are numbers unless a weekday or a name says otherwise.
    plain = sign != "/" and not named
    if plain or not _ends(tokens, index + 3, "/."):
        return None
    return _any_year(month, day, index + 3)


def _any_year(month: int, day: int, end: int) -> Hit | None:
    hit = _valid(2000, month, day, end)
    return (DayFields(month=month, day=day), end) if hit else None


def _year_after(
    tokens: Tokens, index: int, sign: str, now: datetime
) -> tuple[int, int] | None:
    if word_at(tokens, index) != sign or index + 1 >= len(tokens):
        return None
    text = word_at(tokens, index + 1)
    if not text.isdigit() or not _ends(tokens, index + 2, sign + "."):
        return None
    if len(text) == 2:
        return two_digit_year(int(text), now.year), index + 2
    return year_number(tokens, index + 1)


def _day_number(tokens: Tokens, index: int) -> tuple[int, int] | None:
    """A day of the month: 3, 3rd, third, the 3rd."""
    index += word_at(tokens, index) == "the"
    hit = ordinal(tokens, index)
    if hit is None and len(word_at(tokens, index)) <= 2:
        value = _digits(tokens, index)
        hit = (value, index + 1) if value is not None else None
    if hit is None:
        hit = small_number(tokens, index)
        if hit and word_at(tokens, hit[1]) in ("hundred", "thousand"):
            return None
    return hit if hit and _day(hit[0]) and hit[1] <= len(tokens) else None


def _year(tokens: Tokens, index: int, now: datetime) -> tuple[int, int] | None:
    """A year after a month or day: 2014, '74, of 2020, in 2014, 2014 AD, 15."""
    start = index
    while word_at(tokens, index) in (",", "of", "in", "-", "/", "year", "the"):
        index += 1
    hit = year_number(tokens, index)
    short = word_at(tokens, index)
    quoted = short in ("'", "\u2019")
    index += quoted
    short = word_at(tokens, index)
    told = quoted or word_at(tokens, start) == "of"
    if hit is None and told and short.isdigit() and len(short) == 2:
        return two_digit_year(int(short), now.year), index + 1
    if hit and word_at(tokens, hit[1]) == "ad":
        return hit[0], hit[1] + 1
    return hit


def _with_year(
    month: int, day: int | None, tokens: Tokens, end: int, now: datetime
) -> Hit | None:
    year = _year(tokens, end, now)
    if day is None:
        fields = DayFields(year[0] if year else None, month)
        return fields, year[1] if year else end
    if year:
        return _valid(year[0], month, day, year[1])
    return _any_year(month, day, end)


def _month_first(tokens: Tokens, index: int, now: datetime) -> Hit | None:
    """March, Feb 15, February the 15th, Sep 20 2014, April of 87."""
    month = month_at(tokens, index)
    if month is None:
        return None
    start = month[1]
    while word_at(tokens, start) in (",", "-", "/"):
        start += 1
    day = _day_number(tokens, start)
    if day is not None and _is_clock(tokens, day[1]):
        day = None
    if day is None:
        return _with_year(month[0], None, tokens, month[1], now)
    return _with_year(month[0], day[0], tokens, day[1], now)


def _is_clock(tokens: Tokens, end: int) -> bool:
    """Whether the number before is an hour: "march 3pm", "march 3:30"."""
    return word_at(tokens, end) in ("am", "pm", ":", "h", "o'clock")


def _day_first(tokens: Tokens, index: int, now: datetime) -> Hit | None:
    """15th february, the ides aside: 12 of Nov, 14th April 15."""
    day = _day_number(tokens, index)
    if day is None:
        return None
    start = day[1]
    while word_at(tokens, start) in ("of", "-", "day", ","):
        start += 1
    month = month_at(tokens, start)
    if month is None:
        return None
    hit = _with_year(month[0], day[0], tokens, month[1], now)
    short = word_at(tokens, month[1])
    loose = short.isdigit() and len(short) == 2 and int(short) > 12
    clock = _is_clock(tokens, month[1] + 1)
    if hit and hit[0].year is None and loose and not clock:
        year = two_digit_year(int(short), now.year)
        return _valid(year, month[0], day[0], month[1] + 1)
    return hit


def _year_first(tokens: Tokens, index: int, now: datetime) -> Hit | None:
    """2014, in 2014, nineteen ninety six, the year 2008, September-2020-23."""
    start = index
    if word_at(tokens, index) == "the" and word_at(tokens, index + 1) == "year":
        index += 1
    told = word_at(tokens, index) == "year"
    index += told
    index += told and word_at(tokens, index) == "of"
    year = year_number(tokens, index)
    if year is None or (not told and index != start):
        return None
    end = year[1] + (word_at(tokens, year[1]) == "ad")
    return DayFields(year[0]), end


def _lone_day(tokens: Tokens, index: int, now: datetime) -> Hit | None:
    """The 3rd, the twenty-first day."""
    article = word_at(tokens, index) == "the"
    hit = ordinal(tokens, index + article)
    if hit is None or not _day(hit[0]):
        return None
    digits = tokens[index + article].is_digits
    named = word_at(tokens, hit[1]) == "day"
    if not (digits or named or (article and hit[0] > 3)):
        return None
    return DayFields(day=hit[0]), hit[1] + named
