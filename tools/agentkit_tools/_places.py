"""Places of the world, and the time zone of each."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from agentkit.language import fold
from agentkit_tools._store.resemblance import distance

# Letters that a misspelt name must have: a letter away from "Rome" or "Bonn" is much
# else.
_SHORTEST_SLIP = 5
# "In the Tokyo", "Pacific Standard Time": words around the name, at its edges only.
_NOISE = re.compile(r"^(?:the |in )+|(?: (?:standard |daylight )?time(?: zone)?)+$")


@dataclass(frozen=True, slots=True)
class ZonePlace:
    """A place and its time zone."""

    name: str
    key: str
    zone: tzinfo


def find_place(name: str) -> ZonePlace | None:
    """Return a place by its name; None when it is not known.

    "Lyon, France" is looked up as a whole, then by its first and its last part.
    """
    shown = _NOISE.sub("", name.strip(" .?!"))
    parts = [part.strip() for part in shown.split(",")]
    for words in (shown, parts[0], parts[-1]):
        key = _key(_NOISE.sub("", fold(words)))
        if key:
            return ZonePlace(shown, key, ZoneInfo(key))
    return None


def is_place(name: str) -> bool:
    """Whether this is the name of a town, a state or a country, letter by letter."""
    wanted = fold(name.strip(" .?!"))
    return wanted in _others() or wanted in _cities()


def _key(wanted: str) -> str:
    # places.txt comes first: it says which of several places of a name is meant.
    return _others().get(wanted) or _cities().get(wanted, "") or _slip(wanted)


def _slip(wanted: str) -> str:
    """Return the zone of the one place whose name is a letter away: "Tokio".

    The first letter and the last one are seldom wrong: "Atlantis" is no "Atlantic".
    """
    if len(wanted) < _SHORTEST_SLIP:
        return ""
    names = {**_cities(), **_others()}
    near = {
        key
        for name, key in names.items()
        if (name[:1], name[-1:]) == (wanted[0], wanted[-1])
        and distance(wanted, name) == 1
    }
    # Two zones that fit are as good as none: nothing is guessed.
    return near.pop() if len(near) == 1 else ""


@functools.cache
def _cities() -> dict[str, str]:
    """Name every city of the zone database, and every zone by its full name."""
    found: dict[str, str] = {}
    for key in sorted(available_timezones()):
        area, _, city = key.rpartition("/")
        # "Etc/GMT+5" and "SystemV/EST5" name offsets, and no cities.
        if area not in ("Etc", "SystemV"):
            # Of two zones with one city's name, the first in alphabetical order wins.
            found.setdefault(city.replace("_", " ").casefold(), key)
        found[key.casefold()] = key
    return found


@functools.cache
def _others() -> dict[str, str]:
    """Read places.txt: a zone, then the names of places that keep its time."""
    text = Path(__file__).with_name("places.txt").read_text("utf-8")
    found: dict[str, str] = {}
    for line in text.splitlines():
        key, _, names = line.partition(":")
        if names and not line.startswith("#"):
            found |= {fold(name): key for name in names.split(",")}
    return found
