"""One search over the index of the files and that of the messages.

Candidates are what holds all words: all that hold them in the title or in a name,
and the newest of the others. They are ranked by where the words stand and how near
their time is.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from agentkit import Context
from agentkit_tools._store.database import opened
from agentkit_tools._store.index import open_index, refresh
from agentkit_tools._store.mailbox import quoted, utc_stamp
from agentkit_tools._store.names import fold

_MOST, _CANDIDATES, _NEWEST = 10, 300, 300
_TITLE, _PEOPLE, _RECENT = 4.0, 3.0, 1.5
_HALF_LIFE = 90.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is looked for; what is empty does not matter."""

    words: str = ""
    person: str = ""
    start: datetime | None = None
    end: datetime | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that fits.

    Attributes:
        moment: ISO 8601 time of an event, message or reminder; empty otherwise.
    """

    kind: str
    title: str
    snippet: str
    moment: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    row: int
    kind: str
    title: str
    people: str
    moment: str


def search(context: Context, wanted: Wanted) -> tuple[list[Found], str]:
    """Find things that hold all words, best first; and the stores' warning.

    Raises:
        StoreError: a store or the index cannot be used.
    """
    if not quoted(wanted.words) and not wanted.person:
        return [], ""
    things, warning = _things(context, wanted)
    letters, other = _letters(context, wanted)
    both = sorted((*things, *letters), key=lambda pair: -pair[0])[:_MOST]
    warnings = " ".join(text for text in (warning, other) if text)
    return [found for _, found in both], warnings


_Scored = list[tuple[float, Found]]


def _things(context: Context, wanted: Wanted) -> tuple[_Scored, str]:
    if wanted.kind == "message":
        return [], ""
    with open_index(context.home) as database:
        warning = refresh(database, context)
        tests, values = _filters(wanted, "moment", "kind = ?")
        found = _candidates(database, _THINGS, wanted, tests, values)
        best = _best(found, wanted, context)
        return [
            (score, _found(database, _THINGS, one, wanted)) for score, one in best
        ], warning


def _letters(context: Context, wanted: Wanted) -> tuple[_Scored, str]:
    if (
        wanted.kind not in ("", "message")
        or not (context.home / "messages.db").exists()
    ):
        return [], ""
    with opened(context.home, context.now) as store:
        tests, values = _filters(wanted, "sent", "")
        found = _candidates(store.database, _MAIL, wanted, tests, values)
        best = _best(found, wanted, context)
        return [
            (score, _found(store.database, _MAIL, one, wanted)) for score, one in best
        ], store.warning


@dataclass(frozen=True, slots=True)
class _Table:
    """Where an index keeps what: its FTS5 table, and the rows beside it."""

    words: str
    rows: str
    columns: str
    title: str
    people: str
    body: int


_THINGS = _Table(
    words="things",
    rows="entries JOIN things ON things.rowid = entries.id",
    columns="entries.id, kind, title, people, moment",
    title="title",
    people="people",
    body=2,
)
_MAIL = _Table(
    words="message_words",
    rows="messages",
    columns="id, 'message', subject, sender || ' ' || address, sent",
    title="subject",
    people="sender",
    body=2,
)


def _filters(wanted: Wanted, moment: str, kind: str) -> tuple[list[str], list[Any]]:
    tests: list[str] = []
    values: list[Any] = []
    if wanted.start:
        tests.append(f"julianday({moment}) >= julianday(?)")
        values.append(utc_stamp(wanted.start))
    if wanted.end:
        tests.append(f"julianday({moment}) < julianday(?)")
        values.append(utc_stamp(wanted.end))
    if wanted.kind and kind:
        tests.append(kind)
        values.append(wanted.kind)
    return tests, values


def _candidates(
    database: sqlite3.Connection,
    table: _Table,
    wanted: Wanted,
    tests: Sequence[str],
    values: Sequence[Any],
) -> list[_Candidate]:
    numbers: dict[int, None] = {}
    for match in _matches(table, wanted):
        query = (
            f"SELECT rowid FROM {table.words} WHERE {table.words} MATCH ? "
            "ORDER BY rowid DESC LIMIT ?"
        )
        most = _CANDIDATES if not tests else 20 * _CANDIDATES
        numbers |= dict.fromkeys(r for (r,) in database.execute(query, (match, most)))
    if table is _MAIL:
        numbers |= dict.fromkeys(_newest(database, wanted, tests, values))
    found: list[_Candidate] = []
    every = list(numbers)
    for first in range(0, len(every), 500):
        part = every[first : first + 500]
        key = table.columns.partition(",")[0]
        where = " AND ".join([f"{key} IN ({','.join('?' * len(part))})", *tests])
        rows = database.execute(
            f"SELECT {table.columns} FROM {table.rows} WHERE {where}", (*part, *values)
        )
        found += [_Candidate(*row) for row in rows]
    return found


def _matches(table: _Table, wanted: Wanted) -> list[str]:
    """The queries whose hits are ranked: words in the title, in a name, anywhere."""
    words, person = quoted(wanted.words), quoted(wanted.person)
    named = f"{{{table.people} {table.title}}} : ({person})" if person else ""
    if not words:
        return [named]
    fields = (f"{{{table.title}}} : ", f"{{{table.people}}} : ", "")
    tail = f" AND {named}" if named else ""
    return [f"({field}({words})){tail}" for field in fields]


def _newest(
    database: sqlite3.Connection,
    wanted: Wanted,
    tests: Sequence[str],
    values: Sequence[Any],
) -> list[int]:
    """The newest messages that fit: old ones may have been imported last."""
    where = f"WHERE {' AND '.join(tests)}" if tests else ""
    rows = database.execute(
        f"SELECT id FROM messages {where} ORDER BY sent DESC LIMIT ?",
        (*values, _NEWEST),
    )
    numbers = [row for (row,) in rows]
    match = _matches(_MAIL, wanted)[-1]
    marks = ",".join("?" * len(numbers))
    found = database.execute(
        "SELECT rowid FROM message_words "
        f"WHERE message_words MATCH ? AND rowid IN ({marks})",
        (match, *numbers),
    )
    return [row for (row,) in found]


def _best(
    found: Iterable[_Candidate], wanted: Wanted, context: Context
) -> list[tuple[float, _Candidate]]:
    words = fold(f"{wanted.words} {wanted.person}").split()
    scored = [(_score(one, words, context.now), one) for one in found]
    return sorted(scored, key=lambda pair: (-pair[0], pair[1].row))[:_MOST]


def _score(one: _Candidate, words: list[str], now: datetime) -> float:
    title, people = fold(one.title), fold(one.people)
    hits = sum(
        _TITLE * (word in title) + _PEOPLE * (word in people) for word in words
    ) / max(len(words), 1)
    whole = 2.0 * (title == " ".join(words))
    return hits + whole + _RECENT * _nearness(one.moment, now)


def _nearness(moment: str, now: datetime) -> float:
    """Return 1 for now, less the further away; what has no time is in between."""
    if not moment:
        return 0.3
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return 0.0
    days = abs((now - (at if at.tzinfo else at.replace(tzinfo=UTC))).total_seconds())
    return math.exp2(-days / 86_400 / _HALF_LIFE)


def _found(
    database: sqlite3.Connection, table: _Table, one: _Candidate, wanted: Wanted
) -> Found:
    match = _matches(table, wanted)[-1]
    row = database.execute(
        f"SELECT snippet({table.words}, {table.body}, '', '', '…', 16) "
        f"FROM {table.words} WHERE {table.words} MATCH ? AND rowid = ?",
        (match, one.row),
    ).fetchone()
    title = one.title or f"from {one.people.partition(' ')[0]}"
    return Found(one.kind, title, str(row[0]) if row else "", one.moment)
