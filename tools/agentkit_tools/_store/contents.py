"""The calendar's files: pieces read, and new contents made of what changes."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from agentkit_tools._store.blocks import Block, Blocks
from agentkit_tools._store.catalog import Catalog, ComponentPlace, Shape
from agentkit_tools._store.edits import Edits, Swap, spliced, zones_named
from agentkit_tools._store.files import told
from agentkit_tools._store.folder import SINGLE, Stamp, stamp, stamps_of
from agentkit_tools._store.ics import HEAD, TAIL
from agentkit_tools._store.octets import as_utf8, bytes_of, text_of
from agentkit_tools._store.scan import FilePart, Scanned, read_part, scan


class Stale(Exception):
    """A file is not what the index was made for; whoever catches it begins anew."""


def read_places(
    home: Path, catalog: Catalog, places: Iterable[ComponentPlace]
) -> list[tuple[ComponentPlace, str]]:
    """Read components from their files.

    Args:
        home: the home folder.
        catalog: the index.
        places: where they are, sorted by their files.

    Raises:
        Stale: a file is not what the index was made for.
        StoreError: a file cannot be read.
    """
    found: list[tuple[ComponentPlace, str]] = []
    for path, group in groupby(places, key=lambda place: place.path):
        shape = catalog.shape(path)
        if shape is None:
            raise Stale
        with _opened(home / path, shape.stamp) as descriptor:
            read = _reader(descriptor)
            found += [(place, text_of(read(place))) for place in group]
    return found


def _reader(descriptor: int) -> Callable[[ComponentPlace], bytes]:
    """Return what reads a part of a file: from the disk, or from it as UTF-8."""
    # Places are counted in UTF-8: a file in UTF-16, told by its first bytes, has to be
    # read as a whole.
    begin = os.read(descriptor, 4)
    if as_utf8(begin) != begin:
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            file.seek(0)
            whole = as_utf8(file.read())
        return lambda place: whole[place.at : place.at + place.size]

    def read(place: ComponentPlace) -> bytes:
        os.lseek(descriptor, place.at, os.SEEK_SET)
        return os.read(descriptor, place.size)

    return read


def read_state(path: Path, expected: Stamp) -> bytes:
    """Read a whole file, as UTF-8, in the state that is known of it.

    Raises:
        Stale: it is in another.
        StoreError: it cannot be read.
    """
    with (
        _opened(path, expected) as descriptor,
        os.fdopen(descriptor, "rb", closefd=False) as file,
    ):
        return as_utf8(file.read())


@contextlib.contextmanager
def _opened(path: Path, expected: Stamp) -> Generator[int, None, None]:
    with told(path, "read"):
        try:
            # O_BINARY is Windows' own: without it line ends would be changed in
            # reading.
            descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        except FileNotFoundError:
            raise Stale from None
        try:
            # Of the open file: between a look by name and the reading it could be
            # replaced.
            if stamp(os.fstat(descriptor)) != expected:
                raise Stale
            yield descriptor
        finally:
            os.close(descriptor)


# An empty file; a tail of -1 says that there is no calendar to put something into.
EMPTY = Scanned((), -1, others=False)


@dataclass(slots=True)
class Rewrite:
    """What is to be written.

    Attributes:
        contents: path within the home to the new content; None to remove the file.
        swaps: path within the home to what changes there, in its order.
    """

    contents: dict[str, bytes | None] = field(default_factory=dict[str, "bytes | None"])
    swaps: dict[str, list[Swap]] = field(default_factory=dict[str, list[Swap]])


def plan(home: Path, catalog: Catalog, edits: Edits, after: Blocks) -> Rewrite:
    """Make the new contents of the files that edits are about.

    Args:
        home: the home folder.
        catalog: the index, up to date.
        edits: what changes, file by file.
        after: all blocks after the change; their time zones are put where needed.

    Raises:
        Stale: a file is not what the index was made for.
        StoreError: a file cannot be read.
    """
    made = Rewrite()
    # What is new is written before what it takes the place of is taken away.
    for path in dict.fromkeys((*edits.fresh, *edits.swaps)):
        own = sorted(edits.swaps.get(path, []), key=lambda swap: swap.at)
        shape, added = catalog.shape(path), edits.fresh.get(path, [])
        end = shape.tail if shape else -1
        own += _zones(catalog, path, end, [*added, *own], after)
        own += [Swap(end, "", block.text) for block in added]
        old = read_state(home / path, shape.stamp) if shape else b""
        if end < 0:
            inner = "".join(swap.new for swap in own)
            made.contents[path] = bytes_of(f"{HEAD}{inner}{TAIL}")
        else:
            made.contents[path] = spliced(old, own)
        made.swaps[path] = own
        if _is_spent(path, shape, made.contents[path]):
            made.contents[path] = None
            # Undo puts the whole file back, with what stood around the events.
            made.swaps[path] = [Swap(0, text_of(old), "")]
    return made


def _zones(
    catalog: Catalog,
    path: str,
    end: int,
    new: Iterable[Block | Swap],
    after: Blocks,
) -> list[Swap]:
    """Return the time zones that a file needs after the change and does not have."""
    texts = [one.text if isinstance(one, Block) else one.new for one in new]
    needed = zones_named(texts) - {place.name for place in catalog.zones(path)}
    zones = {zone.value("TZID"): zone.text for zone in after.of("VTIMEZONE")}
    return [Swap(end, "", zones[name], name) for name in sorted(needed & zones.keys())]


def _is_spent(path: str, shape: Shape | None, content: bytes | None) -> bool:
    """Whether a file was there for events that are all gone."""
    # calendar.ics stays, even empty; so does a file with to-dos or properties of its
    # own.
    if path == SINGLE or shape is None or shape.others:
        return False
    left = scan(content or b"")
    return left is not None and not any(part.kind == "VEVENT" for part in left.parts)


def follow(
    home: Path, catalog: Catalog, rewrite: Rewrite, stamps: Mapping[str, Stamp]
) -> None:
    """Bring the index up to what was written.

    Args:
        home: the home folder.
        catalog: the index, as it was before.
        rewrite: what was written.
        stamps: path within the home to the stamp of what was written.
    """
    with catalog.changing():
        for path, content in rewrite.contents.items():
            shape = catalog.shape(path)
            if content is None:
                catalog.drop(path)
            # A file that had no calendar in it was written from nothing.
            elif shape is None or shape.tail < 0:
                catalog.put(path, stamps[path], scan(content) or EMPTY)
            else:
                # From the end of the file, as `splice` wants them.
                cuts = [_cut(swap) for swap in reversed(rewrite.swaps[path])]
                catalog.splice(path, stamps[path], cuts)
        catalog.note_folders(stamps_of(home, catalog.folders()))


def _cut(swap: Swap) -> tuple[int, int, list[FilePart]]:
    content = bytes_of(swap.new)
    kind = "VTIMEZONE" if swap.zone else "VEVENT"
    parts = [read_part(content, kind)] if content else []
    return swap.at, len(bytes_of(swap.old)), parts
