"""Things and messages found by their words, in the full-text indexes.

Candidates are what holds all words: the newest that hold them in the title, in a
name, and anywhere. They are ranked by where the words stand and how near their time is.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from agentkit import Context
from agentkit.language import fold
from agentkit_tools._store.letter_search import quoted
from agentkit_tools._store.mailbox import utc_stamp
from agentkit_tools._store.messages_db import id_of

# Hits of an answer, rows of each query that are ranked, and ids in one statement, of which
# old versions of SQLite take 999.
MOST, _CANDIDATES, _SLICE = 10, 120, 500
# Words of a snippet: before the hit and in all; characters of a text that are looked at.
_BEFORE, _AROUND, _READ = 4, 16, 20_000
# A word in the title says more than one in a name, and either more than a recent date.
_TITLE, _PEOPLE, _RECENT = 4.0, 3.0, 1.5
# Days after which, or before which, a date counts half.
_HALF_LIFE = 90.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LexicalQuery:
    """What is looked for; what is empty does not matter."""

    words: str = ""
    person: str = ""
    start: datetime | None = None
    end: datetime | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class LexicalMatch:
    """One thing that fits.

    Attributes:
        moment: ISO 8601 time of an event, message or reminder; empty otherwise.
    """

    kind: str
    title: str
    snippet: str
    moment: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that holds the words."""

    row: int
    kind: str
    title: str
    people: str
    moment: str


@dataclass(frozen=True, slots=True)
class RankedHit:
    """A thing that fits, how well, and where it stands: an index and a row."""

    score: float
    place: tuple[str, int]
    found: LexicalMatch


# SQL conditions, and the values for their question marks.
Filters = tuple[list[str], list[Any]]
_NONE: Filters = ([], [])


@dataclass(frozen=True, slots=True)
class Table:
    """Where an index keeps what: its FTS5 table, and the rows beside it."""

    words: str
    rows: str
    columns: str
    title: str
    people: str
    body: str


THINGS = Table(
    words="things",
    rows="entries JOIN things ON things.rowid = entries.id",
    columns="entries.id, kind, title, people, moment",
    title="title",
    people="people",
    body="body",
)
MAIL = Table(
    words="message_words",
    rows="messages",
    columns="id, 'message', subject, sender || ' ' || address, sent",
    title="subject",
    people="sender address",
    body="text",
)


def filters_of(wanted: LexicalQuery) -> Filters:
    """Make tests of the rows beside the index of things."""
    tests: list[str] = []
    values: list[Any] = []
    if wanted.start:
        tests.append("julianday(moment) >= julianday(?)")
        values.append(utc_stamp(wanted.start))
    if wanted.end:
        tests.append("julianday(moment) < julianday(?)")
        values.append(utc_stamp(wanted.end))
    if wanted.kind:
        tests.append("kind = ?")
        values.append(wanted.kind)
    return tests, values


def span_of(wanted: LexicalQuery) -> Filters:
    """Make tests of the ids of messages, which are ordered by time."""
    tests: list[str] = []
    values: list[Any] = []
    if wanted.start:
        tests, values = ["rowid >= ?"], [id_of(wanted.start)]
    if wanted.end:
        tests, values = [*tests, "rowid < ?"], [*values, id_of(wanted.end)]
    return tests, values


def rank(
    database: sqlite3.Connection,
    table: Table,
    wanted: LexicalQuery,
    filters: Filters,
    context: Context,
) -> list[RankedHit]:
    """Return the best things of one index that hold the words, and how well they fit."""
    found = _candidates(database, table, wanted, filters, prefix=False)
    if len(found) < MOST:
        # Beginnings of words read the rows of all words that begin so: only then.
        found = _candidates(database, table, wanted, filters, prefix=True)
    words = fold(f"{wanted.words} {wanted.person}").split()
    best = sorted(
        ((_score(one, words, context.now), one) for one in found),
        key=lambda pair: (-pair[0], pair[1].row),
    )[:MOST]
    return [
        RankedHit(score, (table.words, one.row), found_of(database, table, one, words))
        for score, one in best
    ]


def _candidates(
    database: sqlite3.Connection,
    table: Table,
    wanted: LexicalQuery,
    filters: Filters,
    *,
    prefix: bool,
) -> list[Candidate]:
    # A message's row id holds its time, so that the index itself can narrow by it.
    inside, beside = (filters, _NONE) if table is MAIL else (_NONE, filters)
    # A filter beside the index throws rows away afterwards: more have to be read.
    most = 20 * _CANDIDATES if beside[0] else _CANDIDATES
    tests = " AND ".join([f"{table.words} MATCH ?", *inside[0]])
    query = f"SELECT rowid FROM {table.words} WHERE {tests} ORDER BY rowid DESC LIMIT ?"
    numbers: dict[int, None] = {}
    for match in _matches(table, wanted, prefix=prefix):
        rows = database.execute(query, (match, *inside[1], most))
        numbers |= dict.fromkeys(row for (row,) in rows)
    return list(rows_of(database, table, list(numbers), beside))


def rows_of(
    database: sqlite3.Connection, table: Table, numbers: list[int], filters: Filters
) -> Iterator[Candidate]:
    """Yield the rows of some numbers that pass the filters."""
    tests, values = filters
    key = table.columns.partition(",")[0]
    for first in range(0, len(numbers), _SLICE):
        part = numbers[first : first + _SLICE]
        where = " AND ".join([f"{key} IN ({','.join('?' * len(part))})", *tests])
        for row in database.execute(
            f"SELECT {table.columns} FROM {table.rows} WHERE {where}", (*part, *values)
        ):
            yield Candidate(*row)


def _matches(table: Table, wanted: LexicalQuery, *, prefix: bool) -> list[str]:
    """Return the queries whose hits are ranked: words in the title, a name, anywhere."""
    words = quoted(wanted.words, prefix=prefix)
    person = quoted(wanted.person, prefix=prefix)
    named = f"{{{table.people} {table.title}}} : ({person})" if person else ""
    if not words:
        return [named]
    fields = (f"{{{table.title}}} : ", f"{{{table.people}}} : ", "")
    tail = f" AND {named}" if named else ""
    return [f"({field}({words})){tail}" for field in fields]


def _score(one: Candidate, words: list[str], now: datetime) -> float:
    title, people = fold(one.title), fold(one.people)
    # The mean over the words: scores of short and long questions can be compared.
    hits = sum(
        _TITLE * (word in title) + _PEOPLE * (word in people) for word in words
    ) / max(len(words), 1)
    # The title is exactly what was asked for.
    whole = 2.0 * (title == " ".join(words))
    return hits + whole + _RECENT * _nearness(one.moment, now)


def _nearness(moment: str, now: datetime) -> float:
    """Return 1 for now, less the further away; what has no time is in between."""
    # Contacts and notes have no time: like something of five months ago.
    if not moment:
        return 0.3
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return 0.0
    days = abs((now - (at if at.tzinfo else at.replace(tzinfo=UTC))).total_seconds())
    return math.exp2(-days / 86_400 / _HALF_LIFE)


def found_of(
    database: sqlite3.Connection, table: Table, one: Candidate, words: list[str]
) -> LexicalMatch:
    """Read a row's text, and show the words of it around the first hit."""
    row = database.execute(
        f"SELECT {table.body} FROM {table.words} WHERE rowid = ?", (one.row,)
    ).fetchone()
    title = one.title or f"from {one.people.partition(' ')[0]}"
    return LexicalMatch(
        one.kind, title, _snippet(str(row[0]) if row else "", words), one.moment
    )


def _snippet(body: str, words: list[str]) -> str:
    """Return the words around the first hit."""
    parts = body[:_READ].split()
    hits = (n for n, part in enumerate(parts) if any(w in fold(part) for w in words))
    first = max(0, next(hits, 0) - _BEFORE)
    cut = " ".join(parts[first : first + _AROUND])
    return f"{'…' * (first > 0)}{cut}{'…' * (first + _AROUND < len(parts))}"
