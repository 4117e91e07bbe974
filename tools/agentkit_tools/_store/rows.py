"""What the search index holds of each store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from agentkit import Context
from agentkit_tools._store.events import Occurrence, occurrences
from agentkit_tools._store.ics import read_ics
from agentkit_tools._store.mailbox import Search, find_letters
from agentkit_tools._store.notebook import find_pages, note_files
from agentkit_tools._store.todos import read_todos
from agentkit_tools._store.vcards import read_cards

_PAST, _FUTURE = timedelta(days=400), timedelta(days=400)
_MOST_LETTERS = 200_000


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that can be found."""

    kind: str
    title: str
    body: str = ""
    people: str = ""
    moment: str = ""


Rows = tuple[list[Row], str]


@dataclass(frozen=True, slots=True)
class Source:
    """One store, as the index reads it.

    Attributes:
        files: the files whose change makes it be read again.
        read: its rows, and what of it could not be read.
        daily: it is read again each day, because what comes next changes.
    """

    name: str
    files: Callable[[Path], list[Path]]
    read: Callable[[Context], Rows]
    daily: bool = False


def _events(context: Context) -> Rows:
    """Return one row per event: its next time, else its last."""
    shelf = read_ics(context.home / "calendar.ics", context.now)
    now = context.now
    found = occurrences(shelf.blocks, now - _PAST, now + _FUTURE, context.tz)
    past = {item.uid: item for item in found if item.end < now}
    coming = {item.uid: item for item in reversed(found) if item.end >= now}
    rows = [_event(item) for item in (past | coming).values()]
    return rows, shelf.warning


def _event(item: Occurrence) -> Row:
    body = "\n".join(part for part in (item.location, item.note) if part)
    people = " ".join(item.guests)
    return Row("event", item.title, body, people, item.start.isoformat())


def _letters(context: Context) -> Rows:
    letters, warning = find_letters(
        context.home, Search(count=_MOST_LETTERS), context.now
    )
    rows = [
        Row(
            kind="message",
            title=letter.subject or f"from {letter.sender}",
            body=letter.text,
            people=f"{letter.sender} {letter.address}",
            moment=letter.sent.astimezone(context.tz).isoformat(),
        )
        for letter in letters
    ]
    return rows, warning


def _cards(context: Context) -> Rows:
    book = read_cards(context.home, context.now)
    rows = [
        Row(
            kind="contact",
            title=card.name,
            body=", ".join((*card.emails, *card.phones, card.organization, card.note)),
            people=" ".join((card.name, *card.nicknames, *card.relations)),
        )
        for card in book.cards
    ]
    return rows, book.warning


def _reminders(context: Context) -> Rows:
    found = read_todos(context.home / "reminders.ics", context.now)
    rows = [
        Row("reminder", todo.text, moment=todo.due.isoformat() if todo.due else "")
        for todo in found.items
        if not todo.done
    ]
    return rows, found.warning


def _lists(context: Context) -> Rows:
    found = read_todos(context.home / "lists.ics", context.now)
    rows = [
        Row("list item", todo.text, f"on the list {todo.kind}")
        for todo in found.items
        if todo.text
    ]
    return rows, found.warning


def _notes(context: Context) -> Rows:
    pages = find_pages(context.home)
    return [Row("note", page.title, page.text) for page in pages], ""


def _one(name: str) -> Callable[[Path], list[Path]]:
    return lambda home: [home / name]


def _mail_files(home: Path) -> list[Path]:
    return [home / "messages.db", home / "messages.db-wal"]


SOURCES = (
    Source("calendar", _one("calendar.ics"), _events, daily=True),
    Source("messages", _mail_files, _letters),
    Source("contacts", _one("contacts.vcf"), _cards),
    Source("reminders", _one("reminders.ics"), _reminders),
    Source("lists", _one("lists.ics"), _lists),
    Source("notes", note_files, _notes),
)
