"""Measure the exchange of a calendar with a Radicale on this machine.

    python -m tests.benchmarks.server_exchange [--events N]

Prints seconds for the first exchange (all events come), for one without changes, for
one event changed here, and for one event changed there; and the peak memory.
"""

import argparse
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from agentkit import Context
from agentkit_tools.sync import sync_calendar

_EVENT = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nBEGIN:VEVENT\r\nUID:e{n}\r\n"
    "DTSTAMP:20260101T000000Z\r\nDTSTART:20260101T100000Z\r\nSUMMARY:{title} {n}\r\n"
    "END:VEVENT\r\nEND:VCALENDAR\r\n"
)


def write_server(folder: Path, events: int) -> Path:
    """Write Radicale's storage; returns the calendar's folder."""
    calendar = folder / "data/collection-root/sam/work"
    calendar.mkdir(parents=True)
    props = '{"tag": "VCALENDAR", "D:displayname": "Work"}'
    (calendar / ".Radicale.props").write_text(props)
    for number in range(events):
        text = _EVENT.format(n=number, title="Event")
        (calendar / f"e{number}.ics").write_bytes(text.encode())
    return calendar


def start_server(folder: Path) -> tuple[subprocess.Popen[bytes], int]:
    """Start Radicale, which takes any password."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "radicale", "--hosts", f"127.0.0.1:{port}",
               "--auth-type", "none", "--storage-filesystem-folder",
               str(folder / "data"), "--logging-level", "error"]  # fmt: skip
    process = subprocess.Popen(command)
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            break
    return process, port


def timed(what: str, work: Callable[[], object]) -> None:
    """Print how long something takes."""
    begun = time.perf_counter()
    work()
    print(f"{what:32} {time.perf_counter() - begun:8.2f} s")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure the exchange of a calendar.")
    parser.add_argument("--events", type=int, default=2000)
    events: int = parser.parse_args().events
    os.environ["AGENTKIT_CALDAV_PASSWORD"] = "any"
    with tempfile.TemporaryDirectory() as name:
        calendar = write_server(Path(name), events)
        process, port = start_server(Path(name))
        table = {"url": f"http://127.0.0.1:{port}/sam/", "user": "sam", "timeout": 300}
        context = Context(
            home=Path(name) / "home",
            now=datetime(2026, 1, 1, tzinfo=UTC),
            packs={"caldav": table},
        )
        try:
            measure(context, calendar)
        finally:
            process.terminate()
            process.wait(20)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{events} events, peak memory {peak:.0f} MB")


def measure(context: Context, calendar: Path) -> None:
    """Exchange, with changes in between."""

    def exchange() -> object:
        return sync_calendar.invoke(sync_calendar.check({}, context))

    timed("first exchange", exchange)
    timed("without changes", exchange)
    text = _EVENT.format(n=0, title="Mine").encode()
    (context.home / "calendar/work/e0.ics").write_bytes(text)
    timed("one event changed here", exchange)
    text = _EVENT.format(n=1, title="Theirs").encode()
    (calendar / "e1.ics").write_bytes(text)
    timed("one event changed there", exchange)


if __name__ == "__main__":
    main()
