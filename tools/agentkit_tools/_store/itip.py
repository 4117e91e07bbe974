"""Scheduling messages (RFC 5546): REQUEST, REPLY, CANCEL and COUNTER, as text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from agentkit import ToolError, in_effect, make_folder
from agentkit_tools._phrases import phrase
from agentkit_tools._store.blocks import Block, Blocks, split_blocks
from agentkit_tools._store.change_sets import queue_mark
from agentkit_tools._store.edits import zones_named
from agentkit_tools._store.event_components import people_of
from agentkit_tools._store.files import open_home, told, write_atomic
from agentkit_tools._store.foreign_lines import as_named
from agentkit_tools._store.ics import HEAD, TAIL, parse
from agentkit_tools._store.octets import bytes_of, is_guessed, unfolded

Method = Literal["REQUEST", "REPLY", "CANCEL", "COUNTER"]
Answer = Literal["ACCEPTED", "DECLINED", "TENTATIVE", "NEEDS-ACTION"]
_METHODS: dict[str, Method] = {
    "REQUEST": "REQUEST",
    "REPLY": "REPLY",
    "CANCEL": "CANCEL",
    "COUNTER": "COUNTER",
}
# The value at the end: parameters such as SENT-BY hold an address too.
_PERSON = re.compile(r"mailto:\s*([^\s\":]+)\s*$", re.I)
# How a server is to send, and what came of it: nobody else's business.
_SERVER = re.compile(
    r";SCHEDULE-(?:AGENT|STATUS|FORCE-SEND)=(?:\"[^\"]*\"|[^;:]*)", re.I
)
# Characters. An invite has a few thousand; a larger one would only cost time to read.
_LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Scheduling:
    """A scheduling message of somebody.

    Attributes:
        blocks: its events, and the time zones that they need.
    """

    method: Method
    blocks: Blocks

    @property
    def events(self) -> tuple[Block, ...]:
        """The events it is about, all with one UID."""
        return self.blocks.of("VEVENT")


def read_scheduling(text: str) -> Scheduling:
    """Read a scheduling message that somebody sent.

    Raises:
        ToolError: it is none, or cannot be understood.
    """
    if len(text) > _LARGEST:
        raise ToolError(phrase("The invite is too large to be one."))
    blocks = split_blocks(text)
    outside = "".join(item.text for item in blocks.items if not item.kind)
    found = re.search(r"(?im)^METHOD:\s*([A-Z]+)\s*$", outside)
    method = _METHODS.get(found[1].upper()) if found else None
    events = blocks.of("VEVENT")
    if method is None or not events or not all(event.whole for event in events):
        raise ToolError(
            phrase("That is no invite: it has no METHOD, or no whole event.")
        )
    # One message is about one event (RFC 5546, 3.2).
    if len({event.uid for event in events}) != 1 or not events[0].uid:
        raise ToolError(
            phrase("The invite is about several events, or about none by name.")
        )
    try:
        parse(blocks)
    except ValueError as exc:
        raise ToolError(phrase("The invite cannot be read: {why}.", why=exc)) from exc
    return Scheduling(method, blocks)


def scheduling(method: Method, blocks: Blocks, events: Iterable[Block]) -> str:
    """Write a scheduling message, own alarms left out, needed time zones put in."""
    inner = "".join(_in_utf8(_for_others(event.bare())) for event in events)
    needed = zones_named([inner])
    zones = (
        zone.text for zone in blocks.of("VTIMEZONE") if zone.value("TZID") in needed
    )
    return f"{HEAD}METHOD:{method}\r\n{''.join(zones)}{inner}{TAIL}"


def _in_utf8(event: Block) -> str:
    """Write an event of which others shall not have to guess the charset."""
    if not is_guessed(event.text):
        return event.text
    lines = unfolded(event.text).splitlines()
    return "".join(map(_folded, lines))


def _for_others(event: Block) -> Block:
    """Leave out what is between the user and a calendar server (RFC 6638, 7)."""
    for name in ("ORGANIZER", "ATTENDEE"):
        lines = event.lines(name)
        bare = [_SERVER.sub("", line) for line in lines]
        if bare != lines:
            event = event.rewritten([name], "".join(map(_folded, bare)))
    return event


def cancelled(event: Block, sequence: int, now: datetime, key: Any = None) -> Block:
    """Return what tells guests that an event, or one time of it, is off."""
    from icalendar import Event

    fresh: Any = Event()
    fresh.add("dtstamp", now.astimezone(UTC))
    fresh.add("sequence", sequence)
    fresh.add("status", "CANCELLED")
    if key is not None:
        fresh.add("recurrence-id", key)
    # A cancellation says nothing of the rule: it is about all of the event, or one
    # time.
    names = ["DTSTAMP", "SEQUENCE", "STATUS", "RRULE", "RDATE", "EXDATE"]
    lines = as_named(fresh.to_ical().decode()).splitlines(keepends=True)[1:-1]
    names += ["RECURRENCE-ID"] if key is not None else []
    return event.bare().rewritten(names, "".join(lines))


def answered(event: Block, address: str, answer: Answer) -> Block:
    """Write a guest's answer into an event; its other lines stay as written."""
    lines = [
        _with_answer(line, answer) if _is(line, address) else line
        for line in event.lines("ATTENDEE")
    ]
    return event.rewritten(["ATTENDEE"], "".join(map(_folded, lines)))


def with_guests(
    event: Block,
    added: Iterable[tuple[str, str]],
    gone: Iterable[str],
    host: tuple[str, str],
) -> Block:
    """Put guests on an event and take others off; the rest stays as written.

    Args:
        event: the event.
        added: name and e-mail address of each new guest.
        gone: addresses of those who are no guests any more.
        host: name and address of who invites, where nobody does so yet.
    """
    from icalendar import Event

    off = {address.casefold() for address in gone}
    known = set(guests(event))
    new = [person for person in added if person[1].casefold() not in known]
    fresh: Any = Event()
    for name, person in people_of(new, ("", "") if organizer(event) else host):
        fresh.add(name, person)
    lines = fresh.to_ical().decode().splitlines(keepends=True)[1:-1]
    kept = [line for line in event.lines("ATTENDEE")
            if not any(_is(line, address) for address in off)]  # fmt: skip
    return event.rewritten(["ATTENDEE"], "".join([*map(_folded, kept), *lines]))


def reply(
    event: Block, address: str, answer: Answer, now: datetime, comment: str = ""
) -> Block:
    """Return a guest's answer as a component of its own (RFC 5546, 3.2.3)."""
    from icalendar import vText

    told = answered(event, address, answer)
    mine = [line for line in told.lines("ATTENDEE") if _is(line, address)]
    # What RFC 5546 wants in a reply, and the title for whoever reads the mail.
    kept = ("UID", "ORGANIZER", "SEQUENCE", "RECURRENCE-ID", "SUMMARY", "DTSTART")
    lines = [line for name in kept for line in event.lines(name)]
    lines += [*mine, f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"]
    if comment.strip():
        lines.append(f"COMMENT:{vText(_one_line(comment)).to_ical().decode()}")
    text = "".join(map(_folded, lines))
    return Block("VEVENT", f"BEGIN:VEVENT\r\n{text}END:VEVENT\r\n")


def counter(
    event: Block, address: str, times: Iterable[tuple[str, Any]], now: datetime,
    comment: str = "",
) -> Block:  # fmt: skip
    """Return a guest's proposal of another time (RFC 5546, 3.2.7)."""
    from icalendar import Event

    fresh: Any = Event()
    fresh.add("dtstamp", now.astimezone(UTC))
    for name, value in times:
        fresh.add(name, value)
    if comment.strip():
        fresh.add("comment", _one_line(comment))
    names = ("DTSTAMP", "DTSTART", "DTEND", "DURATION", "ATTENDEE")
    mine = [line for line in event.lines("ATTENDEE") if _is(line, address)]
    lines = as_named(fresh.to_ical().decode()).splitlines(keepends=True)[1:-1]
    return event.bare().rewritten(names, "".join([*lines, *map(_folded, mine)]))


def organizer(event: Block) -> str:
    """Return the organizer's address, folded; empty when there is none."""
    return next(iter(_addresses(event, "ORGANIZER")), "")


def guests(event: Block) -> list[str]:
    """Return the guests' addresses, folded."""
    return _addresses(event, "ATTENDEE")


def answer_of(event: Block, address: str) -> str:
    """Return what a guest has answered: ACCEPTED ...; empty when not a guest."""
    line = next((one for one in event.lines("ATTENDEE") if _is(one, address)), "")
    found = re.search(r";PARTSTAT=\"?([A-Za-z-]+)", line, re.I)
    # A guest without PARTSTAT has not answered (RFC 5545, 3.2.12).
    return found[1].upper() if found else "NEEDS-ACTION" if line else ""


def queue_scheduling(home: Path, uid: str, text: str, now: datetime) -> Path:
    """Put a scheduling message into the outbox under a name of its own.

    Raises:
        StoreError: it cannot be written.
    """
    folder = open_home(home) / "outbox"
    with told(folder, "make the folder"):
        make_folder(folder)
    safe = re.sub(r"[^A-Za-z0-9.-]", "-", uid)[:80]
    # By the mark, a call that is tried again finds its own mails.
    safe += f"-{queue_mark()}" if in_effect() else ""
    stem, number = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{safe}", 1
    path = folder / f"{stem}.ics"
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}.ics"
    write_atomic(path, bytes_of(text))
    return path


def _addresses(event: Block, name: str) -> list[str]:
    found = (_PERSON.search(line) for line in event.lines(name))
    return [one[1].casefold() for one in found if one]


def _is(line: str, address: str) -> bool:
    found = _PERSON.search(line)
    return bool(found and address and found[1].casefold() == address.casefold())


def _with_answer(line: str, answer: Answer) -> str:
    # RSVP goes with the answer: no further one is wanted.
    bare = re.sub(r";(?:PARTSTAT|RSVP)=(?:\"[^\"]*\"|[^;:]*)", "", line, flags=re.I)
    return re.sub(r"^ATTENDEE", f"ATTENDEE;PARTSTAT={answer}", bare, flags=re.I)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _folded(line: str) -> str:
    # icalendar folds at 75 bytes, between characters.
    from icalendar.parser import Contentline

    folded: Any = Contentline
    return f"{folded(line).to_ical().decode()}\r\n"
