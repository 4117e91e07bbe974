"""What the decision to call counts, fitted: `python tests/benchmarks/decision_fit.py`.

Fitted on every other question of BFCL's `simple_python`, `irrelevance` and `multiple`, where
the right tool of the last one is offered alone. Prints the weights of
`agentkit.backends.tool_fit` for them, and how well a tenth is told that nine tenths were
fitted on. Needs `bfcl-eval` in a folder named by --bfcl, as `bfcl.py` does.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from importlib import import_module
from math import log
from pathlib import Path
from typing import Any

from agentkit import Context
from agentkit.backends import Request
from agentkit.backends.guides import said_in
from agentkit.backends.tool_fit import fit_signals
from agentkit.grammar.schema_reader import SchemaReader
from agentkit.messages import user
from agentkit.understanding import read
from tests.benchmarks.bfcl import NO_CALL, lines, toolset_of

np: Any = import_module("numpy")
# Against weights that only these rows want.
_PENALTY = 3.0
_ROUNDS = 30
_FOLDS = 10
_SUREST = 0.999


def main() -> None:
    """Read the rows, fit and print."""
    parser = argparse.ArgumentParser(description="Fit the decision to call.")
    parser.add_argument("--bfcl", required=True, help="folder of the package bfcl_eval")
    parser.add_argument(
        "--shift", type=float, default=0.0, help="subtracted from the bias"
    )
    options = parser.parse_args()
    rows = list(_rows(Path(options.bfcl) / "bfcl_eval" / "data"))
    names = list(rows[0][0])
    signals = np.array([[one[name] for name in names] for one, _ in rows])
    wanted = np.array([float(called) for _, called in rows])
    held = np.zeros(len(rows))
    order = np.random.default_rng(0).permutation(len(rows))
    for fold in range(_FOLDS):
        out = order[fold::_FOLDS]
        rest = np.setdiff1d(order, out)
        held[out] = _with_one(signals[out]) @ _fitted(signals[rest], wanted[rest])
    yes, no = held[wanted == 1], held[wanted == 0]
    area = float((yes[:, None] > no[None, :]).mean())
    print(f"area under the curve, held out: {area:.3f}")
    for bound in np.arange(-1.0, 2.1, 0.25):
        called, left = (yes > bound).mean(), (no <= bound).mean()
        print(f"{bound:5.2f}: {called:.1%} called, {left:.1%} left alone")
    weights = _fitted(signals, wanted)
    weights[-1] -= options.shift
    for name, weight in zip([*names, "bias"], weights, strict=True):
        print(f'    "{name}": {weight:.3f},')


def _rows(folder: Path) -> Iterator[tuple[Mapping[str, float], bool]]:
    for category in ("simple_python", NO_CALL, "multiple"):
        right = _right(folder, category)
        for row in lines(folder / f"BFCL_v4_{category}.json")[::2]:
            functions = row["function"]
            if row["id"] in right:
                functions = [f for f in functions if f["name"] == right[row["id"]]]
            text = row["question"][0][-1]["content"]
            yield _signals(text, functions), category != NO_CALL


def _right(folder: Path, category: str) -> dict[str, str]:
    if category == NO_CALL:
        return {}
    listed = lines(folder / "possible_answer" / f"BFCL_v4_{category}.json")
    return {one["id"]: next(iter(one["ground_truth"][0])) for one in listed}


def _signals(text: str, functions: list[dict[str, Any]]) -> Mapping[str, float]:
    toolset = toolset_of(functions)
    (tool,) = toolset
    request = Request(conversation=(user(text),), toolset=toolset, context=Context())
    share = sum(choice.probability for choice in read(text, toolset).choices)
    share = min(max(share, 1 - _SUREST), _SUREST)
    fields = SchemaReader(tool.parameters).arguments(tool.parameters)
    odds = log(share / (1 - share))
    return fit_signals(odds, text, tool, fields, said_in(request))


def _fitted(signals: Any, wanted: Any) -> Any:
    """Fit a logistic regression by Newton's method; the bias is the last weight."""
    spread: Any = np.append(signals.std(0) + 1e-9, 1.0)
    rows: Any = _with_one(signals) / spread
    weights: Any = np.zeros(rows.shape[1])
    penalty: Any = np.append(np.full(signals.shape[1], _PENALTY), 1e-6)
    for _ in range(_ROUNDS):
        share: Any = 1 / (1 + np.exp(-rows @ weights))
        slope: Any = rows.T @ (share - wanted) + penalty * weights
        curve: Any = (rows * (share * (1 - share))[:, None]).T @ rows + np.diag(penalty)
        weights -= np.linalg.solve(curve, slope)
    return weights / spread


def _with_one(signals: Any) -> Any:
    return np.c_[signals, np.ones(len(signals))]


if __name__ == "__main__":
    main()
