"""Days written in numbers, "2015-03-03", "10/31", and the nearest day that fits."""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from agentkit.language.numbers import two_digit_year, year_number
from agentkit.language.tokens import TextToken, Tokens
from agentkit.language.vocabularies import MONTHS, WEEKDAYS
from agentkit.slots.date_text import Prefer
from agentkit.slots.lengths import UNITS
from agentkit.slots.periods import TimeSpan, date_span, day_span, unit


@dataclass(frozen=True, slots=True)
class DayFields:
    """What was said of a day; None where nothing was said.

    Attributes:
        year: four digits.
        month: 1 to 12.
        day: 1 to 31.
        weekday: 0 is Monday.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None

    def joined(self, other: "DayFields") -> "DayFields | None":
        """Both together, or None when they name the same thing differently."""
        told: list[int | None] = []
        for name in ("year", "month", "day", "weekday"):
            one, two = getattr(self, name), getattr(other, name)
            # Also where both say the same: a date told twice is two dates side by side.
            if one is not None and two is not None:
                return None
            told.append(two if one is None else one)
        return DayFields(*told)


def resolve_fields(
    fields: DayFields, now: datetime, *, prefer: Prefer = "future"
) -> TimeSpan | None:
    """The day, month or year that is meant, nearest in the preferred direction."""
    if fields.month is None and fields.day is None:
        return _weekday_or_year(fields, now, prefer)
    if fields.month is not None and fields.day is None:
        return _month(fields, now, prefer)
    return _nearest_day(fields, now, prefer)


def _weekday_or_year(
    fields: DayFields, now: datetime, prefer: Prefer
) -> TimeSpan | None:
    if fields.year is not None:
        return unit(datetime(fields.year, 1, 1), "year")
    if fields.weekday is None:
        return None
    return coming_weekday(now, fields.weekday, prefer=prefer)


def coming_weekday(
    now: datetime, weekday: int, *, prefer: Prefer = "future"
) -> TimeSpan:
    """The next (or last) such weekday, never today."""
    # One less and one more around the modulo: 1 to 7 days, never 0.
    ahead = (weekday - now.weekday() - 1) % 7 + 1
    back = (now.weekday() - weekday - 1) % 7 + 1
    days = ahead if prefer == "future" else -back
    return day_span(now + timedelta(days=days))


def _month(fields: DayFields, now: datetime, prefer: Prefer) -> TimeSpan:
    month = fields.month or 1
    year = fields.year or now.year
    # The month under way counts in both directions.
    if fields.year is None and prefer == "future" and month < now.month:
        year += 1
    if fields.year is None and prefer == "past" and month > now.month:
        year -= 1
    return unit(datetime(year, month, 1), "month")


def _nearest_day(fields: DayFields, now: datetime, prefer: Prefer) -> TimeSpan | None:
    if fields.month is None and fields.year is None and fields.weekday is not None:
        return _nearest_named(fields, now, prefer)
    return _searched(fields, now, prefer)


def _nearest_named(fields: DayFields, now: datetime, prefer: Prefer) -> TimeSpan | None:
    """For "Friday the 22nd" the nearer one, when it lies in this month."""
    span = _searched(fields, now, prefer)
    here = _in_month(fields, now.year, now.month)
    if span is None or here is None:
        return span or here
    return min(here, span, key=lambda told: abs(told.start - now))


def _searched(fields: DayFields, now: datetime, prefer: Prefer) -> TimeSpan | None:
    """Month by month: leap days and "Friday 13th" may be years away."""
    step = 1 if prefer == "future" else -1
    # Eight years lie between two leap days around 1900 and 2100; a weekday on a date of
    # a month is looked for through two years.
    months = 12 * 9 if fields.weekday is None or fields.month is None else 25
    first = now.year * 12 + now.month - 1
    if fields.year is not None:
        first = fields.year * 12 + (0 if step == 1 else 11)
        months = 12
    for offset in range(months):
        year, month = divmod(first + step * offset, 12)
        # 9999 is Python's last year, and the end of its last day would lie beyond.
        if fields.month not in (None, month + 1) or not 1 <= year <= 9998:
            continue
        span = _in_month(fields, year, month + 1)
        if span and (fields.year is not None or _on_side(span, now, prefer)):
            return span
    if fields.month is None or fields.weekday is None:
        return None
    # No such weekday falls on that date soon: the weekday is a slip.
    return _nearest_day(replace(fields, weekday=None), now, prefer)


def _in_month(fields: DayFields, year: int, month: int) -> TimeSpan | None:
    day = fields.day or 1
    if not 1 <= day <= monthrange(year, month)[1]:
        return None
    span = date_span(year, month, day)
    # A weekday that contradicts a full date is the writer's slip; the date holds.
    told = fields.year is not None and fields.month is not None
    wrong = fields.weekday not in (None, span.start.weekday())
    return None if wrong and not told else span


def _on_side(span: TimeSpan, now: datetime, prefer: Prefer) -> bool:
    if prefer == "past":
        return span.start <= now
    return span.end is not None and span.end > now


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
        # In the middle of a chain nothing is swapped: the 5/6 of 2026/5/6.
        apart = index == 0 or tokens[index - 1].text not in ("/", "-", ".")
        if sign not in ("/", "-", ".") or not apart or tokens[index + 2].gap:
            continue
        first, second = tokens[index], tokens[index + 2]
        year = tokens.words[index + 3] == sign
        if is_day(_month_number(first)) and is_day(_month_number(second)):
            # "3/4 hour" and "3/4 cup" are fractions.
            counts = tokens.words[index + 3] in (*UNITS, "h", "cup", "cups", "of")
            # "3-4" and "3.4" without a year are a range and a number.
            if year or (sign == "/" and not counts):
                swapped[index] = replace(first, text=second.text)
                swapped[index + 2] = replace(second, text=first.text)
    return Tokens(swapped)


def _month_number(token: TextToken) -> int | None:
    """The number from 1 to 12 that a token is."""
    good = token.is_digits and len(token.text) <= 2 and 1 <= int(token.text) <= 12
    return int(token.text) if good else None


def iso_at(tokens: Tokens, index: int, now: datetime) -> Hit | None:
    """2015-03-03, 2016/10/16, 2016 10 16, 20161016, 2015-3."""
    text = tokens.words[index]
    # Other eight digits are phone or order numbers.
    if len(text) == 8 and text.isdigit() and text[:2] in ("19", "20"):
        return checked(int(text[:4]), int(text[4:6]), int(text[6:]), index + 1)
    year = year_number(tokens, index) if text.isdigit() else None
    sign = tokens.words[index + 1]
    if year is None:
        return None
    # With a sign between, or none: "2016-10-16", "2016 10 16".
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
    # Above twelve it can only be the day: 31.10.1974.
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
    # 2000 has a 29th of February.
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
