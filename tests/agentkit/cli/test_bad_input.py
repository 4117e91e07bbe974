"""Bad input: one clear sentence, the right exit code, no traceback."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.agentkit.cli.conftest import NOW, Cli, Play

_NOT_UTF8 = os.fsdecode(b"caf\xe9")

OPTIONS: dict[str, tuple[tuple[str, ...], str]] = {
    "empty text": (("run", ""), "The request is empty"),
    "blank text": (("plan", " \n\t "), "The request is empty"),
    "text that is no UTF-8": (
        ("run", _NOT_UTF8),
        "not valid UTF-8 (byte 0xe9 at position 3)",
    ),
    "prompt of no UTF-8": (("prompt", _NOT_UTF8), "not valid UTF-8"),
    "now is no time": (("run", "hi", "--now", "noon"), "--now 'noon' is no ISO 8601"),
    "now is no date": (("run", "hi", "--now", "2026-02-30"), "is no ISO 8601 time"),
    "now is too far": (("demo", "--now", "9999-12-31"), "give a year of 1900 to 2199"),
    "unknown backend": (
        ("run", "hi", "--backend", "relfex"),
        "there is no backend 'relfex'. Did you mean 'reflex'?",
    ),
    "backend without a model": (
        ("run", "hi", "--backend", "transformers"),
        "needs a checkpoint: --backend transformers:PATH",
    ),
    "scripted by name": (("run", "hi", "--backend", "scripted"), "is for tests"),
    "unknown assistant": (
        ("run", "hi", "--assistant", "persnal"),
        "there is no assistant 'persnal'; did you mean 'personal'?",
    ),
    "unknown tool": (("tools", "show", "find_event"), "Did you mean 'find_events'?"),
    "tool file that is not there": (
        ("tools", "list", "--tools", "gone.py"),
        "--tools: there is no file 'gone.py'",
    ),
    "tool file that is a folder": (
        ("tools", "list", "--tools", "."),
        "there is no file '.'",
    ),
    "template folder that is not there": (
        ("prompt", "hi", "--templates", "gone"),
        "the template folder 'gone' is not there",
    ),
}


@pytest.mark.parametrize(("given", "told"), OPTIONS.values(), ids=OPTIONS)
def test_bad_option(cli: Cli, given: tuple[str, ...], told: str) -> None:
    """An option that cannot be used is told in one sentence, exit code 2."""
    ran = cli(*given)
    assert ran.code == 2
    assert told in ran.err
    assert ran.err.count("\n") == 1
    assert not ran.out


@pytest.mark.parametrize(("given", "told"), OPTIONS.values(), ids=OPTIONS)
def test_bad_option_with_json(cli: Cli, given: tuple[str, ...], told: str) -> None:
    """With --json the same sentence is in one JSON object."""
    ran = cli(*given, "--json")
    assert ran.code == 2
    assert ran.json["outcome"] == "error"
    assert told in ran.json["text"]
    assert not ran.err


TOOL_FILES = {
    "syntax error": ("def f(:\n", "line 1: invalid syntax"),
    "raises": ("x = 1\ny = x / 0\n", "line 2: ZeroDivisionError: division by zero"),
    "leaves": ("import sys\nsys.exit(7)\n", "line 2: SystemExit: 7"),
    "no tools": ("x = 1\n", "defines no tool: decorate a function with @tool"),
    "no docstring": (
        "from agentkit import tool\n\n@tool\ndef f() -> int:\n    return 1\n",
        "it has no docstring",
    ),
    "no text at all": ("x = 1\0", "bad.py: source code string cannot contain null"),
    "a bundled name": (
        'from agentkit import tool\n\n@tool\ndef find_events() -> int:\n    "Find."\n',
        "two tools are named 'find_events': rename one",
    ),
}


@pytest.mark.parametrize(("source", "told"), TOOL_FILES.values(), ids=TOOL_FILES)
def test_bad_tool_file(cli: Cli, tmp_path: Path, source: str, told: str) -> None:
    """A tool file that cannot be used is told with its line."""
    path = tmp_path / "bad.py"
    path.write_text(source, "utf-8")
    ran = cli("run", "hi", "--tools", str(path))
    assert ran.code == 2
    assert told in ran.err
    assert "Traceback" not in ran.err


def test_tool_file_that_is_no_utf8(cli: Cli, tmp_path: Path) -> None:
    """A tool file of other bytes is told, not decoded by guess."""
    path = tmp_path / "bad.py"
    path.write_bytes(b'x = "caf\xe9"\n')
    ran = cli("tools", "list", "--tools", str(path))
    assert ran.code == 2
    assert "bad.py" in ran.err


SETTINGS = {
    "no toml": (b"name = \n", "cannot be read: Invalid value"),
    "unknown key": (b'nme = "Ada"\n', "nme: "),
    "wrong type": (b"name = 3\n", "name: 3 must be text in quotes"),
    "no UTF-8": (b'name = "caf\xe9"\n', "not UTF-8 (byte 0xe9 at position 11)"),
    "unknown zone": (b'time_zone = "Mars/Base"\n', "time_zone 'Mars/Base'"),
    "zone outside": (b'time_zone = "../../etc/passwd"\n', "does not exist"),
    "unknown backend": (b'backend = "relfex"\n', "Did you mean 'reflex'?"),
}


@pytest.mark.parametrize(("content", "told"), SETTINGS.values(), ids=SETTINGS)
def test_bad_settings(cli: Cli, home: Path, content: bytes, told: str) -> None:
    """Settings that cannot be used are told with file or key, exit code 2."""
    (home / "agentkit.toml").write_bytes(content)
    ran = cli("run", "What time is it?")
    assert ran.code == 2
    assert told in ran.err


def test_settings_that_are_a_folder(cli: Cli, home: Path) -> None:
    """A folder in place of the settings file is told."""
    (home / "agentkit.toml").unlink()
    (home / "agentkit.toml").mkdir()
    ran = cli("run", "What time is it?")
    assert ran.code == 2
    assert "agentkit.toml cannot be read: Is a directory" in ran.err


def test_home_inside_a_file(cli: Cli, tmp_path: Path) -> None:
    """A home below a file is told as that."""
    (tmp_path / "file").write_text("mine", "utf-8")
    ran = cli("run", "hi", "--home", str(tmp_path / "file" / "home"))
    assert ran.code == 2
    assert "lies in a file; give a folder" in ran.err


@pytest.mark.parametrize("command", ["run", "plan", "prompt", "demo"])
def test_home_that_is_a_file(cli: Cli, tmp_path: Path, command: str) -> None:
    """A home that is a file is named, and left as it is."""
    path = tmp_path / "file"
    path.write_text("mine", "utf-8")
    ran = cli(command, "What time is it?", "--home", str(path))
    assert ran.code == 2
    assert str(path) in ran.err
    assert path.read_text("utf-8") == "mine"


def test_doctor_with_a_home_that_is_a_file(cli: Cli, tmp_path: Path) -> None:
    """The doctor goes on with its other checks."""
    path = tmp_path / "file"
    path.write_text("mine", "utf-8")
    ran = cli("doctor", "--home", str(path))
    assert ran.code == 4
    assert f"BAD  home           {path} is a file" in ran.out
    assert "ok   python" in ran.out


LONG = {"words": "word " * 20_000, "one word": "x" * 100_000, "brackets": "[" * 100_000}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
@pytest.mark.parametrize("command", ["run", "plan", "prompt"])
def test_100_kilobytes(cli: Cli, command: str, text: str) -> None:
    """A request of 100 kB gets an answer or a refusal in words."""
    ran = cli(command, "-", "--now", NOW, "--json", stdin=text.encode())
    assert ran.code in (0, 3, 4)
    assert "outcome" in ran.json or "route" in ran.json or "prompt" in ran.json


def test_standard_input_that_is_no_utf8(cli: Cli) -> None:
    """Bytes on standard input that are not UTF-8 are told with their place."""
    ran = cli("run", "-", stdin=b"caf\xe9")
    assert ran.code == 2
    assert "byte 0xe9 at position 3" in ran.err


TEMPLATES = {
    "undefined name": ("{{ nope }}", "'nope' is undefined"),
    "syntax error": ("{% if %}", "line 1: Expected an expression"),
    "reaching out": ("{{ ''.__class__.__mro__ }}", "unsafe"),
}


@pytest.mark.parametrize(("source", "told"), TEMPLATES.values(), ids=TEMPLATES)
def test_bad_template(cli: Cli, tmp_path: Path, source: str, told: str) -> None:
    """A template that cannot be rendered is told with its name and line."""
    folder = tmp_path / "mine" / "llama32"
    folder.mkdir(parents=True)
    (folder / "tools.jinja").write_text(source, "utf-8")
    ran = cli("prompt", "hi", "--templates", str(folder.parent))
    assert ran.code == 2
    assert "llama32/tools.jinja" in ran.err
    assert told in ran.err


def test_endpoint_that_refuses(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """An endpoint that is not there stops the run with 4 and says what to check."""
    pytest.importorskip("openai", reason="pip install -e '.[openai]'")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{port}/v1")
    ran = cli("run", "hi", "--backend", "openai:small", "--json")
    assert ran.code == 4
    assert ran.json["reason"] == "backend_error"
    assert "cannot be reached: is the server running?" in ran.json["text"]


def test_plan_of_an_endpoint_that_refuses(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plan that no backend could make leaves with 4."""
    pytest.importorskip("openai", reason="pip install -e '.[openai]'")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    ran = cli("plan", "hi", "--backend", "openai:small")
    assert ran.code == 4
    assert "cannot be reached" in ran.out


def test_run_whose_tool_fails(cli: Cli, home: Path) -> None:
    """What could not be done is no success: one sentence, exit code 4."""
    _read_only(home)
    ran = cli("run", "Take a note: buy milk", "--backend", "reflex", "--json")
    assert ran.code == 4
    assert (ran.json["outcome"], ran.json["reason"]) == ("stopped", "tool_failed")
    assert ran.json["text"].startswith("Not done: take note “buy milk”. ")
    assert "failed" not in ran.json["text"]


def _corrupt(home: Path) -> None:
    (home / "calendar.ics").write_bytes(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n\xff\xfe")


def _read_only(home: Path) -> None:
    (home / "notes").write_text("a file where a folder belongs", "utf-8")


HOMES: dict[str, tuple[Callable[[Path], None], tuple[str, ...]]] = {
    "damaged calendar": (_corrupt, ("find_events",)),
    "folder that is a file": (_read_only, ("take_note", "text=milk")),
}


@pytest.mark.parametrize(("spoil", "call"), HOMES.values(), ids=HOMES)
def test_spoilt_home(
    cli: Cli, home: Path, spoil: Callable[[Path], None], call: tuple[str, ...]
) -> None:
    """A store that cannot be used is told by name, and nothing is lost."""
    spoil(home)
    before = {path.name: path.read_bytes() for path in home.iterdir()}
    ran = cli("tools", "call", *call, "--now", NOW, "--json")
    assert ran.code in (0, 4)
    assert "Traceback" not in ran.out
    after = [path.read_bytes() for path in home.iterdir() if path.is_file()]
    assert all(content in after for content in before.values())


def test_a_tool_that_calls_itself_scripted(cli: Cli, play: Play, tools: str) -> None:
    """Calls that cannot be read or made go back to the model; the run goes on."""
    backend = play("[nope()]", "[weather()]", "[weather(place=3, x=1)]", "Sorry.")
    ran = cli("run", "Go", "--tools", tools, "--backend", backend, "--json")
    assert ran.code == 0
    assert [call["status"] for call in ran.json["calls"]] == ["error"] * 3
    assert ran.json["text"] == "Sorry."


@pytest.mark.parametrize("command", ["run hi", "sessions list", "egress list"])
def test_an_empty_home_is_no_home(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str
) -> None:
    """What an unset variable of the shell leaves does not write where one stands."""
    monkeypatch.chdir(tmp_path)
    ran = cli(*command.split(), "--home", "")
    assert ran.code == 2
    assert "--home is empty" in ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


@pytest.mark.parametrize(
    "command", ["rules add never post", "run hi", "egress list", "rules list"]
)
def test_a_home_below_a_file_is_told(cli: Cli, tmp_path: Path, command: str) -> None:
    """It is the caller's mistake or the disk's, and no fault of agentkit's."""
    (tmp_path / "file").write_text("", "utf-8")
    ran = cli(*command.split(), "--home", str(tmp_path / "file" / "home"))
    assert ran.code in (2, 4)
    assert str(tmp_path / "file") in ran.err or "Not a directory" in ran.err
    assert "agentkit failed" not in ran.err
