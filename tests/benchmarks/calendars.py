"""Read the calendars that other projects publish for tests.

    python tests/benchmarks/calendars.py FOLDER...

Each .ics file below a folder becomes the calendar of a throw-away home, which is read
with the calendar tools as a user would. Printed per folder: files, events in them,
events served, and events named as odd or unreadable. Then what nobody could show:
events without a start (`timeless`), series that leave all of their own days out
(`void`), and files in which no component of a calendar begins (`alien`). The rest has
to be 0: events that could be served and are not (`lost`), of which those that are not
even named (`unnamed`), files with components that were kept aside, and crashes. With
--verbose each of those is shown.
"""

import argparse
import re
import sys
import tempfile
import traceback
import warnings
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from agentkit import AgentkitError, Context
from agentkit_tools._store.agenda import Agenda
from agentkit_tools._store.octets import text_of, unfolded
from agentkit_tools._store.scan import FilePart, scan
from agentkit_tools.calendar import create_event, find_events
from agentkit_tools.search import search_everything

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
FIRST, LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MONTH, TWO_YEARS = timedelta(days=31), timedelta(days=730)
COLUMNS = (
    "files", "events", "served", "odd", "timeless", "void", "alien",
    "aside", "lost", "unnamed", "crashes",
)  # fmt: skip
FAULTS = ("aside", "lost", "unnamed", "crashes")
# Of the kinds that RFC 5545, 3.6 names, apart from the reader that is measured: a file
# without any of them has nothing that could be served.
COMPONENT = re.compile(rb"(?im)^BEGIN:V(?:EVENT|TODO|JOURNAL|FREEBUSY|TIMEZONE)\b")
# Independent of the reader: whether any digits stand where the start of an event does.
START = re.compile(r"(?im)^DTSTART[^\n]*:[ \t]*\d{4}-?\d\d-?\d\d")
LEFT_OUT = re.compile(rb"(?im)^EXDATE[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n")


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


@contextmanager
def home(content: bytes) -> Generator[Context]:
    """Yield a home whose calendar is one file."""
    with tempfile.TemporaryDirectory(prefix="agentkit-calendars-") as name:
        context = Context(home=Path(name), now=NOW)
        place = context.home / "calendar" / "work"
        place.mkdir(parents=True)
        (place / "published.ics").write_bytes(content)
        yield context


def is_void(content: bytes, part: FilePart) -> bool:
    """Tell whether an event is there as soon as it leaves no days out."""
    event = content[part.at : part.at + part.size]
    fuller = LEFT_OUT.sub(b"", event)
    if fuller == event:
        return False
    with home(content.replace(event, fuller, 1)) as context:
        found = scan((context.home / "calendar/work/published.ics").read_bytes())
        same = [one for one in found.parts if one.at == part.at] if found else []
        return any(look(context, one)[0] for one in same)


def read(path: Path, counts: Counter[str], *, verbose: bool) -> None:
    """Read one file as a calendar, and count what comes of it."""
    counts["files"] += 1
    if not COMPONENT.search(path.read_bytes().replace(b"\r", b"\n")):
        counts["alien"] += 1
        return
    with home(path.read_bytes()) as context:
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
    content = (context.home / "calendar/work/published.ics").read_bytes()
    found = scan(content)
    events = [part for part in found.parts if part.kind == "VEVENT"] if found else []
    for part in {part.name: part for part in reversed(events)}.values():
        counts["events"] += 1
        served, odd = look(context, part)
        counts["odd"] += odd
        outcome = "served" if served else why(content, part)
        counts[outcome] += 1
        counts["unnamed"] += outcome == "lost" and not odd
        if verbose and outcome != "served":
            named = "" if odd else ", and not named"
            print(f"  {outcome}{named}: {part.name} of {path}")
    search_everything(context, "meeting")
    invoke(create_event, context, title="New", start="2026-11-20T10:00")
    assert "New" in [e.title for e in invoke(find_events, context, when="2026-11-20")]


def why(content: bytes, part: FilePart) -> str:
    """Say why an event is not served: nobody could show it, or it is lost."""
    text = unfolded(text_of(content[part.at : part.at + part.size]))
    if not START.search(text.replace("\r", "\n")):
        return "timeless"
    return "void" if is_void(content, part) else "lost"


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
        bad += sum(counts[name] for name in FAULTS)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
