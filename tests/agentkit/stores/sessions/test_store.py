"""Sessions in either store: what is kept, found again, held, deleted and kept aside."""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from agentkit import Agent, Context
from agentkit.backends import ScriptedBackend
from agentkit.errors import ConfigError, CorruptStore, StoreError
from agentkit.messages import (
    Label,
    Message,
    Question,
    ToolCall,
    ToolResult,
    assistant,
    system,
    tool_result,
    user,
)
from agentkit.outcomes import (
    Approval,
    CallFinished,
    Done,
    NeedsApproval,
    NeedsInput,
    StepStarted,
)
from agentkit.routing import Route
from agentkit.stores.sessions import SessionHeld, Sessions
from agentkit.stores.sessions.tables_place import tables_of
from tests.agentkit.stores.sessions.postgres_server import PostgresServer

SEND = ToolCall("send", {"to": "Ana"})
PAUSED = NeedsApproval(text="Waiting", pending=(Approval(SEND, "send", "Send it"),))


class Clock:
    """A clock that goes on by a minute each time it is read."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 3, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


@pytest.fixture
def files(tmp_path: Path) -> Sessions:
    """Sessions in the file of a home."""
    return Sessions(tmp_path / "home", clock=Clock())


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def sessions(request: pytest.FixtureRequest, tmp_path: Path) -> Sessions:
    """Sessions in the file of a home, and in a PostgreSQL database."""
    if request.param == "postgres":
        server: PostgresServer = request.getfixturevalue("postgres")
        keep_in(tmp_path / "home", server.url, f"s{os.urandom(6).hex()}")
    return Sessions(tmp_path / "home", clock=Clock())


def keep_in(home: Path, url: str, schema: str) -> None:
    """Say in the settings of a home where its sessions are kept."""
    home.mkdir(exist_ok=True)
    text = f'[sessions]\nurl = "{url}"\nschema = "{schema}"\n'
    (home / "agentkit.toml").write_text(text, "utf-8")


def talk(sessions: Sessions, request: str = "Hello there", answer: str = "Hi.") -> str:
    with sessions.create() as session:
        session.begin((system("Be kind."), user(request)))
        session.hear(StepStarted(1, Route("play", "the only backend")))
        session.say(assistant(answer))
        session.end(Done(text=answer, steps=1))
        return session.id


def edit(sessions: Sessions, statement: str, *values: object) -> list[Any]:
    """Change or read the tables, as another program does."""
    database = tables_of(sessions.path.parent)
    try:
        return database.rows(statement, *values)
    finally:
        database.close()


def test_nothing_is_made_by_looking(files: Sessions, tmp_path: Path) -> None:
    """A list of a home without sessions makes no file."""
    assert files.list() == ()
    assert not (tmp_path / "home").exists()


def test_a_session_is_read_back(sessions: Sessions) -> None:
    """Messages, run, route and title are there when it is opened again."""
    name = talk(sessions)
    with sessions.open(name) as session:
        assert [m.text for m in session.conversation] == [
            *("Be kind.", "Hello there", "Hi.")
        ]
    found = sessions.transcript(name)
    assert found.session.title == "Hello there"
    assert found.runs[0].routes == (Route("play", "the only backend"),)
    assert found.runs[0].state == "done"
    assert found.damaged == ()


def test_only_the_user_may_read_the_file(files: Sessions) -> None:
    """The file, and SQLite's beside it, are for the user only."""
    with files.create() as session:
        session.begin((user("Hello"),))
        folder = files.path.parent
        modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in folder.glob("*.db*")}
    assert len(modes) > 1
    assert set(modes.values()) == {0o600}


def test_the_last_changed_is_first(sessions: Sessions) -> None:
    """The list is in the order of the last change."""
    first, second = talk(sessions, "one"), talk(sessions, "two")
    assert [one.id for one in sessions.list()] == [second, first]
    with sessions.open(first) as session:
        session.begin((user("again"),))
    assert [one.id for one in sessions.list()] == [first, second]


def test_times_of_other_offsets_are_compared(tmp_path: Path) -> None:
    """After a journey the last changed is the last, whatever its clock showed."""
    zones = {"first": 14, "second": -11}
    moment = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
    for minutes, (name, hours) in enumerate(zones.items()):
        there = (moment + timedelta(minutes=minutes)).astimezone(
            timezone(timedelta(hours=hours))
        )
        Sessions(tmp_path, clock=there.replace).create(name).close()
    assert [one.id for one in Sessions(tmp_path).list()] == ["second", "first"]


def test_a_paused_run_waits(sessions: Sessions) -> None:
    """A run that waits for approval is there with its calls and conversation."""
    with sessions.create("trip") as session:
        run_id = session.begin((user("Text Ana"),))
        session.say(assistant(calls=(SEND,)))
        session.end(replace(PAUSED, run_id=run_id))
    with sessions.open("trip") as session:
        waiting = session.waiting
        assert waiting is not None
        assert waiting.pending == PAUSED.pending
        assert waiting.conversation == session.conversation
        assert session.go_on() == waiting.run_id == session.run_id
        session.end(Done(text="Sent."))
        assert session.waiting is None


def test_a_shown_result_outlives_its_run(sessions: Sessions) -> None:
    """What was shown of a run that was cut off is there, as nobody's trusted word."""
    result = ToolResult(ToolCall("look"), "done", ["x"])
    with sessions.create("trip") as session:
        session.begin((user("Look"),))
        session.say(assistant(calls=(result.call,)))
        session.hear(CallFinished(result))
    with sessions.open("trip") as session:
        last = session.conversation[-1]
        assert last == tool_result(result, Label("tool", "personal", "untrusted"))
        assert session.last_run is not None
        assert session.last_run.state == "interrupted"
    assert sessions.transcript("trip").conversation[-1] == last


@pytest.mark.parametrize(
    ("said", "state"),
    [
        pytest.param([user("Hi")], "interrupted", id="asked"),
        pytest.param([user("Hi"), assistant("Ho")], "done", id="answered"),
        pytest.param(
            [user("Hi"), assistant(calls=(SEND,))], "interrupted", id="called"
        ),
        pytest.param(
            [user("Hi"), tool_result(ToolResult(SEND, "skipped")), assistant("Who?")],
            "needs_input",
            id="asked back",
        ),
    ],
)
def test_how_far_a_run_came(
    sessions: Sessions, said: list[Message], state: str
) -> None:
    """A run that was cut off after its last word is not gone on with."""
    with sessions.create("trip") as session:
        session.begin(said[:1])
        for message in said[1:]:
            session.say(message)
    with sessions.open("trip") as session:
        assert session.last_run is not None
        assert session.last_run.state == state
        assert (session.unfinished is not None) == (state == "interrupted")


def test_a_shown_result_is_there_once(sessions: Sessions) -> None:
    """A result whose turn was kept is not taken in again."""
    result = ToolResult(ToolCall("look"), "done", ["x"])
    with sessions.create("trip") as session:
        session.begin((user("Look"),))
        for _ in range(2):
            session.hear(CallFinished(result))
            session.say(tool_result(result))
    with sessions.open("trip") as session:
        assert len(session.conversation) == 3


def test_the_second_is_told_who_has_it(sessions: Sessions) -> None:
    """Who opens a session that is held learns by whom, and since when."""
    with (
        sessions.create("trip"),
        pytest.raises(SessionHeld, match=r"trip is in use by process \d+, since 20"),
    ):
        sessions.open("trip")
    sessions.open("trip").close()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        pytest.param("nope", "no session 'nope'", id="none"),
        pytest.param("trip", "several sessions begin with 'trip': ", id="several"),
    ],
)
def test_a_name_that_names_none(sessions: Sessions, name: str, told: str) -> None:
    """A name that fits no session, or several, is told."""
    sessions.create("trip1").close()
    sessions.create("trip2").close()
    with pytest.raises(ConfigError, match=told):
        sessions.find(name)


@pytest.mark.parametrize("name", ["", "../x", "a/b", "-x", ".x", "x" * 65, "a\nb"])
def test_what_is_no_id(sessions: Sessions, name: str) -> None:
    """An id is never a path."""
    with pytest.raises(ConfigError, match="is no session id"):
        sessions.open(name)


def test_an_id_is_taken_once(sessions: Sessions) -> None:
    """A session does not take the place of another."""
    sessions.create("trip").close()
    with pytest.raises(ConfigError, match="there is a session 'trip' already"):
        sessions.create("trip")


def test_deleted_is_gone_from_the_disk(files: Sessions) -> None:
    """No file of the home holds a word of a deleted session; others stay."""
    kept = talk(files, "keep this")
    name = talk(files, "a marmalade secret", "orange marmalade")
    edit(
        files,
        "INSERT INTO damaged VALUES (?, '', '', 'marmalade')",
        f"runs {name} 1",
    )
    assert files.delete(name)
    assert [one.id for one in files.list()] == [kept]
    for path in files.path.parent.rglob("*"):
        assert path.is_dir() or b"marmalade" not in path.read_bytes()


def test_deleted_is_one_session_alone(files: Sessions) -> None:
    """An underscore of an id is a letter: what another session lost is kept aside."""
    for name in ("a_b", "axb"):
        files.create(name).close()
        edit(
            files,
            "INSERT INTO damaged VALUES (?, '', '', '{')",
            f"messages {name} 3",
        )
    files.delete("a_b")
    assert edit(files, "SELECT place FROM damaged") == [("messages axb 3",)]


def test_a_held_session_is_not_deleted(sessions: Sessions) -> None:
    """Nobody deletes what somebody else works on."""
    with sessions.create("trip"), pytest.raises(SessionHeld):
        sessions.delete("trip")
    assert sessions.list()


def test_a_damaged_message_is_kept_aside(sessions: Sessions) -> None:
    """A damaged message is named and moved; the others are served."""
    name = talk(sessions)
    edit(sessions, "UPDATE messages SET body = '{' WHERE number = 2")
    found = sessions.transcript(name)
    assert [m.text for m in found.conversation] == ["Be kind.", "Hi."]
    assert f"messages {name} 2 is damaged and was kept aside" in found.damaged[0]
    kept = edit(sessions, "SELECT place, body FROM damaged")
    assert kept == [(f"messages {name} 2", "{")]
    assert sessions.transcript(name).damaged == ()


def test_a_damaged_run_keeps_its_number(sessions: Sessions) -> None:
    """A run whose value is damaged still counts, and keeps its id."""
    name = talk(sessions)
    run_id = sessions.transcript(name).runs[0].id
    edit(sessions, "UPDATE runs SET body = '7'")
    with sessions.open(name) as session:
        assert session.damaged
        session.begin((user("again"),))
    runs = sessions.transcript(name).runs
    assert [run.number for run in runs] == [1, 2]
    assert runs[0].id == run_id != runs[1].id


def test_a_damaged_title_does_not_hide_a_session(sessions: Sessions) -> None:
    """A session whose title is damaged is listed without one."""
    name = talk(sessions)
    edit(sessions, "UPDATE sessions SET body = 'x'")
    assert [(one.id, one.title) for one in sessions.list()] == [(name, "")]


def test_a_file_that_is_no_database(files: Sessions) -> None:
    """A file that is no database is kept aside, and sessions start anew."""
    files.path.parent.mkdir()
    files.path.write_bytes(b"no database at all" * 100)
    with pytest.raises(CorruptStore, match=r"is kept as sessions.db.corrupt-\d"):
        files.list()
    kept = list(files.path.parent.glob("sessions.db.corrupt-*"))
    assert kept[0].read_bytes().startswith(b"no database")
    talk(files)
    assert len(files.list()) == 1


def test_a_file_of_a_newer_agentkit(files: Sessions) -> None:
    """A newer file is refused and left as it is."""
    talk(files)
    edit(files, "PRAGMA user_version = 9")
    before = files.path.read_bytes()
    with pytest.raises(StoreError, match="written by a newer agentkit"):
        files.list()
    assert files.path.read_bytes() == before


def test_a_message_of_a_newer_agentkit(sessions: Sessions) -> None:
    """A message in a newer form is refused and not taken for damage."""
    name = talk(sessions)
    edit(sessions, 'UPDATE messages SET body = \'{"version":2,"value":1}\'')
    with pytest.raises(StoreError, match="update agentkit"):
        sessions.transcript(name)
    assert edit(sessions, "SELECT count(*) FROM messages") == [(3,)]


def test_acceptance_is_noted(sessions: Sessions) -> None:
    """How much of a session may be exported is kept with it."""
    name = talk(sessions)
    sessions.accept(name, 3)
    assert sessions.find(name).accepted == 3


def test_a_question_that_was_not_told_is_asked_again(sessions: Sessions) -> None:
    """A run that is cut off between a call that waits and its question still has both."""
    asks, looks = ToolCall("ask", {"what": "colour"}), ToolCall("look")
    waits, seen = (
        ToolResult(asks, "skipped", "it waits"),
        ToolResult(looks, "done", "x"),
    )
    session = sessions.create("trip")
    session.begin((user("Paint it"),))
    session.say(assistant(calls=(asks, looks)))
    for result in (waits, seen):
        session.hear(CallFinished(result))
        session.say(tool_result(result))
    # What a kill would leave.
    [[kept]] = edit(sessions, "SELECT count(*) FROM messages")
    [[noted]] = edit(sessions, "SELECT count(*) FROM notes")
    assert (kept, noted) == (2, 1)
    session.say(assistant("Which colour?"))
    question = Question("ask", "colour", "Which colour?")
    session.end(NeedsInput(text="Which colour?", question=question))
    session.close()
    found = sessions.transcript("trip")
    assert [m.role for m in found.conversation] == [
        *("user", "assistant", "tool", "tool", "assistant")
    ]


def test_times_are_those_of_the_context(tmp_path: Path) -> None:
    """A session is dated by the clock that the run sees, which goes on."""
    now = datetime(2031, 5, 4, 9, tzinfo=UTC)
    agent = Agent(
        backend=ScriptedBackend(["Hi."]),
        context=Context(home=tmp_path, now=now),
        session="trip",
    )
    agent.run("Hello")
    found = Sessions(tmp_path).find("trip")
    for time in (found.created, found.changed):
        assert timedelta() <= datetime.fromisoformat(time) - now < timedelta(minutes=5)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows removes no open file")
def test_sessions_leave_no_locks(tmp_path: Path) -> None:
    """Once a session is let go, or deleted, no file of its lock stays."""
    sessions = Sessions(tmp_path)
    for name in ("one", "two"):
        sessions.create(name).close()
    sessions.delete("two")
    assert list((tmp_path / ".sessions").iterdir()) == []


def test_a_part_of_an_id_opens_nothing(sessions: Sessions) -> None:
    """To open takes the whole id, and the error names it; to find takes a part."""
    sessions.create("holiday").close()
    with pytest.raises(ConfigError, match="'holi'; did you mean 'holiday'"):
        sessions.open("holi")
    assert sessions.find("holi").id == "holiday"
