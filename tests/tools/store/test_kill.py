"""Writers killed at any moment, and many writers at one home.

AGENTKIT_KILLS=500 AGENTKIT_SECONDS=60 pytest tests/tools/store/test_kill.py
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import sys
import time
from contextlib import ExitStack, closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from agentkit import Context
from agentkit_tools._store.card_book import read_cards
from agentkit_tools._store.letter_search import Search, find_letters
from agentkit_tools._store.todos import read_todos
from agentkit_tools.calendar import find_events
from agentkit_tools.search import search_everything
from tests.tools.forking import Forker

KILLS = int(os.environ.get("AGENTKIT_KILLS", "50"))
SECONDS = float(os.environ.get("AGENTKIT_SECONDS", "3"))
WRITERS = 4

# Each change is acknowledged with one line, after the tool has returned.
WRITER = """
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from agentkit import Context
from agentkit_tools._store.agenda import Agenda
from agentkit_tools._store.event_components import EventDraft
from agentkit_tools.calendar import create_event, move_event
from agentkit_tools.contacts import add_contact
from agentkit_tools.lists import add_to_list
from agentkit_tools.messages import send_message
from agentkit_tools.notes import take_note

def use(context, tool, **arguments):
    begun = time.monotonic()
    tool.invoke(tool.check(arguments, context))
    return time.monotonic() - begun

def split_series(context, day, title):
    begin = datetime.fromisoformat(day + "T10:00+00:00")
    end = begin + timedelta(hours=1)
    draft = EventDraft(title=title, start=begin, end=end, rule="FREQ=DAILY;COUNT=5")
    Agenda.read(context).add(draft)
    third = (begin + timedelta(days=2)).date().isoformat()
    scope = "this_and_following"
    use(context, move_event, title=title, when=third, to=third + "T15:00", scope=scope)

def work(home, name, seconds, day=""):
    context = Context(home=Path(home), now=datetime(2026, 11, 18, 9, tzinfo=UTC))
    until = time.monotonic() + float(seconds)
    number = 0
    if day:
        split_series(context, day, "series " + name)
    while time.monotonic() < until:
        number += 1
        word = f"{name}n{number}"
        for kind, tool, given in (
            ("list", add_to_list, {"item": word, "list_name": "shared"}),
            ("mail", send_message, {"to": "a@b.example", "text": word}),
            ("card", add_contact, {"name": word}),
            ("note", take_note, {"text": word, "title": word}),
            ("event", create_event, {"title": word, "start": "2026-11-20T10:00"}),
        ):
            print(kind, word, use(context, tool, **given), flush=True)
"""


def acknowledged(output: str) -> dict[str, set[str]]:
    """Return the words that were acknowledged, by kind."""
    found: dict[str, set[str]] = {}
    for line in output.splitlines():
        kind, word, _ = line.split()
        found.setdefault(kind, set()).add(word)
    return found


def assert_sound(path: Path) -> None:
    """Have SQLite check a database and its full-text index."""
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        database.execute(
            "INSERT INTO message_words(message_words) VALUES('integrity-check')"
        )


def stored(context: Context) -> dict[str, set[str]]:
    """Return the words in each store; a damaged one would be told of."""
    lists = read_todos(context.home / "lists.ics", context.now)
    letters, warning = find_letters(context.home, Search(count=1_000_000), context.now)
    book = read_cards(context.home, context.now)
    events = find_events.invoke(find_events.check({"when": "2026-11-20"}, context))
    assert (lists.warning, warning, book.warning) == ("", "", "")
    assert all(event.warning == "" for event in events)
    if (context.home / "messages.db").exists():
        assert_sound(context.home / "messages.db")
    return {
        "list": {todo.text for todo in lists.items},
        "mail": {letter.text for letter in letters},
        "card": {card.name for card in book.cards},
        "note": {path.stem for path in (context.home / "notes").glob("*.md")},
        "event": {event.title for event in events},
    }


def missing(context: Context, wanted: dict[str, set[str]]) -> dict[str, set[str]]:
    """Return what was acknowledged and is not there."""
    found = stored(context)
    return {kind: words - found[kind] for kind, words in wanted.items()
            if words - found[kind]}  # fmt: skip


def assert_series_whole(context: Context, name: str, day: str) -> None:
    """A series is not there, as it was, or split: never both halves at once."""
    last = (date.fromisoformat(day) + timedelta(days=6)).isoformat()
    given = {"when": f"{day} to {last}", "query": f"series {name}"}
    found = find_events.invoke(find_events.check(given, context))
    assert [int(event.start[11:13]) for event in found] in (
        [], [10] * 5, [10, 10, 15, 15, 15],
    )  # fmt: skip


stores = pytest.mark.parametrize("folder", [False, True], ids=["file", "folder"])


@pytest.mark.slow
@pytest.mark.timeout(600 + 30 * KILLS)
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
@stores
def test_a_writer_killed_at_any_moment_loses_nothing(
    context: Context, folder: bool
) -> None:
    """After kill -9, no store is damaged and all that was acknowledged is there."""
    chance = random.Random(4)
    if folder:
        (context.home / "calendar").mkdir(parents=True)
    with Forker(WRITER) as writers:
        for number in range(KILLS):
            name, day = f"k{number}", date(2027, 1, 1) + timedelta(days=10 * number)
            writer = writers.start(str(context.home), name, 600, day.isoformat())
            time.sleep(chance.uniform(0, 0.4))
            os.kill(writer, signal.SIGKILL)
            output, code = writers.ended()
            assert code == -signal.SIGKILL
            assert missing(context, acknowledged(output)) == {}
            assert_series_whole(context, name, day.isoformat())
            assert not list(context.home.rglob("*.corrupt-*"))
    search_everything.invoke(search_everything.check({"query": "k0n1"}, context))


@pytest.mark.slow
@pytest.mark.timeout(600 + 30 * SECONDS)
@stores
def test_processes_that_write_at_once_lose_nothing(
    context: Context, folder: bool
) -> None:
    """What four writers were told is stored is stored."""
    if folder:
        (context.home / "calendar").mkdir(parents=True)
    with ExitStack() as stack:
        writers = [stack.enter_context(Forker(WRITER)) for _ in range(WRITERS)]
        for number, writer in enumerate(writers):
            writer.start(str(context.home), f"p{number}", SECONDS)
        outputs, codes = zip(*(writer.ended() for writer in writers), strict=True)
    assert codes == (0,) * WRITERS
    assert missing(context, acknowledged("".join(outputs))) == {}
    lines = [line.split() for text in outputs for line in text.splitlines()]
    waits = sorted((float(seconds), kind) for kind, _, seconds in lines)
    worst = ", ".join(f"{kind} {seconds:.2f} s" for seconds, kind in waits[:-4:-1])
    print(f"{len(waits)} changes, the longest took: {worst}")
