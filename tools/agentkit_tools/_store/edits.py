"""What an edit of some events means for each file: pieces put in the place of others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from agentkit import ToolError
from agentkit_tools._phrases import phrase
from agentkit_tools._store.blocks import Block, Blocks
from agentkit_tools._store.octets import bytes_of, text_of, unfolded
from agentkit_tools._store.scan import scan


@dataclass(frozen=True, slots=True)
class Swap:
    """One piece in the place of another.

    Attributes:
        at: where, in bytes of the file before all swaps.
        old: what is there; empty when something is put in.
        new: what comes there; empty when something is taken out.
        zone: TZID when a time zone is put in that others may come to need.
    """

    at: int
    old: str
    new: str
    zone: str = ""


def spliced(content: bytes, swaps: Iterable[Swap]) -> bytes:
    """Carry out swaps, given in the order of the file."""
    pieces: list[bytes | memoryview] = []
    view, done = memoryview(content), 0
    for swap in swaps:
        # A view: a calendar of megabytes is copied once, and not for each swap.
        pieces += [view[done : swap.at], bytes_of(swap.new)]
        done = swap.at + len(bytes_of(swap.old))
    return b"".join((*pieces, view[done:]))


def taken_back(content: bytes, swaps: Iterable[Swap]) -> bytes:
    """Take swaps back; what else has changed in the file since is kept.

    Raises:
        ToolError: what they put in is not there as it was.
    """
    zones: list[Swap] = []
    for swap in swaps:
        if swap.zone:
            zones.append(swap)
            continue
        place = _find(content, swap)
        end = place + len(bytes_of(swap.new))
        content = content[:place] + bytes_of(swap.old) + content[end:]
    # Last, when it is known whether anything still refers to a zone.
    for zone in zones:
        without = content.replace(bytes_of(zone.new), b"", 1)
        if zone.zone not in zones_named([text_of(without)]):
            content = without
    return content


def _find(content: bytes, swap: Swap) -> int:
    """Return where the new piece is now; of one that is empty, where the old was."""
    new = bytes_of(swap.new)
    if not new:
        return _border(content, swap.at)
    # Near its old place first: equal text may stand twice.
    near = content.find(new, max(0, swap.at))
    place = near if near >= 0 else content.find(new)
    if place < 0:
        raise ToolError(phrase("It has been changed again since; nothing is undone."))
    return place


def _border(content: bytes, at: int) -> int:
    """Return the place between two components that is nearest to one in bytes."""
    found = scan(content)
    if found is None:
        raise ToolError(phrase("The calendar is damaged; nothing is undone."))
    # Other changes may have moved it: only between components it does no harm.
    places = [found.tail, *(part.at for part in found.parts)]
    return min(places, key=lambda place: abs(place - at))


# A zone that a property refers to: DTSTART;TZID=Europe/Berlin:...
# Outlook's names hold commas and colons, in quotes.
_ZONE = re.compile(r";TZID=(?:\"([^\"\r\n]+)\"|([^\":;,\r\n]+))")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a component is: file, bytes from where, and its text there."""

    path: str
    at: int
    text: str

    @property
    def end(self) -> int:
        """Where it ends, in bytes."""
        return self.at + len(bytes_of(self.text))


@dataclass(slots=True)
class Edits:
    """What is to be done, file by file.

    Attributes:
        swaps: what changes in files that are there.
        fresh: components that belong into files of their own or at a file's end.
    """

    swaps: dict[str, list[Swap]] = field(default_factory=dict[str, list[Swap]])
    fresh: dict[str, list[Block]] = field(default_factory=dict[str, list[Block]])


def edits_of(
    before: Blocks,
    after: Blocks,
    spots: Mapping[int, Spot],
    new_file: Callable[[str, str], str],
) -> Edits:
    """Compare events before and after a change, and return the edits in between.

    Args:
        before: the events and their time zones.
        after: the same blocks, save for those that are new.
        spots: where each block of `before` is, by its identity.
        new_file: names the file for a new event, of its UID and a file it is from.
    """
    found = Edits()
    kept = {id(block) for block in after.items}
    gone = [block for block in before.of("VEVENT") if id(block) not in kept]
    known = {block.uid: spots[id(block)].path for block in before.of("VEVENT")}
    places: dict[str, str] = {}
    # Where the walk through the events is: what is new comes after it in the file.
    last: Spot | None = None
    old = {id(block) for block in before.items}
    for block in after.of("VEVENT"):
        if id(block) in old:
            last = spots[id(block)]
            continue
        match = next((one for one in gone if _same(one, block)), None)
        if match is not None:
            gone.remove(match)
            last = spots[id(match)]
            _swap(found, last.path, Swap(last.at, last.text, block.text))
        # A new exception goes beside its series.
        elif block.uid in known and last is not None:
            _swap(found, last.path, Swap(last.end, "", block.text))
        else:
            beside = next(iter(known.values()), "")
            path = known.get(block.uid) or places.get(block.uid)
            path = path or new_file(block.uid, beside)
            places[block.uid] = path
            found.fresh.setdefault(path, []).append(block)
    for block in gone:
        spot = spots[id(block)]
        _swap(found, spot.path, Swap(spot.at, spot.text, ""))
    return found


def _same(old: Block, new: Block) -> bool:
    """Whether a new block takes the place of an old one.

    They are of one event, and of one occurrence, or both the series or both exceptions.
    """
    return old.uid == new.uid and (
        old.value("RECURRENCE-ID") == new.value("RECURRENCE-ID")
        or bool(old.value("RECURRENCE-ID")) == bool(new.value("RECURRENCE-ID"))
    )


def _swap(found: Edits, path: str, swap: Swap) -> None:
    found.swaps.setdefault(path, []).append(swap)


def zones_named(texts: Iterable[str]) -> set[str]:
    """Name the time zones that components refer to."""
    return {
        quoted or bare
        for text in texts
        for quoted, bare in _ZONE.findall(unfolded(text))
    }
