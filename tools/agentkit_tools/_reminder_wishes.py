"""Reminders as they are wanted: new, changed or done, and how previews name them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from agentkit import (
    Context,
    CorruptStore,
    Duration,
    InputNeeded,
    Recurrence,
    ToolError,
    When,
)
from agentkit.language import fold
from agentkit_tools._event_choice import pick_event
from agentkit_tools._open_reminders import (
    ALARM,
    moved_due,
    new_reminder,
    open_todos,
    pick_alarm,
    pick_any,
    pick_reminder,
    pick_timer,
)
from agentkit_tools._phrases import phrase, say_length
from agentkit_tools._results.reminder_answers import (
    Reminder,
    say_one,
    shown_reminder,
)
from agentkit_tools._rings import rang_last
from agentkit_tools._store.agenda import Agenda
from agentkit_tools._store.todos import (
    Todo,
)
from agentkit_tools._store.zones import later

# As long as clocks that ring have it.
_SNOOZE = timedelta(minutes=10)


def listed_reminders(
    context: Context, kind: str, when: When | None = None
) -> list[Reminder]:
    """List the open reminders of a kind, those of a time where one is named.

    Raises:
        CorruptStore: they cannot be read.
    """
    todos, warning = open_todos(context, kind)
    if when is not None:
        # "At three" has no length; a minute of it is looked at.
        end = max(when.until, when.start + timedelta(minutes=1))
        todos = [t for t in todos if t.due and when.start <= t.due < end]
    if warning and not todos:
        raise CorruptStore(warning)
    return [shown_reminder(todo, context, warning) for todo in todos]


def wanted_reminder(
    context: Context,
    text: str,
    when: When | None,
    repeat: Recurrence | None,
    ahead: Duration | None,
    event: str,
) -> Todo:
    """Make the reminder that is wanted: at a time, or before an event."""
    todo = new_reminder(context, text, when, repeat)
    if ahead is None and not event.strip():
        return todo
    item = pick_event(Agenda.read(context), event.strip() or text, when, context)
    due = later(item.start, -ahead.delta if ahead else timedelta())
    # "Two hours before" a whole day is an hour of the day before.
    whole = item.all_day and (ahead is None or ahead.delta >= timedelta(days=1))
    return replace(todo, due=due, all_day=whole)


def finished_reminder(context: Context, text: str) -> Todo:
    """Find the reminder that is done: by its words, or what rang last."""
    if text.strip():
        return pick_reminder(context, "", text, "text")
    todo, _ = rang_last(context)
    if not todo.uid:
        raise ToolError(
            phrase(
                "“{title}” is an event, which is not to be marked as done.",
                title=todo.text,
            )
        )
    return todo


def _as_it_rang(context: Context) -> Todo:
    todo, rang = rang_last(context)
    return replace(todo, due=rang, all_day=False)


def changed_reminder(
    context: Context,
    text: str,
    to: When | None,
    later: Duration | None,
    earlier: Duration | None,
    new_text: str,
    when: When | None,
) -> tuple[Todo, Todo]:
    """Return a reminder or alarm as it is, and as it is to be.

    Raises:
        InputNeeded: several may be meant, or nothing is to change.
        ToolError: there is none.
    """
    # "Snooze the timer" names nothing: what rang last is meant.
    named = bool(when or fold(text) not in ("", "timer", "the timer"))
    old = pick_any(context, text, when) if named else _as_it_rang(context)
    # "Snooze" alone.
    if not (named or to or later or earlier or new_text.strip()):
        later = Duration(_SNOOZE, "10 minutes")
    new = replace(old, text=new_text.strip() or old.text)
    if to or later or earlier or not new_text.strip():
        new = moved_due(new, to, later, earlier, context.now)
    if new == old:
        raise InputNeeded(
            "to", phrase("To what time shall I move “{title}”?", title=old.text)
        )
    if later and old.repeat and old.due and old.due < context.now:
        # What rings again a little later is this one, and not all that follow.
        new = replace(new, repeat="", uid="")
    return old, new


def preview_reminder(context: Context, **wished: Any) -> str:
    """Say what `create_reminder` will set."""
    shown = shown_reminder(wanted_reminder(context, **wished), context)
    return phrase(
        "Remind you of “{text}”{timing}.", text=shown.text, timing=_timing(shown)
    )


def _timing(shown: Reminder) -> str:
    often = f", {phrase(shown.repeats)}" if shown.repeats else ""
    return f" {shown.when}{often}" if shown.when else often


def preview_complete(context: Context, text: str) -> str:
    """Say what `complete_reminder` will mark as done."""
    todo = finished_reminder(context, text)
    return phrase("Mark the reminder “{text}” as done.", text=todo.text)


def preview_change(context: Context, **wished: Any) -> str:
    """Say what `change_reminder` will change, and to what."""
    old, new = changed_reminder(context, **wished)
    before, behind = (say_one(shown_reminder(one, context)) for one in (old, new))
    return phrase("Change “{before}” to “{behind}”.", before=before, behind=behind)


def preview_drop(context: Context, text: str) -> str:
    """Say what `delete_reminder` will delete."""
    todo = pick_reminder(context, "", text, "text")
    return phrase("Delete the reminder “{text}”.", text=todo.text)


def preview_alarm(
    context: Context, time: When, repeat: Recurrence | None, label: str
) -> str:
    """Say what `set_alarm` will set."""
    shown = shown_reminder(new_alarm(context, time, repeat, label), context)
    name = phrase(" “{name}”", name=label) if label else ""
    return phrase("Set an alarm{name}{timing}.", name=name, timing=_timing(shown))


def new_alarm(
    context: Context, time: When, repeat: Recurrence | None, label: str
) -> Todo:
    """Make the alarm that is wanted.

    Raises:
        InputNeeded: a day was named, and no time of it.
    """
    # "At 7 Monday to Friday" is several days, and an alarm that rings once is not that.
    days = time.end is not None and time.end - time.start >= timedelta(days=1)
    if time.all_day or (days and not repeat):
        raise InputNeeded("time", phrase("At what time shall the alarm ring?"))
    made = new_reminder(context, label.strip() or phrase("Alarm"), time, repeat)
    return replace(made, kind=ALARM)


def preview_alarm_off(context: Context, time: When | None) -> str:
    """Say which alarm `cancel_alarm` will take off."""
    shown = shown_reminder(pick_alarm(context, time), context)
    return phrase("Cancel: {what}.", what=say_one(shown))


def preview_timer(context: Context, duration: Duration, name: str) -> str:
    """Say which timer `start_timer` will start."""
    label = phrase(" “{name}”", name=name) if name else ""
    length = say_length(duration.delta)
    return phrase("Start a timer{name} of {length}.", name=label, length=length)


def preview_timer_off(context: Context, name: str) -> str:
    """Say which timer `cancel_timer` will stop."""
    shown = shown_reminder(pick_timer(context, name), context)
    return phrase("Stop: {what}.", what=say_one(shown))
