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

from agentkit.routing.confidence import Model, read_model, safe_threshold
from agentkit.routing.confidence.probability import log_odds

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
    facts["thresholds"] = {
        str(bound): _safe_for_each(calibrated, raw, scored, bound) for bound in BOUNDS
    }
    return facts


def _safe_for_each(
    model: Model, raw: Sequence[float], rows: Sequence[Row], bound: float
) -> float:
    """Return the strictest threshold that any of the answering models needs.

    Answers of two models to one question are not apart from each other; the test
    wants answers that are. So each model's answers are tested by themselves.
    """
    found: list[float] = []
    for name in sorted({row.model for row in rows}):
        own = [(s, row) for s, row in zip(raw, rows, strict=True) if row.model == name]
        p = [calibrated_from(model, score) for score, _ in own]
        wrong = [row.wrong for _, row in own]
        found.append(safe_threshold(p, wrong, bound, doubt=DOUBT))
    return math.floor(min(found) * 10_000) / 10_000


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
