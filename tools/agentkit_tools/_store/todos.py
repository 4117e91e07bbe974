"""VTODO components in an .ics file: reminders, alarms, timers and list items."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

from agentkit import fresh_id
from agentkit_tools._store.blocks import Block, Blocks, known_uid
from agentkit_tools._store.ics import Saved, change_ics, parse, read_ics
from agentkit_tools._store.octets import is_guessed
from agentkit_tools._store.recurrence_rules import daily_until, ended, instances, less
from agentkit_tools._store.zones import localize, written, zone_blocks

_GUESSED = "The letters of “{}” are no UTF-8; they were guessed."


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """One thing to do.

    Attributes:
        kind: the first category: ALARM, TIMER, a list's name; empty for a reminder.
        due: when; None when it has no time.
        repeat: the recurrence rule as it is written; empty for once.
        oddity: what of it had to be guessed, in a sentence.
    """

    text: str
    kind: str = ""
    due: datetime | None = None
    all_day: bool = False
    done: bool = False
    repeat: str = ""
    uid: str = ""
    oddity: str = ""


@dataclass(frozen=True, slots=True)
class Todos:
    """What a file holds, in its order, and what of it could not be read."""

    items: tuple[Todo, ...]
    warning: str = ""


def read_todos(path: Path, now: datetime) -> Todos:
    """Read a file's VTODO components.

    Raises:
        StoreError: the file cannot be read.
    """
    shelf = read_ics(path, now)
    zone = now.tzinfo or UTC
    return Todos(tuple(todos_of(shelf.blocks, zone)), shelf.warning)


def todos_of(blocks: Blocks, zone: tzinfo) -> list[Todo]:
    """Read VTODO components."""
    items = parse(blocks).walk("VTODO")
    pairs = zip(items, blocks.of("VTODO"), strict=True)
    return [_todo(item, block, zone) for item, block in pairs]


def add_todos(path: Path, todos: Sequence[Todo], now: datetime) -> Saved:
    """Write new ones, all or none.

    Raises:
        StoreError: the file cannot be read or written.
    """

    def edit(blocks: Blocks) -> Blocks:
        due = [todo.due for todo in todos if todo.due and not todo.all_day]
        new = [todo_block(todo, now) for todo in todos]
        return blocks.added(*zone_blocks(blocks, *due), *new)

    return change_ics(path, now, edit)


def todo_block(todo: Todo, now: datetime) -> Block:
    """Write one as an iCalendar component."""
    return Block("VTODO", _component(todo, now).to_ical().decode())


def following(todo: Todo, now: datetime) -> Todo | None:
    """Return a repeating one as it is due next, after now; None when it was the last.

    Where the clock is changed in between, the time of day stays.
    """
    if not (todo.repeat and todo.due):
        return None
    from icalendar import vRecur

    rule: Any = vRecur.from_ical(todo.repeat)
    # What was done late or early: the next time is after both.
    zone, since = todo.due.tzinfo, max(todo.due, now).replace(tzinfo=None)
    for passed, moment in enumerate(instances(rule, todo.due)):
        due = moment.replace(tzinfo=zone)
        if ended(rule, due, passed):
            return None
        if moment > since:
            return replace(todo, due=due, repeat=less(rule, passed))
    return None


def finish_todo(path: Path, todo: Todo, now: datetime) -> Saved:
    """Mark one as done; one that repeats is due again instead.

    Raises:
        StoreError: the file cannot be read or written.
    """
    again = following(todo, now)

    def finished(block: Block) -> Block:
        component: Any = parse(Blocks((block,))).subcomponents[0]
        # Of a series only this time is done: it goes on with the next.
        if again:
            return _moved_on(component, again, now)
        for name in ("STATUS", "COMPLETED", "PERCENT-COMPLETE", "DTSTAMP"):
            component.pop(name, None)
        component.add("status", "COMPLETED")
        component.add("completed", now.astimezone(UTC))
        component.add("percent-complete", 100)
        component.add("dtstamp", now.astimezone(UTC))
        return Block("VTODO", component.to_ical().decode())

    return _edit_each(path, {todo.uid}, now, lambda block: (finished(block),))


def rewrite_todo(path: Path, todo: Todo, now: datetime) -> Saved:
    """Give one another text or time; what else is in it stays.

    Raises:
        StoreError: the file cannot be read or written.
    """

    def rewritten(block: Block) -> Block:
        component: Any = parse(Blocks((block,))).subcomponents[0]
        component.pop("SUMMARY", None)
        component.add("summary", todo.text)
        return _moved_on(component, todo, now)

    return _edit_each(path, {todo.uid}, now, lambda block: (rewritten(block),))


def _moved_on(component: Any, todo: Todo, now: datetime) -> Block:
    for name in ("DTSTART", "DUE", "RRULE", "DTSTAMP"):
        component.pop(name, None)
    component.add("dtstamp", now.astimezone(UTC))
    _set_due(component, todo)
    return Block("VTODO", component.to_ical().decode())


def _set_due(component: Any, todo: Todo) -> None:
    from icalendar import vRecur

    if todo.due is None:
        return
    moment = written(todo.due, all_day=todo.all_day, repeats=bool(todo.repeat))
    if todo.repeat:
        # UNTIL has to be a day like DTSTART (RFC 5545, 3.3.10).
        rule = daily_until(todo.repeat, todo.due) if todo.all_day else todo.repeat
        # A rule counts from DTSTART (RFC 5545, 3.8.5.3).
        component.add("dtstart", moment)
        component.add("rrule", vRecur.from_ical(rule))
    component.add("due", moment)


def drop_todos(path: Path, todos: Iterable[Todo], now: datetime) -> Saved:
    """Take some away, all or none.

    Raises:
        StoreError: the file cannot be read or written.
    """
    return _edit_each(path, {todo.uid for todo in todos}, now, lambda _: ())


def _edit_each(
    path: Path,
    uids: set[str],
    now: datetime,
    change: Callable[[Block], tuple[Block, ...]],
) -> Saved:
    def edit(blocks: Blocks) -> Blocks:
        for block in blocks.of("VTODO"):
            if known_uid(block) in uids:
                blocks = blocks.swapped(block, *change(block))
        return blocks

    return change_ics(path, now, edit)


def _todo(item: Any, block: Block, zone: tzinfo) -> Todo:
    # Some programs set only the start of a reminder.
    due = item.get("DUE") or item.get("DTSTART")
    moment = due.dt if due is not None else None
    categories = item.categories
    rule = item.get("RRULE")
    text = str(item.get("SUMMARY", ""))
    return Todo(
        text=text,
        kind=str(categories[0]) if categories else "",
        due=localize(moment, zone) if moment is not None else None,
        all_day=moment is not None and not isinstance(moment, datetime),
        done=str(item.get("STATUS", "")).upper() == "COMPLETED",
        repeat=rule.to_ical().decode() if rule else "",
        uid=known_uid(block),
        oddity=_GUESSED.format(text) if is_guessed(block.text) else "",
    )


def _component(todo: Todo, now: datetime) -> Any:
    from icalendar import Alarm
    from icalendar import Todo as Component

    component: Any = Component()
    component.add("uid", todo.uid or fresh_id("todo"))
    component.add("dtstamp", now.astimezone(UTC))
    component.add("summary", todo.text)
    component.add("status", "NEEDS-ACTION")
    if todo.kind:
        component.add("categories", [todo.kind])
    if todo.due:
        _set_due(component, todo)
        alarm: Any = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", todo.text)
        # Rings when it is due, in other programs too.
        alarm["TRIGGER"] = "PT0S"
        component.add_component(alarm)
    return component
