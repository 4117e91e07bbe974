"""What every backend is: a name, and one verb that answers with the next turn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from agentkit.context import Context
from agentkit.messages import Call, Conversation, Question
from agentkit.tools import Toolset

__all__ = ["Backend", "Fault", "Question", "Reply", "Request"]


def _ignore(_: str) -> None:
    """Drop streamed text when nobody listens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a backend is given for one step.

    Attributes:
        conversation: all messages so far, oldest first.
        toolset: the tools that may be called.
        context: clock, home and user of the run.
        on_text: called with each piece of text as it is generated.
    """

    conversation: Conversation
    toolset: Toolset
    context: Context = field(default_factory=Context)
    on_text: Callable[[str], None] = _ignore


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in the model's output that could not be read as a call.

    Attributes:
        tool: the name as the model wrote it; may be empty.
        message: what is wrong, worded for the model.
    """

    tool: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The next assistant turn.

    Attributes:
        text: what is said.
        calls: what is asked for, in order.
        repairs: what was mended to read the calls, in words.
        faults: what could not be read; the model is told.
        question: set when the user must be asked first.
        abstained: the backend is unsure and leaves the step to another one.
        reason: why it answers so, in words; for routes and `--verbose`.
        tokens_in: prompt tokens, when the backend counts them.
        tokens_out: generated tokens, when the backend counts them.
        bytes_out: bytes that left the device for this reply.
    """

    text: str = ""
    calls: tuple[Call, ...] = ()
    repairs: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    question: Question | None = None
    abstained: bool = False
    reason: str = ""
    tokens_in: int | None = None
    tokens_out: int | None = None
    bytes_out: int = 0


class Backend(Protocol):
    """Turns a conversation and a toolset into the next assistant turn."""

    @property
    def name(self) -> str:
        """Short name, as in `--backend NAME`."""
        ...

    @property
    def on_device(self) -> bool:
        """Whether nothing leaves the device when it answers."""
        ...

    async def reply(self, request: Request) -> Reply:
        """Answer with the next turn.

        Raises:
            BackendError: it cannot answer; the message says why and what to do.
        """
        ...
