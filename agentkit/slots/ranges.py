"""From one moment to another: "3-4pm", "june 3 to 7", "by Friday", "since 2014"."""

from dataclasses import replace
from datetime import datetime, timedelta

from agentkit.language.numbers import integer, ordinal
from agentkit.slots.clock_words import clock_at
from agentkit.slots.date_text import DateText, phrases_by_first_word
from agentkit.slots.inner_words import no_such_day
from agentkit.slots.lengths import length_at
from agentkit.slots.moment_draft import MomentDraft, merge, settle
from agentkit.slots.period_rules import period_at
from agentkit.slots.periods import GRAINS, TimeSpan, finer_grain, shift, unit
from agentkit.slots.phrases import Phrase, phrase_at
from agentkit.slots.range_sides import Found, completed, halves, is_scale, open_range
from agentkit.slots.relative_words import ago_or_ahead, over_about

# Dashes of all lengths: keyboards and typesetters choose them.
_TO = frozenset(
    {
        "-",
        "\u2013",
        "\u2014",
        "~",
        "to",
        "until",
        "untill",
        "till",
        "til",
        "through",
        "thru",
    }
)
_THE = frozenset({"the"})
_OR_LATER = phrases_by_first_word(
    ("or later", "or after", "onwards", "onward", "and later", "and after")
)
_LINKS = frozenset(
    [
        "from",
        "between",
        "before",
        "after",
        "until",
        "till",
        "by",
        "no",
        "later",
        "at",
        "for",
    ]
)
_BESIDE = frozenset({"before", "prior", "after", "past", "following", "from"})
_OPENERS = frozenset({"from", "between", "in", "for", "starting"})
LEADS = (*_LINKS, *_OPENERS)


def moment_at(reading: DateText, index: int, *, bare: bool = False) -> Found | None:
    """The longest moment or range that starts here.

    Returns:
        Its span, the index after it, and whether only words were used that also
        mean other things.
    """
    rules = (
        _length_from, _length_beside, _range, open_range, _single, _day_then_times
    )  # fmt: skip
    best: Found | None = None
    # Before the rules: "5th Tuesday in October" must not be read as "Tuesday".
    if no_such_day(reading, index, period_at):
        return None
    for rule in rules:
        hit = rule(reading, index, bare)
        if hit and (best is None or hit[1] > best[1]):
            best = hit
    return best


def _day_then_times(reading: DateText, index: int, bare: bool) -> Found | None:
    """Read "Thursday from 9:30 to 11", "tomorrow before 5pm"."""
    phrase = phrase_at(reading, index, bare=bare)
    if phrase is None or not phrase.draft.has_day or phrase.draft.clock:
        return None
    start = phrase.end + (reading.words[phrase.end] == ",")
    if reading.words[start] not in _LINKS:
        return _length_beside(reading, start, bare, phrase.draft)
    lasting = _length_from(reading, start, bare, phrase.draft)
    if lasting:
        return lasting
    return _range(reading, start, True, phrase.draft) or open_range(
        reading, start, True, phrase.draft
    )


def _single(reading: DateText, index: int, bare: bool) -> Found | None:
    phrase = phrase_at(reading, index, bare=bare)
    span = settle(phrase.draft, reading) if phrase else None
    # "Date" means today only as an end: "from March to date".
    if phrase is None or span is None or reading.words[index] == "date":
        return None
    later = reading.sees_any(phrase.end, _OR_LATER)
    if later:
        return TimeSpan(span.start, None, span.grain, whole=False), later, False
    return span, phrase.end, phrase.draft.weak


def _length_from(
    reading: DateText, index: int, bare: bool, day: MomentDraft | None = None
) -> Found | None:
    """Read "for 2 hours from 2pm", "a week starting tomorrow"."""
    start = index + (reading.words[index] == "for")
    length = length_at(reading.tokens, start)
    if length is None:
        return None
    end = length[1] + (reading.words[length[1]] == ",")
    link = reading.words[end]
    # "2 hours from 2pm" without "for" is a moment, two hours after it.
    counted = start > index and link in ("from", "on", "at")
    if not counted and link not in ("starting", "beginning", "commencing"):
        return None
    begin = end + 1 + (reading.words[end + 1] in ("from", "on", "at"))
    phrase = phrase_at(reading, begin, bare=True)
    draft = phrase and (merge(day, phrase.draft) if day else phrase.draft)
    span = settle(draft, reading) if draft else None
    if span is None or phrase is None:
        return None
    until = shift(span.start, length[0])
    return TimeSpan(span.start, until, span.grain, whole=False), phrase.end, False


def _length_beside(
    reading: DateText, index: int, bare: bool, day: MomentDraft | None = None
) -> Found | None:
    """Read "an hour before 3pm tomorrow", "two hours after noon"."""
    length = length_at(reading.tokens, over_about(reading, index))
    # Days before or after something are read by `relative_words`.
    if length is None or GRAINS.index(length[0].grain) >= GRAINS.index("day"):
        return None
    link = reading.words[length[1]]
    if link not in _BESIDE:
        return None
    begin = length[1] + 1 + (reading.words[length[1] + 1] == "to")
    phrase = phrase_at(reading, begin, bare=True)
    if phrase is None or not phrase.draft.clock:
        return None
    draft = merge(day, phrase.draft) if day else phrase.draft
    span = settle(draft, reading) if draft else None
    if draft is None or span is None:
        return None
    moment, sign = span.start, -1 if link in ("before", "prior") else 1
    moved = ago_or_ahead(moment, length[0], sign, reading.zone)
    # An hour before 9 may have passed though 9 is to come; then tomorrow's is meant.
    if not draft.has_day and moved.start <= reading.now:
        moment += timedelta(days=1)
        moved = ago_or_ahead(moment, length[0], sign, reading.zone)
    return moved, phrase.end, False


def _range(
    reading: DateText, index: int, bare: bool, day: MomentDraft | None = None
) -> Found | None:
    """Read two sides and a joining word, and complete each from the other."""
    told = reading.words[index] in _OPENERS
    between = reading.words[index] == "between"
    left = _side(reading, index + told, bare=bare or told)
    if left is None:
        return None
    # "And" joins a range only behind "between".
    joins = _TO | {"and", "&"} if between else _TO
    if reading.words[left.end] not in joins:
        return None
    right = _side(reading, left.end + 1, bare=True)
    if right is None:
        return None
    first = merge(day, left.draft) if day else left.draft
    first = _days_of(first, left.draft, right.draft)
    if first and _day_comes_first(reading, left.end + 1, first, right.draft):
        first = replace(first, period=unit(reading.now, "day"))
    sides = completed(first, right.draft, reading) if first else None
    span = _between(*sides, reading) if sides else None
    if span is None or sides is None:
        return None
    weak = is_scale(left.draft, right.draft, told=told)
    marks = reading.skip(index + told, _THE), reading.skip(left.end + 1, _THE)
    return _trimmed(span, sides, marks, reading), right.end, weak


def _days_of(
    first: MomentDraft | None, left: MomentDraft, right: MomentDraft
) -> MomentDraft | None:
    """Two lone numbers are days behind a month: "November between 19 and 20"."""
    if first is None or left.number is None or right.number is None:
        return first
    fields = first.fields
    if left.has_day or right.has_day or fields.month is None or fields.day is not None:
        return first
    return replace(
        first, fields=replace(fields, day=left.number), clock=None, number=None
    )


def _day_comes_first(
    reading: DateText, index: int, left: MomentDraft, right: MomentDraft
) -> bool:
    """Whether only the end has a day: "from 2pm till tomorrow 4:30pm"."""
    if left.has_day or left.clock is None or not left.clock.sure or not right.clock:
        return False
    return right.has_day and clock_at(reading.tokens, index) is None


def _trimmed(
    span: TimeSpan,
    sides: tuple[MomentDraft, MomentDraft],
    marks: tuple[int, int],
    reading: DateText,
) -> TimeSpan:
    """Use the edge that was named: "from the end of May" starts when May is over."""
    first, last = (draft.period for draft in sides)
    left, right = (reading.words[place] for place in marks)
    start, end = span.start, span.end
    if first and first.end and left in ("end", "middle"):
        start = first.end if left == "end" else _middle(first)
    if last and right in ("start", "beginning", "middle"):
        end = last.start if right != "middle" else _middle(last)
    if end is None or end <= start:
        return span
    return replace(span, start=start, end=end)


def _middle(span: TimeSpan) -> datetime:
    end = span.end or span.start
    middle = span.start + (end - span.start) / 2
    return middle.replace(hour=0, minute=0, second=0, microsecond=0)


def _side(reading: DateText, index: int, *, bare: bool) -> Phrase | None:
    """One side of a range: a phrase, or a lone number."""
    phrase = phrase_at(reading, index, bare=False)
    start = index + (reading.words[index] == "the")
    nth = ordinal(reading.tokens, start)
    hit = nth or integer(reading.tokens, start)
    if phrase is not None:
        draft = phrase.draft
        numbered = draft.period and draft.period.grain == "day" and not draft.has_time
        if numbered and hit and draft.period and draft.period.start.day == hit[0]:
            # "23 of next month": its month may be the other side's too.
            return Phrase(replace(draft, number=hit[0]), phrase.end)
        return phrase
    if hit is None:
        return phrase_at(reading, index, bare=bare)
    # "0930" is a clock time, not the number 930.
    if len(reading.words[index]) == 4 and reading.words[index].startswith("0"):
        return phrase_at(reading, index, bare=True)
    # Beyond 31 it is neither a day nor an hour.
    if not 0 < hit[0] <= 31:
        return None
    if nth is None and reading.words[hit[1]] in _TO:
        told = clock_at(reading.tokens, start)
        lone = told[0] if told and told[1] == hit[1] else None
        return Phrase(MomentDraft(clock=lone, number=hit[0]), hit[1])
    clock = phrase_at(reading, start, bare=True) if nth is None else None
    if clock and clock.draft.clock and not clock.draft.clock.minute:
        number = replace(clock.draft, number=hit[0])
        return Phrase(number, clock.end)
    if clock:
        return clock
    return Phrase(MomentDraft(number=hit[0]), hit[1])


def _between(
    left: MomentDraft, right: MomentDraft, reading: DateText
) -> TimeSpan | None:
    """The span from one side to the other; the end is put after the start."""
    if left.clock and right.clock:
        left, right = halves(left, right)
    left, right = _by_days(left), _by_days(right)
    # "From 9 until now" began in the past.
    before = right.is_moment and not left.has_day
    before = before or bool(right.period and right.period.start <= reading.now)
    first = settle(left, replace(reading, prefer="past") if before else reading)
    if first is None:
        return None
    first = _running(first, left, right, reading)
    # The end is looked for from the start on, not from now.
    later = replace(reading, now=first.start, prefer="future")
    last = settle(right, reading if right.period else later)
    if last is None:
        return None
    until = last.end if last.end and not _is_clock(last) else last.start
    if left.part and right.part and left.clock is None and last.end:
        until = last.end
    # Over midnight: "Friday 10pm to 2am".
    if until <= first.start and _is_clock(last) and right.has_day:
        until += timedelta(days=1)
    if until <= first.start:
        return None
    grain = finer_grain(first.grain, last.grain)
    return TimeSpan(first.start, until, grain, whole=False)


def _by_days(side: MomentDraft) -> MomentDraft:
    """Drop the hour of a side: in "from today to 3 days from now" whole days count."""
    period = side.period and replace(side.period, hour=None)
    return replace(side, period=period)


def _running(
    first: TimeSpan, left: MomentDraft, right: MomentDraft, reading: DateText
) -> TimeSpan:
    """Move the start to this year: "August to October", said in September."""
    plain = left.fields.day is None and left.fields.year is None and left.fields.month
    if not plain or first.start.year == reading.now.year:
        return first
    ends = right.fields.month
    if ends is None or right.fields.year or ends < reading.now.month:
        return first
    return unit(datetime(reading.now.year, plain, 1), "month")


def _is_clock(span: TimeSpan) -> bool:
    return GRAINS.index(span.grain) < GRAINS.index("day")
