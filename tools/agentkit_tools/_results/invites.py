"""What the invite tools answer, and how it is said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from agentkit_tools._phrases import bullets, counted, paragraphs

State = Literal["waiting", "update", "cancellation", "answer", "proposal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A meeting about which somebody wants something of the user.

    Attributes:
        state: `waiting` is an invite without an answer; an update, a cancellation and
            a guest's answer would change the calendar; a proposal is another time.
        by: e-mail address that it comes from.
        start: ISO 8601; a bare date when it lasts all day.
        when: the same as a person reads it.
        text: what it says, in a few words.
    """

    state: State
    title: str
    by: str
    start: str
    when: str
    uid: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What was taken over from an invite mail."""

    title: str
    did: str
    undo: str = ""


_WORDS: dict[State, str] = {
    "waiting": "waits for your answer",
    "update": "was changed by its organizer",
    "cancellation": "was called off by its organizer",
    "answer": "was answered by a guest",
    "proposal": "a guest suggests another time",
}


def words_of(state: State) -> str:
    """Name a state in words."""
    return _WORDS[state]


def say_pending(found: list[Pending]) -> str:
    """Say what waits for the user."""
    if not found:
        return "No invite waits for you."
    lines = [
        f"{one.title}, {one.when} (from {one.by or 'nobody'}): {one.text}"
        for one in found
    ]
    return f"{counted(len(found), 'invite')}:\n{bullets(lines)}"


def say_applied(done: Applied) -> str:
    """Say what was taken over."""
    return paragraphs(f"“{done.title}”: {done.did}")
