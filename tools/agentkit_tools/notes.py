"""Note tools: Markdown files in the folder notes/."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from agentkit import Context, InputNeeded, ToolError, tool
from agentkit_tools._cut_off_calls import try_again
from agentkit_tools._pack import sentences
from agentkit_tools._people import either
from agentkit_tools._phrases import bullets, counted, phrase
from agentkit_tools._store.notebook import (
    Page,
    add_page,
    drop_page,
    find_pages,
    page_made,
    put_page,
)
from agentkit_tools._store.resemblance import closest

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
        return phrase("There is no such note.")
    if len(notes) == 1:
        return f"{notes[0].title}:\n{notes[0].text}"
    titles = bullets([note.title for note in notes])
    return f"{counted(len(notes), 'note')}:\n{titles}"


def _say_noted(note: Note) -> str:
    return phrase("Noted “{title}”.", title=note.title)


def _preview_note(context: Context, text: str, title: str) -> str:
    heading = phrase(" “{name}”", name=title) if title else ""
    return phrase("Write a note{heading}: {text}", heading=heading, text=text)


def _undo_note(note: Note, context: Context) -> str:
    if not drop_page(context.home, note.file, note.title, note.text):
        raise ToolError(_changed_since(note))
    return phrase("Took out the note “{title}” again.", title=note.title)


def _changed_since(note: Note) -> str:
    return phrase("The note {file} was changed since; it stays.", file=note.file)


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
        raise InputNeeded("text", phrase("What shall I write down?"))
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


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletedNote:
    """A note that was deleted, as it was."""

    note: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Extended:
    """A note that was added to; `before` is its text as it was."""

    note: Note
    before: str


def _pick(context: Context, query: str) -> Page:
    """Return the one note that is meant.

    Raises:
        InputNeeded: several may be meant.
        ToolError: there is none.
    """
    if not query.strip():
        raise InputNeeded("query", phrase("Which note do you mean?"))
    # By title first, then by text: `closest` looks at the second where the first has
    # not all words.
    pages = find_pages(context.home)
    found = closest(query, pages, lambda page: page.title, lambda page: page.text)
    # Titles that are only much like the words are offered, and never changed unasked.
    if found.sure and len(found.items) == 1:
        return found.items[0]
    # Six are as many as can be told apart when they are read aloud.
    titles = tuple(page.title for page in found.items[:6])
    if titles:
        question = phrase("Which note: {choices}?", choices=either(titles))
        raise InputNeeded("query", question, titles)
    raise ToolError(phrase("There is no note about {query!r}.", query=query))


def _page(note: Note, text: str) -> Page:
    return Page(note.title, text, Path(note.file))


def _say_deleted(done: DeletedNote) -> str:
    return phrase("Deleted the note “{title}”.", title=done.note.title)


def _preview_drop(context: Context, query: str) -> str:
    return phrase("Delete the note “{title}”.", title=_pick(context, query).title)


def _undo_drop(done: DeletedNote, context: Context) -> str:
    if not put_page(context.home, _page(done.note, done.note.text), None):
        raise ToolError(
            phrase("There is another note {file} now; it stays.", file=done.note.file)
        )
    return phrase("Put the note “{title}” back.", title=done.note.title)


@tool(
    effect="delete",
    examples=_SAY["delete_note"],
    wording=_say_deleted,
    preview=_preview_drop,
    undo=_undo_drop,
    settle=try_again,
)
def delete_note(context: Context, query: str) -> DeletedNote:
    """Delete a note.

    Args:
        query: words in its heading or text.
    """
    page = _pick(context, query)
    note = _shown(page)
    if not drop_page(context.home, note.file, note.title, note.text):
        raise ToolError(_changed_just_now(note))
    return DeletedNote(note=note)


def _changed_just_now(note: Note) -> str:
    return phrase("The note {file} was changed just now; try again.", file=note.file)


def _say_extended(done: Extended) -> str:
    return phrase("Added to the note “{title}”.", title=done.note.title)


def _preview_extend(context: Context, query: str, text: str) -> str:
    title = _pick(context, query).title
    return phrase("Add to the note “{title}”: {text}", title=title, text=text)


def _undo_extend(done: Extended, context: Context) -> str:
    now = _page(done.note, done.note.text)
    if not put_page(context.home, _page(done.note, done.before), now):
        raise ToolError(_changed_since(done.note))
    return phrase(
        "Took the last words of the note “{title}” out again.", title=done.note.title
    )


def _settle_extend(context: Context, query: str, text: str) -> Extended | None:
    page = _pick(context, query)
    # A note that ends in the words has them: the call was carried out.
    before = page.text.removesuffix(text.strip()).strip()
    if before == page.text:
        return None
    return Extended(note=_shown(page), before=before)


@tool(
    effect="write",
    examples=_SAY["add_to_note"],
    wording=_say_extended,
    preview=_preview_extend,
    undo=_undo_extend,
    settle=_settle_extend,
)
def add_to_note(context: Context, query: str, text: str) -> Extended:
    """Add words to a note that is there.

    Args:
        query: words in its heading.
        text: what to add.
    """
    if not text.strip():
        raise InputNeeded("text", phrase("What shall I add to the note?"))
    page = _pick(context, query)
    # On a line of its own, as one adds to a list.
    longer = f"{page.text}\n{text.strip()}".strip()
    note = replace(_shown(page), text=longer)
    # `put_page` compares with what was read: an editor may have the note open.
    if not put_page(context.home, _page(note, longer), page):
        raise ToolError(_changed_just_now(note))
    return Extended(note=note, before=page.text)
