"""New events as iCalendar components (RFC 5545), and one happening of an event."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from agentkit import fresh_id
from agentkit_tools._store.blocks import Block, Blocks
from agentkit_tools._store.ics import parse
from agentkit_tools._store.zones import written


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


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDraft:
    """An event to be written.

    Attributes:
        end: None for an event that has none.
        rule: recurrence rule (RFC 5545, 3.3.10); empty for once.
        skipped: starts of occurrences that do not take place.
        moved: start of one occurrence, and the start it has instead.
        alarm: how long before the start to be reminded; None for not at all.
    """

    title: str
    start: datetime
    end: datetime | None
    all_day: bool = False
    location: str = ""
    note: str = ""
    guests: tuple[tuple[str, str], ...] = ()
    organizer: tuple[str, str] = ("", "")
    rule: str = ""
    skipped: tuple[datetime, ...] = ()
    moved: tuple[datetime, datetime] | None = None
    uid: str = ""
    alarm: timedelta | None = None


def event_block(draft: EventDraft, now: datetime) -> Block:
    """Write a new event as an iCalendar component (RFC 5545)."""
    return Block("VEVENT", event_component(draft, now).to_ical().decode())


def draft_blocks(draft: EventDraft, now: datetime) -> list[Block]:
    """Write a new event and, if one occurrence is moved, that one too."""
    block = event_block(draft, now)
    if draft.moved is None or draft.end is None:
        return [block]
    old, new = draft.moved
    component = parse(Blocks((block,))).subcomponents[0]
    # An exception has its own time, and repeats nothing (RFC 5545, 3.8.4.4).
    for name in ("RRULE", "EXDATE", "DTSTART", "DTEND"):
        component.pop(name, None)
    component.add("recurrence-id", _time(draft, old))
    component.add("dtstart", _time(draft, new))
    component.add("dtend", _time(draft, new + (draft.end - draft.start)))
    return [block, Block("VEVENT", component.to_ical().decode())]


def event_component(draft: EventDraft, now: datetime) -> Any:
    """Build a new event with icalendar."""
    from icalendar import Event, vRecur

    event: Any = Event()
    event.add("uid", draft.uid or fresh_id("event"))
    event.add("dtstamp", now.astimezone(UTC))
    # Counts the changes that guests are told of (RFC 5546, 2.1.4).
    event.add("sequence", 0)
    event.add("summary", draft.title)
    event.add("dtstart", _time(draft, draft.start))
    if draft.end:
        event.add("dtend", _time(draft, draft.end))
    for name, text in (("location", draft.location), ("description", draft.note)):
        if text:
            event.add(name, text)
    if draft.rule:
        event.add("rrule", vRecur.from_ical(draft.rule))
    for start in draft.skipped:
        event.add("exdate", _time(draft, start))
    for name, person in people_of(draft.guests, draft.organizer):
        event.add(name, person)
    if draft.alarm is not None:
        event.add_component(_alarm(draft.title, draft.alarm))
    return event


def people_of(
    guests: Iterable[tuple[str, str]], organizer: tuple[str, str]
) -> list[tuple[str, Any]]:
    """Write guests and who invites them as properties; each is a name and an address."""
    from icalendar import vCalAddress

    found: list[tuple[str, Any]] = []
    for name, address in guests:
        guest = vCalAddress(f"mailto:{address}")
        if name:
            guest.params["CN"] = name
        guest.params["ROLE"] = "REQ-PARTICIPANT"
        guest.params["PARTSTAT"] = "NEEDS-ACTION"
        # Programs show the buttons of an answer only where one is wanted (RFC 5545,
        # 3.2.17).
        guest.params["RSVP"] = "TRUE"
        found.append(("attendee", guest))
    # No organizer without guests: such an event would count as an invite (RFC 5546).
    if found and organizer[1]:
        host = vCalAddress(f"mailto:{organizer[1]}")
        host.params["CN"] = organizer[0] or organizer[1]
        found.insert(0, ("organizer", host))
    return found


def _alarm(text: str, before: timedelta) -> Any:
    from icalendar import Alarm

    alarm: Any = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", text)
    alarm.add("trigger", -before)
    return alarm


def _time(draft: EventDraft, moment: datetime) -> date:
    return written(moment, all_day=draft.all_day, repeats=bool(draft.rule))
