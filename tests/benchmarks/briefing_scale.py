"""Measure the briefing at the size of a long life.

    python -m tests.benchmarks.briefing_scale [--events N] [--messages N]

Makes a throw-away home with ten years of events, of which one in fifty is an invite that
waits, and with messages, of which the last week's ask for something; 2,000 contacts and
500 reminders beside them. Prints how long the first briefing takes, which makes the
index of the calendar, the next ones in the same process, and the command as a whole.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from pathlib import Path

from agentkit import Context
from agentkit_tools._store.imports import Incoming, add_batch
from agentkit_tools._store.todos import Todo, add_todos
from agentkit_tools.briefing import brief
from tests.benchmarks.calendar_scale import report
from tests.benchmarks.stores_scale import NOW, Text, letters, write_events

_TARGET = 500.0
_ASKS = (
    "Hi,\nthe draft of the report is in the folder. Could you look at it and send me "
    "your notes by Friday? I will be away on Monday.\nThanks, {}"
)


def write_invites(home: Path) -> None:
    """Let every fiftieth event be one that waits for an answer."""
    head, *events = (home / "calendar.ics").read_text().split("BEGIN:VEVENT")
    asked = (
        "ORGANIZER:mailto:boss@bench.example\r\n"
        "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:me@bench.example\r\nEND:VEVENT"
    )
    for number in range(0, len(events), 50):
        events[number] = events[number].replace("END:VEVENT", asked, 1)
    whole = "BEGIN:VEVENT".join((head, *events))
    (home / "calendar.ics").write_text(whole, newline="")


def asking(count: int, text: Text) -> list[Incoming]:
    """Make the messages; those of the last week ask for something."""
    made: list[Incoming] = []
    for one in letters(count, text):
        letter = one.letter
        if letter.sent > NOW - timedelta(days=7):
            letter = replace(letter, text=_ASKS.format(letter.sender))
        made.append(Incoming(letter, one.references))
    return made


def fill(home: Path, events: int, messages: int) -> Context:
    """Fill a home."""
    text = Text()
    write_events(home, events, text)
    write_invites(home)
    add_batch(home, asking(messages, text), NOW)
    cards = (
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{n}\r\nFN:Name{n} Family{n % 50}\r\n"
        f"BDAY:19{n % 90 + 10}-{n % 12 + 1:02}-{n % 28 + 1:02}\r\n"
        f"EMAIL:n{n}@bench.example\r\nEND:VCARD\r\n"
        for n in range(2_000)
    )
    (home / "contacts.vcf").write_text("".join(cards), newline="")
    due = [Todo(text=text.words(3), due=NOW + timedelta(hours=n)) for n in range(500)]
    add_todos(home / "reminders.ics", due, NOW)
    return Context(home=home, now=NOW, user_email="me@bench.example")


def main() -> None:
    """Fill, measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=50_000)
    parser.add_argument("--messages", type=int, default=200_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        context = fill(home, options.events, options.messages)
        import_module("icalendar")
        print(f"{options.events:,} events, {options.messages:,} messages")
        report("first, with the index made", lambda: brief(context), 1, 60_000)
        report("the next ones", lambda: brief(context), 9, _TARGET)
        found = brief(context)
        told = (
            found.events,
            found.tasks,
            found.birthdays,
            found.invites,
            found.messages,
        )
        print("  lines of each part:", [len(part) for part in told])
        (home / "agentkit.toml").write_text('email = "me@bench.example"\n')
        command = [sys.executable, "-m", "agentkit", "brief"]
        command += ["--home", folder, "--now", NOW.isoformat()]
        report(
            "the command as a whole",
            lambda: subprocess.run(command, check=True, capture_output=True),
            5,
            3 * _TARGET,
        )


if __name__ == "__main__":
    main()
