"""Things and messages found by likeness to a query, through their vectors."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from agentkit_tools._store.embedding import Embedding
from agentkit_tools._store.lexical import (
    MAIL,
    Filters,
    Hit,
    Table,
    Wanted,
    filters_of,
    found_of,
    rows_of,
)
from agentkit_tools._store.likeness import (
    Text,
    keep_vectors,
    nearest,
    note_fact,
    read_fact,
)
from agentkit_tools._store.names import fold
from agentkit_tools._store.tables import id_of

_MOST = 30


def keep_things(index: sqlite3.Connection, embedding: Embedding) -> int:
    """Embed what is new of the index; return how much still waits."""

    def read(numbers: list[int]) -> Iterator[Text]:
        slots = ",".join("?" * len(numbers))
        for row in index.execute(
            "SELECT id, digest, title || char(10) || people || char(10) || body "
            f"FROM entries JOIN things ON things.rowid = id WHERE id IN ({slots})",
            numbers,
        ):
            yield Text(*row)

    keys = dict(index.execute("SELECT id, digest FROM entries").fetchall())
    return keep_vectors(index, embedding, "things", keys, read)


def keep_messages(
    index: sqlite3.Connection,
    messages: sqlite3.Connection,
    path: Path,
    embedding: Embedding,
) -> int:
    """Embed the new messages; return how many still wait.

    Args:
        index: the search index, which keeps the vectors.
        messages: the store.
        path: its file, whose change tells that there may be new ones.
        embedding: the model.
    """
    stamp = f"{embedding.name} {_stamp(path)}"
    if read_fact(index, "messages seen") == stamp:
        return 0

    def read(numbers: list[int]) -> Iterator[Text]:
        slots = ",".join("?" * len(numbers))
        for row in messages.execute(
            "SELECT id, message_id, subject || char(10) || text "
            f"FROM messages WHERE id IN ({slots})",
            numbers,
        ):
            yield Text(*row)

    query = "SELECT id, message_id FROM messages"
    keys = dict(messages.execute(query).fetchall())
    late = keep_vectors(index, embedding, "message_words", keys, read)
    if not late:
        note_fact(index, "messages seen", stamp)
    return late


def _stamp(path: Path) -> str:
    facts: list[str] = []
    for one in (path, path.with_name(f"{path.name}-wal")):
        found = one.stat() if one.exists() else None
        facts.append(f"{found.st_mtime_ns}:{found.st_size}" if found else "-")
    return " ".join(facts)


def like(
    index: sqlite3.Connection,
    database: sqlite3.Connection,
    embedding: Embedding,
    table: Table,
    wanted: Wanted,
) -> list[Hit]:
    """Return what is most like the query and passes its filters, best first.

    Args:
        index: the search index, which keeps the vectors.
        database: the store that has the rows.
        embedding: the model.
        table: which of the stores.
        wanted: the query.
    """
    is_mail = table is MAIL
    start = id_of(wanted.start) if wanted.start and is_mail else None
    end = id_of(wanted.end) if wanted.end and is_mail else None
    most = _MOST if is_mail or not (wanted.start or wanted.end) else 20 * _MOST
    near = dict(
        nearest(index, embedding, table.words, wanted.words, most, (start, end))
    )
    person = fold(wanted.person).split()
    filters: Filters = ([], []) if is_mail else filters_of(wanted)
    words = fold(wanted.words).split()
    hits = [
        Hit(
            near[one.row], (table.words, one.row), found_of(database, table, one, words)
        )
        for one in rows_of(database, table, list(near), filters)
        if all(word in fold(f"{one.people} {one.title}") for word in person)
    ]
    return sorted(hits, key=lambda hit: -hit.score)
