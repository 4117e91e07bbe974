"""The sample's reminders and lists."""

from __future__ import annotations

from pathlib import Path

from agentkit_tools._store.blocks import Block, split_blocks
from agentkit_tools._store.files import write_atomic
from agentkit_tools._store.ics import HEAD, TAIL
from agentkit_tools._store.todos import Todo, todo_block
from agentkit_tools._store.zones import zone_blocks
from agentkit_tools.sample.days import Days, load


def write_reminders(home: Path, days: Days) -> None:
    """Write reminders.ics.

    Raises:
        StoreError: it cannot be written.
    """
    blocks: list[Block] = []
    for entry in load("reminders"):
        due = days.day(entry["day"]) if "day" in entry else None
        if due and "at" in entry:
            due = days.at(due, entry["at"])
        todo = Todo(
            text=entry["text"],
            kind=entry.get("kind", ""),
            due=due,
            all_day="at" not in entry,
        )
        blocks.append(todo_block(todo, days.now))
    _write(home / "reminders.ics", [*zone_blocks(split_blocks(""), days.now), *blocks])


def write_lists(home: Path, days: Days) -> None:
    """Write lists.ics.

    Raises:
        StoreError: it cannot be written.
    """
    todos = (
        Todo(text=item, kind=name)
        for name, items in load("lists").items()
        for item in items
    )
    _write(home / "lists.ics", [todo_block(todo, days.now) for todo in todos])


def _write(path: Path, blocks: list[Block]) -> None:
    write_atomic(path, split_blocks(HEAD + TAIL).added(*blocks).text.encode())
