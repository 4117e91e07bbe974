"""Events that are plain enough to be read without icalendar, which takes its time.

An event is plain when it takes place once, or by a rule without choices, its lines are as
RFC 5545 has them, and its times are in UTC, in a zone that the system knows, local, or
whole days. What is read of it is what icalendar reads; all others are left to that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from agentkit_tools._store.blocks import Block
from agentkit_tools._store.event_components import Occurrence
from agentkit_tools._store.octets import unfolded
from agentkit_tools._store.zones import localize

_BREAK = re.compile(r"\r\n|\n|\r")
_VALUE = r"(?:\"[^\"\x00-\x1f]*\"|[^\":;,\x00-\x1f]*)"
# A property: name, parameters, and a value without control characters other than tabs.
_LINE = re.compile(
    rf"([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+={_VALUE}(?:,{_VALUE})*)*):([^\x00-\x08\x0a-\x1f]*)"
)
_TIME = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?")
# "Europe/Berlin"; names of other programs are looked up elsewhere.
_ZONE = re.compile(r";TZID=([A-Za-z]+(?:/[A-Za-z_+-]+)+)", re.I)
_LENGTH = re.compile(r"PT(?:(\d{1,2})H)?(?:(\d{1,3})M)?(?:(\d{1,2})S)?")
_ESCAPE = re.compile(r"\\([\\,;Nn])")
_ONCE = {
    "UID", "SUMMARY", "LOCATION", "DESCRIPTION", "DTSTART", "DTEND", "DURATION",
    "STATUS", "TRANSP", "RRULE",
}  # fmt: skip
# Parts in another order, or others, are left to the library.
_RULE = re.compile(
    r"FREQ=(DAILY|WEEKLY)(?:;INTERVAL=([1-9]\d?))?(?:;COUNT=([1-9]\d{0,3}))?"
)
_REPEATING = {"RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID"}
# Zones that are kept: most calendars have a few.
_KNOWN_ZONES = 200


@dataclass(frozen=True, slots=True)
class PlainEvent:
    """A plain event.

    Attributes:
        first: its first, or only, occurrence.
        step: days from one to the next; 0 when it takes place once.
        count: how often it takes place; 0 for without end.
    """

    first: Occurrence
    step: int = 0
    count: int = 1

    def between(self, start: datetime, end: datetime, zone: tzinfo) -> list[Occurrence]:
        """Lay it out in a stretch of time, which begins and ends in the user's zone."""
        if not self.step:
            return [self.first] if _is_in(self.first, start, end) else []
        # Straight to the stretch: a daily event of ten years has thousands of times
        # before.
        before = (start - self.first.end).days // self.step - 1
        number = max(0, before)
        found: list[Occurrence] = []
        while not self.count or number < self.count:
            item = self._moved(number * self.step, zone)
            if item.start >= end:
                break
            if _is_in(item, start, end):
                found.append(item)
            number += 1
        return found

    def _moved(self, days: int, zone: tzinfo) -> Occurrence:
        """Return the occurrence some days later, at the same hour of its own zone."""
        key = self.first.key + timedelta(days=days)
        start = localize(key, zone)
        length = self.first.end - self.first.start
        if getattr(key, "tzinfo", None):
            # The length is real time, also on a night on which the user's clocks
            # change.
            end = (start.astimezone(UTC) + length).astimezone(zone)
        else:
            end = localize(key + length, zone)
        return replace(self.first, key=key, start=start, end=end)


def _is_in(item: Occurrence, start: datetime, end: datetime) -> bool:
    if item.start == item.end:
        return start <= item.start < end
    return item.start < end and start < item.end


def plain_event(block: Block, zone: tzinfo) -> PlainEvent | None:
    """Read a plain event.

    Args:
        block: the event.
        zone: the user's time zone.

    Returns:
        None when it is not plain.
    """
    lines = _lines(block)
    first = _occurrence(lines, zone) if lines else None
    if lines is None or first is None:
        return None
    if "RRULE" not in lines:
        return PlainEvent(first)
    rule = _RULE.fullmatch(lines["RRULE"][1].strip().upper())
    # A zone whose clocks change may skip or repeat the hour of one occurrence.
    steady = first.all_day or getattr(first.key, "tzinfo", None) in (None, UTC)
    if not rule or not steady or first.end - first.start > timedelta(days=1):
        return None
    step = (7 if rule[1] == "WEEKLY" else 1) * int(rule[2] or 1)
    return PlainEvent(replace(first, rule=rule[1]), step, int(rule[3] or 0))


def _occurrence(lines: dict[str, tuple[str, str]], zone: tzinfo) -> Occurrence | None:
    if "DTSTART" not in lines or not lines.get("UID", ("", ""))[1]:
        return None
    began = _moment(*lines["DTSTART"])
    ended = _end(lines, began) if began else None
    if began is None or ended is None:
        return None
    start, end = localize(began, zone), localize(ended, zone)
    if end < start:
        return None
    return Occurrence(
        uid=_text(lines, "UID").strip(),
        title=_text(lines, "SUMMARY") or "(no title)",
        start=start,
        end=end,
        all_day=not isinstance(began, datetime),
        has_end=ended != began,
        key=began,
        location=_text(lines, "LOCATION"),
        note=_text(lines, "DESCRIPTION"),
        guests=tuple(filter(None, lines["ATTENDEE"][1].split("\n"))),
        free=_text(lines, "TRANSP").upper() == "TRANSPARENT",
        cancelled=_text(lines, "STATUS").upper() == "CANCELLED",
    )


def _lines(block: Block) -> dict[str, tuple[str, str]] | None:
    """Return parameters and value of each property; None when it is not plain."""
    found: dict[str, tuple[str, str]] = {}
    guests: list[str] = []
    depth = 0
    for line in _BREAK.split(unfolded(block.text).strip("\r\n")):
        parts = _LINE.fullmatch(line)
        if parts is None:
            return None
        name = parts[1].upper()
        depth += name == "BEGIN"
        if depth == 1 and name == "ATTENDEE":
            guests.append(re.sub(r"^(?:mailto|MAILTO):", "", parts[3]))
        elif depth == 1 and (name in _REPEATING or (name in _ONCE and name in found)):
            return None
        elif depth == 1:
            found[name] = parts[2], parts[3]
        depth -= name == "END"
    found["ATTENDEE"] = "", "\n".join(guests)
    return found


def _moment(params: str, value: str) -> date | None:
    parts = _TIME.fullmatch(value)
    upper = params.upper()
    # A date has to say that it is one (RFC 5545, 3.3.4); else a program meant a time.
    if not parts or (parts[2] is None) != (upper == ";VALUE=DATE"):
        return None
    try:
        if parts[2] is None:
            return datetime.strptime(value, "%Y%m%d").date()
        moment = _clock(parts[1], parts[2])
    except ValueError:
        return None
    if not params:
        return moment.replace(tzinfo=UTC) if parts[3] else moment
    named = _ZONE.fullmatch(params)
    zone = _zone(named[1]) if named and not parts[3] else None
    if zone is None:
        return None
    zoned = moment.replace(tzinfo=zone)
    # Hours that clocks skip or repeat are left to the library.
    both = zoned.utcoffset() == zoned.replace(fold=1).utcoffset()
    return zoned if both else None


def _clock(day: str, time: str) -> datetime:
    return datetime(
        int(day[:4]), int(day[4:6]), int(day[6:]),
        int(time[:2]), int(time[2:4]), int(time[4:]),
    )  # fmt: skip


@lru_cache(_KNOWN_ZONES)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        return None


def _end(lines: dict[str, tuple[str, str]], began: date) -> date | None:
    """Return the end, of the same kind as the start; None when it is not plain."""
    is_time = isinstance(began, datetime)
    if "DTEND" in lines:
        ended = _moment(*lines["DTEND"])
        same = isinstance(ended, datetime) == is_time and "DURATION" not in lines
        aware = bool(getattr(began, "tzinfo", None)) == bool(
            getattr(ended, "tzinfo", None)
        )
        if not same or not aware or ended is None:
            return None
        # A day that ends on the day it begins lasts that day, as many programs write
        # it.
        return began + timedelta(days=1) if not is_time and ended == began else ended
    if "DURATION" in lines:
        length = _LENGTH.fullmatch(lines["DURATION"][1])
        if not length or not isinstance(began, datetime) or not any(length.groups()):
            return None
        hours, minutes, seconds = (int(one or 0) for one in length.groups())
        ended = began + timedelta(hours=hours, minutes=minutes, seconds=seconds)
        # Across a change of the clocks, a length is left to the library.
        return ended if ended.utcoffset() == began.utcoffset() else None
    return began if is_time else began + timedelta(days=1)


def _text(lines: dict[str, tuple[str, str]], name: str) -> str:
    value = lines.get(name, ("", ""))[1]
    return _ESCAPE.sub(lambda one: "\n" if one[1] in "nN" else one[1], value)
