"""The shield and the limits of a home's settings, on the command line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.agentkit.cli.conftest import Cli, Play


def guard(home: Path, pack: Path, *verdicts: str, **keys: str) -> None:
    """Name a guard in the settings, which answers from a script."""
    script = pack / "guard.json"
    script.write_text(json.dumps(verdicts), "utf-8")
    lines = [f'backend = "play:{script}"', *(f'{k} = "{v}"' for k, v in keys.items())]
    with (home / "agentkit.toml").open("a") as file:
        file.write("\n".join(["[shields]", *lines, ""]))


def test_what_the_guard_says_is_shown_with_its_time(
    cli: Cli, home: Path, pack: Path, play: Play
) -> None:
    """For the request, and for the answer, with the other details."""
    guard(home, pack, "safe", "safe")
    ran = cli("run", "Hi", "--backend", play("Hello."), "--verbose")
    assert ran.code == 0
    for what in ("request", "answer"):
        assert re.search(rf"llama-guard-3-1b: {what} safe  \d+ ms", ran.err), ran.err
    assert "Hello." in ran.out


def test_an_unsafe_answer_is_kept_back(
    cli: Cli, home: Path, pack: Path, play: Play
) -> None:
    """The command says why it stopped."""
    guard(home, pack, "safe", "unsafe\nS2")
    ran = cli("run", "Hi", "--backend", play("Steal a llama."))
    assert ran.code == 4
    assert "Steal" not in ran.out + ran.err
    assert "answer not safe" in ran.err
    assert "Non-Violent Crimes" in ran.err


def test_what_was_let_through_is_told(
    cli: Cli, home: Path, pack: Path, play: Play
) -> None:
    """With `on_failure = "allow"` a guard that fails is not silent."""
    guard(home, pack, on_failure="allow")
    ran = cli("run", "Hi", "--backend", play("Hello."))
    assert ran.code == 0
    assert "request not judged, let through" in ran.err
    assert "could not judge it" in ran.err


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ('[shields]\nbackend = "nobody"', "nobody"),
        ('[shields]\nbackend = "reflex"\nmodel = "gpt"', "no Llama Guard 3"),
        ('[shields]\nbackend = "reflex"\ncategories = ["S14"]', "does not know 'S14'"),
        ('[shields]\non_failure = "maybe"', "shields.on_failure"),
        ("[limits]\nseconds = 0", "limits.seconds"),
        ("[limits]\nnobody = 1", "limits.nobody"),
    ],
)
def test_a_setting_that_cannot_be_used_is_told(
    cli: Cli, home: Path, play: Play, table: str, words: str
) -> None:
    """Nothing runs without the shield that was asked for."""
    with (home / "agentkit.toml").open("a") as file:
        file.write(f"{table}\n")
    ran = cli("run", "Hi", "--backend", play("Hello."))
    assert ran.code == 2
    assert words in ran.err
    assert "Hello." not in ran.out


def test_a_limit_of_the_settings_holds(
    cli: Cli, home: Path, play: Play, tools: str
) -> None:
    """One send an hour, over processes."""
    with (home / "agentkit.toml").open("a") as file:
        file.write("[limits]\nsends_per_hour = 1\n")
    statuses: list[str] = []
    for text in "ab":
        backend = play(f'[post(text="{text}")]', "Done.")
        options = ("--tools", tools, "--backend", backend, "--yes", "--json")
        ran = cli("run", f'Post "{text}"', *options)
        statuses += [one["status"] for one in ran.json["calls"]]
    assert statuses == ["done", "denied"]
