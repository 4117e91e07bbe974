"""Turn each weight of the rules down and up, and see what it trades.

    python -m tests.benchmarks.reflex_weights [NAME ...] [--every N]

The requests are those of `utterances` that may be looked at: one in N of those that a
tool serves, and as many that none does. A weight at which little changes is no finding:
it may decide where numpy, and with it the trained understanding, is not there.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

from agentkit.backends.reflex import (
    alignment,
    arbiter,
    clauses,
    drafts,
    matcher,
    turn,
)
from agentkit.discovery import installed_tools
from agentkit.tools import Toolset
from tests.benchmarks.utterances import DEFAULT, LABELS, Verdict, judge, kept_back

# Module, name, and the values below and above its own that are tried.
WEIGHTS = (
    (matcher, "SURE", (0.46, 0.66)),
    (matcher, "LOOSE_SURE", (0.6, 0.9)),
    (matcher, "_HOPELESS", (0.0, 0.6)),
    (matcher, "_NO_VERB", (0.6, 1.0)),
    (matcher, "_NO_VALUE", (0.7, 1.0)),
    (matcher, "_NO_ANCHOR", (0.25, 1.0)),
    (matcher, "_LOOSE", (0.75, 1.0)),
    (matcher, "_LIKELY", (0.0, 0.2)),
    (matcher, "_NEGATED", (0.2, 1.0)),
    (alignment, "_ODD_BEGINNING", (0.0, 1.5)),
    (alignment, "_ODD_TIME", (0.0, 1.0)),
    (alignment, "_SAME_ACT", (0.5, 1.0)),
    (arbiter, "_OTHER_TOOL", (0.7, 1.1)),
    (arbiter, "_NO_TOOL", (0.7, 1.1)),
    (arbiter, "_WHOLE", (0.7, 1.1)),
    (arbiter, "_ALIKE", (0.5, 1.1)),
    (arbiter, "_TRY", (0.3, 0.8)),
    (arbiter, "_AHEAD", (1.0, 4.0)),
    (turn, "_VOUCHED", (0.02, 0.3)),
    (drafts, "_NEAR", (0.0, 0.6)),
    (clauses, "_MOST", (4, 24)),
)


class Outcomes(NamedTuple):
    """What became of the requests: right, another tool, left; called for nothing."""

    right: int
    wrong: int
    left: int
    foreign: int

    def over(self, other: Outcomes) -> str:
        """Write the differences to another run."""
        pairs = zip(self._fields, self, other, strict=True)
        return "  ".join(f"{name} {now - before:+4d}" for name, now, before in pairs)


def sample(every: int) -> Iterator[list[dict[str, Any]]]:
    """Yield for each corpus some requests that tools serve, and as many others."""
    for file in DEFAULT:
        read = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        rows = [row for row in read if not kept_back(row["text"])]
        ours = [row for row in rows if row["tool"] in LABELS][::every]
        foreign = [row for row in rows if row["tool"] == "none"]
        yield ours + foreign[:: max(1, len(foreign) // len(ours))][: len(ours)]


def outcomes(rows: list[list[dict[str, Any]]], toolset: Toolset) -> Outcomes:
    """Ask for every request, and count."""
    found: list[Verdict] = []
    for part in rows:
        found += judge("", part, toolset)
    ours = [one for one in found if one.label in LABELS]
    right = sum(one.exact for one in ours)
    left = sum(not one.chosen for one in ours)
    foreign = sum(bool(one.chosen) for one in found if one.label == "none")
    return Outcomes(right, len(ours) - right - left, left, foreign)


def main() -> None:
    """Print a row for each weight and value."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="weights; all when none is named")
    parser.add_argument("--every", type=int, default=4)
    given = parser.parse_args()
    toolset, rows = installed_tools(), list(sample(given.every))
    base = outcomes(rows, toolset)
    print(f"{sum(map(len, rows))} requests: {base._asdict()}")
    for module, name, values in WEIGHTS:
        if given.names and name not in given.names:
            continue
        own = getattr(module, name)
        for value in values:
            setattr(module, name, value)
            start = time.process_time()
            try:
                found = outcomes(rows, toolset)
            finally:
                setattr(module, name, own)
            spent = time.process_time() - start
            print(f"{name:15} {own} -> {value}:  {found.over(base)}  {spent:.1f} s")


if __name__ == "__main__":
    main()
