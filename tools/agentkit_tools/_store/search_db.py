"""search.db: a full-text index over the files, brought up to date before a search.

Only rows that changed are indexed again. It holds nothing of its own: when it is
damaged it is thrown away and made again. Messages have an index in messages.db.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Generator
from pathlib import Path

from agentkit import Context, StoreError, open_store
from agentkit_tools._store.files import locked, open_home, told
from agentkit_tools._store.search_rows import SOURCES, IndexSource, Row, Scan

_SCHEMA = """
CREATE TABLE IF NOT EXISTS sources (
    name TEXT PRIMARY KEY, stamp TEXT NOT NULL, looked REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS entries (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL, key TEXT NOT NULL,
    digest TEXT NOT NULL, kind TEXT NOT NULL, moment TEXT NOT NULL,
    UNIQUE (source, key)
);
CREATE VIRTUAL TABLE IF NOT EXISTS things USING fts5(
    title, people, body,
    tokenize = "unicode61 remove_diacritics 2 categories 'L* N* M* Co'"
);
CREATE TABLE IF NOT EXISTS vectors (
    store TEXT NOT NULL, id INTEGER NOT NULL, key TEXT NOT NULL, vector BLOB NOT NULL,
    PRIMARY KEY (store, id)
);
CREATE TABLE IF NOT EXISTS vector_facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
_VERSION = 3


def refresh(database: sqlite3.Connection, context: Context) -> str:
    """Index again what changed; return the stores' warnings."""
    warnings: list[str] = []
    known = {
        name: (stamp, looked)
        for name, stamp, looked in database.execute("SELECT * FROM sources")
    }
    for source in SOURCES:
        stamp, looked = known.get(source.name, ("", 0.0))
        if stamp == _stamp(source, context) and not _is_overdue(source, looked):
            continue
        scan = source.scan(context)
        warnings += [scan.warning] if scan.warning else []
        _bring_up_to_date(database, source.name, scan)
        # A damaged file was put aside while it was read: stamp what is there now.
        database.execute(
            "INSERT OR REPLACE INTO sources VALUES (?, ?, ?)",
            (source.name, _stamp(source, context), time.time()),
        )
    return " ".join(warnings)


def _is_overdue(source: IndexSource, looked: float) -> bool:
    # `abs`: a clock that was set back would keep the index as it is for hours.
    return bool(source.patience) and abs(time.time() - looked) > source.patience


def _stamp(source: IndexSource, context: Context) -> str:
    # The day is part of the stamp: what comes next changes with it.
    facts: list[str] = [f"{context.now:%Y-%m-%d}"] if source.daily else ["-"]
    for path in source.files(context.home):
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            found = path.stat()
            facts.append(f"{path.name}:{found.st_mtime_ns}:{found.st_size}")
    return "|".join(facts)


def _bring_up_to_date(database: sqlite3.Connection, source: str, scan: Scan) -> None:
    """Take out the rows that are gone or changed, and put in those that are new."""
    query = "SELECT key, digest, id FROM entries WHERE source = ?"
    known = {
        key: (digest, row) for key, digest, row in database.execute(query, (source,))
    }
    stale = [
        (row,)
        for key, (digest, row) in known.items()
        if scan.digests.get(key) != digest
    ]
    # A changed row is taken out and put in anew: FTS5 knows no cheaper way.
    database.executemany("DELETE FROM things WHERE rowid = ?", stale)
    database.executemany("DELETE FROM entries WHERE id = ?", stale)
    new = [
        key
        for key, digest in scan.digests.items()
        if key not in known or known[key][0] != digest
    ]
    for row in scan.load(new):
        _add(database, source, row, scan.digests[row.key])


def _add(database: sqlite3.Connection, source: str, row: Row, digest: str) -> None:
    added = database.execute(
        "INSERT INTO entries (source, key, digest, kind, moment) VALUES (?, ?, ?, ?, ?)",
        (source, row.key, digest, row.kind, row.moment),
    )
    database.execute(
        "INSERT INTO things (rowid, title, people, body) VALUES (?, ?, ?, ?)",
        (added.lastrowid, row.title, row.people, row.body),
    )


@contextlib.contextmanager
def open_index(home: Path) -> Generator[sqlite3.Connection, None, None]:
    """Open the index; in memory where the home cannot be written.

    Raises:
        StoreError: it cannot be used.
    """
    path = open_home(home) / "search.db"
    try:
        database = _connect(path)
    except (sqlite3.OperationalError, OSError, StoreError):
        # Nobody may write there, or a newer agentkit's index stays as it is.
        database = _connect(None)
    except sqlite3.DatabaseError:
        with locked(home), told(path, "throw away"):
            # A journal that is left alone would be played into the new file.
            for side in ("", "-wal", "-shm"):
                path.with_name(path.name + side).unlink(missing_ok=True)
        database = _connect(path)
    try:
        with database:
            yield database
    except sqlite3.DatabaseError as exc:
        raise StoreError(f"Cannot use the search index {path}: {exc}.") from exc
    finally:
        database.close()


def _connect(path: Path | None) -> sqlite3.Connection:
    return open_store(path, _migrate, _VERSION, begins=True)


def _migrate(database: sqlite3.Connection, _: int) -> None:
    """Make the tables; what an older version held is indexed again."""
    for table in ("things", "sources", "entries", "vectors", "vector_facts"):
        database.execute(f"DROP TABLE IF EXISTS {table}")
    for statement in _SCHEMA.split(";\n"):
        database.execute(statement)
