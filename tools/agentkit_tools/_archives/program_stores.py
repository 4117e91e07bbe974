"""What Thunderbird and Evolution keep in databases, as calendar and card files.

Thunderbird: `calendar-data/local.sqlite` (and `cache.sqlite`), `abook.sqlite` and other
address books. Evolution: `contacts.db`. They are SQLite files with tables of the program's
own; those of Mozilla's calendar storage (schema 23) and address book (version 4), and
Evolution's EBookSqlite, were known when this was written. A database is copied with its
write-ahead log before it is read, since its program may have it open, and is never written.

Not covered: attachments, invitations' states, and the exceptions of a series whose
events were changed one by one; those are taken in as events of their own.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from agentkit import ToolError
from agentkit_tools._store.files import told
from agentkit_tools._store.octets import bytes_of

_MAGIC = b"SQLite format 3\0"
# Of Mozilla's calendar items.
_ALL_DAY = 8
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Table, component, and the columns of its start and end.
_KINDS = (
    ("cal_events", "VEVENT", ("event_start", "event_end")),
    ("cal_todos", "VTODO", ("todo_entry", "todo_due")),
)
# Properties of an item that are texts, as they are written there.
_TEXTS = frozenset({"LOCATION", "DESCRIPTION", "CATEGORIES", "URL"})
_CARD_FIELDS = {
    "PrimaryEmail": "EMAIL", "SecondEmail": "EMAIL", "NickName": "NICKNAME",
    "WorkPhone": "TEL;TYPE=work", "HomePhone": "TEL;TYPE=home",
    "CellularNumber": "TEL;TYPE=cell", "Company": "ORG", "JobTitle": "TITLE",
    "Notes": "NOTE",
}  # fmt: skip

Rows = Iterable[tuple[object, ...]]


def is_database(path: Path) -> bool:
    """Return whether a file is an SQLite database."""
    try:
        with path.open("rb") as stream:
            return stream.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False


def files_of(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield what a database holds: `calendar` or `cards`, and the text of such a file.

    Raises:
        ToolError: it is damaged, or has no tables that are known.
        StoreError: it cannot be read.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = _copied(path, Path(folder))
        try:
            # Writable, as SQLite puts the copied log into the copy before it reads.
            with closing(sqlite3.connect(f"file:{copy}?mode=rw", uri=True)) as database:
                found = list(_read(database))
        except sqlite3.DatabaseError as exc:
            raise ToolError(
                f"{path.name} cannot be read as a calendar or address book ({exc}): it "
                "is damaged, or of a newer version. Export it in its own program as "
                ".ics or .vcf, and import that."
            ) from exc
    if not found:
        raise ToolError(
            f"{path.name} is a database, but none of Thunderbird's or Evolution's "
            "calendars or address books that are known here."
        )
    yield from found


def _copied(path: Path, folder: Path) -> Path:
    """Copy a database with what was written to it last."""
    copy = folder / "copy.sqlite"
    with told(path, "read"):
        shutil.copyfile(path, copy)
        log = path.with_name(f"{path.name}-wal")
        if log.exists():
            shutil.copyfile(log, folder / "copy.sqlite-wal")
    return copy


def _read(database: sqlite3.Connection) -> Iterator[tuple[str, bytes]]:
    names = "SELECT name FROM sqlite_master WHERE type = 'table'"
    tables = {
        str(name): _columns(database, str(name)) for (name,) in _rows(database, names)
    }
    if {"id", "title", "event_start"} <= tables.get("cal_events", set()):
        yield "calendar", _calendar(database, tables)
    if {"card", "name", "value"} <= tables.get("properties", set()):
        yield "cards", _thunderbird_cards(database)
    for name, columns in tables.items():
        # Evolution names its tables after folders: the columns tell.
        if {"uid", "vcard"} <= columns:
            query = f'SELECT vcard FROM "{name}" WHERE vcard IS NOT NULL'
            yield "cards", _joined(str(card) for (card,) in _rows(database, query))


def _rows(database: sqlite3.Connection, query: str) -> Rows:
    return database.execute(query)


def _columns(database: sqlite3.Connection, table: str) -> set[str]:
    quoted = table.replace('"', '""')
    return {str(row[1]) for row in _rows(database, f'PRAGMA table_info("{quoted}")')}


def _joined(cards: Iterable[str]) -> bytes:
    return bytes_of("".join(card.rstrip("\r\n") + "\r\n" for card in cards))


def _thunderbird_cards(database: sqlite3.Connection) -> bytes:
    """Write the cards: newer versions keep each whole, older ones field by field."""
    cards: dict[str, dict[str, str]] = defaultdict(dict)
    # A row for each field of a card.
    for card, name, value in _rows(
        database, "SELECT card, name, value FROM properties"
    ):
        cards[str(card)][str(name)] = str(value)
    return _joined(
        fields.get("_vCard") or _card(uid, fields) for uid, fields in cards.items()
    )


def _card(uid: str, fields: Mapping[str, str]) -> str:
    last, first = fields.get("LastName", ""), fields.get("FirstName", "")
    name = fields.get("DisplayName") or f"{first} {last}".strip()
    lines = [
        "BEGIN:VCARD", "VERSION:3.0", f"UID:{_escaped(uid)}",
        f"FN:{_escaped(name or fields.get('PrimaryEmail', ''))}",
        f"N:{_escaped(last)};{_escaped(first)};;;",
    ]  # fmt: skip
    lines += [
        f"{line}:{_escaped(fields[field])}"
        for field, line in _CARD_FIELDS.items()
        if fields.get(field)
    ]
    day = [fields.get(f"Birth{part}", "") for part in ("Year", "Month", "Day")]
    if all(part.isdigit() for part in day):
        lines.append(f"BDAY:{int(day[0]):04}-{int(day[1]):02}-{int(day[2]):02}")
    return "\r\n".join([*lines, "END:VCARD"])


def _escaped(text: str) -> str:
    for sign in "\\,;":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _calendar(database: sqlite3.Connection, tables: Mapping[str, set[str]]) -> bytes:
    """Write Thunderbird's events and tasks as one iCalendar file."""
    details = _Details(database, tables)
    parts = ["BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//agentkit//import//EN\r\n"]
    for table, kind, times in _KINDS:
        if {"id", "title", *times} <= tables.get(table, set()):
            items = _items(database, table, times)
            parts += [_event(item, kind, details) for item in items]
    return bytes_of("".join([*parts, "END:VCALENDAR\r\n"]))


def _items(
    database: sqlite3.Connection, table: str, times: tuple[str, str]
) -> Iterator[_Item]:
    start, end = times
    query = (
        f"SELECT cal_id, id, title, flags, {start}, {start}_tz, {end}, {end}_tz, "
        f"recurrence_id, ical_status FROM {table}"
    )
    for row in _rows(database, query):
        cal, uid, title, flags, *moments, recurrence, status = row
        is_day = bool(_number(flags) & _ALL_DAY)
        yield _Item(
            (str(cal), str(uid)),
            str(title or ""),
            _moment(moments[0], moments[1], is_day=is_day),
            _moment(moments[2], moments[3], is_day=is_day),
            _number(recurrence),
            str(status or ""),
        )


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _moment(value: object, zone: object, *, is_day: bool) -> date | datetime | None:
    """Read microseconds since 1970: of UTC, or of a wall clock that has no zone."""
    if not isinstance(value, int):
        return None
    try:
        moment = _EPOCH + timedelta(microseconds=value)
    except OverflowError as exc:
        raise sqlite3.DatabaseError(f"a time of {value} microseconds") from exc
    named = str(zone or "UTC")
    if named == "floating":
        return moment.date() if is_day else moment.replace(tzinfo=None)
    # A zone of the file's own, written out: its name tells which.
    if named.startswith("BEGIN:VTIMEZONE"):
        named = named.partition("TZID:")[2].partition("\n")[0].strip()
    with suppress(ZoneInfoNotFoundError, ValueError):
        moment = moment.astimezone(ZoneInfo(named))
    return moment.date() if is_day else moment


@dataclass(frozen=True, slots=True)
class _Item:
    """A row of an event or a task."""

    key: tuple[str, str]
    title: str
    start: date | datetime | None
    end: date | datetime | None
    recurrence: int
    status: str


class _Details:
    """What other tables say of an item: its place and text, repeats, alarms, people."""

    def __init__(
        self, database: sqlite3.Connection, tables: Mapping[str, set[str]]
    ) -> None:
        self._database = database
        self._tables = tables
        self._lines = {
            table: self._by_item(table, "icalString")
            for table in ("cal_recurrence", "cal_alarms", "cal_attendees")
        }
        self.texts = self._by_item("cal_properties", "key, value")

    def lines(self, table: str, key: tuple[str, str]) -> list[str]:
        """Return the lines of iCalendar that a table holds of an item."""
        return [str(row[0]).strip() for row in self._lines[table].get(key, ())]

    def _by_item(
        self, table: str, columns: str
    ) -> dict[tuple[str, str], list[tuple[object, ...]]]:
        found: dict[tuple[str, str], list[tuple[object, ...]]] = defaultdict(list)
        if {"cal_id", "item_id", *columns.split(", ")} <= self._tables.get(
            table, set()
        ):
            query = f"SELECT cal_id, item_id, {columns} FROM {table}"
            for cal, uid, *values in _rows(self._database, query):
                found[str(cal), str(uid)].append(tuple(values))
        return found


def _event(item: _Item, kind: str, details: _Details) -> str:
    """Write an item; one that was taken out of a series stands on its own."""
    lines = [f"BEGIN:{kind}", f"UID:{_escaped(_uid(item))}"]
    lines += [f"SUMMARY:{_escaped(item.title)}", *_time("DTSTART", item.start)]
    lines += _time("DTEND" if kind == "VEVENT" else "DUE", item.end)
    if item.status:
        lines.append(f"STATUS:{_escaped(item.status)}")
    for name, value in details.texts.get(item.key, ()):
        # Other properties are lines of their own kinds, such as sequence numbers.
        if name in _TEXTS:
            text = (
                value.decode("utf-8", "replace") if isinstance(value, bytes) else value
            )
            lines.append(f"{name}:{_escaped(str(text))}")
    if not item.recurrence:
        lines += details.lines("cal_recurrence", item.key)
    for table in ("cal_attendees", "cal_alarms"):
        lines += details.lines(table, item.key)
    return "\r\n".join([*lines, f"END:{kind}", ""])


def _uid(item: _Item) -> str:
    # With its own UID, one changed time does not count as a known event.
    return f"{item.key[1]}-{item.recurrence}" if item.recurrence else item.key[1]


def _time(name: str, moment: date | datetime | None) -> list[str]:
    if moment is None:
        return []
    if not isinstance(moment, datetime):
        return [f"{name};VALUE=DATE:{moment:%Y%m%d}"]
    if moment.tzinfo is None:
        return [f"{name}:{moment:%Y%m%dT%H%M%S}"]
    if isinstance(moment.tzinfo, ZoneInfo) and moment.tzinfo.key != "UTC":
        return [f"{name};TZID={moment.tzinfo.key}:{moment:%Y%m%dT%H%M%S}"]
    return [f"{name}:{moment:%Y%m%dT%H%M%SZ}"]
