"""messages.db itself: its tables, opened in one transaction, salvaged when damaged.

A message's `id` holds its time: seconds since 1970 times 2^20, and a count within the
second. So the newest come first by id, a span of time is a span of ids, and full-text
search, which walks ids backwards, stops at the newest hits without reading the rest.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from agentkit import CorruptStore, StoreError, open_store
from agentkit_tools._store.files import keep_aside, locked, open_home, told

COLUMNS = (
    "message_id, thread, subject, sender, address, recipients, sent, text, unread, "
    "mine, labels, invite, batch"
)
# Messages that fit into one second.
_SLOTS = 1 << 20
# The first id of the second of `sent`, the seventh column.
_FIRST = f"coalesce(CAST(strftime('%s', ?7) AS INTEGER), 0) * {_SLOTS}"
# The next free id of the second; a message that is there already stays as it is.
_INSERT = f"""
INSERT OR IGNORE INTO messages (id, {COLUMNS})
SELECT coalesce(max(id) + 1, {_FIRST}), {", ".join(f"?{n}" for n in range(1, 14))}
FROM messages WHERE id BETWEEN {_FIRST} AND {_FIRST} + {_SLOTS - 1}
"""
_TABLES = """
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
CREATE INDEX IF NOT EXISTS messages_writer ON messages (sender, address);
CREATE INDEX IF NOT EXISTS messages_thread ON messages (thread);
CREATE INDEX IF NOT EXISTS messages_batch ON messages (batch) WHERE batch != '';
CREATE INDEX IF NOT EXISTS messages_unread ON messages (id) WHERE unread = 1;
CREATE INDEX IF NOT EXISTS messages_invite ON messages (id) WHERE invite != '';
CREATE TABLE IF NOT EXISTS moved (batch TEXT, id INTEGER, thread TEXT);
CREATE TABLE IF NOT EXISTS merged (
    batch TEXT, id INTEGER, labels TEXT, unread INTEGER,
    new_labels TEXT, new_unread INTEGER
);
CREATE TABLE IF NOT EXISTS fetched (
    folder TEXT PRIMARY KEY, validity INTEGER NOT NULL, uid INTEGER NOT NULL
);
CREATE VIRTUAL TABLE IF NOT EXISTS message_words USING fts5(
    subject, sender, address, text, content='messages', content_rowid='id',
    tokenize = "unicode61 remove_diacritics 2 categories 'L* N* M* Co'"
);
CREATE TRIGGER IF NOT EXISTS message_gone AFTER DELETE ON messages BEGIN
    INSERT INTO message_words(message_words, rowid, subject, sender, address, text)
    VALUES ('delete', old.id, old.subject, old.sender, old.address, old.text);
END;
"""
# Not by a trigger: a full-text table is flushed after each statement that has one.
_INDEX = """
INSERT INTO message_words (rowid, subject, sender, address, text)
SELECT id, subject, sender, address, text FROM messages
WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id
"""
_VERSION = 3
# Columns that older versions do not have.
_ADDED = ("labels", "invite", "batch")
# The old rows, oldest first, under their new ids.
_TAKE_OVER = f"""
INSERT INTO messages (id, {COLUMNS})
SELECT second * {_SLOTS} + row_number() OVER (PARTITION BY second ORDER BY id) - 1,
    {COLUMNS}
FROM (
    SELECT *, coalesce(CAST(strftime('%s', sent) AS INTEGER), 0) AS second FROM older
) ORDER BY second, id
"""
# What an import moved is known by its new id.
_FOLLOW = """
UPDATE moved SET id = (
    SELECT messages.id FROM messages JOIN older USING (message_id)
    WHERE older.id = moved.id
)
"""


def id_of(moment: datetime) -> int:
    """Return the least id of a message that was sent at a moment or later."""
    return int(moment.timestamp() // 1) * _SLOTS


Row = tuple[str | int, ...]


def insert(database: sqlite3.Connection, row: Row) -> int:
    """Put in a message that is not there yet, its words still to be indexed.

    Returns:
        Its id; 0 when it was there.
    """
    done = database.execute(_INSERT, row)
    return int(done.lastrowid or 0) if done.rowcount else 0


def index_words(database: sqlite3.Connection, numbers: list[int]) -> None:
    """Index the words of messages that were put in."""
    database.execute(_INDEX, (json.dumps(numbers),))


def insert_all(database: sqlite3.Connection, rows: Iterable[Row]) -> None:
    """Put in messages, words and all; those that are there stay as they are."""
    numbers = [insert(database, row) for row in rows]
    index_words(database, [number for number in numbers if number])


def _migrate(database: sqlite3.Connection, _: int) -> None:
    """Make the tables, or take over an older store."""
    older = _columns(database)
    if older:
        _set_aside(database, older)
    for statement in _statements(_TABLES):
        database.execute(statement)
    if older:
        database.execute(_TAKE_OVER)
        database.execute("INSERT INTO message_words(message_words) VALUES('rebuild')")
        database.execute(_FOLLOW)
        database.execute("DROP TABLE older")


def _columns(database: sqlite3.Connection) -> set[str]:
    return {row[1] for row in database.execute("PRAGMA table_info(messages)")}


def _set_aside(database: sqlite3.Connection, there: set[str]) -> None:
    """Put an older table out of the way, with the columns that it lacks."""
    for column in _ADDED:
        if column not in there:
            database.execute(
                f"ALTER TABLE messages ADD COLUMN {column} TEXT NOT NULL DEFAULT ''"
            )
    for name in ("message_added", "message_gone"):
        database.execute(f"DROP TRIGGER IF EXISTS {name}")
    database.execute("DROP TABLE IF EXISTS message_words")
    for name in ("sent", "writer", "thread", "batch"):
        database.execute(f"DROP INDEX IF EXISTS messages_{name}")
    database.execute("ALTER TABLE messages RENAME TO older")


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


@dataclass(frozen=True, slots=True)
class Opened:
    """The open database, and what of it could not be read."""

    database: sqlite3.Connection
    warning: str
    path: Path


@contextlib.contextmanager
def opened(home: Path, now: datetime) -> Generator[Opened, None, None]:
    """Open the store in one transaction; a damaged one is kept aside and salvaged.

    Raises:
        StoreError: it cannot be opened or used.
        CorruptStore: it turned out to be damaged while it was used.
    """
    with held(home, now) as store, used(store, now):
        yield store


@contextlib.contextmanager
def held(home: Path, now: datetime) -> Generator[Opened, None, None]:
    """Open the store for several transactions, each `used`.

    Raises:
        StoreError: it cannot be opened.
    """
    found = _open(open_home(home) / "messages.db", now)
    try:
        yield found
    finally:
        found.database.close()


@contextlib.contextmanager
def used(store: Opened, now: datetime) -> Generator[None, None, None]:
    """Do one transaction: all of it is kept, or nothing.

    Raises:
        StoreError: the store cannot be used.
        CorruptStore: it turned out to be damaged; what can be read was taken over.
    """
    try:
        with told(store.path, "use"), store.database:
            yield
    except sqlite3.OperationalError as exc:
        raise StoreError(f"Cannot use {store.path}: {exc}.") from exc
    except sqlite3.DatabaseError as exc:
        store.database.close()
        warning = _mend(store.path, now)
        raise CorruptStore(f"{warning} Try again.") from exc


def _open(path: Path, now: datetime) -> Opened:
    try:
        return Opened(_connect(path), "", path)
    except sqlite3.OperationalError as exc:
        # A read-only disk is no damage: what is there can still be read.
        read_only = _read_only(path)
        if read_only is None:
            raise StoreError(f"Cannot open {path}: {exc}.") from exc
        return Opened(read_only, "", path)
    except sqlite3.DatabaseError:
        warning = _mend(path, now)
    return Opened(_connect(path), warning, path)


def _connect(path: Path) -> sqlite3.Connection:
    with told(path, "open"):
        database = open_store(path, _migrate, _VERSION, begins=True)
    try:
        # A message that was stored survives a power cut: no other copy of it may exist.
        database.execute("PRAGMA synchronous = FULL")
        # Damage is found at the first look, and not in the middle of a change.
        database.execute(f"SELECT {COLUMNS} FROM messages LIMIT 1").fetchone()
    except sqlite3.DatabaseError:
        database.close()
        raise
    return database


def _read_only(path: Path) -> sqlite3.Connection | None:
    """Open a store that may be read and not written; None when it may not."""
    if not path.is_file():
        return None
    # Immutable: SQLite makes no lock and no journal beside it, which it could not write.
    uri = f"{path.resolve().as_uri()}?immutable=1"
    try:
        database = sqlite3.connect(uri, uri=True)
        database.execute("SELECT address FROM message_words LIMIT 1").fetchone()
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
            # Another process mended it while this one waited for the lock.
            if sound:
                return ""
        target = keep_aside(path, now)
        rows = _salvage(target)
        with contextlib.closing(_connect(path)) as fresh, fresh:
            insert_all(fresh, rows)
    return (
        f"{path.name} was damaged: {len(rows)} of its messages could be read. "
        f"The damaged file is kept as {target.name}."
    )


def _salvage(path: Path) -> list[Row]:
    """Read rows until the damage is reached."""
    rows: list[Row] = []
    with contextlib.suppress(sqlite3.DatabaseError):
        uri = f"{path.resolve().as_uri()}?immutable=1"
        with contextlib.closing(sqlite3.connect(uri, uri=True)) as damaged:
            there = {row[1] for row in damaged.execute("PRAGMA table_info(messages)")}
            columns = ", ".join(
                # A damaged store may be an old one, which lacks columns.
                name if name in there else "''"
                for name in COLUMNS.split(", ")
            )
            # Not by an index, which may be what is damaged.
            cursor = damaged.execute(f"SELECT {columns} FROM messages NOT INDEXED")
            for row in cursor:
                rows.append(row)
    return rows
