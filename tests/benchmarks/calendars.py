"""Read the calendars that other projects publish for tests.

    python tests/benchmarks/calendars.py FOLDER...

Each .ics file below a folder becomes the calendar of a throw-away home, which is read
with the calendar tools as a user would. Printed per folder: files, events in them,
events served, events named as odd or unreadable, files of damaged structure that were
kept aside (with a sentence that says so), events that are neither served nor named,
and crashes. The last two have to be 0. With --verbose each of those is shown.
"""

import argparse
import sys
import tempfile
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from agentkit import AgentkitError, Context
from agentkit_tools._store.agenda import Agenda
from agentkit_tools._store.scan import FilePart, scan
from agentkit_tools.calendar import create_event, find_events
from agentkit_tools.search import search_everything

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
FIRST, LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MONTH, TWO_YEARS = timedelta(days=31), timedelta(days=730)
COLUMNS = ("files", "events", "served", "odd", "aside", "unnamed", "crashes")


def windows(part: FilePart) -> Iterator[tuple[datetime, datetime]]:
    """Yield where the first occurrences of an event may be looked for."""
    if part.span is None:
        return
    first = max(part.span[0], FIRST.timestamp())
    start = min(max(FIRST, datetime.fromtimestamp(first, UTC)), LAST)
    yield start, start + MONTH
    yield start, start + TWO_YEARS
    yield EPOCH, EPOCH + 30 * TWO_YEARS


def look(context: Context, part: FilePart) -> tuple[bool, bool]:
    """Tell whether an event is served, and whether it is named."""
    agenda = Agenda.read(context)
    for start, end in windows(part) if part.span else [(NOW, NOW + MONTH)]:
        found = [one for one in agenda.between(start, end) if one.uid == part.name]
        if found:
            return True, bool(agenda.warning(*found))
    return False, bool(agenda.warning())


def read(path: Path, counts: Counter[str], *, verbose: bool) -> None:
    """Read one file as a calendar, and count what comes of it."""
    counts["files"] += 1
    with tempfile.TemporaryDirectory(prefix="agentkit-calendars-") as name:
        context = Context(home=Path(name), now=NOW)
        place = context.home / "calendar" / "work"
        place.mkdir(parents=True)
        (place / "published.ics").write_bytes(path.read_bytes())
        try:
            use_all(context, counts, path, verbose=verbose)
        except AgentkitError as error:
            counts["aside"] += 1
            if verbose:
                print(f"  refused {path}: {error}")
        except Exception:
            counts["crashes"] += 1
            print(f"  CRASH {path}\n{traceback.format_exc()}")


def use_all(
    context: Context, counts: Counter[str], path: Path, *, verbose: bool
) -> None:
    """Look at each event, search, and write beside them."""
    agenda = Agenda.read(context)
    if agenda.damage:
        counts["aside"] += 1
        if verbose:
            print(f"  aside {path}: {agenda.damage}")
    found = scan((context.home / "calendar/work/published.ics").read_bytes())
    events = [part for part in found.parts if part.kind == "VEVENT"] if found else []
    for part in {part.name: part for part in reversed(events)}.values():
        counts["events"] += 1
        served, odd = look(context, part)
        counts["served"] += served
        if verbose and odd and not served:
            print(f"  odd, not served: {part.name} of {path}")
        counts["odd"] += odd
        counts["unnamed"] += not served and not odd
        if verbose and not (served or odd):
            print(f"  neither served nor named: {part.name} of {path}")
    search_everything(context, "meeting")
    invoke(create_event, context, title="New", start="2026-11-20T10:00")
    assert "New" in [e.title for e in invoke(find_events, context, when="2026-11-20")]


def invoke(tool: Any, context: Context, **arguments: Any) -> Any:
    """Call a tool with a model's arguments."""
    return tool.invoke(tool.check(arguments, context))


def main() -> int:
    """Print one line per folder."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    print(f"{'folder':32}" + "".join(f"{name:>9}" for name in COLUMNS))
    bad = 0
    for folder in options.folders:
        counts: Counter[str] = Counter()
        for path in sorted(folder.rglob("*.ics")):
            if path.is_file():
                read(path, counts, verbose=options.verbose)
        print(f"{folder.name:32}" + "".join(f"{counts[name]:9}" for name in COLUMNS))
        bad += counts["crashes"] + counts["unnamed"]
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
