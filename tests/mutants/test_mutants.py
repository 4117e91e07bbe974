"""The list of what mutants are made of, and which tests a mutant is shown to."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.mutants.mutants import around, files_of
from tests.mutants.reach import Reach

ROOT = Path(__file__).parents[2]
TOLD: dict[str, Any] = tomllib.loads(
    Path(__file__).with_name("rooms.toml").read_text("utf-8")
)
ROOMS: dict[str, list[str]] = TOLD["rooms"]
EQUIVALENT: list[dict[str, str]] = TOLD.get("equivalent", [])


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_is_there(room: str) -> None:
    """A module that is moved takes its line of the list along."""
    assert files_of(ROOT, ROOMS[room])
    assert all((ROOT / folder).exists() for folder in TOLD["tests"]["folders"])


def test_a_pattern_that_names_nothing_is_told() -> None:
    """Code that decides would go unasked."""
    with pytest.raises(SystemExit, match=r"agentkit/gone\.py names no file"):
        files_of(ROOT, ["agentkit/gone.py"])


@pytest.mark.parametrize("one", EQUIVALENT, ids=lambda one: one["now"][:40])
def test_a_listed_mutant_can_still_be_made(one: dict[str, str]) -> None:
    """Its line is in the code, and it has a reason."""
    texts = [
        "\n".join(
            line.strip() for line in (ROOT / name).read_text("utf-8").splitlines()
        )
        for patterns in ROOMS.values()
        for name in files_of(ROOT, patterns)
    ]
    assert any(one["was"] in text for text in texts)
    assert one["why"]
    assert one["was"] != one["now"]


CODE = """\
class A:
    x = 1

    def f(self, y):
        if (
            y
        ):
            return g(
                y,
                1,
            )
        return 0
"""


@pytest.mark.parametrize(
    ("first", "last", "statement", "function"),
    [
        pytest.param(9, 9, range(8, 12), range(5, 13), id="a call over lines"),
        pytest.param(6, 6, range(5, 8), range(5, 13), id="a condition"),
        pytest.param(2, 2, range(2, 3), range(2, 13), id="in a class"),
        pytest.param(12, 12, range(12, 13), range(5, 13), id="one line"),
    ],
)
def test_what_is_around_a_fault(
    first: int, last: int, statement: range, function: range
) -> None:
    """The statement it is in, without the body, and then the function."""
    assert around(CODE, first, last) == (statement, function)


def test_a_mutant_is_shown_to_the_tests_that_run_its_lines() -> None:
    """Those of its room first, then the quick ones; of the function where none does."""
    seconds = {
        "tests/b/t.py::slow": 2.0,
        "tests/b/t.py::quick": 1.0,
        "tests/a/t.py::own": 9,
    }
    slow, quick, own = seconds
    reach = Reach({"a/x.py": {3: {slow, quick, own}, 4: {slow}}}, seconds)
    assert reach.tests("a/x.py", range(3, 4), range(1, 9)) == [own, quick, slow]
    assert reach.tests("a/x.py", range(7, 8), range(4, 5)) == [slow]
    assert reach.tests("a/x.py", range(7, 8)) == [own, quick, slow]
    assert reach.tests("a/y.py", range(7, 8)) == []


def test_what_was_measured_of_other_tests_is_kept() -> None:
    """A file of tests that is measured anew loses what it reached before."""
    old = Reach({"x": {1: {"a::1", "b::1"}, 2: {"b::1"}}}, {"a::1": 1, "b::1": 2})
    newer = Reach({"x": {2: {"b::2"}}}, {"b::2": 3})
    both = old.with_files(["b"], newer)
    assert {line: set(of) for line, of in both.lines["x"].items()} == {
        1: {"a::1"},
        2: {"b::2"},
    }
    assert both.seconds == {"a::1": 1, "b::2": 3}


def test_what_was_measured_is_written_and_read(tmp_path: Path) -> None:
    """Nothing of it is lost."""
    reach = Reach(
        {"x": {1: {"a::1"}, 2: {"a::1", "a::2"}}}, {"a::1": 1.5, "a::2": 0.25}
    )
    reach.write(tmp_path / "reach.json")
    assert Reach.read(tmp_path / "reach.json") == reach
