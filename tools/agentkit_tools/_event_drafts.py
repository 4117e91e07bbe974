"""Events to be, from the arguments of a call, and what they are called in previews."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from agentkit import Contact, Context, Duration, When
from agentkit_tools._answers import Reply, find_invited
from agentkit_tools._event_choice import pick_event
from agentkit_tools._people import check_guests
from agentkit_tools._phrases import listed, say_length, say_stretch
from agentkit_tools._store.agenda import Agenda
from agentkit_tools._store.event_components import Draft, Occurrence
from agentkit_tools._store.itip import organizer
from agentkit_tools._store.series import Scope
from agentkit_tools._store.zones import later

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
) -> Draft:
    """Make an event of what was said; a time without length lasts an hour."""
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
        guests=tuple((guest.name, guest.email) for guest in guests),
    )


def say_draft(draft: Draft, context: Context) -> str:
    """Name an event that is not there yet."""
    end = draft.end or draft.start
    when = say_stretch(draft.start, end, context.now, all_day=draft.all_day)
    place = f", {draft.location}" if draft.location else ""
    return f"“{draft.title}”, {when}{place}"


def preview_create(
    context: Context,
    title: str,
    start: When,
    duration: Duration | None,
    location: str,
    attendees: list[Contact] | None,
    repeat: str | None,
    remind_before: Duration | None,
) -> str:
    """Say what `create_event` will add."""
    draft = draft_of(context, title, start, duration, location)
    often = f", {repeat}" if repeat else ""
    known = check_guests(attendees, "attendees")
    guests = listed([guest.shown for guest in known])
    people = f", with {guests}" if guests else ""
    alarm = (
        f"; remind {say_length(remind_before.delta)} before" if remind_before else ""
    )
    return f"Add {say_draft(draft, context)}{often}{people} to the calendar{alarm}."


def preview_move(
    context: Context, title: str, to: When, when: When | None, scope: Scope
) -> str:
    """Say what `move_event` will change, and who is told."""
    agenda = Agenda.read(context)
    item = pick_event(agenda, title, when, context)
    moved = agenda.moved(item, to)
    target = say_stretch(moved.start, moved.end, context.now, all_day=moved.all_day)
    told = _told(agenda, item, context)
    return f"Move {_say_item(item, context)} to {target}{_which(item, scope)}{told}."


def preview_cancel(
    context: Context, title: str, when: When | None, scope: Scope
) -> str:
    """Say what `cancel_event` will take off, and who is told."""
    agenda = Agenda.read(context)
    item = pick_event(agenda, title, when, context)
    told = _told(agenda, item, context)
    return f"Cancel {_say_item(item, context)}{_which(item, scope)}{told}."


def preview_invite(
    context: Context,
    title: str,
    start: When,
    attendees: list[Contact],
    duration: Duration | None,
    location: str,
    note: str,
    source: str,
) -> str:
    """Say whom `send_invite` will invite to what."""
    draft = draft_of(context, title, start, duration, location)
    people = check_guests(attendees, "attendees")
    guests = listed([guest.shown for guest in people])
    origin = f" (from {source})" if source else ""
    words = f" with the note “{note}”" if note else ""
    return f"Invite {guests} to {say_draft(draft, context)}{words}{origin}."


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
    other = f": {propose}" if propose and answer == "propose" else ""
    words = f" with the note “{note}”" if note else ""
    to = organizer(invited.block)
    return f"{verb} {_say_item(invited.item, context)}{other}; tell {to}{words}."


def _say_item(item: Occurrence, context: Context) -> str:
    time = say_stretch(item.start, item.end, context.now, all_day=item.all_day)
    return f"“{item.title}”, {time}"


def _which(item: Occurrence, scope: Scope) -> str:
    return _WHICH[scope] if item.rule else ""


def _told(agenda: Agenda, item: Occurrence, context: Context) -> str:
    """Say who gets a message about a change."""
    part = agenda.part(item)
    if part == "guest":
        return "; the organizer is told that you will not come"
    me = context.user_email.casefold()
    others = [guest for guest in item.guests if guest.casefold() != me]
    return f"; {listed(others)} will be told" if part == "organizer" else ""
