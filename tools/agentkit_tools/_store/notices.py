"""What guests and organizers have to be told of a change to the calendar."""

from __future__ import annotations

from datetime import datetime

from agentkit_tools._store.blocks import Block, Blocks
from agentkit_tools._store.event_components import Occurrence
from agentkit_tools._store.itip import (
    answer_of,
    cancelled,
    guests,
    organizer,
    reply,
    scheduling,
)

# UID of the event, and the text of the message.
Notice = tuple[str, str]


def role(blocks: Blocks, item: Occurrence, address: str) -> str:
    """Return the user's part in an event.

    Returns:
        `organizer` when others are invited by the user, `guest` when the user is,
        and nothing when nobody has to be told of a change.
    """
    me = address.casefold()
    for block in blocks.of("VEVENT"):
        if block.uid == item.uid and me:
            others = [guest for guest in guests(block) if guest != me]
            if organizer(block) == me and others:
                return "organizer"
            if organizer(block) not in ("", me) and answer_of(block, me):
                return "guest"
    return ""


def without_declined(blocks: Blocks, address: str) -> Blocks:
    """Leave out the events that the user will not come to."""
    off = {
        id(block)
        for block in blocks.of("VEVENT")
        # The text is searched first: most events have no guests.
        if "DECLINED" in block.text and answer_of(block, address) == "DECLINED"
    }
    if not off:
        return blocks
    return blocks.keeping(block for block in blocks.items if id(block) not in off)


def notices(
    before: Blocks, after: Blocks, item: Occurrence, address: str, now: datetime
) -> list[Notice]:
    """Write what has to be sent about a change that was made.

    Returns:
        UID and text of each message: a CANCEL for what is off, a REQUEST for what
        has changed, a REPLY to the organizer from a guest who will not come.
    """
    # The first guests of an event make its owner an organizer: they are told, too.
    part = role(before, item, address) or role(after, item, address)
    if part == "guest":
        return _declined(before, item, address, now)
    if part != "organizer":
        return []
    series = [block for block in before.of("VEVENT") if block.uid == item.uid]
    left = [block for block in after.of("VEVENT") if block.uid == item.uid]
    # A higher SEQUENCE, so that programs take it for newer (RFC 5546, 2.1.4).
    if not left:
        off = cancelled(series[0], _sequence(series[0]) + 1, now)
        return [(item.uid, scheduling("CANCEL", before, [off]))]
    # One time of a series: the message names it, and not the whole series.
    if _is_left_out(series, left):
        key = item.key if item.rule else None
        off = cancelled(left[0], _sequence(left[0]), now, key)
        return [(item.uid, scheduling("CANCEL", before, [off]))]
    return _requests(before, after)


def _is_left_out(series: list[Block], left: list[Block]) -> bool:
    """Whether one time more is left out of a series, and nothing else has changed."""
    named = ("DTSTART", "RRULE")
    same = all(series[0].lines(name) == left[0].lines(name) for name in named)
    skipped = len(left[0].lines("EXDATE")) > len(series[0].lines("EXDATE"))
    return same and skipped


def _requests(before: Blocks, after: Blocks) -> list[Notice]:
    known = {block.text for block in before.of("VEVENT")}
    changed: dict[str, list[Block]] = {}
    for block in after.of("VEVENT"):
        if block.text not in known:
            changed.setdefault(block.uid, []).append(block)
    return [
        (uid, scheduling("REQUEST", after, events)) for uid, events in changed.items()
    ]


def _declined(
    before: Blocks, item: Occurrence, address: str, now: datetime
) -> list[Notice]:
    own = [block for block in before.of("VEVENT") if block.uid == item.uid]
    # Who has declined before need not say so again.
    if answer_of(own[0], address) == "DECLINED":
        return []
    answer = reply(own[0], address, "DECLINED", now)
    return [(item.uid, scheduling("REPLY", before, [answer]))]


def _sequence(block: Block) -> int:
    value = block.value("SEQUENCE").strip()
    return int(value) if value.isdecimal() else 0
