"""One search: ranked, filtered, and indexed row by row."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest

from agentkit import Context
from agentkit_tools._store.mailbox import Letter, add_letters
from agentkit_tools.calendar import create_event
from agentkit_tools.contacts import add_contact, delete_contact
from agentkit_tools.notes import take_note
from agentkit_tools.search import search_everything

Use = Callable[..., Any]


def write(context: Context, *facts: tuple[str, str, str, int]) -> None:
    """Store messages: sender, subject, text, days ago."""
    letters = [
        Letter(
            message_id=f"<{number}@x.example>", thread="t", sender=sender,
            address=f"{sender.lower()}@x.example", subject=subject, text=text,
            sent=context.now - timedelta(days=days),
        )
        for number, (sender, subject, text, days) in enumerate(facts)
    ]  # fmt: skip
    add_letters(context.home, letters, context.now)


def titles(context: Context, use: Use, **arguments: str) -> list[str]:
    """Return the titles of what is found."""
    return [hit.title for hit in use(search_everything, context, **arguments)]


def test_titles_go_before_text_and_new_before_old(context: Context, use: Use) -> None:
    """A word in the subject counts more than in the text, and recency after that."""
    write(
        context,
        ("Ana", "old", "about Lisbon", 900),
        ("Ana", "new", "about Lisbon", 1),
        ("Ana", "Lisbon", "tickets", 400),
    )
    assert titles(context, use, query="lisbon") == ["Lisbon", "new", "old"]


def test_old_mail_imported_last_does_not_hide_new_mail(
    context: Context, use: Use
) -> None:
    """Of a common word the newest messages are found, whenever they were stored."""
    facts = [("Ana", "new", "budget", 1)]
    facts += [("Ben", f"s{number}", "budget", 500) for number in range(900)]
    write(context, *facts)
    assert titles(context, use, query="budget")[0] == "new"


def in_order(value: dict[str, str] | set[str]) -> str:
    """Name a case: sets have no order of their own, and workers must agree on names."""
    return str(sorted(value) if isinstance(value, set) else value)


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ({"query": "trip"}, {"Trip to Rome", "Trip", "trip notes"}),
        ({"query": "trip", "kind": "note"}, {"trip notes"}),
        ({"query": "trip", "kind": "message"}, {"Trip"}),
        ({"query": "trip", "person": "Ana"}, {"Trip"}),
        ({"person": "Ana"}, {"Trip"}),
        ({"query": "trip", "when": "next week"}, {"Trip to Rome"}),
        ({"query": "trip", "when": "yesterday"}, {"Trip"}),
        ({"query": "tr"}, set[str]()),
        ({"query": '"'}, set[str]()),
    ],
    ids=in_order,
)
def test_person_time_and_kind_narrow_a_search(
    arguments: dict[str, str], found: set[str], context: Context, use: Use
) -> None:
    """Each filter leaves what fits it."""
    write(context, ("Ana", "Trip", "see you", 1))
    use(create_event, context, title="Trip to Rome", start="2026-11-25T10:00")
    use(take_note, context, text="pack", title="trip notes")
    assert set(titles(context, use, **arguments)) == found


def test_only_what_changed_is_indexed_again(context: Context, use: Use) -> None:
    """Rows of unchanged entries stay as they are in the index."""
    for name in ("Ada Wu", "Bo Li"):
        use(add_contact, context, name=name)
    assert titles(context, use, query="Ada") == ["Ada Wu"]
    before = _rows(context)
    use(add_contact, context, name="Cy Do")
    use(delete_contact, context, name="Bo Li")
    assert titles(context, use, query="Cy") == ["Cy Do"]
    after = _rows(context)
    assert titles(context, use, query="Bo Li") == []
    assert [row for row in before if row in after] == before[:1]
    assert len(after) == 2


def test_a_note_edited_in_place_is_found_after_a_while(
    context: Context, use: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program's change to a note does not change the folder."""
    note = use(take_note, context, text="apples", title="Fruit")
    assert titles(context, use, query="apples") == ["Fruit"]
    path = context.home / note.file
    path.write_text("# Fruit\n\nquinces and more\n")
    os.utime(path)
    with closing(sqlite3.connect(context.home / "search.db")) as index, index:
        index.execute("UPDATE sources SET looked = looked - 31")
    assert titles(context, use, query="quinces") == ["Fruit"]


def _rows(context: Context) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(context.home / "search.db")) as index:
        return index.execute("SELECT id, key, digest FROM entries").fetchall()
