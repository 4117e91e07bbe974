"""messages.db: what was written to and by the user, in SQLite with full-text search."""

from __future__ import annotations

import contextlib
import sqlite3
import uuid
from collections.abc import Generator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from agentkit import StoreError
from agentkit_tools._store.files import keep_aside, locked, open_home, told

_SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY,
    message_id TEXT NOT NULL UNIQUE,
    thread TEXT NOT NULL,
    subject TEXT NOT NULL,
    sender TEXT NOT NULL,
    address TEXT NOT NULL,
    recipients TEXT NOT NULL,
    sent TEXT NOT NULL,
    text TEXT NOT NULL,
    unread INTEGER NOT NULL,
    mine INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS messages_sent ON messages (sent);
CREATE INDEX IF NOT EXISTS messages_thread ON messages (thread, sent);
CREATE VIRTUAL TABLE IF NOT EXISTS message_words USING fts5(
    subject, sender, text, content='messages', content_rowid='id'
);
CREATE TRIGGER IF NOT EXISTS message_added AFTER INSERT ON messages BEGIN
    INSERT INTO message_words(rowid, subject, sender, text)
    VALUES (new.id, new.subject, new.sender, new.text);
END;
CREATE TRIGGER IF NOT EXISTS message_gone AFTER DELETE ON messages BEGIN
    INSERT INTO message_words(message_words, rowid, subject, sender, text)
    VALUES ('delete', old.id, old.subject, old.sender, old.text);
END;
"""
_COLUMNS = (
    "message_id, thread, subject, sender, address, recipients, sent, text, unread, mine"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message as it is stored.

    Attributes:
        sender: the writer's name; `address` is their e-mail address or number.
        recipients: addresses, the user's own included.
        sent: when it was written, with a zone.
        mine: written by the user.
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
    rows = [_row(letter) for letter in letters]
    marks = ", ".join("?" * len(_COLUMNS.split(", ")))
    with _opened(home, now) as (database, warning):
        database.executemany(
            f"INSERT OR IGNORE INTO messages ({_COLUMNS}) VALUES ({marks})", rows
        )
    return warning


def find_letters(home: Path, search: Search, now: datetime) -> tuple[list[Letter], str]:
    """Return the newest messages that fit, newest first, and a warning.

    Raises:
        StoreError: the store cannot be read.
    """
    if not (home / "messages.db").exists():
        open_home(home) if home.exists() else None
        return [], ""
    tests, values = _conditions(search)
    where = f"WHERE {' AND '.join(tests)}" if tests else ""
    with _opened(home, now) as (database, warning):
        rows = database.execute(
            f"SELECT {_COLUMNS} FROM messages {where} ORDER BY sent DESC, id DESC LIMIT ?",
            [*values, search.count],
        ).fetchall()
    return [_letter(row) for row in rows], warning


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
        values.append(_stamp(search.start))
    if search.end:
        tests.append("sent < ?")
        values.append(_stamp(search.end))
    if search.unread:
        tests.append("unread = 1")
    return tests, values


def quoted(words: str) -> str:
    """Quote words for FTS5, so that none of them is an operator; prefixes match."""
    cleaned = (word.replace('"', "") for word in words.split())
    return " ".join(f'"{word}"*' for word in cleaned if word.strip())


def _plain(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _row(letter: Letter) -> tuple[str | int, ...]:
    return (
        letter.message_id,
        letter.thread,
        letter.subject,
        letter.sender,
        letter.address,
        "\n".join(letter.recipients),
        _stamp(letter.sent),
        letter.text,
        int(letter.unread),
        int(letter.mine),
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
    )


@contextlib.contextmanager
def _opened(
    home: Path, now: datetime
) -> Generator[tuple[sqlite3.Connection, str], None, None]:
    """Open the store in one transaction; a damaged one is kept aside first."""
    path = open_home(home) / "messages.db"
    warning = ""
    try:
        database = _connect(path)
    except sqlite3.DatabaseError as exc:
        if isinstance(exc, sqlite3.OperationalError):
            raise StoreError(f"Cannot open {path}: {exc}.") from exc
        warning = _set_aside(path, now)
        database = _connect(path)
    try:
        with told(path, "use"), database:
            yield database, warning
    except sqlite3.DatabaseError as exc:
        raise StoreError(f"Cannot use {path}: {exc}.") from exc
    finally:
        database.close()


def _connect(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=10)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.executescript(_SCHEMA)
    except sqlite3.DatabaseError:
        database.close()
        raise
    return database


def _set_aside(path: Path, now: datetime) -> str:
    with locked(path.parent):
        target = keep_aside(path, now)
        for suffix in ("-wal", "-shm"):
            side = path.with_name(path.name + suffix)
            if side.exists():
                keep_aside(side, now)
    return (
        f"{path.name} was damaged and could not be read. "
        f"The damaged file is kept as {target.name}."
    )
