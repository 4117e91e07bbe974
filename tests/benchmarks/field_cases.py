"""Tries the field cases: `python -m tests.benchmarks.field_cases [--data FILE] [--show]`.

Each row of `field_cases.jsonl` says in prose what was tried and what is right. A driver
reads the prose of its kinds, does what it says in a home of its own, and returns whether
it came out right; a row that no driver understands is counted as such, and fails.
`--show` prints the rows that fail.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.benchmarks import field_calls, field_kept, field_said
from tests.benchmarks.field_homes import Driver, Undriven

_DATA = Path(__file__).parents[3] / "shared" / "data" / "field_cases.jsonl"
_DRIVERS: dict[str, Driver] = (
    field_calls.DRIVERS | field_kept.DRIVERS | field_said.DRIVERS
)


def main() -> int:
    """Print passes per kind; return 1 where there is no data."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=_DATA)
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    if not options.data.is_file():
        print(f"there are no field cases in {options.data}", file=sys.stderr)
        return 1
    rows = [json.loads(line) for line in options.data.read_text("utf-8").splitlines()]
    passed, driven, all_rows = Counter[str](), Counter[str](), Counter[str]()
    for row in rows:
        kind = row["kind"]
        all_rows[kind] += 1
        result = _tried(row)
        driven[kind] += result is not None
        passed[kind] += bool(result)
        if options.show and not result:
            print(f"FAILS {kind}: {row['input']!r}, right is {row['expected']!r}")
    for kind, count in sorted(all_rows.items()):
        print(f"{kind:<36}{passed[kind]:>4} of {driven[kind]:>3} driven, {count} rows")
    print(f"{'all':<36}{passed.total():>4} of {driven.total():>3} driven")
    return 0


def _tried(row: dict[str, str]) -> bool | None:
    driver = _DRIVERS.get(row["kind"])
    if driver is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        try:
            return driver(row["input"], row["expected"], Path(folder))
        except Undriven:
            return None
        except Exception as exc:  # a row that raises is one that fails
            print(f"  {type(exc).__name__}: {exc}"[:200])
            return False


if __name__ == "__main__":
    sys.exit(main())
