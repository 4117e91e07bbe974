"""Events of a calendar: what takes place in a stretch of time."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, tzinfo
from typing import Any

from agentkit_tools._store.blocks import Block, Blocks
from agentkit_tools._store.event_components import Occurrence
from agentkit_tools._store.ics import parse
from agentkit_tools._store.octets import is_guessed
from agentkit_tools._store.oddities import Oddity, settle
from agentkit_tools._store.plain_events import Plain, plain_event
from agentkit_tools._store.zones import localize

_REPEATS = re.compile(r"(?im)^(?:RRULE|RDATE)[:;]")


class Timeline:
    """A calendar's events, laid out in time.

    Attributes:
        oddities: UID and a sentence for what is odd in an event; the UID is empty
            when it cannot be shown.
    """

    def __init__(self, blocks: Blocks, zone: tzinfo) -> None:
        self._plain, others = _sorted_out(blocks, zone)
        calendar, unreadable = _parsed(others)
        self.oddities = [*_guessed(blocks), *unreadable, *settle(calendar)]
        self._calendar = calendar
        self._zone = zone
        self._rules = {
            block.uid: _often(block)
            for block in blocks.of("VEVENT")
            if _REPEATS.search(block.text)
        }

    def between(self, start: datetime, end: datetime) -> list[Occurrence]:
        """List what happens in a stretch of time, in order, repetitions told out."""
        found = self._expanded(start, end)
        listed = [_occurrence(item, self._rules, self._zone) for item in found]
        for event in self._plain:
            listed += event.between(start, end, self._zone)
        return sorted(listed, key=lambda item: (item.start, item.title))

    def _expanded(self, start: datetime, end: datetime) -> list[Any]:
        try:
            return _expand(self._calendar, start, end)
        except Exception:  # one event that the library stumbles over hides no other
            return self._expanded_singly(start, end)

    def _expanded_singly(self, start: datetime, end: datetime) -> list[Any]:
        """Lay out each event alone, and name those that cannot be."""
        from icalendar import Calendar

        groups: dict[str, Any] = {}
        for event in self._calendar.walk("VEVENT"):
            uid = str(event.get("UID", id(event)))
            groups.setdefault(uid, Calendar()).add_component(event)
        found: list[Any] = []
        for group in groups.values():
            try:
                found += _expand(group, start, end)
            except Exception:  # whatever it is, it is told
                title = str(group.subcomponents[0].get("SUMMARY", "")) or "(no title)"
                odd = f"“{title}” has times that cannot be laid out; it is left out."
                if ("", odd) not in self.oddities:
                    self.oddities.append(("", odd))
        return found


def _guessed(blocks: Blocks) -> list[Oddity]:
    """Name the events whose letters are in a charset that nobody names."""
    return [
        (block.uid, f"The letters of “{block.value('SUMMARY')}” are no UTF-8; "
         "they were guessed.")
        for block in blocks.of("VEVENT")
        if is_guessed(block.text)
    ]  # fmt: skip


def _sorted_out(blocks: Blocks, zone: tzinfo) -> tuple[list[Plain], Blocks]:
    """Read the plain events, and return them and the blocks that are left."""
    plain: list[Plain] = []
    left: list[Block] = []
    events = [(block, block.uid) for block in blocks.of("VEVENT")]
    often = Counter(uid for _, uid in events)
    for block, uid in events:
        item = plain_event(block, zone) if often[uid] == 1 else None
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
        try:
            parse(Blocks((block,)))
        except ValueError:
            if block.kind == "VEVENT":
                title = block.value("SUMMARY") or "(no title)"
                found.append(("", f"“{title}” cannot be read and is left out."))
        else:
            good.append(block)
    return parse(Blocks(tuple(good))), found


def occurrences(
    blocks: Blocks, start: datetime, end: datetime, zone: tzinfo
) -> list[Occurrence]:
    """List what happens in a stretch of time, in order, repetitions told out."""
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
    uid = str(item.get("UID", "")).strip()
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
