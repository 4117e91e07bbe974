"""Reminder tools: reminders, alarms and timers, kept as VTODO in reminders.ics."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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
from agentkit_tools._phrases import (
    bullets,
    counted,
    say_day,
    say_length,
    say_moment,
    sentence,
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
_RULES = {
    "daily": "FREQ=DAILY",
    "weekdays": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "weekly": "FREQ=WEEKLY",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """Something to be reminded of.

    Attributes:
        due: ISO 8601, a bare date without a time; empty when it has none.
        when: the same as a person reads it.
    """

    text: str
    due: str = ""
    when: str = ""
    repeats: str = ""
    warning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What was done to a reminder, alarm or timer."""

    reminder: Reminder
    did: str
    warning: str = ""


def _path(context: Context) -> Path:
    return context.home / "reminders.ics"


def _shown(todo: Todo, context: Context, warning: str = "") -> Reminder:
    due, when = "", ""
    if todo.due:
        due = todo.due.date().isoformat() if todo.all_day else todo.due.isoformat()
        say = say_day if todo.all_day else say_moment
        when = say(todo.due, context.now)
    return Reminder(
        text=todo.text, due=due, when=when, repeats=_often(todo), warning=warning
    )


def _often(todo: Todo) -> str:
    return next((name for name, rule in _RULES.items() if rule == todo.repeat), "")


def _say_one(reminder: Reminder) -> str:
    often = f", {reminder.repeats}" if reminder.repeats else ""
    when = f", {reminder.when}" if reminder.when else ""
    return f"{reminder.text}{when}{often}"


def _say_noted(noted: Noted) -> str:
    return sentence(f"{noted.did}: {_say_one(noted.reminder)}.", noted.warning)


def _say_all(noun: str) -> Callable[[list[Reminder]], str]:
    def say(reminders: list[Reminder]) -> str:
        if not reminders:
            return f"There are no {noun}s."
        lines = bullets([_say_one(reminder) for reminder in reminders])
        count = counted(len(reminders), noun)
        return sentence(f"{count}:\n{lines}", reminders[0].warning)

    return say


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
    return [_shown(todo, context, warning) for todo in todos]


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
    wording=_say_noted,
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
        reminder=_shown(todo, context), did="Reminder set", warning=warning
    )


@tool(
    effect="read",
    personal=True,
    examples=_SAY["list_reminders"],
    wording=_say_all("reminder"),
)
def list_reminders(context: Context, when: When | None = None) -> list[Reminder]:
    """List the open reminders.

    Args:
        when: day or time span they are due in; all when left out.
    """
    return _list(context, "", when)


@tool(
    effect="write",
    examples=_SAY["complete_reminder"],
    wording=_say_noted,
    preview=lambda context, text: f"Mark the reminder “{text}” as done.",
)
def complete_reminder(context: Context, text: str) -> Noted:
    """Mark a reminder as done.

    Args:
        text: words of the reminder.
    """
    todo = _pick(context, "", text, "text")
    warning = finish_todo(_path(context), todo, context.now)
    return Noted(reminder=_shown(todo, context), did="Done", warning=warning)


@tool(
    effect="delete",
    examples=_SAY["delete_reminder"],
    wording=_say_noted,
    preview=lambda context, text: f"Delete the reminder “{text}”.",
)
def delete_reminder(context: Context, text: str) -> Noted:
    """Delete a reminder.

    Args:
        text: words of the reminder.
    """
    todo = _pick(context, "", text, "text")
    warning = drop_todo(_path(context), todo, context.now)
    return Noted(reminder=_shown(todo, context), did="Deleted", warning=warning)


def _preview_alarm(
    context: Context, time: When, repeat: str | None, label: str
) -> str:
    often = f", {repeat}" if repeat else ""
    name = f" “{label}”" if label else ""
    return f"Set an alarm{name} for {say_moment(time.start, context.now)}{often}."


@tool(
    effect="write",
    examples=_SAY["set_alarm"],
    wording=_say_noted,
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
        due=time.start,
        repeat=_RULES.get(repeat or "", ""),
    )
    warning = add_todo(_path(context), todo, context.now)
    return Noted(reminder=_shown(todo, context), did="Alarm set", warning=warning)


@tool(
    effect="read",
    personal=True,
    examples=_SAY["list_alarms"],
    wording=_say_all("alarm"),
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
    choices = tuple(_say_one(_shown(todo, context)) for todo in todos[:6])
    raise InputNeeded("time", "Which alarm do you mean?", choices)


def _same_clock(one: datetime, other: datetime) -> bool:
    return (one.hour, one.minute) == (other.hour, other.minute)


@tool(
    effect="delete",
    examples=_SAY["cancel_alarm"],
    wording=_say_noted,
    preview=lambda context, time: (
        f"Cancel the alarm: {_say_one(_shown(_alarm(context, time), context))}."
    ),
)
def cancel_alarm(context: Context, time: When | None = None) -> Noted:
    """Cancel an alarm.

    Args:
        time: when it rings; the only one when left out.
    """
    todo = _alarm(context, time)
    warning = drop_todo(_path(context), todo, context.now)
    return Noted(
        reminder=_shown(todo, context), did="Alarm cancelled", warning=warning
    )


@tool(
    effect="write",
    examples=_SAY["start_timer"],
    wording=_say_noted,
    preview=lambda context, duration, name: (
        f"Start a timer of {say_length(duration.delta)}."
    ),
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
    return Noted(reminder=_shown(todo, context), did="Timer started", warning=warning)


@tool(effect="read", examples=_SAY["list_timers"], wording=_say_all("timer"))
def list_timers(context: Context) -> list[Reminder]:
    """List the timers that are running."""
    todos, _ = _open(context, _TIMER)
    running = [todo for todo in todos if todo.due and todo.due > context.now]
    return [_shown(todo, context) for todo in running]
