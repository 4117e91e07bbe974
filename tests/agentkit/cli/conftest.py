from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from agentkit.cli.app import main
from tests.agentkit.cli.pseudo_terminal import Terminal

NOW = "2026-03-03T09:00+00:00"

_TOOLS = '''
"""Tools that read, write, send, delete, ask and fail."""

from pathlib import Path

from agentkit import Context, InputNeeded, ToolError, tool

LOUD = "[bold]mild[/bold] \\x1b[31m\\x9b1m\\u202e"


@tool(effect="read", examples=["how warm is it in {place}"])
def weather(place: str, days: int = 1) -> str:
    """Tell the weather.

    Args:
        place: the city.
        days: how far ahead.
    """
    return f"It is 7 degrees in {place}."


@tool(effect="read", personal=True)
def shout() -> str:
    """Return text with escape sequences and markup."""
    return LOUD


@tool(effect="write")
def keep(context: Context, words: list[str]) -> int:
    """Keep words in a file of the home.

    Args:
        words: what to keep.
    """
    context.home.mkdir(exist_ok=True)
    (context.home / "kept.txt").write_text(" ".join(words), "utf-8")
    return len(words)


@tool(effect="send", preview=lambda context, text: f"Post {text!r} to the wall.")
def post(context: Context, text: str) -> str:
    """Post a text.

    Args:
        text: what to post.
    """
    context.home.mkdir(exist_ok=True)
    (context.home / "posted.txt").write_text(text, "utf-8")
    return "posted"


@tool(effect="read")
def choose() -> str:
    """Ask which one is meant."""
    raise InputNeeded("which", "Which one?", ("the red one", "the blue one"))


@tool(effect="read")
def fail() -> str:
    """Fail."""
    raise ToolError("The printer is on fire.")
'''

_BACKEND = """
import json
from pathlib import Path

from agentkit.backends import ScriptedBackend


def make(path: str) -> ScriptedBackend:
    return ScriptedBackend(json.loads(Path(path).read_text("utf-8")), name="play")
"""


@dataclass(frozen=True)
class Ran:
    """What a command line came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one JSON object on standard output."""
        document: dict[str, Any] = json.loads(self.out)
        return document


Cli = Callable[..., Ran]
Play = Callable[..., str]
Sit = Callable[..., Terminal]


def make_home(folder: Path) -> Path:
    """Make a home with settings and nothing else."""
    folder.mkdir()
    settings = 'name = "Ada"\nemail = "ada@example.com"\ntime_zone = "UTC"\n'
    (folder / "agentkit.toml").write_text(settings, "utf-8")
    return folder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with settings and nothing else, which commands use unless told."""
    folder = make_home(tmp_path / "home")
    monkeypatch.setenv("AGENTKIT_HOME", str(folder))
    for name in ("AGENTKIT_MODEL", "OPENAI_BASE_URL", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def tools(tmp_path: Path) -> str:
    """A tool file of the user's."""
    path = tmp_path / "mine.py"
    path.write_text(_TOOLS, "utf-8")
    return str(path)


def make_pack(folder: Path) -> Path:
    """Make a folder of packages with one that brings the backend `play:SCRIPT`."""
    facts = folder / "play-1.0.dist-info"
    facts.mkdir(parents=True)
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: play\nVersion: 1.0\n")
    points = "[agentkit.backends]\nplay = play_backend:make\n"
    (facts / "entry_points.txt").write_text(points)
    (folder / "play_backend.py").write_text(_BACKEND)
    return folder


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed package that brings the backend `play:SCRIPT`."""
    folder = make_pack(tmp_path / "site")
    monkeypatch.setattr(sys, "path", [str(folder), *sys.path])
    return folder


def write_script(folder: Path, *answers: str) -> str:
    """Name the backend that answers with the given texts, one per step."""
    script = folder / "script.json"
    script.write_text(json.dumps(answers), "utf-8")
    return f"play:{script}"


@pytest.fixture
def play(pack: Path) -> Play:
    """Name the backend that answers with the given texts, one per step."""

    return partial(write_script, pack)


@pytest.fixture
def cli(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Cli:
    """Run a command line in this process."""

    def run(*arguments: str, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as left:
            main(list(arguments))
        shown = capsys.readouterr()
        return Ran(int(str(left.value.code)), shown.out, shown.err)

    return run


@pytest.fixture
def sit(home: Path, pack: Path) -> Iterator[Sit]:
    """Start a command at a terminal, in the home."""
    open_ones: list[Terminal] = []

    def start(*arguments: str, **how: Any) -> Terminal:
        given = [*arguments, "--home", str(home)]
        open_ones.append(Terminal(given, pack, **how))
        return open_ones[-1]

    yield start
    for terminal in open_ones:
        terminal.close()
