"""The SQLite file of a home's sessions: made, opened and closed."""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager
from pathlib import Path

from agentkit.errors import StoreError
from agentkit.stores.database import Database, Layout
from agentkit.stores.journal import JOURNAL_FILE
from agentkit.stores.sessions.records import hold
from agentkit.stores.sessions.session_tables import SessionTables

FILE = "sessions.db"
_SCHEMA = """
CREATE TABLE sessions (
    id TEXT PRIMARY KEY, created TEXT NOT NULL, changed TEXT NOT NULL,
    accepted INTEGER NOT NULL DEFAULT 0, body NOT NULL);
CREATE TABLE messages (
    session TEXT NOT NULL, number INTEGER NOT NULL, body NOT NULL,
    PRIMARY KEY (session, number)) WITHOUT ROWID;
CREATE TABLE runs (
    session TEXT NOT NULL, number INTEGER NOT NULL, id TEXT NOT NULL,
    state TEXT NOT NULL, started TEXT NOT NULL, ended TEXT NOT NULL DEFAULT '', body NOT NULL,
    PRIMARY KEY (session, number)) WITHOUT ROWID;
CREATE TABLE notes (
    session TEXT NOT NULL, number INTEGER NOT NULL, body NOT NULL,
    PRIMARY KEY (session, number)) WITHOUT ROWID;
CREATE TABLE damaged (place TEXT, found TEXT, why TEXT, body);
CREATE TABLE facts (key TEXT PRIMARY KEY, body NOT NULL);
"""


def _migrate(connection: sqlite3.Connection, _: int) -> None:
    # Not `executescript`: that would commit the transaction of the migration.
    for statement in _SCHEMA.split(";"):
        connection.execute(statement)


LAYOUT = Layout(
    version=1, migrate=_migrate, beside=JOURNAL_FILE, lost="sessions start anew"
)


class SessionsDatabase(Database, SessionTables):
    """A home's `sessions.db`, open."""

    def __init__(self, home: Path) -> None:
        """Open the file, or make it.

        Raises:
            StoreError: it cannot be opened, was written by a newer agentkit, or is
                sealed and its key is missing or another one.
            CorruptStore: it is no database; it was kept aside.
        """
        super().__init__(home / FILE, LAYOUT)
        self.home, self.name = home, str(home / FILE)
        self._is_closed = False
        try:
            # Opened now and not at the first use, so that a damaged file is told to
            # whoever opens it.
            with self.reading():
                pass
        except BaseException:
            # Whoever made it gets no object that they could close.
            self.close()
            raise

    def close(self) -> None:
        """Close the file for good."""
        super().close()
        self._is_closed = True

    def hold(self, session: str) -> AbstractContextManager[None]:
        """Hold a session by a lock in the home."""
        return hold(self.home, session)

    @property
    def is_closed(self) -> bool:
        """Whether it was closed for good."""
        return self._is_closed

    def _opened(self) -> sqlite3.Connection:
        if self._is_closed:
            raise StoreError(f"{self.path} is closed: open the session again")
        return super()._opened()
