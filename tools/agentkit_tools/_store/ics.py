"""One .ics file: read, mended when damaged, and changed under the home's lock."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from agentkit_tools._store.blocks import Block, Blocks, split_blocks
from agentkit_tools._store.changes import note_change
from agentkit_tools._store.files import keep_aside, locked, read_bytes, write_atomic
from agentkit_tools._store.foreign_lines import readable
from agentkit_tools._store.octets import bytes_of, text_of
from agentkit_tools._store.scan import scan

HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//agentkit//personal tools//EN\r\n"
TAIL = "END:VCALENDAR\r\n"
# Disks that were full or cut off leave zeros at the end of a file.
_BLANK = " \t\r\n\0"
# An event with a fault in one of these would be shown at a wrong time, or not at all.
_VITAL = {"DTSTART", "DTEND", "DUE", "DURATION", "RRULE", "RECURRENCE-ID", "EXDATE"}
_KINDS = ("VEVENT", "VTODO", "VJOURNAL", "VTIMEZONE", "VFREEBUSY", "VALARM")


@dataclass(frozen=True, slots=True)
class IcsShelf:
    """What one file holds.

    Attributes:
        blocks: its components as they are written.
        warning: what could not be read and where it was kept; empty when all is well.
    """

    blocks: Blocks
    warning: str = ""


def read_ics(path: Path, now: datetime) -> IcsShelf:
    """Read a file; a damaged one is kept aside and its readable part served.

    Raises:
        StoreError: it is there and cannot be read.
    """
    content = read_bytes(path)
    # An empty file is what some programs leave; nothing in it is lost.
    if content is None or not content.strip():
        return IcsShelf(split_blocks(HEAD + TAIL))
    shelf = _sound(content)
    return shelf or _mend(path, now)


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of a change.

    Attributes:
        undo: what the change is undone by; empty when nothing changed.
        warning: what of the file could not be read.
    """

    undo: str
    warning: str = ""


def change_ics(
    path: Path,
    now: datetime,
    edit: Callable[[Blocks], Blocks],
    queued: Iterable[str] = (),
) -> Saved:
    """Change a file under the home's lock, and keep what undoes it.

    Args:
        path: the file.
        now: the clock.
        edit: makes its new blocks of the old ones.
        queued: names of files in the outbox that belong to the change.

    Raises:
        StoreError: it cannot be read or written; nothing was changed.
    """
    with locked(path.parent):
        shelf = read_ics(path, now)
        changed = edit(shelf.blocks)
        # An edit that returns what it got changes nothing, and there is no undo.
        if changed is shelf.blocks:
            return Saved("", shelf.warning)
        undo = note_change(path, shelf.blocks, changed, queued)
        write_atomic(path, bytes_of(changed.text))
        return Saved(undo, shelf.warning)


def parse(blocks: Blocks) -> Any:
    """Parse a file's blocks with icalendar, as one Calendar."""
    from icalendar import Calendar

    return Calendar.from_ical(HEAD + readable(blocks.items) + TAIL)


def _sound(content: bytes) -> IcsShelf | None:
    """Return the file as it is when every component in it can be read."""
    try:
        blocks = split_blocks(text_of(content))
        complete = all(item.whole for item in blocks.items) and _closed(blocks)
        faulty = complete and any(map(_is_faulty, parse(blocks).walk()))
    except ValueError:
        return None
    return IcsShelf(blocks) if complete and not faulty else None


def _closed(blocks: Blocks) -> bool:
    """Whether the lines outside of the components are those of a calendar."""
    outside = [item.text.strip() for item in blocks.items if not item.kind]
    lines = [line.lstrip("\ufeff") for line in outside if line]
    begun = sum(line.upper() == "BEGIN:VCALENDAR" for line in lines)
    ended = sum(line.upper() == "END:VCALENDAR" for line in lines)
    # A line of a property, or one that is folded.
    property_like = re.compile(r"[A-Za-z0-9-]+[;:]|[ \t]")
    shaped = all(
        property_like.match(item.text.lstrip("\ufeff"))
        for item in blocks.items
        if item.text.strip(_BLANK)
    )
    # Components without a calendar around them are what some programs export.
    framed = begun >= 1 or any(item.kind for item in blocks.items)
    return begun == ended and framed and shaped


def _is_faulty(component: Any) -> bool:
    return any(name in _VITAL for name, _ in component.errors)


def _mend(path: Path, now: datetime) -> IcsShelf:
    """Keep the damaged file aside and put what is readable in its place."""
    with locked(path.parent):
        content = read_bytes(path) or b""
        # Read again under the lock: another program may have mended it.
        shelf = _sound(content) if content.strip() else None
        return shelf or _put_aside(path, content, now, is_readable)


def mend(path: Path, now: datetime) -> str:
    """Keep a file of damaged structure aside, and its whole entries in its place.

    To be called under the home's lock.

    Returns:
        What could not be read and where it was kept.

    Raises:
        StoreError: it cannot be read or written.
    """
    content = read_bytes(path) or b""
    return _put_aside(path, content, now, _is_whole).warning


def _put_aside(
    path: Path, content: bytes, now: datetime, readable: Callable[[Block], bool]
) -> IcsShelf:
    found = split_blocks(text_of(content))
    parts = [item for item in found.items if item.kind]
    good = [item for item in parts if readable(item)]
    whole = Blocks((Block("", HEAD), *good, Block("", TAIL)))
    # The damaged bytes first: whatever happens now, they are kept.
    target = keep_aside(path, now)
    write_atomic(path, bytes_of(whole.text))
    lost = len(parts) - len(good)
    kept = sum(item.kind != "VTIMEZONE" for item in good)
    told = (
        f"{lost or 'some'} of its entries could not be read, {kept} could"
        if kept
        else "nothing in it could be read"
    )
    return IcsShelf(
        whole,
        f"{path.name} was damaged: {told}. The damaged file is kept as {target.name}.",
    )


def _is_whole(block: Block) -> bool:
    if not block.whole or block.kind not in _KINDS:
        return False
    return scan(bytes_of(f"{HEAD}{block.text}{TAIL}")) is not None


def is_readable(block: Block) -> bool:
    """Whether a component is whole, and the times in it can be read."""
    if not block.whole or block.kind not in _KINDS:
        return False
    try:
        return not any(map(_is_faulty, parse(Blocks((block,))).walk()))
    except ValueError:
        return False
