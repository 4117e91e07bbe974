"""A home folder full of sample data, told relative to today so that it stays fresh."""

from __future__ import annotations

import functools
import json
import re
from datetime import datetime, time, timedelta
from email.utils import parseaddr
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from agentkit_tools._store.blocks import Block, split_blocks
from agentkit_tools._store.event_components import EventDraft, draft_blocks
from agentkit_tools._store.files import open_home, write_atomic
from agentkit_tools._store.ics import HEAD, TAIL
from agentkit_tools._store.mailbox import Letter, add_letters
from agentkit_tools._store.notebook import add_page
from agentkit_tools._store.todos import Todo, todo_block
from agentkit_tools._store.vcards import Card, card_text
from agentkit_tools._store.zones import zone_blocks

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# "day+3", "MO-1": a kind of day, and how many from today.
_POINT = re.compile(r"(day|workday|month|[A-Z]{2})([+-]\d+)")
_SLOT = re.compile(r"\{(date|weekday|workday)([+-]\d+)\}")


def load(name: str) -> Any:
    """Read one of the sample's JSON files."""
    return json.loads(
        files("agentkit_tools.sample").joinpath(f"{name}.json").read_text("utf-8")
    )


class Days:
    """A clock that days are counted from."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def day(self, offset: int) -> datetime:
        """Return midnight of the day so many days from now."""
        date = self.now.date() + timedelta(days=offset)
        return datetime.combine(date, time(), self.now.tzinfo)

    def at(self, day: datetime, clock: str, zone: str = "") -> datetime:
        """Return a time of a day, in a zone of its own when one is named."""
        tz = ZoneInfo(zone) if zone else self.now.tzinfo
        return datetime.combine(day.date(), time.fromisoformat(clock), tz)

    def point(self, words: str) -> datetime:
        """Return a day by its name.

        `day+3` is in three days, `workday+3` the first Monday to Friday from then
        on, `MO+1` the Monday of next week, `month-13` the first of the month that
        holds the day 13 days ago.
        """
        match = _POINT.fullmatch(words)
        if match is None:
            raise ValueError(f"{words!r} names no day of the sample")
        kind, offset = match[1], int(match[2])
        if kind in _WEEKDAYS:
            # Weeks begin on Monday (ISO 8601): "MO+1" is next week on any day of this
            # one.
            monday = self.day(-self.now.weekday())
            return _moved(monday, _WEEKDAYS.index(kind) + 7 * offset)
        day = self.day(offset)
        if kind == "workday":
            return _moved(day, max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
        return day.replace(day=1) if kind == "month" else day

    def fill(self, text: str) -> str:
        """Write the days into a text: `{workday+3}` becomes "Thursday"."""

        def word(match: re.Match[str]) -> str:
            kind = "day" if match[1] in ("date", "weekday") else match[1]
            day = self.point(f"{kind}{match[2]}")
            return f"{day:%B} {day.day}" if match[1] == "date" else f"{day:%A}"

        return _SLOT.sub(word, text)


def _moved(day: datetime, days: int) -> datetime:
    # Combined anew, so that midnight stays midnight where clocks change.
    return datetime.combine(day.date() + timedelta(days=days), time(), day.tzinfo)


def write_people(home: Path) -> None:
    """Write contacts.vcf.

    Raises:
        StoreError: it cannot be written.
    """
    cards = (
        Card(
            name=entry["name"],
            emails=tuple(entry["emails"]),
            phones=tuple(entry["phones"]),
            nicknames=tuple(entry.get("nicknames", ())),
            relations=tuple(entry.get("relations", ())),
            organization=entry.get("organization", ""),
        )
        for entry in load("contacts")
    )
    write_atomic(home / "contacts.vcf", "".join(map(card_text, cards)).encode())


@functools.cache
def addresses() -> dict[str, str]:
    """Return name to e-mail address."""
    return {entry["name"]: entry["emails"][0] for entry in load("contacts")}


def write_calendar(home: Path, days: Days, user: tuple[str, str]) -> None:
    """Write calendar.ics.

    Raises:
        StoreError: it cannot be written.
    """
    blocks: list[Block] = []
    zones: dict[str, datetime] = {}
    for entry in load("calendar"):
        draft = _draft(entry, days, user)
        # One definition of each zone that an event is in.
        zones.setdefault(str(draft.start.tzinfo), draft.start)
        blocks += draft_blocks(draft, days.now)
    empty = split_blocks(HEAD + TAIL)
    whole = empty.added(*zone_blocks(empty, *zones.values()), *blocks)
    write_atomic(home / "calendar.ics", whole.text.encode())


def _draft(entry: dict[str, Any], days: Days, user: tuple[str, str]) -> EventDraft:
    start, end = _time(entry, days, days.point(entry["on"]))
    skipped = tuple(
        _time(entry, days, days.point(day))[0] for day in entry.get("skip", ())
    )
    return EventDraft(
        title=entry["title"],
        start=start,
        end=end,
        all_day="at" not in entry,
        location=entry.get("place", ""),
        note=entry.get("note", ""),
        guests=tuple((name, addresses()[name]) for name in entry.get("with", ())),
        organizer=user,
        rule=entry.get("rule", ""),
        skipped=skipped,
        moved=_override(entry, days),
    )


def _time(
    entry: dict[str, Any], days: Days, day: datetime
) -> tuple[datetime, datetime | None]:
    if "at" not in entry:
        return day, day + timedelta(days=entry.get("days", 1))
    start = days.at(day, entry["at"], entry.get("zone", ""))
    minutes = entry.get("minutes")
    return start, start + timedelta(minutes=minutes) if minutes else None


def _override(entry: dict[str, Any], days: Days) -> tuple[datetime, datetime] | None:
    change = entry.get("override")
    if change is None:
        return None
    old = days.at(days.point(change["from"]), entry["at"])
    return old, days.at(days.point(change["on"]), change["at"])


def write_letters(home: Path, days: Days, user: tuple[str, str]) -> None:
    """Write messages.db.

    Raises:
        StoreError: it cannot be written.
    """
    letters = [
        _letter(number, entry, days, user)
        for number, entry in enumerate(load("messages"), 1)
    ]
    add_letters(home, letters, days.now)


def _letter(
    number: int, entry: dict[str, Any], days: Days, user: tuple[str, str]
) -> Letter:
    mine = entry["from"] == "me"
    # A stranger is written with an address; everybody else is a contact.
    told, address = parseaddr(entry["from"]) if "<" in entry["from"] else ("", "")
    name = user[0] if mine else told or entry["from"]
    own = user[1] if mine else address or addresses()[entry["from"]]
    to = [addresses()[person] for person in entry.get("to", ())] if mine else [user[1]]
    return Letter(
        message_id=f"<{number}.{entry['thread']}@sample.example>",
        thread=entry["thread"],
        subject=entry["subject"],
        sender=name,
        address=own,
        recipients=tuple(to),
        sent=days.at(days.day(entry["day"]), entry["at"]),
        # Days in the texts move with today, as those of the events do.
        text=days.fill(entry["text"]),
        unread=entry.get("unread", False),
        mine=mine,
    )


def write_reminders(home: Path, days: Days) -> None:
    """Write reminders.ics.

    Raises:
        StoreError: it cannot be written.
    """
    blocks: list[Block] = []
    for entry in load("reminders"):
        due = days.day(entry["day"]) if "day" in entry else None
        if due and "at" in entry:
            due = days.at(due, entry["at"])
        todo = Todo(
            text=entry["text"],
            kind=entry.get("kind", ""),
            due=due,
            all_day="at" not in entry,
        )
        blocks.append(todo_block(todo, days.now))
    _write(home / "reminders.ics", [*zone_blocks(split_blocks(""), days.now), *blocks])


def write_lists(home: Path, days: Days) -> None:
    """Write lists.ics.

    Raises:
        StoreError: it cannot be written.
    """
    todos = (
        Todo(text=item, kind=name)
        for name, items in load("lists").items()
        for item in items
    )
    _write(home / "lists.ics", [todo_block(todo, days.now) for todo in todos])


def _write(path: Path, blocks: list[Block]) -> None:
    write_atomic(path, split_blocks(HEAD + TAIL).added(*blocks).text.encode())


# Whose home it is.
NAME, EMAIL, ZONE = "Sam Rivera", "sam.rivera@example.com", "Europe/Berlin"


def make_home(folder: Path, now: datetime) -> None:
    """Fill a folder with a calendar, contacts, messages, reminders, lists and notes.

    Args:
        folder: made when it is not there; what is in it is overwritten.
        now: the clock that all days are counted from, with a time zone.

    Raises:
        StoreError: it cannot be written.
    """
    home = open_home(folder)
    days = Days(now.astimezone(ZoneInfo(ZONE)))
    settings = f'name = "{NAME}"\nemail = "{EMAIL}"\ntime_zone = "{ZONE}"\n'
    write_atomic(home / "agentkit.toml", settings.encode())
    write_people(home)
    write_calendar(home, days, (NAME, EMAIL))
    write_letters(home, days, (NAME, EMAIL))
    write_reminders(home, days)
    write_lists(home, days)
    for note in load("notes"):
        add_page(home, note["title"], note["text"])
