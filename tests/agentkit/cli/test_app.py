"""The command line as a whole: commands, usage, faults, exit codes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

import agentkit
from agentkit.cli import app as room
from agentkit.cli.app import SUMMARIES, app
from agentkit.installation.distribution import NAME, this_installation
from tests.agentkit.cli.conftest import Cli, Play

COMMANDS = [
    ("demo",),
    ("brief",),
    ("listen",),
    ("setup",),
    ("import",),
    ("subscribe",),
    ("run",),
    ("rewrite",),
    ("summarize",),
    ("chat",),
    ("plan",),
    ("eval",),
    ("eval", "run"),
    ("eval", "make"),
    ("prompt",),
    ("serve",),
    ("mcp",),
    ("tools",),
    ("tools", "list"),
    ("tools", "show"),
    ("tools", "call"),
    ("models",),
    ("models", "list"),
    ("models", "info"),
    ("models", "add"),
    ("models", "remove"),
    ("models", "bench"),
    ("egress",),
    ("egress", "list"),
    ("egress", "show"),
    ("egress", "verify"),
    ("egress", "restart"),
    ("rules",),
    ("rules", "list"),
    ("rules", "add"),
    ("rules", "remove"),
    ("sessions",),
    ("sessions", "list"),
    ("sessions", "show"),
    ("sessions", "resume"),
    ("sessions", "delete"),
    ("sessions", "export"),
    ("sessions", "encrypt"),
    ("sessions", "decrypt"),
    ("journal",),
    ("undo",),
    ("redo",),
    ("watch",),
    ("assistants",),
    ("doctor",),
    ("providers",),
    ("route",),
    ("route", "why"),
    ("route", "replay"),
]


@pytest.mark.parametrize(
    "group", ["", "tools", "models", "sessions", "route", "egress", "rules"]
)
def test_the_list_of_commands_cuts_no_sentence(cli: Cli, group: str) -> None:
    """What a command is for is said whole, in one line of 80 characters."""
    lines = cli(*([group] if group else []), "--help").out.splitlines()
    cut = [line for line in lines if line.endswith("...")]
    assert [line for line in cut if not line.startswith("Usage:")] == []


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help(cli: Cli, command: tuple[str, ...]) -> None:
    """Each command says what it does, on standard output, and leaves with 0."""
    ran = cli(*command, "--help")
    assert ran.code == 0
    assert ran.out.startswith(f"Usage: agentkit {' '.join(command)}")
    assert not ran.err


def test_no_command_is_left_out_of_the_table() -> None:
    """The table above names every command there is."""
    tree = typer.main.get_command(app)
    assert sorted(tree.commands) == sorted({names[0] for names in COMMANDS})  # type: ignore[attr-defined]  # pyright: ignore


def test_each_command_is_listed_by_what_it_says_of_itself() -> None:
    """The list that is shown without loading a command says what each one says."""
    tree: Any = typer.main.get_command(app)
    told = {name: one.get_short_help_str(200) for name, one in tree.commands.items()}
    assert told == SUMMARIES


def test_the_help_has_the_daily_commands_first(cli: Cli) -> None:
    """One page: what is used every day comes before what developers use."""
    lines = cli("--help").out.splitlines()
    assert len(lines) < 60
    titles = [line for line in lines if line.endswith(":") and line[0] != " "]
    assert titles[1] == "Every day:"
    assert titles[-1] == "For developers:"
    daily = lines[lines.index("Every day:") + 1 : lines.index(titles[2])]
    assert {"chat", "run", "watch"} <= {line.split()[0] for line in daily if line}


def test_completing_a_command_loads_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """The Tab key answers at once: what commands import takes half a second."""
    for name, value in {
        "_AGENTKIT_COMPLETE": "complete_bash",
        "COMP_WORDS": "agentkit r",
        "COMP_CWORD": "1",
    }.items():
        monkeypatch.setenv(name, value)
    code = (
        "import sys\nfrom agentkit.cli import main\ntry:\n    main()\nfinally:\n"
        "    print(*[n for n in sys.modules if n.startswith('agentkit.cli.')])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    *named, modules = ended.stdout.splitlines()
    assert set(named) == {name for name in SUMMARIES if name.startswith("r")}
    assert set(modules.split()) == {"agentkit.cli.app", "agentkit.cli.output"}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_completes_commands(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, shell: str
) -> None:
    """What a shell asks, as the script of `--show-completion` does, is answered."""
    monkeypatch.setenv("_AGENTKIT_COMPLETE", f"complete_{shell}")
    asked = {"COMP_WORDS": "agentkit wat", "COMP_CWORD": "1"}
    if shell != "bash":
        asked = {
            "_TYPER_COMPLETE_ARGS": "agentkit wat",
            "_TYPER_COMPLETE_FISH_ACTION": "get-args",
        }
    for name, value in asked.items():
        monkeypatch.setenv(name, value)
    assert "watch" in cli().out


@pytest.mark.usefixtures("home")
def test_the_package_is_a_command_too() -> None:
    """`python -m agentkit` is the same, under the same name."""
    ran = subprocess.run(
        [sys.executable, "-m", "agentkit", "run", "--help"],
        capture_output=True,
        check=True,
    )
    assert ran.stdout.startswith(b"Usage: agentkit run")


def test_the_version_names_the_copy(cli: Cli) -> None:
    """The version is told with the distribution and the folder of the package."""
    ran = cli("--version")
    folder = Path(agentkit.__file__).resolve().parent
    assert ran.code == 0
    assert ran.out == f"{NAME} {this_installation().version} ({folder})\n"


USAGE = {
    "no command": ((), "Usage: agentkit"),
    "unknown command": (("dance",), "No such command 'dance'."),
    "no text": (("run",), "Missing argument 'text'."),
    "unknown option": (("run", "hi", "--dance"), "No such option: --dance"),
    "option without value": (("run", "hi", "--now"), "'--now' requires an argument"),
    "unknown format": (("prompt", "hi", "--format", "x"), "'llama32'"),
    "no tool named": (("tools", "show"), "Missing argument 'name'."),
}


@pytest.mark.parametrize(("arguments", "told"), USAGE.values(), ids=USAGE)
def test_wrong_usage_leaves_with_2(
    cli: Cli, arguments: tuple[str, ...], told: str
) -> None:
    """What cannot be understood is told on standard error, with exit code 2."""
    ran = cli(*arguments)
    assert ran.code == 2
    assert told in ran.err
    assert not ran.out
    assert "Traceback" not in ran.err


def test_wrong_usage_with_json_is_one_object(cli: Cli) -> None:
    """With --json even a usage error is one JSON object on standard output."""
    ran = cli("run", "hi", "--json", "--qqq")
    assert ran.code == 2
    assert ran.json == {"outcome": "error", "text": "No such option: --qqq"}
    assert not ran.err


def test_a_fault_of_ours_is_one_sentence(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unexpected exception is one sentence with exit code 1, not a traceback."""

    def broken(**_: object) -> None:
        raise KeyError("gone")

    monkeypatch.setattr(room, "app", broken)
    ran = cli("run", "hi")
    assert ran.code == 1
    assert re.fullmatch(r"Error: agentkit failed .*KeyError.*\n", ran.err)


def test_verbose_adds_the_traceback(cli: Cli) -> None:
    """--verbose shows where an error came from."""
    ran = cli("run", "hi", "--backend", "dance", "--verbose")
    assert ran.code == 2
    assert ran.err.startswith("Error: there is no backend 'dance'")
    assert "Traceback (most recent call last)" in ran.err


@pytest.mark.parametrize(
    ("answers", "options", "code"),
    [
        (("Hello.",), (), 0),
        (('[post(text="x")]',), (), 3),
        (("[choose()]",), (), 3),
        (("[fail()]",) * 3, (), 4),
        (("[fail()]",), (), 4),
    ],
    ids=["done", "needs approval", "needs input", "the same call", "script ends"],
)
def test_exit_codes(
    cli: Cli,
    play: Play,
    tools: str,
    answers: tuple[str, ...],
    options: tuple[str, ...],
    code: int,
) -> None:
    """A run leaves with 0 done, 3 needs the user, 4 stopped; --json or not."""
    given = ("run", "Go", "--tools", tools, *options)
    assert cli(*given, "--backend", play(*answers)).code == code
    assert cli(*given, "--backend", play(*answers), "--json").code == code


def test_home_may_be_named_by_the_environment(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """AGENTKIT_HOME is the home when --home is not given."""
    monkeypatch.setenv("AGENTKIT_HOME", str(tmp_path / "elsewhere"))
    findings = cli("doctor", "--json").json["findings"]
    told = {one["what"]: one["told"] for one in findings}
    assert str(tmp_path / "elsewhere") in told["home"]
