"""Times that a message names, seen from the day it was written, and which of them hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from agentkit import When
from agentkit.slots import FoundWhen, find_duration, find_when, words_of_time
from agentkit_tools._mail.sentences import cue, cues
from agentkit_tools._mail.utterances import Utterance

# What makes a time one of a certain day: without it, a clock time is on the day before it.
_DAY_WORD = re.compile(
    r"day\b|tomorrow|tonight|\b(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun"
    r"|jul|aug|sep|oct|nov|dec)|\d(?:st|nd|rd|th)\b|\d[/.-]\d|\b(?:week|month|year)"
    r"|\bin \w+ (?:hour|minute)|\bnow\b|\bnoon on\b",
    re.I,
)
# "in two hours", "every two weeks": no length of a meeting.
_NOT_A_LENGTH = re.compile(r"\b(?:in|within|for the (?:last|past)|every|last|past)\s*$")


# What marks a deadline, and what leaves a stretch open at one end.
_UNTIL = re.compile(r"(?:by|before|until|till|no later than|not later than)\b", re.I)
_OPEN = re.compile(r"(?:by|before|until|till|no later|not later|after|since)\b", re.I)
# Romance languages say "to Friday at ten" for a move with the word of "until".
_OPENED = re.compile(r"(?:au|aux|al|alla|alle|a la|a las|ao|à|às|a)\s", re.I)
# Romance languages say "two hours" for a length and, after "at", for a time of day.
_HOURS = re.compile(
    r"(?<!\ba )(?<!\bà )(?<!las )(?<!alle )(?<!às )\b(?P<count>\d{1,2}|un[ae]?|uma|deux|dos|due|dois"
    r"|duas|tres|trois|tre|três) (?:heures?|horas?|ore|ora)\b(?! (?:de la|da|du) )"
    r"(?P<half> (?:y media|et demie|e mezza|e meia))?",
    re.I,
)
_HALF_HOUR = re.compile(r"\b(?:mezz'?\s?ora|media hora|meia hora|demi-heure)\b", re.I)
_COUNTS: dict[str, int] = {
    **dict.fromkeys(("deux", "dos", "due", "dois", "duas"), 2),
    **dict.fromkeys(("tres", "trois", "tre", "três"), 3),
}
# "Afternoon" and the like are at least so long.
_PART_OF_DAY = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Deadline:
    """When something has to be done."""

    at: datetime
    all_day: bool
    words: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """A time of day that a sentence names.

    Attributes:
        start: with the message's time zone.
        end: of a range; None when only the start is given.
        spans: where the words stand in the sentence.
    """

    start: datetime
    end: datetime | None
    spans: tuple[tuple[int, int], ...]


def deadline(sentence: str, sent: datetime, language: str = "") -> Deadline | None:
    """Return the time until which something is wanted: one marked so, else the last."""
    # What was before the message was sent cannot be a deadline.
    found = [hit for hit in _times(sentence, sent, language) if hit.when.until >= sent]
    marked = [hit for hit in found if _marked(sentence, hit)]
    hit = next(iter(marked or found[-1:]), None)
    return _due(hit) if hit else None


def _times(sentence: str, sent: datetime, language: str) -> list[FoundWhen]:
    """Find times in the message's language; in English where it names none."""
    found = find_when(sentence, sent, locale=language) if language else []
    lasting = {match.start() for match in _HOURS.finditer(sentence)}
    kept = [hit for hit in found if hit.start_index not in lasting]
    return kept or find_when(sentence, sent)


def _marked(sentence: str, hit: FoundWhen) -> bool:
    before = sentence[: hit.start_index].lower().rstrip()
    latest = ("due", "due on", "latest", "spätestens", "fällig", "para", "entro", "até")
    return bool(_UNTIL.match(hit.english)) or before.endswith(latest)


def _due(hit: FoundWhen) -> Deadline:
    """Read "by Monday", a stretch that ends with Monday, as Monday.

    "Before Monday" is given as Monday, too: it is the day that was said.
    """
    when = hit.when
    if not _UNTIL.match(hit.english) or when.end is None:
        return Deadline(when.start, when.all_day)
    if when.end == _morning(when.end):
        last = (
            when.end
            if hit.english.lower().startswith("before")
            else when.end - timedelta(seconds=1)
        )
        return Deadline(_morning(last), True, hit.text)
    return Deadline(when.end, False, hit.text)


def _morning(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def named_times(
    sentence: str, sent: datetime, language: str = "", day: datetime | None = None
) -> list[Named]:
    """Return the times of day a sentence names; a bare clock time is on `day`.

    Args:
        sentence: one sentence of a message.
        sent: when the message was written.
        language: of the message.
        day: the day that was spoken of before, if any.
    """
    found = _times(sentence, sent, language)
    days = [hit for hit in found if hit.when.all_day]
    named: list[Named] = []
    for hit in found:
        if hit.when.all_day or _vague(hit):
            continue
        if _DAY_WORD.search(hit.english):
            named.append(_named(hit.when, (hit,)))
            continue
        # "Am 19., um 19 Uhr": the day that stands nearest counts.
        other = min(days, key=lambda one: _apart(one, hit), default=None)
        base = other.when.start if other else day
        near = (hit,) if other is None else (hit, other)
        when = hit.when if base is None else _on(_said_on(hit, base, language), base)
        named.append(_named(when, near))
    return named


def _apart(one: FoundWhen, other: FoundWhen) -> int:
    return abs(one.start_index - other.start_index)


def _said_on(hit: FoundWhen, day: datetime, language: str) -> When:
    """Read a clock time as it is meant on a day that is not today."""
    moved = _times(hit.text, _morning(day) - timedelta(seconds=1), language)
    return moved[0].when if moved else hit.when


def _vague(hit: FoundWhen) -> bool:
    """Whether it is a stretch to meet in, as "Friday afternoon", not a time."""
    if _OPEN.match(hit.english):
        return not _is_opened(hit)
    long = hit.when.end is not None and hit.when.end - hit.when.start >= _PART_OF_DAY
    # "From 9 to 13" is long as well, and exact.
    return long and not re.search(r"\d", hit.english)


def _is_opened(hit: FoundWhen) -> bool:
    return bool(_OPENED.match(hit.text)) and hit.english.startswith("until")


def _on(when: When, day: datetime) -> When:
    start = datetime.combine(day.date(), when.start.time(), day.tzinfo)
    length = when.end - when.start if when.end else None
    end = start + length if length is not None else None
    return When(start, end, when.grain, when.text)


def _named(when: When, hits: tuple[FoundWhen, ...]) -> Named:
    if _is_opened(hits[0]) and when.end:
        when = When(when.end, None, when.grain, when.text)
    spans = tuple((hit.start_index, hit.end_index) for hit in hits)
    ranged = when.end if when.end and when.end > when.start else None
    return Named(when.start, ranged, spans)


def length(
    sentence: str, spans: tuple[tuple[int, int], ...] = (), language: str = ""
) -> timedelta | None:
    """Return how long something takes, as a sentence tells; None when it does not."""
    for said, place in _lengths(sentence, language):
        inside = any(a <= place < b for a, b in spans)
        # Shorter and longer ones are seldom those of a meeting: "two days", "a second".
        sane = timedelta(minutes=5) <= said <= timedelta(hours=12)
        if sane and not inside and not _NOT_A_LENGTH.search(sentence[:place]):
            return said
    return None


def _lengths(sentence: str, language: str) -> Iterator[tuple[timedelta, int]]:
    for hit in find_duration(sentence):
        yield hit.duration.delta, hit.start_index
    for match in _HALF_HOUR.finditer(sentence):
        yield timedelta(minutes=30), match.start()
    for match in _HOURS.finditer(sentence):
        count = match["count"].lower()
        number = int(count) if count.isdigit() else _COUNTS.get(count, 1)
        half = timedelta(minutes=30 * bool(match["half"]))
        yield timedelta(hours=number) + half, match.start()
    for start, english in words_of_time(sentence, language):
        for hit in find_duration(english):
            yield hit.duration.delta, start


def days_named(sentence: str, sent: datetime, language: str = "") -> list[datetime]:
    """Return the days that a sentence names, for clock times told after it."""
    return [
        _morning(hit.when.start)
        for hit in _times(sentence, sent, language)
        if hit.when.all_day or _DAY_WORD.search(hit.english)
    ]


# What is longer is a stretch of days, and no meeting.
_LONGEST = timedelta(hours=12)
# So far before a time may stand what is met for: "our talk on Friday at 14:00".
_NEAR = 45
# How sure the judge is of a meeting that no word shows.
_SURE = 0.6


def newest(sentence: Utterance, times: list[Named]) -> Named:
    """Return the time that holds from now on: the last that is not called the old one."""
    left = [one for one in times if not _is_old(sentence, one)] or times
    if not (sentence.kind == "moved" or sentence.shows("moved")):
        return left[0]
    for place, one in enumerate(left):
        # "From Tuesday to Wednesday, 9:00 to 17:00" is read as a stretch and a time.
        if one.end and one.end - one.start > _LONGEST:
            rest = left[place + 1 :]
            clock = rest[0].start.timetz() if rest else None
            until = datetime.combine(one.end.date(), clock) if clock else None
            end = until if until and until > one.end else None
            return Named(one.end, end, one.spans)
    return left[-1]


def _is_old(sentence: Utterance, named: Named) -> bool:
    starts = [start for start, _ in named.spans]
    before = sentence.text[: min(starts)] if starts else ""
    return cue("old", before, sentence.language) is not None


def choices_in(
    sentence: Utterance, times: list[Named], sent: datetime
) -> list[datetime]:
    """Return the times between which a sentence says "or"; none where it does not."""
    first = min((a for one in times for a, _ in one.spans), default=0)
    last = max((a for one in times for a, _ in one.spans), default=0)
    days = days_named(sentence.text, sent, sentence.language)
    before = sentence.text[: max(first, last)]
    if not cue("or", before, sentence.language):
        return []
    if len(times) > 1:
        return [one.start for one in times]
    # "Tuesday or Wednesday at 12:30" names one clock time for two days.
    clock = times[0].start.timetz()
    return [datetime.combine(day.date(), clock) for day in days]


def span_of_time(named: Named) -> timedelta | None:
    """Return how long a range of times is; None for a point, and for days."""
    ranged = named.end - named.start if named.end else None
    return ranged if ranged and ranged <= _LONGEST else None


def names_meeting(sentence: Utterance, times: list[Named]) -> bool:
    """Whether a sentence with a time of day speaks of meeting at it."""
    if _PAST.search(sentence.text):
        return False
    if sentence.kind in ("meeting", "moved", "confirmed") and (
        sentence.shows("meeting") or sentence.shows("thing")
    ):
        return True
    if sentence.kind == "meeting" or sentence.shows("moved"):
        return sentence.chance >= _SURE and not sentence.shows("ask")
    return any(_thing_before(sentence, one) for one in times)


# "We met on Monday at 3": what was is not arranged.
_PAST = re.compile(
    r"(?i)\b(?:was|were|went|had|met|talked|spoke)\b.{0,60}\b(?:yesterday|last|ago"
    r"|earlier|on|at)\b|\bthanks? (?:you )?for\b"
)


def _thing_before(sentence: Utterance, named: Named) -> bool:
    starts = [start for start, _ in named.spans]
    at = min(starts, default=0)
    found = cues("thing", sentence.text[:at], sentence.language)
    return bool(found) and at - found[-1].end() <= _NEAR
