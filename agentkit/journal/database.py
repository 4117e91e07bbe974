"""The journal's SQLite database: opened at first use, readable by its owner only."""

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

Sync = Literal["full", "normal", "off"]

_VERSION = 1
_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS effects (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
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
);
CREATE INDEX IF NOT EXISTS meanings ON effects (meaning);
CREATE INDEX IF NOT EXISTS open_ones ON effects (state) WHERE state = 'begun';
PRAGMA user_version = {_VERSION};
"""
_PATIENCE = 10.0


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
            yield self._opened()

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
            self._connection = _connect(self.path, self._sync)
            weakref.finalize(self, self._close_own, self._connection, self._process)
        return self._connection

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


def _connect(path: Path | None, sync: Sync) -> sqlite3.Connection:
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        # SQLite gives its other files the mode of this one.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    connection = sqlite3.connect(
        path or ":memory:",
        isolation_level=None,
        check_same_thread=False,
        timeout=_PATIENCE,
    )
    try:
        [version] = connection.execute("PRAGMA user_version").fetchone()
        if version > _VERSION:
            raise StoreError(
                f"the journal {path} is of a newer agentkit (version {version}): "
                "use that one"
            )
        if version < _VERSION:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(_SCHEMA)
        connection.execute(
            f"PRAGMA synchronous = {'OFF' if sync == 'off' else 'NORMAL'}"
        )
    except BaseException:
        connection.close()
        raise
    return connection
