"""Meetings held against the calendar: there already, to be moved there, or in the way.

A meeting is there by its meaning: its time with its people, its title, or nothing that
speaks against it. No id is compared, so that one is found, too, that was put there by
hand, came with an invite mail, or was invited to in an earlier run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from agentkit import Context, When
from agentkit.language import fold
from agentkit_tools._free_time import free_stretches
from agentkit_tools._mail.meeting_book import Meeting
from agentkit_tools._phrases import phrase, say_stretch
from agentkit_tools._store.agenda import Agenda
from agentkit_tools._store.event_components import Occurrence

# People are a little late or early when they write a time down.
_SLACK = timedelta(minutes=15)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CalendarNote:
    """What the calendar says of a meeting.

    Attributes:
        holds: nobody is to be invited.
    """

    text: str
    holds: bool


class CalendarView:
    """The calendar as meetings are compared with it."""

    def __init__(self, agenda: Agenda, context: Context) -> None:
        self._agenda, self._context = agenda, context

    def note(self, meeting: Meeting, people: Iterable[str]) -> CalendarNote | None:
        """Say what speaks against inviting to a meeting; None where nothing does."""
        guests = {one.casefold() for one in people}
        around = self._on_day(meeting.start)
        there = [e for e in around if self._is_there(e, meeting, guests)]
        if there:
            return CalendarNote(
                phrase("on your calendar already as “{title}”", title=there[0].title),
                holds=True,
            )
        for start in meeting.before:
            day = self._on_day(start)
            old = [e for e in day if self._is_it(e, meeting, start, guests)]
            if old:
                was = self._say(old[0])
                return CalendarNote(
                    phrase("on your calendar as {event}: to be moved", event=was),
                    holds=True,
                )
        return self._conflict(meeting, around)

    def _is_there(self, event: Occurrence, meeting: Meeting, guests: set[str]) -> bool:
        if self._is_it(event, meeting, meeting.start, guests):
            return True
        # Titles of two languages have no word in common: an event of the very time that
        # names nobody is the meeting.
        own = self._context.locale.partition("-")[0].lower()
        named = event.guests or _names_others(event, guests)
        foreign = meeting.language not in ("", own)
        return foreign and event.start == meeting.start and not named

    def _is_it(
        self, event: Occurrence, meeting: Meeting, start: datetime, guests: set[str]
    ) -> bool:
        """Whether an event at about a time is a meeting: by its title or its people."""
        if abs(event.start - start) > _SLACK:
            return False
        others = {one.casefold() for one in event.guests}
        # The user is a guest of the event, and never one of the people that are met.
        others.discard(self._context.user_email.casefold())
        return others == guests or bool(_said(event, meeting, guests))

    def _on_day(self, moment: datetime) -> list[Occurrence]:
        day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        return [e for e in self._agenda.between(day, day + _DAY) if not e.all_day]

    def _conflict(
        self, meeting: Meeting, around: list[Occurrence]
    ) -> CalendarNote | None:
        end = meeting.start + meeting.duration
        hit = [e for e in around if e.start < end and meeting.start < e.end]
        # What waits for the user's answer is not agreed to over something else.
        if meeting.choices:
            return CalendarNote(
                phrase("several times are proposed: choose one"), holds=True
            )
        if not hit:
            return None
        free = self._free(meeting)
        text = phrase("collides with {event}", event=self._say(hit[0])) + free
        # What was only asked waits for the user; what was agreed to is invited to all
        # the same.
        return CalendarNote(text, holds=meeting.asked)

    def _free(self, meeting: Meeting) -> str:
        """Name a free time of its length on the same day."""
        day = meeting.start.replace(hour=0, minute=0, second=0, microsecond=0)
        when = When(day, None, "day", "")
        least = meeting.duration
        gaps = free_stretches(self._agenda, when, least, self._context)
        # Rather later than earlier: it was asked for at that time.
        later = [gap for gap in gaps if gap[1] - least >= meeting.start]
        for start, _ in later[:1] or gaps[:1]:
            begin = max(start, meeting.start) if later else start
            shown = say_stretch(begin, begin + least, self._context.now)
            return phrase("; free: {when}", when=shown)
        return ""

    def _say(self, event: Occurrence) -> str:
        when = say_stretch(event.start, event.end, self._context.now)
        return phrase("“{title}”, {when}", title=event.title, when=when)


def _said(event: Occurrence, meeting: Meeting, guests: set[str]) -> set[str]:
    """Return the telling words of its title that are said of the meeting, too.

    A name tells nothing: there is more than one thing to do with a person.
    """
    shared = _words(event.title) & _words(f"{meeting.title} {meeting.topic}")
    return {word for word in shared if not any(word in guest for guest in guests)}


def _names_others(event: Occurrence, guests: set[str]) -> bool:
    """Whether a title says "with" somebody who is none of the guests."""
    match = re.search(r"\b(?:with|mit|avec|con|com)\s+(\w+)", fold(event.title))
    return bool(match) and not any(match[1] in guest for guest in guests if match)


def _words(text: str) -> set[str]:
    # Shorter words are articles and the like in all of the languages.
    return {word for word in re.findall(r"\w{4,}", fold(text)) if word not in _COMMON}


# Words of very many titles.
_COMMON = frozenset(
    ["with", "meeting", "call", "termin", "treffen", "your", "this", "that", "about",
     "reunion", "friday", "monday", "tuesday", "wednesday", "thursday", "saturday",
     "sunday", "time", "will", "could", "would", "there"]
)  # fmt: skip
