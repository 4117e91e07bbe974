"""How dates are read in twenty languages beyond our eight.

    python tests/benchmarks/further_dates.py [--misses]

For each language of tests/agentkit/slots/further_dates.toml: how many of its dates are
read right where the user's locale is of the language, where it is English, and by
dateparser alone; and how many are read wrong rather than refused. The table was written
with the words, so the shares say what is covered, not how well it generalises.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from pathlib import Path

import dateparser  # type: ignore[import-untyped]

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.agentkit.slots.test_further_languages import NOW, TABLE, is_meant, read


def alone(text: str, code: str) -> str:
    """What dateparser says where it is told the language."""
    settings = {
        "RELATIVE_BASE": NOW.replace(tzinfo=None),
        "PREFER_DATES_FROM": "future",
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        answer = dateparser.parse(text, languages=[code], settings=settings)
    return answer.isoformat() if answer else ""


def main() -> None:
    """Print a line for each language, and one for all."""
    parser = argparse.ArgumentParser(description="Dates in further languages.")
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args()
    print(
        "language  dates  right  as English  wrong  dateparser alone  of those unseen"
    )
    total = [0] * 5
    for code, said in TABLE["said"].items():
        rows = list(zip(said, TABLE["values"], strict=True))
        mine = [read(text, code) for text, _ in rows]
        good = [is_meant(when, rows[place][1]) for place, when in enumerate(mine)]
        wrong = sum(bool(when) and not ok for when, ok in zip(mine, good, strict=True))
        english = sum(is_meant(read(text, "en"), value) for text, value in rows)
        theirs = sum(alone(text, code).startswith(value) for text, value in rows)
        row = [len(rows), sum(good), english, wrong, theirs]
        total = [one + more for one, more in zip(total, row, strict=True)]
        print(_line(code, row))
        for (text, value), ok in zip(rows, good, strict=True):
            if options.misses and not ok:
                print(f"    {text!r} is {value}, read as {read(text, code)}")
    print(_line("all", total))


def _line(name: str, row: list[int]) -> str:
    return "{:8} {:6} {:6} {:11} {:6} {:17}".format(name, *row)


if __name__ == "__main__":
    main()
