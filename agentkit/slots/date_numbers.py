"""Dates in digits: "2015-03-03", "10/31/1974", "31.10.1974", "05-Aug-2016"."""

from dataclasses import replace
from datetime import datetime

from agentkit.language.calendar_names import MONTHS, WEEKDAYS
from agentkit.language.numbers import two_digit_year, year_number
from agentkit.language.tokens import Token, Tokens
from agentkit.slots.date_reading import DayFields
from agentkit.slots.lengths import UNITS

Hit = tuple[DayFields, int]
NAMES = (*MONTHS, *WEEKDAYS)


def short_number(tokens: Tokens, index: int, longest: int = 2) -> int | None:
    """A number of at most so many digits, or None."""
    text = tokens.words[index]
    return int(text) if text.isdigit() and len(text) <= longest else None


def is_day(value: int | None) -> bool:
    """Whether it can be a day of the month."""
    return value is not None and 1 <= value <= 31


def ends_at(tokens: Tokens, index: int, signs: str = "/-.") -> bool:
    """Whether a number ends here, and is no part of a longer chain like 1-2-3-4."""
    word = tokens.words[index]
    tight = index < len(tokens) and not tokens[index].gap
    follows = index + 1 < len(tokens) and not tokens[index + 1].gap
    chained = word in signs and tight and follows
    return not (chained and tokens[index + 1].is_digits) and not (word == "%" and tight)


def day_first(tokens: Tokens) -> Tokens:
    """The tokens with 3/4 and 3/4/2026 put month first, as the rules read them."""
    swapped = list(tokens)
    for index in range(len(tokens) - 2):
        sign = tokens[index + 1].text
        apart = index == 0 or tokens[index - 1].text not in ("/", "-", ".")
        if sign not in ("/", "-", ".") or not apart or tokens[index + 2].gap:
            continue
        first, second = tokens[index], tokens[index + 2]
        year = tokens.words[index + 3] == sign
        if is_day(_month_number(first)) and is_day(_month_number(second)):
            counts = tokens.words[index + 3] in (*UNITS, "h", "cup", "cups", "of")
            if year or (sign == "/" and not counts):
                swapped[index] = replace(first, text=second.text)
                swapped[index + 2] = replace(second, text=first.text)
    return Tokens(swapped)


def _month_number(token: Token) -> int | None:
    """The number from 1 to 12 that a token is."""
    good = token.is_digits and len(token.text) <= 2 and 1 <= int(token.text) <= 12
    return int(token.text) if good else None


def iso_at(tokens: Tokens, index: int, now: datetime) -> Hit | None:
    """2015-03-03, 2016/10/16, 2016 10 16, 20161016, 2015-3."""
    text = tokens.words[index]
    if len(text) == 8 and text.isdigit() and text[:2] in ("19", "20"):
        return checked(int(text[:4]), int(text[4:6]), int(text[6:]), index + 1)
    year = year_number(tokens, index) if text.isdigit() else None
    sign = tokens.words[index + 1]
    if year is None:
        return None
    step = 2 if sign in ("-", "/", ".") or _named(tokens, index) else 1
    month = short_number(tokens, index + step) or MONTHS.get(tokens.words[index + step])
    if month is None or not 1 <= month <= 12:
        return None
    if step == 2 and tokens[index + 1].gap:
        # "2016 - 11", but no day behind it.
        good = len(tokens.words[index + 2]) == 2 and sign != "."
        good = good and ends_at(tokens, index + 3, "/-.:")
        return (DayFields(year[0], month), index + 3) if good else None
    again = tokens.words[index + step + 1] == sign if step == 2 else True
    day = short_number(tokens, index + 2 * step) if again else None
    if day is not None:
        return checked(year[0], month, day, index + 2 * step + 1)
    named = (step == 1 and MONTHS.get(sign)) or (sign == "," and _named(tokens, index))
    if named:
        return DayFields(year[0], month), index + step + 1
    if sign not in ("-", "/") or not ends_at(tokens, index + 3):
        return None
    return DayFields(year[0], month), index + 3


def _named(tokens: Tokens, index: int) -> bool:
    return tokens.words[index + 2] in MONTHS


def checked(year: int, month: int, day: int, end: int) -> Hit | None:
    """The date and the index after it, when there is such a date."""
    try:
        datetime(year, month, day)
    except ValueError:
        return None
    return DayFields(year, month, day), end


def numeric_at(tokens: Tokens, index: int, now: datetime) -> Hit | None:
    """2/15, 10/31/74, 31.10.1974, 05-Aug-2016; month first where both fit."""
    first, sign = short_number(tokens, index), tokens.words[index + 1]
    if not is_day(first) or first is None or sign not in ("/", "-", "."):
        return None
    dated = _month_and_year(tokens, index)
    if dated:
        return dated
    named = MONTHS.get(tokens.words[index + 2])
    second = named or short_number(tokens, index + 2)
    if second is None or (sign != "/" and tokens[index + 2].gap):
        return None
    month, day = (second, first) if named or first > 12 else (first, second)
    if not (1 <= month <= 12 and is_day(day)):
        return None
    year = _year_after(tokens, index + 3, sign, now)
    if year:
        return checked(year[0], month, day, year[1])
    # "3.5" and "9-11" are numbers unless a weekday or a name says otherwise.
    plain = sign != "/" and not named
    if plain or not ends_at(tokens, index + 3, "/."):
        return None
    return any_year(month, day, index + 3)


def _month_and_year(tokens: Tokens, index: int) -> Hit | None:
    """3/2015, 11-2016, 11 - 2016."""
    month, sign = short_number(tokens, index), tokens.words[index + 1]
    year = year_number(tokens, index + 2) if sign in ("/", "-") else None
    tight = bool(year) and not (tokens[index + 1].gap and tokens[index + 2].gap)
    if month is None or year is None or not 1 <= month <= 12:
        return None
    good = tokens.words[index + 2].isdigit() and (tight or sign == "/")
    good = good and ends_at(tokens, index + 3)
    return (DayFields(year[0], month), index + 3) if good else None


def any_year(month: int, day: int, end: int) -> Hit | None:
    """Month and day without a year, when some year has such a day."""
    hit = checked(2000, month, day, end)
    return (DayFields(month=month, day=day), end) if hit else None


def _year_after(
    tokens: Tokens, index: int, sign: str, now: datetime
) -> tuple[int, int] | None:
    if tokens.words[index] != sign or index + 1 >= len(tokens):
        return None
    text = tokens.words[index + 1]
    if not text.isdigit() or not ends_at(tokens, index + 2, sign + "."):
        return None
    if len(text) == 2:
        return two_digit_year(int(text), now.year), index + 2
    return year_number(tokens, index + 1)
