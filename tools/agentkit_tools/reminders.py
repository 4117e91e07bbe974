"""Reminder tools: reminders, alarms and timers, kept as VTODO in reminders.ics."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from agentkit import (
    Context,
    CorruptStore,
    Duration,
    InputNeeded,
    ToolError,
    When,
    tool,
)
from agentkit_tools._phrases import say_day, say_length, say_moment
from agentkit_tools._results.reminders import (
    RULES,
    Noted,
    Reminder,
    say_all,
    say_noted,
    say_one,
    shown_reminder,
)
from agentkit_tools._sentences import sentences
from agentkit_tools._store.names import fold
from agentkit_tools._store.todos import (
    Todo,
    add_todo,
    drop_todo,
    finish_todo,
    read_todos,
)

_SAY = sentences("reminders")
_ALARM, _TIMER = "ALARM", "TIMER"


def _path(context: Context) -> Path:
    return context.home / "reminders.ics"


def _open(context: Context, kind: str) -> tuple[list[Todo], str]:
    """Return what is not done yet, soonest first, and the file's warning."""
    found = read_todos(_path(context), context.now)
    items = [t for t in found.items if t.kind in (kind,) and not t.done]
    far = context.now + timedelta(days=36500)
    return sorted(items, key=lambda todo: todo.due or far), found.warning


def _list(context: Context, kind: str, when: When | None = None) -> list[Reminder]:
    todos, warning = _open(context, kind)
    if when is not None:
        end = max(when.until, when.start + timedelta(minutes=1))
        todos = [t for t in todos if t.due and when.start <= t.due < end]
    if warning and not todos:
        raise CorruptStore(warning)
    return [shown_reminder(todo, context, warning) for todo in todos]


def _pick(context: Context, kind: str, text: str, slot: str) -> Todo:
    """Return the one that is meant.

    Raises:
        InputNeeded: more than one fits.
        ToolError: none does.
    """
    todos, _ = _open(context, kind)
    words = fold(text).split()
    found = [t for t in todos if all(word in fold(t.text) for word in words)]
    exact = [t for t in found if fold(t.text) == fold(text)]
    if len(exact) == 1 or len(found) == 1:
        return (exact or found)[0]
    if not found:
        raise ToolError(f"There is no open reminder about {text!r}.")
    choices = tuple(todo.text for todo in found[:6])
    raise InputNeeded(slot, "Which reminder do you mean?", choices)


def _preview_reminder(context: Context, text: str, when: When | None) -> str:
    time = f" {_moment(when, context)}" if when else ""
    return f"Remind you of “{text}”{time}."


def _moment(when: When, context: Context) -> str:
    say = say_day if when.all_day else say_moment
    return say(when.start, context.now)


@tool(
    effect="write",
    examples=_SAY["create_reminder"],
    wording=say_noted,
    preview=_preview_reminder,
)
def create_reminder(context: Context, text: str, when: When | None = None) -> Noted:
    """Remind the user of something, at a time or without one.

    Args:
        text: what to be reminded of.
        when: day or time of the reminder.
    """
    todo = Todo(
        text=text.strip(),
        due=when.start if when else None,
        all_day=bool(when and when.all_day),
    )
    warning = add_todo(_path(context), todo, context.now)
    return Noted(
        reminder=shown_reminder(todo, context), did="Reminder set", warning=warning
    )


@tool(
    effect="read",
    personal=True,
    examples=_SAY["list_reminders"],
    wording=say_all("reminder"),
)
def list_reminders(context: Context, when: When | None = None) -> list[Reminder]:
    """List the open reminders.

    Args:
        when: day or time span they are due in; all when left out.
    """
    return _list(context, "", when)


def _preview_complete(context: Context, text: str) -> str:
    return f"Mark the reminder “{_pick(context, '', text, 'text').text}” as done."


@tool(
    effect="write",
    examples=_SAY["complete_reminder"],
    wording=say_noted,
    preview=_preview_complete,
)
def complete_reminder(context: Context, text: str) -> Noted:
    """Mark a reminder as done.

    Args:
        text: words of the reminder.
    """
    todo = _pick(context, "", text, "text")
    warning = finish_todo(_path(context), todo, context.now)
    return Noted(reminder=shown_reminder(todo, context), did="Done", warning=warning)


def _preview_delete(context: Context, text: str) -> str:
    return f"Delete the reminder “{_pick(context, '', text, 'text').text}”."


@tool(
    effect="delete",
    examples=_SAY["delete_reminder"],
    wording=say_noted,
    preview=_preview_delete,
)
def delete_reminder(context: Context, text: str) -> Noted:
    """Delete a reminder.

    Args:
        text: words of the reminder.
    """
    todo = _pick(context, "", text, "text")
    warning = drop_todo(_path(context), todo, context.now)
    return Noted(reminder=shown_reminder(todo, context), did="Deleted", warning=warning)


def _first_ring(start: datetime, repeat: str | None) -> datetime:
    """Return the first working day for an alarm that rings on those."""
    days = 7 - start.weekday() if repeat == "weekdays" and start.weekday() > 4 else 0
    day = start.date() + timedelta(days=days)
    return datetime.combine(day, start.time(), start.tzinfo)


def _preview_alarm(context: Context, time: When, repeat: str | None, label: str) -> str:
    often = f", {repeat}" if repeat else ""
    name = f" “{label}”" if label else ""
    first = say_moment(_first_ring(time.start, repeat), context.now)
    return f"Set an alarm{name} for {first}{often}."


@tool(
    effect="write",
    examples=_SAY["set_alarm"],
    wording=say_noted,
    preview=_preview_alarm,
)
def set_alarm(
    context: Context,
    time: When,
    repeat: Literal["daily", "weekdays", "weekly"] | None = None,
    label: str = "",
) -> Noted:
    """Set an alarm that rings at a time, such as to wake up.

    Args:
        time: when it rings.
        repeat: how often it rings again.
        label: what it is for.
    """
    if time.all_day:
        raise InputNeeded("time", "At what time shall the alarm ring?")
    todo = Todo(
        text=label.strip() or "Alarm",
        kind=_ALARM,
        due=_first_ring(time.start, repeat),
        repeat=RULES.get(repeat or "", ""),
    )
    warning = add_todo(_path(context), todo, context.now)
    return Noted(
        reminder=shown_reminder(todo, context), did="Alarm set", warning=warning
    )


@tool(
    effect="read",
    personal=True,
    examples=_SAY["list_alarms"],
    wording=say_all("alarm"),
)
def list_alarms(context: Context) -> list[Reminder]:
    """List the alarms that are set."""
    return _list(context, _ALARM)


def _alarm(context: Context, time: When | None) -> Todo:
    todos, _ = _open(context, _ALARM)
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


def _preview_cancel(context: Context, time: When | None) -> str:
    return f"Cancel: {say_one(shown_reminder(_alarm(context, time), context))}."


@tool(
    effect="delete",
    examples=_SAY["cancel_alarm"],
    wording=say_noted,
    preview=_preview_cancel,
)
def cancel_alarm(context: Context, time: When | None = None) -> Noted:
    """Cancel an alarm.

    Args:
        time: when it rings; the only one when left out.
    """
    todo = _alarm(context, time)
    warning = drop_todo(_path(context), todo, context.now)
    return Noted(
        reminder=shown_reminder(todo, context), did="Alarm cancelled", warning=warning
    )


def _preview_timer(context: Context, duration: Duration, name: str) -> str:
    label = f" “{name}”" if name else ""
    return f"Start a timer{label} of {say_length(duration.delta)}."


@tool(
    effect="write",
    examples=_SAY["start_timer"],
    wording=say_noted,
    preview=_preview_timer,
)
def start_timer(context: Context, duration: Duration, name: str = "") -> Noted:
    """Start a timer that runs down.

    Args:
        duration: how long it runs.
        name: what it is for.
    """
    todo = Todo(
        text=name.strip() or f"Timer of {say_length(duration.delta)}",
        kind=_TIMER,
        due=context.now + duration.delta,
    )
    warning = add_todo(_path(context), todo, context.now)
    return Noted(
        reminder=shown_reminder(todo, context), did="Timer started", warning=warning
    )


@tool(effect="read", examples=_SAY["list_timers"], wording=say_all("timer"))
def list_timers(context: Context) -> list[Reminder]:
    """List the timers that are running."""
    todos, _ = _open(context, _TIMER)
    running = [todo for todo in todos if todo.due and todo.due > context.now]
    return [shown_reminder(todo, context) for todo in running]
