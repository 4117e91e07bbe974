"""Approvals and bells at a terminal, driven through a pseudo-terminal."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from agentkit.bells.watcher import watching
from tests.agentkit.cli.conftest import NOW, Play, Sit
from tests.agentkit.cli.pseudo_terminal import Terminal

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no pseudo-terminals of this kind"
)


@pytest.fixture
def asked(sit: Sit, tools: str, play: Play) -> Terminal:
    """A run at a terminal, up to the question whether to send."""
    backend = play('[post(text="\\x1b[2Jhello")]', "That was it.")
    terminal = sit("run", "Post it", "--tools", tools, "--backend", backend)
    terminal.wait_for("[y/N]")
    return terminal


ANSWERS = {
    "y": ("y\n", "done", True),
    "yes": ("YES\n", "done", True),
    "n": ("n\n", "denied", False),
    "nothing": ("\n", "denied", False),
    "something else is asked again": ("why?\n\n", "denied", False),
    "after something else": ("ja\ny\n", "done", True),
    "a change, kept": ("e\n\ny\n", "done", True),
    "a change, then no": ("e\nHello\n\n", "denied", False),
    "end of input in a change": ("e\n\x04\x04", "denied", False),
    "end of input": ("\x04", "denied", False),
}


@pytest.mark.parametrize(
    ("answer", "status", "sent"), ANSWERS.values(), ids=list(ANSWERS)
)
def test_only_a_yes_sends(
    asked: Terminal, home: Path, answer: str, status: str, sent: bool
) -> None:
    """A send is shown before it is asked for, and done after a yes only."""
    assert "post wants to send:" in asked.shown
    assert "Post '\\x1b[2Jhello' to the wall." in asked.shown
    asked.type(answer)
    code, shown = asked.end()
    assert code == 0
    assert re.search(rf"post\(text=.*\)  {status}", shown)
    assert (home / "posted.txt").exists() is sent


def test_what_always_means_is_told(asked: Terminal, home: Path) -> None:
    """The rule that "always" sets is shown, with how to take it back."""
    asked.type("a\n")
    code, shown = asked.end()
    assert code == 0
    assert "From now on: always post (agentkit rules list" in shown
    assert 'tool = "post"' in (home / "rules.toml").read_text("utf-8")


def test_a_tool_at_work_is_named(sit: Sit, play: Play, tmp_path: Path) -> None:
    """While a tool works, a person sees which one."""
    path, seen = tmp_path / "slow.py", tmp_path / "seen"
    path.write_text(
        "import time\nfrom pathlib import Path\nfrom agentkit import tool\n\n"
        "@tool(effect='read')\ndef nap() -> str:\n    'Sleep.'\n"
        f"    while not Path({str(seen)!r}).exists():\n        time.sleep(0.01)\n"
        "    return 'hm'\n",
        "utf-8",
    )
    backend = play("[nap()]", "Slept.")
    terminal = sit("run", "Nap", "--tools", str(path), "--backend", backend)
    terminal.wait_for("nap ...")
    seen.touch()
    code, shown = terminal.end()
    assert code == 0
    assert "Slept." in shown


def test_ctrl_c_at_the_question_sends_nothing(asked: Terminal, home: Path) -> None:
    """Ctrl-C at the question ends the command at once with 130."""
    asked.interrupt()
    code, shown = asked.end()
    assert code == 130, shown
    assert shown.rstrip().endswith("Cancelled; nothing was left half-written.")
    assert re.search(r"To go on: agentkit sessions resume \w+", shown)
    assert not (home / "posted.txt").exists()


def test_a_changed_call_is_what_runs(asked: Terminal, home: Path) -> None:
    """Each value is asked for, and what came of it needs a yes of its own."""
    asked.type("e\n")
    asked.wait_for("text (Enter keeps")
    asked.type("goodbye\n")
    asked.wait_for("post with:")
    asked.wait_for("Send this? [y/N]")
    asked.type("y\n")
    code, shown = asked.end()
    assert code == 0, shown
    assert (home / "posted.txt").read_text("utf-8").strip() == "goodbye"


def test_a_value_is_edited_where_it_stands(
    sit: Sit, tools: str, play: Play, home: Path
) -> None:
    """What was there is on the line; a word may be put before and behind it."""
    backend = play('[post(text="see you at 2")]', "That was it.")
    terminal = sit("run", "Post it", "--tools", tools, "--backend", backend)
    terminal.wait_for("[y/N]")
    terminal.type("e\n")
    terminal.wait_for("> see you at 2")
    terminal.type("\x7f3\x01Ana, \r")
    terminal.wait_for("text: “Ana, see you at 3”")
    terminal.type("y\r")
    code, shown = terminal.end()
    assert code == 0, shown
    assert (home / "posted.txt").read_text("utf-8") == "Ana, see you at 3"


def test_a_reason_is_told_to_the_model(asked: Terminal, home: Path) -> None:
    """And nothing is sent."""
    asked.type("r\n")
    asked.wait_for("Why not?")
    asked.type("it is late\n")
    code, shown = asked.end()
    assert code == 0, shown
    assert "The user says why: it is late" in " ".join(shown.split())
    assert not (home / "posted.txt").exists()


def test_always_is_listed_and_taken_back(asked: Terminal, home: Path, sit: Sit) -> None:
    """The rule holds in another process, until the user removes it."""
    asked.type("a\n")
    code, shown = asked.end()
    assert code == 0, shown
    assert "From now on: always post" in shown
    for arguments, expected in (
        (("list",), "1  always post"),
        (("remove", "1"), "Removed: always post"),
        (("list",), "There are no rules"),
    ):
        code, shown = sit("rules", *arguments).end()
        assert (code, expected in shown) == (0, True), shown


def test_what_was_typed_before_the_question_is_no_answer(
    sit: Sit, tools: str, play: Play, home: Path
) -> None:
    """The rest of what was pasted into a chat does not send anything."""
    backend = play('[post(text="hello")]', "That was it.")
    terminal = sit("chat", "--tools", tools, "--backend", backend)
    terminal.wait_for("you>")
    terminal.type("Post it\ry\r")
    terminal.wait_for("[y/N]")
    terminal.type("\x04")
    terminal.wait_for("That was it.")
    terminal.type("/quit\r")
    _, shown = terminal.end()
    assert not (home / "posted.txt").exists(), shown


TIMER = (
    "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VTODO\nUID:a\nSUMMARY:Tea\n"
    "DTSTAMP:20260301T000000Z\nDUE:20260303T090000Z\nCATEGORIES:TIMER\nEND:VTODO\n"
    "END:VCALENDAR\n"
)


def test_what_is_due_rings(sit: Sit, home: Path) -> None:
    """A line and the bell; then it is left quietly."""
    (home / "reminders.ics").write_text(TIMER, "utf-8")
    terminal = sit("watch", "--now", NOW)
    terminal.wait_for("09:00  timer     Tea")
    terminal.wait_for("\a")
    terminal.interrupt()
    code, shown = terminal.end()
    assert code == 0
    assert shown.count("Tea") == 1
    assert "Cancelled" not in shown


def test_a_chat_rings_where_nobody_watches(sit: Sit, home: Path) -> None:
    """Who watches already rings; the chat is a chat all the same."""
    (home / "reminders.ics").write_text(TIMER, "utf-8")
    with watching(home):
        terminal = sit("chat", "--now", NOW)
        terminal.wait_for("you>")
        terminal.type("/quit\r")
        code, shown = terminal.end()
    assert code == 0
    assert "Tea" not in shown
