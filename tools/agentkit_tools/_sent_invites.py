"""Invites that the user sends: to whom, to which event, and how a preview names them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from agentkit import Contact, Context, Duration, InputNeeded, ToolError, When
from agentkit_tools._event_choice import pick_event
from agentkit_tools._event_drafts import draft_of, say_draft, say_item
from agentkit_tools._people import check_guests
from agentkit_tools._phrases import listed, phrase
from agentkit_tools._results.event_answers import WaitingInvite, shown_event
from agentkit_tools._store.agenda import Agenda
from agentkit_tools._store.event_components import EventDraft, Occurrence


def invite_people(
    context: Context,
    title: str,
    attendees: list[Contact],
    start: When | None,
    duration: Duration | None,
    location: str,
    note: str,
    source: str,
) -> WaitingInvite:
    """Invite people to a new event, or to one that is on the calendar.

    Raises:
        InputNeeded: nobody is named, or one without an address, or no time.
        ToolError: the user has no address, or they are invited already.
        StoreError: the calendar cannot be written.
    """
    guests = check_guests(attendees, "attendees")
    me = context.user_email.casefold()
    if all(guest.email.casefold() == me for guest in guests):
        raise InputNeeded("attendees", phrase("Who shall be invited?"))
    if not context.user_email:
        raise ToolError(
            phrase(
                "An invite needs the address it comes from: set `email` in "
                "agentkit.toml."
            )
        )
    agenda = Agenda.read(context)
    # Without a time, people are added to an event that is on the calendar.
    if start is None:
        known = known_event(agenda, title, context)
        people = [(guest.name, guest.email) for guest in guests]
        item = agenda.change(known, known, guests=(people, ()))
    else:
        plain = draft_of(context, title, start, duration, location, guests)
        # Most likely the same meeting under another title.
        _check_uninvited(agenda, plain, {guest.email for guest in guests})
        item = agenda.add(replace(plain, note=note), invite=True)
    return WaitingInvite(
        event=shown_event(item, context),
        to=[guest.shown for guest in guests],
        file=f"outbox/{agenda.queued[0]}",
        source=source,
        undo=agenda.undo,
        warning=agenda.warning(item),
    )


def _check_uninvited(agenda: Agenda, plain: EventDraft, invited: set[str]) -> None:
    """Refuse a second invite of the same people to the same time, whatever its title.

    Raises:
        ToolError: they are invited; asking again by that title sends it again.
    """
    wanted = {one.casefold() for one in invited}
    for known in agenda.between(plain.start, plain.start + timedelta(minutes=1)):
        guests = {one.casefold() for one in known.guests}
        # Only the very same people: an hour may hold two meetings.
        if known.start == plain.start and guests == wanted:
            words = phrase("on your calendar already as “{title}”", title=known.title)
            raise ToolError(f"{plain.title}: {words}.")


def known_event(agenda: Agenda, title: str, context: Context) -> Occurrence:
    """Return the event that people are invited to where no time was given.

    Raises:
        InputNeeded: none is called so: when does it begin? Or several are.
    """
    # Nothing of that name is on the calendar: it is a new event, and lacks its time.
    if not agenda.find(None, title).sure:
        raise InputNeeded(
            "start", phrase("When does “{title}” begin?", title=title.strip())
        )
    return pick_event(agenda, title, None, context)


def preview_invite(
    context: Context,
    title: str,
    attendees: list[Contact],
    start: When | None,
    duration: Duration | None,
    location: str,
    note: str,
    source: str,
) -> str:
    """Say whom `send_invite` will invite to what."""
    if start is None:
        agenda = Agenda.read(context)
        shown = say_item(known_event(agenda, title, context), context)
    else:
        shown = say_draft(draft_of(context, title, start, duration, location), context)
    people = check_guests(attendees, "attendees")
    guests = listed([guest.shown for guest in people])
    origin = phrase(" (from {source})", source=source) if source else ""
    words = phrase(" with the note “{note}”", note=note) if note else ""
    return phrase(
        "Invite {people} to {event}{words}{origin}.",
        people=guests,
        event=shown,
        words=words,
        origin=origin,
    )
