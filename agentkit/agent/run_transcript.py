"""The messages of a run: those before it, its opening, and those that it adds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import TYPE_CHECKING, cast

from agentkit.agent.held_sessions import KeptSession
from agentkit.errors import ConfigError
from agentkit.messages import Conversation, Label, Message, close_calls, system, user
from agentkit.messages.images import Image
from agentkit.outcomes import NeedsApproval
from agentkit.outcomes.endings import Ending
from agentkit.stores.sessions import Unfinished, paused_run

if TYPE_CHECKING:
    from agentkit.messages.documents import Document


async def forget(_: Message) -> None:
    """Keep nothing."""


@dataclass(slots=True)
class RunTranscript:
    """The messages of one run, shared by all its parts.

    Attributes:
        messages: all so far, oldest first.
        keep: called with each message before it is added.
        label: of whatever is made from all of it.
    """

    messages: list[Message]
    keep: Callable[[Message], Awaitable[None]] = forget
    label: Label = field(init=False)

    def __post_init__(self) -> None:
        """Join the labels of the messages; later ones are joined as they are added."""
        # Joined as it goes: going through all messages at each step would grow with the
        # square.
        labels = (message.label for message in self.messages)
        self.label = reduce(Label.join, labels, Label("model"))

    @property
    def conversation(self) -> Conversation:
        """All that was said so far."""
        return tuple(self.messages)

    async def add(self, message: Message) -> None:
        """Keep a message, then add it."""
        # Kept first: after a crash the session has no less than the model was told.
        await self.keep(message)
        self.messages.append(message)
        self.label = self.label.join(message.label)

    async def say(self, message: Message) -> None:
        """Add the model's turn, labelled with all that the model has seen."""
        await self.add(
            Message(message.role, message.text, message.calls, label=self.label)
        )


def opened(
    text: str,
    before: Conversation,
    instructions: str,
    images: Iterable[Image] = (),
    documents: Iterable[Document] = (),
) -> list[Message]:
    """Return the messages of a new run: what came before, documents, the request.

    Documents stand before it: what is answered is the request.

    Raises:
        ConfigError: the text is empty.
    """
    check_text(text)
    opening = [system(instructions)] if instructions else []
    read = [message for one in documents for message in one.messages]
    request = user(text, images=tuple(images))
    # Instructions only at the very beginning: later turns have them in what was said
    # before.
    return [*(close_calls(before) or opening), *read, request]


def check_text(text: str) -> None:
    """Refuse a request that says nothing.

    Raises:
        ConfigError: the text is empty, or none.
    """
    if not isinstance(cast(object, text), str):
        raise ConfigError(f"The request is {type(text).__name__}: give it as text.")
    if not text.strip():
        raise ConfigError("The request is empty: say what you want done.")


def before(session: KeptSession | None, conversation: Conversation) -> Conversation:
    """Return the earlier conversation, of the session or as it was given.

    Raises:
        ConfigError: both a session and a conversation were given, or something that is
            no conversation.
    """
    given = cast(object, conversation)
    if isinstance(given, str) or not isinstance(given, Sequence):
        kind = type(given).__name__
        hint = ": give its .conversation" if isinstance(given, Ending) else ""
        raise ConfigError(f"conversation={kind} is no list of messages{hint}")
    if session is None:
        return conversation
    if conversation:
        raise ConfigError(
            "the agent has a session, which holds its conversation: give none"
        )
    return session.conversation


# What to do with outcomes that wait for no approval.
_INSTEAD = {
    "Done": ": its run has ended",
    "Stopped": ": its run has ended; run the request again",
    "NeedsInput": ": answer it by run(text, conversation=outcome.conversation)",
}


def to_resume(session: KeptSession | None, paused: NeedsApproval | None) -> Unfinished:
    """Return the run to go on with: the given one, or the session's.

    Raises:
        ConfigError: there is none, or what was given waits for no approval.
    """
    if paused is not None:
        given = cast(object, paused)
        if not isinstance(given, NeedsApproval):
            kind = type(given).__name__
            raise ConfigError(f"{kind} cannot be resumed{_INSTEAD.get(kind, '')}")
        return paused_run(given)
    unfinished = session.session.unfinished if session else None
    if unfinished is None:
        where = f"session {session.session.id}" if session else "this agent"
        raise ConfigError(f"{where} has no run that waits or was cut off")
    return unfinished
