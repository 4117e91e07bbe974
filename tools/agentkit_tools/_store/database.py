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
from agentkit_tools._store.tables import COLUMNS, Row, insert_all, make_tables


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
        read_only = _read_only(path)
        if read_only is None:
            raise StoreError(f"Cannot open {path}: {exc}.") from exc
        return Opened(read_only, "", path)
    except sqlite3.DatabaseError:
        warning = _mend(path, now)
    return Opened(_connect(path), warning, path)


def _connect(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=10)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        make_tables(database)
        database.execute(f"SELECT {COLUMNS} FROM messages LIMIT 1").fetchone()
    except sqlite3.DatabaseError:
        database.close()
        raise
    return database


def _read_only(path: Path) -> sqlite3.Connection | None:
    """Open a store that may be read and not written; None when it may not."""
    if not path.is_file():
        return None
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
            if sound:  # another process mended it first
                return ""
        for side in ("-wal", "-shm"):
            with told(path, "keep aside"):
                if path.with_name(path.name + side).exists():
                    keep_aside(path.with_name(path.name + side), now)
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
                name if name in there else "''" for name in COLUMNS.split(", ")
            )
            # Not by an index, which may be what is damaged.
            cursor = damaged.execute(f"SELECT {columns} FROM messages NOT INDEXED")
            for row in cursor:
                rows.append(row)
    return rows
