"""The sample's calendar: repeating, moved and skipped events, zones, whole days."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from agentkit_tools._store.blocks import Block, split_blocks
from agentkit_tools._store.drafts import Draft, draft_blocks
from agentkit_tools._store.files import write_atomic
from agentkit_tools._store.ics import HEAD, TAIL
from agentkit_tools._store.zones import zone_blocks
from agentkit_tools.sample.days import Days, load
from agentkit_tools.sample.people import addresses


def write_calendar(home: Path, days: Days, user: tuple[str, str]) -> None:
    """Write calendar.ics.

    Raises:
        StoreError: it cannot be written.
    """
    blocks: list[Block] = []
    zones: dict[str, datetime] = {}
    for entry in load("calendar"):
        draft = _draft(entry, days, user)
        zones.setdefault(str(draft.start.tzinfo), draft.start)
        blocks += draft_blocks(draft, days.now)
    empty = split_blocks(HEAD + TAIL)
    whole = empty.added(*zone_blocks(empty, *zones.values()), *blocks)
    write_atomic(home / "calendar.ics", whole.text.encode())


def _draft(entry: dict[str, Any], days: Days, user: tuple[str, str]) -> Draft:
    start, end = _time(entry, days, days.point(entry["on"]))
    skipped = tuple(
        _time(entry, days, days.point(day))[0] for day in entry.get("skip", ())
    )
    return Draft(
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
