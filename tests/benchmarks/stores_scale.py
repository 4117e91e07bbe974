"""Measure the stores at the size of a long life.

    python tests/benchmarks/stores_scale.py [--events N] [--messages N] [--notes N]

Makes a throw-away home with N events, messages and notes, and prints how long it
takes to index them, to show the agenda of a week and to search, and how much memory
the process took at most, each with its target. Beside each time stands the processor's
own, which tells more where the machine has other work. Halves of the sizes show whether
the growth is near linear: run it twice.
"""

import argparse
import random
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

from agentkit import Context
from agentkit_tools._store.imports import Incoming, add_batch
from agentkit_tools._store.mailbox import Letter
from agentkit_tools.calendar import find_events
from agentkit_tools.messages import find_messages
from agentkit_tools.search import search_everything

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
VOCABULARY = 20_000
SEARCHES = 100


class Text:
    """Words drawn as in language: few are common, many are rare."""

    def __init__(self) -> None:
        self._random = random.Random(1)
        ranks = range(1, VOCABULARY + 1)
        self._words = [f"w{rank:x}q" for rank in ranks]
        self._weights = list(accumulate(1 / rank for rank in ranks))

    def words(self, count: int) -> str:
        """Draw words."""
        return " ".join(
            self._random.choices(self._words, cum_weights=self._weights, k=count)
        )

    def below(self, bound: int) -> int:
        """Draw a number."""
        return self._random.randrange(bound)


def write_events(home: Path, count: int, text: Text) -> None:
    """Write calendar.ics: ten years, every twentieth event repeating."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//bench//EN"]
    for number in range(count):
        start = NOW + timedelta(minutes=15 * text.below(10 * 35_000) - 4_000_000)
        lines += [
            "BEGIN:VEVENT",
            f"UID:e{number}@bench",
            "DTSTAMP:20200101T000000Z",
            f"DTSTART:{start:%Y%m%dT%H%M%SZ}",
            "DURATION:PT45M",
            f"SUMMARY:{text.words(3)}",
            *(["RRULE:FREQ=WEEKLY;COUNT=10"] if number % 20 == 0 else []),
            "END:VEVENT",
        ]
    lines += ["END:VCALENDAR", ""]
    (home / "calendar.ics").write_text("\r\n".join(lines), newline="")


def letters(count: int, text: Text) -> Iterator[Incoming]:
    """Make messages of 90 words, in threads of up to four."""
    for number in range(count):
        writer = text.below(300)
        letter = Letter(
            message_id=f"<m{number}@bench>",
            thread=f"<m{number - number % 4}@bench>",
            sender=f"Name{writer} Family{writer % 50}",
            address=f"n{writer}@bench.example",
            recipients=("me@bench.example",),
            sent=NOW - timedelta(minutes=25 * (count - number)),
            subject=text.words(4),
            text=text.words(90),
            unread=number > count - 50,
        )
        yield Incoming(letter)


def write_notes(home: Path, count: int, text: Text) -> None:
    """Write notes of 60 words."""
    (home / "notes").mkdir()
    for number in range(count):
        content = f"# {text.words(3)}\n\n{text.words(60)}\n"
        (home / "notes" / f"n{number}.md").write_text(content)


class Took(NamedTuple):
    """Seconds that something took, and those that the processor worked on it."""

    wall: float
    cpu: float


def timed(work: Callable[[], Any]) -> Took:
    """Time something."""
    begun, worked = time.perf_counter(), time.process_time()
    work()
    return Took(time.perf_counter() - begun, time.process_time() - worked)


def percentile(times: list[float], share: float) -> float:
    """Return the time that a share of them stays below."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def peak_memory() -> float:
    """Return the most memory this process has had, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1_000_000 if sys.platform == "darwin" else 1_000)


def report(what: str, value: float, unit: str, target: float, note: str = "") -> None:
    """Print one line."""
    verdict = "met" if value <= target else "MISSED"
    line = f"{what:44} {value:10.1f} {unit:3} target {target:6.0f}  {verdict:6}  {note}"
    print(line.rstrip())


def report_time(what: str, took: Took, target: float, unit: str = "s") -> None:
    """Print how long something took."""
    factor = 1e3 if unit == "ms" else 1.0
    note = f"cpu {took.cpu * factor:.1f} {unit}"
    report(what, took.wall * factor, unit, target, note)


def measure(home: Path, sizes: argparse.Namespace) -> None:
    """Fill a home and measure it."""
    text = Text()
    context = Context(home=home, now=NOW, user_email="me@bench.example")
    if sizes.messages:
        mails = letters(sizes.messages, text)
        took = timed(lambda: add_batch(home, mails, NOW))
        report_time(f"index {sizes.messages} messages", took, 60)
    write_notes(home, sizes.notes, text)
    if sizes.events:
        write_events(home, sizes.events, text)
    took = timed(lambda: search_everything(context, "w1fq"))
    report_time("first search: index events and notes", took, 60)
    for what, tool, arguments in (
        ("search", search_everything, [{"query": text.words(1 + n % 3)}
                                       for n in range(SEARCHES)]),
        ("find_messages by words", find_messages, [{"query": text.words(2)}
                                                   for _ in range(20)]),
        ("find_messages by sender", find_messages, [{"sender": f"Name{n}"}
                                                    for n in range(20)]),
        ("find_messages by nobody known", find_messages, [{"sender": f"Nobody{n}"}
                                                          for n in range(20)]),
        ("find_messages unread, by a word", find_messages, [
            {"query": text.words(1), "unread": True} for _ in range(20)]),
        ("search of a month by a word", search_everything, [
            {"query": text.words(1), "when": "last month"} for _ in range(20)]),
    ):  # fmt: skip
        calls = [tool.check(given, context) for given in arguments]
        report_times(what, [partial(tool.invoke, call) for call in calls])
    report("memory without the agenda", peak_memory(), "MB", 300)
    week = find_events.check({"when": "next week"}, context)
    took = timed(lambda: find_events.invoke(week))
    report_time("agenda of a week, first", took, 50, "ms")
    report_times("agenda of a week", [lambda: find_events.invoke(week)] * 5)
    report("memory", peak_memory(), "MB", 300)


def report_times(what: str, works: list[Callable[[], Any]]) -> None:
    """Print the median and the 95th percentile of some work."""
    times = [timed(work) for work in works]
    for name, share in (("median", 0.5), ("p95", 0.95)):
        wall = percentile([took.wall for took in times], share)
        cpu = percentile([took.cpu for took in times], share)
        report_time(f"{what}, {name}", Took(wall, cpu), 50, "ms")


def main() -> None:
    """Make a home, measure it, and remove it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--events", type=int, default=50_000)
    parser.add_argument("--messages", type=int, default=200_000)
    parser.add_argument("--notes", type=int, default=20_000)
    sizes = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="agentkit-scale-"))
    try:
        measure(home, sizes)
    finally:
        shutil.rmtree(home)


if __name__ == "__main__":
    main()
