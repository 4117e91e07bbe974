"""Reminder tools: reminders, alarms and timers, kept as VTODO in reminders.ics."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from agentkit import (
    Context,
    Duration,
    Recurrence,
    When,
    tool,
)
from agentkit_tools._cut_off_calls import settled_reminder
from agentkit_tools._open_reminders import (
    ALARM,
    TIMER,
    pick_alarm,
    pick_reminder,
    pick_timer,
    reminders_file,
    running_timers,
)
from agentkit_tools._pack import sentences, undo
from agentkit_tools._phrases import phrase, say_length
from agentkit_tools._reminder_wishes import (
    changed_reminder,
    finished_reminder,
    listed_reminders,
    new_alarm,
    preview_alarm,
    preview_alarm_off,
    preview_change,
    preview_complete,
    preview_drop,
    preview_reminder,
    preview_timer,
    preview_timer_off,
    wanted_reminder,
)
from agentkit_tools._results.reminder_answers import (
    Noted,
    Reminder,
    say_all,
    say_noted,
    shown_reminder,
)
from agentkit_tools._store.ics import Saved
from agentkit_tools._store.todos import (
    Todo,
    add_todos,
    drop_todos,
    finish_todo,
    following,
    rewrite_todo,
)

SETTINGS = None
_SAY = sentences("reminders")


def _noted(todo: Todo, did: str, saved: Saved, context: Context) -> Noted:
    shown = shown_reminder(todo, context)
    return Noted(reminder=shown, did=did, undo=saved.undo, warning=saved.warning)


@tool(
    effect="write",
    examples=_SAY["create_reminder"],
    wording=say_noted,
    preview=preview_reminder,
    undo=undo,
    settle=settled_reminder("Reminder set"),
)
def create_reminder(
    context: Context,
    text: str,
    when: When | None = None,
    repeat: Recurrence | None = None,
    ahead: Duration | None = None,
    event: str = "",
) -> Noted:
    """Remind the user of something, at a time or without one.

    Args:
        text: what to be reminded of.
        when: day or time of the reminder, the first one when it repeats.
        repeat: how often it comes back, such as "every Sunday".
        ahead: how long before an event of the calendar.
        event: words of that event's title; those of the text when left out.
    """
    todo = wanted_reminder(context, text, when, repeat, ahead, event)
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
    return listed_reminders(context, "", when)


@tool(
    effect="write",
    examples=_SAY["complete_reminder"],
    wording=say_noted,
    preview=preview_complete,
    undo=undo,
    settle=settled_reminder("Done"),
)
def complete_reminder(context: Context, text: str = "") -> Noted:
    """Mark a reminder as done.

    Args:
        text: words of the reminder; what rang last when left out.
    """
    todo = finished_reminder(context, text)
    saved = finish_todo(reminders_file(context), todo, context.now)
    # One of a series is done: the answer names the next, as "done" alone sounds like
    # the end of it.
    again = following(todo, context.now)
    return _noted(again or todo, "Done, next" if again else "Done", saved, context)


@tool(
    effect="write",
    examples=_SAY["change_reminder"],
    wording=say_noted,
    preview=preview_change,
    undo=undo,
    settle=settled_reminder("Changed"),
)
def change_reminder(
    context: Context,
    text: str = "",
    to: When | None = None,
    later: Duration | None = None,
    earlier: Duration | None = None,
    new_text: str = "",
    when: When | None = None,
) -> Noted:
    """Move, snooze or reword a reminder or an alarm.

    Args:
        text: words of the reminder; "alarm" for an alarm; what rang last when left out.
        to: the new day or time.
        later: by how much later it shall come.
        earlier: by how much earlier it shall come.
        new_text: what to be reminded of instead.
        when: when an alarm rings now, to tell it from others.
    """
    _, new = changed_reminder(context, text, to, later, earlier, new_text, when)
    # Without a UID it is a new one beside its series: what was snoozed rings once more.
    change = rewrite_todo if new.uid else _add
    saved = change(reminders_file(context), new, context.now)
    return _noted(new, "Changed", saved, context)


def _add(path: Path, todo: Todo, now: datetime) -> Saved:
    return add_todos(path, [todo], now)


@tool(
    effect="delete",
    examples=_SAY["delete_reminder"],
    wording=say_noted,
    preview=preview_drop,
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


@tool(
    effect="write",
    examples=_SAY["set_alarm"],
    wording=say_noted,
    preview=preview_alarm,
    undo=undo,
    settle=settled_reminder("Alarm set"),
)
def set_alarm(
    context: Context,
    time: When,
    repeat: Recurrence | None = None,
    label: str = "",
) -> Noted:
    """Set an alarm that rings at a time, such as to wake up.

    Args:
        time: when it rings, the first time when it repeats.
        repeat: how often it rings again, such as "every weekday".
        label: what it is for.
    """
    todo = new_alarm(context, time, repeat, label)
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
    return listed_reminders(context, ALARM)


@tool(
    effect="delete",
    examples=_SAY["cancel_alarm"],
    wording=say_noted,
    preview=preview_alarm_off,
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


@tool(
    effect="write",
    examples=_SAY["start_timer"],
    wording=say_noted,
    preview=preview_timer,
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
        # Without a name, the length tells one timer from another.
        text=name.strip()
        or phrase("Timer of {length}", length=say_length(duration.delta)),
        kind=TIMER,
        due=context.after(duration.delta),
    )
    saved = add_todos(reminders_file(context), [todo], context.now)
    return _noted(todo, "Timer started", saved, context)


@tool(
    effect="delete",
    examples=_SAY["cancel_timer"],
    wording=say_noted,
    preview=preview_timer_off,
    undo=undo,
    settle=settled_reminder("Timer stopped"),
)
def cancel_timer(context: Context, name: str = "") -> Noted:
    """Stop a timer before it has run down.

    Args:
        name: what it is for; the only one when left out.
    """
    todo = pick_timer(context, name)
    saved = drop_todos(reminders_file(context), [todo], context.now)
    return _noted(todo, "Timer stopped", saved, context)


@tool(effect="read", examples=_SAY["list_timers"], wording=say_all("timer"))
def list_timers(context: Context) -> list[Reminder]:
    """List the timers that are running."""
    return [shown_reminder(todo, context) for todo in running_timers(context)]
