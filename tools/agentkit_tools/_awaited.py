"""Answers that are waited for: a reminder that rings only where none has come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agentkit import Contact, Context, fresh_id
from agentkit_tools._store.blocks import Block, Blocks
from agentkit_tools._store.ics import Saved, change_ics
from agentkit_tools._store.mailbox import any_letter_from, last_letter_to
from agentkit_tools._store.todos import Todo, todo_block
from agentkit_tools._store.zones import zone_blocks

# Properties of our own on the VTODO (RFC 5545, 3.8.8.2): other programs keep them.
AWAITS, _SINCE = "X-AGENTKIT-AWAITS", "X-AGENTKIT-SINCE"
# A time in UTC, as RFC 5545 writes it.
_STAMP = "%Y%m%dT%H%M%SZ"
# What was written to somebody longer ago is not what an answer is waited for to.
_LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Awaited:
    """Whose answer is waited for, by addresses and numbers, and since when."""

    addresses: tuple[str, ...]
    since: datetime

    def has_come(self, context: Context) -> bool:
        """Return whether one of them has written since.

        Raises:
            StoreError: the messages cannot be read.
        """
        return any_letter_from(context.home, self.addresses, self.since, context.now)


def last_word_to(person: Contact, context: Context) -> datetime:
    """Return from when on an answer counts: from the user's last words to somebody.

    Where that was answered already, or was long ago, another answer is meant.

    Raises:
        StoreError: the messages cannot be read.
    """
    reached = _reached(person)
    start = context.now - _LATELY
    said = last_letter_to(context.home, reached, start, context.now)
    if said is None or any_letter_from(context.home, reached, said, context.now):
        return context.now
    return said


def awaiting(
    path: Path,
    person: Contact,
    text: str,
    due: datetime,
    since: datetime,
    context: Context,
) -> tuple[Todo, Saved]:
    """Write a reminder that rings where somebody has not answered until it is due.

    Raises:
        StoreError: the file cannot be read or written.
    """
    todo = replace(Todo(text=text, due=due), uid=fresh_id("todo"))

    def edit(blocks: Blocks) -> Blocks:
        lines = (
            f"{AWAITS}:{' '.join(_reached(person))}\r\n"
            f"{_SINCE}:{since.astimezone(UTC).strftime(_STAMP)}\r\n"
        )
        block = todo_block(todo, context.now).rewritten((), lines)
        return blocks.added(*zone_blocks(blocks, due), block)

    return todo, change_ics(path, context.now, edit)


def awaited_in(blocks: Blocks) -> Iterator[tuple[str, Awaited]]:
    """Yield the UIDs of reminders that wait for an answer, and for whose."""
    for block in blocks.of("VTODO"):
        found = awaited_by(block)
        if found is not None:
            yield block.uid, found


def awaited_by(block: Block) -> Awaited | None:
    """Read whose answer a reminder waits for; None for any other reminder."""
    # A look at the text spares most reminders and events the search for lines.
    addresses = block.value(AWAITS).split() if AWAITS in block.text else ()
    if not addresses:
        return None
    try:
        since = datetime.strptime(block.value(_SINCE).strip(), _STAMP)
    except ValueError:  # written by hand: any answer counts
        return Awaited(tuple(addresses), datetime.fromtimestamp(0, UTC))
    return Awaited(tuple(addresses), since.replace(tzinfo=UTC))


def _reached(person: Contact) -> tuple[str, ...]:
    """Return how somebody is reached, in words without spaces."""
    return tuple("".join(one.split()) for one in (*person.emails, *person.phones))
