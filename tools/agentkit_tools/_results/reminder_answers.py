"""What the reminder tools answer, and how it is said; how often something comes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from agentkit import Context
from agentkit.language import DAY_NAMES, spoken
from agentkit_tools._phrases import (
    bullets,
    counted,
    paragraphs,
    phrase,
    say_day,
    say_moment,
    wording,
)
from agentkit_tools._store.todos import Todo

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_UNITS = {
    "HOURLY": "hour",
    "DAILY": "day",
    "WEEKLY": "week",
    "MONTHLY": "month",
    "YEARLY": "year",
}
# "time" stands for any other frequency.
_NAMED = ("hour", "day", "week", "month", "year", "time")
# What `[repeats]` of a language's wording holds, too.
_ENGLISH: Mapping[str, Any] = {
    **{unit: [f"every {unit}", f"every {{n}} {unit}s"] for unit in _NAMED},
    "on": "{often} on {days}",
    "and": " and ",
    "weekday": "{day}",
    "nth": "the {nth} {day}",
    "places": ["first", "second", "third", "fourth", "fifth", "last"],
    "number": "day {n}",
    "last_number": "the last day",
}


def say_rule(rule: str) -> str:
    """Say how often: "every 2 weeks on Tuesday", "every month on day 15"; empty if odd."""
    from icalendar import vRecur

    if not rule:
        return ""
    words = wording(spoken()).get("repeats", _ENGLISH)
    parts: Any = vRecur.from_ical(rule)
    count = int(parts.get("INTERVAL", [1])[0])
    one, many = words[_UNITS.get(str(parts["FREQ"][0]), "time")]
    often = str(one if count == 1 else many).format(n=count)
    days = [_say_weekday(str(day), words) for day in parts.get("BYDAY", [])]
    numbers = [_say_number(int(day), words) for day in parts.get("BYMONTHDAY", [])]
    named = str(words["and"]).join((*days, *numbers))
    return str(words["on"]).format(often=often, days=named) if named else often


def _say_number(day: int, words: Mapping[str, Any]) -> str:
    return str(words["last_number" if day == -1 else "number"]).format(n=day)


def _say_weekday(code: str, words: Mapping[str, Any]) -> str:
    """Say a day of a rule: "2TU" is the second Tuesday."""
    number = _DAYS.index(code[-2:])
    names = wording(spoken()).get("dates", {}).get("weekdays")
    day = str(names[number]) if names else DAY_NAMES[number].title()
    place = code[:-2].lstrip("+")
    if not place:
        return str(words["weekday"]).format(day=day)
    # Where weekdays are of two genders, so are first and last.
    feminine = number in words.get("feminine_days", ())
    places = words["feminine_places" if feminine else "places"]
    known = {"-1": -1, **{str(n): n - 1 for n in range(1, 6)}}
    nth = places[known[place]] if place in known else place
    return str(words["nth"]).format(nth=nth, day=day)


# Rules that have a name of their own; all others are said by `say_rule`.
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
