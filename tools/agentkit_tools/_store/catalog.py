"""calendar.db: which events are where in the calendar's files, and when.

It holds nothing of its own: it is made from the files and may be deleted. What it says
of a file counts only as long as the file's stamp is the one that it was made for.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from agentkit import StoreError, make_private
from agentkit_tools._store.files import locked, open_home, told
from agentkit_tools._store.folder import Stamp
from agentkit_tools._store.scan import FilePart, Scanned

_NAME = "calendar.db"
# Of the tables below: an index of another version is made again.
_VERSION = 2
_IN_MEMORY = Path(":memory:")
# Seconds. An event shorter than this is found by where it begins; the few longer ones,
# such as series, by where they end. Either index alone would read most of the calendar.
_LONG = 40 * 86_400
_SCHEMA = f"""
CREATE TABLE files (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE,
    mtime INTEGER, size INTEGER, inode INTEGER, changed INTEGER,
    tail INTEGER NOT NULL, others INTEGER NOT NULL
);
CREATE TABLE folders (
    path TEXT NOT NULL, mtime INTEGER, size INTEGER, inode INTEGER, changed INTEGER
);
CREATE TABLE sweeps (moment REAL NOT NULL, files INTEGER NOT NULL);
CREATE TABLE parts (
    id INTEGER PRIMARY KEY, file INTEGER NOT NULL, at INTEGER NOT NULL,
    size INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
    first REAL, last REAL, invites INTEGER NOT NULL, digest BLOB NOT NULL
);
CREATE INDEX parts_file ON parts (file);
CREATE INDEX parts_name ON parts (name);
CREATE INDEX parts_short ON parts (first) WHERE last - first < {_LONG};
CREATE INDEX parts_long ON parts (last) WHERE last - first >= {_LONG};
CREATE INDEX parts_undated ON parts (id) WHERE kind = 'VEVENT' AND first IS NULL;
CREATE INDEX parts_invites ON parts (name) WHERE invites;
"""
_WITHIN = f"""
SELECT name FROM parts WHERE last - first < {_LONG}
    AND first > :start - {_LONG} AND first < :end AND last >= :start
UNION SELECT name FROM parts WHERE last - first >= {_LONG}
    AND last >= :start AND first < :end
"""
_UNDATED = (
    "SELECT name FROM parts WHERE kind = 'VEVENT' AND first IS NULL ORDER BY id LIMIT ?"
)
_PLACES = """
SELECT files.path, parts.at, parts.size, parts.kind, parts.name
FROM parts JOIN files ON files.id = parts.file
"""


@dataclass(frozen=True, slots=True)
class ComponentPlace:
    """Where a component is: file within the home, and bytes of it."""

    path: str
    at: int
    size: int
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Shape:
    """What is known of a file: where new components go, and whether it holds others."""

    stamp: Stamp
    tail: int
    others: bool


class Catalog:
    """The index of the calendar's files."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    @contextlib.contextmanager
    def changing(self) -> Generator[None, None, None]:
        """Make several changes as one."""
        # IMMEDIATE: a write lock taken later could fail in the middle (SQLITE_BUSY).
        self._database.execute("BEGIN IMMEDIATE")
        with self._database:
            yield

    @contextlib.contextmanager
    def one_state(self) -> Generator[None, None, None]:
        """Read several things as they were at one moment, whoever writes meanwhile.

        Places of one state and a file's stamp of a later one would fit nothing.
        """
        self._database.execute("BEGIN")
        try:
            yield
        finally:
            self._database.rollback()

    def stamps(self) -> dict[str, Stamp]:
        """Return the stamps of the files that it was made for."""
        query = "SELECT path, mtime, size, inode, changed FROM files"
        return {path: tuple(rest) for path, *rest in self._database.execute(query)}

    def swept(self, folders: Mapping[str, Stamp], files: int) -> None:
        """Note that all files were looked at just now, and the folders before."""
        self.note_folders(folders)
        self._database.execute("DELETE FROM sweeps")
        self._database.execute("INSERT INTO sweeps VALUES (?, ?)", (time.time(), files))

    def note_folders(self, folders: Mapping[str, Stamp]) -> None:
        """Note the stamps of the folders."""
        self._database.execute("DELETE FROM folders")
        rows = [(path, *stamp) for path, stamp in folders.items()]
        self._database.executemany("INSERT INTO folders VALUES (?, ?, ?, ?, ?)", rows)

    def folders(self) -> dict[str, Stamp]:
        """Return the stamps of the folders."""
        rows = self._database.execute("SELECT * FROM folders")
        return {path: tuple(rest) for path, *rest in rows}

    def sweep(self) -> tuple[float, int]:
        """Return when all files were looked at last, and how many there were."""
        row = self._database.execute("SELECT * FROM sweeps").fetchone()
        # Never yet: long ago.
        return row or (0.0, 0)

    def shape(self, path: str) -> Shape | None:
        """Return what is known of a file."""
        query = (
            "SELECT mtime, size, inode, changed, tail, others FROM files WHERE path = ?"
        )
        row = self._database.execute(query, (path,)).fetchone()
        return (
            Shape((row[0], row[1], row[2], row[3]), row[4], bool(row[5]))
            if row
            else None
        )

    def put(self, path: str, stamp: Stamp, scanned: Scanned) -> None:
        """Take a file in, or take it in again."""
        self.drop(path)
        added = self._database.execute(
            "INSERT INTO files VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)",
            (path, *stamp, scanned.tail, scanned.others),
        )
        self._add(added.lastrowid or 0, scanned.parts)

    def drop(self, path: str) -> None:
        """Forget a file."""
        for (number,) in self._database.execute(
            "SELECT id FROM files WHERE path = ?", (path,)
        ).fetchall():
            self._database.execute("DELETE FROM parts WHERE file = ?", (number,))
            self._database.execute("DELETE FROM files WHERE id = ?", (number,))

    def splice(
        self, path: str, stamp: Stamp, cuts: Iterable[tuple[int, int, list[FilePart]]]
    ) -> None:
        """Follow a change of a file.

        Args:
            path: the file.
            stamp: that of its new state.
            cuts: from the end of the file to its start: where bytes were taken out,
                how many, and what came there, its places counted from there.
        """
        database = self._database
        (number,) = database.execute(
            "SELECT id FROM files WHERE path = ?", (path,)
        ).fetchone()
        for at, size, parts in cuts:
            # From the end on, so that places before a cut stay right for the next one.
            grown = sum(part.size for part in parts) - size
            if size:
                database.execute(
                    "DELETE FROM parts WHERE file = ? AND at >= ? AND at < ?",
                    (number, at, at + size),
                )
            if grown:
                database.execute(
                    "UPDATE parts SET at = at + ? WHERE file = ? AND at >= ?",
                    (grown, number, at),
                )
                database.execute(
                    "UPDATE files SET tail = tail + ? WHERE id = ? AND tail >= ?",
                    (grown, number, at),
                )
            self._add(number, parts, at)
        database.execute(
            "UPDATE files SET mtime = ?, size = ?, inode = ?, changed = ? WHERE id = ?",
            (*stamp, number),
        )

    def _add(self, file: int, parts: Iterable[FilePart], offset: int = 0) -> None:
        self._database.executemany(
            "INSERT INTO parts VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (file, part.at + offset, part.size, part.kind, part.name,
                 *(part.span or (None, None)), part.invites, part.digest)
                for part in parts
            ),
        )  # fmt: skip

    def within(self, start: float, end: float) -> list[str]:
        """Name the events that may take place from one moment to another."""
        rows = self._database.execute(_WITHIN, {"start": start, "end": end})
        return [name for (name,) in rows]

    def undated(self, most: int) -> list[str]:
        """Name events of which it is not known when they take place."""
        return [name for (name,) in self._database.execute(_UNDATED, (most,))]

    def invites(self) -> set[str]:
        """Name the events that have an organizer."""
        rows = self._database.execute("SELECT name FROM parts WHERE invites")
        return {name for (name,) in rows}

    def places(self, kind: str, names: Iterable[str]) -> Iterator[ComponentPlace]:
        """Yield where the components of some names are, in the order of the files."""
        found: list[ComponentPlace] = []
        for name in names:
            rows = self._database.execute(
                f"{_PLACES} WHERE parts.name = ? AND parts.kind = ?", (name, kind)
            )
            found += [ComponentPlace(*row) for row in rows]
        yield from sorted(found, key=lambda place: (place.path, place.at))

    def zones(self, path: str) -> Iterator[ComponentPlace]:
        """Yield the time zones of a file."""
        rows = self._database.execute(
            f"{_PLACES} WHERE files.path = ? AND parts.kind = 'VTIMEZONE'", (path,)
        )
        yield from (ComponentPlace(*row) for row in rows)

    def digests(self) -> Iterator[tuple[str, bytes, bool]]:
        """Yield name and digest of each event's components, and whether it is long."""
        yield from self._database.execute(
            "SELECT name, digest, coalesce(last - first >= ?, 1) FROM parts"
            " WHERE kind = 'VEVENT' ORDER BY name, digest",
            (_LONG,),
        )


def open_catalog(home: Path) -> tuple[Catalog, bool]:
    """Open the index, and tell whether it is kept: not where nothing can be written.

    Raises:
        StoreError: it cannot be used.
    """
    path = open_home(home) / _NAME
    # A home on a read-only disk can still be asked; its index lives in memory.
    if not os.access(home, os.W_OK):
        return Catalog(_connect(_IN_MEMORY)), False
    try:
        return Catalog(_connect(path)), True
    # No file can be opened there, or another program has it locked: nothing is damaged.
    except sqlite3.OperationalError:
        return Catalog(_connect(_IN_MEMORY)), False
    except sqlite3.DatabaseError:
        throw_away(home)
    try:
        return Catalog(_connect(path)), True
    except sqlite3.DatabaseError as exc:
        raise StoreError(f"Cannot use the calendar's index {path}: {exc}.") from exc


def throw_away(home: Path) -> None:
    """Remove a damaged index; it is made again.

    Raises:
        StoreError: it cannot be removed.
    """
    with locked(home):
        # A journal of SQLite that is left alone would be played into the new file.
        for name in (_NAME, f"{_NAME}-wal", f"{_NAME}-shm"):
            with told(home / name, "throw away"):
                (home / name).unlink(missing_ok=True)


def _connect(path: Path) -> sqlite3.Connection:
    if path != _IN_MEMORY:
        with told(path, "make"):
            make_private(path)
    # Closed by whoever lets go of it last, which may be another thread.
    database = sqlite3.connect(path, timeout=10, check_same_thread=False)
    try:
        if database.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
            _make(database)
        # A power cut may lose the last changes of the index: they are found again.
        database.execute("PRAGMA synchronous = NORMAL")
    except sqlite3.DatabaseError:
        database.close()
        raise
    return database


def _make(database: sqlite3.Connection) -> None:
    """Make the tables; what another version held is made again."""
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("BEGIN IMMEDIATE")
    # Looked at again under the lock: another program may have made them just now.
    with database:
        if database.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
            for table in ("files", "folders", "sweeps", "parts"):
                database.execute(f"DROP TABLE IF EXISTS {table}")
            for statement in _SCHEMA.split(";\n"):
                database.execute(statement)
            database.execute(f"PRAGMA user_version = {_VERSION}")
