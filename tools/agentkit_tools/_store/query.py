"""One search over the files and the messages, by words and by likeness.

By words alone, or, where the user has named an embedding model, by words and by
likeness: the two lists are merged by their ranks (reciprocal rank fusion).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from agentkit import Context, MissingPackage, StoreError
from agentkit.language import fold
from agentkit_tools._store.letter_search import quoted
from agentkit_tools._store.lexical import (
    MAIL,
    MOST,
    THINGS,
    Filters,
    LexicalMatch,
    LexicalQuery,
    RankedHit,
    Table,
    filters_of,
    found_of,
    rank,
    rows_of,
    span_of,
)
from agentkit_tools._store.messages_db import id_of, opened
from agentkit_tools._store.search_db import open_index, refresh
from agentkit_tools._store.vectors import (
    Embedding,
    Text,
    keep_vectors,
    nearest,
    note_fact,
    open_embedding,
    read_fact,
)

# Things of each index that are ranked by likeness; three times what is shown.
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
    # Reading all ids takes long in a large store: only when its file has changed.
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
    # SQLite writes to the -wal file first.
    for one in (path, path.with_name(f"{path.name}-wal")):
        found = one.stat() if one.exists() else None
        facts.append(f"{found.st_mtime_ns}:{found.st_size}" if found else "-")
    return " ".join(facts)


def like(
    index: sqlite3.Connection,
    database: sqlite3.Connection,
    embedding: Embedding,
    table: Table,
    wanted: LexicalQuery,
) -> list[RankedHit]:
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
    # Things are narrowed by time only afterwards: more have to be looked at.
    most = _MOST if is_mail or not (wanted.start or wanted.end) else 20 * _MOST
    near = dict(
        nearest(index, embedding, table.words, wanted.words, most, (start, end))
    )
    person = fold(wanted.person).split()
    filters: Filters = ([], []) if is_mail else filters_of(wanted)
    words = fold(wanted.words).split()
    hits = [
        RankedHit(
            near[one.row], (table.words, one.row), found_of(database, table, one, words)
        )
        for one in rows_of(database, table, list(near), filters)
        if all(word in fold(f"{one.people} {one.title}") for word in person)
    ]
    return sorted(hits, key=lambda hit: -hit.score)


# Rank 1 counts 1/60, rank 2 1/61: the usual constant of reciprocal rank fusion (Cormack
# and others, 2009).
_FLAT = 60


@dataclass(frozen=True, slots=True)
class _Part:
    """What one index has; `late` is what has no vector yet."""

    worded: list[RankedHit]
    alike: list[RankedHit]
    damage: str = ""
    late: int = 0


_NOTHING = _Part([], [])


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a search has found, best first.

    Attributes:
        damage: what of the stores could not be read.
        fault: why the embedding model was not used.
        note: what the model does not know yet.
    """

    found: list[LexicalMatch]
    damage: str = ""
    fault: str = ""
    note: str = ""


def search(context: Context, wanted: LexicalQuery) -> Outcome:
    """Find things that hold all words, or are like them.

    Raises:
        StoreError: a store or the index cannot be used.
    """
    # Nothing that could be looked for, such as "?".
    if not quoted(wanted.words) and not wanted.person:
        return Outcome([])
    embedding, fault = _embedding(context) if wanted.words.strip() else (None, "")
    things = _things(context, wanted, embedding)
    letters = _letters(context, wanted, embedding)
    worded = sorted((*things.worded, *letters.worded), key=lambda hit: -hit.score)
    alike = sorted((*things.alike, *letters.alike), key=lambda hit: -hit.score)
    # Scores of words and of likeness cannot be compared; ranks can.
    best = _fused(worded, alike) if alike else worded
    late = things.late + letters.late
    note = f"{late} new things are found by their words only, so far." if late else ""
    damage = " ".join(filter(None, (things.damage, letters.damage)))
    return Outcome([hit.found for hit in best[:MOST]], damage, fault, note)


def _embedding(context: Context) -> tuple[Embedding | None, str]:
    """Open the model that the settings name; a fault is reported, and words suffice."""
    named = context.packs.get("search", {}).get("embedding", "")
    if not named:
        return None, ""
    path = Path(str(named)).expanduser()
    try:
        return open_embedding(path if path.is_absolute() else context.home / path), ""
    except (StoreError, MissingPackage) as exc:
        return None, f"{str(exc).removesuffix('.')}. The search went by words only."


def _fused(*lists: list[RankedHit]) -> list[RankedHit]:
    """Merge ranked lists: what stands high in one, or in both, comes first."""
    points: dict[tuple[str, int], float] = {}
    hits: dict[tuple[str, int], RankedHit] = {}
    for ranked in lists:
        for number, hit in enumerate(ranked):
            points[hit.place] = points.get(hit.place, 0.0) + 1 / (_FLAT + number)
            hits.setdefault(hit.place, hit)
    return [hits[place] for place in sorted(points, key=lambda one: -points[one])]


def _things(
    context: Context, wanted: LexicalQuery, embedding: Embedding | None
) -> _Part:
    if wanted.kind == "message":
        return _NOTHING
    with open_index(context.home) as index:
        warning = refresh(index, context)
        worded = rank(index, THINGS, wanted, filters_of(wanted), context)
        if embedding is None:
            return _Part(worded, [], warning)
        late = keep_things(index, embedding)
        alike = like(index, index, embedding, THINGS, wanted)
        return _Part(worded, alike, warning, late)


def _letters(
    context: Context, wanted: LexicalQuery, embedding: Embedding | None
) -> _Part:
    if (
        wanted.kind not in ("", "message")
        or not (context.home / "messages.db").exists()
    ):
        return _NOTHING
    with opened(context.home, context.now) as store:
        worded = rank(store.database, MAIL, wanted, span_of(wanted), context)
        if embedding is None:
            return _Part(worded, [], store.warning)
        with open_index(context.home) as index:
            late = keep_messages(index, store.database, store.path, embedding)
            alike = like(index, store.database, embedding, MAIL, wanted)
        return _Part(worded, alike, store.warning, late)
