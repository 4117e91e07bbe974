"""Rules for a period of days or longer, the longest wins: "next Friday", "Q1 2019"."""

from datetime import datetime, timedelta

from agentkit.language.numbers import integer, ordinal, two_digit_year, year_number
from agentkit.slots.date_text import DateText, Hit, PeriodAt, Rule, longest
from agentkit.slots.date_words import fields_at, month_at, weekday_at
from agentkit.slots.day_fields import DayFields, coming_weekday, resolve_fields
from agentkit.slots.framed_periods import era_at, framed_at
from agentkit.slots.inner_words import inner_at
from agentkit.slots.named_days import holiday_at
from agentkit.slots.periods import (
    SEASONS,
    Grain,
    Length,
    TimeSpan,
    day_span,
    length_of,
    season,
    shift,
    unit,
)
from agentkit.slots.relative_words import in_length, relative_at
from agentkit.slots.unit_words import direction, units_at


def _weekday(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """Read "next Friday" (next week's), "last Friday", "Friday after next"."""
    start = index + (reading.words[index] in ("the", "on"))
    side = direction(reading, start)
    day = weekday_at(reading.tokens, side[1] if side else start)
    if day is None:
        return None
    weekday, end = day
    if side is None:
        after = reading.sees(end, "after next")
        if not after:
            return _week_later(reading, weekday, end)
        return day_span(coming_weekday(reading.now, weekday).start + _WEEK), after
    if side[0] < 0:
        return _past_weekday(reading, start, weekday), end
    # "The coming Friday" and "this coming Friday" are the nearest; "next Friday" is
    # that of next week.
    soon = reading.words[start] in ("coming", "upcoming") or side[1] > start + 1
    if side[0] == 0 and fields_at(
        reading.tokens, reading.skip(end, frozenset({"-", ","})), reading.now
    ):
        # "this Friday, June 15": the date says which Friday.
        return None
    if side[0] == 0 or soon:
        today = weekday == reading.now.weekday() and not soon
        span = day_span(reading.now) if today else None
        return span or coming_weekday(reading.now, weekday), end
    monday = unit(reading.now, "week", 1).start
    return day_span(monday + timedelta(days=weekday)), end


_WEEK = timedelta(weeks=1)


def _past_weekday(reading: DateText, index: int, weekday: int) -> TimeSpan:
    """The latest one for "past Friday", that of the week before for "last Friday"."""
    if "past" in (reading.words[index], reading.words[index + 1]):
        return coming_weekday(reading.now, weekday, prefer="past")
    monday = unit(reading.now, "week", -1).start
    return day_span(monday + timedelta(days=weekday))


def _week_later(reading: DateText, weekday: int, end: int) -> Hit | None:
    """Read "Friday week" (a week after Friday) and "Friday next week"."""
    # "Friday week 27" names a week by its number.
    if reading.words[end] == "week" and not reading.words[end + 1].isdigit():
        return day_span(coming_weekday(reading.now, weekday).start + _WEEK), end + 1
    start = reading.skip(end, frozenset({"of", "in", ","}))
    side = direction(reading, start + (reading.words[start] == "the"))
    if side is None or reading.words[side[1]] != "week":
        return None
    monday = unit(reading.now, "week", side[0]).start
    return day_span(monday + timedelta(days=weekday)), side[1] + 1


def _counted_weekday(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """Read "3 fridays from now", "2 thursdays ago"."""
    count = integer(reading.tokens, index)
    day = weekday_at(reading.tokens, count[1]) if count else None
    # Two years of weeks: nobody counts more of them.
    if count is None or day is None or not 0 < count[0] < 100:
        return None
    weeks = timedelta(weeks=count[0] - 1)
    end = reading.sees(day[1], "from now") or reading.sees(day[1], "hence")
    if end:
        return day_span(coming_weekday(reading.now, day[0]).start + weeks), end
    if reading.words[day[1]] in ("ago", "back"):
        past = coming_weekday(reading.now, day[0], prefer="past")
        return day_span(past.start - weeks), day[1] + 1
    return None


def _directed_month(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """Read "next March", "last October", "this May"."""
    later = _later_month(reading, index, inner)
    if later:
        return later
    side = direction(reading, index)
    month = month_at(reading.tokens, side[1]) if side else None
    if side is None or month is None or _modal(reading, month[1]):
        return None
    if side[0] == 0:
        return unit(datetime(reading.now.year, month[0], 1), "month"), month[1]
    # A month on or back from now: in March "next March" is that of the next year.
    now = reading.now if side[0] < 0 else shift(reading.now, Length(months=1))
    now = shift(reading.now, Length(months=1), -1) if side[0] < 0 else now
    fields = DayFields(month=month[0])
    span = resolve_fields(fields, now, prefer="past" if side[0] < 0 else "future")
    return (span, month[1]) if span else None


def _later_month(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """Read "March after next", "March in two years"."""
    month = month_at(reading.tokens, index)
    if month is None:
        return None
    end = reading.sees(month[1], "after next")
    coming = resolve_fields(DayFields(month=month[0]), reading.now)
    if end and coming:
        return unit(coming.start, "month", 12), end
    ahead = in_length(reading, month[1], inner)
    if ahead is None or reading.words[ahead[1] - 1].rstrip("s") != "year":
        return None
    return unit(ahead[0].start.replace(month=month[0], day=1), "month"), ahead[1]


def _modal(reading: DateText, end: int) -> bool:
    """Whether "may" is the verb, as in "this may help"."""
    following = reading.words[end]
    noun = not following[:1].isalpha() or following in _AFTER_MAY
    return reading.words[end - 1] == "may" and not noun


# Before these "may" is the month: as a verb it would have another word behind it.
_AFTER_MAY = frozenset(
    [
        "to",
        "until",
        "till",
        "through",
        "at",
        "for",
        "with",
        "we",
        "i",
        "and",
        "in",
        "on",
    ]
)
_RULES: tuple[Rule, ...] = (_weekday, _counted_weekday, _directed_month)


def near_days_at(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """The longest such weekday or month that starts here."""
    return longest(_RULES, reading, index, inner)


_PARTS_OF_YEAR = {"q": 4, "h": 2}
_WEEKS = frozenset({"week", "wk", "kw", "w"})
_CALENDAR = frozenset({"the", "calendar"})
LEADS = (*_PARTS_OF_YEAR, *_WEEKS, *_CALENDAR)
_YEARS = frozenset({"-", ",", "'s", "the", "'", "s"})


def _season(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """Read "summer 2018", "the winter of 2019"."""
    start = index + (reading.words[index] == "the")
    name = reading.words[start]
    if name not in SEASONS:
        return None
    end = start + 1
    skipped = reading.skip(end, frozenset({"of", ",", "in"}))
    short = reading.words[skipped + 1]
    if reading.words[skipped] == "'" and short.isdigit() and len(short) == 2:
        full = two_digit_year(int(short), reading.now.year)
        return season(name, reading.now, full, 0), skipped + 2
    year = year_number(reading.tokens, skipped)
    if year is None:
        return season(name, reading.now, None, 0), end
    return season(name, reading.now, year[0], 0), year[1]


def _year_near(reading: DateText, index: int, inner: PeriodAt) -> tuple[int, int]:
    """The year named from here on and the index after it; 0 when none is named."""
    start = reading.skip(index, frozenset({"of", "in", "-", ",", "the", "/"}))
    year = year_number(reading.tokens, start)
    if year:
        return year
    near = start > index or direction(reading, start)
    told = inner(reading, start) if near else None
    if told and told[0].grain == "year":
        return told[0].start.year, told[1]
    short = reading.words[start]
    if start == index and short.isdigit() and len(short) == 2:
        close = not reading.tokens[start].gap
        if close:
            return two_digit_year(int(short), reading.now.year), start + 1
    return 0, index


def _quarter(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """Read "Q1 2019", "2019-Q1", "the third quarter of 2018", "H2 2019"."""
    before = year_number(reading.tokens, index)
    start = reading.skip(before[1], _YEARS) if before else index
    start = start if before else start + (reading.words[start] == "the")
    hit = _numbered(reading, start)
    if hit is None:
        return None
    months, part, end = hit
    year = (before[0], end) if before else _year_near(reading, end, inner)
    first = datetime(year[0] or reading.now.year, 1, 1)
    first = shift(first, length_of(months * (part - 1), "month"))
    last = shift(first, length_of(months, "month"))
    quarter = months == 3
    grain: Grain = "quarter" if quarter else "month"
    return TimeSpan(first, last, grain, whole=quarter), year[1]


def _numbered(reading: DateText, index: int) -> tuple[int, int, int] | None:
    """Months in the part, which part, and the index after it."""
    word, digit = reading.words[index], reading.words[index + 1]
    parts = _PARTS_OF_YEAR.get(word)
    if parts and digit.isdigit() and not reading.tokens[index + 1].gap:
        good = 1 <= int(digit) <= parts and len(digit) == 1
        return (12 // parts, int(digit), index + 2) if good else None
    nth = ordinal(reading.tokens, index)
    if nth is None:
        return None
    name = reading.words[nth[1]]
    if name in ("quarter", "qtr") and nth[0] <= 4:
        return 3, nth[0], nth[1] + 1
    return (6, nth[0], nth[1] + 1) if name == "half" and nth[0] <= 2 else None


def _week_number(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """Read "week 27", "the week 3 of last year", by ISO 8601."""
    start = reading.skip(index, _CALENDAR)
    if reading.words[start] not in _WEEKS:
        return None
    # "W27" is a week; in "w 27" the letter may be anything.
    if reading.words[start] == "w" and reading.tokens[start : start + 2][-1].gap:
        return None
    number = reading.words[start + 1]
    if not number.isdigit() or not 1 <= int(number) <= 53:
        return None
    year, end = _year_near(reading, start + 2, inner)
    # ValueError where a year has 52 weeks only: such a week is no period at all.
    first = datetime.fromisocalendar(year or reading.now.year, int(number), 1)
    return unit(first, "week"), end


_UNIT_RULES: tuple[Rule, ...] = (_season, _quarter, _week_number)


def numbered_units_at(reading: DateText, index: int, inner: PeriodAt) -> Hit | None:
    """The longest such period that starts here."""
    return longest(_UNIT_RULES, reading, index, inner)


def spoken_period_at(reading: DateText, index: int) -> Hit | None:
    """The period in words that starts here, such as "next Friday"; no plain dates."""
    if index not in reading.memo:
        # Rules that ask for this very place again find nothing there.
        reading.memo[index] = None
        rules = (
            relative_at,
            near_days_at,
            units_at,
            numbered_units_at,
            inner_at,
            framed_at,
            era_at,
            holiday_at,
        )
        try:
            hit = longest(rules, reading, index, period_at)
        except ValueError:
            # Beyond the year 9999, or no such day: no period at all.
            hit = None
        reading.memo[index] = hit
    return reading.memo[index]


def period_at(reading: DateText, index: int) -> Hit | None:
    """Any period or moment that starts here: a spoken one or a written date."""
    spoken = spoken_period_at(reading, index)
    written = fields_at(reading.tokens, index, reading.now)
    # The spoken one of equals: it has seen "next" or "after" beside the date.
    if written is None or (spoken and spoken[1] >= written[1]):
        return spoken
    span = resolve_fields(written[0], reading.now, prefer=reading.prefer)
    return (span, written[1]) if span else spoken
