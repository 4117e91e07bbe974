"""The trained model, and a threshold with a guarantee for finite samples.

A logistic regression and a set of small trees, whose mean is calibrated. The numbers
are in `weights.json`; `python -m tests.benchmarks.confidence --train` writes them.

From judged answers to questions that were drawn alike and apart from each other, the
highest threshold is taken that a binomial test cannot doubt. Not covered: requests of
another kind than those that were judged.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, TypeAlias, cast

from agentkit.errors import ConfigError


@dataclass(frozen=True, slots=True)
class TreeFork:
    """A tree's question: is the signal of this number above the border?"""

    number: int
    border: float
    below: Tree
    above: Tree


Tree: TypeAlias = float | TreeFork


@dataclass(frozen=True, slots=True)
class Model:
    """The numbers of a trained model.

    Attributes:
        names: the signals, in the order of the numbers.
        means: what each signal is in the mean.
        scales: its standard deviation.
        weights: what each counts in the regression.
        bias: the regression's constant.
        trees: each gives a probability.
        voice: what the trees count beside the regression, 0 to 1.
        slope: of the calibration, over the log-odds.
        shift: of the calibration.
        thresholds: for a bound on wrong actions, the highest `p_wrong` to act on.
    """

    names: tuple[str, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float
    trees: tuple[Tree, ...]
    voice: float
    slope: float
    shift: float
    thresholds: Mapping[str, float]

    def predict(self, values: Mapping[str, float]) -> float:
        """Return the probability that the answer is wrong."""
        row = [values[name] for name in self.names]
        linear = sigmoid(self.bias + sum(self._parts(row)))
        voted = sum(_walk(tree, row) for tree in self.trees) / len(self.trees)
        # 35 to 65 in the packaged model, weighed across folds
        # (docs/explanation/confidence.md).
        raw = (1 - self.voice) * linear + self.voice * voted
        return sigmoid(self.slope * log_odds(raw) + self.shift)

    def contributions(self, values: Mapping[str, float]) -> dict[str, float]:
        """Return what each signal adds to the regression's log-odds."""
        row = [values[name] for name in self.names]
        return dict(zip(self.names, self._parts(row), strict=True))

    def _parts(self, row: Sequence[float]) -> list[float]:
        columns = zip(row, self.means, self.scales, self.weights, strict=True)
        return [(x - mean) / scale * weight for x, mean, scale, weight in columns]


def sigmoid(x: float) -> float:
    """Turn log-odds into a probability."""
    # Beyond 30 the probability is 1 to thirteen digits, and `exp` would overflow at
    # 710.
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, x))))


def log_odds(p: float) -> float:
    """Turn a probability into log-odds, not beyond one in a million."""
    p = min(1 - 1e-6, max(1e-6, p))
    return math.log(p / (1 - p))


def _walk(tree: Tree, row: Sequence[float]) -> float:
    while isinstance(tree, TreeFork):
        tree = tree.below if row[tree.number] <= tree.border else tree.above
    return tree


def read_model(facts: Mapping[str, Any]) -> Model:
    """Make a model of what `weights.json` holds."""
    return Model(
        names=tuple(facts["names"]),
        means=tuple(facts["means"]),
        scales=tuple(facts["scales"]),
        weights=tuple(facts["weights"]),
        bias=facts["bias"],
        trees=tuple(_read_tree(tree) for tree in facts["trees"]),
        voice=facts["voice"],
        slope=facts["slope"],
        shift=facts["shift"],
        thresholds=facts["thresholds"],
    )


def _read_tree(tree: Any) -> Tree:
    if isinstance(tree, list):
        number, border, below, above = cast(Sequence[Any], tree)
        return TreeFork(
            int(number), float(border), _read_tree(below), _read_tree(above)
        )
    return float(tree)


@cache
def packaged_model() -> Model:
    """Return the model that comes with agentkit."""
    file = resources.files("agentkit.routing.confidence") / "weights.json"
    return read_model(json.loads(file.read_text("utf-8")))


def safe_threshold(
    p_wrong: Sequence[float],
    wrong: Sequence[bool],
    bound: float,
    *,
    doubt: float = 0.05,
) -> float:
    """Return the highest `p_wrong` to act on, for a bound on wrong actions.

    With a probability of at least `1 - doubt` over the drawing of the answers, the
    true share of requests that are acted on wrongly is at most the bound. A higher
    threshold acts on more, so that wrong actions can only grow with it: whoever takes
    the highest that passes errs only if the first that is truly too high passes, and
    that has the chance `doubt` at most (Clopper and Pearson; learn then test).

    Args:
        p_wrong: what was predicted for each answer.
        wrong: whether it was wrong; one answer for each question.
        bound: the share of all requests that may be acted on wrongly.
        doubt: how often the bound may fail to hold.

    Returns:
        The threshold; 0 when there are too few answers to promise anything.

    Raises:
        ConfigError: the lists differ in length, or a share is not between 0 and 1.
    """
    if len(p_wrong) != len(wrong):
        raise ConfigError(f"{len(p_wrong)} predictions for {len(wrong)} answers")
    if not (0 < bound < 1 and 0 < doubt < 1):
        raise ConfigError("bound and doubt must be between 0 and 1")
    # Of all requests, not of those acted on: not acting is not wrong.
    allowed = most_failures(len(wrong), bound, doubt)
    found, failures = 0.0, 0
    order = sorted(zip(p_wrong, wrong, strict=True))
    for number, (score, is_wrong) in enumerate(order, 1):
        failures += is_wrong
        if failures > allowed:
            break
        # Equal predictions are acted on together, so a threshold lies only between
        # unequal ones.
        if number == len(order) or order[number][0] > score:
            found = score
    return found


def most_failures(trials: int, bound: float, doubt: float) -> int:
    """Return how many failures still prove that their true share is below a bound.

    Args:
        trials: how many were tried.
        bound: the share that is to be excluded, and all above it.
        doubt: how often so few may be seen all the same.

    Returns:
        The number; -1 when not even none would prove it.
    """
    chance = 0.0
    for failures in range(trials + 1):
        # The binomial tail up to `failures`, which is Clopper and Pearson's upper limit
        # read backwards.
        chance += _exactly(failures, trials, bound)
        if chance > doubt:
            return failures - 1
    return trials


def _exactly(failures: int, trials: int, share: float) -> float:
    """Return the chance of so many failures."""
    # Through logarithms: the number of ways has hundreds of digits.
    ways = (
        math.lgamma(trials + 1)
        - math.lgamma(failures + 1)
        - math.lgamma(trials - failures + 1)
    )
    rest = (trials - failures) * math.log1p(-share)
    return math.exp(ways + failures * math.log(share) + rest)
