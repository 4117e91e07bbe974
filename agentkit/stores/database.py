"""The SQLite files of a home: opened, migrated and sealed in one way."""

from __future__ import annotations

import os
import sqlite3
import threading
import weakref
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from agentkit.errors import ConfigError, StoreError
from agentkit.stores.secrets import (
    Cipher,
    Sealed,
    Unsealed,
    check_beside,
    check_of,
    find_cipher,
)
from agentkit.stores.shared_files import make_private
from agentkit.stores.store_faults import store_faults

Sync = Literal["full", "normal", "off"]
Migrate = Callable[[sqlite3.Connection, int], None]

# Longer than any transaction of ours takes, and short enough for a person to wait.
_PATIENCE = 10.0
_IN_USE = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def open_store(
    path: Path | None, migrate: Migrate, version: int, *, begins: bool = False
) -> sqlite3.Connection:
    """Open a database, or make it: only its owner may read it.

    Args:
        path: the file; None for one in memory.
        migrate: makes the tables, or brings those of an older version up to date; it
            gets the version that is there, 0 for a new file, and runs in one
            transaction with the note of the new version.
        version: of the tables as this code knows them.
        begins: a change begins a transaction by itself, which `with` ends; else
            each statement lasts, unless a transaction is begun in words.

    Raises:
        StoreError: a newer agentkit wrote it.
        sqlite3.Error: it cannot be opened, or is damaged.
    """
    if path is not None:
        # SQLite gives its other files the mode of this one.
        make_private(path)
    connection = sqlite3.connect(
        path or ":memory:",
        isolation_level="DEFERRED" if begins else None,
        # Our own lock keeps threads apart: the stores' thread and the caller's share
        # it.
        check_same_thread=False,
        timeout=_PATIENCE,
    )
    try:
        _bring_up_to_date(connection, path, migrate, version)
    except BaseException:
        connection.close()
        raise
    return connection


def _bring_up_to_date(
    connection: sqlite3.Connection, path: Path | None, migrate: Migrate, version: int
) -> None:
    found = _version(connection)
    if found > version:
        raise StoreError(
            f"{path} was written by a newer agentkit (form {found}, this one reads "
            f"{version}): update agentkit; nothing was changed"
        )
    # What is deleted leaves no trace in the file.
    connection.execute("PRAGMA secure_delete = ON")
    # Before any lock is taken: nearly every opening ends here.
    if found == version:
        return
    # Readers do not wait for a writer, and a write waits for the disk once.
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    # Looked at again behind the lock.
    found = _version(connection)
    if found < version:  # else another process was first
        migrate(connection, found)
        connection.execute(f"PRAGMA user_version = {version}")
    connection.execute("COMMIT")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The tables of a database whose values may be sealed.

    It has a table `facts (key, body)`, which holds the check value of its seal.

    Attributes:
        version: of the tables.
        migrate: makes them or brings them up to date; see `open_store`.
        beside: the file of the same home that is sealed together with this one.
        lost: what it means for the user that a damaged file was set aside.
    """

    version: int
    migrate: Migrate
    beside: str
    lost: str

    def open(self, path: Path | None) -> sqlite3.Connection:
        """Open a file, or make it, sealed if the file beside it is."""

        def migrate(connection: sqlite3.Connection, found: int) -> None:
            self.migrate(connection, found)
            # Texts that are there already, of an older version, are in the open.
            beside = (
                check_beside(path.with_name(self.beside))
                if path is not None and not found
                else None
            )
            connection.execute(
                "INSERT OR IGNORE INTO facts VALUES ('check', ?)",
                (beside or check_of(Unsealed()),),
            )

        return open_store(path, migrate, self.version)


class Database:
    """One connection, shared by the threads of a process and made anew after a fork.

    Attributes:
        path: the file; None for one in memory.
        cipher: seals its values.
    """

    def __init__(self, path: Path | None, layout: Layout, sync: Sync = "full") -> None:
        """Store the path and the layout; nothing is opened yet.

        Args:
            path: the file; None for one in memory.
            layout: what is in it.
            sync: when the disk is waited for; `full`: at each durable change.

        Raises:
            ConfigError: there is no such `sync`.
        """
        if sync not in get_args(Sync):
            raise ConfigError(
                f"sync {sync!r} is none of {', '.join(get_args(Sync))}: choose one"
            )
        self.path = path
        self.cipher: Cipher = Unsealed()
        self._layout = layout
        self._sync: Sync = sync
        self._waits = ""
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._abandoned: sqlite3.Connection | None = None
        self._process = os.getpid()
        self._check: object = None

    @property
    def exists(self) -> bool:
        """Whether anything was written: looks, and makes nothing."""
        if self.path is None:
            return self._connection is not None
        return self.path.exists()

    @property
    def sealed(self) -> bool:
        """Whether its values are sealed."""
        if self.exists:
            with self.reading():
                pass
        return isinstance(self.cipher, Sealed)

    @contextmanager
    def changing(self, *, durable: bool = False) -> Generator[sqlite3.Connection]:
        """Open a transaction: all of it is kept, or nothing.

        Args:
            durable: wait until the disk has it, unless `sync` says not to. Else it
                outlives the end of the process, and a power cut after the next wait.

        Raises:
            StoreError: it cannot be read or written.
            CorruptStore: it is damaged; it was set aside.
        """
        with self._lock, self._told():
            connection = self._opened()
            self._wait_for_disk(connection, durable=durable)
            # IMMEDIATE takes the write lock now. A reader that turned writer later would
            # fail at once where another one wrote in between.
            connection.execute("BEGIN IMMEDIATE")
            try:
                # Behind the lock: nobody can seal the file anew before we write.
                self._look_at_seal(connection)
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                # A damaged file is closed already.
                with suppress(sqlite3.ProgrammingError):
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Generator[sqlite3.Connection]:
        """Open the database to read it.

        Raises:
            StoreError: it cannot be read.
            CorruptStore: it is damaged; it was set aside.
        """
        with self._lock, self._told():
            connection = self._opened()
            self._look_at_seal(connection)
            yield connection

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows."""
        with self._lock, self._told():
            return self._opened().execute(query, values).fetchall()

    def sealed_with(self, cipher: Cipher) -> None:
        """Note, while all values are written anew, which cipher seals them."""
        check: object = check_of(cipher)
        self.rows("INSERT OR REPLACE INTO facts VALUES ('check', ?)", check)
        # Should the change be undone, the file's own check value differs from this one.
        self.cipher, self._check = cipher, check

    def empty_log(self) -> None:
        """Remove overwritten values from the log too, once no process reads it."""
        with self.reading() as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    def wipe(self) -> bool:
        """Leave no trace in the file of values that were deleted or were unsealed.

        Returns:
            False when another program has the file open and its log could not be
            emptied; what was deleted is gone from the database all the same.

        Raises:
            StoreError: it could not be written anew, as on a full disk.
        """
        with self._lock, self._told():
            connection = self._opened()
            try:
                # VACUUM writes the whole file into the log, so that is emptied before
                # and after.
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.execute("VACUUM")
                row = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            except sqlite3.OperationalError as exc:
                if exc.sqlite_errorcode & 0xFF in _IN_USE:
                    return False
                raise
        return bool(row[0] == 0)

    def close(self) -> None:
        """Close the connection; the next use opens it again."""
        with self._lock:
            if self._connection is not None and self.path is not None:
                self._connection.close()
                self._connection = None

    @staticmethod
    def _close_own(connection: sqlite3.Connection, process: int) -> None:
        # A child that closes its parent's connection can damage the file (SQLite, "How
        # To Corrupt An SQLite Database File", 2.6).
        if process == os.getpid():
            connection.close()

    def _opened(self) -> sqlite3.Connection:
        if self._process != os.getpid():
            # SQLite's connections must not be used, nor closed, behind a fork.
            # Held on to: a connection that is collected is closed.
            self._abandoned = self._connection
            self._connection, self._process = None, os.getpid()
        if self._connection is None:
            self._connection = self._layout.open(self.path)
            self._check, self._waits = None, ""
            # Whoever forgets to close it leaves no open file behind, in this process
            # only.
            weakref.finalize(self, self._close_own, self._connection, self._process)
        return self._connection

    def _wait_for_disk(self, connection: sqlite3.Connection, *, durable: bool) -> None:
        """Set whether the next transaction waits for the disk, where that changed."""
        # In WAL mode NORMAL loses the last changes at a power cut, and never damages
        # the file (SQLite's manual, PRAGMA synchronous).
        waits = "FULL" if durable and self._sync == "full" else "NORMAL"
        waits = "OFF" if self._sync == "off" else waits
        # A PRAGMA is a statement of its own: only said where it changes something.
        if waits != self._waits:
            connection.execute(f"PRAGMA synchronous = {waits}")
            self._waits = waits

    def _look_at_seal(self, connection: sqlite3.Connection) -> None:
        """Use the cipher of the file; another process may have sealed it."""
        if self.path is None:
            return
        # One row at each use is cheaper than opening a text with the wrong key.
        query = "SELECT body FROM facts WHERE key = 'check'"
        row = connection.execute(query).fetchone()
        check: object = row[0] if row else ""
        if check != self._check:
            self.cipher = find_cipher(check, self.path)
            self._check = check

    def _told(self) -> AbstractContextManager[None]:
        return store_faults(self.path, self._layout.lost, self.close)
