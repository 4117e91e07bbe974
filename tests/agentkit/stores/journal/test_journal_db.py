"""Texts of the journal that are wiped: when they are old, or their session is deleted."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agentkit import Agent, ConfigError, Context, Sessions
from agentkit.errors import StoreError
from agentkit.stores.database import Database
from agentkit.stores.journal import Intent, Journal
from agentkit.stores.journal.journal_db import LAYOUT, prune

Make = Callable[..., Agent]
PUT = '[put(text="marmalade")]'


def on_disk(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in home.glob("journal.db*"))


def age(home: Path, days: int) -> None:
    """Let all entries be older, and the last wiping be long ago."""
    with sqlite3.connect(home / "journal.db") as connection:
        moment = f"strftime('%Y-%m-%dT%H:%M:%S+00:00', began, '-{days} days')"
        connection.execute(f"UPDATE effects SET began = {moment}")
        connection.execute("DELETE FROM facts WHERE key = 'pruned'")
    connection.close()


def intent(key: str) -> Intent:
    facts: dict[str, Any] = {"meaning": f"means {key}", "run_id": "r", "step": 1}
    clock = "2026-11-18T09:00:00+00:00"
    return Intent(key=key, tool="put", effect="write", clock=clock, **facts)


@pytest.mark.parametrize(
    ("days", "keep", "is_forgotten"),
    [
        pytest.param(91, 90, True, id="old"),
        pytest.param(89, 90, False, id="not-old-yet"),
        pytest.param(900, None, False, id="kept-for-ever"),
    ],
)
def test_old_texts_are_forgotten(
    days: int, keep: int | None, is_forgotten: bool, make: Make, context: Context
) -> None:
    """The next effect wipes what was settled so many days ago, and that only."""
    make(PUT, "done").run("Put marmalade", run_id="r")
    age(context.home, days)
    journal = Journal(context.home, keep_days=keep)
    journal.begin(intent("new"))
    journal.close()
    entry = journal.entry(1)
    assert entry is not None
    assert entry.forgotten is is_forgotten
    assert (b"marmalade" not in on_disk(context.home)) is is_forgotten


def test_a_file_that_cannot_be_written_anew_keeps_no_effect(
    make: Make, context: Context
) -> None:
    """Texts are forgotten, and the effect goes on, where VACUUM has no room."""
    make(PUT, "done").run("Put marmalade", run_id="r")
    age(context.home, 91)
    database = Database(context.home / "journal.db", LAYOUT)

    def answer(action: int, *_: str | None) -> int:
        # VACUUM attaches the new file. What is denied stands for a full disk.
        is_attached = action == sqlite3.SQLITE_ATTACH
        return sqlite3.SQLITE_DENY if is_attached else sqlite3.SQLITE_OK

    with database.reading() as connection:
        connection.set_authorizer(answer)
    with pytest.raises(StoreError, match="authorization denied"):
        database.wipe()
    prune(database, 90)
    assert database.rows("SELECT forgotten FROM effects") == [(1,)]
    database.close()


def test_what_was_forgotten_is_not_done_again(
    make: Make, world: Any, context: Context
) -> None:
    """That it was done stays known; it cannot be taken back, and that is told."""
    make(PUT, "done").run("go", run_id="r")
    age(context.home, 91)
    Journal(context.home).begin(intent("new"))
    outcome = make(PUT, "done").run("go", run_id="r")
    assert (outcome.text, world.lines) == ("done", ["marmalade"])
    [refused] = make("-").undo(number=1)
    assert "forgotten" in refused.text
    assert world.lines == ["marmalade"]


def test_what_waits_for_the_user_is_kept(
    make: Make, world: Any, context: Context
) -> None:
    """An effect of unknown fate keeps its texts, however old it is."""
    world.power = False
    with pytest.raises(KeyboardInterrupt):
        make('[shout(text="marmalade")]').run("go", run_id="r")
    age(context.home, 400)
    Journal(context.home).begin(intent("new"))
    entry = Journal(context.home).entry(1)
    assert entry is not None
    assert dict(entry.intent.arguments) == {"text": "marmalade"}


def test_a_deleted_session_is_forgotten_by_the_journal(
    make: Make, context: Context
) -> None:
    """What its runs did is not on the disk any more, in no file of the journal."""
    make(PUT, "done", session="trip").run("Put marmalade")
    make('[put(text="honey")]', "done", session="other").run("Put honey")
    assert Sessions(context.home).delete("trip")
    assert b"marmalade" not in on_disk(context.home)
    assert [e.forgotten for e in Journal(context.home).entries()] == [False, True]


def test_no_day_cannot_be_kept() -> None:
    """A bound below one day is the developer's mistake."""
    with pytest.raises(ConfigError, match="keep_days"):
        Journal(keep_days=0)


def test_a_journal_of_the_first_version_is_taken_over(tmp_path: Path) -> None:
    """Its entries are read as they were, and can be forgotten."""
    with sqlite3.connect(tmp_path / "journal.db") as connection:
        connection.executescript(
            """
            CREATE TABLE effects (
                number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE,
                meaning TEXT NOT NULL, run_id TEXT NOT NULL, step INTEGER NOT NULL,
                tool TEXT NOT NULL, effect TEXT NOT NULL, arguments TEXT NOT NULL,
                clock TEXT NOT NULL, request TEXT NOT NULL, state TEXT NOT NULL,
                began TEXT NOT NULL, ended TEXT NOT NULL DEFAULT '',
                result TEXT NOT NULL DEFAULT 'null', said TEXT NOT NULL DEFAULT '',
                note TEXT NOT NULL DEFAULT '');
            CREATE INDEX meanings ON effects (meaning);
            CREATE INDEX open_ones ON effects (state) WHERE state = 'begun';
            INSERT INTO effects VALUES (1, 'k', 'm', 'r', 1, 'put', 'write',
                '{"text": "a"}', '2026-11-18T09:00:00+00:00', 'go', 'done',
                '2026-11-18T09:00:00+00:00', '', '"a"', 'Put a.', '');
            PRAGMA user_version = 1;
            """
        )
    connection.close()
    journal = Journal(tmp_path)
    [entry] = journal.entries()
    assert (dict(entry.intent.arguments), entry.result) == ({"text": "a"}, "a")
    assert journal.begin(intent("new")).number == 2


def test_a_damaged_text_hides_no_other_entry(make: Make, context: Context) -> None:
    """An entry that cannot be read says so; the others are listed."""
    make(PUT, '[put(text="b")]', "done").run("go")
    with sqlite3.connect(context.home / "journal.db") as connection:
        connection.execute("UPDATE effects SET arguments = '{' WHERE number = 1")
    connection.close()
    second, first = Journal(context.home).entries()
    assert "damaged" in first.note
    assert second.result == "b"
