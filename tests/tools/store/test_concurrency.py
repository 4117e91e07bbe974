"""Several writers at one home."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from agentkit import Context, ToolError
from agentkit_tools._store.blocks import Blocks
from agentkit_tools._store.changes import undo_change
from agentkit_tools._store.ics import change_ics
from agentkit_tools.calendar import cancel_event, create_event, find_events
from agentkit_tools.lists import add_to_list, show_list

Use = Callable[..., Any]

WRITER = """
import sys
from pathlib import Path
from datetime import datetime, timezone
from agentkit import Context
from agentkit_tools.lists import add_to_list
from agentkit_tools.messages import send_message
context = Context(home=Path(sys.argv[1]), now=datetime(2026, 11, 18, 9, tzinfo=timezone.utc))
for number in range(5):
    add_to_list(context, f"thing {sys.argv[2]}-{number}", "shared")
    text = f"letter {sys.argv[2]}-{number}"
    send_message.invoke(send_message.check({"to": "a@b.example", "text": text}, context))
"""


def test_threads_lose_nothing(context: Context, use: Use) -> None:
    """Events that threads add at once are all there."""

    def add(number: int) -> None:
        start = f"2026-11-20T{number:02}:00"
        use(create_event, context, title=f"E{number}", start=start)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(16)))
    assert len(use(find_events, context, when="2026-11-20")) == 16


def test_processes_lose_nothing(context: Context, use: Use) -> None:
    """What processes write at once into files and the database is all there."""
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(context.home), str(n)])
        for n in range(2)
    ]
    assert [writer.wait() for writer in writers] == [0, 0]
    [shared] = use(show_list, context, list_name="shared").lists
    assert len(set(shared.items)) == 10
    assert len(list((context.home / "outbox").glob("*.eml"))) == 10


def test_of_undos_at_once_one_is_done(context: Context, use: Use) -> None:
    """The others are told that nothing is left to undo; the event is back once."""
    use(create_event, context, title="Tea", start="2026-11-20T10:00")
    use(create_event, context, title="Walk", start="2026-11-20T12:00")
    done = use(cancel_event, context, title="Tea")
    together = threading.Barrier(4)

    def undo(_: int) -> str:
        together.wait()
        try:
            undo_change(context.home, done.undo)
        except ToolError as exc:
            return str(exc)
        return "done"

    with ThreadPoolExecutor(4) as pool:
        said = sorted(pool.map(undo, range(4)))
    assert said[-1] == "done"
    assert all("nothing is kept of it" in one for one in said[:-1])
    assert len(use(find_events, context, when="2026-11-20")) == 2


def test_a_writer_that_fails_frees_the_lock(context: Context, use: Use) -> None:
    """After an error in the middle of a change, others can write."""

    def fail(_: Blocks) -> Blocks:
        raise RuntimeError("in the middle")

    use(add_to_list, context, item="milk")
    with pytest.raises(RuntimeError):
        change_ics(context.home / "lists.ics", context.now, fail)
    use(add_to_list, context, item="eggs")
    assert use(show_list, context).lists[0].items == ["milk", "eggs"]
