"""What is said in a run: how it opens, how it grows, and where it is kept."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce
from typing import TypeAlias

from agentkit.context import Context
from agentkit.errors import ConfigError
from agentkit.messages import Conversation, Label, Message, close_calls, system, user
from agentkit.messages.images import Image
from agentkit.outcomes import NeedsApproval
from agentkit.outcomes.events import Emit, Event
from agentkit.sessions import Session, Sessions, Unfinished, paused_run


def forget(_: Message) -> None:
    """Keep nothing."""


@dataclass(slots=True)
class Transcript:
    """The messages of one run, for all its parts.

    Attributes:
        messages: all so far, oldest first.
        keep: told each message before it is added.
    """

    messages: list[Message]
    keep: Callable[[Message], None] = forget

    @property
    def conversation(self) -> Conversation:
        """All that was said so far."""
        return tuple(self.messages)

    @property
    def label(self) -> Label:
        """The label of whatever is made from all of it."""
        return reduce(Label.join, (m.label for m in self.messages), Label("model"))

    def add(self, message: Message) -> None:
        """Keep a message, then add it."""
        self.keep(message)
        self.messages.append(message)

    def say(self, message: Message) -> None:
        """Add the model's turn; what it says carries the labels of what it saw."""
        label = Label("model").join(self.label)
        self.add(Message(message.role, message.text, message.calls, label=label))


def opened(
    text: str,
    before: Conversation,
    instructions: str,
    images: Iterable[Image] = (),
) -> list[Message]:
    """Put a request behind what was said before, or behind the instructions.

    Raises:
        ConfigError: the text is empty.
    """
    check_text(text)
    opening = [system(instructions)] if instructions else []
    return [*(close_calls(before) or opening), user(text, images=tuple(images))]


def check_text(text: str) -> None:
    """Refuse a request that says nothing.

    Raises:
        ConfigError: the text is empty.
    """
    if not text.strip():
        raise ConfigError("The request is empty: say what you want done.")


SessionChoice: TypeAlias = Session | str | None


@contextmanager
def opened_session(
    choice: SessionChoice, context: Context | None
) -> Generator[Session | None]:
    """Hold the session that was chosen; one named by its id for this run only.

    Raises:
        ConfigError: it is named by its id, and no context says in which home.
        SessionHeld: another process works on it.
        StoreError: the file of the sessions cannot be used.
    """
    if not isinstance(choice, str):
        yield choice
        return
    if context is None:
        raise ConfigError(
            f"session={choice!r} names a session of a home: give context=Context("
            "home=...), or a held Session"
        )
    sessions = Sessions(context.home, clock=context.clock)
    with sessions.open(choice, create=True) as session:
        yield session


def before(session: Session | None, conversation: Conversation) -> Conversation:
    """Return what was said before.

    Raises:
        ConfigError: both a session and a conversation were given.
    """
    if session is None:
        return conversation
    if conversation:
        raise ConfigError(
            "the agent has a session, which holds its conversation: give none"
        )
    return session.conversation


def keeping(session: Session | None, emit: Emit) -> Emit:
    """Let the session note what is told, before it is told."""
    if session is None:
        return emit

    def told(event: Event) -> None:
        session.hear(event)
        emit(event)

    return told


def to_resume(session: Session | None, paused: NeedsApproval | None) -> Unfinished:
    """Return the run to go on with: the given one, or the session's.

    Raises:
        ConfigError: there is none.
    """
    if paused is not None:
        return paused_run(paused)
    unfinished = session.unfinished if session else None
    if unfinished is None:
        where = f"session {session.id}" if session else "this agent"
        raise ConfigError(f"{where} has no run that waits or was cut off")
    return unfinished
