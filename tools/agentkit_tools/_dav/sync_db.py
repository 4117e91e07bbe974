"""sync.db: what the server and this device last agreed on, entry by entry."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Generator
from dataclasses import astuple, dataclass
from datetime import datetime
from pathlib import Path

from agentkit import StoreError, open_store
from agentkit_tools._dav.addresses import Collection
from agentkit_tools._dav.entries import folder_name
from agentkit_tools._dav.webdav import Kind
from agentkit_tools._store.files import (
    keep_aside,
    open_home,
    read_bytes,
    told,
    write_atomic,
)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS collections (
    url TEXT PRIMARY KEY, kind TEXT NOT NULL, folder TEXT NOT NULL,
    name TEXT NOT NULL, token TEXT NOT NULL DEFAULT '',
    read_only INTEGER NOT NULL DEFAULT 0, UNIQUE (kind, folder)
);
CREATE TABLE IF NOT EXISTS entries (
    collection TEXT NOT NULL, href TEXT NOT NULL, file TEXT NOT NULL,
    etag TEXT NOT NULL, base TEXT NOT NULL, digest TEXT NOT NULL,
    pending TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (collection, href), UNIQUE (collection, file)
);
"""
# In the folder of a collection: its address on the server.
_MARK = ".server"
_COLUMNS = "href, file, etag, base, digest, pending"


@dataclass(frozen=True, slots=True)
class Known:
    """An entry that both sides had at the end of an exchange.

    Attributes:
        file: its name in the collection's folder.
        etag: what the server calls this version; empty when it has none yet.
        base: the version itself.
        digest: of the file as it was then; another one now is a change made here.
        pending: a version that was sent, and whose arrival was not told.
    """

    href: str
    file: str
    etag: str
    base: str
    digest: str
    pending: str = ""


@dataclass(frozen=True, slots=True)
class SyncShelf:
    """A collection and its folder on this device."""

    url: str
    kind: Kind
    folder: str
    name: str
    token: str
    read_only: bool


def mark(folder: Path, url: str) -> None:
    """Note in a folder which collection it is, for a day when the state is lost.

    Raises:
        StoreError: it cannot be written.
    """
    if server_of(folder) != url:
        write_atomic(folder / _MARK, url.encode())


def server_of(folder: Path) -> str:
    """Return which collection a folder is; empty when it is none."""
    content = read_bytes(folder / _MARK) if folder.is_dir() else None
    return (content or b"").decode("utf-8", "replace")


class State:
    """The open database; each change lasts once its call has returned."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def shelf(self, found: Collection, home: Path) -> SyncShelf:
        """Return a collection's place on this device; a new one gets a folder."""
        row = self._database.execute(
            "SELECT folder, token FROM collections WHERE url = ?", (found.url,)
        ).fetchone()
        folder, token = row or (self._new_folder(found, home), "")
        self._database.execute(
            "INSERT INTO collections (url, kind, folder, name, read_only) "
            "VALUES (?, ?, ?, ?, ?) ON CONFLICT (url) DO UPDATE SET "
            "name = excluded.name, read_only = excluded.read_only",
            (found.url, found.kind, folder, found.name, found.read_only),
        )
        return SyncShelf(
            found.url, found.kind, folder, found.name, token, found.read_only
        )

    def _new_folder(self, found: Collection, home: Path) -> str:
        rows = self._database.execute(
            "SELECT folder FROM collections WHERE kind = ?", (found.kind,)
        )
        taken = {str(row[0]) for row in rows}
        place = home / found.kind
        there = list(place.iterdir()) if place.is_dir() else []
        for path in there:
            # sync.db was lost: the folder still says whose it is.
            if path.name not in taken and server_of(path) == found.url:
                return path.name
        taken |= {path.name.lower() for path in there}
        return folder_name(found.name, taken)

    def shelves(self) -> list[SyncShelf]:
        """Return every collection that was exchanged before."""
        rows = self._database.execute(
            "SELECT url, kind, folder, name, token, read_only FROM collections"
        )
        return [
            SyncShelf(url, kind, folder, name, token, bool(closed))
            for url, kind, folder, name, token, closed in rows
        ]

    def set_token(self, url: str, token: str) -> None:
        """Note up to where a collection's changes are all here."""
        self._database.execute(
            "UPDATE collections SET token = ? WHERE url = ?", (token, url)
        )

    def known(self, url: str) -> dict[str, Known]:
        """Return a collection's entries by href."""
        rows = self._database.execute(
            f"SELECT {_COLUMNS} FROM entries WHERE collection = ?", (url,)
        )
        return {str(row[0]): Known(*row) for row in rows}

    def put(self, url: str, entry: Known) -> None:
        """Note what both sides agree on."""
        # Replaces both what had this href and what had this file.
        self._database.execute(
            f"INSERT OR REPLACE INTO entries (collection, {_COLUMNS}) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (url, *astuple(entry)),
        )

    def drop(self, url: str, href: str) -> None:
        """Forget an entry that is on neither side any more."""
        self._database.execute(
            "DELETE FROM entries WHERE collection = ? AND href = ?", (url, href)
        )

    def forget(self, url: str) -> None:
        """Forget all of a collection: it is read from the server anew."""
        self.set_token(url, "")
        self._database.execute("DELETE FROM entries WHERE collection = ?", (url,))


@contextlib.contextmanager
def opened(home: Path, now: datetime) -> Generator[State, None, None]:
    """Open the state; a damaged one is kept aside, and all is compared anew.

    Raises:
        StoreError: it cannot be opened or written.
    """
    path = open_home(home) / "sync.db"
    try:
        database = _connect(path)
    except sqlite3.OperationalError as exc:
        raise StoreError(f"Cannot open {path}: {exc}.") from exc
    except sqlite3.DatabaseError:
        keep_aside(path, now)
        database = _connect(path)
    try:
        yield State(database)
    except sqlite3.Error as exc:
        raise StoreError(f"Cannot use {path}: {exc}.") from exc
    finally:
        database.close()


def _connect(path: Path) -> sqlite3.Connection:
    with told(path, "open"):
        database = open_store(path, _migrate, 1)
    try:
        # What is agreed on must not be lost: a deletion could come back, or an entry go
        # up twice.
        database.execute("PRAGMA synchronous = FULL")
        # A damaged state could say that files were deleted here, which would be told to
        # the server.
        if database.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError("damaged")
    except sqlite3.DatabaseError:
        database.close()
        raise
    return database


def _migrate(database: sqlite3.Connection, _: int) -> None:
    """Make the tables; they may be there without a version."""
    for statement in _SCHEMA.split(";\n"):
        database.execute(statement)
