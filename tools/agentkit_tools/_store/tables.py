"""messages.db's tables, and how an older store becomes one of today.

A message's `id` holds its time: seconds since 1970 times 2^20, and a count within the
second. So the newest come first by id, a span of time is a span of ids, and full-text
search, which walks ids backwards, stops at the newest hits without reading the rest.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime

COLUMNS = (
    "message_id, thread, subject, sender, address, recipients, sent, text, unread, "
    "mine, labels, invite, batch"
)
_SLOTS = 1 << 20
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


def make_tables(database: sqlite3.Connection) -> None:
    """Make the tables, or take over an older store, all or nothing."""
    if _version(database) >= _VERSION:
        return
    database.execute("BEGIN IMMEDIATE")
    with database:
        if _version(database) >= _VERSION:  # another process was first
            return
        older = _columns(database)
        if older:
            _set_aside(database, older)
        for statement in _statements(_TABLES):
            database.execute(statement)
        if older:
            database.execute(_TAKE_OVER)
            database.execute(
                "INSERT INTO message_words(message_words) VALUES('rebuild')"
            )
            database.execute(_FOLLOW)
            database.execute("DROP TABLE older")
        database.execute(f"PRAGMA user_version = {_VERSION}")


def _version(database: sqlite3.Connection) -> int:
    return int(database.execute("PRAGMA user_version").fetchone()[0])


def _columns(database: sqlite3.Connection) -> set[str]:
    return {row[1] for row in database.execute("PRAGMA table_info(messages)")}


def _set_aside(database: sqlite3.Connection, there: set[str]) -> None:
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
