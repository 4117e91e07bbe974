"""Letters put into messages.db in batches: once each, into the threads they answer."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from agentkit_tools._store.mailbox import Letter, as_row
from agentkit_tools._store.messages_db import held, index_words, insert, opened, used

# Letters, and characters, that are stored at a time. Others get to write in between.
_PIECE, _LARGEST_PIECE = 2000, 8_000_000
# Message-IDs of a letter that are looked up for its thread: long threads name hundreds.
_NEAREST = 20


@dataclass(frozen=True, slots=True)
class Incoming:
    """A letter, and the Message-IDs of those it answers, oldest first."""

    letter: Letter
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """What came of an import.

    Attributes:
        added: how many were new.
        known: how many were there before.
        merged: how many of those got new labels, or are read now.
    """

    added: int = 0
    known: int = 0
    merged: int = 0
    warning: str = ""


@dataclass(frozen=True, slots=True)
class FetchPlace:
    """How far a server's folder was fetched (RFC 3501, UIDVALIDITY and UID)."""

    folder: str
    validity: int = 0
    uid: int = 0


def fetched_place(home: Path, folder: str, now: datetime) -> FetchPlace:
    """Return how far a folder was fetched.

    Raises:
        StoreError: the store cannot be read.
    """
    with opened(home, now) as store:
        found = store.database.execute(
            "SELECT validity, uid FROM fetched WHERE folder = ?", (folder,)
        ).fetchone()
    return FetchPlace(folder, *found) if found else FetchPlace(folder)


def mark_fetched(home: Path, place: FetchPlace, now: datetime) -> None:
    """Keep how far a folder was fetched.

    Raises:
        StoreError: the store cannot be written.
    """
    with opened(home, now) as store:
        store.database.execute(
            "INSERT OR REPLACE INTO fetched VALUES (?, ?, ?)",
            (place.folder, place.validity, place.uid),
        )


def add_batch(home: Path, letters: Iterable[Incoming], now: datetime) -> Batch:
    """Store letters that are not there yet, in pieces that are each kept whole.

    Raises:
        StoreError: the store cannot be written; pieces stored before stay.
    """
    waiting = iter(letters)
    added, known, merged = 0, 0, 0
    with held(home, now) as store:
        while piece := _piece(waiting):
            # Each piece in its own transaction: a fault keeps what was stored before.
            with used(store, now):
                store.database.execute("BEGIN IMMEDIATE")
                numbers = [_add(store.database, one) for one in piece]
                new = [number for number in numbers if number]
                index_words(store.database, new)
                merged += sum(
                    _merge(store.database, one.letter)
                    for one, number in zip(piece, numbers, strict=True)
                    if not number
                )
            added, known = added + len(new), known + len(piece) - len(new)
    return Batch(added, known, merged, store.warning)


def _piece(waiting: Iterator[Incoming]) -> list[Incoming]:
    """Take so many that neither they nor their text are large, oldest first."""
    piece: list[Incoming] = []
    size = 0
    for incoming in waiting:
        piece.append(incoming)
        size += len(incoming.letter.text)
        if len(piece) == _PIECE or size > _LARGEST_PIECE:
            break
    # The full-text index is fastest when its ids grow.
    return sorted(piece, key=lambda incoming: incoming.letter.sent)


def drop_batch(home: Path, batch: str, now: datetime) -> int:
    """Take an import out again, and put threads back as they were; return how many.

    Raises:
        StoreError: the store cannot be written; nothing was changed.
    """
    if not batch:
        return 0
    with opened(home, now) as store:
        database = store.database
        database.execute("BEGIN IMMEDIATE")
        moved = database.execute(
            # Backwards: a letter may have been moved twice.
            "SELECT thread, id FROM moved WHERE batch = ? ORDER BY rowid DESC",
            (batch,),
        ).fetchall()
        database.executemany("UPDATE messages SET thread = ? WHERE id = ?", moved)
        database.execute("DELETE FROM moved WHERE batch = ?", (batch,))
        _unmerge(database, batch)
        gone = database.execute("DELETE FROM messages WHERE batch = ?", (batch,))
        return gone.rowcount


def drop_letter(home: Path, message_id: str, now: datetime) -> None:
    """Take one message out of the store.

    Raises:
        StoreError: the store cannot be written.
    """
    with opened(home, now) as store:
        store.database.execute(
            "DELETE FROM messages WHERE message_id = ?", (message_id,)
        )


def _add(database: sqlite3.Connection, incoming: Incoming) -> int:
    """Put in a message, in its thread; return its id, 0 when it was there."""
    letter = incoming.letter
    thread = _thread_of(database, incoming.references) or letter.thread
    number = insert(database, as_row(replace(letter, thread=thread)))
    # A thread is named by its first letter. This one is an answer, so that what was
    # filed under it belongs into its thread.
    if number and thread != letter.message_id:
        _move(database, letter.message_id, thread, letter.batch)
    return number


def _merge(database: sqlite3.Connection, letter: Letter) -> bool:
    """Add a known message's new labels; one that was read anywhere is read."""
    number, had, unread = database.execute(
        "SELECT id, labels, unread FROM messages WHERE message_id = ?",
        (letter.message_id,),
    ).fetchone()
    names = dict.fromkeys([*had.split("\n"), *letter.labels])
    labels = "\n".join(name for name in names if name)
    still = int(unread and letter.unread)
    if (labels, still) == (had, unread):
        return False
    database.execute(
        "UPDATE messages SET labels = ?, unread = ? WHERE id = ?",
        (labels, still, number),
    )
    database.execute(
        "INSERT INTO merged VALUES (?, ?, ?, ?, ?, ?)",
        (letter.batch, number, had, unread, labels, still),
    )
    return True


def _unmerge(database: sqlite3.Connection, batch: str) -> None:
    """Put labels and read flags back where nothing has changed them since."""
    database.execute(
        "UPDATE messages SET labels = merged.labels, unread = merged.unread "
        "FROM merged WHERE merged.batch = ? AND merged.id = messages.id "
        "AND merged.new_labels = messages.labels "
        "AND merged.new_unread = messages.unread",
        (batch,),
    )
    database.execute("DELETE FROM merged WHERE batch = ?", (batch,))


def _thread_of(database: sqlite3.Connection, references: Sequence[str]) -> str:
    """Return the thread of the nearest message it answers that is in the store."""
    # From the last on: that is the letter which is answered directly.
    for message_id in references[: -_NEAREST - 1 : -1]:
        found = database.execute(
            "SELECT thread FROM messages WHERE message_id = ?", (message_id,)
        ).fetchone()
        if found:
            return str(found[0])
    return ""


def _move(database: sqlite3.Connection, old: str, new: str, batch: str) -> None:
    """Put answers that arrived before what they answer into its thread."""
    moved = database.execute(
        "SELECT id FROM messages WHERE thread = ?", (old,)
    ).fetchall()
    for (number,) in moved:
        database.execute("INSERT INTO moved VALUES (?, ?, ?)", (batch, number, old))
        database.execute("UPDATE messages SET thread = ? WHERE id = ?", (new, number))
