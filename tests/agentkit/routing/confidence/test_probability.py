"""The guarantee of a threshold: known cases, and how often it holds in draws."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from agentkit.errors import ConfigError
from agentkit.routing.confidence import safe_threshold
from agentkit.routing.confidence.probability import most_failures

DRAWS = 600
ANSWERS = 150
BOUND = 0.1
DOUBT = 0.1


@pytest.mark.parametrize(
    ("trials", "bound", "failures"),
    [
        pytest.param(58, 0.05, -1, id="58 prove nothing"),
        pytest.param(59, 0.05, 0, id="59 without one"),
        pytest.param(93, 0.05, 1, id="one of 93"),
        pytest.param(1000, 0.05, 38, id="of a thousand"),
        pytest.param(0, 0.05, -1, id="none at all"),
    ],
)
def test_how_many_failures_prove_a_bound(
    trials: int, bound: float, failures: int
) -> None:
    """The numbers are those of tables of acceptance sampling, at 95 %."""
    assert most_failures(trials, bound, 0.05) == failures


def test_the_threshold_stops_before_the_bound() -> None:
    """Wrong answers above a score end the search."""
    p = [number / 1000 for number in range(1000)]
    assert 0.9 < safe_threshold(p, [score > 0.9 for score in p], 0.05) < 0.95


def test_nothing_is_safe_when_there_are_few() -> None:
    """Ten answers, all right, prove no bound of one in twenty."""
    assert safe_threshold([0.1] * 10, [False] * 10, 0.05) == 0


def test_equal_scores_stand_or_fall_together() -> None:
    """A threshold cannot part answers of one score."""
    p = [0.1] * 80 + [0.2] * 20
    assert safe_threshold(p, [False] * 80 + [True] * 20, 0.05) == 0.1


@pytest.mark.parametrize(
    ("p", "wrong", "bound"),
    [([0.1], [], 0.05), ([0.1], [True], 0.0), ([0.1], [True], 1.5)],
    ids=["lengths", "no share", "more than all"],
)
def test_what_makes_no_sense(p: list[float], wrong: list[bool], bound: float) -> None:
    """Lists that do not match, and shares that are none, are refused."""
    with pytest.raises(ConfigError):
        safe_threshold(p, wrong, bound)


def naive(p: Sequence[float], wrong: Sequence[bool], bound: float) -> float:
    """Take the highest threshold whose share in the sample is within the bound."""
    found, failures = 0.0, 0
    for score, is_wrong in sorted(zip(p, wrong, strict=True)):
        failures += is_wrong
        if failures / len(p) <= bound:
            found = score
    return found


def broken_in(choose: object, shift: float) -> float:
    """Return in which share of draws the true share of wrong actions is too high.

    A score is drawn evenly from 0 to 1, and its answer is wrong with the chance
    `score + shift`, not below 0. So acting up to t is wrong in (t + shift)^2 / 2.
    """
    broken = 0
    for number in range(DRAWS):
        drawn = random.Random(number)
        p = [drawn.random() for _ in range(ANSWERS)]
        wrong = [drawn.random() < max(0.0, score + shift) for score in p]
        if choose is naive:
            limit = naive(p, wrong, BOUND)
        else:
            limit = safe_threshold(p, wrong, BOUND, doubt=DOUBT)
        broken += max(0.0, limit + shift) ** 2 / 2 > BOUND
    return broken / DRAWS


@pytest.mark.parametrize("shift", [0.0, -0.2], ids=["calibrated", "too wary"])
def test_the_guarantee_holds(shift: float) -> None:
    """In draws with a known truth the bound is broken no more often than allowed."""
    # Three standard errors of a share of 600 draws.
    assert broken_in(safe_threshold, shift) <= DOUBT + 3 * (0.1 * 0.9 / DRAWS) ** 0.5


def test_the_draws_tell_a_threshold_without_a_guarantee() -> None:
    """Going by the share in the sample breaks the bound in about half of the draws."""
    assert broken_in(naive, 0.0) > 0.4
