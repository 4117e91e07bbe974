"""Messages found by their words, writers, readers and time, the newest first."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from agentkit_tools._store.files import open_home
from agentkit_tools._store.mailbox import Letter, letters_of
from agentkit_tools._store.messages_db import id_of, opened

# Letters from which on the beginning of a word matches: shorter ones begin thousands.
_PREFIX = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Which messages are wanted; what is empty does not matter.

    Attributes:
        to: of the user's own messages those to one of these addresses.
    """

    words: str = ""
    sender: str = ""
    to: tuple[str, ...] = ()
    start: datetime | None = None
    end: datetime | None = None
    unread: bool = False
    count: int = 10


def find_letters(home: Path, search: Search, now: datetime) -> tuple[list[Letter], str]:
    """Return the newest messages that fit, newest first, and a warning.

    Raises:
        StoreError: the store cannot be read.
    """
    if not (home / "messages.db").exists():
        if home.exists():
            open_home(home)
        return [], ""
    with opened(home, now) as store:
        numbers = _numbers(store.database, search)
        return letters_of(store.database, numbers), store.warning


def _numbers(database: sqlite3.Connection, search: Search) -> list[int]:
    """Return the ids of the newest messages that fit."""
    words = quoted(search.words)
    writer = quoted(search.sender)
    if search.to:
        return _written_to(database, search, words)
    if not words and not writer:
        # Words were given, but nothing that could be looked for, such as "?!": nothing
        # fits.
        return [] if search.words or search.sender else _newest(database, search)
    from_writer = f"{{sender address}} : ({writer})" if writer else ""
    match = " AND ".join(
        part for part in (from_writer, f"({words})" * bool(words)) if part
    )
    found = _matching(database, search, match)
    # The full-text index knows whole words; a part of a name needs another look.
    if found or not writer:
        return found
    return _written_by(database, search, words)


def _newest(database: sqlite3.Connection, search: Search) -> list[int]:
    tests, values = _span("id", search)
    tests += ["unread = 1"] if search.unread else []
    where = f"WHERE {' AND '.join(tests)}" if tests else ""
    query = f"SELECT id FROM messages {where} ORDER BY id DESC LIMIT ?"
    return [row for (row,) in database.execute(query, (*values, search.count))]


def _matching(database: sqlite3.Connection, search: Search, match: str) -> list[int]:
    """Walk the full-text index from the newest on, until there are enough."""
    tests, values = _span("rowid", search)
    if search.unread:
        # The plus keeps SQLite from asking the index once for each unread message.
        tests.append("+rowid IN (SELECT id FROM messages WHERE unread = 1)")
    where = " AND ".join(["message_words MATCH ?", *tests])
    query = f"SELECT rowid FROM message_words WHERE {where} ORDER BY rowid DESC LIMIT ?"
    rows = database.execute(query, (match, *values, search.count))
    return [row for (row,) in rows]


def _written_by(database: sqlite3.Connection, search: Search, words: str) -> list[int]:
    """Look for a part of the writer's name: not all scripts put spaces between words."""
    tests, values = _span("id", search)
    tests += ["(sender LIKE ? ESCAPE '\\' OR address LIKE ? ESCAPE '\\')"]
    values += [f"%{_plain(search.sender)}%"] * 2
    tests += ["unread = 1"] if search.unread else []
    if words:
        inner = "SELECT rowid FROM message_words WHERE message_words MATCH ?"
        tests, values = [*tests, f"id IN ({inner})"], [*values, words]
    query = (
        # The names alone are walked through, and not the texts beside them.
        "SELECT id FROM messages INDEXED BY messages_writer "
        f"WHERE {' AND '.join(tests)} ORDER BY id DESC LIMIT ?"
    )
    return [row for (row,) in database.execute(query, (*values, search.count))]


def _written_to(database: sqlite3.Connection, search: Search, words: str) -> list[int]:
    """Look for what the user wrote to somebody."""
    tests, values = _span("id", search)
    # LIKE and not equality: the column holds all recipients, one a line.
    anybody = " OR ".join(["recipients LIKE ? ESCAPE '\\'"] * len(search.to))
    tests += ["mine = 1", f"({anybody})"]
    values += [f"%{_plain(address)}%" for address in search.to]
    if words:
        inner = "SELECT rowid FROM message_words WHERE message_words MATCH ?"
        tests, values = [*tests, f"id IN ({inner})"], [*values, words]
    query = (
        f"SELECT id FROM messages WHERE {' AND '.join(tests)} ORDER BY id DESC LIMIT ?"
    )
    return [row for (row,) in database.execute(query, (*values, search.count))]


def _span(column: str, search: Search) -> tuple[list[str], list[Any]]:
    """Make tests of the time span: ids are ordered by time."""
    tests: list[str] = []
    values: list[Any] = []
    if search.start:
        tests, values = [f"{column} >= ?"], [id_of(search.start)]
    if search.end:
        tests, values = [*tests, f"{column} < ?"], [*values, id_of(search.end)]
    return tests, values


def quoted(words: str, *, prefix: bool = True) -> str:
    """Quote words for FTS5, so that none of them is an operator.

    Args:
        words: what a user typed.
        prefix: whether the beginning of a word matches too, from three letters on.
    """
    # A sign alone, such as "-", is no word of the index and would match nothing.
    cleaned = (word.replace('"', "").strip() for word in words.split())
    return " ".join(
        f'"{word}"' + "*" * (prefix and len(word) >= _PREFIX)
        for word in cleaned
        if any(map(str.isalnum, word))
    )


def _plain(text: str) -> str:
    # "%" and "_" stand for anything in LIKE.
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
