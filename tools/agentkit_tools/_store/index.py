"""search.db: a full-text index over all stores, brought up to date before a search.

It holds nothing of its own: when it is damaged it is thrown away and made again.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from pathlib import Path

from agentkit import Context, StoreError
from agentkit_tools._store.files import locked, open_home, told
from agentkit_tools._store.mailbox import quoted
from agentkit_tools._store.rows import SOURCES, Row

_SCHEMA = """
CREATE TABLE IF NOT EXISTS sources (name TEXT PRIMARY KEY, stamp TEXT NOT NULL);
CREATE VIRTUAL TABLE IF NOT EXISTS things USING fts5(
    title, body, people, kind UNINDEXED, moment UNINDEXED, source UNINDEXED,
    tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
"""
_WEIGHTS = "bm25(things, 8.0, 1.0, 4.0)"
_MOST = 10


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that fits.

    Attributes:
        moment: ISO 8601 time of an event, message or reminder; empty otherwise.
    """

    kind: str
    title: str
    snippet: str
    moment: str


def search(context: Context, query: str) -> tuple[list[Found], str]:
    """Find things that hold all words, best first; and the stores' warning.

    Raises:
        StoreError: a store or the index cannot be used.
    """
    words = quoted(query)
    if not words:
        return [], ""
    with _opened(context.home) as database:
        warning = _refresh(database, context)
        rows = database.execute(
            "SELECT kind, title, snippet(things, 1, '', '', '…', 16), moment "
            f"FROM things WHERE things MATCH ? ORDER BY {_WEIGHTS}, moment DESC LIMIT ?",
            (words, _MOST),
        ).fetchall()
    return [Found(*map(str, row)) for row in rows], warning


def _refresh(database: sqlite3.Connection, context: Context) -> str:
    """Read again what changed since it was indexed."""
    warnings: list[str] = []
    known = dict(database.execute("SELECT name, stamp FROM sources"))
    for source in SOURCES:
        files = source.files(context.home)
        stamp = _stamp(files, context, daily=source.daily)
        if known.get(source.name) == stamp:
            continue
        rows, warning = source.read(context)
        warnings += [warning] if warning else []
        # A damaged file was put aside while it was read: stamp what is there now.
        stamp = _stamp(source.files(context.home), context, daily=source.daily)
        _replace(database, source.name, rows, stamp)
    return " ".join(warnings)


def _stamp(files: Iterable[Path], context: Context, *, daily: bool) -> str:
    facts: list[str] = [f"{context.now:%Y-%m-%d}"] if daily else []
    for path in files:
        with contextlib.suppress(FileNotFoundError):
            found = path.stat()
            facts.append(f"{path.name}:{found.st_mtime_ns}:{found.st_size}")
    return "|".join(facts)


def _replace(
    database: sqlite3.Connection, source: str, rows: Iterable[Row], stamp: str
) -> None:
    database.execute("DELETE FROM things WHERE source = ?", (source,))
    database.executemany(
        "INSERT INTO things (title, body, people, kind, moment, source) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        ((r.title, r.body, r.people, r.kind, r.moment, source) for r in rows),
    )
    database.execute("INSERT OR REPLACE INTO sources VALUES (?, ?)", (source, stamp))


@contextlib.contextmanager
def _opened(home: Path) -> Generator[sqlite3.Connection, None, None]:
    """Open the index; in memory where the home cannot be written."""
    path = open_home(home) / "search.db"
    try:
        database = _connect(path)
    except sqlite3.OperationalError:
        database = _connect(Path(":memory:"))
    except sqlite3.DatabaseError:
        with locked(home), told(path, "throw away"):
            path.unlink(missing_ok=True)
        database = _connect(path)
    try:
        with database:
            yield database
    except sqlite3.DatabaseError as exc:
        raise StoreError(f"Cannot use the search index {path}: {exc}.") from exc
    finally:
        database.close()


def _connect(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=10)
    try:
        database.executescript(_SCHEMA)
    except sqlite3.DatabaseError:
        database.close()
        raise
    return database
