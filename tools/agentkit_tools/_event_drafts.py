"""Events to be, from the arguments of a call, and what they are called in previews."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from agentkit import Contact, Context, Duration, When
from agentkit_tools._answers import Reply, find_invited
from agentkit_tools._event_choice import pick_event, said_when
from agentkit_tools._event_wishes import as_wished, moved_to, wish_of
from agentkit_tools._known_facts import place_meant
from agentkit_tools._people import check_guests
from agentkit_tools._phrases import listed, phrase, say_length, say_stretch
from agentkit_tools._store.agenda import Agenda
from agentkit_tools._store.event_components import EventDraft, Occurrence
from agentkit_tools._store.itip import organizer
from agentkit_tools._store.series import Scope
from agentkit_tools._store.zones import later as later_by

_HOUR = timedelta(hours=1)
_WHICH: dict[Scope, str] = {
    "this": " (this time only)",
    "this_and_following": " (this and all following times)",
    "all": " (all times)",
}


def draft_of(
    context: Context,
    title: str,
    start: When,
    duration: Duration | None,
    location: str = "",
    guests: Iterable[Contact] = (),
) -> EventDraft:
    """Make an event of what was said; a time without length lasts an hour."""
    # "Friday for two hours" is no whole day, though it has no hour.
    all_day = start.all_day and duration is None
    # Through UTC, so that an hour that clocks skip is the one after it.
    begin = start.start if all_day else later_by(start.start, timedelta())
    end = later_by(begin, duration.delta) if duration else start.until
    if end <= begin:
        end = later_by(begin, _HOUR)
    return EventDraft(
        title=title.strip(),
        start=begin,
        end=end,
        all_day=all_day,
        location=place_meant(location.strip(), context),
        # Written only where there are guests.
        organizer=(context.user_name, context.user_email),
        guests=tuple((guest.name, guest.email) for guest in guests),
    )


def say_draft(draft: EventDraft, context: Context) -> str:
    """Name an event that is not there yet."""
    end = draft.end or draft.start
    when = say_stretch(draft.start, end, context.now, all_day=draft.all_day)
    place = f", {draft.location}" if draft.location else ""
    return phrase("“{title}”, {when}", title=draft.title, when=f"{when}{place}")


def preview_create(
    context: Context,
    title: str,
    start: When,
    duration: Duration | None,
    location: str,
    attendees: list[Contact] | None,
    repeat: str | None,
    remind_before: Duration | None,
    if_free: bool,
) -> str:
    """Say what `create_event` will add."""
    draft = draft_of(context, title, start, duration, location)
    often = f", {phrase(repeat)}" if repeat else ""
    known = check_guests(attendees, "attendees")
    guests = listed([guest.shown for guest in known])
    people = phrase(", with {people}", people=guests) if guests else ""
    alarm = (
        phrase("; remind {length} before", length=say_length(remind_before.delta))
        if remind_before
        else ""
    )
    return phrase(
        "Add {event} to the calendar{alarm}.",
        event=f"{say_draft(draft, context)}{often}{people}",
        alarm=alarm,
    )


def preview_move(
    context: Context,
    title: str,
    to: When | None,
    later: Duration | None,
    earlier: Duration | None,
    when: When | None,
    scope: Scope,
) -> str:
    """Say what `move_event` will change, and who gets a message."""
    agenda = Agenda.read(context)
    item = pick_event(agenda, title, when, context)
    moved = moved_to(agenda, item, to, later, earlier)
    target = say_stretch(moved.start, moved.end, context.now, all_day=moved.all_day)
    told = _told(agenda, item, context)
    return phrase(
        "Move {event} to {target}{which}{told}.",
        event=say_item(item, context),
        target=target,
        which=_which(item, scope),
        told=told,
    )


def preview_edit(
    context: Context,
    title: str,
    when: When | None,
    scope: Scope,
    add: list[Contact] | None,
    remove: list[Contact] | None,
    **wished: Any,
) -> str:
    """Say what `edit_event` will change, and who gets a message."""
    agenda = Agenda.read(context)
    item = pick_event(agenda, title, when, context)
    new = as_wished(item, wish_of(context, **wished))
    place = phrase(" at {place}", place=new.location) if new.location else ""
    more = phrase(", with {people}", people=_names(add)) if add else ""
    less = phrase(", without {people}", people=_names(remove)) if remove else ""
    return phrase(
        "Change {event} to {shown}{which}{told}.",
        event=say_item(item, context),
        shown=f"{say_item(new, context)}{place}{more}{less}",
        which=_which(item, scope),
        told=_told(agenda, item, context),
    )


def _names(people: Iterable[Contact]) -> str:
    return listed([one.shown for one in people])


def preview_cancel(
    context: Context, title: str, when: When | None, scope: Scope
) -> str:
    """Say what `cancel_event` will take off, and who gets a message."""
    agenda = Agenda.read(context)
    item = pick_event(agenda, title, when, context)
    told = _told(agenda, item, context)
    return phrase(
        "Cancel {event}{which}{told}.",
        event=say_item(item, context),
        which=_which(item, scope),
        told=told,
    )


def preview_answer(
    context: Context,
    answer: Reply,
    title: str,
    when: When | None,
    propose: When | None,
    note: str,
) -> str:
    """Say what `answer_invite` will tell the organizer."""
    invited = find_invited(context, title, when)
    verb = answer.capitalize() if answer != "propose" else "Suggest another time for"
    other = (
        f": {said_when(propose, context)}" if propose and answer == "propose" else ""
    )
    return phrase(
        "{verb} {event}{other}; tell {to}{words}.",
        verb=phrase(verb),
        event=say_item(invited.item, context),
        other=other,
        to=organizer(invited.block),
        words=phrase(" with the note “{note}”", note=note) if note else "",
    )


def say_item(item: Occurrence, context: Context) -> str:
    """Name an event that is on the calendar."""
    time = say_stretch(item.start, item.end, context.now, all_day=item.all_day)
    return phrase("“{title}”, {when}", title=item.title, when=time)


def _which(item: Occurrence, scope: Scope) -> str:
    # A single event has no other times to speak of.
    return phrase(_WHICH[scope]) if item.rule else ""


def _told(agenda: Agenda, item: Occurrence, context: Context) -> str:
    """Say who gets a message about a change."""
    part = agenda.part(item)
    if part == "guest":
        return phrase("; the organizer is told that you will not come")
    me = context.user_email.casefold()
    others = [guest for guest in item.guests if guest.casefold() != me]
    return (
        phrase("; {people} will be told", people=listed(others))
        if part == "organizer"
        else ""
    )
