"""Two changed versions of an entry made one, property by property, or their conflict.

What only one side changed is taken. What both sides changed differently is a conflict,
and nothing is guessed. Properties that mean something together, such as an event's
start, end and rule, count as one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from agentkit_tools._dav.entries import TIMES, EntryItem, EntryPart, Taken, take_apart
from agentkit_tools._dav.webdav import Kind

# What programs write of their own accord; the later one is taken.
_BOOKS = ("DTSTAMP", "LAST-MODIFIED", "CREATED", "SEQUENCE", "REV", "PRODID", "VERSION")
# Properties that may be there several times: each line is merged by itself.
_MANY = (
    "ATTENDEE", "ATTACH", "CATEGORIES", "COMMENT", "CONTACT", "RELATED-TO", "RESOURCES",
    "BEGIN", "EMAIL", "TEL", "ADR", "URL", "IMPP", "NICKNAME", "RELATED", "LANG",
    "MEMBER", "CLIENTPIDMAP",
)  # fmt: skip
_WORDS = {
    TIMES: "the time", "SUMMARY": "the title", "LOCATION": "the place",
    "DESCRIPTION": "the description", "STATUS": "the status", "ATTENDEE": "the guests",
    "ORGANIZER": "the organizer", "BEGIN": "the alarms", "FN": "the name",
    "EMAIL": "the e-mail addresses", "TEL": "the phone numbers", "NOTE": "the note",
    "ADR": "the postal addresses", "ORG": "the organization", "PHOTO": "the picture",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clash:
    """What both sides changed differently, in words."""

    what: tuple[str, ...]


def same(kind: Kind, one: str, other: str) -> bool:
    """Whether two versions say the same, whatever program wrote them."""
    first, second = (take_apart(kind, text).parts for text in (one, other))
    if _meant(first) != _meant(second):
        return False
    return all(not _differing(first[key], second[key]) for key in _meant(first))


def changed_groups(kind: Kind, old: str, new: str) -> set[tuple[str, str, str]]:
    """Name what differs between two versions: component, and what of it."""
    first, second = (take_apart(kind, text).parts for text in (old, new))
    found: set[tuple[str, str, str]] = set()
    for key in _meant(first) | _meant(second):
        empty = EntryPart(key[0], key, "", "")
        one, other = first.get(key, empty), second.get(key, empty)
        found |= {(*key, group) for group in _differing(one, other)}
    return found


def merge(kind: Kind, base: str, mine: str, theirs: str) -> str | Clash:
    """Make one version of two.

    Args:
        kind: event or contact.
        base: the version that both come from; empty when there is none.
        mine: the version of this device.
        theirs: the server's version.
    """
    old, ours, new = (take_apart(kind, text) for text in (base, mine, theirs))
    clashes: list[str] = []
    kept: list[EntryPart] = []
    for key in dict.fromkeys((*new.parts, *ours.parts)):
        part = _merged(key, old, ours, new, clashes)
        if part is not None:
            kept.append(part)
    # The single times would be those of a series that is elsewhere now.
    if _series_moved(old, ours, new) or _series_moved(old, new, ours):
        clashes.append(_WORDS[TIMES])
    if clashes:
        return Clash(tuple(dict.fromkeys(clashes)))
    # Time zones come first, as events refer to them.
    kept.sort(key=lambda part: part.kind != "VTIMEZONE")
    return f"{new.head}{''.join(part.text for part in kept)}{new.tail}"


def _meant(parts: dict[tuple[str, str], EntryPart]) -> set[tuple[str, str]]:
    """Components that matter; a time zone's definition is everybody's own."""
    return {key for key in parts if key[0] != "VTIMEZONE"}


def _differing(one: EntryPart, other: EntryPart) -> list[str]:
    groups = dict.fromkeys((*one.groups, *other.groups))
    return [g for g in groups if g not in _BOOKS and one.plain(g) != other.plain(g)]


def _merged(
    key: tuple[str, str], old: Taken, ours: Taken, new: Taken, clashes: list[str]
) -> EntryPart | None:
    """Merge one component; None when it is to go."""
    base, mine, theirs = (one.parts.get(key) for one in (old, ours, new))
    if mine and theirs:
        if key[0] == "VTIMEZONE":
            return theirs
        empty = EntryPart(mine.kind, key, mine.begin, mine.end)
        return _merge_part(base or empty, mine, theirs, clashes)
    left = mine or theirs
    if base is None or left is None or key[0] == "VTIMEZONE":
        return left
    if _differing(base, left):
        clashes.append("one time of the series, which the other side took out")
    return None


def _merge_part(
    base: EntryPart, mine: EntryPart, theirs: EntryPart, clashes: list[str]
) -> EntryPart:
    result = EntryPart(theirs.kind, theirs.key, theirs.begin, theirs.end)
    for group in dict.fromkeys((*theirs.groups, *mine.groups)):
        found = _merge_group(group, base, mine, theirs)
        if found is None:
            clashes.append(_WORDS.get(group) or group.rstrip(".").lower())
        elif found:
            result.groups[group] = found
    return result


def _merge_group(
    group: str, base: EntryPart, mine: EntryPart, theirs: EntryPart
) -> list[EntryItem] | None:
    old, ours, new = (part.plain(group) for part in (base, mine, theirs))
    lists = [part.groups.get(group, []) for part in (base, mine, theirs)]
    # Nothing was changed here, or the same on both sides.
    if ours in (old, new):
        return lists[2]
    if new == old:
        return lists[1]
    if group in _BOOKS:
        return max(lists[1:], key=_age)
    if group in _MANY or (group == TIMES and _only_dates(*lists)):
        return _merge_items(*lists)
    return None


def _age(items: list[EntryItem]) -> tuple[int, str]:
    """Order versions of a property by which is the later one."""
    value = max((item.plain.rpartition(":")[2] for item in items), default="")
    # SEQUENCE is a number; DTSTAMP and REV sort as text.
    return (int(value) if value.isdecimal() else 0), value


def _only_dates(
    base: list[EntryItem], mine: list[EntryItem], theirs: list[EntryItem]
) -> bool:
    """Whether both sides only took out, or added, single times of a series."""

    def rest(items: Iterable[EntryItem]) -> list[str]:
        return sorted(
            i.plain for i in items if not i.head.startswith(("EXDATE", "RDA"))
        )

    return rest(base) == rest(mine) == rest(theirs)


def _merge_items(
    base: list[EntryItem], mine: list[EntryItem], theirs: list[EntryItem]
) -> list[EntryItem] | None:
    """Merge what may be there several times; None when both changed the same one."""
    old, ours, new = (Counter(i.plain for i in items) for items in (base, mine, theirs))
    # Both sides took the same line out and put different ones in its place.
    if (old - ours) & (old - new) and (ours - old) != (new - old):
        return None
    # What both have, and what either added, once.
    wanted = (ours & new) + (ours - old) + (new - old) - ((ours - old) & (new - old))
    result: list[EntryItem] = []
    for item in (*theirs, *mine):
        if wanted[item.plain] > 0:
            wanted[item.plain] -= 1
            result.append(item)
    # One guest in two lines with different answers would be a conflict that nobody
    # sees.
    twice = _twice(result) - _twice(mine) - _twice(theirs)
    return None if twice else result


def _twice(items: list[EntryItem]) -> set[str]:
    """Return values that are there more than once, such as one guest in two lines."""
    values = Counter(i.plain[len(i.head) + 1 :].casefold() for i in items)
    return {value for value, count in values.items() if count > 1 and value}


def _series_moved(old: Taken, one: Taken, other: Taken) -> bool:
    """Whether one side moved a series, and the other changed single times of it."""
    master = next((key for key in _meant(old.parts) if not key[1]), None)
    if master is None or master not in one.parts:
        return False
    if old.parts[master].plain(TIMES) == one.parts[master].plain(TIMES):
        return False
    singles = {key for key in _meant(old.parts) | _meant(other.parts) if key[1]}
    return any(
        key not in old.parts
        or key not in other.parts
        or bool(_differing(old.parts[key], other.parts[key]))
        for key in singles
    )
