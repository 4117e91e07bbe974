"""Approvals and bells at a terminal, driven through a pseudo-terminal."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from agentkit.bells.watcher import watching
from tests.agentkit.cli.conftest import NOW, Play
from tests.agentkit.cli.test_output import COMMAND

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no pseudo-terminals of this kind"
)

_PATIENCE = 600.0
_CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def _path(site: Path) -> str:
    """Put a folder in front of what Python is told to look in already."""
    return os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")])


class Terminal:
    """A command that believes a person sits in front of it."""

    def __init__(self, arguments: list[str], site: Path) -> None:
        self._here, there = os.openpty()
        self._seen = b""
        self.process = subprocess.Popen(
            [COMMAND, *arguments],
            stdin=there,
            stdout=there,
            stderr=there,
            env={**os.environ, "TERM": "xterm", "PYTHONPATH": _path(site)},
            start_new_session=True,
        )
        os.close(there)

    def wait_for(self, text: str) -> None:
        """Read until a text is shown."""
        deadline = time.monotonic() + _PATIENCE
        while text not in self.shown:
            assert time.monotonic() < deadline, self.shown
            assert self._read(), f"ended without {text!r}: {self.shown}"

    def type(self, text: str) -> None:
        """Type at the keyboard."""
        os.write(self._here, text.encode())

    def interrupt(self) -> None:
        """Press Ctrl-C, and again where nothing comes of it.

        A signal that arrives just before Python reads a line is seen after that line.
        """
        for _ in range(5):
            self.process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(30)
                return

    def end(self) -> tuple[int, str]:
        """Read to the end and return exit code and what was shown."""
        while self._read():
            pass
        return self.process.wait(_PATIENCE), self.shown

    def close(self) -> None:
        """End the command if it has not ended, and put the terminal away."""
        self.process.kill()
        self.process.wait()
        os.close(self._here)

    @property
    def shown(self) -> str:
        """What a person has seen, without colours."""
        return _CODES.sub("", self._seen.decode("utf-8", "replace"))

    def _read(self) -> bool:
        ready, _, _ = select.select([self._here], [], [], _PATIENCE)
        try:
            piece = os.read(self._here, 65536) if ready else b""
        except OSError:  # what Linux gives when the other side is closed
            piece = b""
        self._seen += piece
        return bool(piece)


Sit = Callable[..., Terminal]


@pytest.fixture
def sit(home: Path, pack: Path) -> Iterator[Sit]:
    """Start a command at a terminal, in the home."""
    open_ones: list[Terminal] = []

    def start(*arguments: str) -> Terminal:
        open_ones.append(Terminal([*arguments, "--home", str(home)], pack))
        return open_ones[-1]

    yield start
    for terminal in open_ones:
        terminal.close()


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


def test_chat_at_a_terminal(sit: Sit, play: Play) -> None:
    """The chat greets, prompts, answers, and leaves at the end of the input."""
    terminal = sit("chat", "--backend", play("Hello there."))
    terminal.wait_for("you> ")
    terminal.type("hi\n")
    terminal.wait_for("Hello there.")
    terminal.type("\x04")
    code, shown = terminal.end()
    assert code == 0
    assert "personal: Calendar" in shown


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
    terminal.wait_for("you> ")
    terminal.type("Post it\ny\n")
    terminal.wait_for("[y/N]")
    terminal.type("\x04")
    terminal.wait_for("That was it.")
    terminal.type("\x04")
    _, shown = terminal.end()
    assert not (home / "posted.txt").exists(), shown


_TIMER = (
    "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VTODO\nUID:a\nSUMMARY:Tea\n"
    "DTSTAMP:20260301T000000Z\nDUE:20260303T090000Z\nCATEGORIES:TIMER\nEND:VTODO\n"
    "END:VCALENDAR\n"
)


@pytest.mark.parametrize("command", ["watch", "chat"])
def test_what_is_due_rings(sit: Sit, home: Path, command: str) -> None:
    """A line and the bell, in a chat that is open too; then it is left quietly."""
    (home / "reminders.ics").write_text(_TIMER, "utf-8")
    terminal = sit(command, "--now", NOW)
    terminal.wait_for("09:00  timer     Tea")
    terminal.wait_for("\a")
    terminal.interrupt()
    code, shown = terminal.end()
    assert code == 0
    assert shown.count("Tea") == 1
    assert "Cancelled" not in shown


def test_a_chat_asks_again_below_what_rings(sit: Sit, home: Path) -> None:
    """What rings has a line of its own, and the prompt stands below it."""
    terminal = sit("chat", "--now", NOW)
    terminal.wait_for("you> ")
    (home / "reminders.ics").write_text(_TIMER, "utf-8")
    terminal.wait_for("Tea")
    terminal.wait_for("\a")
    terminal.type("/quit\n")
    _, shown = terminal.end()
    assert "you> \r\n09:00  timer     Tea\r\nyou> \a" in shown


def test_a_chat_rings_where_nobody_watches(sit: Sit, home: Path) -> None:
    """Who watches already rings; the chat is a chat all the same."""
    (home / "reminders.ics").write_text(_TIMER, "utf-8")
    with watching(home):
        terminal = sit("chat", "--now", NOW)
        terminal.wait_for("you> ")
        terminal.type("/quit\n")
        code, shown = terminal.end()
    assert code == 0
    assert "Tea" not in shown
