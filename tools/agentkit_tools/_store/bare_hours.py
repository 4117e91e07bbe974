"""Hours that leave open which day, or which half of it, is meant."""

from __future__ import annotations

from datetime import datetime, timedelta

from agentkit import When
from agentkit.slots import resolve_when, says_half


def names_only_a_clock(when: When, now: datetime) -> bool:
    """Whether words such as "11am" name no day.

    Read early and late on one day, they mean that day and the next.
    """
    if when.end is not None:
        return False
    early = now.replace(hour=0, minute=1)
    late = now.replace(hour=23, minute=59)
    try:
        first, last = (resolve_when(when.text, clock) for clock in (early, late))
    except ValueError:
        return False
    # A bare hour that is past may have rolled on to the other half of the day.
    halves = (when.start - first.start) / timedelta(hours=12)
    same = first.start.timetz() == last.start.timetz() and halves == int(halves)
    return same and (last.start.date() - first.start.date()).days == 1


def counts_from_now(when: When, now: datetime) -> bool:
    """Whether words such as "in two hours" mean a moment that moves with the clock."""
    later = timedelta(minutes=1)
    try:
        return resolve_when(when.text, now + later).start - when.start == later
    except ValueError:
        return False


def nearer_half(moment: datetime, old: datetime, said: str) -> datetime:
    """Put a bare hour into the half of the day that is nearer to an old time's hour."""
    if says_half(said):
        return moment
    was, is_now = (60 * one.hour + one.minute for one in (old, moment))
    # Both halves are compared on the clock of one day, whatever day they fall on.
    half = timedelta(hours=12 if moment.hour < 12 else -12)
    other = is_now + half.total_seconds() / 60
    return moment if abs(other - was) >= abs(is_now - was) else moment + half
