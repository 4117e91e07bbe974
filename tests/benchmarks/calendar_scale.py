"""Measure the calendar at the size of a long life.

    python -m tests.benchmarks.calendar_scale [--events N] [--folder]

Makes throw-away homes with a quarter, half and all of N events, ten years of them, and
prints for each how long it takes to make the index, to show a week, to add an event
and show the week again, and to show it after another program has changed the file.
With --folder each event is a file of its own. Times are in milliseconds: what the
clock on the wall says, and what the processor spent, which other programs on the
machine change less. Each size runs in a process of its own, whose memory is printed.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

from agentkit import Context
from agentkit_tools._store.almanac import Almanac
from agentkit_tools.calendar import create_event, find_events, move_event
from tests.benchmarks.stores_scale import NOW, Text, peak_memory, write_events

ROUNDS = 9


def spread(home: Path) -> None:
    """Turn calendar.ics into a folder of one file per event."""
    head, *events = (home / "calendar.ics").read_bytes().split(b"BEGIN:VEVENT")
    (home / "calendar.ics").unlink()
    (home / "calendar").mkdir()
    for number, event in enumerate(events):
        whole = event.replace(b"END:VCALENDAR\r\n", b"")
        content = head + b"BEGIN:VEVENT" + whole + b"END:VCALENDAR\r\n"
        (home / "calendar" / f"e{number}.ics").write_bytes(content)


def report(what: str, work: Callable[[], Any], rounds: int, target: float) -> None:
    """Time some work, and print the median of the rounds, the worst, and a verdict."""
    walls: list[float] = []
    spent: list[float] = []
    for _ in range(rounds):
        wall, processor = time.perf_counter(), time.process_time()
        work()
        spent.append((time.process_time() - processor) * 1e3)
        walls.append((time.perf_counter() - wall) * 1e3)
    verdict = "met" if median(walls) <= target else "MISSED"
    print(
        f"  {what:38} wall {median(walls):8.1f} (worst {max(walls):8.1f})"
        f"  processor {median(spent):8.1f}  target {target:6.0f}  {verdict}",
        flush=True,
    )


def call(tool: Any, context: Context, **arguments: Any) -> Callable[[], Any]:
    """Prepare a call of a tool with a model's arguments."""
    checked = tool.check(arguments, context)
    return lambda: tool.invoke(checked)


def edit_elsewhere(home: Path) -> None:
    """Change the first event of a file, as another program would."""
    paths = [*home.glob("calendar.ics"), *home.glob("calendar/*.ics")]
    content = paths[0].read_bytes()
    new = paths[0].with_suffix(".new")
    new.write_bytes(content.replace(b"SUMMARY:", b"SUMMARY:x", 1))
    new.replace(paths[0])


def measure(home: Path, count: int, *, folder: bool) -> None:
    """Fill a home and measure it."""
    write_events(home, count, Text())
    if folder:
        spread(home)
    context = Context(home=home, now=NOW, user_email="me@bench.example")
    print(f"{count} events", "in a folder" if folder else "in calendar.ics")
    import_module("recurring_ical_events")  # its import is no part of the calendar

    report("index made", lambda: Almanac(home, datetime.now(UTC)), 1, 60_000)
    week = call(find_events, context, when="next week")
    report("agenda of a week, first", week, 1, 50)
    report("agenda of a week", week, ROUNDS, 50)
    new = call(create_event, context, title="New", start="tomorrow at 8am")
    report("event added", new, ROUNDS, 300)
    report("agenda of a week, after it", week, ROUNDS, 50)
    first = week()[0]
    moved = call(
        move_event, context, title=first.title, when=first.start,
        to=f"{first.start[:10]}T23:00",
    )  # fmt: skip
    report("event moved", moved, 1, 300)
    edit_elsewhere(home)
    report("agenda after a change elsewhere", week, 1, 60_000)
    print(f"  most memory {peak_memory():.0f} MB, target 300")


def main() -> None:
    """Measure three sizes, each in a process of its own."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--events", type=int, default=50_000)
    parser.add_argument("--folder", action="store_true")
    parser.add_argument("--single", action="store_true", help="this size only, here")
    options = parser.parse_args()
    if not options.single:
        for count in (options.events // 4, options.events // 2, options.events):
            given = ["--events", str(count), *(["--folder"] if options.folder else [])]
            module = ["-m", "tests.benchmarks.calendar_scale", "--single"]
            subprocess.run([sys.executable, *module, *given], check=True)
        return
    home = Path(tempfile.mkdtemp(prefix="agentkit-calendar-"))
    try:
        measure(home, options.events, folder=options.folder)
    finally:
        shutil.rmtree(home)


if __name__ == "__main__":
    main()
