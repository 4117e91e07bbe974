"""Messages as they are stored in messages.db: put in, marked, and looked up one by one."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agentkit import Context, fresh_id
from agentkit_tools._store.messages_db import COLUMNS, Row, id_of, insert_all, opened

# Ids in one statement, of which old versions of SQLite take 999.
_SLICE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message as it is stored.

    Attributes:
        sender: the writer's name; `address` is their e-mail address or number.
        recipients: addresses, the user's own included.
        sent: when it was written, with a zone.
        mine: written by the user.
        labels: folders and tags, as the mail program names them.
        invite: the iCalendar text of an invite mail (RFC 6047); empty without one.
        batch: the import that brought it; empty when none did.
    """

    message_id: str
    thread: str
    sender: str
    address: str
    sent: datetime
    text: str
    subject: str = ""
    recipients: tuple[str, ...] = ()
    unread: bool = False
    mine: bool = False
    labels: tuple[str, ...] = ()
    invite: str = ""
    batch: str = ""


def new_message_id(address: str) -> str:
    """Make a Message-ID (RFC 5322)."""
    domain = address.rpartition("@")[2] or "localhost"
    return f"<{fresh_id('message')}@{domain}>"


def written_letter(context: Context, reach: str, text: str, subject: str) -> Letter:
    """Make a message of the user's to one address or number."""
    return Letter(
        message_id=new_message_id(context.user_email),
        # Not an answer to anything: what goes to one person is one conversation.
        thread=reach,
        sender=context.user_name or "You",
        address=context.user_email,
        recipients=(reach,),
        sent=context.now,
        subject=subject,
        text=text,
        mine=True,
    )


def any_letter_from(
    home: Path, addresses: Sequence[str], since: datetime, now: datetime
) -> bool:
    """Return whether somebody wrote after a moment, from one of these addresses.

    Raises:
        StoreError: the store cannot be read.
    """
    slots = ",".join("?" * len(addresses))
    # The id narrows it quickly to the second; `sent` decides within it. Numbers are
    # written with spaces at times.
    query = (
        f"SELECT 1 FROM messages WHERE id >= ? AND mine = 0 AND sent > ? "
        f"AND lower(replace(address, ' ', '')) IN ({slots}) LIMIT 1"
    )
    values = [id_of(since), utc_stamp(since), *map(str.lower, addresses)]
    return bool(_rows(home, query, values, now))


def last_letter_to(
    home: Path, addresses: Sequence[str], since: datetime, now: datetime
) -> datetime | None:
    """Return when the user last wrote to one of these addresses, after a moment.

    Raises:
        StoreError: the store cannot be read.
    """
    wanted = set(map(str.lower, addresses))
    query = (
        "SELECT sent, recipients FROM messages WHERE id >= ? AND mine = 1 "
        "ORDER BY id DESC"
    )
    for sent, recipients in _rows(home, query, [id_of(since)], now):
        # Recipients are a column of lines; a test in SQL would be no faster on so few
        # rows.
        if wanted & set("".join(str(recipients).split(" ")).lower().split("\n")):
            return datetime.fromisoformat(str(sent))
    return None


def thread_of(home: Path, message_id: str, now: datetime) -> str:
    """Return the conversation of a message; empty where it is not stored.

    Raises:
        StoreError: the store cannot be read.
    """
    query = "SELECT thread FROM messages WHERE message_id = ?"
    return "".join(str(row[0]) for row in _rows(home, query, [message_id], now))


def _rows(home: Path, query: str, values: Sequence[Any], now: datetime) -> list[Any]:
    # Only looking must not make a store.
    if not (home / "messages.db").exists():
        return []
    with opened(home, now) as store:
        return store.database.execute(query, values).fetchall()


def add_letters(home: Path, letters: list[Letter], now: datetime) -> str:
    """Store messages, once each; return the warning of opening the store.

    Raises:
        StoreError: the store cannot be written.
    """
    with opened(home, now) as store:
        insert_all(store.database, map(as_row, letters))
        return store.warning


def mark_as_read(home: Path, message_ids: list[str], now: datetime) -> None:
    """Mark messages as read.

    Raises:
        StoreError: the store cannot be written.
    """
    _mark(home, message_ids, now, unread=0)


def mark_unread(home: Path, message_ids: list[str], now: datetime) -> None:
    """Mark messages as unread again.

    Raises:
        StoreError: the store cannot be written.
    """
    _mark(home, message_ids, now, unread=1)


def _mark(home: Path, message_ids: list[str], now: datetime, *, unread: int) -> None:
    values = [(unread, message_id) for message_id in message_ids]
    if not values:
        return
    with opened(home, now) as store:
        store.database.executemany(
            "UPDATE messages SET unread = ? WHERE message_id = ?", values
        )


def letters_of(database: sqlite3.Connection, numbers: list[int]) -> list[Letter]:
    """Return the messages of some ids, newest first."""
    found: list[Letter] = []
    newest = sorted(numbers, reverse=True)
    for first in range(0, len(newest), _SLICE):
        part = newest[first : first + _SLICE]
        slots = ",".join("?" * len(part))
        query = f"SELECT {COLUMNS} FROM messages WHERE id IN ({slots}) ORDER BY id DESC"
        found += [_letter(row) for row in database.execute(query, part)]
    return found


def utc_stamp(moment: datetime) -> str:
    """Write a moment as the store does, so that text compares as time does."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def as_row(letter: Letter) -> Row:
    """Return a message's columns, in the order of `COLUMNS`."""
    return (
        letter.message_id,
        letter.thread,
        letter.subject,
        letter.sender,
        letter.address,
        "\n".join(letter.recipients),
        utc_stamp(letter.sent),
        letter.text,
        int(letter.unread),
        int(letter.mine),
        "\n".join(letter.labels),
        letter.invite,
        letter.batch,
    )


def _letter(row: Row) -> Letter:
    return Letter(
        message_id=str(row[0]),
        thread=str(row[1]),
        subject=str(row[2]),
        sender=str(row[3]),
        address=str(row[4]),
        recipients=tuple(str(row[5]).split("\n")) if row[5] else (),
        sent=datetime.fromisoformat(str(row[6])),
        text=str(row[7]),
        unread=bool(row[8]),
        mine=bool(row[9]),
        labels=tuple(str(row[10]).split("\n")) if row[10] else (),
        invite=str(row[11]),
        batch=str(row[12]),
    )
