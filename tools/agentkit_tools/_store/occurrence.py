"""One happening of an event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One happening of an event, in the user's time zone.

    Attributes:
        start: when it begins; midnight for an all-day one.
        end: when it is over, exclusive; equal to `start` when it has no end.
        key: the start as it stands in the file, which tells occurrences apart.
        guests: e-mail addresses of the attendees.
        rule: DAILY, WEEKLY ... for a repeating event, DATES for one of several
            given days; empty otherwise.
        free: it does not keep the user from other things.
        cancelled: it is marked as off.
    """

    uid: str
    title: str
    start: datetime
    end: datetime
    all_day: bool
    has_end: bool
    key: date
    location: str = ""
    note: str = ""
    guests: tuple[str, ...] = ()
    rule: str = ""
    free: bool = False
    cancelled: bool = False
