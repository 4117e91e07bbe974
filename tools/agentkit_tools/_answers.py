"""Invites of others: found, answered, and answered with another time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal

from agentkit import Context, InputNeeded, ToolError, When
from agentkit_tools._event_choice import label, pick_event
from agentkit_tools._itip_inbox import own_events
from agentkit_tools._phrases import phrase
from agentkit_tools._store.agenda import Agenda
from agentkit_tools._store.almanac import Almanac
from agentkit_tools._store.blocks import Block, Blocks
from agentkit_tools._store.event_components import Occurrence
from agentkit_tools._store.ics import Saved, read_ics
from agentkit_tools._store.itip import (
    Answer,
    answer_of,
    answered,
    counter,
    organizer,
    queue_scheduling,
    reply,
    scheduling,
)
from agentkit_tools._store.zones import written

Reply = Literal["accept", "decline", "tentative", "propose"]
# How far ahead a waiting invite is looked for: a series without end needs a bound.
_YEAR = timedelta(days=366)
_ANSWERS: dict[Reply, Answer] = {
    "accept": "ACCEPTED",
    "decline": "DECLINED",
    "tentative": "TENTATIVE",
    # Who suggests another time has not said no to the event.
    "propose": "TENTATIVE",
}
DID: dict[Reply, str] = {
    "accept": "Accepted",
    "decline": "Declined",
    "tentative": "Tentatively accepted",
    "propose": "Suggested another time for",
}


@dataclass(frozen=True, slots=True)
class Invited:
    """An invite of others that is to be answered.

    Attributes:
        block: its component that names the user as a guest.
        blocks: all that is known of it, with its time zones.
        kept: it is on the calendar already, and not only in invites.ics.
    """

    item: Occurrence
    block: Block
    blocks: Blocks
    kept: bool


def find_invited(context: Context, title: str, when: When | None) -> Invited:
    """Find the invite of others that is meant; without words the one that waits.

    Raises:
        InputNeeded: several may be meant.
        ToolError: there is none.
    """
    invites = _Invites(context)
    agenda = Agenda(context, invites)
    item = (
        pick_event(agenda, title, when, context)
        if title.strip() or when
        else _only_waiting(agenda, context)
    )
    blocks = invites.events([item.uid])
    block = next(one for one in blocks.of("VEVENT") if invites.is_one(one))
    return Invited(item, block, blocks, item.uid in invites.kept)


class _Invites:
    """The invites of others: those on the calendar, and those that wait.

    Attributes:
        kept: UIDs of those on the calendar.
    """

    def __init__(self, context: Context) -> None:
        self._me = context.user_email.casefold()
        self._almanac = Almanac(context.home, context.now)
        self._waiting = read_ics(_waiting(context), context.now)
        self.kept = self._almanac.invites()

    @property
    def warning(self) -> str:
        """What could not be read."""
        return " ".join(filter(None, (self._almanac.warning, self._waiting.warning)))

    def within(self, start: datetime, end: datetime) -> Blocks:
        """Return the invites that may be about a stretch of time."""
        found = self._with_waiting(self._almanac.within(start, end))
        ours = filter(self.is_one, found.of("VEVENT"))
        return found.keeping((*found.of("VTIMEZONE"), *ours))

    def events(self, uids: Iterable[str]) -> Blocks:
        """Return all that is known of some events."""
        names = set(uids)
        found = self._with_waiting(self._almanac.events(names))
        same = (block for block in found.of("VEVENT") if block.uid in names)
        return found.keeping((*found.of("VTIMEZONE"), *same))

    def is_one(self, block: Block) -> bool:
        """Whether an event is an invite of somebody else to the user."""
        others = organizer(block) not in ("", self._me)
        # Without an address of the user, no invite can be known as one to them.
        return bool(self._me and others and answer_of(block, self._me))

    def _with_waiting(self, found: Blocks) -> Blocks:
        waiting = self._waiting.blocks
        # What is on the calendar is the later word: the copy that waits is left out.
        new = (one for one in waiting.of("VEVENT") if one.uid not in self.kept)
        return found.added(*waiting.of("VTIMEZONE"), *new)


def waiting_invites(
    context: Context, ahead: timedelta = _YEAR
) -> list[tuple[Occurrence, str]]:
    """Return the invites of others that wait for an answer, and who organizes each.

    Args:
        context: the home and its user.
        ahead: how far ahead they may take place.

    Raises:
        StoreError: a file cannot be read.
    """
    invites = _Invites(context)
    waiting = _waiting_ones(Agenda(context, invites), context, ahead)
    owners = {
        block.uid: organizer(block) for block in invites.events(waiting).of("VEVENT")
    }
    return [(item, owners.get(uid, "")) for uid, item in waiting.items()]


def _waiting_ones(
    agenda: Agenda, context: Context, ahead: timedelta = _YEAR
) -> dict[str, Occurrence]:
    coming: dict[str, Occurrence] = {}
    for item in agenda.between(context.now, context.now + ahead):
        if agenda.answer(item) == "NEEDS-ACTION":
            coming.setdefault(item.uid, item)
    return coming


def _only_waiting(agenda: Agenda, context: Context) -> Occurrence:
    coming = _waiting_ones(agenda, context)
    if not coming:
        raise ToolError(phrase("There is no invite that waits for an answer."))
    if len(coming) > 1:
        labels = tuple(label(item, context.now) for item in coming.values())
        raise InputNeeded("title", phrase("Which invite do you mean?"), labels)
    return next(iter(coming.values()))


def send_answer(
    context: Context, invited: Invited, answer: Reply, propose: When | None, note: str
) -> Saved:
    """Write the answer to the calendar and queue it for the organizer.

    Raises:
        InputNeeded: another time is to be suggested, and none was given.
        StoreError: a file cannot be read or written.
    """
    me, now, uid = context.user_email, context.now, invited.item.uid
    told = _ANSWERS[answer]
    if answer == "propose":
        times = _times(context, invited, propose)
        # A proposal is a COUNTER (RFC 5546, 3.2.7), which carries the event at its new
        # time.
        event = counter(invited.block, me, times, now, note)
        text = scheduling("COUNTER", invited.blocks, [event])
    else:
        event = reply(invited.block, me, told, now, note)
        text = scheduling("REPLY", invited.blocks, [event])
    parts = own_events(invited.blocks, uid)

    def edit(blocks: Blocks) -> Blocks:
        # One that waits goes onto the calendar with its answer, and takes its time zones
        # along where the calendar has none of that name.
        if not invited.kept:
            zones = {zone.value("TZID") for zone in blocks.of("VTIMEZONE")}
            needed = invited.blocks.of("VTIMEZONE")
            new = (zone for zone in needed if zone.value("TZID") not in zones)
            return blocks.added(*new, *(answered(part, me, told) for part in parts))
        for block in own_events(blocks, uid):
            blocks = blocks.swapped(block, answered(block, me, told))
        return blocks

    # Queued first: a change of the calendar names the mail, so that undo takes both
    # back.
    path = queue_scheduling(context.home, uid, text, now)
    try:
        return Almanac(context.home, now).change([uid], edit, [path.name])
    # Ctrl-C too: no answer may go out that the calendar does not show.
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _times(
    context: Context, invited: Invited, propose: When | None
) -> list[tuple[str, date]]:
    if propose is None:
        raise InputNeeded("propose", phrase("Which time do you suggest?"))
    moved = Agenda.read(context).moved(invited.item, propose)
    # A COUNTER without an end says nothing of its length; an hour is what events get.
    end = moved.end if moved.end > moved.start else moved.start + timedelta(hours=1)
    return [
        ("dtstart", written(moved.start, all_day=moved.all_day)),
        ("dtend", written(end, all_day=moved.all_day)),
    ]


def _waiting(context: Context) -> Path:
    return context.home / "invites.ics"
