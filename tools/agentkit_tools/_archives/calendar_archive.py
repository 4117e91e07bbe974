"""A calendar file taken in: its events and to-dos, each once, in one change.

An event whose UID is on the calendar already is known, and stays as it is there. One
without a UID gets one that is made of its text, so that it is known the next time.
"""

from __future__ import annotations

from collections.abc import Iterable

from agentkit import Context, ToolError
from agentkit_tools._archives.arrival import Arrival
from agentkit_tools._open_reminders import reminders_file
from agentkit_tools._store.almanac import Almanac
from agentkit_tools._store.blocks import Block, Blocks, known_uid, split_blocks
from agentkit_tools._store.card_files import free_name
from agentkit_tools._store.edits import zones_named
from agentkit_tools._store.folder import FOLDER, SINGLE
from agentkit_tools._store.ics import HEAD, TAIL, change_ics, is_readable, read_ics
from agentkit_tools._store.octets import bytes_of, text_of, unfolded
from agentkit_tools._store.scan import scan

# Characters of a title in a fault.
_TITLE = 60


def take_in_calendar(content: bytes, name: str, context: Context) -> Arrival:
    """Take a calendar file into the home.

    Args:
        content: the file.
        name: what it is called, for the file that holds its events.
        context: the home.

    Raises:
        ToolError: it is no calendar.
        StoreError: the home cannot be read or written.
    """
    blocks, arrival = split_blocks(text_of(content)), Arrival()
    parts = blocks.of("VEVENT", "VTODO")
    if not parts and "VCALENDAR" not in blocks.text[:2000].upper():
        raise ToolError(f"{name} is no calendar file: it has no VCALENDAR in it.")
    _take_in_events(blocks, name, context, arrival)
    _take_in_todos(blocks, context, arrival)
    return arrival


def sound_events(blocks: Blocks, arrival: Arrival) -> list[Block]:
    """Return the events whose structure and time can be read; note the others."""
    sound: list[Block] = []
    for block in blocks.of("VEVENT"):
        fault = _why_unread(block)
        if fault:
            arrival.fault(f"{_title(block)}: {fault}")
        else:
            sound.append(_with_uid(block))
    return sound


def _take_in_events(
    blocks: Blocks, name: str, context: Context, arrival: Arrival
) -> None:
    almanac = Almanac(context.home, context.now)
    there = set(almanac.digests())
    new: list[Block] = []
    # The exceptions of a new series are new with it: `there` does not grow.
    for block in sound_events(blocks, arrival):
        if block.uid in there:
            arrival.known += 1
        else:
            new.append(block)
    if not new:
        return
    zones = zones_of(blocks)
    saved = almanac.change(
        # One change, so that one undo takes all of it back.
        (),
        lambda own: own.added(*zones, *new),
        into=_file(name, context),
    )
    arrival.events = len(new)
    arrival.undos += [saved.undo] if saved.undo else []
    arrival.warning = saved.warning


def _file(name: str, context: Context) -> str:
    """Name the file for new events: one for all, as they came."""
    if not (context.home / FOLDER).is_dir():
        return SINGLE
    return free_name(context.home, FOLDER, name, kind="calendar", suffix=".ics")


def zones_of(blocks: Blocks) -> list[Block]:
    """Return the time zones of a file, the first of each name."""
    zones: dict[str, Block] = {}
    for zone in blocks.of("VTIMEZONE"):
        if zone.whole:
            zones.setdefault(zone.value("TZID"), zone)
    return list(zones.values())


def _take_in_todos(blocks: Blocks, context: Context, arrival: Arrival) -> None:
    path = reminders_file(context)
    known = {block.uid for block in read_ics(path, context.now).blocks.of("VTODO")}
    new: list[Block] = []
    for block in blocks.of("VTODO"):
        if not block.whole or not is_readable(block):
            arrival.fault(f"{_title(block)}: it cannot be read")
        elif (own := _with_uid(block)).uid in known:
            arrival.known += 1
        else:
            new.append(own)
    if new:
        zones = _needed(zones_of(blocks), new)
        saved = change_ics(path, context.now, lambda own: own.added(*zones, *new))
        arrival.todos = len(new)
        arrival.undos += [saved.undo] if saved.undo else []


def _needed(zones: Iterable[Block], entries: Iterable[Block]) -> list[Block]:
    named = zones_named(entry.text for entry in entries)
    return [zone for zone in zones if zone.value("TZID") in named]


def _why_unread(block: Block) -> str:
    scanned = scan(bytes_of(f"{HEAD}{block.text}{TAIL}")) if block.whole else None
    if scanned is None or len(scanned.parts) != 1:
        return "it is cut off or damaged"
    return "" if scanned.parts[0].span else "its time cannot be read"


def _title(block: Block) -> str:
    title = " ".join(unfolded(block.value("SUMMARY")).split())[:_TITLE]
    return f"“{title}”" if title else "an entry without a title"


def _with_uid(block: Block) -> Block:
    if block.uid:
        return block
    return block.rewritten(("UID",), f"UID:{known_uid(block)}\r\n")
