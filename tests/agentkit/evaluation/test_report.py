"""Shares, their intervals, and two runs compared."""

from __future__ import annotations

import pytest

from agentkit.evaluation.report import Score, compare, wilson


@pytest.mark.parametrize(
    ("right", "count", "low", "high"),
    [
        (0, 10, 0.0, 0.278),
        (5, 10, 0.237, 0.763),
        (10, 10, 0.722, 1.0),
        (0, 0, 0.0, 1.0),
    ],
)
def test_intervals_are_wilsons(right: int, count: int, low: float, high: float) -> None:
    """As published tables have them, at 95 %."""
    assert wilson(right, count) == pytest.approx((low, high), abs=0.001)


def test_a_score_says_its_interval() -> None:
    """In one line, and as data."""
    score = Score(8, 10)
    assert str(score) == "8 of 10 (80%, 49% to 94%)"
    assert score.as_dict()["low"] == pytest.approx(0.4902, abs=0.0001)


def test_two_runs_are_compared_case_by_case() -> None:
    """What one has right and the other not; cases of one run only do not count."""
    first = [("a", True), ("b", True), ("c", False), ("x", True)]
    second = [("a", True), ("b", False), ("c", True), ("y", True)]
    found = compare(first, second)
    assert (found.won, found.lost, found.chance) == (("c",), ("b",), 1.0)


def test_an_even_result_is_chance_and_an_uneven_one_hardly() -> None:
    """The sign test: eight of eight come by chance once in 128 runs."""
    ids = [f"{n}" for n in range(8)]
    found = compare([(n, False) for n in ids], [(n, True) for n in ids])
    assert found.chance == pytest.approx(2 / 256)
