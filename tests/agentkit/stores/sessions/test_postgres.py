"""Sessions in PostgreSQL: several programs, a server that goes away, and what is told."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest

from agentkit.errors import EgressDenied, SessionHeld, StoreError
from agentkit.messages import user
from agentkit.privacy import Ledger
from agentkit.stores.sessions import Sessions
from agentkit.stores.sessions.tables_place import tables_of
from tests.agentkit.stores.sessions.postgres_server import (
    PASSWORD,
    PostgresServer,
    postgres_server,
)

pytestmark = pytest.mark.slow


def home_in(folder: Path, url: str, schema: str = "", more: str = "") -> Path:
    """Make a home whose sessions are kept in a database."""
    folder.mkdir(exist_ok=True)
    schema = schema or f"s{os.urandom(6).hex()}"
    text = f'[sessions]\nurl = "{url}"\nschema = "{schema}"\n{more}'
    (folder / "agentkit.toml").write_text(text, "utf-8")
    return folder


@pytest.fixture
def home(tmp_path: Path, postgres: PostgresServer) -> Path:
    return home_in(tmp_path / "home", postgres.url)


def rows(home: Path, query: str, *values: object) -> list[Any]:
    database = tables_of(home)
    try:
        return database.rows(query, *values)
    finally:
        database.close()


_WRITE = """
import sys
from pathlib import Path
from agentkit.messages import user
from agentkit.stores.sessions import Sessions
home, name = Path(sys.argv[1]), sys.argv[2]
with Sessions(home).create(name) as session:
    for number in range(20):
        session.begin([user(f"{name} {number}")])
print(len(Sessions(home).list()))
"""


def test_programs_write_side_by_side(home: Path) -> None:
    """Two programs that begin at once make the tables once, and nothing is lost."""
    words = [sys.executable, "-c", _WRITE, str(home)]
    programs = [subprocess.Popen([*words, name]) for name in ("one", "two")]
    assert [program.wait() for program in programs] == [0, 0]
    for name in ("one", "two"):
        said = [m.text for m in Sessions(home).transcript(name).conversation]
        assert said == [f"{name} {number}" for number in range(20)]


def test_a_session_is_in_one_hand_on_all_machines(home: Path, tmp_path: Path) -> None:
    """Another home that names the same place finds the session held, and then free."""
    text = (home / "agentkit.toml").read_text("utf-8")
    other = tmp_path / "other"
    other.mkdir()
    (other / "agentkit.toml").write_text(text, "utf-8")
    with Sessions(home).create("trip") as session:
        session.begin([user("Hello")])
        with pytest.raises(SessionHeld, match=r"by process \d+, since 20"):
            Sessions(other).open("trip")
    with Sessions(other).open("trip") as session:
        assert [m.text for m in session.conversation] == ["Hello"]


def test_users_are_apart(home: Path, tmp_path: Path, postgres: PostgresServer) -> None:
    """What is kept in one schema is not found from another."""
    Sessions(home).create("trip").close()
    assert Sessions(home_in(tmp_path / "ben", postgres.url)).list() == ()


@pytest.fixture
def fragile() -> Generator[PostgresServer]:
    """A server of this test's own, which it may stop."""
    with postgres_server() as server:
        yield server


def test_a_server_that_was_started_anew_is_met_again(
    tmp_path: Path, fragile: PostgresServer
) -> None:
    """While it is away that is told, and then what was held goes on; but not twice."""
    home = home_in(tmp_path / "home", fragile.url)
    with Sessions(home).create("trip") as session:
        session.begin([user("one")])
        fragile.stop()
        with pytest.raises(StoreError, match="cannot be reached") as told:
            session.say(user("not kept"))
        assert PASSWORD not in str(told.value)
        fragile.start()
        session.begin([user("two")])
    said = [m.text for m in Sessions(home).transcript("trip").conversation]
    assert said == ["one", "two"]


def test_what_others_went_on_with_is_not_written_over(
    tmp_path: Path, fragile: PostgresServer
) -> None:
    """Whoever lost the connection, and the session to somebody else, is told so."""
    home = home_in(tmp_path / "home", fragile.url)
    with Sessions(home).create("trip") as session:
        session.begin([user("one")])
        fragile.stop()
        fragile.start()
        with Sessions(home).open("trip") as other:
            other.begin([user("of the other")])
        with pytest.raises(StoreError, match="somebody else went on with session trip"):
            session.begin([user("two")])
    said = [m.text for m in Sessions(home).transcript("trip").conversation]
    assert said == ["one", "of the other"]


WRONG = {
    "the password": (PASSWORD, "marmalade-0000"),
    "the port": ("@127.0.0.1:", "@127.0.0.1:1"),
}


@pytest.mark.parametrize(("right", "wrong"), WRONG.values(), ids=WRONG)
def test_no_message_holds_the_password(
    tmp_path: Path, postgres: PostgresServer, right: str, wrong: str
) -> None:
    """Where it cannot be reached, the address is told without what is secret in it."""
    url = postgres.url.replace(right, wrong)
    with pytest.raises(StoreError, match=r"cannot be (reached|read)") as told:
        Sessions(home_in(tmp_path / "home", url)).list()
    seen = (
        f"{told.value!r} {told.value.__cause__!r} {Sessions(tmp_path / 'home').place}"
    )
    assert "marmalade" not in seen
    assert "tests:" not in seen


def test_tables_of_a_newer_agentkit(home: Path) -> None:
    """They are refused, and stay as they are."""
    Sessions(home).create("trip").close()
    rows(home, "UPDATE facts SET body = '9' WHERE key = 'version'")
    with pytest.raises(StoreError, match="written by a newer agentkit"):
        Sessions(home).list()


def test_sealed_values_tell_the_server_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After encrypt the server has no word of what was said, and it is read back."""
    pytest.importorskip("cryptography")
    key = base64.b64encode(bytes(32)).decode()
    with Sessions(home).create("trip") as session:
        session.begin([user("orange marmalade")])
    monkeypatch.setenv("AGENTKIT_SESSIONS_KEY", key)
    Sessions(home).encrypt()
    kept = rows(home, "SELECT body FROM messages UNION ALL SELECT body FROM sessions")
    assert all(isinstance(body, bytes) for (body,) in kept)
    assert Sessions(home).transcript("trip").conversation[0].text == "orange marmalade"
    Sessions(home).decrypt()
    assert Sessions(home).find("trip").title == "orange marmalade"


_AWAY = "postgresql://tests:secret@db.invalid/agentkit"


def test_what_was_said_stays_here_without_leave(tmp_path: Path) -> None:
    """A server elsewhere is not even called where personal text may not leave."""
    pytest.importorskip("psycopg")
    home = home_in(tmp_path / "home", _AWAY)
    with pytest.raises(EgressDenied, match=r"nothing was sent to db\.invalid"):
        Sessions(home).create("trip")
    assert list(Ledger(home).entries()) == []


def test_what_leaves_stands_in_the_ledger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With leave, what is told is recorded before a connection is opened."""
    psycopg = pytest.importorskip("psycopg")
    nobody = MagicMock(side_effect=psycopg.OperationalError("nobody there"))
    monkeypatch.setattr(psycopg, "connect", nobody)
    rule = (
        '[[privacy.rules]]\nlabel = "personal"\nanswer = "allow"\nto = "db.invalid"\n'
    )
    home = home_in(tmp_path / "home", _AWAY, more=rule)
    with pytest.raises(StoreError, match="cannot be reached") as told:
        Sessions(home).create("trip")
    assert "secret" not in str(told.value)
    (entry,) = Ledger(home).entries()
    assert (entry.to, entry.label) == ("postgresql://db.invalid", "personal")


@pytest.mark.parametrize("what", ["OperationalError", "DataError"])
def test_an_error_without_words_is_told_by_its_kind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """A driver that says nothing leaves the kind of its error to be told."""
    psycopg = pytest.importorskip("psycopg")
    nobody = MagicMock(side_effect=getattr(psycopg, what)(""))
    monkeypatch.setattr(psycopg, "connect", nobody)
    home = home_in(tmp_path / "home", "postgresql://tests@127.0.0.1:1/agentkit")
    with pytest.raises(StoreError, match=f"cannot be (reached|used): {what}"):
        Sessions(home).list()


@pytest.mark.parametrize("away", [False, True], ids=["unused", "server away"])
@pytest.mark.filterwarnings("ignore")
def test_a_child_lets_go_of_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch, away: bool
) -> None:
    """A child that leaves what its parent holds lets the parent's connection alone."""
    psycopg = pytest.importorskip("psycopg")
    parents, others = tables_of(home), tables_of(home)
    with monkeypatch.context() as child, parents.hold("trip"):
        child.setattr(os, "getpid", lambda: -1)
        if away:
            nobody = MagicMock(side_effect=psycopg.OperationalError("nobody there"))
            child.setattr(psycopg, "connect", nobody)
            with pytest.raises(StoreError, match="nobody there"):
                parents.rows("SELECT 1")
    if not away:  # there the parent's connection went with the child's memory of it
        with pytest.raises(SessionHeld), others.hold("trip"):
            pass
    parents.close()
    others.close()
