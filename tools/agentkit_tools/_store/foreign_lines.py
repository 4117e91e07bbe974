"""Lines of other programs' calendars as icalendar reads them: times, zones, charsets.

The file stays as it is. What is made here is read, and never written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import blake2b

from agentkit_tools._store.blocks import Block, paired
from agentkit_tools._store.octets import unfolded
from agentkit_tools._store.zones import fixed_zone, known_zone, offset_of, offsets

# A property that holds times, as far as they begin like dates: name, parameters, values.
_TIMES = re.compile(
    r"(?im)^(DTSTART|DTEND|DUE|COMPLETED|RECURRENCE-ID|EXDATE|RDATE)"
    r"((?:;[^\n]*?)?):[ \t]*(\d{4}-?\d\d-?\d\d[^\r\n]*)"
)
# "20261126T140000Z", and what other programs write: "2026-11-26 14:00+01:00".
_TIME = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)"
    r"(?:[T ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?)?"
)
# Times that are written as RFC 5545 wants, which most are: they need no mending.
_PLAIN = re.compile(r"\d{8}T(?:[01]\d|2[0-3])[0-5]\d[0-5]\dZ?")
_RULE = re.compile(r"(?im)^(RRULE(?:;[^:\r\n]*)?:)([^\r\n]*)")
# "DTSTART;;VALUE=DATE:...": parameters of which nothing is written.
_EMPTY = re.compile(r"(?m)^([A-Za-z0-9-]+);+(?=[;:])")
# Outlook writes names with spaces, commas and colons, and without quotes.
_ZONE = re.compile(r";TZID=(\"[^\"]*\"|.*?(?=;[A-Z-]+=|$))", re.I)
_KIND = re.compile(r";VALUE=[A-Z-]+", re.I)
_NAMED = re.compile(
    r"(?im)^TZID(?:;[^:\r\n]*)?:((?:[^\r\n \t]|[ \t]++(?=[^\r\n \t]))*+)"
)
_SHIFT = re.compile(r"(?im)^TZOFFSETTO:([+-])(\d\d)(\d\d)")
# A length with hours: "PT24H" is real time, and "P1D" a day of the calendar (3.3.6).
_HOURS = re.compile(
    r"(?im)^DURATION((?:;[^:\r\n]*)?:[ \t]*\+?P(?:\d+W)?(?:\d+D)?"
    r"T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)(?=[ \t]*\r?$)"
)
# The parameter that tells the seconds of such a length; it is read, and never written.
EXACT = "X-AGENTKIT-EXACT"
# A name that `own_zones` made: the file's name and a digest of the definition.
_OWN = re.compile(r"(;TZID=)\"?([^\";:]*?)~[0-9a-f]{12}\"?")
# From so many dates on, those that nobody asks for are left out before they are read.
_MANY = 50


def readable(blocks: Iterable[Block]) -> str:
    """Return components as icalendar reads them, time zones first.

    A zone that the components bring along is used where its name means nothing, or
    another zone than the one they describe; it gets a name of its own for that.
    """
    items = list(blocks)
    zones = [unfolded(paired(one.text)) for one in items if one.kind == "VTIMEZONE"]
    names = own_zones(zones)
    others = (item.text for item in items if item.kind and item.kind != "VTIMEZONE")
    needed: set[str] = set()
    inner = "".join(_lines(unfolded(paired(text)), names, needed) for text in others)
    fixed = (offset_of(name) for name in sorted(needed))
    made = (fixed_zone(offset) for offset in fixed if offset is not None)
    return "".join((*(_zone(text, names) for text in zones), *made, inner))


def own_zones(zones: Iterable[str]) -> dict[str, str]:
    """Return the names of zones that a file describes itself, with what they become."""
    found: dict[str, str] = {}
    for text in zones:
        name = _NAMED.search(text)
        # A definition that says what the system's zone of that name says is not needed.
        if name and not _is_known(name[1], text):
            digest = blake2b(text.encode("utf-8", "replace"), digest_size=6)
            found[name[1]] = f"{name[1].strip('/')}~{digest.hexdigest()}"
    return found


def as_named(lines: str) -> str:
    """Give the zones that `readable` has named the names that the file has for them."""
    return _OWN.sub(r"\1\2", lines)


def within(block: Block, first: datetime, last: datetime) -> Block:
    """Leave out dates of long lists (RDATE, EXDATE) that are not within two moments."""
    # Too short for such a list: most events end here.
    if len(block.text) < _MANY * len("YYYYMMDD"):
        return block
    low, high = f"{first:%Y%m%d}", f"{last:%Y%m%d}"

    def shorter(line: re.Match[str]) -> str:
        dates = line[3].split(",")
        if len(dates) < _MANY or line[1].upper() not in ("RDATE", "EXDATE"):
            return line[0]
        kept = [one for one in dates if low <= one[:10].replace("-", "")[:8] <= high]
        return f"{line[1]}{line[2]}:{','.join(kept)}" if kept else ""

    return Block(block.kind, _TIMES.sub(shorter, unfolded(block.text)), block.whole)


def with_hours(block: Block) -> Block:
    """Note how much of a length is real time, which icalendar forgets."""

    def noted(line: re.Match[str]) -> str:
        hours, minutes, seconds = (int(part or 0) for part in line.groups()[1:])
        return f"DURATION;{EXACT}={hours * 3600 + minutes * 60 + seconds}{line[1]}"

    return Block(block.kind, _HOURS.sub(noted, block.text), block.whole)


def _is_known(name: str, text: str) -> bool:
    """Whether the system's zone of a name has the offsets that a file describes."""
    known = known_zone(name)
    if not known:
        return False
    told = {
        timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
        for sign, hours, minutes in _SHIFT.findall(text)
    }
    fixed = offset_of(known)
    # Each offset that is described has to be one of the zone; the dates of the changes
    # are not compared, as most programs describe one year.
    return told <= (offsets(known) if fixed is None else {fixed})


def _zone(text: str, names: dict[str, str]) -> str:
    return _NAMED.sub(lambda one: f"TZID:{names.get(one[1], one[1])}", text)


def _lines(text: str, names: dict[str, str], needed: set[str]) -> str:
    def mended(line: re.Match[str]) -> str:
        zone = _ZONE.search(line[2])
        if zone is None and all(map(_PLAIN.fullmatch, line[3].split(","))):
            return line[0]
        return _mended(line, names, needed)

    text = _EMPTY.sub(r"\1", text)
    # Spaces in rules: "FREQ=WEEKLY; BYDAY=MO".
    text = _RULE.sub(lambda rule: rule[1] + "".join(rule[2].split()), text)
    return _TIMES.sub(mended, text)


def _mended(line: re.Match[str], names: dict[str, str], needed: set[str]) -> str:
    """Write a line of times as RFC 5545 has it."""
    values = [_written(one.strip().upper()) for one in line[3].split(",")]
    params, zone = line[2], _ZONE.search(line[2])
    if zone:
        params = params.replace(zone[0], "", 1)
    if "PERIOD" not in params.upper():
        params = _KIND.sub("", params)
        if all("T" not in value for value in values):
            # Some programs write dates without saying so; icalendar takes them for
            # times.
            params += ";VALUE=DATE"
    timed = all("T" in value and not value.endswith("Z") for value in values)
    if zone and timed:
        name = zone[1].strip('"')
        told = names.get(name) or known_zone(name) or name
        needed.add(told)
        # UTC is written with a Z, and never as a TZID (RFC 5545, 3.2.19).
        params += f';TZID="{told}"' if told != "UTC" else ""
        values = [f"{value}Z" for value in values] if told == "UTC" else values
    return f"{line[1]}{params}:{','.join(values)}"


def _written(value: str) -> str:
    """Write a time; what is none, such as a period, stays."""
    found = _TIME.fullmatch(value)
    if found is None:
        return value
    day = f"{found[1]}{found[2]}{found[3]}"
    if found[4] is None:
        return day
    # A leap second, 60, is one that Python's clock does not have.
    hours, minutes, seconds = int(found[4]), int(found[5]), min(int(found[6] or 0), 59)
    offset = offset_of(found[7]) if found[7] not in (None, "Z") else timedelta()
    try:
        moment = datetime.strptime(day, "%Y%m%d")
        moment += timedelta(hours=hours, minutes=minutes, seconds=seconds)
        moment -= offset or timedelta()
    except (OverflowError, ValueError):
        return value
    # "24:00" is the midnight after that day, which ISO 8601 allows.
    is_time = hours <= 24 and minutes <= 59 and not (hours == 24 and minutes)
    return f"{moment:%Y%m%dT%H%M%S}{'Z' if found[7] else ''}" if is_time else value
