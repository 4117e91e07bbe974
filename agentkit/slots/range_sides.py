"""Both sides of a range completed from each other, and open ranges: "by Friday"."""

from dataclasses import replace

from agentkit.slots.clock_words import ClockTime, settle_half
from agentkit.slots.date_text import DateText, phrases_by_first_word
from agentkit.slots.day_fields import DayFields
from agentkit.slots.moment_draft import MomentDraft, merge, resolve_day, settle
from agentkit.slots.periods import TimeSpan, day_span
from agentkit.slots.phrases import phrase_at

_NOTHING = DayFields()


def completed(
    left: MomentDraft, right: MomentDraft, reading: DateText
) -> tuple[MomentDraft, MomentDraft] | None:
    """Complete each side with what only the other one says."""
    if _mixed(left, right) or _mixed(right, left):
        return None
    # Numbers first, since they may turn out to be days or hours; then days, then times.
    left, right = _number_as(left, right), _number_as(right, left)
    left = _same_month(left, right)
    if left.number is not None and left.clock is None:
        return None
    if right.number is not None and right.clock is None and not right.period:
        return None
    left, right = (
        _fill_day(left, right, reading, before=True),
        _fill_day(right, left, reading),
    )
    return _fill_time(left, right), _fill_time(right, left)


def _same_month(side: MomentDraft, other: MomentDraft) -> MomentDraft:
    """The 4 of "from 4 to 23 of next month", as a day of that month."""
    if side.number is None or other.number is None or other.period is None:
        return replace(side, number=None) if side.period else side
    last = other.period.start.day
    if side.has_day or not 0 < side.number < last:
        return side
    return MomentDraft(period=day_span(other.period.start.replace(day=side.number)))


def _mixed(side: MomentDraft, other: MomentDraft) -> bool:
    """A lone number beside a month or year, or an hour up to a week: no range."""
    if other.number is not None and other.period is not None:
        return False
    if side.number is not None and other.has_day and not other.clock:
        return other.fields.day is None and not other.part
    timed = side.clock is not None and not side.has_day
    return timed and not other.has_time and other.fields.day is None


def _fill_time(side: MomentDraft, other: MomentDraft) -> MomentDraft:
    """Take the zone and the part of the day from the other side."""
    part = side.part or _part(side, other)
    return replace(side, zone=side.zone or other.zone, part=part)


def _part(side: MomentDraft, other: MomentDraft) -> str:
    """Use a part of the day that one side names for both clocks."""
    return other.part if side.clock and not side.clock.sure else ""


def _number_as(side: MomentDraft, other: MomentDraft) -> MomentDraft:
    """A lone number is a day beside a date and an hour beside a clock."""
    if side.number is None:
        return side
    fields = other.fields
    if fields.day is not None and other.clock is None:
        day = DayFields(day=side.number)
        merged = merge(replace(side, number=None, clock=None), MomentDraft(fields=day))
        return merged or side
    return replace(side, number=None) if side.clock and other.clock else side


def _fill_day(
    side: MomentDraft, other: MomentDraft, reading: DateText, *, before: bool = False
) -> MomentDraft:
    """Take the day, month or year from the other side where this one has none."""
    if side.is_moment or other.is_moment:
        return side
    if not (side.has_day and other.has_day):
        # Both sides lie on the one day that was named, so it is settled once.
        day = resolve_day(side if side.has_day else other, reading)
        return replace(side, fields=_NOTHING, period=day)
    if side.period or other.period:
        return side
    mine, theirs = side.fields, other.fields
    month = mine.month or _month_for(mine, theirs, before=before)
    year = mine.year or (theirs.year if month or mine.day else None)
    if before and year and not mine.year and month and theirs.month:
        # "November to February 2017" begins in the year before.
        year -= month > theirs.month
    return replace(side, fields=replace(mine, month=month, year=year))


def _month_for(mine: DayFields, theirs: DayFields, *, before: bool) -> int | None:
    """The other side's month, if a day that was named without one lies in it."""
    if mine.day is None:
        return None
    # A weekday finds its day itself: "Friday 31 to Sunday June 2" begins in May.
    earlier = before and theirs.day is not None and mine.day <= theirs.day
    return theirs.month if mine.weekday is None or earlier else None


def halves(left: MomentDraft, right: MomentDraft) -> tuple[MomentDraft, MomentDraft]:
    """Tell mornings from afternoons: "3-5pm" is 15 to 17, "9 to 5" 9 to 17."""
    first, last = left.clock, right.clock
    if first is None or last is None:
        return left, right
    if left.part:
        first = settle_half(first, left.part)
    if not first.sure and last.sure and last.hour <= 24:
        late = replace(first, hour=first.hour % 12 + 12, sure=True)
        # "3-5pm": the afternoon hour lies before the end, so both are in the afternoon.
        fits = last.hour > 12 and _minutes(late) < _minutes(last)
        # "11 to 3am" is in one night, not from a morning to the next.
        fits = fits or (7 <= first.hour < 12 and last.hour < min(first.hour, 6))
        first = late if fits else replace(first, hour=first.hour % 12, sure=True)
    if not last.sure:
        first = _as_said(first)
        early = replace(last, hour=last.hour % 12, sure=True)
        # The end is the first such hour behind the start: "9 to 5" ends at 17:00.
        late = replace(last, hour=last.hour % 12 + 12, sure=True)
        over = _minutes(late) <= _minutes(first)
        last = early if over or _minutes(early) > _minutes(first) else late
    return replace(left, clock=first), replace(right, clock=last)


def _as_said(clock: ClockTime) -> ClockTime:
    if clock.sure or not 1 <= clock.hour <= 6:
        return replace(clock, sure=True)
    return replace(clock, hour=clock.hour + 12, sure=True)


def _minutes(clock: ClockTime) -> int:
    return clock.hour * 60 + clock.minute


def is_scale(left: MomentDraft, right: MomentDraft, *, told: bool) -> bool:
    """Two lone numbers, as in "2 to 3 eggs" and "from 1 to 10"."""
    if left.number is None or right.number is None or left.has_day or right.has_day:
        return False
    sure = left.clock and right.clock and not (left.clock.bare and right.clock.bare)
    # "From 1 to 10" rates something; "from 2 to 4" is mostly a time.
    return not sure and (not told or left.number < 2)


# Even behind "until" or "from" these are mostly no time: "from the sun", "since second
# grade".
_DOUBTFUL = frozenset(
    ["now", "sun", "sat", "mon", "wed", "second", "lent", "dec", "jan", "boss's"]
)
_UNTIL = (
    "by",
    "until",
    "till",
    "til",
    "untill",
    "through",
    "thru",
    "up to",
    "up until",
    "on or before",
    "at or before",
)
_BEFORE = (
    "before",
    "no later than",
    "not later than",
    "earlier than",
    "prior to",
    "anytime before",
    "any time before",
    "sometime before",
    "some time before",
)
_AFTER = (
    "after",
    "later than",
    "anytime after",
    "any time after",
    "sometime after",
    "some time after",
)
_SINCE = (
    "since", "from", "starting", "starting on", "starting at", "starting from",
    "beginning on", "beginning", "as of", "onwards from", "on or after",
    "at or after", "no earlier than", "not earlier than", "not before",
    "anytime from",
)  # fmt: skip
_KINDS = tuple(
    (phrases_by_first_word(words), kind)
    for words, kind in ((_UNTIL, 1), (_BEFORE, 0), (_AFTER, -1), (_SINCE, -2))
)
LEADS = tuple(word for words, _ in _KINDS for word in words)
Found = tuple[TimeSpan, int, bool]


def open_range(
    reading: DateText, index: int, bare: bool, day: MomentDraft | None = None
) -> Found | None:
    """Read "by EOD", "before 2.30pm", "after 2 pm", "since 2014"."""
    for words, kind in _KINDS:
        end = reading.sees_any(index, words)
        phrase = phrase_at(reading, end, bare=True) if end else None
        draft = phrase and (merge(day, phrase.draft) if day else phrase.draft)
        past = reading.words[index] == "since"
        seen = replace(reading, prefer="past") if past else reading
        span = settle(draft, seen) if draft else None
        if phrase is None or span is None:
            continue
        # "After 2pm for an hour" has both its ends.
        if kind < 0 and draft and draft.length:
            return span, phrase.end, False
        doubt = phrase.draft.weak and reading.words[phrase.end - 1] in _DOUBTFUL
        if doubt:
            return span, phrase.end, True
        if kind < 0:
            # After a day or year means after all of it; after 2pm, from 2pm on.
            start = span.end if kind == -1 and span.end else span.start
            opened = TimeSpan(start, None, span.grain, whole=False)
            return _closed(opened, _onwards(reading, phrase.end), reading)
        ends = kind == 1 or _at_end(reading, end)
        return _deadline(span, reading, inclusive=ends), phrase.end, False
    return None


def _onwards(reading: DateText, index: int) -> int:
    """Step over the last word of "from Monday on", "from 1990 onwards"."""
    ends = reading.words[index + 1] in ("", ".", ",", "!", "?")
    on = reading.words[index] == "on" and ends
    return index + (on or reading.words[index] in ("onwards", "onward"))


def _closed(opened: TimeSpan, end: int, reading: DateText) -> Found:
    """Read "later than 3:30pm but before 6pm": the other end, when it is given."""
    link = end + (reading.words[end] in ("but", "and"))
    for words in _BEFORE:
        start = reading.sees(link, words) if link > end else 0
        phrase = phrase_at(reading, start, bare=True) if start else None
        span = settle(phrase.draft, reading) if phrase else None
        if phrase and span and span.start > opened.start:
            return replace(opened, end=span.start), phrase.end, False
    return opened, end, False


def _at_end(reading: DateText, index: int) -> bool:
    """Whether it is the end of something: "before the end of May", "before EOD"."""
    word = reading.words[index + (reading.words[index] == "the")]
    return word in ("end", "eod", "eow", "eom", "eoq", "eoy", "cob")


def _deadline(span: TimeSpan, reading: DateText, *, inclusive: bool) -> TimeSpan:
    until = span.end if inclusive and span.end else span.start
    # A deadline runs from now on; one that has passed starts at its own end.
    start = min(reading.now, until)
    return TimeSpan(start, until, span.grain, whole=False)
