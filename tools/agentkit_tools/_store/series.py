"""Changes to events of a calendar: single ones, and one, some or all of a series.

An occurrence is left out by EXDATE and changed by a component with RECURRENCE-ID;
a series is ended by UNTIL and goes on as a new one (RFC 5545, 3.8.4.4 and 3.8.5).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from agentkit import fresh_id
from agentkit_tools._store.blocks import Block, Blocks
from agentkit_tools._store.event_components import Occurrence
from agentkit_tools._store.foreign_lines import as_named
from agentkit_tools._store.ics import parse
from agentkit_tools._store.recurrence_rules import (
    clock,
    ending,
    many,
    moved_rule,
    reaches,
)
from agentkit_tools._store.zones import ended_as, written

Scope = Literal["this", "this_and_following", "all"]
# What each change writes anew, and what goes where a component gets another time.
_STAMPS = ("DTSTAMP", "SEQUENCE")
_TIMES = (*_STAMPS, "DTSTART", "DTEND", "DURATION")
# An exception has none of these but its own RECURRENCE-ID.
_REPEATING = ("RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID")


def removed(blocks: Blocks, item: Occurrence, scope: Scope, now: datetime) -> Blocks:
    """Take an event off, or one occurrence, or that one and all after it."""
    series, override = _series(blocks, item)
    if not item.rule or scope == "all" or series is None:
        # An invite to one time of a series has no series here.
        only = [override] if series is None and override else _own(blocks, item)
        return _without(blocks, only)
    if scope == "this":
        changed = _stamped(
            series, component(blocks, series), now, (), [("exdate", item.key)]
        )
        blocks = blocks.swapped(series, changed)
        return blocks.swapped(override) if override else blocks
    # Nothing would be left of a series that ends before its first time.
    if _is_first(component(blocks, series), item):
        return _without(blocks, _own(blocks, item))
    return _ended(blocks, series, item.key, now)


def ended(blocks: Blocks, uid: str, first: date, now: datetime) -> Blocks:
    """Take a time of a series and all after it off, as who organizes it says."""
    own = [block for block in blocks.of("VEVENT") if block.uid == uid]
    series = next((one for one in own if not one.value("RECURRENCE-ID")), None)
    # An invite to some times of a series has no series here.
    if series is None:
        return _without(blocks, _late(blocks, uid, first))
    begin: date = component(blocks, series)["DTSTART"].dt
    first = _like(first, begin)
    # Nothing would be left of a series that ends before its first time.
    if clock(first) <= clock(begin):
        return _without(blocks, own)
    parsed = component(blocks, series)
    rules = (reaches(rule, begin, first) for rule in many(parsed, "RRULE"))
    dates = (clock(one) >= clock(first) for one in _dates(parsed, "RDATE"))
    goes_on = _late(blocks, uid, first) or any(rules) or any(dates)
    return _ended(blocks, series, first, now) if goes_on else blocks


def rescheduled(
    blocks: Blocks, item: Occurrence, moved: Occurrence, scope: Scope, now: datetime
) -> Blocks:
    """Write an event as it is to be: at another time, or called or placed otherwise.

    Its other properties are kept as they are.

    Raises:
        ValueError: the rule of the series cannot be moved to another day.
    """
    series, override = _series(blocks, item)
    if not item.rule or series is None:
        block = override or series
        if block is None:
            return blocks
        return blocks.swapped(
            block, _at(blocks, block, moved, now, _reworded(item, moved))
        )
    if scope == "this":
        return _overridden(blocks, series, override, item, moved, now)
    if scope == "all" or _is_first(component(blocks, series), item):
        return _shifted(blocks, series, item, moved, now)
    return _split(blocks, series, item, moved, now)


def component(blocks: Blocks, block: Block) -> Any:
    """Parse one component, with the time zones that its file defines."""
    return parse(Blocks((*blocks.of("VTIMEZONE"), block))).subcomponents[-1]


def _own(blocks: Blocks, item: Occurrence) -> list[Block]:
    return [block for block in blocks.of("VEVENT") if block.uid == item.uid]


def _series(blocks: Blocks, item: Occurrence) -> tuple[Block | None, Block | None]:
    """Return the repeating event, and the override of this occurrence if any."""
    own = _own(blocks, item)
    series = next((b for b in own if not b.value("RECURRENCE-ID")), None)
    same = (
        b
        for b in own
        if b.value("RECURRENCE-ID")
        and component(blocks, b)["RECURRENCE-ID"].dt == item.key
    )
    return series, next(same, None)


def _without(blocks: Blocks, gone: Iterable[Block]) -> Blocks:
    for block in gone:
        blocks = blocks.swapped(block)
    return blocks


def _is_first(series: Any, item: Occurrence) -> bool:
    return bool(series["DTSTART"].dt == item.key)


def _stamped(
    block: Block,
    parsed: Any,
    now: datetime,
    names: Iterable[str],
    properties: Iterable[tuple[str, Any]],
) -> Block:
    """Write properties anew, count the change up and note when it was made."""
    from icalendar import Event

    fresh: Any = Event()
    for name, value in properties:
        fresh.add(name, value)
    fresh.add("dtstamp", now.astimezone(UTC))
    fresh.add("sequence", int(parsed.get("SEQUENCE", 0)) + 1)
    lines = fresh.to_ical().decode().splitlines(keepends=True)[1:-1]
    return block.rewritten((*names, *_STAMPS), as_named("".join(lines)))


def _reworded(item: Occurrence, moved: Occurrence) -> list[tuple[str, str]]:
    """Return the title and the place where they are to be others."""
    facts = (
        ("summary", item.title, moved.title),
        ("location", item.location, moved.location),
    )
    return [(name, new) for name, old, new in facts if new != old]


def _at(
    blocks: Blocks,
    block: Block,
    moved: Occurrence,
    now: datetime,
    properties: Iterable[tuple[str, Any]] = (),
    names: Iterable[str] = (),
) -> Block:
    """Write a component at its new time, with some properties in their new form."""
    times = [("dtstart", written(moved.start, all_day=moved.all_day))]
    if moved.has_end:
        times.append(("dtend", written(moved.end, all_day=moved.all_day)))
    parsed, fresh = component(blocks, block), list(properties)
    gone = (*_TIMES, *names, *(name for name, _ in fresh))
    return _stamped(block, parsed, now, gone, [*fresh, *times])


def _overridden(
    blocks: Blocks,
    series: Block,
    override: Block | None,
    item: Occurrence,
    moved: Occurrence,
    now: datetime,
) -> Blocks:
    """Give one occurrence another time, title or place than its series."""
    # A copy of the series with the time that it stands for.
    own = [("recurrence-id", item.key), *_reworded(item, moved)]
    changed = _at(blocks, override or series, moved, now, own, _REPEATING)
    if override:
        return blocks.swapped(override, changed)
    # Beside its series, as programs write it.
    return blocks.swapped(series, series, changed)


def _ended(blocks: Blocks, series: Block, first: date, now: datetime) -> Blocks:
    """End a series before an occurrence."""
    parsed = component(blocks, series)
    start = parsed["DTSTART"].dt
    rules = [("rrule", ending(rule, start, first)) for rule in many(parsed, "RRULE")]
    dates = [
        (name.lower(), value)
        for name in ("RDATE", "EXDATE")
        for value in _dates(parsed, name)
        if clock(value) < clock(first)
    ]
    names = ("RRULE", "RDATE", "EXDATE")
    changed = _stamped(series, parsed, now, names, [*rules, *dates])
    return _without(blocks.swapped(series, changed), _late(blocks, series.uid, first))


def _late(blocks: Blocks, uid: str, first: date) -> list[Block]:
    """List the changed times after the end, which belong to nothing any more."""
    found = _overrides(blocks, uid, first)
    return [block for block, key in found if clock(key) >= clock(first)]


def _overrides(blocks: Blocks, uid: str, key: date) -> list[tuple[Block, Any]]:
    return [
        (block, _like(component(blocks, block)["RECURRENCE-ID"].dt, key))
        for block in blocks.of("VEVENT")
        if block.uid == uid and block.value("RECURRENCE-ID")
    ]


def _shifted(
    blocks: Blocks, series: Block, item: Occurrence, moved: Occurrence, now: datetime
) -> Blocks:
    """Move a whole series; occurrences with a time of their own keep it."""
    shift = _shift(item, moved)
    blocks_now = blocks
    for block, key in _overrides(blocks, item.uid, item.key):
        parsed = component(blocks, block)
        same = [("recurrence-id", shift(key))]
        changed = _stamped(block, parsed, now, ("RECURRENCE-ID",), same)
        blocks_now = blocks_now.swapped(block, changed)
    parsed = component(blocks, series)
    facts = _reworded(item, moved)
    first = parsed["DTSTART"].dt
    changed = _series_from(series, parsed, first, shift, moved, now, facts)
    return blocks_now.swapped(series, changed)


def _split(
    blocks: Blocks, series: Block, item: Occurrence, moved: Occurrence, now: datetime
) -> Blocks:
    """End a series before an occurrence, and begin a new one at its new time."""
    shift, parsed = _shift(item, moved), component(blocks, series)
    facts = _reworded(item, moved)
    rest = _series_from(series, parsed, item.key, shift, moved, now, facts)
    fresh = [("uid", fresh_id("event"))]
    # A new event begins to count its changes at 0.
    rest = _stamped(rest, {"SEQUENCE": -1}, now, ("UID",), fresh)
    late: list[Block] = []
    for block, key in _overrides(blocks, item.uid, item.key):
        if clock(key) >= clock(item.key):
            own = [*fresh, ("recurrence-id", shift(key))]
            names = ("UID", "RECURRENCE-ID")
            late.append(_stamped(block, {"SEQUENCE": -1}, now, names, own))
    ended = _ended(blocks, series, item.key, now)
    return ended.added(rest, *late)


def _series_from(
    series: Block,
    parsed: Any,
    first: date,
    shift: Callable[[date], date],
    moved: Occurrence,
    now: datetime,
    facts: Iterable[tuple[str, str]],
) -> Block:
    """Write a series anew that begins with one of its occurrences, moved or reworded."""
    start: date = parsed["DTSTART"].dt
    begin = shift(first)
    rules = [
        ("rrule", moved_rule(rule, start, first, shift))
        for rule in many(parsed, "RRULE")
    ]
    dates = [
        (name.lower(), shift(value))
        for name in ("RDATE", "EXDATE")
        for value in _dates(parsed, name)
        if clock(value) >= clock(first)
    ]
    end = (
        ended_as(moved.start, moved.end, begin)
        if isinstance(begin, datetime)
        else begin + (moved.end - moved.start)
    )
    times = [("dtstart", begin), ("dtend", end)][: 1 + moved.has_end]
    told = list(facts)
    names = (*_TIMES, "RRULE", "RDATE", "EXDATE", *(name for name, _ in told))
    return _stamped(series, parsed, now, names, [*told, *times, *rules, *dates])


def _shift(item: Occurrence, moved: Occurrence) -> Callable[[date], date]:
    """Return what moves any time of a series as the occurrence was moved.

    The hour on the clock of the series' own zone is what is kept over the year.
    """
    if item.all_day and not moved.all_day:
        # A series of whole days gets the hour of the one that was moved.
        days = moved.start.date() - item.start.date()
        clock, zone = moved.start.time(), moved.start.tzinfo
        return lambda day: datetime.combine(day + days, clock, zone)
    zone = item.key.tzinfo if isinstance(item.key, datetime) else None
    old, new = (
        moment.astimezone(zone).replace(tzinfo=None)
        if zone
        else moment.replace(tzinfo=None)
        for moment in (item.start, moved.start)
    )
    # Without zones: the series moves by hours on the clock, and not by real time.
    by = timedelta((new - old).days) if item.all_day else new - old
    return lambda moment: moment + by


def _dates(parsed: Any, name: str) -> list[Any]:
    """Return the dates of EXDATE or RDATE; of a period its start."""
    start: date = parsed["DTSTART"].dt
    found: list[Any] = [entry.dt for group in many(parsed, name) for entry in group.dts]
    # RDATE may name periods (RFC 5545, 3.8.5.2).
    starts: list[Any] = [one[0] if isinstance(one, tuple) else one for one in found]
    return [_like(one, start) for one in starts]


def _like(value: date, model: date) -> date:
    """Return a time in the zone of another one, where both have zones."""
    if not isinstance(value, datetime) or not isinstance(model, datetime):
        return value
    zoned = value.tzinfo and model.tzinfo
    return value.astimezone(model.tzinfo) if zoned else value
