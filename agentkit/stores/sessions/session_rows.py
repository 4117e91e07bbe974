"""Rows of `sessions.db` read into records; a damaged row is named and passed over."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar, cast

from agentkit.errors import CorruptStore
from agentkit.messages import Message, ToolResult
from agentkit.outcomes import Ending
from agentkit.stores.sessions.json_forms import from_json
from agentkit.stores.sessions.records import RunRecord, SessionRecord
from agentkit.stores.sessions.session_tables import SessionTables

T = TypeVar("T")

# A session changed when its last run ended, or began; one without a run when it was made.
_LIST = """
SELECT id, created,
    coalesce((SELECT coalesce(nullif(ended, ''), started) FROM runs
        WHERE session = sessions.id ORDER BY number DESC LIMIT 1), changed) AS last, accepted,
    (SELECT count(*) FROM messages WHERE session = sessions.id),
    coalesce((SELECT state FROM runs WHERE session = sessions.id ORDER BY number DESC LIMIT 1),
        ''),
    body
FROM sessions
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A session as it was read, to be continued.

    Attributes:
        session: what it is.
        messages: what was said.
        next: number of the next message.
        run: the last run; None when there is none.
        damaged: what could not be read, and was kept aside.
    """

    session: SessionRecord
    messages: list[Message] = field(default_factory=list[Message])
    next: int = 1
    run: RunRecord | None = None
    damaged: tuple[str, ...] = ()


def read_kept(database: SessionTables, session_id: str) -> Kept:
    """Read all of a session, which must be there."""
    messages, following, damaged = read_messages(database, session_id)
    runs, more = read_runs(database, session_id, last=True)
    session, most = read_session(database, session_id)
    return Kept(
        session=session,
        messages=messages,
        next=following,
        run=runs[-1] if runs else None,
        damaged=(*damaged, *more, *most),
    )


def read_sessions(
    database: SessionTables,
) -> tuple[tuple[SessionRecord, ...], tuple[str, ...]]:
    """Read all sessions, latest first, and what is damaged."""
    found: list[SessionRecord] = []
    damaged: list[str] = []
    rows = database.rows(f"{_LIST} ORDER BY rowid DESC")
    for session_id, *columns, body in sorted(rows, key=_when, reverse=True):
        facts = _readable(database, "sessions", (session_id,), body, _facts, damaged)
        found.append(_session(session_id, columns, facts or {}))
    return tuple(found), tuple(damaged)


def _when(row: tuple[Any, ...]) -> tuple[datetime, datetime]:
    """Return when a session changed, and was made.

    As text, times of two offsets would not sort: after a journey, or in winter.
    """
    return datetime.fromisoformat(row[2]), datetime.fromisoformat(row[1])


def read_session(
    database: SessionTables, session_id: str
) -> tuple[SessionRecord, tuple[str, ...]]:
    """Read one session, which must be there, and what of it is damaged."""
    damaged: list[str] = []
    row = database.rows(f"{_LIST} WHERE id = ?", session_id)[0]
    facts = _readable(database, "sessions", (session_id,), row[-1], _facts, damaged)
    return _session(session_id, list(row[1:-1]), facts or {}), tuple(damaged)


def read_messages(
    database: SessionTables, session_id: str
) -> tuple[list[Message], int, tuple[str, ...]]:
    """Read a session's messages, the number of the next, and what is damaged."""
    damaged: list[str] = []
    messages: list[Message] = []
    last = 0
    for number, body in _numbered(database, "messages", session_id):
        key = (session_id, number)
        read = _readable(database, "messages", key, body, _message, damaged)
        messages += [read] if read else []
        # Damaged or not: the next message must not take the number of a row that was
        # kept aside.
        last = number
    return messages, last + 1, tuple(damaged)


def read_runs(
    database: SessionTables, session_id: str, *, last: bool = False
) -> tuple[list[RunRecord], tuple[str, ...]]:
    """Read a session's runs, or the last one alone; and what of them is damaged."""
    damaged: list[str] = []
    runs: list[RunRecord] = []
    query = (
        "SELECT number, id, state, started, ended, body FROM runs WHERE session = ? "
        f"ORDER BY number {'DESC LIMIT 1' if last else ''}"
    )
    for number, run_id, state, started, ended, body in database.rows(query, session_id):
        key = (session_id, number)
        facts = _readable(database, "runs", key, body, _facts, damaged) or {}
        outcome = facts.get("outcome")
        run = RunRecord(
            id=run_id,
            number=number,
            state=state,
            started=started,
            ended=ended,
            routes=tuple(facts.get("routes", ())),
            outcome=outcome if isinstance(outcome, Ending) else None,
        )
        runs.append(run)
    return runs, tuple(damaged)


def read_notes(
    database: SessionTables, session_id: str
) -> tuple[list[ToolResult], tuple[str, ...]]:
    """Read results that were shown before their turn was finished."""
    damaged: list[str] = []
    results: list[ToolResult] = []
    for number, body in _numbered(database, "notes", session_id):
        key = (session_id, number)
        read = _readable(database, "notes", key, body, _result, damaged)
        results += [read] if read else []
    return results, tuple(damaged)


def _numbered(
    database: SessionTables, table: str, session_id: str
) -> Iterable[tuple[int, object]]:
    query = f"SELECT number, body FROM {table} WHERE session = ? ORDER BY number"
    return [(row[0], row[1]) for row in database.rows(query, session_id)]


def _readable(
    database: SessionTables,
    table: str,
    key: tuple[object, ...],
    body: object,
    kind: Callable[[str], T],
    damaged: list[str],
) -> T | None:
    try:
        read: T = database.read(table, key, body, kind)
        return read
    except CorruptStore as exc:
        damaged.append(str(exc))
        return None


def _session(
    session_id: str, columns: list[Any], facts: dict[str, Any]
) -> SessionRecord:
    created, changed, accepted, messages, state = columns
    return SessionRecord(
        id=session_id,
        title=str(facts.get("title", "")),
        assistant=str(facts.get("assistant", "")),
        kind=str(facts.get("kind", "")),
        created=created,
        changed=changed,
        messages=messages,
        state=state,
        accepted=accepted,
    )


def _facts(text: str) -> dict[str, Any]:
    return cast(dict[str, Any], from_json(text, dict))


def _message(text: str) -> Message:
    return from_json(text, Message)


def _result(text: str) -> ToolResult:
    return from_json(text, ToolResult)
