"""Events of a calendar: occurrences in a stretch of time, and new components."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any

from agentkit_tools._store.blocks import Block, Blocks
from agentkit_tools._store.ics import parse


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One happening of an event, in the user's time zone.

    Attributes:
        start: when it begins; midnight for an all-day one.
        end: when it is over, exclusive; equal to `start` when it has no end.
        key: the start as it stands in the file, which tells occurrences apart.
        guests: e-mail addresses of the attendees.
        rule: DAILY, WEEKLY ... for a repeating event; empty otherwise.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An event to be written.

    Attributes:
        end: None for an event that has none.
        rule: recurrence rule (RFC 5545, 3.3.10); empty for once.
        skipped: starts of occurrences that do not take place.
        moved: start of one occurrence, and the start it has instead.
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


def occurrences(
    blocks: Blocks, start: datetime, end: datetime, zone: tzinfo
) -> list[Occurrence]:
    """List what happens in a stretch of time, in order, repetitions told out."""
    from recurring_ical_events import of  # pyright: ignore[reportMissingTypeStubs]

    found = of(parse(blocks), skip_bad_series=True).between(start, end)
    series = (block for block in blocks.of("VEVENT") if block.value("RRULE"))
    rules = {block.uid: frequency(block.value("RRULE")) for block in series}
    listed = [_occurrence(item, rules, zone) for item in found]
    return sorted(listed, key=lambda item: (item.start, item.title))


def frequency(rule: str) -> str:
    """Return DAILY, WEEKLY ... of a recurrence rule; empty when there is none."""
    named = re.search(r"FREQ=([A-Z]+)", rule.upper())
    return named[1] if named else ""


def _occurrence(item: Any, rules: dict[str, str], zone: tzinfo) -> Occurrence:
    began = item["DTSTART"].dt
    key = item["RECURRENCE-ID"].dt if "RECURRENCE-ID" in item else began
    ended = item["DTEND"].dt if "DTEND" in item else began
    all_day = not isinstance(began, datetime)
    uid = str(item.get("UID", ""))
    return Occurrence(
        uid=uid,
        title=str(item.get("SUMMARY", "")) or "(no title)",
        start=localize(began, zone),
        end=localize(ended, zone),
        all_day=all_day,
        has_end=ended != began,
        key=key,
        location=str(item.get("LOCATION", "")),
        note=str(item.get("DESCRIPTION", "")),
        guests=tuple(guest_addresses(item)),
        rule=rules.get(uid, ""),
    )


def guest_addresses(item: Any) -> list[str]:
    """Return the attendees' e-mail addresses."""
    guests = item.get("ATTENDEE", [])
    listed = [guests] if isinstance(guests, str) else guests
    return [
        str(guest).removeprefix("mailto:").removeprefix("MAILTO:") for guest in listed
    ]


def localize(value: date, zone: tzinfo) -> datetime:
    """Put a date or time of a file into the user's zone; floating times stay."""
    if not isinstance(value, datetime):
        return datetime.combine(value, time(), zone)
    if value.tzinfo is None:
        return value.replace(tzinfo=zone)
    return value.astimezone(zone)


def event_block(draft: Draft, now: datetime) -> Block:
    """Write a new event as an iCalendar component (RFC 5545)."""
    return Block("VEVENT", event_component(draft, now).to_ical().decode())


def draft_blocks(draft: Draft, now: datetime) -> list[Block]:
    """Write a new event and, if one occurrence is moved, that one too."""
    block = event_block(draft, now)
    if draft.moved is None or draft.end is None:
        return [block]
    old, new = draft.moved
    component = _component(block)
    for name in ("RRULE", "EXDATE", "DTSTART", "DTEND"):
        component.pop(name, None)
    component.add("recurrence-id", written(old, all_day=draft.all_day))
    component.add("dtstart", written(new, all_day=draft.all_day))
    component.add("dtend", written(new + (draft.end - draft.start), all_day=False))
    return [block, _block(component)]


def event_component(draft: Draft, now: datetime) -> Any:
    """Build a new event with icalendar."""
    from icalendar import Event, vCalAddress, vRecur

    event: Any = Event()
    event.add("uid", draft.uid or str(uuid.uuid4()))
    event.add("dtstamp", now.astimezone(UTC))
    event.add("sequence", 0)
    event.add("summary", draft.title)
    event.add("dtstart", written(draft.start, all_day=draft.all_day))
    if draft.end:
        event.add("dtend", written(draft.end, all_day=draft.all_day))
    for name, text in (("location", draft.location), ("description", draft.note)):
        if text:
            event.add(name, text)
    if draft.rule:
        event.add("rrule", vRecur.from_ical(draft.rule))
    for start in draft.skipped:
        event.add("exdate", written(start, all_day=draft.all_day))
    if draft.guests and draft.organizer[1]:
        organizer = vCalAddress(f"mailto:{draft.organizer[1]}")
        organizer.params["CN"] = draft.organizer[0] or draft.organizer[1]
        event.add("organizer", organizer)
    for name, address in draft.guests:
        guest = vCalAddress(f"mailto:{address}")
        if name:
            guest.params["CN"] = name
        guest.params["ROLE"] = "REQ-PARTICIPANT"
        guest.params["PARTSTAT"] = "NEEDS-ACTION"
        guest.params["RSVP"] = "TRUE"
        event.add("attendee", guest)
    return event


def written(moment: datetime, *, all_day: bool) -> date:
    """Prepare a time for a file: a bare offset has no name there and becomes UTC."""
    if all_day:
        return moment.date()
    named = getattr(moment.tzinfo, "key", "")
    return moment if named else moment.astimezone(UTC)


def zone_blocks(blocks: Blocks, *moments: datetime) -> tuple[Block, ...]:
    """Return VTIMEZONE components that the moments need and the file lacks."""
    from icalendar import Timezone

    known = {block.value("TZID") for block in blocks.of("VTIMEZONE")}
    years = {str(getattr(one.tzinfo, "key", "")): one.year for one in moments}
    return tuple(
        Block(
            "VTIMEZONE",
            Timezone.from_tzid(
                key, first_date=date(year - 1, 1, 1), last_date=date(year + 10, 1, 1)
            )
            .to_ical()
            .decode(),
        )
        for key, year in sorted(years.items())
        if key not in known | {"", "UTC", "Etc/UTC"}
    )


def rescheduled(
    blocks: Blocks, item: Occurrence, moved: Occurrence, now: datetime
) -> Blocks:
    """Write a single event again at its new time, its other properties kept."""
    for block in blocks.of("VEVENT"):
        if block.uid == item.uid:
            component = _component(block)
            _set_time(component, moved, now)
            return blocks.swapped(block, _block(component))
    return blocks


def overridden(
    blocks: Blocks, item: Occurrence, moved: Occurrence, now: datetime
) -> Blocks:
    """Give one occurrence of a repeating event a time of its own (RECURRENCE-ID)."""
    series, exception = _series(blocks, item)
    if series is None:
        return blocks
    component = _component(exception or series)
    for name in ("RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"):
        component.pop(name, None)
    component.add("recurrence-id", item.key)
    _set_time(component, moved, now)
    if exception:
        return blocks.swapped(exception, _block(component))
    return blocks.swapped(series, series, _block(component))


def excluded(blocks: Blocks, item: Occurrence, now: datetime) -> Blocks:
    """Take one occurrence out of a repeating event (EXDATE)."""
    series, exception = _series(blocks, item)
    if series is None:
        return blocks
    component = _component(series)
    component.add("exdate", item.key)
    component.pop("DTSTAMP", None)
    component.add("dtstamp", now.astimezone(UTC))
    changed = blocks.swapped(series, _block(component))
    return changed.swapped(exception) if exception else changed


def _series(blocks: Blocks, item: Occurrence) -> tuple[Block | None, Block | None]:
    """Return the repeating event, and the override of this occurrence if any."""
    own = [block for block in blocks.of("VEVENT") if block.uid == item.uid]
    series = next((b for b in own if not b.value("RECURRENCE-ID")), None)
    moved = (b for b in own if b.value("RECURRENCE-ID"))
    same = (b for b in moved if _component(b)["RECURRENCE-ID"].dt == item.key)
    return series, next(same, None)


def _set_time(component: Any, moved: Occurrence, now: datetime) -> None:
    sequence = int(component.get("SEQUENCE", 0))
    for name in ("DTSTART", "DTEND", "DTSTAMP", "SEQUENCE", "DURATION"):
        component.pop(name, None)
    component.add("dtstart", written(moved.start, all_day=moved.all_day))
    component.add("dtend", written(moved.end, all_day=moved.all_day))
    component.add("dtstamp", now.astimezone(UTC))
    component.add("sequence", sequence + 1)


def _block(component: Any) -> Block:
    return Block("VEVENT", component.to_ical().decode())


def _component(block: Block) -> Any:
    return parse(Blocks((block,))).subcomponents[0]
