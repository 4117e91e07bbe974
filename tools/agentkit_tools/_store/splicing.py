"""Pieces of a file put in the place of others, and taken back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from agentkit import ToolError
from agentkit_tools._store.scanning import scan


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
        pieces += [view[done : swap.at], swap.new.encode()]
        done = swap.at + len(swap.old.encode())
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
        end = place + len(swap.new.encode())
        content = content[:place] + swap.old.encode() + content[end:]
    for zone in zones:
        without = content.replace(zone.new.encode(), b"", 1)
        if f"TZID={zone.zone}".encode() not in without:
            content = without
    return content


def _find(content: bytes, swap: Swap) -> int:
    """Return where the new piece is now; of one that is empty, where the old was."""
    new = swap.new.encode()
    if not new:
        return _border(content, swap.at)
    near = content.find(new, max(0, swap.at))
    place = near if near >= 0 else content.find(new)
    if place < 0:
        raise ToolError("It has been changed again since; nothing is undone.")
    return place


def _border(content: bytes, at: int) -> int:
    """Return the place between two components that is nearest to one in bytes."""
    found = scan(content)
    if found is None:
        raise ToolError("The calendar is damaged; nothing is undone.")
    places = [found.tail, *(part.at for part in found.parts)]
    return min(places, key=lambda place: abs(place - at))
