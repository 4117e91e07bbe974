"""Calendar tools: find, create, move and cancel events, send invites, find free time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Literal

from agentkit import (
    Contact,
    Context,
    CorruptStore,
    Duration,
    Identifier,
    InputNeeded,
    When,
    tool,
)
from agentkit_tools._cut_off_calls import settled_event, settled_invite
from agentkit_tools._event_choice import pick_event
from agentkit_tools._event_drafts import (
    draft_of,
    preview_cancel,
    preview_create,
    preview_edit,
    preview_move,
)
from agentkit_tools._event_wishes import as_wished, moved_to, wish_of
from agentkit_tools._free_time import check_free, free_stretches, slots
from agentkit_tools._pack import sentences, undo
from agentkit_tools._people import check_guests, either
from agentkit_tools._phrases import phrase, sentence
from agentkit_tools._results.event_answers import (
    Event,
    EventChange,
    Gap,
    WaitingInvite,
    changed,
    say_change,
    say_events,
    say_gaps,
    say_invite,
    say_slots,
    shown_events,
    shown_gaps,
)
from agentkit_tools._sent_invites import invite_people, preview_invite
from agentkit_tools._store.agenda import Agenda
from agentkit_tools._store.series import Scope

SETTINGS = None
_SAY = sentences("calendar")
# Free time that is too short to be of use is not named.
_HALF_HOUR = timedelta(minutes=30)


@tool(
    # Titles and notes of invites are a stranger's words.
    effect="read",
    personal=True,
    untrusted=True,
    examples=_SAY["find_events"],
    wording=say_events,
)
def find_events(
    context: Context,
    when: When | None = None,
    query: str = "",
    person: str = "",
    count: int = 0,
    which: Literal["next", "first", "last"] | None = None,
) -> list[Event]:
    """Look up events, meetings and appointments in the calendar.

    Args:
        when: day or time span to look at; what comes next when left out.
        query: words in the title, place or notes.
        person: name or e-mail address of somebody who takes part.
        count: how many at most; all when left out.
        which: one of them only; the last one of those that were, without a time.
    """
    agenda = Agenda.read(context)
    found = agenda.find(when, query, person, last=which == "last")
    # "Nothing" must not be said of a calendar that could not be read.
    if agenda.damage and not found.items:
        raise CorruptStore(agenda.damage)
    items = found.items[-1:] if which == "last" else found.items
    # `which` is one event; a count of 0, or one below it, is all.
    items = items[: 1 if which else max(count, 0) or None]
    lacks = phrase("No event has {words} in it.", words=either(found.lacks))
    note = lacks if found.lacks else ""
    return shown_events(items, context, sentence(note, agenda.warning(*items)))


@tool(
    effect="write",
    examples=_SAY["create_event"],
    wording=say_change,
    preview=preview_create,
    undo=undo,
    settle=settled_event("Added"),
)
def create_event(
    context: Context,
    title: str,
    start: When,
    duration: Duration | None = None,
    location: str = "",
    attendees: list[Contact] | None = None,
    repeat: Literal["daily", "weekly", "monthly", "yearly"] | None = None,
    remind_before: Duration | None = None,
    if_free: bool = False,
) -> EventChange:
    """Add an event, meeting or appointment to the calendar.

    Args:
        title: what the event is called.
        start: when it begins.
        duration: how long it lasts; an hour when left out.
        location: where it takes place.
        attendees: people who take part.
        repeat: how often it comes back.
        remind_before: how long before to be reminded of it.
        if_free: only where nothing else is on the calendar then.
    """
    guests = check_guests(attendees, "attendees")
    draft = replace(
        draft_of(context, title, start, duration, location, guests),
        rule=f"FREQ={repeat.upper()}" if repeat else "",
        alarm=remind_before.delta if remind_before else None,
    )
    agenda = Agenda.read(context)
    if if_free:
        check_free(agenda, draft, context)
    return changed(agenda, agenda.add(draft), "Added", context)


@tool(
    # A sending: guests get a message, and that has to be asked for.
    effect="send",
    examples=_SAY["move_event"],
    wording=say_change,
    preview=preview_move,
    undo=undo,
    settle=settled_event("Moved"),
)
def move_event(
    context: Context,
    title: Annotated[str, Identifier()],
    to: When | None = None,
    later: Duration | None = None,
    earlier: Duration | None = None,
    when: When | None = None,
    scope: Scope = "this",
) -> EventChange:
    """Move or reschedule an event to another time; its length stays.

    Args:
        title: words of the event's title.
        to: the new day or time.
        later: by how much later it shall be.
        earlier: by how much earlier it shall be.
        when: when it takes place now, to tell it from others.
        scope: which times of a repeating event.
    """
    agenda = Agenda.read(context)
    item = pick_event(agenda, title, when, context)
    moved = moved_to(agenda, item, to, later, earlier)
    return changed(agenda, agenda.change(item, moved, scope), "Moved", context)


@tool(
    # A sending, as guests get a message.
    effect="send",
    examples=_SAY["edit_event"],
    wording=say_change,
    preview=preview_edit,
    undo=undo,
    settle=settled_event("Changed"),
)
def edit_event(
    context: Context,
    title: Annotated[str, Identifier()],
    when: When | None = None,
    new_title: str = "",
    location: str = "",
    add: list[Contact] | None = None,
    remove: list[Contact] | None = None,
    duration: Duration | None = None,
    longer: Duration | None = None,
    shorter: Duration | None = None,
    until: When | None = None,
    scope: Scope = "this",
) -> EventChange:
    """Change an event's length, title, place or people; for its time: move_event.

    Args:
        title: words of the event's title.
        when: when it takes place, to tell it from others.
        new_title: what it shall be called.
        location: where it shall take place.
        add: people to invite to it.
        remove: people to take off it.
        duration: how long it shall last.
        longer: by how much longer it shall last.
        shorter: by how much shorter it shall last.
        until: when it shall end.
        scope: which times of a repeating event.
    """
    guests = check_guests(add, "add")
    gone = check_guests(remove, "remove")
    agenda = Agenda.read(context)
    item = pick_event(agenda, title, when, context)
    wish = wish_of(context, new_title, location, duration, longer, shorter, until)
    new = as_wished(item, wish)
    # A call that names no change is a question back, and no change without effect.
    if new == item and not guests and not gone:
        raise InputNeeded(
            "new_title",
            phrase("What shall be changed about “{title}”?", title=item.title),
        )
    people = [(one.name, one.email) for one in guests], [one.email for one in gone]
    return changed(agenda, agenda.change(item, new, scope, people), "Changed", context)


@tool(
    effect="delete",
    examples=_SAY["cancel_event"],
    wording=say_change,
    preview=preview_cancel,
    undo=undo,
    settle=settled_event("Cancelled"),
)
def cancel_event(
    context: Context, title: str = "", when: When | None = None, scope: Scope = "this"
) -> EventChange:
    """Cancel an event: take it off the calendar.

    Args:
        title: words of the event's title.
        when: when it takes place.
        scope: which times of a repeating event.
    """
    agenda = Agenda.read(context)
    item = pick_event(agenda, title, when, context)
    agenda.cancel(item, scope)
    return changed(agenda, item, "Cancelled", context)


@tool(
    effect="send",
    examples=_SAY["send_invite"],
    wording=say_invite,
    preview=preview_invite,
    undo=undo,
    settle=settled_invite,
)
def send_invite(
    context: Context,
    title: str,
    attendees: list[Contact],
    start: When | None = None,
    duration: Duration | None = None,
    location: str = "",
    note: str = "",
    source: str = "",
) -> WaitingInvite:
    """Send a calendar invite: the event goes on the calendar and to the people.

    Args:
        title: what the event is called.
        start: when it begins; left out for an event that is on the calendar.
        attendees: who is invited.
        duration: how long it lasts; an hour when left out.
        location: where it takes place.
        note: words to go with the invite.
        source: the message that it was arranged in.
    """
    return invite_people(
        context, title, attendees, start, duration, location, note, source
    )


@tool(
    # Times alone, and no words of anybody's.
    effect="read",
    personal=True,
    untrusted=False,
    examples=_SAY["free_time"],
    wording=say_gaps,
)
def free_time(
    context: Context, when: When | None = None, duration: Duration | None = None
) -> list[Gap]:
    """Find when the calendar is free.

    Args:
        when: day or time span to look at; today when left out.
        duration: how long the free time has to be.
    """
    agenda = Agenda.read(context)
    least = duration.delta if duration else _HALF_HOUR
    found = free_stretches(agenda, when, least, context)
    return shown_gaps(found, context, agenda.warning())


@tool(
    # Times alone, and no words of anybody's.
    effect="read",
    personal=True,
    untrusted=False,
    examples=_SAY["find_slot"],
    wording=say_slots,
)
def find_slot(
    context: Context,
    duration: Duration,
    people: list[Contact] | None = None,
    when: When | None = None,
) -> list[Gap]:
    """Suggest times for a meeting, when the user and other people are free.

    Args:
        duration: how long it will take.
        people: who else has to have time.
        when: day or time span to look at; the next seven days when left out.
    """
    agenda = Agenda.read(context)
    others = check_guests(people, "people")
    found = slots(agenda, duration.delta, others, when, context)
    return shown_gaps(found, context, agenda.warning())
