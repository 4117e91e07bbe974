"""Which of the times that a sentence names holds, and whether it is one to meet at."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from agentkit_tools._mail.cues import cue, cues
from agentkit_tools._mail.mentioned_times import Named, days_named
from agentkit_tools._mail.utterances import Utterance

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
