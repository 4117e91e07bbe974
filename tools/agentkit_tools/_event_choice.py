"""From the user's words for an event to the one event that is meant, or a question."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from agentkit import Context, InputNeeded, ToolError, When
from agentkit.language import fold, spoken
from agentkit_tools._phrases import phrase, say_day, say_stretch, sentence
from agentkit_tools._store.agenda import Agenda, span
from agentkit_tools._store.event_components import Occurrence
from agentkit_tools._store.resemblance import (
    BestMatches,
    closest,
    names_something,
    said_words,
)

# "My next dentist appointment": the first of several is meant.
_NEXT = {"next", "upcoming"}
# Choices that can be told apart when they are read aloud.
_MOST = 6


def pick_event(
    agenda: Agenda, title: str, when: When | None, context: Context
) -> Occurrence:
    """Return the one event that fits both the words and the time.

    An event of another time or title is never taken in its place: it is offered, and so
    is one whose title is only much like the words.

    Raises:
        InputNeeded: several may be meant, none fits exactly, or nothing was said.
        ToolError: there is nothing to choose from.
    """
    if not title.strip() and when is None:
        raise InputNeeded("title", phrase("Which event do you mean?"))
    answered = _answered(agenda, title, context)
    if answered:
        return answered
    found = _named(_at_time(agenda, when), title)
    distinct = _firsts(found.items if found.sure else [])
    if not distinct and when is not None and not _is_point(when):
        # "Tonight" may begin before the evening does: the one of that day is meant.
        named = _named(_day(agenda, when), title)
        distinct = _firsts(named.items) if named.sure and names_something(title) else []
        distinct = distinct if len(distinct) == 1 else []
    if not distinct:
        _offer_others(agenda, title, when, context)
    # "Dinner" is the event of that name, though "Dinner with Eva" has the word too.
    exact = [item for item in distinct if fold(item.title) == fold(title)]
    if len(exact) == 1 or len(distinct) == 1:
        return (exact or distinct)[0]
    if when is None and _NEXT & set(said_words(title)):
        return distinct[0]
    raise InputNeeded(
        "title", phrase("Which event do you mean?"), _labels(distinct, context)
    )


def _answered(agenda: Agenda, title: str, context: Context) -> Occurrence | None:
    """Return the event whose label was chosen from those offered before."""
    # A label is a title, a comma and a time.
    if "," not in title:
        return None
    month = timedelta(days=31)
    near = agenda.between(context.now - month, context.now + 12 * month)
    same = (item for item in near if fold(label(item, context.now)) == fold(title))
    return next(same, None)


def label(item: Occurrence, now: datetime) -> str:
    """Name an event so that it can be told from others."""
    time = say_stretch(item.start, item.end, now, all_day=item.all_day)
    return f"{item.title}, {time}"


def _labels(found: Iterable[Occurrence], context: Context) -> tuple[str, ...]:
    labels = dict.fromkeys(label(item, context.now) for item in found)
    return tuple(labels)[:_MOST]


def _at_time(agenda: Agenda, when: When | None) -> list[Occurrence]:
    """List what takes place then: at a clock time, what begins or is going on."""
    if when is None:
        return agenda.coming()
    if not _is_point(when):
        return agenda.between(*span(when))
    around = agenda.between(when.start, when.start + timedelta(minutes=1))
    timed = [item for item in around if not item.all_day]
    # "At three" is what begins then; what goes on since two is meant only without it.
    begins = [item for item in timed if item.start == when.start]
    return begins or [item for item in timed if item.start <= when.start < item.end]


def _is_point(when: When) -> bool:
    return not when.all_day and when.until <= when.start


def _named(found: list[Occurrence], title: str) -> BestMatches[Occurrence]:
    """Keep those that a title speaks of: by their title, else by place or people."""
    return closest(title, found, lambda item: item.title, _surroundings)


def _surroundings(item: Occurrence) -> str:
    return f"{item.location} {' '.join(item.guests)}"


def _firsts(found: Iterable[Occurrence]) -> list[Occurrence]:
    """Keep the first occurrence of each event."""
    kept: dict[str, Occurrence] = {}
    for item in found:
        # Some calendars write events without UID; each of those is one of its own.
        kept.setdefault(item.uid or repr(item), item)
    return list(kept.values())


def _offer_others(
    agenda: Agenda, title: str, when: When | None, context: Context
) -> None:
    """Ask which of the day's events is meant, or of those called so.

    Raises:
        InputNeeded: some events may be meant.
        ToolError: there is nothing to offer.
    """
    words = names_something(title)
    told = {
        "called": phrase(" called {title!r}", title=title.strip()) if words else "",
        "then": _then(when, context),
    }
    # What is called so on that day, else all of that day, else what is called so at all.
    near = _firsts(_day(agenda, when)) if when else []
    others = (_named(near, title).items if words else near) or near
    if words and not near:
        others = _firsts(_named(agenda.coming(), title).items)
    labels = _labels(others, context)
    if not labels:
        raise ToolError(
            phrase("There is nothing{called}{then} on the calendar.", **told)
        )
    choices = "; ".join(labels)
    asked = (
        phrase("Do you mean {choices}?", choices=choices)
        if len(labels) == 1
        else phrase("Which one: {choices}?", choices=choices)
    )
    missing = phrase("There is nothing{called}{then}.", **told)
    raise InputNeeded("title", sentence(missing, asked), labels)


def _then(when: When | None, context: Context) -> str:
    if when is None:
        return ""
    day = say_day(when.start, context.now)
    if when.start.date() == context.now.date():
        day = phrase("today")
    elif when.start.date() == context.now.date() + timedelta(days=1):
        day = phrase("tomorrow")
    if _is_point(when):
        return phrase(" at {time} {day}", time=f"{when.start:%H:%M}", day=day)
    if when.grain == "day" and when.end is None:
        return f" {day}"
    return f" {said_when(when, context)}"


def said_when(when: When, context: Context) -> str:
    """Name a time that was given, as the user's language has it."""
    # `str` says it in English, with the user's own words.
    if spoken() == "en":
        return str(when)
    return say_stretch(when.start, when.until, context.now, all_day=when.all_day)


def _day(agenda: Agenda, when: When) -> list[Occurrence]:
    """List what takes place on the day, or the days, of a time."""
    start, end = span(when)
    first = start.replace(hour=0, minute=0, second=0, microsecond=0)
    last = max(end, first + timedelta(days=1))
    return agenda.between(first, last)
