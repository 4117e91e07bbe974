"""A chat at a terminal: keys, paste, sizes, Ctrl-C at every stage, what rings.

With prompt_toolkit, and without it, where Python's readline serves.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agentkit.stores.sessions import Sessions
from tests.agentkit.cli.conftest import (
    NOW,
    Play,
    Sit,
    make_home,
    make_pack,
    write_script,
)
from tests.agentkit.cli.pseudo_terminal import Terminal
from tests.agentkit.cli.test_terminal import TIMER

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no pseudo-terminals of this kind"
)

EDITORS = ("prompt_toolkit", "readline")
UP, LEFT, HOME, END = "\x1b[A", "\x1b[D", "\x1b[H", "\x1b[F"
PASTED = "\n".join(f"line {number}" for number in range(1, 21))
CARD = (
    "BEGIN:VCARD\nVERSION:3.0\nUID:e\nN:Smith;Evangeline;;;\nFN:Evangeline Smith\n"
    "END:VCARD\n"
)

# What is typed, up to each answer, and the requests that come of it.
KEYS = {
    "a line": (["hello\r"], ["hello"]),
    "an arrow to the left": ([f"helo{LEFT}l\r"], ["hello"]),
    "home and end": ([f"ello{HOME}h{END}!\r"], ["hello!"]),
    "backspace": (["hellp\x7fo\r"], ["hello"]),
    "Ctrl-W takes a word": (["say hello there\x17\r"], ["say hello"]),
    "Ctrl-U takes the line": (["wrong\x15right\r"], ["right"]),
    "Ctrl-A and Ctrl-K": (["wrong\x01\x0bright\r"], ["right"]),
    "other scripts": (["Grüße, 日本 हिन्दी ไทย\r"], ["Grüße, 日本 हिन्दी ไทย"]),
    "up is what was before": (["first\r", f"{UP}\r"], ["first", "first"]),
    "up, and changed": (["first\r", f"{UP} again\r"], ["first", "first again"]),
    "Ctrl-R finds it": (["first\r", "\x12fir\r"], ["first", "first"]),
    "Ctrl-R, Enter takes it": (["first\r", "\x12fir\r\r"], ["first", "first"]),
    "Alt-Enter begins a line": (["one\x1b\rtwo\r"], ["one\ntwo"]),
    "a paste of 20 lines is one request": (
        [f"\x1b[200~{PASTED}\x1b[201~\r"],
        [PASTED],
    ),
    "escape codes in a paste": (["\x1b[200~a\x1b[31mb\x1b[201~\r"], ["a\x1b[31mb"]),
    "Ctrl-C empties the line": (["junk\x03real\r"], ["real"]),
    "an empty line is none": (["\r\rreal\r"], ["real"]),
    "Tab completes a name": (["call evan\t\r"], ["call Evangeline Smith"]),
    "a path is a request": (["/etc/hosts is what?\r"], ["/etc/hosts is what?"]),
}  # fmt: skip
# What one of them does in its own way, or does not know.
_ONLY = {
    "escape codes in a paste": "prompt_toolkit",
    "Ctrl-R finds it": "readline",
    "Ctrl-R, Enter takes it": "prompt_toolkit",
    "Alt-Enter begins a line": "prompt_toolkit",
    "Ctrl-C empties the line": "prompt_toolkit",
}
KEY_CASES = [
    pytest.param(editor, *case, id=f"{name}-{editor}")
    for name, case in KEYS.items()
    for editor in EDITORS
    if _ONLY.get(name, editor) == editor
]


def _hide(site: Path) -> None:
    """Let a command find no prompt_toolkit."""
    code = "import sys\nsys.modules['prompt_toolkit'] = None\n"
    (site / "sitecustomize.py").write_text(code, "utf-8")


@pytest.fixture
def hidden(pack: Path) -> None:
    """Let the command find no prompt_toolkit."""
    _hide(pack)


class Typist:
    """Somebody at one chat for all keys: they are many, and a chat takes a second."""

    def __init__(self, editor: str, folder: Path) -> None:
        self._home = make_home(folder / "home")
        (self._home / "contacts.vcf").write_text(CARD, "utf-8")
        site = make_pack(folder / "site")
        if editor == "readline":
            _hide(site)
        backend = write_script(site, *(f"Answer {n}." for n in range(1, 100)))
        given = ["chat", "--home", str(self._home), "--backend", backend]
        self.terminal = Terminal(given, site)
        self.terminal.wait_for("you>")
        self._answers = 0

    def send(self, keys: str) -> None:
        """Type a request, and wait until the next one can be typed."""
        self._answers += 1
        self.terminal.type(keys)
        self.terminal.wait_for("you>", behind=f"Answer {self._answers}.")

    def said(self, count: int) -> list[str]:
        """Return the last requests."""
        return list(Sessions(self._home).requests(count))


@pytest.fixture(scope="module")
def sit_down(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[str], Typist]]:
    """Sit down at the one chat that there is with an editor."""
    made: dict[str, Typist] = {}

    def sit_down(editor: str) -> Typist:
        if editor not in made:
            made[editor] = Typist(editor, tmp_path_factory.mktemp("typist"))
        return made[editor]

    yield sit_down
    for one in made.values():
        one.terminal.close()


def _without(editor: str, request: pytest.FixtureRequest) -> None:
    if editor == "readline":
        request.getfixturevalue("hidden")


def _leave(terminal: Terminal) -> str:
    terminal.type("/quit\r")
    code, shown = terminal.end()
    assert code == 0, shown
    assert "Traceback" not in shown
    return shown


@pytest.mark.parametrize(("editor", "typed", "requests"), KEY_CASES)
def test_keys(
    sit_down: Callable[[str], Typist],
    editor: str,
    typed: list[str],
    requests: list[str],
) -> None:
    """What is typed is edited as in a shell, and no key prints its code."""
    typist = sit_down(editor)
    before = len(typist.terminal.shown)
    for keys in typed:
        typist.send(keys)
    assert typist.said(len(requests)) == requests
    shown = typist.terminal.shown[before:]
    assert "^[" not in shown.replace("^[[31m", "")


@pytest.mark.parametrize("editor", EDITORS)
def test_ctrl_c_empties_a_line_and_leaves_when_it_comes_twice(
    request: pytest.FixtureRequest, sit: Sit, play: Play, home: Path, editor: str
) -> None:
    """The first on an empty line says how to leave."""
    _without(editor, request)
    terminal = sit("chat", "--backend", play("Answer."))
    terminal.wait_for("you>")
    terminal.type("half a line")
    terminal.wait_for("a line")
    terminal.press_ctrl_c()
    terminal.wait_for("you>", behind="a line")
    terminal.press_ctrl_c()
    terminal.wait_for("you>", behind="Ctrl-C again, or /quit, leaves.")
    terminal.press_ctrl_c()
    code, shown = terminal.end()
    assert code == 0, shown
    assert not Sessions(home).requests(10)


@pytest.mark.parametrize("editor", EDITORS)
def test_what_rings_stands_above_the_half_typed_line(
    request: pytest.FixtureRequest, sit: Sit, home: Path, editor: str
) -> None:
    """It is drawn again below, and goes on from there."""
    _without(editor, request)
    terminal = sit("chat", "--now", NOW, "--backend", "reflex")
    terminal.wait_for("you>")
    terminal.type("what time")
    terminal.wait_for("what time")
    (home / "reminders.ics").write_text(TIMER, "utf-8")
    terminal.wait_for("09:00  timer     Tea")
    terminal.wait_for("what time", behind="Tea")
    terminal.type(" is it?\r")
    terminal.wait_for("It is 09:0")
    before = terminal.raw.partition("timer     Tea")[0][-200:]
    assert "\x1b[J" in before or "\x1b[K" in before
    _leave(terminal)


SIGHTS: dict[str, tuple[int, dict[str, str]]] = {
    "60 columns": (60, {}),
    "200 columns": (200, {}),
    "NO_COLOR": (80, {"NO_COLOR": "1"}),
    "a terminal that knows no codes": (80, {"TERM": "dumb"}),
}


@pytest.mark.parametrize(("columns", "env"), SIGHTS.values(), ids=list(SIGHTS))
def test_sights(
    sit: Sit, play: Play, tools: str, columns: int, env: dict[str, str]
) -> None:
    """A call is one line of any terminal, and colours are there where they may be."""
    words = ", ".join(f'"word {number}"' for number in range(40))
    backend = play(f"[keep(words=[{words}])]", "Kept.")
    given = ("--tools", tools, "--backend", backend)
    terminal = sit("chat", *given, columns=columns, env=env)
    terminal.wait_for("you>")
    terminal.type("go\r")
    terminal.wait_for("you>", behind="Kept.")
    raw = terminal.raw
    lines = _leave(terminal).splitlines()
    (call,) = [line for line in lines if "keep(words" in line]
    assert "done" in call
    assert len(call.rstrip()) <= columns
    coloured = {"\x1b[32m", "\x1b[36m"} & {raw[i : i + 5] for i in range(len(raw))}
    assert bool(coloured) is not ({"NO_COLOR", "TERM"} & env.keys() != set())
    if env.get("TERM") == "dumb":
        assert "\x1b" not in raw


def test_a_window_that_is_made_narrower(sit: Sit, play: Play) -> None:
    """The half-typed line is drawn again, and stays whole."""
    terminal = sit("chat", "--backend", play("Answer."), columns=120)
    terminal.wait_for("you>")
    said = "tell me " + "something " * 9
    terminal.type(said)
    terminal.wait_for("something something")
    terminal.resize(60)
    terminal.type("nice\r")
    terminal.wait_for("you>", behind="Answer.")
    _leave(terminal)


def test_answers_may_go_to_a_file(sit: Sit, play: Play, tmp_path: Path) -> None:
    """Then the conversation stands on the terminal, and the answers alone in the file."""
    file = tmp_path / "answers.txt"
    terminal = sit("chat", "--backend", play("One.", "Two."), stdout=file)
    terminal.wait_for("you>")
    terminal.type("a\rb\r/quit\r")
    assert terminal.end()[0] == 0
    assert file.read_text("utf-8") == "One.\nTwo.\n"


def test_what_happens_may_go_to_a_file(sit: Sit, play: Play, tmp_path: Path) -> None:
    """Then prompt and answers stand on the terminal, and the calls in the file."""
    file = tmp_path / "log.txt"
    terminal = sit("chat", "-v", "--backend", play("One."), stderr=file)
    terminal.wait_for("you>")
    terminal.type("a\r")
    terminal.wait_for("you>", behind="One.")
    _leave(terminal)
    assert "1. play  asked for by name" in file.read_text("utf-8")


_SLOW = """
import time
from pathlib import Path

from agentkit import tool


@tool(effect={effect!r})
def nap() -> str:
    "Sleep."
    Path({began!r}).touch()
    while not Path({end!r}).exists():
        time.sleep(0.01)
    Path({done!r}).touch()
    return "Slept."
"""


@pytest.mark.parametrize("effect", ["read", "write"])
def test_ctrl_c_cancels_a_call(
    sit: Sit, play: Play, tmp_path: Path, effect: str
) -> None:
    """A read is left at once; of a change is said that it is finished first."""
    path, began, end, done = (tmp_path / name for name in ("t.py", "b", "e", "d"))
    files = {"began": str(began), "end": str(end), "done": str(done)}
    path.write_text(_SLOW.format(effect=effect, **files), "utf-8")
    given = ("--tools", str(path), "--backend", play("[nap()]", "Answer."))
    terminal = sit("chat", *given)
    terminal.wait_for("you>")
    terminal.type("nap\r")
    terminal.wait_for("nap ...")
    terminal.press_ctrl_c()
    if effect == "write":
        terminal.wait_for("cancelled once nap is done")
        end.touch()
    terminal.wait_for("you>", behind="Cancelled")
    assert done.exists() is (effect == "write")
    terminal.type("hello\r")
    terminal.wait_for("you>", behind="Answer.")
    _leave(terminal)


def test_ctrl_c_at_a_question_of_a_chat(
    sit: Sit, play: Play, tools: str, home: Path
) -> None:
    """Nothing is sent; /resume asks again."""
    backend = play('[post(text="hello")]', "That was it.")
    terminal = sit("chat", "--tools", tools, "--backend", backend)
    terminal.wait_for("you>")
    terminal.type("Post it\r")
    terminal.wait_for("[y/N]")
    terminal.press_ctrl_c()
    terminal.wait_for("you>", behind="Cancelled; /resume goes on with it.")
    assert not (home / "posted.txt").exists()
    terminal.type("/resume\r")
    terminal.wait_for("[y/N]", behind="/resume goes on")
    terminal.type("y\r")
    terminal.wait_for("That was it.")
    _leave(terminal)
    assert (home / "posted.txt").exists()


@pytest.mark.parametrize("editor", EDITORS)
def test_commands_of_the_chat(
    request: pytest.FixtureRequest,
    sit: Sit,
    play: Play,
    tools: str,
    home: Path,
    editor: str,
) -> None:
    """Each is completed and does what /help says; a wrong one is no request."""
    _without(editor, request)
    backend = play('[keep(words=["a"])]', "Kept.")
    terminal = sit("chat", "--tools", tools, "--backend", backend)
    terminal.wait_for("you>")
    terminal.type("/he\t\r")
    terminal.wait_for("Take back what was done last.")
    terminal.type("/tools weath\t\r")
    terminal.wait_for("weather: Tell the weather.")
    terminal.type("/tools wether\r")
    terminal.wait_for("Did you mean 'weather'?")
    terminal.type("/nonsense\r")
    terminal.wait_for("There is no /nonsense here.")
    terminal.type("go\r")
    terminal.wait_for("you>", behind="Kept.")
    terminal.type("/details\r")
    terminal.wait_for("1. play  asked for by name")
    terminal.type("/undo\r")
    terminal.wait_for("not taken back")
    terminal.type("/sessions\r")
    terminal.wait_for("This one is ")
    terminal.type("/new\r")
    _leave(terminal)
    assert list(Sessions(home).requests(10)) == ["go"]
