"""The files of a home in several hands: one process's, and another's beside it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from agentkit.messages import user
from agentkit.stores.journal import Intent, Journal
from agentkit.stores.sessions import Sessions

# Another program that opens a file, reads it and closes it again.
_READ = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1])
print(database.execute(f"SELECT count(*) FROM {sys.argv[2]}").fetchone()[0])
database.close()
"""


def seen_elsewhere(path: Path, table: str) -> int:
    """Count rows in a process of its own."""
    command = [sys.executable, "-I", "-c", _READ, str(path), table]
    read = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(read.stdout)


def test_a_list_beside_a_held_session_loses_no_message(tmp_path: Path) -> None:
    """A list in the same process takes no lock away: what is said stays in the file."""
    with Sessions(tmp_path).create() as session:
        session.begin([user("first")])
        assert Sessions(tmp_path).list()
        assert seen_elsewhere(tmp_path / "sessions.db", "messages") == 1
        session.say(user("second"))
        assert seen_elsewhere(tmp_path / "sessions.db", "messages") == 2


def test_a_second_journal_of_a_process_loses_no_effect(tmp_path: Path) -> None:
    """An agent's journal stays in the file when another one of its home is read."""

    def begin(key: str) -> None:
        facts: dict[str, Any] = {
            "meaning": key,
            "run_id": "r",
            "tool": "put",
            "clock": "",
        }
        journal.begin(Intent(key=key, step=1, effect="write", **facts))

    journal, second = Journal(tmp_path), Journal(tmp_path)
    begin("one")
    assert second.entries()
    second.close()
    assert seen_elsewhere(tmp_path / "journal.db", "effects") == 1
    begin("two")
    assert seen_elsewhere(tmp_path / "journal.db", "effects") == 2


@pytest.mark.skipif(sys.platform == "win32", reason="modes are of POSIX")
def test_the_files_are_their_owner_s(tmp_path: Path) -> None:
    """Nobody else reads what was said and done, nor the logs beside it."""
    with Sessions(tmp_path).create() as session:
        session.begin([user("first")])
        modes = {file.stat().st_mode & 0o777 for file in tmp_path.glob("sessions.db*")}
    assert modes == {0o600}
