"""Letters put into messages.db in batches: once each, into the threads they answer."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from agentkit_tools._store.database import INSERT, opened
from agentkit_tools._store.mailbox import Letter, as_row

# Others get to write between two pieces.
_PIECE = 1000
_NEAREST = 20


@dataclass(frozen=True, slots=True)
class Incoming:
    """A letter, and the Message-IDs of those it answers, oldest first."""

    letter: Letter
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """What came of an import: how many were new, and how many were there before."""

    added: int = 0
    known: int = 0
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """How far a server's folder was fetched (RFC 3501, UIDVALIDITY and UID)."""

    folder: str
    validity: int = 0
    uid: int = 0


def fetched_place(home: Path, folder: str, now: datetime) -> Place:
    """Return how far a folder was fetched.

    Raises:
        StoreError: the store cannot be read.
    """
    with opened(home, now) as store:
        found = store.database.execute(
            "SELECT validity, uid FROM fetched WHERE folder = ?", (folder,)
        ).fetchone()
    return Place(folder, *found) if found else Place(folder)


def mark_fetched(home: Path, place: Place, now: datetime) -> None:
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
    added, known, warnings = 0, 0, list[str]()
    while piece := list(islice(waiting, _PIECE)):
        with opened(home, now) as store:
            store.database.execute("BEGIN IMMEDIATE")
            new = sum(_add(store.database, incoming) for incoming in piece)
            warnings += [store.warning] if store.warning else []
        added, known = added + new, known + len(piece) - new
    return Batch(added, known, " ".join(warnings))


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
            "SELECT thread, id FROM moved WHERE batch = ? ORDER BY rowid DESC", (batch,)
        ).fetchall()
        database.executemany("UPDATE messages SET thread = ? WHERE id = ?", moved)
        database.execute("DELETE FROM moved WHERE batch = ?", (batch,))
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


def _add(database: sqlite3.Connection, incoming: Incoming) -> bool:
    letter = incoming.letter
    thread = _thread_of(database, incoming.references) or letter.thread
    row = list(as_row(letter))
    row[1] = thread
    if not database.execute(INSERT, row).rowcount:
        return False
    if thread != letter.message_id:
        _move(database, letter.message_id, thread, letter.batch)
    return True


def _thread_of(database: sqlite3.Connection, references: Sequence[str]) -> str:
    """Return the thread of the nearest message that is answered and there."""
    for message_id in references[: -_NEAREST - 1 : -1]:
        found = database.execute(
            "SELECT thread FROM messages WHERE message_id = ?", (message_id,)
        ).fetchone()
        if found:
            return str(found[0])
    return ""


def _move(database: sqlite3.Connection, old: str, new: str, batch: str) -> None:
    """Put answers that came before what they answer into its thread."""
    moved = database.execute(
        "SELECT id FROM messages WHERE thread = ?", (old,)
    ).fetchall()
    for (number,) in moved:
        database.execute("INSERT INTO moved VALUES (?, ?, ?)", (batch, number, old))
        database.execute("UPDATE messages SET thread = ? WHERE id = ?", (new, number))
