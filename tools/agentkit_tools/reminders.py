"""Reminder tools: reminders, alarms and timers, kept as VTODO in reminders.ics."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from agentkit import (
    Context,
    CorruptStore,
    Duration,
    InputNeeded,
    Recurrence,
    When,
    tool,
)
from agentkit_tools._cut_off_calls import settled_reminder
from agentkit_tools._open_reminders import (
    ALARM,
    TIMER,
    first_ring,
    new_reminder,
    open_todos,
    pick_alarm,
    pick_reminder,
    reminders_file,
)
from agentkit_tools._pack import sentences, undo
from agentkit_tools._phrases import say_length, say_moment
from agentkit_tools._results.reminder_answers import (
    RULES,
    Noted,
    Reminder,
    say_all,
    say_noted,
    say_one,
    shown_reminder,
)
from agentkit_tools._store.ics import Saved
from agentkit_tools._store.todos import (
    Todo,
    add_todos,
    drop_todos,
    finish_todo,
    following,
)

SETTINGS = None
_SAY = sentences("reminders")


def _list(context: Context, kind: str, when: When | None = None) -> list[Reminder]:
    todos, warning = open_todos(context, kind)
    if when is not None:
        end = max(when.until, when.start + timedelta(minutes=1))
        todos = [t for t in todos if t.due and when.start <= t.due < end]
    if warning and not todos:
        raise CorruptStore(warning)
    return [shown_reminder(todo, context, warning) for todo in todos]


def _noted(todo: Todo, did: str, saved: Saved, context: Context) -> Noted:
    shown = shown_reminder(todo, context)
    return Noted(reminder=shown, did=did, undo=saved.undo, warning=saved.warning)


def _preview_reminder(
    context: Context, text: str, when: When | None, repeat: Recurrence | None
) -> str:
    shown = shown_reminder(new_reminder(context, text, when, repeat), context)
    return f"Remind you of “{shown.text}”{_timing(shown)}."


def _timing(shown: Reminder) -> str:
    often = f", {shown.repeats}" if shown.repeats else ""
    return f" {shown.when}{often}" if shown.when else often


@tool(
    effect="write",
    examples=_SAY["create_reminder"],
    wording=say_noted,
    preview=_preview_reminder,
    undo=undo,
    settle=settled_reminder("Reminder set"),
)
def create_reminder(
    context: Context,
    text: str,
    when: When | None = None,
    repeat: Recurrence | None = None,
) -> Noted:
    """Remind the user of something, at a time or without one.

    Args:
        text: what to be reminded of.
        when: day or time of the reminder, the first one when it repeats.
        repeat: how often it comes back, such as "every Sunday".
    """
    todo = new_reminder(context, text, when, repeat)
    saved = add_todos(reminders_file(context), [todo], context.now)
    return _noted(todo, "Reminder set", saved, context)


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
    return (
        f"Mark the reminder “{pick_reminder(context, '', text, 'text').text}” as done."
    )


@tool(
    effect="write",
    examples=_SAY["complete_reminder"],
    wording=say_noted,
    preview=_preview_complete,
    undo=undo,
    settle=settled_reminder("Done"),
)
def complete_reminder(context: Context, text: str) -> Noted:
    """Mark a reminder as done.

    Args:
        text: words of the reminder.
    """
    todo = pick_reminder(context, "", text, "text")
    saved = finish_todo(reminders_file(context), todo, context.now)
    again = following(todo, context.now)
    return _noted(again or todo, "Done, next" if again else "Done", saved, context)


def _preview_delete(context: Context, text: str) -> str:
    return f"Delete the reminder “{pick_reminder(context, '', text, 'text').text}”."


@tool(
    effect="delete",
    examples=_SAY["delete_reminder"],
    wording=say_noted,
    preview=_preview_delete,
    undo=undo,
    settle=settled_reminder("Deleted"),
)
def delete_reminder(context: Context, text: str) -> Noted:
    """Delete a reminder.

    Args:
        text: words of the reminder.
    """
    todo = pick_reminder(context, "", text, "text")
    saved = drop_todos(reminders_file(context), [todo], context.now)
    return _noted(todo, "Deleted", saved, context)


def _preview_alarm(context: Context, time: When, repeat: str | None, label: str) -> str:
    often = f", {repeat}" if repeat else ""
    name = f" “{label}”" if label else ""
    first = say_moment(first_ring(time.start, repeat), context.now)
    return f"Set an alarm{name} for {first}{often}."


@tool(
    effect="write",
    examples=_SAY["set_alarm"],
    wording=say_noted,
    preview=_preview_alarm,
    undo=undo,
    settle=settled_reminder("Alarm set"),
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
        kind=ALARM,
        due=first_ring(time.start, repeat),
        repeat=RULES.get(repeat or "", ""),
    )
    saved = add_todos(reminders_file(context), [todo], context.now)
    return _noted(todo, "Alarm set", saved, context)


@tool(
    effect="read",
    personal=True,
    examples=_SAY["list_alarms"],
    wording=say_all("alarm"),
)
def list_alarms(context: Context) -> list[Reminder]:
    """List the alarms that are set."""
    return _list(context, ALARM)


def _preview_cancel(context: Context, time: When | None) -> str:
    return f"Cancel: {say_one(shown_reminder(pick_alarm(context, time), context))}."


@tool(
    effect="delete",
    examples=_SAY["cancel_alarm"],
    wording=say_noted,
    preview=_preview_cancel,
    undo=undo,
    settle=settled_reminder("Alarm cancelled"),
)
def cancel_alarm(context: Context, time: When | None = None) -> Noted:
    """Cancel an alarm.

    Args:
        time: when it rings; the only one when left out.
    """
    todo = pick_alarm(context, time)
    saved = drop_todos(reminders_file(context), [todo], context.now)
    return _noted(todo, "Alarm cancelled", saved, context)


def _preview_timer(context: Context, duration: Duration, name: str) -> str:
    label = f" “{name}”" if name else ""
    return f"Start a timer{label} of {say_length(duration.delta)}."


@tool(
    effect="write",
    examples=_SAY["start_timer"],
    wording=say_noted,
    preview=_preview_timer,
    undo=undo,
    settle=settled_reminder("Timer started"),
)
def start_timer(context: Context, duration: Duration, name: str = "") -> Noted:
    """Start a timer that runs down.

    Args:
        duration: how long it runs.
        name: what it is for.
    """
    todo = Todo(
        text=name.strip() or f"Timer of {say_length(duration.delta)}",
        kind=TIMER,
        due=context.now + duration.delta,
    )
    saved = add_todos(reminders_file(context), [todo], context.now)
    return _noted(todo, "Timer started", saved, context)


@tool(effect="read", examples=_SAY["list_timers"], wording=say_all("timer"))
def list_timers(context: Context) -> list[Reminder]:
    """List the timers that are running."""
    todos, _ = open_todos(context, TIMER)
    running = [todo for todo in todos if todo.due and todo.due > context.now]
    return [shown_reminder(todo, context) for todo in running]
