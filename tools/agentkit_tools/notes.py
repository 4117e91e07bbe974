"""Note tools: Markdown files in the folder notes/."""

from __future__ import annotations

from dataclasses import dataclass

from agentkit import Context, InputNeeded, ToolError, tool
from agentkit_tools._pack import sentences
from agentkit_tools._phrases import bullets
from agentkit_tools._store.notebook import (
    Page,
    add_page,
    drop_page,
    find_pages,
    page_made,
)

SETTINGS = None
_SAY = sentences("notes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note; `file` is its place below the home folder."""

    title: str
    text: str
    file: str


def _shown(page: Page) -> Note:
    return Note(title=page.title, text=page.text, file=f"notes/{page.path.name}")


def _say_notes(notes: list[Note]) -> str:
    if not notes:
        return "There is no such note."
    if len(notes) == 1:
        return f"{notes[0].title}:\n{notes[0].text}"
    return f"{len(notes)} notes:\n{bullets([note.title for note in notes])}"


def _say_noted(note: Note) -> str:
    return f"Noted “{note.title}”."


def _preview_note(context: Context, text: str, title: str) -> str:
    heading = f" “{title}”" if title else ""
    return f"Write a note{heading}: {text}"


def _undo_note(note: Note, context: Context) -> str:
    if not drop_page(context.home, note.file, note.title, note.text):
        raise ToolError(f"The note {note.file} was changed since; it stays.")
    return f"Took out the note “{note.title}” again."


def _settle_note(context: Context, **_: object) -> Note | None:
    page = page_made(context.home)
    return _shown(page) if page else None


@tool(
    effect="write",
    examples=_SAY["take_note"],
    wording=_say_noted,
    preview=_preview_note,
    undo=_undo_note,
    settle=_settle_note,
)
def take_note(context: Context, text: str, title: str = "") -> Note:
    """Write something down as a note.

    Args:
        text: what to write down.
        title: heading of the note; its first words when left out.
    """
    if not text.strip():
        raise InputNeeded("text", "What shall I write down?")
    return _shown(add_page(context.home, title, text))


@tool(
    effect="read",
    personal=True,
    examples=_SAY["find_notes"],
    wording=_say_notes,
)
def find_notes(context: Context, query: str = "") -> list[Note]:
    """Find notes by their words.

    Args:
        query: words in the note; all notes when left out.
    """
    return [_shown(page) for page in find_pages(context.home, query)]
