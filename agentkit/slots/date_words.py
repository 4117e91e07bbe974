"""Dates written out: "Fri, Sep 20", "10/31/1974", "the 3rd", "2015-03-03"."""

from dataclasses import replace
from datetime import datetime

from agentkit.language.numbers import (
    ONES,
    integer,
    ordinal,
    small_number,
    two_digit_year,
    year_number,
)
from agentkit.language.tokens import Tokens
from agentkit.language.vocabularies import MONTHS, WEEKDAYS
from agentkit.slots.day_fields import (
    DayFields,
    Hit,
    any_year,
    checked,
    ends_at,
    is_day,
    iso_at,
    numeric_at,
    short_number,
)

# Before the two digits of a year: '03.
_YEAR_MARK = "'"
LEADS = (_YEAR_MARK,)


def month_at(tokens: Tokens, index: int) -> tuple[int, int] | None:
    """A month's name, and the index after it and its dot."""
    month = MONTHS.get(tokens.words[index])
    if month is None:
        return None
    return month, _after_dot(tokens, index)


def weekday_at(tokens: Tokens, index: int) -> tuple[int, int] | None:
    """A weekday's name, and the index after it and its dot."""
    weekday = WEEKDAYS.get(tokens.words[index].removesuffix("'s"))
    if weekday is None:
        return None
    return weekday, _after_dot(tokens, index)


def _after_dot(tokens: Tokens, index: int) -> int:
    # "Sept." and "Thurs." are the longest abbreviations; a dot behind more ends the
    # sentence, unless a number follows: "January. 2026".
    short = len(tokens.words[index]) <= 5
    dot = tokens.words[index + 1] == "." and not tokens[index + 1].gap
    numbered = tokens.words[index + 2].isdigit()
    return index + 1 + ((short or numbered) and dot)


def fields_at(tokens: Tokens, index: int, now: datetime) -> Hit | None:
    """The longest written date that starts here; weekdays stand for themselves."""
    if tokens.words[index] == "this":
        return _this_date(tokens, index + 1, now)
    rules = (
        iso_at,
        numeric_at,
        _month_first,
        _day_first,
        _year_first,
        _lone_day,
        _weekday_first,
    )
    # Every rule is tried and the longest wins; order counts only between equals.
    best: Hit | None = None
    for rule in rules:
        hit = rule(tokens, index, now)
        if hit and (best is None or hit[1] > best[1]):
            best = hit
    if best is None:
        return None
    fields, end = best
    return fields, _after_bracket(tokens, end) if fields.day else end


def _after_bracket(tokens: Tokens, index: int) -> int:
    """Step over the weekday that stands in brackets behind a date."""
    named = tokens.words[index] == "(" and weekday_at(tokens, index + 1)
    closed = bool(named) and tokens.words[index + 2] == ")"
    return index + 3 if closed else index


def _this_date(tokens: Tokens, index: int, now: datetime) -> Hit | None:
    """Read "this 5/12" and "this Friday, June 15": a date of this year."""
    weekday = weekday_at(tokens, index)
    start = weekday[1] if weekday else index
    start += bool(weekday) and tokens.words[start] in ("-", ",")
    dated = numeric_at(tokens, start, now) or _month_first(tokens, start, now)
    if weekday and dated is None:
        dated = _numbers_after_weekday(tokens, *weekday, now)
    if dated is None or dated[0].day is None or dated[0].year is not None:
        return None
    return replace(dated[0], year=now.year, weekday=None), dated[1]


def _weekday_first(tokens: Tokens, index: int, now: datetime) -> Hit | None:
    """Friday, Friday 31, Friday 7.6."""
    weekday = weekday_at(tokens, index)
    return _weekday_number(tokens, *weekday, now) if weekday else None


def _weekday_number(tokens: Tokens, weekday: int, end: int, now: datetime) -> Hit:
    """Read "Friday 31": above twelve it is no hour."""
    dated = _numbers_after_weekday(tokens, weekday, end, now)
    if dated:
        return dated
    spelled = tokens.words[end] == "the" and (
        ordinal(tokens, end + 1) or small_number(tokens, end + 1)
    )
    if spelled and is_day(spelled[0]) and ends_at(tokens, spelled[1]):
        return DayFields(day=spelled[0], weekday=weekday), spelled[1]
    day = short_number(tokens, end)
    # Up to twelve it is as likely an hour: "Friday 7".
    if day is not None and 12 < day <= 31 and not _is_clock(tokens, end + 1):
        follows = tokens.words[end + 1]
        # A sign or an ending says that the number goes on: "Friday 31/5", "Friday
        # 31st".
        if ends_at(tokens, end + 1) and follows not in (
            "/",
            ".",
            "st",
            "nd",
            "rd",
            "th",
        ):
            return DayFields(day=day, weekday=weekday), end + 1
    return DayFields(weekday=weekday), end


def _numbers_after_weekday(
    tokens: Tokens, weekday: int, end: int, now: datetime
) -> Hit | None:
    """Read "Friday 7.6" and "Friday 7-6" when that date is, or will be, a Friday."""
    month, day = short_number(tokens, end), short_number(tokens, end + 2)
    if tokens.words[end + 1] not in (".", "-") or month is None or day is None:
        return None
    if not ends_at(tokens, end + 3) or _is_clock(tokens, end + 3):
        return None
    # Only where the weekday agrees: "Friday 7.6" may as well be a number.
    for year in (now.year, now.year + 1):
        hit = checked(year, month, day, end + 3)
        if hit and datetime(year, month, day).weekday() == weekday:
            return DayFields(month=month, day=day, weekday=weekday), end + 3
    return None


def _day_number(tokens: Tokens, index: int) -> tuple[int, int] | None:
    """A day of the month: 3, 3rd, third, the 3rd."""
    index += tokens.words[index] == "the"
    hit = ordinal(tokens, index)
    if hit is None and len(tokens.words[index]) <= 2:
        value = short_number(tokens, index)
        hit = (value, index + 1) if value is not None else None
    if hit is None:
        hit = small_number(tokens, index)
        # "May two thousand" is a year.
        if hit and tokens.words[hit[1]] in ("hundred", "thousand"):
            return None
    return hit if hit and is_day(hit[0]) and hit[1] <= len(tokens) else None


def _year(tokens: Tokens, index: int, now: datetime) -> tuple[int, int] | None:
    """A year after a month or day: 2014, '74, of 2020, in 2014, 2014 AD, 15."""
    start = index
    while tokens.words[index] in (",", "of", "in", "-", "/", "year", "the"):
        index += 1
    hit = year_number(tokens, index)
    short = tokens.words[index]
    quoted = short == _YEAR_MARK
    index += quoted
    short = tokens.words[index]
    told = quoted or tokens.words[start] == "of"
    if hit is None and told and short.isdigit() and len(short) == 2:
        return two_digit_year(int(short), now.year), index + 1
    if hit and tokens.words[hit[1]] == "ad":
        return hit[0], hit[1] + 1
    return hit


def _with_year(
    month: int, day: int | None, tokens: Tokens, end: int, now: datetime
) -> Hit | None:
    year = _year(tokens, end, now)
    short = short_number(tokens, end)
    # "June 87": above 31 it can be no day.
    if day is None and year is None and short is not None and 31 < short < 100:
        year = two_digit_year(short, now.year), end + 1
    if day is None:
        fields = DayFields(year[0] if year else None, month)
        return fields, year[1] if year else end
    if year:
        return checked(year[0], month, day, year[1])
    return any_year(month, day, end)


def _month_first(tokens: Tokens, index: int, now: datetime) -> Hit | None:
    """March, Feb 15, February the 15th, Sep 20 2014, April of 87."""
    month = month_at(tokens, index)
    if month is None:
        return None
    start = month[1]
    while tokens.words[start] in (",", "-", "/"):
        start += 1
    day = _day_number(tokens, start)
    # "March 3pm" is an hour in March, not its third day.
    if day is not None and _is_clock(tokens, day[1]):
        day = None
    if day is None:
        return _with_year(month[0], None, tokens, month[1], now)
    return _with_year(month[0], day[0], tokens, day[1], now)


def _is_clock(tokens: Tokens, end: int) -> bool:
    """Whether the number before is an hour: "march 3pm", "march 3:30"."""
    return tokens.words[end] in ("am", "pm", ":", "h", "o'clock")


def _day_first(tokens: Tokens, index: int, now: datetime) -> Hit | None:
    """15th february, 12 of Nov, 14th April 15: the day stands before its month."""
    day = _day_number(tokens, index)
    if day is None:
        return None
    start = day[1]
    while tokens.words[start] in ("of", "-", "day", ","):
        start += 1
    month = month_at(tokens, start)
    if month is None:
        return None
    if month[0] == 5 and start == index + 1 and tokens.words[index] in ONES:
        # "one may ask": the verb.
        return None
    hit = _with_year(month[0], day[0], tokens, month[1], now)
    short = tokens.words[month[1]]
    # "14th April 15": two digits are a year, unless they may be an hour.
    loose = short.isdigit() and len(short) == 2 and int(short) > 12
    clock = _is_clock(tokens, month[1] + 1)
    if hit and hit[0].year is None and loose and not clock:
        year = two_digit_year(int(short), now.year)
        return checked(year, month[0], day[0], month[1] + 1)
    return hit


def _year_first(tokens: Tokens, index: int, now: datetime) -> Hit | None:
    """2014, in 2014, nineteen ninety six, the year 2008, September-2020-23."""
    start = index
    if tokens.words[index] == "the" and tokens.words[index + 1] == "year":
        index += 1
    short = short_number(tokens, index + 1)
    mark = tokens.words[index] == _YEAR_MARK and short is not None
    if mark and len(tokens.words[index + 1]) == 2 and ends_at(tokens, index + 2, "/-'"):
        return DayFields(two_digit_year(short or 0, now.year)), index + 2
    told = tokens.words[index] == "year"
    index += told
    index += told and tokens.words[index] == "of"
    year = year_number(tokens, index)
    # "The year 800": without "the year" so small a number is a count.
    early = integer(tokens, index) if told and year is None else None
    if early and 100 <= early[0] < 1500:
        year = early
    if year is None or (not told and index != start):
        return None
    end = year[1] + (tokens.words[year[1]] == "ad")
    return DayFields(year[0]), end


def day_after_on(tokens: Tokens, index: int) -> Hit | None:
    """Read "on 15", "on 4-22" and "on 5.12": behind "on" a number is a day."""
    day = short_number(tokens, index)
    article = tokens.words[index - 1] == "the"
    link = tokens.words[index - 1 - article]
    if article and day is None and link in _BEFORE_THE_DAY:
        return _spelled_day(tokens, index)
    if link != "on" and not (article and link in _BEFORE_THE_DAY):
        return None
    if day is None or not is_day(day):
        return None
    sign, other = tokens.words[index + 1], short_number(tokens, index + 2)
    paired = sign in ("-", ".") and not tokens[index + 1].gap and other is not None
    ends = tokens.words[index + 3] in _AFTER_DAY and ends_at(tokens, index + 3)
    if paired and other is not None and ends:
        month, day = (other, day) if day > 12 else (day, other)
        good = 1 <= month <= 12 and is_day(day)
        return any_year(month, day, index + 3) if good else None
    if sign in _AFTER_DAY:
        return DayFields(day=day), index + 1
    return None


def _spelled_day(tokens: Tokens, index: int) -> Hit | None:
    """Read "on the second", "by the thirty" at the end of a sentence."""
    hit = ordinal(tokens, index) or small_number(tokens, index)
    if hit is None or not is_day(hit[0]) or tokens.words[hit[1]] not in _STOPS:
        return None
    return DayFields(day=hit[0]), hit[1]


_BEFORE_THE_DAY = frozenset({"on", "for", "by", "until", "till", "since", "before"})
_STOPS = frozenset({"", ".", "!", "?"})
# What may follow a lone day of the month; before another word it counts or ranks.
_AFTER_DAY = frozenset({"", ".", "!", "?", ",", "at", "and", "from", "between"})


def _lone_day(tokens: Tokens, index: int, now: datetime) -> Hit | None:
    """The 3rd, the twenty-first day."""
    article = tokens.words[index] == "the"
    hit = ordinal(tokens, index + article)
    if hit is None or not is_day(hit[0]):
        return None
    digits = tokens[index + article].is_digits
    named = tokens.words[hit[1]] == "day"
    # "The first", "the second" and "the third" mostly rank something.
    if not (digits or named or (article and hit[0] > 3)):
        return None
    return DayFields(day=hit[0]), hit[1] + named
