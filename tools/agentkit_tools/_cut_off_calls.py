"""What became of calls that were cut off, as the stores tell.

A program can be killed between writing and saying so. At the next start each open call
of the journal is settled: the stores say whether it was done, and the result that it
would have had is made from what they hold.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from agentkit import Context
from agentkit_tools._answers import DID
from agentkit_tools._results.event_answers import (
    Applied,
    Event,
    EventChange,
    WaitingInvite,
)
from agentkit_tools._results.reminder_answers import Noted, shown_reminder
from agentkit_tools._store.blocks import Block, Blocks
from agentkit_tools._store.change_sets import Made, change_made
from agentkit_tools._store.ics import parse
from agentkit_tools._store.todos import Todo, todos_of
from agentkit_tools._store.zones import localize

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)
# Said with the result, as the user has seen no answer to that call.
_NOTE = "It was done before the program was cut off."


class Settle(Protocol[R_co]):
    """Looks up a call; takes the tool's own arguments."""

    def __call__(self, context: Context, **said: Any) -> R_co | None:
        """Return the call's result; None when it was not done."""
        ...


def settled_as(build: Callable[[Made, Context, dict[str, Any]], R]) -> Settle[R]:
    """Settle by the change that a call made.

    Args:
        build: makes the call's result, of the change and the call's arguments.
    """

    def settle(context: Context, **said: Any) -> R | None:
        made = change_made(context.home)
        return build(made, context, said) if made else None

    return settle


def try_again(**_: object) -> None:
    """Settle a call that does no harm when it is done again: what was done stays so."""


def made_todos(made: Made, context: Context) -> list[Todo]:
    """Return the entries that a change is about."""
    # What was deleted is only in the old text.
    texts = made.new or made.old
    blocks = Blocks(tuple(Block("VTODO", text) for text in texts))
    return todos_of(blocks, context.tz)


def settled_reminder(did: str) -> Settle[Noted]:
    """Settle a change of a reminder, an alarm or a timer."""

    def build(made: Made, context: Context, _: dict[str, Any]) -> Noted:
        # Of several entries, the last is the one that the call made.
        shown = shown_reminder(made_todos(made, context)[-1], context)
        return Noted(reminder=shown, did=did, undo=made.undo, warning=_NOTE)

    return settled_as(build)


def settled_event(did: str) -> Settle[EventChange]:
    """Settle a change of an event."""

    def build(made: Made, context: Context, said: dict[str, Any]) -> EventChange:
        return EventChange(
            event=made_event(made, context, said.get("to") or said.get("when")),
            did=did,
            told=len(made.queued),
            undo=made.undo,
            warning=_NOTE,
        )

    return settled_as(build)


def _invited(made: Made, context: Context, said: dict[str, Any]) -> WaitingInvite:
    return WaitingInvite(
        event=made_event(made, context, said["start"]),
        to=[guest.shown for guest in said["attendees"]],
        file=f"outbox/{made.queued[0]}",
        source=said["source"],
        undo=made.undo,
        warning=_NOTE,
    )


def _answered(made: Made, context: Context, said: dict[str, Any]) -> EventChange:
    return EventChange(
        event=made_event(made, context),
        did=DID[said["answer"]],
        told=1,
        undo=made.undo,
        warning=_NOTE,
    )


def _applied(made: Made, context: Context, _: dict[str, Any]) -> Applied:
    event = made_event(made, context)
    return Applied(title=event.title, did=_NOTE, undo=made.undo)


def made_event(made: Made, context: Context, when: object = None) -> Event:
    """Return the event that a change is about.

    Args:
        made: the change.
        context: the user's time zone.
        when: the time that the call speaks of; the event's own when None.
    """
    item: Any = parse(Blocks((Block("VEVENT", made.text),))).subcomponents[0]
    start = localize(item["DTSTART"].dt, context.tz)
    return Event(
        title=str(item.get("SUMMARY", "")),
        start=start.isoformat(),
        end="",
        # As the user said it: the stored time has another form.
        when=str(when) if when else f"{start:%a %d %b %Y, %H:%M}",
        location=str(item.get("LOCATION", "")),
        attendees=[],
        uid=str(item.get("UID", "")),
    )


settled_invite = settled_as(_invited)
settled_answer = settled_as(_answered)
settled_applied = settled_as(_applied)
