"""What a phrase has said so far of a day, a time, a zone and a length.

A draft is put together word group by word group in any order: "Thursday at 3pm",
"at 3pm on Thursday", "3pm GMT Thursday for 45 minutes". Zones are read by the names
that people write: EST, GMT, UTC+2, Eastern time.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone, tzinfo

from agentkit.language.numbers import integer
from agentkit.language.tokens import Tokens
from agentkit.language.vocabularies import word_table
from agentkit.slots.clock_words import ClockTime, settle_half
from agentkit.slots.date_text import DateText
from agentkit.slots.day_fields import DayFields, resolve_fields
from agentkit.slots.named_days import part_span
from agentkit.slots.periods import GRAINS, Length, TimeSpan, day_span, shift
from agentkit.slots.unit_words import direction

# Abbreviations with a fixed offset, and names of places, whose offset has summer time.
_HOURS: dict[str, float] = word_table("en")["zone_hours"]
_REGIONS: dict[str, str] = word_table("en")["zone_regions"]
_LONG = tuple(name for name in _REGIONS if len(name) > 2)


def _region(name: str) -> tzinfo | None:
    # Loading the zone database takes milliseconds; most runs never need it.
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(_REGIONS[name])
    # A machine without the zone database: the name is then no zone, and no fault.
    except ZoneInfoNotFoundError:
        return None


def zone_at(tokens: Tokens, index: int) -> tuple[tzinfo, int] | None:
    """A time zone at this place, in brackets or not, and the index after it."""
    bracket = tokens.words[index] == "("
    start = index + bracket
    hit = _offset(tokens, start) or _named(tokens, start)
    if hit is None or not bracket:
        return hit
    return (hit[0], hit[1] + 1) if tokens.words[hit[1]] == ")" else None


def _named(tokens: Tokens, index: int) -> tuple[tzinfo, int] | None:
    word = tokens.words[index]
    if word in _HOURS:
        return timezone(timedelta(hours=_HOURS[word])), index + 1
    if word == "new" and tokens.words[index + 1] == "york":
        word, index = "york", index + 1
    if word not in _REGIONS:
        return None
    spoken = tokens.words[index + 1] == "time"
    # "Pacific" and "Eastern" are zones only with "time" behind them.
    if word in _LONG and not spoken:
        return None
    zone = _region(word)
    return (zone, index + 1 + spoken) if zone else None


def _offset(tokens: Tokens, index: int) -> tuple[tzinfo, int] | None:
    """UTC+2, GMT-05:30."""
    sign, hours = tokens.words[index + 1], tokens.words[index + 2]
    known = tokens.words[index] in ("utc", "gmt") and sign in ("+", "-")
    # No zone is further from UTC than 14 hours.
    if not known or not hours.isdigit() or int(hours[:2]) > 14:
        return None
    minutes, end = int(hours[2:4] or 0), index + 3
    if tokens.words[end] == ":" and tokens.words[end + 1].isdigit():
        minutes, end = int(tokens.words[end + 1][:2]), end + 2
    delta = timedelta(hours=int(hours[:2]), minutes=minutes)
    return timezone(delta if sign == "+" else -delta), end


_NOTHING = DayFields()


@dataclass(frozen=True, slots=True)
class MomentDraft:
    """Parts of a moment; None or empty where nothing was said.

    Attributes:
        fields: day, month, year and weekday by number.
        period: a day or longer period that is already known.
        clock: the time of day.
        part: the part of the day.
        zone: the time zone of the clock.
        length: how long from then on.
        number: a lone number, which a range may yet make a day or an hour.
        weak: only words that also mean other things: "may", "sun", "second".
    """

    fields: DayFields = _NOTHING
    period: TimeSpan | None = None
    clock: ClockTime | None = None
    part: str = ""
    zone: tzinfo | None = None
    length: Length | None = None
    number: int | None = None
    weak: bool = False

    @property
    def has_day(self) -> bool:
        """Whether it names a day or period."""
        return self.fields != _NOTHING or self.period is not None

    @property
    def has_time(self) -> bool:
        """Whether it names a time of day."""
        return self.clock is not None or bool(self.part) or self.is_moment

    @property
    def is_moment(self) -> bool:
        """Whether its period is a moment shorter than a day."""
        grain = self.period.grain if self.period else "day"
        return GRAINS.index(grain) < GRAINS.index("day")

    @property
    def empty(self) -> bool:
        """Whether nothing was said."""
        return not (self.has_day or self.has_time or self.number is not None)


def merge(first: MomentDraft, second: MomentDraft) -> MomentDraft | None:
    """Join two drafts; None when both set the same part, such as the clock."""
    if first.has_day and not first.has_time and second.is_moment:
        if second.period and second.period.grain == "second":
            now = second.period.start
            clock = ClockTime(now.hour, now.minute, sure=True, grain="minute")
            return replace(first, clock=clock)
        # "today in one hour": the moment says it all.
        return second if first.fields == _NOTHING else None
    fields = first.fields.joined(second.fields)
    for name in ("period", "clock", "part", "zone", "length"):
        if getattr(first, name) and getattr(second, name):
            return None
    if fields is None or _clashes(first, second):
        return None
    return MomentDraft(
        fields,
        first.period or second.period,
        first.clock or second.clock,
        first.part or second.part,
        first.zone or second.zone,
        first.length or second.length,
        None,
        second.weak and (first.empty or first.weak),
    )


def _clashes(first: MomentDraft, second: MomentDraft) -> bool:
    """Whether a period meets a part that it cannot take, such as a month."""
    for period, other in ((first, second), (second, first)):
        if period.period is None:
            continue
        if period.is_moment:
            return other.has_time or other.fields != _NOTHING
        fields = other.fields
        if fields.month is not None or fields.year is not None:
            return True
        long = period.period.grain in ("week", "month", "quarter", "year")
        if fields.day is not None and period.period.grain != "month":
            return True
        # "Next week at 3" needs a day in that week.
        if other.has_time and long and not period.fields.weekday:
            return period.fields == _NOTHING and other.fields == _NOTHING
    return False


def resolve_day(draft: MomentDraft, reading: DateText) -> TimeSpan | None:
    """The day or period that the draft names; None when it names none."""
    if draft.period is None:
        return resolve_fields(draft.fields, reading.now, prefer=reading.prefer)
    period, fields = draft.period, draft.fields
    if fields.day is not None:
        return _day_in(period, fields)
    if fields.weekday is not None:
        ahead = (fields.weekday - period.start.weekday()) % 7
        # "in 3 days on Friday" is the Friday nearest to that day.
        near = ahead - 7 if period.grain == "day" and ahead > 3 else ahead
        return day_span(period.start + timedelta(days=near))
    return period


def _day_in(period: TimeSpan, fields: DayFields) -> TimeSpan | None:
    try:
        return day_span(period.start.replace(day=fields.day or 1))
    # The month has no such day: the 31st of June.
    except ValueError:
        return None


def settle(draft: MomentDraft, reading: DateText) -> TimeSpan | None:
    """The span that a draft means; None when there is no such day."""
    if draft.is_moment:
        span = draft.period
    elif not draft.has_day:
        span = _time_alone(draft, reading)
    else:
        day = resolve_day(draft, reading)
        span = _at_time(draft, day) if day else None
    if span is None:
        return None
    span = _in_zone(span, draft, reading)
    if draft.length is None:
        return span
    end = shift(span.start, draft.length)
    return TimeSpan(span.start, end, span.grain, whole=False)


def _at_time(draft: MomentDraft, day: TimeSpan) -> TimeSpan:
    if draft.clock is not None:
        clock = draft.clock
        if draft.part:
            clock = settle_half(clock, draft.part)
        return _clock_span(clock, day.start)
    if draft.part:
        first, last = part_span(day.start, draft.part)
        return TimeSpan(first, last, "hour", whole=False)
    if day.hour is not None:
        return TimeSpan(day.start + timedelta(hours=day.hour), None, "hour")
    return day


def _clock_span(clock: ClockTime, day: datetime) -> TimeSpan:
    # Midnight and the small hours of a night are kept as 24 and above: they lie on the
    # day after.
    days, hour = divmod(clock.hour, 24)
    moment = replace(clock, hour=hour).on(day + timedelta(days=days))
    return TimeSpan(moment, None, clock.grain)


def _time_alone(draft: MomentDraft, reading: DateText) -> TimeSpan | None:
    """Today when it is still to come, else tomorrow; the other way round for past."""
    today = day_span(reading.now)
    if draft.clock is None and not draft.part:
        return None
    span = _at_time(draft, today)
    limit = span.end or span.start
    # On the clock of another zone it may already be tomorrow; so the day is left as it
    # is.
    if draft.zone is not None:
        return span
    if reading.prefer == "future" and limit <= reading.now:
        later = _evening(draft, today, reading)
        return later or _at_time(draft, day_span(reading.now + timedelta(days=1)))
    if reading.prefer == "past" and span.start > reading.now:
        return _at_time(draft, day_span(reading.now - timedelta(days=1)))
    return span


def _evening(draft: MomentDraft, today: TimeSpan, reading: DateText) -> TimeSpan | None:
    """This evening's 8 is meant by "at 8", said at ten in the morning."""
    clock = draft.clock
    # From 1 to 6 the rule of the waking day has already taken the afternoon.
    if clock is None or clock.sure or draft.part or not 7 <= clock.hour < 12:
        return None
    span = _clock_span(replace(clock, hour=clock.hour + 12, sure=True), today.start)
    return span if span.start > reading.now else None


def _in_zone(span: TimeSpan, draft: MomentDraft, reading: DateText) -> TimeSpan:
    """Convert a time of another zone to the user's clock."""
    if draft.zone is None or not draft.has_time:
        return span
    start, end = (
        moment and moment.replace(tzinfo=draft.zone).astimezone(reading.zone)
        for moment in (span.start, span.end)
    )
    if start is None:
        return span
    return replace(
        span,
        start=start.replace(tzinfo=None),
        end=end and end.replace(tzinfo=None),
    )


def looks_like_rank(reading: DateText, index: int, end: int) -> bool:
    """A quarter or half without its year: "first quarter", "H2"."""
    start = index + (reading.words[index] == "the")
    word = reading.words[end - 1]
    short = reading.words[start] in ("q", "h") and end == start + 2
    count = integer(reading.tokens, start)
    place = count[1] if count else start
    if direction(reading, place) and reading.words[place] != "last":
        # "next quarter" is seen from now; a last quarter may be that of a game.
        return False
    return short or (word in ("quarter", "qtr", "half") and end <= start + 3)


def looks_like_number(reading: DateText, index: int, end: int) -> bool:
    """A lone year, or a fraction such as 3/4, is a date only where a word says so."""
    if end == index + 1:
        lone = reading.tokens[index].is_digits and len(reading.words[index]) == 4
        return lone and not _paired(reading, index)
    numbers = reading.words[index], reading.words[index + 2]
    if end != index + 3 or reading.words[index + 1] != "/":
        return False
    return all(word.isdigit() for word in numbers) and (
        # Halves to tenths; "3/12" is a date.
        int(numbers[0]) < int(numbers[1]) <= 10
    )


def _paired(reading: DateText, index: int) -> bool:
    """Whether another year stands beside a year: "2007 and 2009"."""
    sides = ((index - 1, index - 2), (index + 1, index + 2))
    return any(
        reading.words[link] in ("and", "or")
        and looks_like_year(reading, other)
        and reading.words[other + 1] not in ("-", "/")
        for link, other in sides
    )


def looks_like_year(reading: DateText, index: int) -> bool:
    """Whether a number may be a year of these two centuries."""
    word = reading.words[index]
    return len(word) == 4 and word[:2] in ("19", "20") and word.isdigit()
