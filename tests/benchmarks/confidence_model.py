"""Fits the confidence model: a regression and small trees, calibrated across folds.

Needs scikit-learn and numpy, which agentkit itself does not.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from agentkit.confidence import Model, read_model
from agentkit.confidence.model import log_odds

SEED = 0
FOLDS = 5
TREES = 100
VOICE = 0.65
BOUNDS = (0.02, 0.05, 0.1)
DOUBT = 0.05
_START: dict[str, Any] = {"slope": 1.0, "shift": 0.0, "thresholds": {}}


@dataclass(frozen=True, slots=True)
class Row:
    """One answer of one model: its signals, and whether it was wrong.

    Attributes:
        question: category and number; answers to one question stay in one fold.
        weight: what it counts in training.
    """

    model: str
    question: str
    values: Mapping[str, float]
    wrong: bool
    weight: float = 1.0

    @property
    def fold(self) -> int:
        """The fold of its question."""
        return int(hashlib.sha256(self.question.encode()).hexdigest(), 16) % FOLDS


def fit(rows: Sequence[Row]) -> dict[str, Any]:
    """Fit, calibrate and set thresholds, all on these rows."""
    facts = fit_raw(rows)
    scored = [row for row in rows if row.weight == 1]
    raw = cross_predict(rows, scored, fit_raw)
    facts["slope"], facts["shift"] = calibrate(raw, scored)
    calibrated = read_model(facts)
    p = [calibrated_from(calibrated, score) for score in raw]
    wrong = [row.wrong for row in scored]
    facts["thresholds"] = {
        str(bound): round(safe_threshold(p, wrong, bound), 4) for bound in BOUNDS
    }
    return facts


def fit_raw(rows: Sequence[Row]) -> dict[str, Any]:
    """Fit the regression and the trees."""
    names = sorted(rows[0].values)
    x = [[row.values[name] for name in names] for row in rows]
    y = [int(row.wrong) for row in rows]
    weight = [row.weight for row in rows]
    scaler = import_module("sklearn.preprocessing").StandardScaler()
    scaled = scaler.fit_transform(x, sample_weight=weight)
    regression = import_module("sklearn.linear_model").LogisticRegression(
        C=0.02, max_iter=2000
    )
    regression.fit(scaled, y, sample_weight=weight)
    forest = import_module("sklearn.ensemble").ExtraTreesClassifier(
        TREES, max_depth=10, min_samples_leaf=3, max_features=0.5, random_state=SEED
    )
    forest.fit(x, y, sample_weight=weight)
    return {
        "names": names,
        "means": _rounded(scaler.mean_),
        "scales": _rounded(scaler.scale_),
        "weights": _rounded(regression.coef_[0]),
        "bias": round(float(regression.intercept_[0]), 5),
        "voice": VOICE,
        "trees": [_tree(one.tree_) for one in forest.estimators_],
        **_START,
    }


def _rounded(numbers: Any) -> list[float]:
    return [round(float(number), 5) for number in numbers]


def _tree(tree: Any, node: int = 0) -> Any:
    below, above = int(tree.children_left[node]), int(tree.children_right[node])
    if below < 0:
        right, wrong = tree.value[node][0]
        return round(float(wrong / (right + wrong)), 3)
    border = round(float(tree.threshold[node]), 4)
    return [
        int(tree.feature[node]), border, _tree(tree, below), _tree(tree, above)
    ]  # fmt: skip


def cross_predict(
    rows: Sequence[Row],
    wanted: Sequence[Row],
    fitted: Callable[[Sequence[Row]], dict[str, Any]] = fit,
) -> list[float]:
    """Predict each wanted row by a model that saw no answer to its question."""
    models: dict[int, Model] = {}
    for fold in sorted({row.fold for row in wanted}):
        models[fold] = read_model(fitted([row for row in rows if row.fold != fold]))
    return [models[row.fold].predict(row.values) for row in wanted]


def calibrate(raw: Sequence[float], rows: Sequence[Row]) -> tuple[float, float]:
    """Fit slope and shift over the log-odds (Platt)."""
    platt = import_module("sklearn.linear_model").LogisticRegression(C=1e6)
    platt.fit([[log_odds(score)] for score in raw], [int(row.wrong) for row in rows])
    return round(float(platt.coef_[0][0]), 5), round(float(platt.intercept_[0]), 5)


def calibrated_from(model: Model, raw: float) -> float:
    """Calibrate one raw score."""
    return 1 / (1 + math.exp(-(model.slope * log_odds(raw) + model.shift)))


def safe_threshold(
    p: Sequence[float], wrong: Sequence[bool], bound: float, doubt: float = DOUBT
) -> float:
    """Return the highest `p_wrong` to act on (learn then test).

    Thresholds are tried from the strictest on, and each must pass: the upper
    Clopper-Pearson limit on the share of all requests that are acted on and wrong is
    not above the bound. The first that fails ends it, so that the chance of a
    threshold whose true share is above the bound is at most the doubt.
    """
    found, failures = 0.0, 0
    order = sorted(zip(p, wrong, strict=True))
    for number, (score, is_wrong) in enumerate(order, 1):
        failures += is_wrong
        if number < len(order) and order[number][0] == score:
            continue
        if upper_limit(failures, len(order), doubt) > bound:
            break
        found = score
    return found


def upper_limit(failures: int, trials: int, doubt: float) -> float:
    """Return the upper Clopper-Pearson limit of a share, one-sided."""
    if failures >= trials:
        return 1.0
    low, high = failures / trials, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        if _at_most(failures, trials, middle) > doubt:
            low = middle
        else:
            high = middle
    return high


def _at_most(failures: int, trials: int, share: float) -> float:
    """Return the chance of so few failures, each with the chance of the share."""
    if share <= 0 or share >= 1:
        return float(share <= 0)
    logs = [
        math.lgamma(trials + 1)
        - math.lgamma(k + 1)
        - math.lgamma(trials - k + 1)
        + k * math.log(share)
        + (trials - k) * math.log1p(-share)
        for k in range(failures + 1)
    ]
    top = max(logs)
    return math.exp(top) * sum(math.exp(log - top) for log in logs)
