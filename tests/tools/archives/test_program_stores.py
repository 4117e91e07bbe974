"""Thunderbird's and Evolution's databases taken in: copied, read, and never written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agentkit import Context, ToolError
from agentkit_tools._archives.import_path import take_in
from agentkit_tools._archives.program_stores import files_of

_EVENTS = (
    "CREATE TABLE cal_events (cal_id TEXT, id TEXT, time_created INTEGER, "
    "last_modified INTEGER, title TEXT, priority INTEGER, privacy TEXT, "
    "ical_status TEXT, flags INTEGER, event_start INTEGER, event_end INTEGER, "
    "event_stamp INTEGER, event_start_tz TEXT, event_end_tz TEXT, "
    "recurrence_id INTEGER, recurrence_id_tz TEXT)"
)
_TODOS = (
    "CREATE TABLE cal_todos (cal_id TEXT, id TEXT, title TEXT, ical_status TEXT, "
    "flags INTEGER, todo_entry INTEGER, todo_due INTEGER, todo_entry_tz TEXT, "
    "todo_due_tz TEXT, recurrence_id INTEGER)"
)
_MORE = (
    "CREATE TABLE cal_recurrence (item_id TEXT, cal_id TEXT, icalString TEXT)",
    "CREATE TABLE cal_alarms (cal_id TEXT, item_id TEXT, icalString TEXT)",
    "CREATE TABLE cal_properties (item_id TEXT, key TEXT, value BLOB, "
    "recurrence_id INTEGER, recurrence_id_tz TEXT, cal_id TEXT)",
)


def _micro(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp()) * 1_000_000  # type: ignore[arg-type, misc]


def thunderbird_calendar(path: Path) -> None:
    """Make one with an event, a series, a day, a floating one, and a task."""
    rows = [
        (
            "e1",
            "Dentist",
            0,
            _micro(2026, 10, 5, 13),
            _micro(2026, 10, 5, 14),
            "Europe/Berlin",
        ),
        ("e2", "Yoga", 16, _micro(2026, 10, 6, 16), _micro(2026, 10, 6, 17), "UTC"),
        ("e3", "Holiday", 8, _micro(2026, 10, 3), _micro(2026, 10, 4), "floating"),
        (
            "e4",
            "Breakfast",
            0,
            _micro(2026, 10, 7, 8),
            _micro(2026, 10, 7, 9),
            "floating",
        ),
    ]
    with closing(sqlite3.connect(path)) as database, database:
        for statement in (_EVENTS, _TODOS, *_MORE):
            database.execute(statement)
        for uid, title, flags, start, end, zone in rows:
            database.execute(
                "INSERT INTO cal_events (cal_id, id, title, flags, event_start, "
                "event_end, event_start_tz, event_end_tz) VALUES ('c', ?, ?, ?, ?, ?, "
                "?, ?)",
                (uid, title, flags, start, end, zone, zone),
            )
        database.execute(
            "INSERT INTO cal_todos VALUES ('c', 't1', 'Pay rent', '', 0, NULL, ?, NULL, "
            "'UTC', NULL)",
            (_micro(2026, 10, 9, 8),),
        )
        database.execute(
            "INSERT INTO cal_recurrence VALUES ('e2', 'c', 'RRULE:FREQ=WEEKLY\r\n')"
        )
        database.execute(
            "INSERT INTO cal_alarms VALUES ('c', 'e1', 'BEGIN:VALARM\r\nACTION:DISPLAY"
            "\r\nTRIGGER:-PT15M\r\nDESCRIPTION:x\r\nEND:VALARM\r\n')"
        )
        database.execute(
            "INSERT INTO cal_properties VALUES ('e1', 'LOCATION', 'Main St 1, b', NULL, "
            "NULL, 'c')"
        )


def thunderbird_cards(path: Path) -> None:
    """Make one with a card of fields and one that is whole."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE cards (uid TEXT PRIMARY KEY, localId INTEGER)")
        database.execute("CREATE TABLE properties (card TEXT, name TEXT, value TEXT)")
        whole = "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:2\r\nFN:Eva Lin\r\nEND:VCARD\r\n"
        rows = [
            ("1", "DisplayName", "Tom; Miller"),
            ("1", "PrimaryEmail", "tom@example.com"),
            ("1", "CellularNumber", "+49 151 1"),
            ("1", "BirthYear", "1980"), ("1", "BirthMonth", "2"), ("1", "BirthDay", "9"),
            ("2", "_vCard", whole),
        ]  # fmt: skip
        database.executemany("INSERT INTO properties VALUES (?, ?, ?)", rows)


def evolution_cards(path: Path) -> None:
    """Make one as EBookSqlite does: a table by the folder's id."""
    card = "BEGIN:VCARD\nVERSION:3.0\nUID:7\nFN:Ana Ruiz\nEND:VCARD"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE folders (folder_id TEXT, version INTEGER)")
        database.execute("CREATE TABLE folder_id (uid TEXT, rev TEXT, vcard TEXT)")
        database.execute("INSERT INTO folder_id VALUES ('7', '', ?)", (card,))


def test_a_calendar_of_thunderbird(tmp_path: Path) -> None:
    """Times keep their zone, days are days, and a series repeats."""
    path = tmp_path / "local.sqlite"
    thunderbird_calendar(path)
    ((kind, content),) = files_of(path)
    lines = content.decode().splitlines()
    assert kind == "calendar"
    assert {
        "DTSTART;TZID=Europe/Berlin:20261005T150000", "DTSTART:20261006T160000Z",
        "DTSTART;VALUE=DATE:20261003", "DTSTART:20261007T080000", "RRULE:FREQ=WEEKLY",
        "LOCATION:Main St 1\\, b", "TRIGGER:-PT15M", "SUMMARY:Pay rent",
        "DUE:20261009T080000Z",
    } <= set(lines)  # fmt: skip


MAKERS: dict[str, tuple[Callable[[Path], None], str, tuple[int, int, int]]] = {
    "Thunderbird's calendar": (thunderbird_calendar, "local.sqlite", (4, 1, 0)),
    "Thunderbird's address book": (thunderbird_cards, "abook.sqlite", (0, 0, 2)),
    "Evolution's address book": (evolution_cards, "contacts.db", (0, 0, 1)),
}


@pytest.mark.parametrize(("make", "name", "counts"), MAKERS.values(), ids=list(MAKERS))
def test_they_are_taken_in(
    tmp_path: Path,
    make: Callable[[Path], None],
    name: str,
    counts: tuple[int, int, int],
) -> None:
    """What is there is taken in once, with its program at work on it, which sees nothing."""
    path = tmp_path / name
    make(path)
    context = Context(home=tmp_path / "home")
    before = path.read_bytes()
    with closing(sqlite3.connect(path)) as program:
        program.execute("BEGIN EXCLUSIVE")
        arrival = take_in(path, context).arrival
        again = take_in(path, context).arrival
    assert (arrival.events, arrival.todos, arrival.contacts) == counts
    assert not arrival.faults
    assert (again.events, again.todos, again.contacts) == (0, 0, 0)
    assert path.read_bytes() == before


def test_what_stands_in_the_log_alone_is_read(tmp_path: Path) -> None:
    """A program that is open has written its last changes beside the database."""
    path = tmp_path / "contacts.db"
    evolution_cards(path)
    with closing(sqlite3.connect(path)) as program:
        program.execute("PRAGMA journal_mode = WAL")
        card = "BEGIN:VCARD\nVERSION:3.0\nUID:8\nFN:Bo Li\nEND:VCARD"
        with program:
            program.execute("INSERT INTO folder_id VALUES ('8', '', ?)", (card,))
        ((_, content),) = files_of(path)
    assert b"Bo Li" in content


def _damaged(path: Path) -> None:
    thunderbird_calendar(path)
    raw = bytearray(path.read_bytes())
    raw[4096:] = b"\xff" * (len(raw) - 4096)
    path.write_bytes(raw)


def _newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE cal_events_v99 (id TEXT)")


def _too_late(path: Path) -> None:
    thunderbird_calendar(path)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE cal_events SET event_start = 9000000000000000000")


FAULTS = {
    "damaged": (_damaged, "damaged, or of a newer version"),
    "a time beyond all calendars": (_too_late, "damaged, or of a newer version"),
    "other tables": (_newer, "none of Thunderbird's or Evolution's"),
}


@pytest.mark.parametrize(("make", "told"), FAULTS.values(), ids=list(FAULTS))
def test_what_cannot_be_read_is_told(
    tmp_path: Path, make: Callable[[Path], None], told: str
) -> None:
    """One sentence, and what to do instead."""
    path = tmp_path / "local.sqlite"
    make(path)
    with pytest.raises(ToolError, match=told):
        take_in(path, Context(home=tmp_path / "home"))
