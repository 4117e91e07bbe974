"""Decades and centuries, and periods named within a longer one: "June next year"."""

from dataclasses import replace
from datetime import datetime, timedelta

from agentkit.language.numbers import integer, ordinal, year_number
from agentkit.slots.date_text import DateText, Hit, PeriodAt, Rule, longest
from agentkit.slots.date_words import month_at, weekday_at
from agentkit.slots.inner_words import named_period, rolled
from agentkit.slots.named_days import holiday_at, holiday_in
from agentkit.slots.periods import GRAINS, Grain, TimeSpan, day_span, half_way, unit
from agentkit.slots.unit_words import business_days, direction, weekend

_OF = frozenset({"of", "in", "the", "on"})


def _month_of(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """Read "June next year", "March of the year after next"."""
    month = month_at(reading.tokens, index)
    link = reading.skip(month[1], _OF) if month else 0
    if month is None or not (link > month[1] or direction(reading, link)):
        return None
    year = named_period(reading, link, inner)
    if year is None or year[0].grain != "year" or not year[0].whole:
        return None
    return unit(datetime(year[0].start.year, month[0], 1), "month"), year[1]


def _year_then_month(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """Read "next year in March"."""
    side = direction(reading, index)
    linked = side and reading.words[side[1]] == "year" and reading.words[side[1] + 1]
    if side is None or linked not in ("in", ","):
        return None
    month = month_at(reading.tokens, side[1] + 2)
    year = reading.now.year + side[0]
    return (unit(datetime(year, month[0], 1), "month"), month[1]) if month else None


def _feast_weekend(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """Read "Labor Day weekend", "Easter weekend of 2019"."""
    feast = holiday_at(reading, index, inner)
    if feast is None or reading.words[feast[1]] != "weekend":
        return None
    end = feast[1] + 1
    link = reading.skip(end, _OF)
    year = year_number(reading.tokens, link)
    if year:
        feast = holiday_in(reading, index, year[0]) or feast
        end = year[1]
    # From Monday to Wednesday the weekend before is nearer, else the one behind.
    early = feast[0].start.weekday() < 3
    return weekend(feast[0].start, -1 if early else 0), end


def _unit_of(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """Read "the week of october 7th", "w/c Feb 4", "the weekend of halloween"."""
    start = index + (reading.words[index] == "the")
    word = reading.words[start]
    linked = reading.words[start + 1] in ("of", "commencing", "starting", "beginning")
    link = reading.sees(start, "w / c") or (start + 2 if linked else 0)
    link += bool(link) and reading.words[link] == "on"
    if not link or (word not in ("week", "weekend") and word != "w"):
        return None
    day = inner(reading, link)
    if day is None or day[0].grain != "day":
        return None
    if word == "weekend":
        # A Monday holiday makes a long weekend with the days before it.
        early = day[0].start.weekday() < 3
        return weekend(day[0].start, -1 if early else 0), day[1]
    return unit(day[0].start, "week"), day[1]


def _beside_day(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """Read "the Friday after Thanksgiving", "second Monday before May 3"."""
    start = index + (reading.words[index] == "the")
    nth = ordinal(reading.tokens, start)
    count, place = nth if nth else (1, start)
    weekday = weekday_at(reading.tokens, place)
    plain = reading.words[place] == "weekend"
    end = place + 1 if plain else weekday[1] if weekday else 0
    word = reading.words[end] if end else ""
    # A year has 53 of a weekday at most.
    if word not in _BESIDE or count > 53:
        return None
    day = inner(reading, end + 1)
    if day is None or GRAINS.index(day[0].grain) < GRAINS.index("day"):
        return None
    first, last = day[0].start, day[0].end or day[0].start
    # 5 is Saturday, on which a weekend begins.
    wanted = weekday[0] if weekday else 5
    if word in ("before", "preceding"):
        back = (first.weekday() - wanted - 1) % 7 + 1
        found = first - timedelta(days=back + 7 * (count - 1))
    else:
        ahead = (wanted - last.weekday()) % 7
        found = last + timedelta(days=ahead + 7 * (count - 1))
    return (weekend(found) if plain else day_span(found)), day[1]


_BESIDE = frozenset({"after", "before", "following", "preceding"})


def _half_of(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """Read "first half of June", "the second half of the year"."""
    start = index + (reading.words[index] == "the")
    nth = ordinal(reading.tokens, start)
    if nth is None or nth[0] > 2 or reading.words[nth[1]] != "half":
        return None
    link = reading.skip(nth[1] + 1, _OF)
    whole = named_period(reading, link, inner) if link > nth[1] + 1 else None
    if whole is None or whole[0].end is None or not whole[0].whole:
        return None
    middle = half_way(whole[0].start, whole[0].grain)
    first, last = whole[0].start, whole[0].end
    first, last = (first, middle) if nth[0] == 1 else (middle, last)
    return TimeSpan(first, last, "day", whole=False), whole[1]


def _working_day_of(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """Read "first working day of next month", "last business day of the year"."""
    start = index + (reading.words[index] == "the")
    last = reading.words[start] == "last"
    nth = (-1, start + 1) if last else ordinal(reading.tokens, start)
    if nth is None or reading.words[nth[1]] not in ("working", "business"):
        return None
    if reading.words[nth[1] + 1] != "day":
        return None
    link = reading.skip(nth[1] + 2, _OF)
    whole = named_period(reading, link, inner) if link > nth[1] + 2 else None
    # A year has 262 days from Monday to Friday at most.
    if whole is None or whole[0].end is None or abs(nth[0]) > 300:
        return None
    place = 0 if last else nth[0]
    span = rolled(reading, link, whole[0], lambda one: _working_day(one, place))
    return (span, whole[1]) if span else None


def _working_day(period: TimeSpan, nth: int) -> TimeSpan | None:
    """The nth day from Monday to Friday of a period; 0 is the last."""
    if not nth:
        return day_span(business_days(period.end or period.start, -1, 1).start)
    end = business_days(period.start - timedelta(days=1), 1, nth).end
    return day_span(end - timedelta(days=1)) if end else None


_RULES: tuple[Rule, ...] = (
    _month_of,
    _year_then_month,
    _feast_weekend,
    _unit_of,
    _beside_day,
    _half_of,
    _working_day_of,
)


def framed_at(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """The longest such phrase that starts here."""
    return longest(_RULES, reading, index, inner)


# "The nineties" and "the 90s" are decades; "noughties" is counted as 100 from 1900 on.
_SPOKEN = {
    "twenties": 20,
    "thirties": 30,
    "forties": 40,
    "fifties": 50,
    "sixties": 60,
    "seventies": 70,
    "eighties": 80,
    "nineties": 90,
    "noughties": 100,
    "aughts": 100,
}
_TO_DATE: dict[str, Grain] = {
    "year": "year",
    "month": "month",
    "quarter": "quarter",
    "week": "week",
    "ytd": "year",
    "mtd": "month",
    "qtd": "quarter",
}
_LONG = {"decade": 10, "century": 100}
_SEVERAL = {"decades": 10, "centuries": 100}
_CALENDAR_YEAR = "cy"
NAMES = (*_SPOKEN, *_TO_DATE, *_LONG, *_SEVERAL)
LEADS = (_CALENDAR_YEAR,)
# "Twenties" alone are banknotes and years of age: one of these makes them a decade.
_BEFORE_DECADE = frozenset({"in", "early", "late", "mid", "-"})


def _years(first: int, count: int) -> TimeSpan:
    return replace(unit(datetime(first, 1, 1), "year", 0, count), whole=False)


def _decade(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """Read "the 90s", "1990s", "the 1970's", "the nineties"."""
    start = index + (reading.words[index] == "the")
    start += reading.words[start] == "'"
    word = reading.words[start]
    if word in _SPOKEN and (
        start > index or reading.words[index - 1] in _BEFORE_DECADE
    ):
        return _years(1900 + _SPOKEN[word], 10), start + 1
    mark = start + 1 + (reading.words[start + 1] == "'")
    told = start > index or reading.words[index - 1] in _BEFORE_DECADE
    close = reading.words[mark] == "s"
    if not close or not _round(word, told=told):
        return None
    year = int(word)
    if len(word) != 4:
        # The 30s to the 90s lie behind us, the 10s and 20s around us.
        year += 1900 if year > 20 else 2000
    return (_years(year, 10), mark + 1) if 1000 <= year < 3000 else None


def _round(word: str, *, told: bool) -> bool:
    """Whether a number names a decade: 1990, or 90 after "the"."""
    return word.isdigit() and word.endswith("0") and len(word) in (2 * told, 4)


def _long_unit(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """Read "last decade", "this century", "the 21st century"."""
    start = index + (reading.words[index] == "the")
    side = direction(reading, start)
    size = _LONG.get(reading.words[side[1]]) if side else None
    if side and size:
        # Decades and centuries by their digits: the 2020s, and the 2000s as a century.
        first = reading.now.year // size * size + side[0] * size
        return _years(first, size), side[1] + 1
    many = integer(reading.tokens, side[1]) if side and side[0] else None
    size = _SEVERAL.get(reading.words[many[1]]) if many else None
    if side and many and size:
        now = reading.now.year // size * size
        first = now + size if side[0] > 0 else now - many[0] * size
        return _years(first, many[0] * size), many[1] + 1
    nth = ordinal(reading.tokens, start)
    # Centuries long past or far ahead are no dates that anybody plans by.
    if nth is None or reading.words[nth[1]] != "century" or not 10 < nth[0] < 31:
        return None
    return _years(nth[0] * 100 - 100, 100), nth[1] + 1


def _to_date(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """Read "year to date", "MTD", and "to date" alone up to today."""
    start = index + (reading.words[index] == "the")
    grain = _TO_DATE.get(reading.words[start])
    joined = reading.skip(start + 1, frozenset({"-"}))
    end = start + 1
    if grain is None or not reading.words[start].endswith("td"):
        if grain is None or reading.words[joined] != "to":
            return None
        end = reading.skip(joined + 1, frozenset({"-"})) + 1
        if reading.words[end - 1] != "date":
            return None
    today = unit(reading.now, "day").start
    return TimeSpan(unit(reading.now, grain).start, today, "day", whole=False), end


def _date_as_today(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """Read the "date" of "from March to date"."""
    between = reading.words[index - 1] == "to" and reading.words[index - 2] != "up"
    if reading.words[index] != "date" or not between:
        return None
    return unit(reading.now, "day"), index + 1


def _fiscal(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """Read "CY18", "CY 2018": a calendar year."""
    word, digits = reading.words[index], reading.words[index + 1]
    if word != _CALENDAR_YEAR or not digits.isdigit():
        return None
    year = year_number(reading.tokens, index + 1)
    # "CY18" needs its digits tight: in "CY 18" the number may be anything.
    if year is None and len(digits) == 2 and not reading.tokens[index + 1].gap:
        year = 2000 + int(digits), index + 2
    return (unit(datetime(year[0], 1, 1), "year"), year[1]) if year else None


_ERA_RULES: tuple[Rule, ...] = (_decade, _long_unit, _to_date, _date_as_today, _fiscal)


def era_at(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """The longest such phrase that starts here."""
    return longest(_ERA_RULES, reading, index, inner)
