"""Time zones of places: cities, countries and abbreviations."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import tzinfo
from zoneinfo import ZoneInfo, available_timezones

from agentkit_tools._store.names import fold


@dataclass(frozen=True, slots=True)
class Place:
    """A place and its time zone."""

    name: str
    key: str
    zone: tzinfo


_OTHERS = {
    "utc": "UTC",
    "gmt": "UTC",
    "california": "America/Los_Angeles",
    "san francisco": "America/Los_Angeles",
    "germany": "Europe/Berlin",
    "england": "Europe/London",
    "uk": "Europe/London",
    "japan": "Asia/Tokyo",
    "india": "Asia/Kolkata",
    "china": "Asia/Shanghai",
}


def find_place(name: str) -> Place | None:
    """Return a place by its name; None when it is not known."""
    wanted = fold(name).removeprefix("the ").strip(" .?!")
    key = _OTHERS.get(wanted) or _cities().get(wanted)
    return Place(name.strip(" .?!"), key, ZoneInfo(key)) if key else None


@functools.cache
def _cities() -> dict[str, str]:
    keys = sorted(available_timezones(), reverse=True)
    return {key.rpartition("/")[2].replace("_", " ").casefold(): key for key in keys}
