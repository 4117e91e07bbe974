"""`agentkit sessions`, and how `run` and `chat` keep what was said."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from agentkit.messages import Label, ToolCall, ToolResult, assistant, tool_result, user
from agentkit.outcomes import Done
from agentkit.stores.sessions import Sessions
from tests.agentkit.cli.conftest import Cli, Play

POST = '[post(text="hi")]'


def ids(home: Path) -> list[str]:
    return [one.id for one in Sessions(home).list()]


def test_a_run_waits_and_is_resumed(
    cli: Cli, play: Play, tools: str, home: Path
) -> None:
    """A run that nobody could approve is gone on with later, by its session's id."""
    ran = cli("run", "Post hi", "--tools", tools, "--backend", play(POST), "--json")
    assert (ran.code, ran.json["outcome"]) == (3, "needs_approval")
    name = ran.json["session"]
    assert "waits for your approval" in cli("sessions", "list").out
    assert "Post 'hi' to the wall." in cli("sessions", "show", name).out
    options = ("--tools", tools, "--backend", play("Posted."))
    again = cli("sessions", "resume", name[:5], *options, "--json")
    assert (again.code, again.json["outcome"]) == (3, "needs_approval")
    done = cli("sessions", "resume", name, *options, "--yes", "--json")
    assert (done.code, done.json["text"]) == (0, "Posted.")
    assert done.json["run_id"] == ran.json["run_id"]
    assert (home / "posted.txt").read_text("utf-8") == "hi"


def test_nothing_to_resume(cli: Cli, play: Play, home: Path) -> None:
    """A session in which nothing waits is told as that."""
    cli("run", "Hello", "--backend", play("Hi."))
    ran = cli("sessions", "resume", ids(home)[0], "--backend", play("Hi."))
    assert (ran.code, "has no run that waits" in ran.err) == (2, True)


def test_a_run_of_a_session(cli: Cli, play: Play, home: Path) -> None:
    """`run --session` goes on with a session."""
    cli("run", "Hello", "--backend", play("Hi."))
    ran = cli("run", "Bye", "--session", ids(home)[0], "--backend", play("Ciao."))
    assert ran.code == 0
    said = Sessions(home).transcript(ids(home)[0]).conversation
    assert [m.text for m in said if m.role != "system"] == [
        "Hello",
        "Hi.",
        "Bye",
        "Ciao.",
    ]


def test_an_unkept_run(cli: Cli, play: Play, home: Path) -> None:
    """`run --unkept` leaves no session."""
    ran = cli("run", "Hello", "--unkept", "--backend", play("Hi."), "--json")
    assert "session" not in ran.json
    assert not (home / "sessions.db").exists()


def test_chat_goes_on(cli: Cli, play: Play, home: Path) -> None:
    """The next chat of the day goes on with the last one."""
    cli("chat", "--backend", play("One."), stdin=b"a\n")
    cli("chat", "--backend", play("Two."), stdin=b"b\n")
    (name,) = ids(home)
    assert len(Sessions(home).transcript(name).runs) == 2


@pytest.mark.parametrize("way", ["option", "command"])
def test_chat_begins_anew(cli: Cli, play: Play, home: Path, way: str) -> None:
    """`--new` and `/new` begin another session; the first stays."""
    cli("chat", "--backend", play("One."), stdin=b"a\n")
    if way == "option":
        cli("chat", "--new", "--backend", play("Two."), stdin=b"b\n")
    else:
        cli("chat", "--backend", play("Two."), stdin=b"/new\nb\n")
    assert len(ids(home)) == 2


def test_chat_of_a_session(cli: Cli, play: Play, home: Path) -> None:
    """`chat --session` takes an older one, a single run too."""
    cli("run", "Hello", "--backend", play("Hi."))
    cli("chat", "--session", ids(home)[0], "--backend", play("Two."), stdin=b"b\n")
    assert len(Sessions(home).transcript(ids(home)[0]).runs) == 2


def test_a_chat_that_is_held(cli: Cli, play: Play, home: Path) -> None:
    """A chat that is open elsewhere is named; another one begins, nothing is lost."""
    cli("chat", "--backend", play("One."), stdin=b"a\n")
    (name,) = ids(home)
    with Sessions(home).open(name):
        ran = cli("chat", "--backend", play("Two."), stdin=b"b\n")
        named = cli("chat", "--session", name, "--backend", play("x"), stdin=b"b\n")
    assert f"Session {name} is open elsewhere" in ran.err
    assert (named.code, "in use by process" in named.err) == (4, True)
    assert len(ids(home)) == 2
    assert len(Sessions(home).transcript(name).runs) == 1


def test_resume_in_a_chat(cli: Cli, play: Play, tools: str, home: Path) -> None:
    """/resume goes on with what waits."""
    options = ("--tools", tools, "--backend", play(POST, "Posted."), "--yes")
    cli("chat", "--tools", tools, "--backend", play(POST), stdin=b"Post hi\n")
    ran = cli(
        "chat", *options[:2], "--backend", play("Posted."), "--yes", stdin=b"/resume\n"
    )
    assert "Posted." in ran.out
    assert (home / "posted.txt").exists()
    assert "Nothing waits here." in cli("chat", *options, stdin=b"/resume\n").err


def test_delete_asks(cli: Cli, play: Play, home: Path) -> None:
    """Without a terminal nothing is deleted; --yes deletes."""
    cli("run", "Hello", "--backend", play("Hi."))
    (name,) = ids(home)
    ran = cli("sessions", "delete", name)
    assert (ran.code, "add --yes" in ran.err) == (2, True)
    assert ids(home) == [name]
    assert "deleted" in cli("sessions", "delete", name, "--yes").out
    assert ids(home) == []


def test_an_empty_home(cli: Cli) -> None:
    """Without sessions the list says how to begin one."""
    assert "`agentkit chat` begins one" in cli("sessions", "list").out
    assert cli("sessions", "list", "--json").json == {"sessions": []}


def test_export_as_json(cli: Cli, play: Play, home: Path, tmp_path: Path) -> None:
    """A session is written to a new file that only the user may read."""
    cli("run", "Hello", "--backend", play("Hi."))
    file = tmp_path / "out.json"
    assert cli("sessions", "export", ids(home)[0], "-o", str(file)).code == 0
    found = json.loads(file.read_text("utf-8"))
    assert found["messages"][-1]["text"] == "Hi."
    assert found["session"]["title"] == "Hello"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again = cli("sessions", "export", ids(home)[0], "-o", str(file))
    assert (again.code, "is there already" in again.err) == (4, True)


def test_training_data_needs_a_yes(cli: Cli, play: Play, home: Path) -> None:
    """Nothing is exported as training data that nobody agreed to."""
    cli("run", "Hello", "--backend", play("Hi."))
    ran = cli("sessions", "export", "--format", "llama32")
    assert (ran.code, ran.out) == (0, "")
    assert "Nothing was exported: no session was accepted." in ran.err


def test_accepted_training_data(cli: Cli, play: Play, tools: str, home: Path) -> None:
    """An accepted session is one line, and stays accepted, as far as it went then."""
    options = ("--tools", tools, "--backend")
    cli("run", "Warm?", *options, play('[weather(place="Oslo")]', "It is."))
    (name,) = ids(home)
    ran = cli("sessions", "export", "--format", "llama32", "--accept", name)
    (line,) = ran.out.splitlines()
    assert [m["role"] for m in json.loads(line)["messages"]] == [
        *("system", "user", "assistant", "ipython", "assistant")
    ]
    cli("run", "My PIN is 1234", "--session", name, *options, play("Ok."))
    later = cli("sessions", "export", "--format", "llama32")
    assert later.out == ran.out


def test_hostile_words_are_shown(cli: Cli, home: Path) -> None:
    """Escape sequences in what was said do nothing to the terminal."""
    with Sessions(home).create("trip") as session:
        session.begin((user("\x1b[31mred"),))
        session.say(assistant("\x9b2J"))
        session.end(Done(text="x"))
    for command in (("list",), ("show", "trip"), ("export", "trip")):
        assert "\x1b" not in cli("sessions", *command).out
        assert "\x9b" not in cli("sessions", *command).out


def test_markdown_marks_nothing_up(cli: Cli, home: Path) -> None:
    """What was said stays in its fence, whatever it holds."""
    with Sessions(home).create("trip") as session:
        session.begin((user("Read it"),))
        theirs = ToolResult(
            ToolCall("read"), "done", "```\n![x](http://evil.example/?q=1)\n````"
        )
        session.say(tool_result(theirs, Label("tool", "personal", "untrusted")))
    out = cli("sessions", "export", "trip", "--format", "markdown").out
    assert "**Result** (personal, untrusted)\n\n`````text\n" in out


def test_doctor_tells_of_them(cli: Cli, play: Play) -> None:
    """`doctor` tells how many sessions there are, and whether they are encrypted."""
    cli("run", "Hello", "--backend", play("Hi."))
    found = cli("doctor", "--backend", "reflex", "--json").json["findings"]
    (told,) = [one["told"] for one in found if one["what"] == "sessions"]
    assert told.startswith("1 kept, 0.")
    assert told.endswith(" MB, not encrypted")
