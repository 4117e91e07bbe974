"""Spans of calendar time, seasons among them, and adding months and hours to a moment."""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Literal

Grain = Literal["second", "minute", "hour", "day", "week", "month", "quarter", "year"]
GRAINS: tuple[Grain, ...] = (
    "second",
    "minute",
    "hour",
    "day",
    "week",
    "month",
    "quarter",
    "year",
)
# Units by the calendar, whose length varies, and units that are always as long.
_MONTHS: dict[Grain, int] = {"month": 1, "quarter": 3, "year": 12}
_FIXED: dict[Grain, timedelta] = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """A stretch of wall-clock time; `end` is exclusive.

    Attributes:
        start: first moment, without a zone.
        end: first moment after it; None when it goes on without end.
        grain: the unit that the words speak of.
        whole: exactly one unit, so that the end need not be told.
        hour: the hour it is at when no clock time is given: "in 3 days".
    """

    start: datetime
    end: datetime | None
    grain: Grain
    whole: bool = True
    hour: int | None = None


@dataclass(frozen=True, slots=True)
class Length:
    """How long: calendar months, days, and seconds, kept apart.

    Attributes:
        months: calendar months; a year is twelve.
        days: calendar days; a week is seven.
        seconds: clock seconds.
        grain: the smallest unit that was named.
    """

    months: int = 0
    days: int = 0
    seconds: float = 0
    grain: Grain = "second"

    @property
    def delta(self) -> timedelta:
        """As a timedelta, with 30 days to a month and 365 to a year."""
        years, months = divmod(self.months, 12)
        days = years * 365 + months * 30 + self.days
        return timedelta(days=days, seconds=self.seconds)


def length_of(amount: float, grain: Grain) -> Length:
    """A length of so many units; fractions go to the next smaller unit."""
    if grain in _MONTHS:
        months = amount * _MONTHS[grain]
        # A fraction of a month is told in days of a month of 30, that of a year in 365.
        rest = (months - int(months)) * 30
        if grain == "year":
            months, rest = int(amount) * 12, (amount - int(amount)) * 365
        days = int(rest)
        seconds = (rest - days) * 86400
        return Length(months=int(months), days=days, seconds=seconds, grain=grain)
    seconds = amount * _FIXED[grain].total_seconds()
    if grain in ("day", "week"):
        days = int(seconds // 86400)
        return Length(days=days, seconds=seconds - days * 86400, grain=grain)
    return Length(seconds=seconds, grain=grain)


def finer_grain(first: Grain, second: Grain) -> Grain:
    """The shorter of two units."""
    return first if GRAINS.index(first) <= GRAINS.index(second) else second


def join(first: Length, second: Length) -> Length:
    """The sum of two lengths, at the finer grain."""
    finer = finer_grain(first.grain, second.grain)
    return Length(
        first.months + second.months,
        first.days + second.days,
        first.seconds + second.seconds,
        finer,
    )


def shift(moment: datetime, length: Length, sign: int = 1) -> datetime:
    """Move a moment by a length; the day is cut to the month's last.

    Raises:
        ValueError: when the result lies outside of the years 1 to 9999.
    """
    month = moment.year * 12 + moment.month - 1 + sign * length.months
    year, month = divmod(month, 12)
    if not 1 <= year <= 9999:
        raise ValueError(f"The year {year} is outside of the calendar.")
    day = min(moment.day, monthrange(year, month + 1)[1])
    moved = moment.replace(year=year, month=month + 1, day=day)
    try:
        return moved + sign * timedelta(days=length.days, seconds=length.seconds)
    except OverflowError as exc:
        raise ValueError("The date is outside of the calendar.") from exc


def elapse(moment: datetime, length: Length, zone: tzinfo, sign: int = 1) -> datetime:
    """Move a moment by a length as it passes: hours are real ones, days are the wall's.

    Where clocks change in between, "in 3 hours" is three hours later all the same, and
    "in 3 days" is at the same hour.

    Args:
        moment: on the wall of the zone, without a zone; `fold` tells which of two.
        length: how far.
        zone: whose clock it is.
        sign: 1 for ahead, -1 for back.
    """
    if length.days or length.months:
        moment = shift(moment, replace(length, seconds=0), sign)
    real = moment.replace(tzinfo=zone).astimezone(UTC)
    try:
        passed = real + sign * timedelta(seconds=length.seconds)
        return passed.astimezone(zone).replace(tzinfo=None)
    except OverflowError as exc:
        raise ValueError("The date is outside of the calendar.") from exc


def floor(moment: datetime, grain: Grain) -> datetime:
    """The first moment of the unit that holds this one; weeks start on Monday."""
    if grain == "second":
        return moment.replace(microsecond=0)
    if grain == "minute":
        return moment.replace(second=0, microsecond=0)
    if grain == "hour":
        return moment.replace(minute=0, second=0, microsecond=0)
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if grain == "week":
        return day - timedelta(days=day.weekday())
    if grain == "month":
        return day.replace(day=1)
    if grain == "quarter":
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return day if grain == "day" else day.replace(month=1, day=1)


def unit(moment: datetime, grain: Grain, offset: int = 0, count: int = 1) -> TimeSpan:
    """So many units from the one that holds the moment, shifted by offset."""
    start = shift(floor(moment, grain), length_of(offset, grain))
    end = shift(start, length_of(count, grain))
    return TimeSpan(start, end, grain, whole=count == 1)


def day_span(moment: datetime) -> TimeSpan:
    """The day that holds the moment."""
    return unit(moment, "day")


def date_span(year: int, month: int, day: int) -> TimeSpan:
    """One day by its numbers; ValueError when there is no such day."""
    return day_span(datetime(year, month, day))


def edge(span: TimeSpan, side: int) -> TimeSpan:
    """The beginning, middle or end of a period, as people use the words."""
    end = span.end or span.start
    if span.grain == "day" and end - span.start > timedelta(days=20):
        # A span of more than twenty days told in days is a season, and has thirds.
        third = timedelta(days=(end - span.start).days // 3)
        begin = {-1: span.start, 0: span.start + third}.get(side, end - third)
        return TimeSpan(begin, min(begin + third, end), "day", whole=False)
    if span.grain == "day":
        # Hours of the waking day: early, around noon, from the end of work on.
        first, last = {-1: (8, 10), 0: (11, 14), 1: (17, 24)}[side]
        begin = span.start + timedelta(hours=first)
        return TimeSpan(begin, span.start + timedelta(hours=last), "hour", whole=False)
    if span.grain == "week":
        # Monday to Wednesday, Wednesday to Friday, Friday to Sunday; the middle days
        # are in two.
        first = {-1: 0, 0: 2, 1: 4}[side]
        last = {-1: 3, 0: 5, 1: 7}[side]
        return _days(span.start, first, last)
    if span.grain == "month":
        # Ten days each; what a month has more goes to its end.
        cut = {-1: (0, 10), 0: (10, 20)}.get(side)
        if cut:
            return _days(span.start, *cut)
        return TimeSpan(span.start + timedelta(days=20), end, "day", whole=False)
    months = (end.year - span.start.year) * 12 + end.month - span.start.month
    # A quarter of a year for its beginning, thirds for middle and end.
    cuts = {-1: (0, max(months // 4, 1)), 0: (months // 3, months * 2 // 3)}
    first, last = cuts.get(side, (months * 2 // 3, months))
    return TimeSpan(
        shift(span.start, Length(months=first)),
        shift(span.start, Length(months=last)),
        "month",
        whole=False,
    )


def _days(start: datetime, first: int, last: int) -> TimeSpan:
    begin, end = start + timedelta(days=first), start + timedelta(days=last)
    return TimeSpan(begin, end, "day", whole=False)


def half_way(start: datetime, grain: Grain) -> datetime:
    """Where the second half of a week, month or year begins."""
    days = {"week": 3, "month": 15}.get(grain, 0)
    months = {"quarter": 1, "year": 6}.get(grain, 0)
    return shift(start, Length(months=months, days=days))


# First month and day of each season of the northern year.
SEASONS = {
    "spring": (3, 20),
    "summer": (6, 21),
    "autumn": (9, 23),
    "fall": (9, 23),
    "winter": (12, 21),
}


def season(name: str, now: datetime, year: int | None, side: int) -> TimeSpan:
    """A season of the northern year; "last" and "next" are seen from now."""
    if year is not None:
        return _season_of(name, year)
    # Two years to each side: winter ends in the year after the one it begins in.
    spans = [_season_of(name, now.year + step) for step in (-2, -1, 0, 1, 2)]
    ended = [span for span in spans if span.end and span.end <= now]
    ahead = [span for span in spans if span.start > now]
    if side:
        return ahead[0] if side > 0 else ended[-1]
    return spans[len(ended)]


def _season_of(name: str, year: int) -> TimeSpan:
    order = ("spring", "summer", "autumn", "winter")
    place = order.index("autumn" if name == "fall" else name)
    start = datetime(year, *SEASONS[name])
    following = order[(place + 1) % 4]
    end = datetime(year + (place == 3), *SEASONS[following])
    return TimeSpan(start, end, "day", whole=False)


def current_season(now: datetime, side: int) -> TimeSpan:
    """The season that now lies in, or the one before or after it."""
    spans = [
        _season_of(name, now.year + step)
        for step in (-1, 0, 1)
        for name in ("spring", "summer", "autumn", "winter")
    ]
    ended = [span for span in spans if span.end and span.end <= now]
    return spans[len(ended) + side]
