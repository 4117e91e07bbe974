"""What the calendar and invite tools answer, and how it is said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from agentkit import Context
from agentkit_tools._people import names_of
from agentkit_tools._phrases import (
    bullets,
    counted,
    listed,
    paragraphs,
    phrase,
    say_length,
    say_stretch,
)
from agentkit_tools._store.agenda import Agenda
from agentkit_tools._store.event_components import Occurrence


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event of the calendar.

    Attributes:
        start: ISO 8601, with offset; a bare date for an all-day event.
        end: the same; empty when the event has no end.
        when: the time as a person reads it.
        length: how long it lasts, as a person reads it; empty for whole days.
        attendees: names of the user's contacts, addresses of others.
        repeats: daily, weekly ...; empty for a single event.
    """

    title: str
    start: str
    end: str
    when: str
    length: str = ""
    all_day: bool = False
    location: str = ""
    attendees: list[str]
    repeats: str = ""
    note: str = ""
    uid: str = ""
    warning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventChange:
    """What was done to an event.

    Attributes:
        told: how many messages about it wait in the outbox.
    """

    event: Event
    did: str
    told: int = 0
    undo: str = ""
    warning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingInvite:
    """An invitation that waits in the outbox."""

    event: Event
    to: list[str]
    file: str
    source: str = ""
    undo: str = ""
    warning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A stretch of time without events."""

    start: str
    end: str
    when: str
    length: str
    warning: str = ""


def say_event(event: Event) -> str:
    """Say one event."""
    return f"{event.title}, {event.when}{_where(event)}"


def _where(event: Event) -> str:
    return phrase(" at {place}", place=event.location) if event.location else ""


def _say_fully(event: Event) -> str:
    """Say one event with its length, its people and its notes."""
    names = listed(event.attendees)
    people = phrase(", with {people}", people=names) if names else ""
    often = f", {phrase(event.repeats)}" if event.repeats else ""
    length = f" ({event.length})" if event.length else ""
    where = _where(event)
    note = f"\n{event.note}" if event.note else ""
    return f"{event.title}, {event.when}{length}{often}{where}{people}.{note}"


def say_events(events: list[Event]) -> str:
    """Say what is on the calendar."""
    if not events:
        return phrase("Nothing on the calendar.")
    if len(events) == 1:
        return paragraphs(_say_fully(events[0]), events[0].warning)
    lines = bullets([say_event(event) for event in events])
    return paragraphs(f"{counted(len(events), 'event')}:\n{lines}", events[0].warning)


def say_change(change: EventChange) -> str:
    """Say what was done."""
    told = phrase("; a message to those who take part waits in the outbox")
    said = phrase(
        "{did} “{title}”, {when}{told}.",
        did=phrase(change.did),
        title=change.event.title,
        when=change.event.when,
        told=told if change.told else "",
    )
    return paragraphs(said, change.warning)


def say_answered(change: EventChange) -> str:
    """Say what was answered."""
    said = phrase(
        "{did} “{title}”, {when}; the answer waits in the outbox.",
        did=phrase(change.did),
        title=change.event.title,
        when=change.event.when,
    )
    return paragraphs(said, change.warning)


def say_invite(invite: WaitingInvite) -> str:
    """Say who was invited to what."""
    origin = phrase(" (from {source})", source=invite.source) if invite.source else ""
    said = phrase(
        "Invited {people} to “{title}”, {when}{origin}; the invite waits in the outbox.",
        people=listed(invite.to),
        title=invite.event.title,
        when=invite.event.when,
        origin=origin,
    )
    return paragraphs(said, invite.warning)


def say_gaps(gaps: list[Gap]) -> str:
    """Say when there is time."""
    if not gaps:
        return phrase("No free time then.")
    lines = [f"{gap.when} ({gap.length})" for gap in gaps]
    return paragraphs(
        phrase("You are free {times}.", times=listed(lines)), gaps[0].warning
    )


def say_slots(gaps: list[Gap]) -> str:
    """Say which times suit."""
    if not gaps:
        return phrase("There is no time then at which all are free.")
    lines = bullets([gap.when for gap in gaps])
    return paragraphs(phrase("All are free at:") + f"\n{lines}", gaps[0].warning)


def shown_event(item: Occurrence, context: Context, warning: str = "") -> Event:
    """Turn an occurrence into what the tools answer."""

    def iso(moment: datetime) -> str:
        return moment.date().isoformat() if item.all_day else moment.isoformat()

    return Event(
        title=item.title,
        start=iso(item.start),
        end=iso(item.end) if item.has_end else "",
        when=say_stretch(item.start, item.end, context.now, all_day=item.all_day),
        # Nobody says that a birthday lasts a day.
        length=say_length(item.end - item.start) if _lasts(item) else "",
        all_day=item.all_day,
        location=item.location,
        attendees=list(item.guests),
        repeats=item.rule.lower(),
        note=item.note,
        uid=item.uid,
        warning=warning,
    )


def shown_events(
    items: Sequence[Occurrence], context: Context, warning: str
) -> list[Event]:
    """Turn occurrences into what the tools answer; of one alone, people by their names."""
    events = [shown_event(item, context) for item in items]
    if len(events) == 1:
        # Of one alone, as reading the address book for a list would cost more than it
        # tells.
        named = names_of(events[0].attendees, context)
        return [replace(events[0], attendees=named, warning=warning)]
    # Said once, with the first.
    return [replace(one, warning=warning) for one in events[:1]] + events[1:]


def _lasts(item: Occurrence) -> bool:
    return item.has_end and not item.all_day


def changed(
    agenda: Agenda, item: Occurrence, did: str, context: Context
) -> EventChange:
    """Return what was done to an event of the calendar, as the tools answer."""
    return EventChange(
        event=shown_event(item, context),
        did=did,
        told=len(agenda.queued),
        undo=agenda.undo,
        warning=agenda.warning(item),
    )


def shown_gaps(
    found: Iterable[tuple[datetime, datetime]], context: Context, warning: str
) -> list[Gap]:
    """Turn stretches of free time into what the tools answer."""
    return [
        Gap(
            start=start.isoformat(),
            end=end.isoformat(),
            when=say_stretch(start, end, context.now),
            length=say_length(end - start),
            warning=warning,
        )
        for start, end in found
    ]


State = Literal["waiting", "update", "cancellation", "answer", "proposal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A meeting about which somebody wants something of the user.

    Attributes:
        state: `waiting` is an invite without an answer; an update, a cancellation and
            a guest's answer would change the calendar; a proposal is another time.
        by: e-mail address that it comes from.
        start: ISO 8601; a bare date when it lasts all day.
        when: the same as a person reads it.
        text: what it says, in a few words.
    """

    state: State
    title: str
    by: str
    start: str
    when: str
    uid: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What was taken over from an invite mail."""

    title: str
    did: str
    undo: str = ""


_WORDS: dict[State, str] = {
    "waiting": "waits for your answer",
    "update": "was changed by its organizer",
    "cancellation": "was called off by its organizer",
    "answer": "was answered by a guest",
    "proposal": "a guest suggests another time",
}


def words_of(state: State) -> str:
    """Name a state in words."""
    return phrase(_WORDS[state])


def say_pending(found: list[Pending]) -> str:
    """Say what waits for the user."""
    if not found:
        return phrase("No invite waits for you.")
    lines = [
        f"{one.title}, {one.when}"
        + phrase(" (from {source})", source=one.by or phrase("nobody"))
        + f": {one.text}"
        for one in found
    ]
    return f"{counted(len(found), 'invite')}:\n{bullets(lines)}"


def say_applied(done: Applied) -> str:
    """Say what was taken over."""
    return paragraphs(phrase("“{title}”: {did}", title=done.title, did=done.did))
