"""The journal's tables: made, wiped when old, sealed with another cipher."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from agentkit.errors import CorruptStore, StoreError
from agentkit.stores.database import Database, Layout
from agentkit.stores.journal.entry import TEXTS, forgotten, resealed
from agentkit.stores.secrets import Cipher

# The journal is sealed when the home's sessions are.
SESSIONS_FILE = "sessions.db"
_EFFECTS = """
CREATE TABLE IF NOT EXISTS effects (
    number INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    meaning TEXT NOT NULL,
    run_id TEXT NOT NULL,
    step INTEGER NOT NULL,
    tool TEXT NOT NULL,
    effect TEXT NOT NULL,
    arguments TEXT NOT NULL,
    clock TEXT NOT NULL,
    request TEXT NOT NULL,
    state TEXT NOT NULL,
    began TEXT NOT NULL,
    ended TEXT NOT NULL DEFAULT '',
    result TEXT NOT NULL DEFAULT 'null',
    said TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT ''
)"""
_MORE = (
    # The order of statements is that of the versions: those of 1 are made, then
    # changed.
    "ALTER TABLE effects ADD COLUMN forgotten INTEGER NOT NULL DEFAULT 0",
    "CREATE TABLE facts (key TEXT PRIMARY KEY, body NOT NULL)",
    "CREATE INDEX IF NOT EXISTS meanings ON effects (meaning)",
    "CREATE INDEX IF NOT EXISTS open_ones ON effects (state) WHERE state = 'begun'",
    "CREATE INDEX sends ON effects (effect) WHERE effect = 'send'",
)


def _migrate(connection: sqlite3.Connection, found: int) -> None:
    """Make the tables; those of version 1 have no facts and forget nothing."""
    for statement in (_EFFECTS, *_MORE):
        connection.execute(statement)


LAYOUT = Layout(
    version=2,
    migrate=_migrate,
    beside=SESSIONS_FILE,
    lost="what was done before can not be looked up or taken back; try again",
)

_SETTING = ", ".join(f"{column} = ?" for column in TEXTS)


def forget_runs(database: Database, run_ids: Iterable[str]) -> bool:
    """Wipe the texts of runs' entries, in the file's free pages and log too.

    Returns:
        False when another program has the file open and its log could not be emptied.
    """
    with database.changing() as connection:
        for run_id in run_ids:
            _wipe(connection, database.cipher, "run_id = ?", run_id)
    return database.wipe()


def prune(database: Database, days: int | None) -> None:
    """Wipe, once a day, the texts of entries that were settled so many days ago.

    What was cut off, and waits for the user's word, stays.
    """
    if days is None:
        return
    now = datetime.now(UTC)
    today = f"{now:%Y-%m-%d}"
    with database.reading() as connection:
        # Read without a write lock: all effects of the day but the first end here.
        query = "SELECT body FROM facts WHERE key = 'pruned'"
        if connection.execute(query).fetchone() == (today,):
            return
    with database.changing() as connection:
        old = (
            # "forgotten = 0" keeps the daily search from wiping the same rows again.
            "state NOT IN ('begun', 'undoing') AND forgotten = 0 "
            "AND julianday(began) < julianday(?)"
        )
        before = (now - timedelta(days=days)).isoformat()
        wiped = _wipe(connection, database.cipher, old, before)
        connection.execute(
            "INSERT OR REPLACE INTO facts VALUES ('pruned', ?)", (today,)
        )
    if wiped:
        try:
            database.wipe()
        except CorruptStore:
            raise
        except StoreError:
            # The texts are out of the database. A disk without room for a new file is no
            # reason to refuse the effect that is about to begin.
            return


def reseal(database: Database, cipher: Cipher) -> None:
    """Write every text anew with another cipher, in one transaction."""
    query = f"SELECT number, key, {', '.join(TEXTS)} FROM effects"
    with database.changing(durable=True) as connection:
        for number, key, *stored in connection.execute(query).fetchall():
            texts = resealed(database.cipher, cipher, key, stored)
            connection.execute(
                f"UPDATE effects SET {_SETTING} WHERE number = ?", (*texts, number)
            )
        database.sealed_with(cipher)
    database.wipe()


def _wipe(
    connection: sqlite3.Connection, cipher: Cipher, where: str, value: str
) -> int:
    """Wipe the texts of entries, and return how many there were."""
    query = f"SELECT number, key FROM effects WHERE {where}"
    found = connection.execute(query, (value,)).fetchall()
    for number, key in found:
        connection.execute(
            f"UPDATE effects SET {_SETTING}, forgotten = 1 WHERE number = ?",
            (*forgotten(cipher, key), number),
        )
    return len(found)


# A process without a home may live for weeks.
_KEPT_IN_MEMORY = 1000


def forget_first(database: sqlite3.Connection, number: int) -> None:
    """Delete the oldest entry of a journal in memory, which would grow for ever."""
    if number % _KEPT_IN_MEMORY == 0:
        database.execute(
            "DELETE FROM effects WHERE number <= ?", (number - _KEPT_IN_MEMORY,)
        )
