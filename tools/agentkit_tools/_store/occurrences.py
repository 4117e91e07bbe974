"""Events of a calendar: what takes place in a stretch of time."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from agentkit_tools._store.blocks import Block, Blocks
from agentkit_tools._store.event_components import Occurrence
from agentkit_tools._store.foreign_lines import own_zones, with_hours, within
from agentkit_tools._store.frequent_rules import MOST, Frequent, is_frequent
from agentkit_tools._store.ics import parse
from agentkit_tools._store.octets import is_guessed
from agentkit_tools._store.oddities import BROKEN, Oddity, exact_length, settle
from agentkit_tools._store.plain_events import PlainEvent, plain_event
from agentkit_tools._store.zones import localize

_DAY = timedelta(days=1)
# How far before a stretch of time something may begin that goes on into it.
_REACH = timedelta(days=40)
_REPEATS = re.compile(r"(?im)^(?:RRULE|RDATE)[:;]")


class Timeline:
    """A calendar's events, laid out in time.

    Attributes:
        oddities: UID and a sentence for what is odd in an event; the UID is empty
            when it cannot be shown.
    """

    def __init__(self, blocks: Blocks, zone: tzinfo) -> None:
        self._blocks = blocks
        self._zone = zone
        self.oddities: list[Oddity] = []
        self._rules = {
            block.uid: _often(block)
            for block in blocks.of("VEVENT")
            if _REPEATS.search(block.text)
        }

    def between(self, start: datetime, end: datetime) -> list[Occurrence]:
        """List what happens in a stretch of time, in order, each repetition by itself."""
        plain, others = _sorted_out(self._blocks, self._zone)
        calendar, unreadable = _parsed(_near(others, start, end))
        self.oddities = [
            *_guessed(self._blocks),
            *unreadable,
            *settle(calendar, self._zone),
        ]
        frequent = self._taken_out(calendar)
        found = self._expanded(calendar, start, end)
        listed = [_occurrence(item, self._rules, self._zone) for item in found]
        for event in plain:
            listed += event.between(start, end, self._zone)
        listed += self._frequent(frequent, start, end)
        return sorted(listed, key=lambda item: (item.start, item.title))

    def _taken_out(self, calendar: Any) -> list[Frequent]:
        """Take the events that repeat very often out of a calendar."""
        often = Counter(str(event.get("UID", "")) for event in calendar.walk("VEVENT"))
        found: list[Frequent] = []
        for event in list(calendar.walk("VEVENT")):
            # An event with exceptions is left to the library.
            if often[str(event.get("UID", ""))] == 1 and is_frequent(event):
                calendar.subcomponents.remove(event)
                first = _occurrence(_with_end(event), self._rules, self._zone)
                found.append(Frequent(first, event))
        return found

    def _frequent(
        self, events: list[Frequent], start: datetime, end: datetime
    ) -> list[Occurrence]:
        found: list[Occurrence] = []
        for event in events:
            left = MOST - len(found)
            own, more = event.between(start, end, self._zone, left)
            found += own
            if more:
                odd = f"only its first {len(own):,} times are shown"
                told = f"“{event.first.title}” repeats very often; {odd}."
                self.oddities.append((event.first.uid, told))
        return found

    def _expanded(self, calendar: Any, start: datetime, end: datetime) -> list[Any]:
        try:
            return _expand(calendar, start, end)
        # Whatever the library stumbles over: one event must not hide all the others.
        except Exception:
            return self._expanded_singly(calendar, start, end)

    def _expanded_singly(
        self, calendar: Any, start: datetime, end: datetime
    ) -> list[Any]:
        """Lay out each event alone, and name those that cannot be."""
        from icalendar import Calendar

        groups: dict[str, Any] = {}
        for event in calendar.walk("VEVENT"):
            # A series and its exceptions have to be laid out together.
            uid = str(event.get("UID", id(event)))
            groups.setdefault(uid, Calendar()).add_component(event)
        found: list[Any] = []
        for group in groups.values():
            first = group.subcomponents[0]
            uid = str(first.get("UID", ""))
            title = f"“{str(first.get('SUMMARY', '')) or '(no title)'}”"
            # Its errors are of many kinds; each is reported.
            try:
                found += _expand(group, start, end)
                continue
            except Exception:
                _drop_further(group)
            try:
                found += _expand(group, start, end)
                self.oddities.append((uid, f"{title} {BROKEN['RDATE']}"))
            except Exception:
                odd = f"{title} has times that cannot be laid out; it is left out."
                self.oddities.append(("", odd))
        return found


def _near(blocks: Blocks, start: datetime, end: datetime) -> Blocks:
    """Leave out dates of long lists that are far from a stretch of time."""
    items = (within(item, start - _REACH, end + _DAY) for item in blocks.items)
    return Blocks(tuple(map(with_hours, items)))


def _drop_further(calendar: Any) -> None:
    """Take away the further days of events: hours without a day are none."""
    for event in calendar.subcomponents:
        event.pop("RDATE", None)


def _with_end(event: Any) -> Any:
    """Give an event that has a length, and no end, the end that follows from it."""
    if "DTEND" not in event and "DURATION" in event:
        event = event.copy()
        event.add("dtend", event["DTSTART"].dt + event["DURATION"].dt)
    return event


def _guessed(blocks: Blocks) -> list[Oddity]:
    """Name the events whose letters are in a charset that nobody names."""
    return [
        (block.uid, f"The letters of “{block.value('SUMMARY')}” are no UTF-8; "
         "they were guessed.")
        for block in blocks.of("VEVENT")
        if is_guessed(block.text)
    ]  # fmt: skip


def _sorted_out(blocks: Blocks, zone: tzinfo) -> tuple[list[PlainEvent], Blocks]:
    """Read the plain events, and return them and the blocks that are left."""
    plain: list[PlainEvent] = []
    left: list[Block] = []
    events = [(block, block.uid) for block in blocks.of("VEVENT")]
    often = Counter(uid for _, uid in events)
    own = [
        f"TZID={name}:" for name in own_zones(z.text for z in blocks.of("VTIMEZONE"))
    ]
    for block, uid in events:
        # An event with exceptions, or in a zone that the file describes itself, is not.
        simple = often[uid] == 1 and not any(name in block.text for name in own)
        item = plain_event(block, zone) if simple else None
        if item is None:
            left.append(block)
        else:
            plain.append(item)
    return plain, blocks.keeping((*blocks.of("VTIMEZONE"), *left))


def _expand(calendar: Any, start: datetime, end: datetime) -> list[Any]:
    from recurring_ical_events import of  # pyright: ignore[reportMissingTypeStubs]

    found: list[Any] = of(calendar).between(start, end)
    return found


def _parsed(blocks: Blocks) -> tuple[Any, list[Oddity]]:
    """Parse what can be parsed; name the events that cannot."""
    try:
        return parse(blocks), []
    except ValueError:
        pass
    good: list[Block] = []
    found: list[Oddity] = []
    for block in blocks.of("VTIMEZONE", "VEVENT"):
        # An alarm that cannot be read hides no event.
        whole = next(filter(_is_parsed, (block, block.bare())), None)
        if whole is not None:
            good.append(whole)
        elif block.kind == "VEVENT":
            title = block.value("SUMMARY") or "(no title)"
            found.append(("", f"“{title}” cannot be read and is left out."))
    return parse(Blocks(tuple(good))), found


def _is_parsed(block: Block) -> bool:
    try:
        parse(Blocks((block,)))
    except ValueError:
        return False
    return True


def occurrences(
    blocks: Blocks, start: datetime, end: datetime, zone: tzinfo
) -> list[Occurrence]:
    """List what happens in a stretch of time, in order, each repetition by itself."""
    return Timeline(blocks, zone).between(start, end)


def _often(block: Block) -> str:
    return frequency(block.value("RRULE")) or "DATES"


def frequency(rule: str) -> str:
    """Return DAILY, WEEKLY ... of a recurrence rule; empty when there is none."""
    named = re.search(r"FREQ=([A-Z]+)", rule.upper())
    return named[1] if named else ""


def _occurrence(item: Any, rules: dict[str, str], zone: tzinfo) -> Occurrence:
    began = item["DTSTART"].dt
    key = item["RECURRENCE-ID"].dt if "RECURRENCE-ID" in item else began
    ended = item["DTEND"].dt if "DTEND" in item else began
    all_day = not isinstance(began, datetime)
    start, end = localize(began, zone), localize(ended, zone)
    # A day without an end lasts that day (RFC 5545, 3.6.1).
    if all_day and end <= start:
        end = localize(began + _DAY, zone)
    length = exact_length(item)
    if length is not None:
        # Days on the clock of the event; hours in UTC, where no clock changes.
        end = (localize(began + length[0], UTC) + length[1]).astimezone(zone)
    uid = str(item.get("UID", "")).strip()
    return Occurrence(
        uid=uid,
        title=str(item.get("SUMMARY", "")) or "(no title)",
        start=start,
        end=end,
        all_day=all_day,
        has_end=end != start,
        key=key,
        location=str(item.get("LOCATION", "")),
        note=str(item.get("DESCRIPTION", "")),
        guests=tuple(guest_addresses(item)),
        rule=rules.get(uid, ""),
        free=str(item.get("TRANSP", "")).upper() == "TRANSPARENT",
        cancelled=str(item.get("STATUS", "")).upper() == "CANCELLED",
    )


def guest_addresses(item: Any) -> list[str]:
    """Return the attendees' e-mail addresses."""
    guests = item.get("ATTENDEE", [])
    listed = [guests] if isinstance(guests, str) else guests
    return [
        str(guest).removeprefix("mailto:").removeprefix("MAILTO:") for guest in listed
    ]
