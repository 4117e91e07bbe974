"""`agentkit run` and `agentkit plan`: what they print, as text and as JSON."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from agentkit.stores.sessions import Sessions
from tests.agentkit.cli.conftest import NOW, Cli, Play

_TWO_STEPS = ('[weather(place="Oslo")]', "It is 7 degrees.")


def test_run_json_shape(cli: Cli, play: Play, tools: str) -> None:
    """`run --json` prints exactly the promised object."""
    ran = cli("run", "Go", "--tools", tools, "--backend", play(*_TWO_STEPS), "--json")
    told = ran.json
    assert len(told.pop("run_id")) == 32
    assert len(told.pop("session")) == 8
    assert told == {
        "outcome": "done",
        "text": "It is 7 degrees.",
        "steps": 2,
        "calls": [
            {
                "name": "weather",
                "arguments": {"place": "Oslo"},
                "status": "done",
                "result": "It is 7 degrees in Oslo.",
            }
        ],
        "route": {"backend": "play", "reason": "asked for by name"},
        "bytes_out": 0,
        "finish_reason": "stop",
    }
    assert not ran.err


def test_the_answer_alone_is_on_standard_output(
    cli: Cli, play: Play, tools: str
) -> None:
    """What happened, one line a call, and the summary are on standard error."""
    ran = cli("run", "Go", "--tools", tools, "--backend", play(*_TWO_STEPS))
    assert ran.out == "It is 7 degrees.\n"
    call, summary = ran.err.splitlines()
    assert call.startswith('   weather(place="Oslo")  done')
    assert summary.startswith("2 steps · 1 call · ")
    assert summary.endswith(" · 0 bytes left the device")


def test_details_are_told_on_request(cli: Cli, play: Play, tools: str) -> None:
    """With --verbose each step has its backend and why, each call its value."""
    backend = play(*_TWO_STEPS)
    ran = cli("run", "Go", "--tools", tools, "--backend", backend, "--verbose")
    assert ran.out == "It is 7 degrees.\n"
    lines = ran.err.splitlines()
    assert lines[0] == "1. play  asked for by name"
    assert any(one.startswith('   weather(place="Oslo")  done') for one in lines)
    assert "     It is 7 degrees in Oslo." in lines
    assert "2. play  asked for by name" in lines


def test_text_beside_a_call_is_no_answer(cli: Cli, play: Play, tools: str) -> None:
    """It is told before the call, on standard error."""
    backend = play('Let me look. [weather(place="Oslo")]', "7 degrees.")
    ran = cli("run", "Go", "--tools", tools, "--backend", backend)
    assert ran.out == "7 degrees.\n"
    lines = ran.err.splitlines()
    assert lines[0] == "Let me look."
    assert lines[1].startswith("   weather(")


def test_what_stopped_a_run_is_told_after_streamed_text(
    cli: Cli, play: Play, tools: str
) -> None:
    """Streamed text does not hide the reason a run stopped for."""
    backend = play(*('Again. [weather(place="Oslo")]',) * 3)
    ran = cli("run", "Go", "--tools", tools, "--backend", backend)
    assert ran.code == 4
    assert "Stopped: the model asked for the same call (weather) again." in ran.out
    assert "(stopped: repeated_call)" in ran.err


def test_stopped_json_names_the_reason(cli: Cli, play: Play, tools: str) -> None:
    """A stopped run's JSON adds `reason`."""
    backend = play(*("[fail()]",) * 3)
    ran = cli("run", "Go", "--tools", tools, "--backend", backend, "--json")
    assert ran.code == 4
    assert (ran.json["outcome"], ran.json["reason"]) == ("stopped", "repeated_call")


def test_pending_calls_are_listed(cli: Cli, play: Play, tools: str, home: Path) -> None:
    """A send without anybody to ask waits, is told in full, and is not done."""
    backend = play('[post(text="x")]')
    ran = cli("run", "Go", "--tools", tools, "--backend", backend, "--json")
    assert ran.code == 3
    assert ran.json["outcome"] == "needs_approval"
    assert ran.json["pending"] == [
        {
            "name": "post",
            "arguments": {"text": "x"},
            "effect": "send",
            "preview": "Post 'x' to the wall.",
        }
    ]
    assert not (home / "posted.txt").exists()


def test_yes_answers_every_approval(
    cli: Cli, play: Play, tools: str, home: Path
) -> None:
    """--yes carries sends out, and the run shows that they were approved."""
    backend = play('[post(text="x")]', "Posted.")
    ran = cli("run", "Go", "--tools", tools, "--backend", backend, "--yes")
    assert ran.code == 0
    assert "Post 'x' to the wall.  approved" in ran.err
    assert (home / "posted.txt").read_text("utf-8") == "x"


def test_a_question_is_told_with_its_candidates(
    cli: Cli, play: Play, tools: str
) -> None:
    """When the user must be asked, question and candidates are shown."""
    given = ("run", "Go", "--tools", tools, "--backend")
    ran = cli(*given, play("[choose()]"))
    assert "Which one?" in ran.out
    assert "  - the red one" in ran.out
    asked = cli(*given, play("[choose()]"), "--json").json["needs_input"]
    assert asked == {
        "tool": "choose",
        "slot": "which",
        "question": "Which one?",
        "candidates": ["the red one", "the blue one"],
    }


def test_the_request_may_come_from_standard_input(
    cli: Cli, play: Play, tools: str
) -> None:
    """`run -` reads the request from standard input."""
    given = ("run", "-", "--tools", tools, "--backend", play("Hello."))
    assert cli(*given, stdin=b"Say hello\n").code == 0
    assert cli(*given, stdin=b" \n").code == 2


def test_plan_json_shape(cli: Cli, play: Play, tools: str, home: Path) -> None:
    """`plan --json` prints exactly the promised object, and nothing is done."""
    backend = play('[post(text="x")]')
    ran = cli("plan", "Go", "--tools", tools, "--backend", backend, "--json")
    assert ran.code == 0
    assert ran.json == {
        "route": {"backend": "play", "reason": "asked for by name"},
        "calls": [{"name": "post", "arguments": {"text": "x"}}],
        "text": "",
        "needs_input": None,
    }
    assert not (home / "posted.txt").exists()


def test_plan_shows_calls_and_faults(cli: Cli, play: Play, tools: str) -> None:
    """A plan names the calls, and says what is wrong with one."""
    backend = play('[weather(place="Oslo"), weather()]')
    out = cli("plan", "Go", "--tools", tools, "--backend", backend).out
    assert '  weather(place="Oslo")' in out.splitlines()
    assert "argument 'place' is required" in out


def test_a_run_needs_no_model(cli: Cli) -> None:
    """Without any model the built-in rules answer, and the route says so."""
    ran = cli("run", "What time is it?", "--now", NOW, "--json")
    assert ran.code == 0
    assert ran.json["route"]["backend"] == "reflex"
    assert [call["name"] for call in ran.json["calls"]] == ["tell_time"]
    assert "09:00" in ran.json["text"]


def test_own_examples_teach_the_rules(cli: Cli, tools: str) -> None:
    """A tool of the user's is called from its example sentences, without a model."""
    ran = cli("run", "How warm is it in Oslo?", "--tools", tools, "--json")
    assert ran.json["calls"][0]["arguments"] == {"place": "Oslo"}
    assert ran.json["text"] == "It is 7 degrees in Oslo."


_PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)


def test_a_file_is_shown_with_the_request(
    cli: Cli, play: Play, home: Path, tmp_path: Path
) -> None:
    """It is kept in the session, before the request."""
    path = tmp_path / "note.html"
    path.write_text("<p>Party on Friday</p>", "utf-8")
    backend = play("On Friday.")
    ran = cli("run", "When is it?", "--file", str(path), "--backend", backend)
    assert (ran.code, ran.out) == (0, "On Friday.\n")
    (session,) = Sessions(home).list()
    said = Sessions(home).transcript(session.id).conversation
    (read,) = [one.result for one in said if one.result]
    assert read.value["text"] == "Party on Friday"


SHOWN = {
    "no file": (("--file", "nowhere.txt"), "nowhere.txt cannot be read"),
    "no picture": (("--image", "{note}"), "note.txt: the image is neither"),
    "an empty file": (("--file", "{empty}"), "empty.txt is empty"),
    "two sessions": (("-c", "--unkept"), "give one of --continue"),
    "nothing to go on with": (("-c",), "personal has no conversation to go on with"),
}


@pytest.mark.parametrize(("options", "told"), SHOWN.values(), ids=list(SHOWN))
def test_what_cannot_be_shown_is_told(
    cli: Cli,
    play: Play,
    home: Path,
    tmp_path: Path,
    options: tuple[str, ...],
    told: str,
) -> None:
    """In one sentence, and no session is left behind."""
    files = {"note": tmp_path / "note.txt", "empty": tmp_path / "empty.txt"}
    files["note"].write_text("hi", "utf-8")
    files["empty"].touch()
    given = [one.format(**files) for one in options]
    ran = cli("run", "When?", *given, "--backend", play("x"))
    assert ran.code == 2
    assert told in ran.err
    assert ran.err.count("\n") == 1
    assert not Sessions(home).list()


def test_a_picture_needs_a_model_that_sees(
    cli: Cli, play: Play, tmp_path: Path
) -> None:
    """The sentence says what is missing."""
    path = tmp_path / "photo.png"
    path.write_bytes(_PNG)
    ran = cli("run", "When is this?", "--image", str(path), "--backend", play("x"))
    assert ran.code == 4
    assert "it cannot see images" in ran.out


def test_going_on_with_the_last_conversation(cli: Cli, play: Play, home: Path) -> None:
    """`run -c` says on where the last one ended, whatever began it."""
    cli("run", "First", "--backend", play("One."))
    cli("chat", "--backend", play("Two."), stdin=b"Second\n")
    cli("run", "-c", "Third", "--backend", play("Three."))
    last = Sessions(home).list()[0]
    said = Sessions(home).transcript(last.id).conversation
    assert [one.text for one in said if one.role == "user"] == ["Second", "Third"]
    assert Sessions(home).requests(10) == ("First", "Second", "Third")
    assert Sessions(home).requests(1) == ("Third",)
