"""The SQLite file of a home's sessions: made, opened, sealed and wiped."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from agentkit.errors import CorruptStore, StoreError
from agentkit.journal import JOURNAL_FILE
from agentkit.sessions.json_forms import to_json
from agentkit.stores.secrets import (
    Cipher,
    Sealed,
    Unsealed,
    check_beside,
    check_of,
    find_cipher,
)
from agentkit.stores.shared_files import make_private

FILE = "sessions.db"
VERSION = 1
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
_BROKEN = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class Database:
    """A home's `sessions.db`, open."""

    def __init__(self, home: Path) -> None:
        """Open the file, or make it.

        Raises:
            StoreError: it cannot be opened, was written by a newer agentkit, or is
                sealed and its key is missing or another one.
            CorruptStore: it is no database; it was kept aside.
        """
        self.path = home / FILE
        self._syncs: bool | None = None
        with self._told():
            make_private(self.path)
            self._connection = sqlite3.connect(
                self.path, timeout=10, isolation_level=None, check_same_thread=False
            )
            try:
                self._prepare()
                self.cipher = self._find_cipher()
            except BaseException:
                self._connection.close()
                raise

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @property
    def sealed(self) -> bool:
        """Whether values are sealed."""
        return isinstance(self.cipher, Sealed)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows."""
        with self._told():
            return self._connection.execute(query, values).fetchall()

    @contextmanager
    def change(self, *, sync: bool = True) -> Generator[None]:
        """Do several changes whole or not at all.

        Args:
            sync: wait for the disk, so that they outlive a power cut; else they
                outlive the end of the process, and a power cut after the next wait.
        """
        run = self._connection.execute
        with self._told():
            if sync != self._syncs:
                run(f"PRAGMA synchronous = {'FULL' if sync else 'NORMAL'}")
                self._syncs = sync
            run("BEGIN IMMEDIATE")
            try:
                # Another process may have sealed the file since it was opened.
                if self._check_value() != self._check:
                    self.cipher = self._find_cipher()
                yield
            except BaseException:
                run("ROLLBACK")
                raise
            run("COMMIT")

    def put(self, table: str, key: tuple[object, ...], text: str, **more: str) -> None:
        """Write a row, sealed where the file is; one that is there gives way."""
        body = self.cipher.seal(text, place_of(table, key))
        statement = _insertion((table, *_SEALED[table], *more))
        self._connection.execute(statement, (*key, *more.values(), body))

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
            CorruptStore: it is damaged; where it is kept is told.
        """
        place = place_of(table, key)
        try:
            return kind(self.cipher.unseal(body, place))
        except CorruptStore as exc:
            before, why = self.cipher, exc
        with self.change():
            if self.cipher is not before:  # it was sealed anew meanwhile
                return kind(self.cipher.unseal(self._body(table, key), place))
            self._set_aside(table, key, body, str(why))
        raise CorruptStore(
            f"{place} is damaged and was kept aside in the table 'damaged' of "
            f"{self.path}: {why}"
        ) from why

    def _body(self, table: str, key: Iterable[object]) -> object:
        where = " AND ".join(f"{name} = ?" for name in _SEALED[table])
        return self.rows(f"SELECT body FROM {table} WHERE {where}", *key)[0][0]

    def reseal(self, cipher: Cipher) -> None:
        """Write every value anew, as another cipher keeps it, in one step."""
        with self.change():
            for table, columns in _SEALED.items():
                names = ", ".join(columns)
                where = " AND ".join(f"{name} = ?" for name in columns)
                for *key, body in self.rows(f"SELECT {names}, body FROM {table}"):
                    place = place_of(table, key)
                    new = cipher.seal(self.cipher.unseal(body, place), place)
                    self.rows(f"UPDATE {table} SET body = ? WHERE {where}", new, *key)
            self._seal_damaged(cipher)
            check: object = check_of(cipher)
            self.rows("INSERT OR REPLACE INTO facts VALUES ('check', ?)", check)
        self.cipher = cipher
        self._check = check
        self.wipe()

    def _seal_damaged(self, cipher: Cipher) -> None:
        """Seal what was kept aside in the open, too: it holds what was said."""
        query = "SELECT rowid, body FROM damaged WHERE typeof(body) = 'text'"
        for row, body in self.rows(query):
            sealed = cipher.seal(body, f"damaged {row}")
            self.rows(
                "UPDATE damaged SET body = ?, why = '' WHERE rowid = ?", sealed, row
            )

    def wipe(self) -> bool:
        """Leave nothing in the file of what was deleted.

        Returns:
            False when another program has the file open and its log could not be
            emptied; what was deleted is gone from the database all the same.
        """
        try:
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._connection.execute("VACUUM")
            row = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError:
            return False
        return bool(row[0] == 0)

    def _prepare(self) -> None:
        run = self._connection.execute
        run("PRAGMA secure_delete = ON")
        version = run("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise StoreError(
                f"{self.path} was written by a newer agentkit (form {version}, this one "
                f"reads {VERSION}): update agentkit; nothing was changed"
            )
        if version == VERSION:
            return
        run("PRAGMA journal_mode = WAL")
        run("BEGIN IMMEDIATE")
        if run("PRAGMA user_version").fetchone()[0] == 0:
            for statement in _SCHEMA.split(";"):
                run(statement)
            beside = check_beside(self.path.with_name(JOURNAL_FILE))
            check = beside or check_of(Unsealed())
            run("INSERT INTO facts VALUES ('check', ?)", (check,))
            run(f"PRAGMA user_version = {VERSION}")
        run("COMMIT")

    def _find_cipher(self) -> Cipher:
        """Return what opens the file's check value."""
        with self._told():
            self._check = self._check_value()
        return find_cipher(self._check, self.path)

    def _check_value(self) -> object:
        query = "SELECT body FROM facts WHERE key = 'check'"
        found = self._connection.execute(query).fetchone()
        return found[0] if found else ""

    def _set_aside(
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

    @contextmanager
    def _told(self) -> Generator[None]:
        try:
            yield
        except sqlite3.DatabaseError as exc:
            if getattr(exc, "sqlite_errorcode", 0) & 0xFF in _BROKEN:
                self.close()
                raise CorruptStore(
                    f"{self.path} was damaged ({exc}) and is kept as "
                    f"{self._keep_file_aside()}; sessions start anew"
                ) from exc
            raise StoreError(f"{self.path} cannot be used: {exc}") from exc
        except OSError as exc:
            raise StoreError(f"{self.path} cannot be used: {exc.strerror}") from exc

    def _keep_file_aside(self) -> str:
        stamp = datetime.now().strftime("%Y%m%dT%H%M%S%f")
        kept = self.path.with_name(f"{FILE}.corrupt-{stamp}")
        for end in ("", "-wal", "-shm"):
            part = self.path.with_name(FILE + end)
            if part.exists():
                part.rename(kept.with_name(kept.name + end))
        return kept.name


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
