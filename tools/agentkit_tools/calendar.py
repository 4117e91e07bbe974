"""Calendar tools: find, create, move and cancel events, free time, invites."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Literal

from agentkit import (
    Contact,
    Context,
    CorruptStore,
    Duration,
    InputNeeded,
    ToolError,
    When,
    tool,
)
from agentkit_tools._choosing import pick_event
from agentkit_tools._people import resolve_guests
from agentkit_tools._phrases import listed, say_length, say_stretch
from agentkit_tools._results.events import (
    Change,
    Event,
    Gap,
    Invite,
    say_change,
    say_events,
    say_gaps,
    say_invite,
    shown_event,
)
from agentkit_tools._sentences import sentences
from agentkit_tools._store.agenda import Agenda
from agentkit_tools._store.drafts import Draft
from agentkit_tools._store.outbox import queue_invite, withdrawn_on_error
from agentkit_tools._store.series import Scope
from agentkit_tools._store.zones import later

_SAY = sentences("calendar")
_HOUR = timedelta(hours=1)


@tool(
    effect="read",
    personal=True,
    untrusted=True,
    examples=_SAY["find_events"],
    wording=say_events,
)
def find_events(
    context: Context, when: When | None = None, query: str = "", person: str = ""
) -> list[Event]:
    """Look up events, meetings and appointments in the calendar.

    Args:
        when: day or time span to look at; what comes next when left out.
        query: words in the title, place or notes.
        person: name or e-mail address of somebody who takes part.
    """
    agenda = Agenda.read(context)
    found = agenda.find(when, query, person)
    if agenda.damage and not found:
        raise CorruptStore(agenda.damage)
    events = [shown_event(item, context) for item in found]
    if events:
        events[0] = replace(events[0], warning=agenda.warning(*found))
    return events


def _draft(
    context: Context,
    title: str,
    start: When,
    duration: Duration | None,
    location: str = "",
) -> Draft:
    all_day = start.all_day and duration is None
    begin = start.start if all_day else later(start.start, timedelta())
    end = later(begin, duration.delta) if duration else start.until
    if end <= begin:
        end = later(begin, _HOUR)
    return Draft(
        title=title.strip(),
        start=begin,
        end=end,
        all_day=all_day,
        location=location.strip(),
        organizer=(context.user_name, context.user_email),
    )


def _say_draft(draft: Draft, context: Context) -> str:
    end = draft.end or draft.start
    when = say_stretch(draft.start, end, context.now, all_day=draft.all_day)
    place = f", {draft.location}" if draft.location else ""
    return f"“{draft.title}”, {when}{place}"


def _preview_create(
    context: Context,
    title: str,
    start: When,
    duration: Duration | None,
    location: str,
    attendees: list[Contact] | None,
    repeat: str | None,
) -> str:
    draft = _draft(context, title, start, duration, location)
    often = f", {repeat}" if repeat else ""
    known = resolve_guests(attendees, "attendees", context)
    guests = listed([guest.shown for guest in known])
    people = f", with {guests}" if guests else ""
    return f"Add {_say_draft(draft, context)}{often}{people} to the calendar."


@tool(
    effect="write",
    examples=_SAY["create_event"],
    wording=say_change,
    preview=_preview_create,
)
def create_event(
    context: Context,
    title: str,
    start: When,
    duration: Duration | None = None,
    location: str = "",
    attendees: list[Contact] | None = None,
    repeat: Literal["daily", "weekly", "monthly", "yearly"] | None = None,
) -> Change:
    """Add an event, meeting or appointment to the calendar.

    Args:
        title: what the event is called.
        start: when it begins.
        duration: how long it lasts; an hour when left out.
        location: where it takes place.
        attendees: people who take part.
        repeat: how often it comes back.
    """
    guests = resolve_guests(attendees, "attendees", context)
    draft = replace(
        _draft(context, title, start, duration, location),
        guests=tuple((guest.name, guest.email) for guest in guests),
        rule=f"FREQ={repeat.upper()}" if repeat else "",
    )
    agenda = Agenda.read(context)
    item = agenda.add(draft)
    return Change(
        event=shown_event(item, context), did="Added", warning=agenda.warning(item)
    )


_WHICH: dict[Scope, str] = {
    "this": " (this time only)",
    "this_and_following": " (this and all following times)",
    "all": " (all times)",
}


def _preview_move(
    context: Context, title: str, to: When, when: When | None, scope: Scope
) -> str:
    agenda = Agenda.read(context)
    item = pick_event(agenda, title, when, context)
    moved = agenda.moved(item, to)
    target = say_stretch(moved.start, moved.end, context.now, all_day=moved.all_day)
    now = say_stretch(item.start, item.end, context.now, all_day=item.all_day)
    which = _WHICH[scope] if item.rule else ""
    return f"Move “{item.title}” from {now} to {target}{which}."


@tool(
    effect="write",
    examples=_SAY["move_event"],
    wording=say_change,
    preview=_preview_move,
)
def move_event(
    context: Context,
    title: str,
    to: When,
    when: When | None = None,
    scope: Scope = "this",
) -> Change:
    """Move or reschedule an event to another time; its length stays.

    Args:
        title: words of the event's title.
        to: the new day or time.
        when: when it takes place now, to tell it from others.
        scope: which times of a repeating event.
    """
    agenda = Agenda.read(context)
    item = agenda.move(pick_event(agenda, title, when, context), to, scope)
    return Change(
        event=shown_event(item, context), did="Moved", warning=agenda.warning(item)
    )


def _preview_cancel(
    context: Context, title: str, when: When | None, scope: Scope
) -> str:
    item = pick_event(Agenda.read(context), title, when, context)
    time = say_stretch(item.start, item.end, context.now, all_day=item.all_day)
    which = _WHICH[scope] if item.rule else ""
    return f"Cancel “{item.title}”, {time}{which}."


@tool(
    effect="delete",
    examples=_SAY["cancel_event"],
    wording=say_change,
    preview=_preview_cancel,
)
def cancel_event(
    context: Context, title: str = "", when: When | None = None, scope: Scope = "this"
) -> Change:
    """Cancel an event: take it off the calendar.

    Args:
        title: words of the event's title.
        when: when it takes place.
        scope: which times of a repeating event.
    """
    agenda = Agenda.read(context)
    item = pick_event(agenda, title, when, context)
    agenda.cancel(item, scope)
    return Change(
        event=shown_event(item, context), did="Cancelled", warning=agenda.warning(item)
    )


def _preview_invite(
    context: Context,
    title: str,
    start: When,
    attendees: list[Contact],
    duration: Duration | None,
    location: str,
    note: str,
    source: str,
) -> str:
    draft = _draft(context, title, start, duration, location)
    people = resolve_guests(attendees, "attendees", context)
    guests = listed([guest.shown for guest in people])
    origin = f" (from {source})" if source else ""
    words = f" with the note “{note}”" if note else ""
    return f"Invite {guests} to {_say_draft(draft, context)}{words}{origin}."


@tool(
    effect="send",
    examples=_SAY["send_invite"],
    wording=say_invite,
    preview=_preview_invite,
)
def send_invite(
    context: Context,
    title: str,
    start: When,
    attendees: list[Contact],
    duration: Duration | None = None,
    location: str = "",
    note: str = "",
    source: str = "",
) -> Invite:
    """Send a calendar invite: the event goes on the calendar and to the people.

    Args:
        title: what the event is called.
        start: when it begins.
        attendees: who is invited.
        duration: how long it lasts; an hour when left out.
        location: where it takes place.
        note: words to go with the invite.
        source: the message that it was arranged in.
    """
    guests = resolve_guests(attendees, "attendees", context)
    if not guests:
        raise InputNeeded("attendees", "Who shall be invited?")
    if not context.user_email:
        raise ToolError(
            "An invite needs the address it comes from: set `email` in agentkit.toml."
        )
    draft = replace(
        _draft(context, title, start, duration, location),
        guests=tuple((guest.name, guest.email) for guest in guests),
        note=note,
        uid=str(uuid.uuid4()),
    )
    agenda = Agenda.read(context)
    file = queue_invite(context.home, draft, context.now)
    with withdrawn_on_error(file):
        item = agenda.add(draft)
    return Invite(
        event=shown_event(item, context),
        to=[guest.shown for guest in guests],
        file=f"outbox/{file.name}",
        source=source,
        warning=agenda.warning(item),
    )


@tool(effect="read", personal=True, examples=_SAY["free_time"], wording=say_gaps)
def free_time(
    context: Context, when: When | None = None, duration: Duration | None = None
) -> list[Gap]:
    """Find when the calendar is free.

    Args:
        when: day or time span to look at; today when left out.
        duration: how long the free time has to be.
    """
    agenda = Agenda.read(context)
    least = duration.delta if duration else timedelta(minutes=30)
    return [
        Gap(
            start=start.isoformat(),
            end=end.isoformat(),
            when=say_stretch(start, end, context.now),
            length=say_length(end - start),
            warning=agenda.warning(),
        )
        for start, end in agenda.gaps(when, least)
    ]
