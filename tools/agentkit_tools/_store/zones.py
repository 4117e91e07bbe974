"""Time zones of calendar files: their names in any program, components, skipped hours."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from agentkit_tools._store.blocks import Block, Blocks

_OFFSET = re.compile(r"\(?(?:UTC|GMT|Z)?\s{0,9}([+-])(\d{1,2})(?::?(\d\d))?\)?", re.I)
_LEADING_OFFSET = re.compile(
    r"^\(?((?:UTC|GMT)(?:\s*[+-]\d{1,2}[:.]?\d\d)?)\)?\s*", re.I
)
# What programs write for UTC; Exchange writes the URL.
_UTC = {
    "z", "utc", "gmt", "zulu", "tzone://microsoft/utc", "coordinated universal time",
    "greenwich mean time",
}  # fmt: skip
# "/mozilla.org/20070129_1/Europe/Berlin", "Europe/Berlin-2": programs count versions.
_COUNTED = re.compile(r"[_-]\d+$")
# What Outlook and others call zones in lists for people, beside names of cities.
_SPOKEN = {
    "atlantic time (canada)": "America/Halifax",
    "eastern time (us & canada)": "America/New_York",
    "eastern time": "America/New_York",
    "central time (us & canada)": "America/Chicago",
    "central time": "America/Chicago",
    "mountain time (us & canada)": "America/Denver",
    "mountain time": "America/Denver",
    "pacific time (us & canada)": "America/Los_Angeles",
    "pacific time": "America/Los_Angeles",
    "newfoundland": "America/St_Johns",
    "arizona": "America/Phoenix",
    "alaska": "America/Anchorage",
    "hawaii": "Pacific/Honolulu",
    "central european time": "Europe/Berlin",
    "central europe": "Europe/Berlin",
    "western europe": "Europe/Lisbon",
    "eastern europe": "Europe/Bucharest",
    "indian standard time": "Asia/Kolkata",
    "new delhi": "Asia/Kolkata",
    "beijing": "Asia/Shanghai",
    "osaka": "Asia/Tokyo",
    "edinburgh": "Europe/London",
    "bern": "Europe/Zurich",
    "st. petersburg": "Europe/Moscow",
    "abu dhabi": "Asia/Dubai",
    "mumbai": "Asia/Kolkata",
    "pst": "America/Los_Angeles", "pdt": "America/Los_Angeles",
    "mdt": "America/Denver", "cdt": "America/Chicago", "edt": "America/New_York",
    "cest": "Europe/Berlin", "eest": "Europe/Bucharest",
    "bst": "Europe/London", "jst": "Asia/Tokyo", "kst": "Asia/Seoul",
    "aest": "Australia/Sydney", "aedt": "Australia/Sydney",
}  # fmt: skip


@lru_cache(1_000)
def known_zone(name: str) -> str:
    """Return the zone of the system's database that a name means.

    Args:
        name: TZID as a file has it: of that database, of Windows, of a path of another
            program, of a list for people, or a bare offset.

    Returns:
        Its name there; `UTC+0130` for an offset; empty when nothing is known.
    """
    bare = name.strip().strip('"').strip("/").strip()
    told = bare.casefold()
    if told in _UTC:
        return "UTC"
    if _is_zone(bare):
        return bare
    counted = _COUNTED.sub("", bare)
    # The sure ones first: a list for people may name cities of several zones.
    return (
        _of_table(told)
        or (known_zone(counted) if counted != bare and "/" in bare else "")
        or _of_path(bare)
        or _of_offset(bare)
        or _of_list(bare)
    )


def offset_of(name: str) -> timedelta | None:
    """Return the offset that a name such as `UTC+0130` tells; None for other names."""
    found = _OFFSET.fullmatch(name.strip())
    # No place is further ahead of UTC than 14 hours.
    if not found or int(found[2]) > 14:
        return None
    length = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return length if found[1] == "+" else -length


@lru_cache(100)
def offsets(name: str) -> frozenset[timedelta]:
    """Return the offsets that a zone has had since 1970."""
    zone = ZoneInfo(name)
    moments = (datetime(year, month, 1, tzinfo=zone)
               for year in range(1970, 2038) for month in (1, 4, 7, 10))  # fmt: skip
    return frozenset(moment.utcoffset() or timedelta() for moment in moments)


def fixed_zone(offset: timedelta) -> str:
    """Write a time zone component of one offset, named as `known_zone` names it."""
    told = datetime(1970, 1, 1, tzinfo=timezone(offset)).strftime("%z")[:5]
    return (
        f"BEGIN:VTIMEZONE\r\nTZID:UTC{told}\r\nBEGIN:STANDARD\r\n"
        f"DTSTART:19700101T000000\r\nTZOFFSETFROM:{told}\r\nTZOFFSETTO:{told}\r\n"
        "END:STANDARD\r\nEND:VTIMEZONE\r\n"
    )


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        return False
    # A folder of the database is none, and neither is what only this system has.
    return name in _names().values()


def _of_table(told: str) -> str:
    """Look in the names of Windows, and in those for people."""
    windows = _windows()
    # Windows names a zone by its winter time only.
    standard = re.sub(r"\b(?:daylight|summer) time$", "standard time", told)
    named = re.sub(r"\s*standard time$", "", told)
    return (
        windows.get(told)
        or windows.get(standard)
        or _names().get(told.replace(" ", "_"))
        or _names().get(re.sub(r"[- ]", "/", told, count=1).replace(" ", "_"))
        or windows.get(f"{told} standard time")
        or _SPOKEN.get(told)
        or _SPOKEN.get(f"{named} time", "")
    )


def _of_path(bare: str) -> str:
    """Look at the end of a path: /freeassociation.sourceforge.net/Tzfile/Europe/Berlin."""
    parts = bare.split("/")
    ends = ("/".join(parts[-count:]) for count in (3, 2) if len(parts) > count)
    return next(
        (_names()[end.casefold()] for end in ends if end.casefold() in _names()), ""
    )


def _of_offset(bare: str) -> str:
    offset = offset_of(bare)
    if offset is None:
        return ""
    if not offset:
        return "UTC"
    return f"UTC{datetime(1970, 1, 1, tzinfo=timezone(offset)):%z}"


def _of_list(bare: str) -> str:
    """Look for a city: "(UTC+01:00) Amsterdam, Berlin, Bern, Rome"."""
    found = _LEADING_OFFSET.match(bare)
    rest = bare[found.end() :] if found else bare
    for part in (rest, *re.split(r"\s*[,;/]\s*", rest)):
        told = part.strip().casefold()
        city = _SPOKEN.get(told) or _windows().get(told) or _cities().get(told)
        if city or told in _UTC:
            return city or "UTC"
    # Two offsets are those of winter and summer: when which holds is not told.
    plain = found and not _OFFSET.search(rest)
    return _of_offset(found[1].replace(".", ":")) if found and plain else ""


@lru_cache(1)
def _windows() -> dict[str, str]:
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    return {name.casefold(): zone for name, zone in WINDOWS_TO_OLSON.items()}


@lru_cache(1)
def _names() -> dict[str, str]:
    return {name.casefold(): name for name in sorted(available_timezones())}


@lru_cache(1)
def _cities() -> dict[str, str]:
    """Return the cities that zones are named after; a region's own name is none."""
    regions = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/",
               "Indian/", "Pacific/")  # fmt: skip
    return {
        name.rpartition("/")[2].replace("_", " ").casefold(): name
        for name in _names().values()
        if name.startswith(regions)
    }


def localize(value: date, zone: tzinfo) -> datetime:
    """Put a date or time of a file into the user's zone; floating times stay."""
    if not isinstance(value, datetime):
        return datetime.combine(value, time(), zone)
    if value.tzinfo is None:
        return value.replace(tzinfo=zone)
    try:
        return value.astimezone(zone)
    # The last day of the year 9999.
    except OverflowError:
        return value.replace(tzinfo=zone)


def written(moment: datetime, *, all_day: bool, repeats: bool = False) -> date:
    """Prepare a time for a file.

    A bare offset has no name there and becomes UTC; of a repeating event it becomes
    the plain local time, which stays the same hour all year. An hour that clocks
    skip is the one after it, and the second of a doubled hour needs UTC.
    """
    if all_day:
        return moment.date()
    if not getattr(moment.tzinfo, "key", ""):
        return moment.replace(tzinfo=None) if repeats else moment.astimezone(UTC)
    real = moment.astimezone(UTC)
    return (
        # There and back through UTC, an hour that clocks skip becomes the one after it.
        real if moment.fold and _is_doubled(moment) else real.astimezone(moment.tzinfo)
    )


def later(moment: datetime, by: timedelta) -> datetime:
    """Return the time that comes some real time after another one."""
    return (moment.astimezone(UTC) + by).astimezone(moment.tzinfo)


def ended_as(start: datetime, end: datetime, begin: datetime) -> datetime:
    """Return when what begins at another time ends, if it lasts as long as it did.

    Hours are real time, also where the clocks change; who stays for days leaves by the
    clock.
    """
    length = end - start
    if length >= timedelta(days=1) or begin.tzinfo is None:
        return begin + length
    return later(begin, end.astimezone(UTC) - start.astimezone(UTC))


def _is_doubled(moment: datetime) -> bool:
    return moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset()


def zone_blocks(blocks: Blocks, *moments: datetime) -> tuple[Block, ...]:
    """Return VTIMEZONE components that the moments need and the file lacks."""
    from icalendar import Timezone

    known = {block.value("TZID") for block in blocks.of("VTIMEZONE")}
    years = {str(getattr(one.tzinfo, "key", "")): one.year for one in moments}
    return tuple(
        Block(
            "VTIMEZONE",
            Timezone.from_tzid(
                # Ten years of changes: a VTIMEZONE lists them, and more would only make
                # it long.
                key,
                first_date=date(year - 1, 1, 1),
                last_date=date(year + 10, 1, 1),
            )
            .to_ical()
            .decode(),
        )
        for key, year in sorted(years.items())
        if key not in known | {"", "UTC", "Etc/UTC"}
    )
