"""Times that a message names, seen from the day it was written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from agentkit import When
from agentkit.slots import FoundWhen, find_duration, find_when

_DAY_WORD = re.compile(
    r"day\b|tomorrow|tonight|\b(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun"
    r"|jul|aug|sep|oct|nov|dec)|\d(?:st|nd|rd|th)\b|\d[/.-]\d|\b(?:week|month|year)"
    r"|\bin \w+ (?:hour|minute)|\bnow\b|\bnoon on\b",
    re.I,
)
_NOT_A_LENGTH = re.compile(r"\b(?:in|within|for the (?:last|past)|every|last|past)\s*$")


_UNTIL = re.compile(r"(?:by|before|until|till|no later than|not later than)\b", re.I)
_OPEN = re.compile(r"(?:by|before|until|till|no later|not later|after|since)\b", re.I)
_PART_OF_DAY = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Due:
    """When something has to be done."""

    at: datetime
    all_day: bool
    words: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """A time of day that a sentence names.

    Attributes:
        start: with the message's time zone.
        end: of a range; None when only the start is told.
        spans: where the words stand in the sentence.
    """

    start: datetime
    end: datetime | None
    spans: tuple[tuple[int, int], ...]


def deadline(sentence: str, sent: datetime) -> Due | None:
    """Return the time until which something is wanted: one marked so, else the last."""
    found = [hit for hit in find_when(sentence, sent) if hit.when.until >= sent]
    marked = [hit for hit in found if _marked(sentence, hit)]
    hit = next(iter(marked or found[-1:]), None)
    return _due(hit) if hit else None


def _marked(sentence: str, hit: FoundWhen) -> bool:
    before = sentence[: hit.start_index].lower().rstrip()
    return bool(_UNTIL.match(hit.text)) or before.endswith(("due", "due on", "latest"))


def _due(hit: FoundWhen) -> Due:
    """Read "by Monday", a stretch that ends with Monday, as Monday."""
    when = hit.when
    if not _UNTIL.match(hit.text) or when.end is None:
        return Due(when.start, when.all_day)
    if when.end == _morning(when.end):
        return Due(_morning(when.end - timedelta(seconds=1)), True, hit.text)
    return Due(when.end, False, hit.text)


def _morning(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def named_time(
    sentence: str, sent: datetime, day: datetime | None = None
) -> Named | None:
    """Return the time of day a sentence names; a bare clock time is on `day`.

    Args:
        sentence: one sentence of a message.
        sent: when the message was written.
        day: the day that was spoken of before, if any.
    """
    found = find_when(sentence, sent)
    days = [hit for hit in found if hit.when.all_day]
    for hit in found:
        if hit.when.all_day or _vague(hit):
            continue
        if _DAY_WORD.search(hit.text):
            return _named(hit.when, (hit,))
        other = days[0] if days else None
        base = other.when.start if other else day
        near = (hit,) if other is None else (hit, other)
        if base is None:
            return _named(hit.when, near)
        moved = find_when(hit.text, _morning(base) - timedelta(seconds=1))
        when = moved[0].when if moved else hit.when
        return _named(_on(when, base), near)
    return None


def _vague(hit: FoundWhen) -> bool:
    """Whether it is a stretch to meet in, as "Friday afternoon", not a time."""
    if _OPEN.match(hit.text):
        return True
    long = hit.when.end is not None and hit.when.end - hit.when.start >= _PART_OF_DAY
    return long and not re.search(r"\d", hit.text)


def _on(when: When, day: datetime) -> When:
    start = datetime.combine(day.date(), when.start.time(), day.tzinfo)
    length = when.end - when.start if when.end else None
    end = start + length if length is not None else None
    return When(start, end, when.grain, when.text)


def _named(when: When, hits: tuple[FoundWhen, ...]) -> Named:
    spans = tuple((hit.start_index, hit.end_index) for hit in hits)
    ranged = when.end if when.end and when.end > when.start else None
    return Named(when.start, ranged, spans)


def length(sentence: str, spans: tuple[tuple[int, int], ...] = ()) -> timedelta | None:
    """Return how long something takes, as a sentence tells; None when it does not."""
    for hit in find_duration(sentence):
        inside = any(a <= hit.start_index < b for a, b in spans)
        delta = hit.duration.delta
        sane = timedelta(minutes=5) <= delta <= timedelta(hours=12)
        if (
            sane
            and not inside
            and not _NOT_A_LENGTH.search(sentence[: hit.start_index])
        ):
            return delta
    return None


def day_named(sentence: str, sent: datetime) -> datetime | None:
    """Return the day that a sentence names, for clock times told after it."""
    for hit in find_when(sentence, sent):
        if hit.when.all_day or _DAY_WORD.search(hit.text):
            return datetime.combine(
                hit.when.start.date(), time(), hit.when.start.tzinfo
            )
    return None
