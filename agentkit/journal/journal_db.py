"""The journal's SQLite database: its tables, opened at first use, readable by its owner only."""

from __future__ import annotations

import os
import sqlite3
import threading
import weakref
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Literal, get_args

from agentkit.errors import ConfigError, CorruptStore, StoreError
from agentkit.stores.secrets import (
    Cipher,
    Sealed,
    Unsealed,
    check_beside,
    check_of,
    find_cipher,
)
from agentkit.stores.shared_files import make_private

# The journal is sealed when the home's sessions are.
SESSIONS_FILE = "sessions.db"
_VERSION = 2
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
    "ALTER TABLE effects ADD COLUMN forgotten INTEGER NOT NULL DEFAULT 0",
    "CREATE TABLE facts (key TEXT PRIMARY KEY, body NOT NULL)",
    "CREATE INDEX IF NOT EXISTS meanings ON effects (meaning)",
    "CREATE INDEX IF NOT EXISTS open_ones ON effects (state) WHERE state = 'begun'",
    "CREATE INDEX sends ON effects (effect) WHERE effect = 'send'",
    f"PRAGMA user_version = {_VERSION}",
)
_PATIENCE = 10.0


def connect(path: Path | None, sync: str) -> sqlite3.Connection:
    """Open a journal, or make it: only its owner may read it.

    Args:
        path: the file; None for one in memory.
        sync: `off` where the disk is not waited for.

    Raises:
        StoreError: it is of a newer agentkit.
    """
    if path is not None:
        # SQLite gives its other files the mode of this one.
        make_private(path)
    connection = sqlite3.connect(
        path or ":memory:",
        isolation_level=None,
        check_same_thread=False,
        timeout=_PATIENCE,
    )
    try:
        _prepare(connection, path)
        connection.execute(
            f"PRAGMA synchronous = {'OFF' if sync == 'off' else 'NORMAL'}"
        )
    except BaseException:
        connection.close()
        raise
    return connection


def check_value(connection: sqlite3.Connection) -> object:
    """Return what tells whether texts are sealed, and with which key."""
    row = connection.execute("SELECT body FROM facts WHERE key = 'check'").fetchone()
    return row[0] if row else ""


def _prepare(connection: sqlite3.Connection, path: Path | None) -> None:
    version = _version(connection)
    if version > _VERSION:
        raise StoreError(
            f"the journal {path} is of a newer agentkit (version {version}): use that one"
        )
    connection.execute("PRAGMA secure_delete = ON")
    if version == _VERSION:
        return
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    if _version(connection) < _VERSION:
        for statement in (_EFFECTS, *_MORE):
            connection.execute(statement)
        beside = check_beside(path.with_name(SESSIONS_FILE)) if path else None
        if version:  # its texts are in the open, whatever lies beside it
            beside = None
        check = beside or check_of(Unsealed())
        connection.execute("INSERT INTO facts VALUES ('check', ?)", (check,))
    connection.execute("COMMIT")


def _version(connection: sqlite3.Connection) -> int:
    [version] = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


Sync = Literal["full", "normal", "off"]


class Database:
    """One connection, shared by the threads of a process and made anew after a fork."""

    def __init__(self, path: Path | None, sync: Sync) -> None:
        """Take the file; nothing is opened yet.

        Args:
            path: the file; None for one in memory.
            sync: when the disk is waited for; `full`: before each effect runs.

        Raises:
            ConfigError: there is no such `sync`.
        """
        if sync not in get_args(Sync):
            raise ConfigError(
                f"sync {sync!r} is none of {', '.join(get_args(Sync))}: choose one"
            )
        self.path = path
        self._sync: Sync = sync
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._abandoned: sqlite3.Connection | None = None
        self._process = os.getpid()
        self._check: object = ""
        self.cipher: Cipher = Unsealed()

    @property
    def sealed(self) -> bool:
        """Whether its texts are sealed."""
        if self.exists:
            with self.reading():
                pass
        return isinstance(self.cipher, Sealed)

    @property
    def exists(self) -> bool:
        """Whether anything was journaled: looks, and makes nothing."""
        if self.path is None:
            return self._connection is not None
        return self.path.exists()

    @contextmanager
    def changing(self, *, durable: bool = False) -> Generator[sqlite3.Connection]:
        """Change it, all or nothing.

        Args:
            durable: wait until the disk has it, unless `sync` says not to.

        Raises:
            StoreError: it cannot be read or written.
            CorruptStore: it is damaged; it was kept aside.
        """
        with self._lock, self._told():
            connection = self._opened()
            if self._sync == "full":
                connection.execute(
                    f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}"
                )
            connection.execute("BEGIN IMMEDIATE")
            try:
                self._look_at_seal(connection)
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                connection.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Generator[sqlite3.Connection]:
        """Read it.

        Raises:
            StoreError: it cannot be read.
            CorruptStore: it is damaged; it was kept aside.
        """
        with self._lock, self._told():
            connection = self._opened()
            self._look_at_seal(connection)
            yield connection

    def wipe(self) -> bool:
        """Leave nothing in the file of what was forgotten or in the open.

        Returns:
            False when another program has the file open and its log could not be
            emptied.
        """
        with self._lock, self._told():
            connection = self._opened()
            try:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.execute("VACUUM")
                row = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            except sqlite3.OperationalError:
                return False
        return bool(row[0] == 0)

    def close(self) -> None:
        """Close the connection; the next use opens it again."""
        with self._lock:
            if self._connection is not None and self.path is not None:
                self._connection.close()
                self._connection = None

    @staticmethod
    def _close_own(connection: sqlite3.Connection, process: int) -> None:
        if process == os.getpid():
            connection.close()

    def _opened(self) -> sqlite3.Connection:
        if self._process != os.getpid():
            # SQLite's connections must not be used, nor closed, behind a fork.
            self._abandoned = self._connection
            self._connection, self._process = None, os.getpid()
        if self._connection is None:
            self._connection = connect(self.path, self._sync)
            self._check = None
            weakref.finalize(self, self._close_own, self._connection, self._process)
        return self._connection

    def _look_at_seal(self, connection: sqlite3.Connection) -> None:
        """Take the cipher of the file, which another process may have sealed."""
        if self.path is None:
            return
        check = check_value(connection)
        if check != self._check:
            self.cipher = find_cipher(check, self.path)
            self._check = check

    @contextmanager
    def _told(self) -> Generator[None]:
        """Turn SQLite's complaints into ours; keep a damaged file aside."""
        try:
            yield
        except sqlite3.OperationalError as exc:
            raise StoreError(f"the journal {self.path} cannot be used: {exc}") from exc
        except sqlite3.DatabaseError as exc:
            raise CorruptStore(self._put_aside(exc)) from exc
        except OSError as exc:
            raise StoreError(
                f"the journal {self.path} cannot be used: {exc.strerror}"
            ) from exc

    def _put_aside(self, exc: sqlite3.DatabaseError) -> str:
        if self.path is None or isinstance(exc, sqlite3.IntegrityError):
            return f"the journal cannot be used: {exc}"
        self.close()
        kept = self.path.with_name(
            f"{self.path.name}.corrupt-{datetime.now():%Y%m%dT%H%M%S%f}"
        )
        self.path.replace(kept)
        for part in ("-wal", "-shm"):
            self.path.with_name(self.path.name + part).unlink(missing_ok=True)
        return (
            f"the journal {self.path.name} was damaged and is kept as {kept.name}: "
            "what was done before can not be looked up or taken back; try again"
        )
