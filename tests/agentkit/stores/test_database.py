"""Databases of a home: made, migrated, refused when newer, set aside when damaged."""

from __future__ import annotations

import sqlite3
import stat
import sys
from contextlib import closing
from pathlib import Path

import pytest

from agentkit.errors import CorruptStore, StoreError
from agentkit.stores.database import Database, Layout, open_store
from agentkit.stores.journal.journal_db import LAYOUT as JOURNAL
from agentkit.stores.sessions.sessions_db import LAYOUT as SESSIONS

LAYOUTS = [pytest.param(JOURNAL, id="journal"), pytest.param(SESSIONS, id="sessions")]


def _made(connection: sqlite3.Connection, found: int) -> None:
    if not found:
        connection.execute("CREATE TABLE facts (key TEXT PRIMARY KEY, body NOT NULL)")
    for version in range(found + 1, 3):
        connection.execute("INSERT INTO facts VALUES (?, '')", (f"made {version}",))


def _steps(path: Path) -> tuple[list[str], int]:
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT key FROM facts ORDER BY key").fetchall()
        version = connection.execute("PRAGMA user_version").fetchone()[0]
    return [row[0] for row in found], version


def test_a_new_file_gets_its_tables_and_version(tmp_path: Path) -> None:
    """What makes the tables is given 0, and the version is noted in the file."""
    open_store(tmp_path / "new.db", _made, 2).close()
    assert _steps(tmp_path / "new.db") == (["made 1", "made 2"], 2)


def test_an_older_file_is_brought_up_to_date(tmp_path: Path) -> None:
    """What is there stays; only what is missing is done, and only once."""
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as old, old:
        old.execute("CREATE TABLE facts (key TEXT PRIMARY KEY, body NOT NULL)")
        old.execute("INSERT INTO facts VALUES ('before', '')")
        old.execute("PRAGMA user_version = 1")
    for _ in range(2):
        open_store(path, _made, 2).close()
    assert _steps(path) == (["before", "made 2"], 2)


def test_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    """Tables and version change together, or neither does."""

    def fails(connection: sqlite3.Connection, found: int) -> None:
        _made(connection, found)
        raise sqlite3.OperationalError("no room")

    path = tmp_path / "old.db"
    open_store(path, _made, 2).close()
    with pytest.raises(sqlite3.OperationalError, match="no room"):
        open_store(path, fails, 3)
    assert _steps(path) == (["made 1", "made 2"], 2)


@pytest.mark.skipif(sys.platform == "win32", reason="modes say nothing about others")
def test_a_file_is_its_owners_alone(tmp_path: Path) -> None:
    """Nobody else can read what is kept."""
    open_store(tmp_path / "new.db", _made, 2).close()
    assert stat.S_IMODE((tmp_path / "new.db").stat().st_mode) == 0o600


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_newer_file_is_refused_and_stays(tmp_path: Path, layout: Layout) -> None:
    """The versions are named, and the file is left as it is."""
    path = tmp_path / "kept.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {layout.version + 1}")
    before = path.read_bytes()
    store = Database(path, layout)
    with (
        pytest.raises(StoreError, match=f"newer agentkit .form {layout.version + 1}"),
        store.reading(),
    ):
        pass
    assert path.read_bytes() == before


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_damaged_file_is_set_aside_and_a_new_one_made(
    tmp_path: Path, layout: Layout
) -> None:
    """Its bytes are kept under another name, which the error tells; then it works."""
    path = tmp_path / "kept.db"
    path.write_bytes(b"this is no database" * 100)
    store = Database(path, layout)
    with pytest.raises(CorruptStore, match=layout.lost.split(";")[0]) as told:
        store.rows("SELECT 1")
    [kept] = tmp_path.glob("kept.db.corrupt-*")
    assert kept.name in str(told.value)
    assert kept.read_bytes().startswith(b"this is no database")
    with store.changing(durable=True) as connection:
        connection.execute("INSERT INTO facts VALUES ('new', '')")
    assert ("new",) in store.rows("SELECT key FROM facts")


def test_a_change_that_fails_is_undone(tmp_path: Path) -> None:
    """All of a change is kept, or nothing of it."""
    store = Database(tmp_path / "kept.db", JOURNAL)

    def half() -> None:
        with store.changing() as connection:
            connection.execute("INSERT INTO facts VALUES ('half', '')")
            raise KeyError

    with pytest.raises(KeyError):
        half()
    assert ("half",) not in store.rows("SELECT key FROM facts")


def test_a_wipe_that_fails_is_told(tmp_path: Path) -> None:
    """Only a file that others use is waited for; of a full disk there is an error."""
    store = Database(tmp_path / "kept.db", JOURNAL)
    with store.changing() as connection:
        connection.execute("INSERT INTO facts VALUES ('long', ?)", ("x" * 100_000,))
    with store.reading() as connection:
        # It stands for a full disk: both end VACUUM, and nobody else has the file open.
        connection.set_progress_handler(lambda: 1, 1)
    with pytest.raises(StoreError, match="interrupted"):
        store.wipe()
    connection.set_progress_handler(None, 0)
    assert store.wipe()


def test_a_wipe_beside_a_reader_is_not_whole(tmp_path: Path) -> None:
    """Whoever reads the file keeps its log: that is said, and is no error."""
    store = Database(tmp_path / "kept.db", JOURNAL)
    with store.changing() as connection:
        connection.execute("INSERT INTO facts VALUES ('one', '')")
        connection.execute("PRAGMA busy_timeout = 1")
    with closing(sqlite3.connect(tmp_path / "kept.db")) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM facts").fetchall()
        assert not store.wipe()
    assert store.wipe()
