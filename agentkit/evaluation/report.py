"""Reports of a suite: shares by class with their intervals, costs, comparisons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import comb, sqrt
from typing import Any

from agentkit.evaluation.verdicts import CaseVerdict

# Of a normal distribution, 95 % lie within so many deviations.
_Z = 1.959964


def wilson(right: int, count: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson's, which holds for few rows too)."""
    # Nothing was tried, so any share is possible.
    if not count:
        return 0.0, 1.0
    share, square = right / count, _Z * _Z
    middle = (share + square / (2 * count)) / (1 + square / count)
    half = (
        _Z
        * sqrt(share * (1 - share) / count + square / (4 * count * count))
        / (1 + square / count)
    )
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class Score:
    """The number of right cases among some.

    Attributes:
        right: how many.
        count: of how many.
    """

    right: int
    count: int

    @property
    def share(self) -> float:
        """Share of right cases."""
        return self.right / self.count if self.count else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the share."""
        return wilson(self.right, self.count)

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-like data."""
        low, high = self.interval
        return {
            "right": self.right,
            "count": self.count,
            "share": round(self.share, 4),
            "low": round(low, 4),
            "high": round(high, 4),
        }

    def __str__(self) -> str:
        """Say it in one line."""
        low, high = self.interval
        return (
            f"{self.right} of {self.count} ({self.share:.0%}, {low:.0%} to {high:.0%})"
        )


@dataclass(frozen=True, slots=True)
class SuiteReport:
    """The verdicts of one backend.

    Attributes:
        backend: its name, as after `--backend`.
        verdicts: of all cases, in order.
    """

    backend: str
    verdicts: tuple[CaseVerdict, ...]

    @property
    def total(self) -> Score:
        """The score of all cases."""
        return _score(self.verdicts)

    @property
    def classes(self) -> Mapping[str, Score]:
        """The score of each class, in the order of the suite."""
        names = dict.fromkeys(one.case.kind for one in self.verdicts)
        return {
            name: _score(one for one in self.verdicts if one.case.kind == name)
            for name in names
        }

    def mean(self, field: str) -> float:
        """Return the mean of `tokens_in`, `seconds` and the like."""
        values = [float(getattr(one, field)) for one in self.verdicts]
        return sum(values) / len(values) if values else 0.0

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-like data."""
        return {
            "backend": self.backend,
            "total": self.total.as_dict(),
            "classes": {name: one.as_dict() for name, one in self.classes.items()},
            "tokens_in": round(self.mean("tokens_in"), 1),
            "tokens_out": round(self.mean("tokens_out"), 1),
            "seconds": round(self.mean("seconds"), 3),
            "cost": sum(one.cost for one in self.verdicts),
            "bytes_out": sum(one.bytes_out for one in self.verdicts),
            "cases": [
                {
                    "id": one.case.id,
                    "right": one.right,
                    "why": one.why,
                    "calls": [call.as_dict() for call in one.calls],
                    "text": one.text,
                }
                for one in self.verdicts
            ],
        }


def _score(verdicts: Iterable[CaseVerdict]) -> Score:
    listed = list(verdicts)
    return Score(sum(one.right for one in listed), len(listed))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs over the same cases.

    Attributes:
        won: ids that only the second has right.
        lost: ids that only the first has right.
    """

    won: tuple[str, ...]
    lost: tuple[str, ...]

    @property
    def chance(self) -> float:
        """The chance of so uneven a result if both were equal (two-sided sign test)."""
        count, few = len(self.won) + len(self.lost), min(len(self.won), len(self.lost))
        if not count:
            return 1.0
        # Were both equally good, each case that differs would be a toss of a coin.
        tail: float = sum(comb(count, k) for k in range(few + 1)) / 2**count
        return min(1.0, 2 * tail)


def compare(
    first: Sequence[tuple[str, bool]], second: Sequence[tuple[str, bool]]
) -> Comparison:
    """Compare two runs by the ids of their cases; others do not count.

    Args:
        first: id and whether it is right, of the run that is compared with.
        second: the same of the other one.
    """
    before, after = dict(first), dict(second)
    both = [name for name in before if name in after]
    return Comparison(
        tuple(n for n in both if after[n] and not before[n]),
        tuple(n for n in both if before[n] and not after[n]),
    )
