"""What was taken back is done again: in its order, checked anew, and sent by leave only."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from agentkit import Agent, Context, ToolError, tool
from agentkit.backends import ReflexBackend, ScriptedBackend
from agentkit.discovery import installed_tools
from agentkit.stores.journal import Journal, JournalEntry, redo_last, undo_last
from agentkit.tools import Toolset

SHELF: list[str] = []


def _down(result: str, context: Context) -> None:
    SHELF.remove(result)


@tool(effect="write", undo=_down)
def put_up(book: str) -> str:
    """Put a book on the shelf.

    Args:
        book: its name.
    """
    if book in SHELF:
        raise ToolError(f"{book} is on the shelf already.")
    SHELF.append(book)
    return book


@tool(effect="send", undo=_down)
def send_up(book: str) -> str:
    """Send a book to the shelf.

    Args:
        book: its name.
    """
    SHELF.append(book)
    return book


TOOLS = Toolset([put_up, send_up])


def shelved(home: Path, *calls: str) -> Journal:
    """Carry calls out, each in a run of its own, and take all of them back."""
    SHELF.clear()
    for call in calls:
        Agent(
            TOOLS,
            ScriptedBackend([f"[{call}]", "Done."]),
            context=Context(home=home),
            approve=lambda _: True,
        ).run("Do it")
    journal = Journal(home)
    asyncio.run(undo_last(journal, TOOLS, Context(home=home), len(calls)))
    assert SHELF == []
    return journal


def again(
    journal: Journal, home: Path, count: int = 1, said: str = ""
) -> list[tuple[bool, str]]:
    """Do so many again; `said` is who lets it be sent."""

    def leave(_: JournalEntry) -> str:
        return said

    redone = asyncio.run(redo_last(journal, TOOLS, Context(home=home), count, leave))
    return [(one.done, one.text) for one in redone]


def test_undo_and_redo_go_to_and_fro(tmp_path: Path) -> None:
    """What was taken back last comes first, and each keeps its place in the journal."""
    journal = shelved(tmp_path, "put_up(book='Dune')", "put_up(book='Emma')")
    assert [done for done, _ in again(journal, tmp_path)] == [True]
    assert SHELF == ["Dune"]
    assert len(again(journal, tmp_path, 2)) == 1
    assert SHELF == ["Dune", "Emma"]
    asyncio.run(undo_last(journal, TOOLS, Context(home=tmp_path), 1))
    assert SHELF == ["Dune"]
    again(journal, tmp_path)
    assert SHELF == ["Dune", "Emma"]
    assert [one.number for one in journal.entries()] == [2, 1]
    assert again(journal, tmp_path) == []


def test_what_was_changed_since_is_told(tmp_path: Path) -> None:
    """Where the tool says no, the effect stays undone, and the tool's reason is told."""
    journal = shelved(tmp_path, "put_up(book='Dune')")
    SHELF.append("Dune")
    assert again(journal, tmp_path) == [(False, "Dune is on the shelf already.")]
    assert [one.state for one in journal.entries()] == ["undone"]
    SHELF.clear()
    assert [done for done, _ in again(journal, tmp_path)] == [True]


@pytest.mark.parametrize(("said", "sent"), [("", []), ("the user said yes", ["Dune"])])
def test_nothing_is_sent_again_unasked(
    said: str, sent: list[str], tmp_path: Path
) -> None:
    """A send is done again only where somebody lets it, once more."""
    journal = shelved(tmp_path, "send_up(book='Dune')")
    assert [done for done, _ in again(journal, tmp_path, said=said)] == [bool(sent)]
    assert sent == SHELF


def ask(home: Path, text: str) -> str:
    """Ask an assistant of the home; each request is a run of its own."""
    context = Context(home=home)
    agent = Agent(
        installed_tools(), ReflexBackend(), context=context, approve=lambda _: True
    )
    return agent.run(text).text


@pytest.mark.parametrize(
    "said",
    ["redo that", "put it back again", "stell das wieder her", "rétablis ça", "rifallo",
     "refaz isso", "rehazlo", "फिर से करो", "ทำอีกครั้ง"],
)  # fmt: skip
def test_it_is_asked_for_in_eight_languages(said: str, tmp_path: Path) -> None:
    """What "undo that" took back is there again, and another undo takes it back."""
    ask(tmp_path, "add milk to the shopping list")
    ask(tmp_path, "undo that")
    assert "milk" in ask(tmp_path, said)
    assert "milk" in ask(tmp_path, "what is on my shopping list")
    ask(tmp_path, "undo that")
    assert "milk" not in ask(tmp_path, "what is on my shopping list")


def test_nothing_was_taken_back(tmp_path: Path) -> None:
    """Where there is nothing to do again, that is said."""
    assert "nothing to do again" in ask(tmp_path, "redo that")
