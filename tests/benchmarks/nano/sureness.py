"""Fits how sure nano has to be of a call, on requests that it was not trained on.

    python -m tests.benchmarks.nano.sureness ADAPTER.gguf

Logistic regression of "the whole call is right" on the log-odds that a tool is asked for,
as the understanding reads them, and on the logarithm of the answer's probability. Prints
the weights of `agentkit.backends.learnt_calls`, and what each bound lets through, each
half of the rows by the weights of the other.
"""

from __future__ import annotations

import argparse
import asyncio
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from agentkit.backends.answers import Pieces
from agentkit.backends.base import Request
from agentkit.backends.learnt_calls import evidence
from agentkit.backends.nano import NanoBackend
from agentkit.messages import ToolCall
from tests.benchmarks.nano.measure import Trial, held_out, tried
from tests.benchmarks.nano.rows import NONE
from tests.benchmarks.nano.train import weights_file
from tests.benchmarks.nano.written_rows import KEPT, written

BOUNDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
SHRUNK = 0.01


class Telling(NanoBackend):
    """Nano that makes each call it writes, and keeps what spoke for the last one."""

    found: tuple[float, float] = (0.0, 0.0)

    def is_sure(
        self, calls: tuple[ToolCall, ...], request: Request, pieces: Pieces
    ) -> bool:
        """Keep the evidence, and be sure."""
        self.found = evidence(request, pieces)
        return True


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of a row, and what spoke for it; nothing where no call was written."""

    trial: Trial
    evidence: tuple[float, float] | None

    @property
    def right(self) -> bool:
        """Whether the whole call is right."""
        return self.trial.whole and self.trial.row.answer != NONE


def fitted(rows: list[Judged]) -> NDArray[np.float64]:
    """Return bias and weights, by Newton's method."""
    x = np.array([(1.0, *one.evidence) for one in rows if one.evidence])
    y = np.array([one.right for one in rows if one.evidence], float)
    weights = np.zeros(x.shape[1])
    shrink = SHRUNK * np.diag([0.0, 1.0, 1.0])
    for _ in range(100):
        p = 1 / (1 + np.exp(-x @ weights))
        slope = x.T @ (p - y) / len(y) + shrink @ weights
        bend = (x * (p * (1 - p))[:, None]).T @ x / len(y) + shrink
        weights -= np.linalg.solve(bend, slope)
    return weights


def passed(rows: list[Judged], bound: float) -> set[int]:
    """Return the places of calls that pass, each half by the other's weights."""
    halves = [crc32(one.trial.row.text.encode()) % 2 for one in rows]
    found: set[int] = set()
    for half in (0, 1):
        others = [o for o, h in zip(rows, halves, strict=True) if h != half]
        weights = fitted(others)
        for place, (one, at) in enumerate(zip(rows, halves, strict=True)):
            if at == half and one.evidence:
                odds = float(np.array((1.0, *one.evidence)) @ weights)
                if 1 / (1 + np.exp(-odds)) >= bound:
                    found.add(place)
    return found


def line(rows: list[Judged], bound: float) -> str:
    """Return a line of the table."""
    made = passed(rows, bound)
    asked = [n for n, one in enumerate(rows) if one.trial.row.answer != NONE]
    idle = [n for n, one in enumerate(rows) if one.trial.row.answer == NONE]
    shares = [
        sum(n in made and rows[n].trial.named for n in asked) / len(asked),
        sum(n in made and rows[n].trial.whole for n in asked) / len(asked),
        sum(n not in made for n in idle) / len(idle),
        sum(n in made and rows[n].trial.wronged for n in range(len(rows))) / len(rows),
    ]
    return (
        f"| {bound:.1f} | " + " | ".join(f"{100 * one:5.1f}" for one in shares) + " |"
    )


def main() -> None:
    """Ask, fit and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("adapter", type=Path)
    options = parser.parse_args()
    backend = Telling(weights_file(), options.adapter)
    judged: list[Judged] = []
    for row in [*written(KEPT), *held_out(240)]:
        backend.found = (0.0, 0.0)
        (trial,) = asyncio.run(tried(backend, [row]))
        judged.append(Judged(trial, backend.found if backend.found[1] else None))
    print("bias, odds asked, log of the answer's probability:", fitted(judged).round(2))
    print("| bound | name | whole call | left alone | wrong acts |")
    for bound in BOUNDS:
        print(line(judged, bound))


if __name__ == "__main__":
    main()
