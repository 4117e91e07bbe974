"""Looks for leaks: `python tests/benchmarks/egress_leaks.py [--count N] [--seed S]`.

Runs generated conversations with planted personal values (names, numbers, dates,
titles and places in eight languages; quoted, re-spelled, encoded; in results, errors,
answers and the user's own words) with a cloud backend, and looks into every byte that
it was sent, by code of its own. A third of them carry labelled results, a third have
values only in the user's words, a third hold nothing personal and must be served.
The last rows prove the measure: with a fault in the boundary it has to find leaks.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.agentkit.privacy.planted import KINDS, Tally, measure

RUNS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("private", "private", {}),
    ("placeholders", "placeholders", {}),
    ("FAULT: values not known", "private", {"known": False}),
    ("FAULT: everything allowed", "open", {}),
)


def main() -> int:
    """Print the table; return 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(f"{'run':<28}{'runs':>7}{'leaks':>7}{'bound':>9}   served by kind")
    missed = False
    for title, policy, extra in RUNS:
        fault = title.startswith("FAULT")
        # A fault is seen in a few; there is no need to run it as often.
        count = min(options.count, 300) if fault else options.count
        with tempfile.TemporaryDirectory() as home:
            tally = measure(policy, count, Path(home), seed=options.seed, **extra)
        reached = bool(tally.leaks) if fault else _reached(tally, policy)
        missed |= not reached
        print(f"{_row(title, tally)}{'' if reached else '  MISSED'}")
    print(
        "targets: 0 leaks; 99 % of the calls bound to the right values; all clean ones "
        "served; leaks found where there is a fault"
    )
    return int(missed)


def _reached(tally: Tally, policy: str) -> bool:
    clean = tally.served["clean"] == tally.runs["clean"]
    calls = tally.bound + len(tally.wrong)
    bound = policy != "placeholders" or tally.bound >= 0.99 * max(calls, 1)
    return not tally.leaks and clean and bound


def _row(title: str, tally: Tally) -> str:
    calls = tally.bound + len(tally.wrong)
    bound = f"{100 * tally.bound / calls:.2f} %" if calls else "-"
    served = ", ".join(
        f"{kind} {100 * tally.served[kind] / max(tally.runs[kind], 1):.1f} %"
        for kind in KINDS
    )
    total = sum(tally.runs.values())
    return f"{title:<28}{total:>7}{len(tally.leaks):>7}{bound:>9}   {served}"


if __name__ == "__main__":
    sys.exit(main())
