"""The meetings that letters speak of so far, each once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

# Lengths of a meeting of which nobody said how long it takes.
SHORT, LONG = timedelta(minutes=30), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting as the letters settle it.

    Attributes:
        index: the letter that named its time last.
        words: all sentences that speak of it, for names of people.
        people: addresses of those it was spoken of with.
        asked: it is a question, and nobody has agreed.
        language: of the letter that spoke of it first.
        before: the starts that it had before it was moved.
        choices: several times that were proposed; the first is `start`.
    """

    title: str
    start: datetime
    duration: timedelta
    index: int
    words: str
    thread: str
    topic: str
    people: frozenset[str]
    asked: bool
    language: str
    before: tuple[datetime, ...] = ()
    choices: tuple[datetime, ...] = ()


class MeetingBook:
    """The meetings that stand so far."""

    def __init__(self) -> None:
        self.standing: list[Meeting] = []

    def put(self, new: Meeting, old: Meeting | None = None) -> Meeting:
        """Note a meeting, in the place of another one or of the same one."""
        same = [one for one in self.standing if _same(one, new) and one is not old]
        words = " ".join(dict.fromkeys([one.words for one in (*same, new)]))
        if same:
            new = _merged(same[0], new, words)
        gone = [old, *same]
        self.standing = [one for one in self.standing if one not in gone]
        self.standing.append(new)
        return new

    def drop(self, old: Meeting) -> None:
        """Take a meeting out."""
        self.standing = [one for one in self.standing if one is not old]


def _merged(kept: Meeting, new: Meeting, words: str) -> Meeting:
    """Put what is said of a meeting again beside what is known of it."""
    # A usual length was not said, and does not replace one that was.
    told = new.duration not in (SHORT, LONG)
    return replace(
        kept,
        index=new.index,
        words=words,
        duration=new.duration if told else kept.duration,
        people=kept.people | new.people,
        # One statement settles it.
        asked=kept.asked and new.asked,
        before=(*kept.before, *new.before),
    )


def _same(one: Meeting, other: Meeting) -> bool:
    together = one.thread == other.thread or one.people & other.people
    return one.start == other.start and bool(together)


def settled(meeting: Meeting, days: list[date]) -> Meeting:
    """Let an agreement choose among the times that were proposed."""
    chosen = [one for one in meeting.choices if one.date() in days]
    if len(chosen) == 1:
        return replace(meeting, start=chosen[0], choices=(), asked=False)
    return replace(meeting, asked=False)
