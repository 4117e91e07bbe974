"""messages.db itself: opened in one transaction, salvaged when it is damaged."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from agentkit import CorruptStore, StoreError
from agentkit_tools._store.files import keep_aside, locked, open_home, told

COLUMNS = (
    "message_id, thread, subject, sender, address, recipients, sent, text, unread, "
    "mine, labels, invite, batch"
)
INSERT = (
    f"INSERT OR IGNORE INTO messages ({COLUMNS}) "
    f"VALUES ({', '.join('?' * len(COLUMNS.split(', ')))})"
)
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
    mine INTEGER NOT NULL,
    labels TEXT NOT NULL DEFAULT '',
    invite TEXT NOT NULL DEFAULT '',
    batch TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS messages_sent ON messages (sent);
CREATE INDEX IF NOT EXISTS messages_writer ON messages (sender, address);
CREATE INDEX IF NOT EXISTS messages_thread ON messages (thread);
CREATE INDEX IF NOT EXISTS messages_batch ON messages (batch) WHERE batch != '';
CREATE TABLE IF NOT EXISTS moved (batch TEXT, id INTEGER, thread TEXT);
CREATE TABLE IF NOT EXISTS fetched (
    folder TEXT PRIMARY KEY, validity INTEGER NOT NULL, uid INTEGER NOT NULL
);
CREATE VIRTUAL TABLE IF NOT EXISTS message_words USING fts5(
    subject, sender, text, content='messages', content_rowid='id',
    tokenize = 'unicode61 remove_diacritics 2'
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
_VERSION = 2
_ADDED = ("labels", "invite", "batch")


@dataclass(frozen=True, slots=True)
class Opened:
    """The open database, and what of it could not be read."""

    database: sqlite3.Connection
    warning: str


@contextlib.contextmanager
def opened(home: Path, now: datetime) -> Generator[Opened, None, None]:
    """Open the store in one transaction; a damaged one is kept aside and salvaged.

    Raises:
        StoreError: it cannot be opened or used.
        CorruptStore: it turned out to be damaged while it was used.
    """
    path = open_home(home) / "messages.db"
    found = _open(path, now)
    try:
        with told(path, "use"), found.database:
            yield found
    except sqlite3.OperationalError as exc:
        raise StoreError(f"Cannot use {path}: {exc}.") from exc
    except sqlite3.DatabaseError as exc:
        found.database.close()
        warning = _mend(path, now)
        raise CorruptStore(f"{warning} Try again.") from exc
    finally:
        found.database.close()


def _open(path: Path, now: datetime) -> Opened:
    try:
        return Opened(_connect(path), "")
    except sqlite3.OperationalError as exc:
        read_only = _read_only(path)
        if read_only is None:
            raise StoreError(f"Cannot open {path}: {exc}.") from exc
        return Opened(read_only, "")
    except sqlite3.DatabaseError:
        warning = _mend(path, now)
    return Opened(_connect(path), warning)


def _connect(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=10)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        if database.execute("PRAGMA user_version").fetchone()[0] < _VERSION:
            _upgrade(database)
        database.execute(f"SELECT {COLUMNS} FROM messages LIMIT 1").fetchone()
    except sqlite3.DatabaseError:
        database.close()
        raise
    return database


def _upgrade(database: sqlite3.Connection) -> None:
    """Make the tables, or add what an older store does not have, all or nothing."""
    database.execute("BEGIN IMMEDIATE")
    with database:
        there = {row[1] for row in database.execute("PRAGMA table_info(messages)")}
        for column in _ADDED if there else ():
            if column not in there:
                database.execute(
                    f"ALTER TABLE messages ADD COLUMN {column} TEXT NOT NULL DEFAULT ''"
                )
        for statement in _statements(_SCHEMA):
            database.execute(statement)
        database.execute(f"PRAGMA user_version = {_VERSION}")


def _statements(script: str) -> list[str]:
    """Split a script: `executescript` would commit what was begun."""
    found: list[str] = []
    held = ""
    for line in script.splitlines(keepends=True):
        held += line
        if sqlite3.complete_statement(held):
            found.append(held)
            held = ""
    return found


def _read_only(path: Path) -> sqlite3.Connection | None:
    """Open a store that may be read and not written; None when it may not."""
    if not path.is_file():
        return None
    uri = f"{path.resolve().as_uri()}?immutable=1"
    try:
        database = sqlite3.connect(uri, uri=True)
        database.execute("SELECT 1 FROM messages LIMIT 1").fetchone()
    except sqlite3.DatabaseError:
        return None
    return database


def _mend(path: Path, now: datetime) -> str:
    """Keep a damaged store aside and take over what can be read of it."""
    with locked(path.parent):
        with contextlib.suppress(sqlite3.DatabaseError):
            database = _connect(path)
            sound = database.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
            database.close()
            if sound:  # another process mended it first
                return ""
        for side in ("-wal", "-shm"):
            with told(path, "keep aside"):
                if path.with_name(path.name + side).exists():
                    keep_aside(path.with_name(path.name + side), now)
        target = keep_aside(path, now)
        rows = _salvage(target)
        with contextlib.closing(_connect(path)) as fresh, fresh:
            fresh.executemany(INSERT, rows)
    return (
        f"{path.name} was damaged: {len(rows)} of its messages could be read. "
        f"The damaged file is kept as {target.name}."
    )


def _salvage(path: Path) -> list[tuple[str | int, ...]]:
    """Read rows until the damage is reached."""
    rows: list[tuple[str | int, ...]] = []
    with contextlib.suppress(sqlite3.DatabaseError):
        uri = f"{path.resolve().as_uri()}?immutable=1"
        with contextlib.closing(sqlite3.connect(uri, uri=True)) as damaged:
            there = {row[1] for row in damaged.execute("PRAGMA table_info(messages)")}
            columns = ", ".join(
                name if name in there else "''" for name in COLUMNS.split(", ")
            )
            # Not by an index, which may be what is damaged.
            cursor = damaged.execute(f"SELECT {columns} FROM messages NOT INDEXED")
            for row in cursor:
                rows.append(row)
    return rows
