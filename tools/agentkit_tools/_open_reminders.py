"""Reminders, alarms and timers: open ones, new ones, and the one that is meant."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from agentkit import Context, Duration, InputNeeded, Recurrence, ToolError, When
from agentkit.language import fold
from agentkit_tools._phrases import phrase
from agentkit_tools._results.reminder_answers import say_one, shown_reminder
from agentkit_tools._store.bare_hours import names_only_a_clock, nearer_half
from agentkit_tools._store.blocks import Block, split_blocks
from agentkit_tools._store.files import read_bytes
from agentkit_tools._store.octets import text_of
from agentkit_tools._store.resemblance import closest
from agentkit_tools._store.todos import Todo, read_todos, todos_of
from agentkit_tools._store.zones import later as later_by

ALARM, TIMER = "ALARM", "TIMER"
# The day of a due date, whatever its zone: "DUE;TZID=Europe/Berlin:20261126T140000".
_DAYS = re.compile(r"(?m)^(?:DUE|DTSTART)[^:\r\n]*:(\d{8})")


def reminders_file(context: Context) -> Path:
    """Return the file of reminders, alarms and timers."""
    return context.home / "reminders.ics"


def open_todos(context: Context, kind: str) -> tuple[list[Todo], str]:
    """Return what is not done yet, soonest first, and the file's warning."""
    found = read_todos(reminders_file(context), context.now)
    items = [t for t in found.items if t.kind == kind and not t.done]
    # What has no time comes last: a hundred years are later than any.
    far = context.now + timedelta(days=36500)
    return sorted(items, key=lambda todo: todo.due or far), found.warning


def due_before(context: Context, end: datetime) -> list[Todo]:
    """Return the open reminders that are due before a moment, without reading the others.

    Raises:
        StoreError: the file cannot be read.
    """
    content = read_bytes(reminders_file(context)) or b""
    blocks = split_blocks(text_of(content))
    # A day more, as the lines may be in another zone.
    last = f"{end + timedelta(days=1):%Y%m%d}"
    some = [block for block in blocks.of("VTODO") if _may_be_due(block, last)]
    try:
        todos = todos_of(blocks.keeping((*blocks.of("VTIMEZONE"), *some)), context.tz)
    except ValueError:  # damaged: what reads all of it mends it
        todos = open_todos(context, "")[0]
    due = [(t.due, t) for t in todos if t.due and t.due < end and _is_open(t)]
    return [todo for _, todo in sorted(due, key=lambda one: one[0])]


def _is_open(todo: Todo) -> bool:
    return not (todo.kind or todo.done)


def _may_be_due(block: Block, last: str) -> bool:
    """Whether a to-do is due up to a day, as far as its lines tell at a glance."""
    days = _DAYS.findall(block.text)
    return (
        block.whole
        and "STATUS:COMPLETED" not in block.text
        # A series counts from its beginning on; without any day it may be due at any
        # time.
        and min(days, default=last) <= last
    )


def pick_reminder(context: Context, kind: str, text: str, slot: str) -> Todo:
    """Return the one that is meant.

    Raises:
        InputNeeded: more than one fits.
        ToolError: none does.
    """
    todos, _ = open_todos(context, kind)
    found = closest(text, todos, lambda todo: todo.text)
    exact = [t for t in found.items if fold(t.text) == fold(text)]
    if found.sure and (len(exact) == 1 or len(found.items) == 1):
        return (exact or found.items)[0]
    if not found.items:
        raise ToolError(phrase("There is no open reminder about {text!r}.", text=text))
    choices = tuple(todo.text for todo in found.items[:6])
    if len(choices) == 1:
        question = phrase(
            "There is no reminder about {text!r}. Do you mean “{choice}”?",
            text=text,
            choice=choices[0],
        )
        raise InputNeeded(slot, question, choices)
    raise InputNeeded(slot, phrase("Which reminder do you mean?"), choices)


def pick_timer(context: Context, name: str) -> Todo:
    """Return the running timer that is meant: by its name, or as the only one.

    Raises:
        InputNeeded: more than one runs.
        ToolError: none does.
    """
    running = running_timers(context)
    found = closest(name, running, lambda todo: todo.text).items if name else running
    if len(found) == 1:
        return found[0]
    if not running:
        raise ToolError(phrase("No timer is running."))
    choices = tuple(todo.text for todo in found or running)
    raise InputNeeded("name", phrase("Which timer do you mean?"), choices)


def running_timers(context: Context) -> list[Todo]:
    """List the timers that have not run down, the next one to ring first."""
    todos, _ = open_todos(context, TIMER)
    return [todo for todo in todos if todo.due and todo.due > context.now]


def is_alarm(text: str) -> bool:
    """Whether words name an alarm and no reminder."""
    # "the alarm", "wake me", "wake-up call"
    return bool(re.search(r"\b(?:alarm|wake)", text, re.I))


def pick_any(context: Context, text: str, when: When | None) -> Todo:
    """Return the reminder that is meant, or the alarm or timer where words name one."""
    if is_alarm(text):
        return pick_alarm(context, when)
    # "pasta timer": the name is what stands before.
    if name := re.fullmatch(r"(?i)(.+?)\s+timer", text.strip()):
        return pick_reminder(context, TIMER, name[1], "text")
    return pick_reminder(context, "", text, "text")


def moved_due(
    todo: Todo,
    to: When | None,
    later: Duration | None,
    earlier: Duration | None,
    now: datetime,
) -> Todo:
    """Return a reminder at its new time.

    A day keeps the hour, and an hour the day; what is put off counts from now where
    it was due before.

    Raises:
        InputNeeded: it has no time to be put off from.
    """
    if to is not None:
        return _set_to(todo, to, now)
    if todo.due is None:
        raise InputNeeded(
            "to", phrase("When shall I remind you of “{text}”?", text=todo.text)
        )
    if earlier is not None:
        return replace(todo, due=later_by(todo.due, -earlier.delta))
    by = later.delta if later else timedelta()
    overdue = todo.due < now and not todo.all_day
    return replace(todo, due=later_by(now if overdue else todo.due, by))


def _set_to(todo: Todo, to: When, now: datetime) -> Todo:
    due, start = todo.due, to.start
    # "Move it to Friday" keeps the hour.
    if to.all_day and due is not None and not todo.all_day:
        start = datetime.combine(start.date(), due.timetz())
        return replace(todo, due=start, all_day=False)
    if not to.all_day and due is not None and not todo.all_day:
        start = nearer_half(start, due, to.text)
    # "Move it to five" means the day that it is due on, unless that hour is past.
    if not to.all_day and due is not None and names_only_a_clock(to, now):
        at = datetime.combine(due.date(), start.timetz())
        start = at if at > now else start
    return replace(todo, due=start, all_day=to.all_day)


def pick_alarm(context: Context, time: When | None) -> Todo:
    """Return the alarm that is meant: by its day, its time, or as the only one.

    Raises:
        InputNeeded: more than one fits.
        ToolError: none does.
    """
    todos, _ = open_todos(context, ALARM)
    if time is not None and time.all_day:
        todos = [t for t in todos if t.due and t.due.date() == time.start.date()]
    elif time is not None:
        todos = [t for t in todos if t.due and _same_clock(t.due, time.start)]
    if len(todos) == 1:
        return todos[0]
    if not todos:
        raise ToolError(phrase("There is no such alarm."))
    choices = tuple(say_one(shown_reminder(todo, context)) for todo in todos[:6])
    raise InputNeeded("time", phrase("Which alarm do you mean?"), choices)


def _same_clock(one: datetime, other: datetime) -> bool:
    return (one.hour, one.minute) == (other.hour, other.minute)


def new_reminder(
    context: Context, text: str, when: When | None, repeat: Recurrence | None
) -> Todo:
    """Make a reminder; one that repeats is due when its rule first takes place.

    Raises:
        ToolError: the rule never takes place.
    """
    due = when.start if when else None
    all_day = bool(when and when.all_day)
    if repeat:
        # "Every Monday" is for whole days; "every Monday at 8" or "from 8 on" is not.
        all_day = (when is None or all_day) and repeat.clock is None
        begin = due or context.now
        if all_day:
            begin = begin.replace(hour=0, minute=0, second=0, microsecond=0)
        try:
            due = repeat.first(begin)
        except ValueError as exc:
            raise ToolError(str(exc)) from exc
    rule = repeat.rule if repeat else ""
    return Todo(text=text.strip(), due=due, all_day=all_day, repeat=rule)
