"""Reminders, alarms and timers: open ones, new ones, and the one that is meant."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from agentkit import Context, InputNeeded, Recurrence, ToolError, When
from agentkit.language import fold
from agentkit_tools._results.reminder_answers import say_one, shown_reminder
from agentkit_tools._store.todos import Todo, read_todos

ALARM, TIMER = "ALARM", "TIMER"


def reminders_file(context: Context) -> Path:
    """Return the file of reminders, alarms and timers."""
    return context.home / "reminders.ics"


def open_todos(context: Context, kind: str) -> tuple[list[Todo], str]:
    """Return what is not done yet, soonest first, and the file's warning."""
    found = read_todos(reminders_file(context), context.now)
    items = [t for t in found.items if t.kind in (kind,) and not t.done]
    far = context.now + timedelta(days=36500)
    return sorted(items, key=lambda todo: todo.due or far), found.warning


def pick_reminder(context: Context, kind: str, text: str, slot: str) -> Todo:
    """Return the one that is meant.

    Raises:
        InputNeeded: more than one fits.
        ToolError: none does.
    """
    todos, _ = open_todos(context, kind)
    words = fold(text).split()
    found = [t for t in todos if all(word in fold(t.text) for word in words)]
    exact = [t for t in found if fold(t.text) == fold(text)]
    if len(exact) == 1 or len(found) == 1:
        return (exact or found)[0]
    if not found:
        raise ToolError(f"There is no open reminder about {text!r}.")
    choices = tuple(todo.text for todo in found[:6])
    raise InputNeeded(slot, "Which reminder do you mean?", choices)


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
        raise ToolError("There is no such alarm.")
    choices = tuple(say_one(shown_reminder(todo, context)) for todo in todos[:6])
    raise InputNeeded("time", "Which alarm do you mean?", choices)


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


def first_ring(start: datetime, repeat: str | None) -> datetime:
    """Return the first working day for an alarm that rings on those."""
    days = 7 - start.weekday() if repeat == "weekdays" and start.weekday() > 4 else 0
    day = start.date() + timedelta(days=days)
    return datetime.combine(day, start.time(), start.tzinfo)
