"""The SQLite file of a home's sessions: made, opened, sealed and wiped."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from agentkit.errors import CorruptStore, StoreError
from agentkit.stores.database import Database, Layout
from agentkit.stores.journal import JOURNAL_FILE
from agentkit.stores.secrets import Cipher
from agentkit.stores.sessions.json_forms import to_json

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
# Tables with sealed values, and what names a row.
_SEALED = {
    "sessions": ("id",),
    "messages": ("session", "number"),
    "runs": ("session", "number"),
    "notes": ("session", "number"),
}
# Rows whose columns still count when their value is damaged.
_STAY = ("sessions", "runs")


def _migrate(connection: sqlite3.Connection, _: int) -> None:
    for statement in _SCHEMA.split(";"):
        connection.execute(statement)


LAYOUT = Layout(
    version=1, migrate=_migrate, beside=JOURNAL_FILE, lost="sessions start anew"
)


class SessionsDatabase(Database):
    """A home's `sessions.db`, open."""

    def __init__(self, home: Path) -> None:
        """Open the file, or make it.

        Raises:
            StoreError: it cannot be opened, was written by a newer agentkit, or is
                sealed and its key is missing or another one.
            CorruptStore: it is no database; it was kept aside.
        """
        super().__init__(home / FILE, LAYOUT)
        self._is_closed = False
        try:
            with self.reading():
                pass
        except BaseException:
            # Whoever made it gets no object that they could close.
            self.close()
            raise

    def close(self) -> None:
        """Close the file for good: whoever held a session holds it no more."""
        super().close()
        self._is_closed = True

    @property
    def is_closed(self) -> bool:
        """Whether it was closed for good."""
        return self._is_closed

    def _opened(self) -> sqlite3.Connection:
        if self._is_closed:
            raise StoreError(f"{self.path} is closed: open the session again")
        return super()._opened()

    def put(self, table: str, key: tuple[object, ...], text: str, **more: str) -> None:
        """Write a row, sealed where the file is; one that is there gives way."""
        body = self.cipher.seal(text, place_of(table, key))
        statement = _insertion((table, *_SEALED[table], *more))
        self.rows(statement, *key, *more.values(), body)

    def put_facts(self, session_id: str, facts: dict[str, str]) -> None:
        """Write what is known of a session that is there."""
        body = self.cipher.seal(to_json(facts), place_of("sessions", (session_id,)))
        self.rows("UPDATE sessions SET body = ? WHERE id = ?", body, session_id)

    def read(
        self,
        table: str,
        key: tuple[object, ...],
        body: object,
        kind: Callable[[str], Any],
    ) -> Any:
        """Open a row's value and read it; a damaged row is kept aside.

        Raises:
            CorruptStore: it is damaged; the message says where it is kept.
        """
        place = place_of(table, key)
        try:
            return kind(self.cipher.unseal(body, place))
        except CorruptStore as exc:
            before, why = self.cipher, exc
        with self.changing(durable=True):
            if self.cipher is not before:  # it was sealed anew meanwhile
                return kind(self.cipher.unseal(self._body(table, key), place))
            self._set_row_aside(table, key, body, str(why))
        raise CorruptStore(
            f"{place} is damaged and was kept aside in the table 'damaged' of "
            f"{self.path}: {why}"
        ) from why

    def _body(self, table: str, key: Iterable[object]) -> object:
        where = " AND ".join(f"{name} = ?" for name in _SEALED[table])
        return self.rows(f"SELECT body FROM {table} WHERE {where}", *key)[0][0]

    def reseal(self, cipher: Cipher) -> None:
        """Write every value anew, as another cipher keeps it, in one step."""
        with self.changing(durable=True):
            for table, columns in _SEALED.items():
                names = ", ".join(columns)
                where = " AND ".join(f"{name} = ?" for name in columns)
                for *key, body in self.rows(f"SELECT {names}, body FROM {table}"):
                    place = place_of(table, key)
                    new = cipher.seal(self.cipher.unseal(body, place), place)
                    self.rows(f"UPDATE {table} SET body = ? WHERE {where}", new, *key)
            self._seal_damaged(cipher)
            self.sealed_with(cipher)
        self.wipe()

    def _seal_damaged(self, cipher: Cipher) -> None:
        """Seal what was kept aside in the open, too: it holds what was said."""
        query = "SELECT rowid, body FROM damaged WHERE typeof(body) = 'text'"
        for row, body in self.rows(query):
            sealed = cipher.seal(body, f"damaged {row}")
            self.rows(
                "UPDATE damaged SET body = ?, why = '' WHERE rowid = ?", sealed, row
            )

    def _set_row_aside(
        self, table: str, key: Iterable[object], body: object, why: str
    ) -> None:
        columns = _SEALED[table]
        where = " AND ".join(f"{name} = ?" for name in columns)
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        self.rows(
            "INSERT INTO damaged VALUES (?, ?, ?, ?)",
            *(place_of(table, key), now, why, body),
        )
        if table in _STAY:
            empty = self.cipher.seal(to_json({}), place_of(table, key))
            self.rows(f"UPDATE {table} SET body = ? WHERE {where}", empty, *key)
        else:
            self.rows(f"DELETE FROM {table} WHERE {where}", *key)


@cache
def _insertion(names: tuple[str, ...]) -> str:
    """Return the statement that writes a row: the table, then its columns but `body`."""
    table, *columns = names
    marks = ", ".join("?" * (len(columns) + 1))
    return (
        f"INSERT OR REPLACE INTO {table} ({', '.join(columns)}, body) VALUES ({marks})"
    )


def place_of(table: str, key: Iterable[object]) -> str:
    """Name a row."""
    return " ".join([table, *map(str, key)])
