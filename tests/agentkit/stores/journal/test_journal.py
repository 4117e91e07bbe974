"""The file itself: damaged, of another version, shared, and listed."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agentkit import Agent, ConfigError, CorruptStore, StoreError
from agentkit.context import carrying_out, fresh_id
from agentkit.stores.journal import Intent, Journal

Make = Callable[..., Agent]


def intent(key: str, **changes: Any) -> Intent:
    facts: dict[str, Any] = {
        "key": key,
        "meaning": f"means {key}",
        "run_id": "r",
        "step": 1,
        "tool": "put",
        "effect": "write",
        "arguments": {"text": key},
        "clock": "2026-11-18T09:00:00+00:00",
    }
    return Intent(**(facts | changes))


def test_a_damaged_journal_is_kept_aside(tmp_path: Path) -> None:
    """It is told, nothing is overwritten, and the next effect starts a new one."""
    (tmp_path / "journal.db").write_bytes(b"no database at all" * 100)
    journal = Journal(tmp_path)
    with pytest.raises(CorruptStore, match=r"kept as journal\.db\.corrupt-"):
        journal.begin(intent("a"))
    [kept] = tmp_path.glob("journal.db.corrupt-*")
    assert kept.read_bytes().startswith(b"no database")
    assert journal.begin(intent("a")).number == 1


def test_a_newer_journal_is_left_alone(tmp_path: Path) -> None:
    """A version that this one does not know is not written."""
    connection = sqlite3.connect(tmp_path / "journal.db")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreError, match="newer agentkit"):
        Journal(tmp_path).begin(intent("a"))


def test_an_intent_is_begun_once(tmp_path: Path) -> None:
    """A key that is begun or done cannot begin again, whoever tries."""
    Journal(tmp_path).begin(intent("a"))
    with pytest.raises(StoreError, match="not done again"):
        Journal(tmp_path).begin(intent("a"))


def test_threads_share_a_journal(tmp_path: Path) -> None:
    """Runs in several threads write into one journal, and lose nothing."""
    journal = Journal(tmp_path)

    def write(name: str) -> None:
        for number in range(20):
            entry = journal.begin(intent(f"{name}{number}"))
            journal.end(entry.number, "done", number)

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(journal.entries(state="done")) == 80


def test_entries_are_chosen(tmp_path: Path) -> None:
    """By time, run and count, the newest first."""
    journal = Journal(tmp_path)
    for key, run in (("a", "r1"), ("b", "r2"), ("c", "r2")):
        journal.begin(intent(key, run_id=run))
    now = datetime.now(UTC)
    assert [e.number for e in journal.entries()] == [3, 2, 1]
    assert [e.number for e in journal.entries(run_id="r2", count=1)] == [3]
    assert len(journal.entries(since=now - timedelta(hours=1))) == 3
    assert journal.entries(since=now + timedelta(hours=1)) == ()


def test_looking_makes_no_file(tmp_path: Path) -> None:
    """A home without a journal stays so when it is looked at."""
    assert Journal(tmp_path).entries() == ()
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_way_of_writing_is_refused() -> None:
    """A wrong `sync` is the developer's mistake."""
    with pytest.raises(ConfigError, match="sync 'always'"):
        Journal(sync="always")  # type: ignore[arg-type]


def test_ids_are_the_same_when_an_intent_is_tried_again() -> None:
    """Each purpose counts for itself; another intent has other ids."""

    def ids(key: str) -> tuple[str, ...]:
        with carrying_out(key):
            return fresh_id("a"), fresh_id("b"), fresh_id("a")

    assert ids("k") == ids("k")
    assert len({*ids("k"), *ids("other")}) == 6


def test_outside_of_a_run_ids_are_random() -> None:
    """A tool that is called as a function gets ids of no intent."""
    assert fresh_id() != fresh_id()


def test_a_journal_in_memory_stays_small() -> None:
    """An application that runs for months keeps the last effects only."""
    journal = Journal()
    for number in range(2_100):
        entry = journal.begin(intent(str(number)))
        journal.end(entry.number, "done", None)
    assert 1_000 <= len(journal.entries()) <= 2_000


def test_an_entry_as_a_document(tmp_path: Path) -> None:
    """What `journal --json` shows of an effect that has begun: every field by name."""
    entry = Journal(tmp_path).begin(intent("a"))
    assert entry.as_dict() == {
        "number": 1,
        "state": "begun",
        "tool": "put",
        "effect": "write",
        "arguments": {"text": "a"},
        "began": entry.began,
        "ended": "",
        "run_id": "r",
        "step": 1,
        "request": "",
        "result": None,
        "said": "",
        "note": "",
        "forgotten": False,
        "key": "a",
    }
