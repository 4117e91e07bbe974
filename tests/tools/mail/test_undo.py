"""What the message and note tools did is taken back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agentkit import Context, ToolError
from agentkit_tools._store.letter_search import Search, find_letters
from agentkit_tools.messages import send_message
from agentkit_tools.notes import take_note

Use = Callable[..., Any]


def facts(context: Context) -> tuple[Any, ...]:
    """Return what the stores hold: files of outbox and notes, and all messages."""
    files = {
        str(path.relative_to(context.home)): path.read_bytes()
        for folder in ("outbox", "notes")
        for path in Path(context.home / folder).glob("*.*")
    }
    return files, find_letters(context.home, Search(count=200), context.now)


CALLS: dict[str, tuple[Any, dict[str, str]]] = {
    "send": (send_message, {"to": "ana@kos.example", "text": "Hi"}),
    "note": (take_note, {"text": "pack  light\n\n", "title": "Trip"}),
}


@pytest.mark.parametrize("name", CALLS)
def test_stores_are_what_they_were(name: str, sample: Context, use: Use) -> None:
    """After undo the files and messages are the same."""
    before = facts(sample)
    tool, arguments = CALLS[name]
    result = use(tool, sample, **arguments)
    assert facts(sample) != before
    tool.undo(result, sample)
    assert facts(sample) == before
    with pytest.raises(ToolError):
        tool.undo(result, sample)


def test_a_note_that_was_changed_since_stays(context: Context, use: Use) -> None:
    """What the user wrote afterwards is not thrown away."""
    note = use(take_note, context, text="one", title="Trip")
    path = context.home / note.file
    path.write_text("# Trip\n\none, and two\n")
    assert take_note.undo is not None
    with pytest.raises(ToolError, match="changed since"):
        take_note.undo(note, context)
    assert path.exists()
