"""Count how many published recurrence cases the calendar expands as expected.

    python tests/benchmarks/recurrences.py [FILE] [--misses]

FILE is a JSON list of cases: RRULE, DTSTART and the expected INSTANCES. Each case becomes an event of a calendar file and is read
as the tools read it. Where `dateutil` disagrees with the expectation, libraries
dispute what the rule means: such a case is counted apart.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from dateutil.rrule import rrulestr  # type: ignore[import-untyped]

from agentkit_tools._store.ics import HEAD, TAIL, read_ics
from agentkit_tools._store.occurrences import Timeline

DEFAULT = Path(__file__).parents[3] / "shared" / "data" / "rrule_cases.json"
FORMS = ("%Y%m%dT%H%M%SZ", "%Y%m%dT%H%M%S", "%Y%m%d")


@dataclass(frozen=True, slots=True)
class Case:
    """One rule, and when it takes place."""

    rule: str
    start: str
    wanted: tuple[datetime, ...]
    comment: str


def has_expectation(row: dict[str, Any]) -> bool:
    """Whether a case lists instances, and not that its source has none for it."""
    return "UNIMPLEMENTED" not in str(row["INSTANCES"])


def moment(text: str) -> datetime:
    """Read a date or time, zones left aside."""
    for form in FORMS:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    raise ValueError(f"{text!r} is neither a date nor a time")


def case_of(row: dict[str, Any]) -> Case:
    """Read one case of the file."""
    told: Any = row["INSTANCES"]
    texts: list[str] = told.split(",") if isinstance(told, str) else list(told)
    return Case(
        rule=row["RRULE"].rstrip(";"),
        start=row["DTSTART"],
        wanted=tuple(sorted(moment(text) for text in texts if text)),
        comment=row.get("comment", ""),
    )


def ours(case: Case, folder: Path) -> list[datetime]:
    """Expand a rule as the calendar tools do."""
    name = "DTSTART" if "T" in case.start else "DTSTART;VALUE=DATE"
    event = (
        f"BEGIN:VEVENT\r\nUID:case\r\nSUMMARY:x\r\n{name}:{case.start}\r\n"
        f"RRULE:{case.rule}\r\nEND:VEVENT\r\n"
    )
    path = folder / "calendar.ics"
    path.write_bytes(f"{HEAD}{event}{TAIL}".encode())
    timeline = Timeline(read_ics(path, datetime.now(UTC)).blocks, UTC)
    end = (case.wanted[-1] + timedelta(days=800)).replace(tzinfo=UTC)
    found = timeline.between(moment(case.start).replace(tzinfo=UTC), end)
    return [item.start.replace(tzinfo=None) for item in found]


def theirs(case: Case) -> list[datetime]:
    """Expand a rule with dateutil alone."""
    zone = case.start.endswith("Z")
    begin = moment(case.start).replace(tzinfo=UTC if zone else None)
    rule = case.rule if zone or "UNTIL" not in case.rule else _floating(case.rule)
    found = islice(rrulestr(rule, dtstart=begin), 2000)
    return [one.replace(tzinfo=None) for one in found]


def _floating(rule: str) -> str:
    parts = (p.rstrip("Z") if p.startswith("UNTIL") else p for p in rule.split(";"))
    return ";".join(parts)


def main() -> int:
    """Print the measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=DEFAULT)
    parser.add_argument("--misses", action="store_true", help="list what differs")
    options = parser.parse_args()
    if not options.file.is_file():
        print(f"There is no file {options.file}: nothing was measured.")
        return 1
    warnings.simplefilter("ignore")
    agreed = disputed = right = right_too = 0
    with tempfile.TemporaryDirectory() as name:
        rows: list[dict[str, Any]] = json.loads(options.file.read_text("utf-8"))
        for case in map(case_of, filter(has_expectation, rows)):
            expanded = ours(case, Path(name))
            good = expanded == list(case.wanted)
            if theirs(case) == list(case.wanted):
                agreed, right = agreed + 1, right + good
            else:
                disputed, right_too = disputed + 1, right_too + good
            if options.misses and not good:
                print(f"{case.rule} from {case.start} ({case.comment})")
                print(f"  wanted {[str(one) for one in case.wanted[:6]]}")
                print(f"  found  {[str(one) for one in expanded[:6]]}")
    print(f"cases without an expectation:    {len(rows) - agreed - disputed}")
    print(f"cases on which libraries agree: {right} of {agreed} right")
    print(f"cases that they dispute:        {right_too} of {disputed} as expected")
    return 0 if right == agreed else 1


if __name__ == "__main__":
    sys.exit(main())
