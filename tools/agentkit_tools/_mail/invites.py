"""Invite mails (iMIP, RFC 6047): the meeting that a calendar part speaks of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """A meeting that a message invites to, changes, answers or calls off.

    Attributes:
        method: REQUEST asks for an answer, CANCEL calls off, REPLY answers,
            COUNTER proposes another time.
        uid: names the meeting; what `answer_invite` and the calendar know it by.
        sequence: counts the meeting's changes.
        start: ISO 8601, a bare date when it lasts all day.
        end: the same; empty when it has none.
        organizer: e-mail address.
    """

    method: str
    uid: str
    title: str
    start: str
    end: str = ""
    location: str = ""
    organizer: str = ""
    sequence: int = 0
    repeats: bool = False


def invite_in(text: str, zone: tzinfo) -> Invite | None:
    """Read an invite mail's calendar part; None when it is none that can be read."""
    if "METHOD" not in text[:5000].upper():
        return None
    import icalendar

    reader: Any = icalendar.Calendar
    try:
        calendar = reader.from_ical(text)
        return _invite(calendar, zone)
    except (ValueError, KeyError, IndexError, AttributeError, TypeError):
        return None


def _invite(calendar: Any, zone: tzinfo) -> Invite | None:
    event = next(iter(calendar.walk("VEVENT")), None)
    method = _line(calendar.get("METHOD")).upper()
    if event is None or not method or not event.get("UID"):
        return None
    start = event.get("DTSTART").dt
    return Invite(
        method=method,
        uid=_line(event.get("UID")),
        title=_line(event.get("SUMMARY")) or "Meeting",
        start=_iso(start, zone),
        end=_iso(_end(event, start), zone),
        location=_line(event.get("LOCATION")),
        organizer=_line(event.get("ORGANIZER")).partition(":")[2],
        sequence=int(event.get("SEQUENCE", 0)),
        repeats="RRULE" in event,
    )


def _end(event: Any, start: date) -> date | None:
    if event.get("DTEND") is not None:
        end: date = event.get("DTEND").dt
        return end
    length: timedelta | None = event.get("DURATION") and event.get("DURATION").dt
    return start + length if length else None


def _iso(moment: date | None, zone: tzinfo) -> str:
    if moment is None:
        return ""
    if not isinstance(moment, datetime):
        return moment.isoformat()
    local = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return local.astimezone(zone).isoformat()


def span_of(invite: Invite, zone: tzinfo) -> tuple[datetime, datetime, bool]:
    """Return an invite's start and end, and whether it lasts all day."""
    start = datetime.fromisoformat(invite.start)
    end = datetime.fromisoformat(invite.end or invite.start)
    if "T" not in invite.start:
        midnight = time(tzinfo=zone)
        start = datetime.combine(start.date(), midnight)
        return start, datetime.combine(end.date(), midnight), True
    return start, end, False


def _line(value: Any) -> str:
    """Return a property on one line: it is a stranger's text."""
    return " ".join(str(value or "").split())[:_LONGEST]
