from __future__ import annotations

import math
from collections import Counter
from importlib import import_module
from typing import Any

import pytest

from agentkit.backends.chooser import Chooser

pytest.importorskip("numpy", reason="numpy is not installed")


def row(*weights: float) -> Any:
    """Logits whose softmax is the given probabilities."""
    numpy: Any = import_module("numpy")
    return numpy.log(numpy.array(weights, numpy.float32))


class Barring:
    """Bars the first token."""

    def apply(self, logits: Any) -> None:
        logits[0] = -math.inf


def test_greedy_takes_the_likeliest() -> None:
    """Its logarithm is of its probability."""
    chosen = Chooser().choose(row(0.2, 0.5, 0.3))
    assert (chosen.token, round(math.exp(chosen.logprob), 3)) == (1, 0.5)


def test_barred_tokens_have_no_share() -> None:
    """Probability is counted among the allowed tokens."""
    chosen = Chooser().choose(row(0.5, 0.3, 0.2), Barring())
    assert (chosen.token, round(math.exp(chosen.logprob), 3)) == (1, 0.6)


def test_only_allowed_token_is_certain() -> None:
    """A token without an alternative has the logarithm of one."""
    assert Chooser(1.0, seed=1).choose(row(0.9, 0.1), Barring()).logprob == 0.0


@pytest.mark.parametrize(
    ("temperature", "top_p", "shares"),
    [
        pytest.param(1.0, 1.0, (0.5, 0.3, 0.2), id="as they are"),
        pytest.param(0.5, 1.0, (0.66, 0.24, 0.1), id="colder"),
        pytest.param(1.0, 0.7, (0.625, 0.375, 0.0), id="the likeliest of them"),
        pytest.param(1.0, 0.01, (1.0, 0.0, 0.0), id="one at least"),
    ],
)
def test_chance(
    temperature: float, top_p: float, shares: tuple[float, float, float]
) -> None:
    """Tokens come as often as they are likely."""
    chooser = Chooser(temperature, top_p, seed=7)
    drawn = Counter(chooser.choose(row(0.5, 0.3, 0.2)).token for _ in range(4000))
    for token, share in enumerate(shares):
        assert drawn[token] / 4000 == pytest.approx(share, abs=0.03)


def test_equal_seeds_choose_alike() -> None:
    """A token that was certain draws its number as well."""
    one, other = Chooser(1.0, seed=3), Chooser(1.0, seed=3)
    one.certain(5)
    other.choose(row(0.5, 0.5), Barring())
    drawn = [
        [chooser.choose(row(0.25, 0.25, 0.25, 0.25)).token for _ in range(20)]
        for chooser in (one, other)
    ]
    assert drawn[0] == drawn[1]
