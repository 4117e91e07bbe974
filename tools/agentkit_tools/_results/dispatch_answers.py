"""What the dispatch tools answer, and how it is said."""

from __future__ import annotations

from dataclasses import dataclass

from agentkit_tools._phrases import phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """A message that goes out later.

    Attributes:
        at: ISO 8601, with offset.
        when: the same as a person reads it.
        message_id: of a message that was written for it; empty for one that waited.
        before: when it was to go out before, ISO 8601; empty for with the others.
    """

    to: str
    text: str
    at: str
    when: str
    file: str
    message_id: str = ""
    before: str = ""
    warning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """A message that was taken out of the outbox.

    Attributes:
        file: where it is kept.
        message_id: its Message-ID.
        thread: the conversation that it belonged to; empty for an invite.
    """

    to: str
    subject: str
    file: str
    message_id: str
    thread: str = ""


def say_scheduled(done: Scheduled) -> str:
    said = phrase(
        "The message to {to} goes out {when}, while `agentkit watch` runs: “{text}”",
        to=done.to,
        when=done.when,
        text=done.text,
    )
    return f"{said}\n{done.warning}" if done.warning else said


def say_withdrawn(done: Withdrawn) -> str:
    return phrase("Took the message to {to} out of the outbox.", to=done.to)
