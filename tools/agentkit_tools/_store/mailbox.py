"""messages.db: what was written to and by the user, in SQLite with full-text search."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from agentkit_tools._store.database import COLUMNS, INSERT, opened
from agentkit_tools._store.files import open_home

_PREFIX = 3


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Which messages are wanted; what is empty does not matter."""

    words: str = ""
    sender: str = ""
    start: datetime | None = None
    end: datetime | None = None
    unread: bool = False
    count: int = 10


def new_message_id(address: str) -> str:
    """Make a Message-ID (RFC 5322)."""
    domain = address.rpartition("@")[2] or "localhost"
    return f"<{uuid.uuid4()}@{domain}>"


def add_letters(home: Path, letters: list[Letter], now: datetime) -> str:
    """Store messages, once each; return the warning of opening the store.

    Raises:
        StoreError: the store cannot be written.
    """
    with opened(home, now) as store:
        store.database.executemany(INSERT, [as_row(letter) for letter in letters])
        return store.warning


def find_letters(home: Path, search: Search, now: datetime) -> tuple[list[Letter], str]:
    """Return the newest messages that fit, newest first, and a warning.

    Raises:
        StoreError: the store cannot be read.
    """
    if not (home / "messages.db").exists():
        if home.exists():
            open_home(home)
        return [], ""
    tests, values = _conditions(search)
    where = f"WHERE {' AND '.join(tests)}" if tests else ""
    query = (
        f"SELECT {COLUMNS} FROM messages {where} ORDER BY sent DESC, id DESC LIMIT ?"
    )
    with opened(home, now) as store:
        rows = store.database.execute(query, [*values, search.count]).fetchall()
        return [_letter(row) for row in rows], store.warning


def _conditions(search: Search) -> tuple[list[str], list[str]]:
    tests: list[str] = []
    values: list[str] = []
    if search.words:
        tests.append(
            "id IN (SELECT rowid FROM message_words WHERE message_words MATCH ?)"
        )
        values.append(quoted(search.words))
    if search.sender:
        tests.append("(sender LIKE ? ESCAPE '\\' OR address LIKE ? ESCAPE '\\')")
        values += [f"%{_plain(search.sender)}%"] * 2
    if search.start:
        tests.append("sent >= ?")
        values.append(utc_stamp(search.start))
    if search.end:
        tests.append("sent < ?")
        values.append(utc_stamp(search.end))
    if search.unread:
        tests.append("unread = 1")
    return tests, values


def quoted(words: str, *, prefix: bool = True) -> str:
    """Quote words for FTS5, so that none of them is an operator.

    Args:
        words: what a user typed.
        prefix: whether the beginning of a word matches too, from three letters on.
    """
    cleaned = (word.replace('"', "").strip() for word in words.split())
    return " ".join(
        f'"{word}"' + "*" * (prefix and len(word) >= _PREFIX)
        for word in cleaned
        if any(map(str.isalnum, word))
    )


def _plain(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def utc_stamp(moment: datetime) -> str:
    """Write a moment as the store does, so that text compares as time does."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def as_row(letter: Letter) -> tuple[str | int, ...]:
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


def _letter(row: tuple[str | int, ...]) -> Letter:
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
