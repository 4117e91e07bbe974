"""Scheduling messages of others, taken in.

What others send is taken for what it says about their own events only: an invite
changes no event of another organizer, and an answer no guest but its sender. The
sender's address is taken as given: whether a mail really comes from it is not checked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from agentkit import Context, ToolError
from agentkit_tools._phrases import phrase
from agentkit_tools._store.almanac import Almanac, Edit
from agentkit_tools._store.blocks import Block, Blocks
from agentkit_tools._store.cancellations import taken_off
from agentkit_tools._store.ics import Saved, change_ics, parse, read_ics
from agentkit_tools._store.itip import (
    Answer,
    Method,
    Scheduling,
    answer_of,
    answered,
    organizer,
    read_scheduling,
)

# "DELEGATED" (RFC 5545, 3.2.12) and what programs invent are not written down.
_KNOWN_ANSWERS: dict[str, Answer] = {
    "ACCEPTED": "ACCEPTED",
    "DECLINED": "DECLINED",
    "TENTATIVE": "TENTATIVE",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What came of a scheduling message.

    Attributes:
        did: what it is and what was done, as a person reads it.
        undo: what it is undone by; empty when nothing was changed.
    """

    method: Method
    uid: str
    title: str
    did: str
    undo: str = ""


def receive_invite(context: Context, text: str, sender: str) -> Received:
    """Take in a scheduling message (text/calendar) that somebody sent.

    A new invite waits for its answer in invites.ics; an update, a cancellation or a
    guest's answer changes the event that it is about, when its sender may do so.

    Args:
        context: the home and the clock.
        text: the message.
        sender: the e-mail address that it came from.

    Raises:
        ToolError: it is no scheduling message, or its sender may not say that.
        StoreError: a file cannot be read or written.
    """
    found = read_scheduling(text)
    place, now = _place(context, found.events[0].uid), context.now
    _check(context, found, place, sender)
    if found.method == "REQUEST":
        return _requested(found, place)
    if found.method == "CANCEL":
        if place.accepted:
            # An accepted series may have an exception that still waits: both are called
            # off.
            _called_off(found, _waiting_place(context, found.events[0].uid), now)
        return _called_off(found, place, now)
    if found.method == "COUNTER":
        return _received(found, f"{sender} suggests another time: {_starts(found)}")
    return _answer_noted(found, place, sender)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What taking in a scheduling message would change.

    Attributes:
        news: it says something that is not known yet.
        on_calendar: the event is on the user's calendar.
    """

    method: Method
    uid: str
    title: str
    news: bool
    on_calendar: bool


def weigh_invite(context: Context, text: str, sender: str) -> Weighed:
    """Tell what a scheduling message would change; nothing is changed.

    Raises:
        ToolError: it is no scheduling message, or its sender may not say that.
        StoreError: a file cannot be read.
    """
    found = read_scheduling(text)
    place = _place(context, found.events[0].uid)
    _check(context, found, place, sender)
    return Weighed(
        method=found.method,
        uid=found.events[0].uid,
        title=_title(found.events[0]),
        news=_is_news(context, found, place, sender),
        on_calendar=place.accepted,
    )


def _is_news(context: Context, found: Scheduling, place: _Place, sender: str) -> bool:
    # An invite that names others only is no news for the user.
    if found.method == "REQUEST" and not place.known:
        return bool(answer_of(found.events[0], context.user_email))
    if found.method == "REQUEST":
        return _is_newer(found.events, place.known)
    if found.method == "COUNTER":
        # A proposal for an older version of the event is out of date (RFC 5546, 3.2.7).
        return _sequence(place.known[0]) <= _sequence(found.events[0])
    if found.method == "REPLY":
        return answer_of(found.events[0], sender) != answer_of(place.known[0], sender)
    known = Blocks(tuple(place.known))
    return any(
        taken_off(known, found, event, context.now) is not known
        for event in found.events
    )


def _check(context: Context, found: Scheduling, place: _Place, sender: str) -> None:
    """Raise unless the sender may say what the message says.

    Raises:
        ToolError: they may not.
    """
    known = place.known
    if found.method in ("REQUEST", "CANCEL"):
        _check_organizer(found.events[0], known, sender)
    elif not known or organizer(known[0]) != context.user_email.casefold():
        raise ToolError(
            phrase("The answer is to no invite of yours; nothing was changed.")
        )
    elif not answer_of(known[0], sender):
        raise ToolError(
            phrase(
                "{who} is not invited to “{title}”.",
                who=sender,
                title=_title(known[0]),
            )
        )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an event is, or would wait.

    Attributes:
        known: what is there of it.
        accepted: it is on the calendar.
        save: changes it there.
    """

    known: list[Block]
    accepted: bool
    save: Callable[[Edit], Saved]


def _place(context: Context, uid: str) -> _Place:
    almanac = Almanac(context.home, context.now)
    known = own_events(almanac.events([uid]), uid)
    if known:
        return _Place(known, True, lambda edit: almanac.change([uid], edit))
    return _waiting_place(context, uid)


def _waiting_place(context: Context, uid: str) -> _Place:
    path = context.home / "invites.ics"
    waiting = own_events(read_ics(path, context.now).blocks, uid)
    return _Place(waiting, False, lambda edit: change_ics(path, context.now, edit))


def _answer_noted(found: Scheduling, place: _Place, sender: str) -> Received:
    """Write a guest's answer to the event."""
    word = answer_of(found.events[0], sender)
    told = _KNOWN_ANSWERS.get(word)
    if told is None:
        raise ToolError(
            phrase(
                "The answer of {who} is none that is known: {word!r}.",
                who=sender,
                word=word,
            )
        )

    def edit(blocks: Blocks) -> Blocks:
        for block in own_events(blocks, found.events[0].uid):
            blocks = blocks.swapped(block, answered(block, sender, told))
        return blocks

    saved = place.save(edit)
    return _received(found, f"{sender} has answered: {told.lower()}", saved)


def _requested(found: Scheduling, place: _Place) -> Received:
    """Update the event if the invite is newer; keep a new invite for an answer."""
    if place.known and not _is_newer(found.events, place.known):
        return _received(found, "An older version of an invite; nothing was changed")

    def edit(blocks: Blocks) -> Blocks:
        zones = {zone.value("TZID") for zone in blocks.of("VTIMEZONE")}
        new = [z for z in found.blocks.of("VTIMEZONE") if z.value("TZID") not in zones]
        keys = {event.value("RECURRENCE-ID") for event in found.events}
        whole = "" in keys
        for block in own_events(blocks, found.events[0].uid):
            # An invite to the whole series replaces its exceptions too.
            if whole or block.value("RECURRENCE-ID") in keys:
                blocks = blocks.swapped(block)
        return blocks.added(*new, *(event.bare() for event in found.events))

    saved = place.save(edit)
    did = (
        "The event was updated"
        if place.accepted
        else "An invite that waits for an answer"
    )
    return _received(found, did, saved)


def _called_off(found: Scheduling, place: _Place, now: datetime) -> Received:
    """Take off what the organizer has cancelled."""
    if not place.known:
        return _received(found, "A cancellation of an event that is not known")

    def edit(blocks: Blocks) -> Blocks:
        for event in found.events:
            blocks = taken_off(blocks, found, event, now)
        return blocks

    saved = place.save(edit)
    if not saved.undo:
        return _received(found, "A cancellation of what is off already", saved)
    return _received(found, "The organizer has cancelled it; it is off", saved)


def _check_organizer(event: Block, known: list[Block], sender: str) -> None:
    """Raise unless a message about an event comes from who organizes it.

    Raises:
        ToolError: it does not.
    """
    owner = organizer(event)
    if not owner or owner != sender.casefold():
        raise ToolError(
            phrase("The invite is not from its organizer {who}.", who=owner or "(-)")
        )
    # A UID is no secret: who guesses it must not take over another one's event.
    if known and organizer(known[0]) != owner:
        raise ToolError(
            phrase(
                "“{title}” is organized by somebody else; nothing was changed.",
                title=_title(known[0]),
            )
        )


def _is_newer(events: tuple[Block, ...], known: list[Block]) -> bool:
    return max(map(_version, events)) > max(map(_version, known))


def _version(block: Block) -> tuple[int, str]:
    # SEQUENCE first, then DTSTAMP, which sorts as text (RFC 5546, 2.1.5).
    return _sequence(block), block.value("DTSTAMP")


def _sequence(block: Block) -> int:
    number = block.value("SEQUENCE").strip()
    return int(number) if number.isdecimal() else 0


def _received(found: Scheduling, did: str, saved: Saved | None = None) -> Received:
    event = found.events[0]
    undo = saved.undo if saved else ""
    title = _title(event)
    return Received(
        method=found.method, uid=event.uid, title=title, did=f"{did}.", undo=undo
    )


def _starts(found: Scheduling) -> str:
    event = parse(found.blocks).walk("VEVENT")[0]
    return f"{event['DTSTART'].dt:%a %d %b %Y, %H:%M}" if "DTSTART" in event else "?"


def own_events(blocks: Blocks, uid: str) -> list[Block]:
    """Return an event's components: the series and its exceptions."""
    return [block for block in blocks.of("VEVENT") if block.uid == uid]


def _title(block: Block) -> str:
    return str(parse(Blocks((block,))).subcomponents[0].get("SUMMARY", "(no title)"))
