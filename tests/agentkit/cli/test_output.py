"""What is printed: plain to a pipe; data is shown, never obeyed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from agentkit.cli.output import printable
from tests.agentkit.cli.conftest import Cli, Play
from tests.agentkit.cli.pseudo_terminal import COMMAND

_OBEYED = "\x1b\x9b\u202e"

ESCAPES = {
    "colour": ("\x1b[31mred", "\\x1b[31mred"),
    "C1 introducer": ("\x9b31m", "\\x9b31m"),
    "bell and delete": ("\a\x7f", "\\x07\\x7f"),
    "carriage return": ("good\rbad", "good\\x0dbad"),
    "right to left": ("a\u202eb", "a\\u202eb"),
    "a byte that is no UTF-8": ("caf\udce9", "caf\\udce9"),
    "lines and tabs stay": ("a\r\nb\tc\n", "a\nb\tc\n"),
    "other scripts stay": ("naïve 日本語 🎉", "naïve 日本語 🎉"),
    "variation selectors": ("pay\ufe00 50\U000e0101", "pay\\ufe00 50\\U000e0101"),
    "what draws nothing": ("a\u3164b\u2800c\uffa0", "a\\u3164b\\u2800c\\uffa0"),
    "marks of music and tags": (
        "a\U0001d173b\U000e0fff",
        "a\\U0001d173b\\U000e0fff",
    ),
    "a selector behind a letter": ("Ana\ufe0f", "Ana\\ufe0f"),
    "emoji as they are drawn": ("❤️ ☎️ 1️⃣ 👩‍🚀", "❤️ ☎️ 1️⃣ 👩‍🚀"),
}


@pytest.mark.parametrize(("text", "shown"), ESCAPES.values(), ids=ESCAPES)
def test_printable(text: str, shown: str) -> None:
    """Control characters become visible; letters of all scripts stay."""
    assert printable(text) == shown


@pytest.mark.parametrize("json", [(), ("--json",)], ids=["text", "json"])
def test_tool_results_are_data(
    cli: Cli, play: Play, tools: str, json: tuple[str, ...]
) -> None:
    """Escape sequences and markup in a tool's result are shown."""
    backend = play("[shout()]", "\u001b[2J[red]Done[/red]")
    ran = cli("run", "Go", "--tools", tools, "--backend", backend, "-v", *json)
    assert not set(_OBEYED) & set(ran.out + ran.err)
    assert "[bold]mild[/bold]" in (ran.out if json else ran.err)
    assert "[red]Done[/red]" in ran.out


def test_json_keeps_what_it_escapes(cli: Cli, tools: str) -> None:
    """Escaped characters come back when the JSON is read."""
    ran = cli("tools", "call", "shout", "--tools", tools, "--json")
    assert ran.json["result"] == "[bold]mild[/bold] \x1b[31m\x9b1m\u202e"


def test_errors_are_data(cli: Cli, tmp_path: Path) -> None:
    """What a message quotes cannot steer the terminal."""
    path = tmp_path / "bad.py"
    path.write_text('raise ValueError("\\x1b[2J[red]x")\n', "utf-8")
    ran = cli("tools", "list", "--tools", str(path))
    assert "\\x1b[2J[red]x" in ran.err
    assert "\x1b" not in ran.err


def _run(
    *arguments: str, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [COMMAND, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env={**os.environ, **(env or {})},
        check=False,
        timeout=600,
    )


@pytest.mark.usefixtures("home")
def test_output_to_a_pipe_is_plain() -> None:
    """The real command writes no escape codes to a pipe, whatever TERM says."""
    ran = _run("assistants", env={"TERM": "xterm-256color"})
    assert ran.returncode == 0
    assert b"researcher" in ran.stdout
    assert b"\x1b" not in ran.stdout + ran.stderr


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("json", [(), ("--json",)], ids=["text", "json"])
def test_output_that_knows_ascii_only(json: tuple[str, ...]) -> None:
    """An output that cannot encode a character gets an escape, not a failure."""
    env = {"PYTHONIOENCODING": "ascii"}
    ran = _run("tools", "call", "take_note", "text=naïve · 日本語", *json, env=env)
    assert ran.returncode == 0
    assert ran.stdout.isascii()
    assert b"UnicodeEncodeError" not in ran.stderr


@pytest.mark.usefixtures("home")
def test_bytes_in_arguments() -> None:
    """An argument that is not UTF-8 is refused by the real command too."""
    ran = subprocess.run(
        [COMMAND.encode(), b"run", b"caf\xe9"], capture_output=True, check=False
    )
    assert ran.returncode == 2
    assert ran.stderr.startswith(b"Error: The request is not valid UTF-8")


@pytest.mark.usefixtures("home")
def test_a_reader_that_leaves_early() -> None:
    """`agentkit ... | head -1` says nothing on standard error."""
    with subprocess.Popen(
        [COMMAND, "tools", "list"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT is not sent on Windows")
def test_ctrl_c_leaves_with_130(home: Path, tmp_path: Path) -> None:
    """An interrupted call says so, without a traceback."""
    path = tmp_path / "slow.py"
    path.write_text(
        "import asyncio\nfrom agentkit import tool\n\n"
        '@tool\nasync def wait() -> str:\n    "Wait."\n'
        '    print("waiting", flush=True)\n    await asyncio.sleep(600)\n    return ""\n'
    )
    with subprocess.Popen(
        [COMMAND, "tools", "call", "wait", "--tools", str(path), "--home", str(home)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A test run in the background hands down that SIGINT is ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"waiting\n"
        process.send_signal(signal.SIGINT)
        told = process.stderr.read().decode()
    assert process.returncode == 130
    assert told.strip() == "Cancelled; nothing was left half-written."
