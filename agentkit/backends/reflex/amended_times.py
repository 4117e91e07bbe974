"""The time of a thing as it is after an amendment: another day, another hour, a shift."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from agentkit.backends.reflex.understood import is_time
from agentkit.context import Context
from agentkit.slots import resolve_duration, resolve_when

_HALF_DAY = timedelta(hours=12)
# What tools call the moment of a thing; best first.
_MOMENTS = ("start", "due", "time", "when", "to")
_HALF_PAST = re.compile(r"half past", re.I)
_HALVES = re.compile(r"[ap]\.?m\b|morning|evening|night|afternoon|noon", re.I)


def moment_of(items: Iterable[Mapping[str, Any]]) -> str:
    """Return when the first of some things is, as its tool says; empty without one."""
    for item in items:
        for field in _MOMENTS:
            if isinstance(item.get(field), str):
                return str(item[field])
    return ""


def shifted(old: str, said: str, context: Context, *, earlier: bool) -> str:
    """Move a moment by a length of time; empty where one of them cannot be read.

    Args:
        old: the moment, in words or ISO 8601.
        said: the length, in the user's words.
        context: the clock.
        earlier: whether it goes forwards.
    """
    try:
        start = resolve_when(old, context.now).start
        length = resolve_duration(said).delta
    except (ValueError, AttributeError):
        return ""
    return (start - length if earlier else start + length).isoformat()


def merged_time(old: str, new: str, context: Context) -> str:
    """Replace the day or the hour of an old time by a new one; the rest stays.

    Args:
        old: the time as it was; ISO 8601 or the user's words; may be empty.
        new: the user's words: a day, an hour, or both.
        context: the clock.

    Returns:
        `new`, or ISO 8601 where something of the old time was kept.
    """
    now = context.now
    # "Make it half past": the hour stays.
    if old and is_time(old, now) and _HALF_PAST.fullmatch(new):
        return resolve_when(old, now).start.replace(minute=30).isoformat()
    if not old or not is_time(old, now) or not is_time(new, now):
        return new
    was, told = resolve_when(old, now), resolve_when(new, now)
    # A day alone keeps the old hour: "no, Thursday" of a meeting at 3 is Thursday at 3.
    if told.all_day:
        if was.all_day or told.grain != "day":
            return new
        kept = was.start.timetz()
        return datetime.combine(told.start.date(), kept).isoformat()
    # "Friday at 5" and "in 20 minutes" say all of it.
    if _names_a_day(new, now) or _is_from_now(new, now):
        return new
    # An hour alone keeps the old day.
    moment = datetime.combine(was.start.date(), told.start.timetz())
    if (
        not was.all_day
        and _is_bare(new, now)
        and abs(moment - was.start) > _HALF_DAY / 2
    ):
        # "7" and then "make that 6:45" speak of the same half of the day.
        moment += _HALF_DAY if moment < was.start else -_HALF_DAY
    return moment.isoformat()


def _names_a_day(words: str, now: datetime) -> bool:
    """Whether words name a day, since another clock gives another distance to it."""
    # "At 5" is a day later tomorrow; "Friday at 5" is the same moment both times.
    later = now + timedelta(days=1)
    here, there = resolve_when(words, now).start, resolve_when(words, later).start
    return there - here != timedelta(days=1)


def _is_from_now(words: str, now: datetime) -> bool:
    """Whether words count from now: "in 20 minutes"."""
    later = timedelta(hours=1)
    here, there = resolve_when(words, now).start, resolve_when(words, now + later).start
    return there - here == later


def _is_bare(words: str, now: datetime) -> bool:
    """Whether an hour leaves open which half of the day is meant: "7", "a las ocho"."""
    hour = re.search(r"\d+", words)
    if hour is not None:
        return int(hour[0]) <= 12 and not _HALVES.search(words)
    # In words it is the next such hour that comes: in the morning where a day begins,
    # and in the evening where its second half does.
    early = now.replace(hour=0, minute=1)
    halves = (resolve_when(words, one).start.hour for one in (early, early + _HALF_DAY))
    return len(set(halves)) > 1
