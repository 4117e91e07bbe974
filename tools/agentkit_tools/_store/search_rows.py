"""What the search index holds of each store, and how it sees what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b
from pathlib import Path

from agentkit import Context
from agentkit_tools._store.almanac import Almanac
from agentkit_tools._store.blocks import Blocks
from agentkit_tools._store.card_book import read_cards
from agentkit_tools._store.card_files import card_paths
from agentkit_tools._store.event_components import Occurrence
from agentkit_tools._store.folder import calendar_paths
from agentkit_tools._store.notebook import note_files, read_page
from agentkit_tools._store.occurrences import occurrences
from agentkit_tools._store.todos import Todo, read_todos
from agentkit_tools._store.vcards import Card

# A little more than a year: a yearly event has its last time and its next one in it.
_PAST, _FUTURE = timedelta(days=400), timedelta(days=400)
# Events that are read at a time, so that a large calendar is never in memory whole.
_PIECE = 500


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that can be found; its key is unique in its store."""

    key: str
    kind: str
    title: str
    body: str = ""
    people: str = ""
    moment: str = ""


@dataclass(frozen=True, slots=True)
class Scan:
    """What a store holds now.

    Attributes:
        digests: key to a digest of what the row is made of.
        load: makes the rows of some keys.
        warning: what could not be read.
    """

    digests: dict[str, str]
    load: Callable[[list[str]], Iterator[Row]]
    warning: str = ""


@dataclass(frozen=True, slots=True)
class IndexSource:
    """One store, as the index reads it.

    Attributes:
        files: the files and folders whose change makes it be looked through.
        scan: looks through it.
        daily: it is looked through each day, because what comes next changes.
        patience: after how many seconds it is looked through in any case: a file
            that is changed in place does not change its folder.
    """

    name: str
    files: Callable[[Path], list[Path]]
    scan: Callable[[Context], Scan]
    daily: bool = False
    patience: float = 0.0


def _digest(*parts: str) -> str:
    return blake2b(
        "\0".join(parts).encode("utf-8", "replace"), digest_size=12
    ).hexdigest()


def _made(rows: Iterable[Row], warning: str) -> Scan:
    """Scan a small store, whose rows are cheap to make."""
    made = {row.key: row for row in rows}
    digests = {
        key: _digest(row.kind, row.title, row.body, row.people, row.moment)
        for key, row in made.items()
    }
    return Scan(digests, lambda keys: (made[key] for key in keys), warning)


def _events(context: Context) -> Scan:
    """One row per event: its next time, else its last."""
    almanac = Almanac(context.home, context.now)
    today = f"{context.now:%Y-%m-%d}"
    digests = {
        # A series has another next time each day, though its text is the same.
        uid: _digest(text, today if repeats else "")
        for uid, (text, repeats) in almanac.digests().items()
    }

    def load(keys: list[str]) -> Iterator[Row]:
        for first in range(0, len(keys), _PIECE):
            group = almanac.events(keys[first : first + _PIECE])
            yield from _event_rows(group, context)

    return Scan(digests, load, almanac.warning)


def _event_rows(blocks: Blocks, context: Context) -> Iterator[Row]:
    now = context.now
    found = occurrences(blocks, now - _PAST, now + _FUTURE, context.tz)
    # In order of time: the last of the past stays, and with `reversed` the next to
    # come.
    past = {item.uid: item for item in found if item.end < now}
    coming = {item.uid: item for item in reversed(found) if item.end >= now}
    return map(_event, (past | coming).values())


def _event(item: Occurrence) -> Row:
    body = "\n".join(part for part in (item.location, item.note) if part)
    people = " ".join(item.guests)
    return Row(item.uid, "event", item.title, body, people, item.start.isoformat())


def _cards(context: Context) -> Scan:
    book = read_cards(context.home, context.now)
    return _made(map(_card, _numbered(book.cards)), book.warning)


def _card(numbered: tuple[str, Card]) -> Row:
    key, card = numbered
    return Row(
        key=key,
        kind="contact",
        title=card.name,
        body=", ".join((*card.emails, *card.phones, card.organization, card.note)),
        people=" ".join((card.name, *card.nicknames, *card.relations)),
    )


def _numbered(cards: Iterable[Card]) -> Iterator[tuple[str, Card]]:
    for number, card in enumerate(cards):
        # Without a UID its place stands for it; it is indexed again when that changes.
        yield card.block.uid or str(number), card


def _todos(name: str, row: Callable[[int, Todo], Row]) -> Callable[[Context], Scan]:
    def scan(context: Context) -> Scan:
        found = read_todos(context.home / name, context.now)
        items = (todo for todo in found.items if todo.text and not todo.done)
        return _made((row(n, todo) for n, todo in enumerate(items)), found.warning)

    return scan


def _reminder(number: int, todo: Todo) -> Row:
    due = todo.due.isoformat() if todo.due else ""
    return Row(todo.uid or str(number), "reminder", todo.text, moment=due)


def _list_item(number: int, todo: Todo) -> Row:
    body = f"on the list {todo.kind}"
    return Row(todo.uid or str(number), "list item", todo.text, body)


def _notes(context: Context) -> Scan:
    folder = context.home / "notes"
    digests: dict[str, str] = {}
    for path in note_files(context.home):
        found = path.stat()
        # The stamp spares reading notes that did not change.
        digests[path.name] = f"{found.st_mtime_ns}:{found.st_size}"

    def load(keys: list[str]) -> Iterator[Row]:
        for key in keys:
            page = read_page(folder / key)
            yield Row(key, "note", page.title, page.text)

    return Scan(digests, load)


def _one(name: str) -> Callable[[Path], list[Path]]:
    return lambda home: [home / name]


# A file that is replaced changes its folder; 30 seconds are for editors that write in place.
SOURCES = (
    IndexSource("calendar", calendar_paths, _events, daily=True, patience=30.0),
    IndexSource("contacts", card_paths, _cards),
    IndexSource("reminders", _one("reminders.ics"), _todos("reminders.ics", _reminder)),
    IndexSource("lists", _one("lists.ics"), _todos("lists.ics", _list_item)),
    IndexSource("notes", _one("notes"), _notes, patience=30.0),
)
