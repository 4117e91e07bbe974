"""What the reminder tools answer, and how it is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from agentkit import Context
from agentkit_tools._phrases import (
    bullets,
    counted,
    paragraphs,
    phrase,
    say_day,
    say_moment,
)
from agentkit_tools._repeats import say_rule
from agentkit_tools._store.todos import Todo

RULES = {
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
    undo: str = ""
    warning: str = ""


def shown_reminder(todo: Todo, context: Context, warning: str = "") -> Reminder:
    """Turn a to-do into what the tools answer."""
    due, when = "", ""
    if todo.due:
        due = todo.due.date().isoformat() if todo.all_day else todo.due.isoformat()
        say = say_day if todo.all_day else say_moment
        when = say(todo.due, context.now)
    return Reminder(
        text=todo.text,
        due=due,
        when=when,
        repeats=_often(todo),
        warning=" ".join(filter(None, (warning, todo.oddity))),
    )


def _often(todo: Todo) -> str:
    named = {rule: name for name, rule in RULES.items()}
    return named.get(todo.repeat) or say_rule(todo.repeat)


def say_one(reminder: Reminder) -> str:
    """Say one reminder."""
    often = f", {phrase(reminder.repeats)}" if reminder.repeats else ""
    when = f", {reminder.when}" if reminder.when else ""
    return f"{reminder.text}{when}{often}"


def say_noted(noted: Noted) -> str:
    """Say what was done."""
    what = say_one(noted.reminder)
    said = phrase("{did}: {what}.", did=phrase(noted.did), what=what)
    return paragraphs(said, noted.warning)


def say_all(noun: str) -> Callable[[list[Reminder]], str]:
    """Make what says a list of reminders, alarms or timers."""

    def say(reminders: list[Reminder]) -> str:
        if not reminders:
            return phrase(f"There are no {noun}s.")
        lines = bullets([say_one(reminder) for reminder in reminders])
        count = counted(len(reminders), noun)
        odd = dict.fromkeys(one.warning for one in reminders if one.warning)
        return paragraphs(f"{count}:\n{lines}", " ".join(odd))

    return say
