"""`agentkit eval`: suites put to backends, compared and held to a threshold."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.agentkit.cli.conftest import Cli, Play

_CALL = {"name": "weather", "arguments": {"place": "Oslo"}}


@pytest.fixture
def suite(tmp_path: Path) -> str:
    cases = [
        {"id": "one", "request": "Weather in Oslo?", "calls": [_CALL]},
        {"id": "two", "request": "Hello", "class": "irrelevant"},
    ]
    path = tmp_path / "suite.jsonl"
    path.write_text("\n".join(map(json.dumps, cases)), "utf-8")
    return str(path)


def test_a_suite_is_judged_by_class(
    cli: Cli, play: Play, tools: str, suite: str, home: Path
) -> None:
    """Shares with intervals for each class; nothing is carried out."""
    backend = play('[weather(place="Oslo")]', '[shout(text="x")]')
    ran = cli("eval", suite, "--tools", tools, "--backend", backend, "-v")
    assert ran.code == 0
    assert "1 of 2 (50%, 9% to 91%)" in ran.out
    assert "positive    1 of 1" in ran.out
    assert "two: calls shout" in ran.out
    assert not (home / "journal.db").exists()


def test_a_threshold_is_for_ci(cli: Cli, play: Play, tools: str, suite: str) -> None:
    """Too few right leave with 4."""
    words = ("eval", suite, "--tools", tools, "--at-least", "0.8")
    right = ('[weather(place="Oslo")]', "Hello.")
    assert cli(*words, "--backend", play(*right)).code == 0
    assert cli(*words, "--backend", play("No.", "Hello.")).code == 4


def test_two_runs_are_compared(
    cli: Cli, play: Play, tools: str, suite: str, tmp_path: Path
) -> None:
    """With what --json printed before, case by case."""
    words = ("eval", suite, "--tools", tools, "--json")
    before = cli(*words, "--backend", play("No.", "Hello."))
    (report,) = before.json["reports"]
    assert (report["total"]["right"], report["cases"][0]["right"]) == (1, False)
    path = tmp_path / "before.json"
    path.write_text(before.out, "utf-8")
    backend = play('[weather(place="Oslo")]', "Hello.")
    after = cli(*words, "--backend", backend, "--compare", str(path))
    assert after.json["comparisons"][backend]["won"] == ["one"]


def test_two_backends_are_put_side_by_side(
    cli: Cli, play: Play, tools: str, suite: str
) -> None:
    """The second is compared with the first."""
    backend = play("No.", "Hello.")
    ran = cli(
        "eval", suite, "--tools", tools, "--backend", backend, "--backend", "reflex"
    )
    assert [row for row in ran.out.splitlines() if row[0] != " "][1].startswith(
        "reflex"
    )
    assert "lost against the other" in ran.out


def test_a_suite_is_made_from_a_file_of_tools(
    cli: Cli, tools: str, tmp_path: Path
) -> None:
    """Its own tools alone, and what is made can be put to a backend."""
    path = str(tmp_path / "made.jsonl")
    made = cli("eval", "make", path, "--tools", tools, "--json")
    assert made.json["cases"] > 20
    assert "weather" in Path(path).read_text("utf-8")
    assert "create_event" not in Path(path).read_text("utf-8")
    ran = cli(
        "eval", path, "--tools", tools, "--class", "irrelevant", "--backend", "reflex"
    )
    assert ran.code == 0
    assert cli("eval", "make", path, "--tools", tools).code == 2


@pytest.mark.slow
def test_a_suite_is_spread_over_a_cluster(tools: str, suite: str, home: Path) -> None:
    """Two workers of Ray return what one process returns, in the suite's order."""
    pytest.importorskip("ray", reason="ray is not installed")
    words = ["eval", suite, "--tools", tools, "--backend", "reflex", "--json"]
    found: list[list[tuple[str, bool]]] = []
    for more in ([], ["--ray", "2"]):
        # In a process of its own: Ray leaves sockets to the end of its process.
        ran = subprocess.run(
            [sys.executable, "-m", "agentkit", *words, *more, "--home", str(home)],
            capture_output=True,
            text=True,
            check=True,
        )
        cases = json.loads(ran.stdout)["reports"][0]["cases"]
        found.append([(one["id"], one["right"]) for one in cases])
    assert found[0] == found[1]


def test_a_cluster_that_is_not_there_is_told(cli: Cli, tools: str, suite: str) -> None:
    """An address where no cluster answers ends in one sentence."""
    pytest.importorskip("ray", reason="ray is not installed")
    words = ("--backend", "reflex", "--ray", "1", "--ray-address", "127.0.0.1:9")
    ran = cli("eval", suite, "--tools", tools, *words)
    assert ran.code != 0
    assert "no Ray cluster on 127.0.0.1:9" in ran.err
