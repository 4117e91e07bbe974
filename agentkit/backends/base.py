"""What every backend is: a name, and one verb that answers with the next turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Protocol, cast, runtime_checkable

from agentkit.context import Context
from agentkit.errors import BackendProtocolError
from agentkit.messages import Call, Conversation, Label, Question
from agentkit.privacy.gate import Gate
from agentkit.privacy.personal import detect_surely
from agentkit.privacy.personal_values import Values
from agentkit.prompting.parts import PromptParts
from agentkit.tools import Toolset

__all__ = ["Backend", "Fault", "Question", "Reply", "Request", "check_reply"]


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
        gate: what a backend that is not on the device asks before it sends; a run
            gives its own. None stands for the default policy.
        prompt: the whole prompt, ready-made, for a backend that `completes`; written
            from the conversation and the tools where empty.
    """

    conversation: Conversation
    toolset: Toolset
    context: Context = field(default_factory=Context)
    on_text: Callable[[str], None] = _ignore
    gate: Gate | None = field(default=None, repr=False)
    prompt: PromptParts = ()

    def release(self, to: str, content: bytes) -> None:
        """Ask whether this may leave the device; call it before a socket is opened.

        Args:
            to: address it goes to.
            content: exactly what will be sent.

        Raises:
            EgressDenied: it may not; nothing may be sent.
        """
        gate = self.gate
        if gate is None:
            label = reduce(Label.join, (m.label for m in self.conversation), Label())
            # Nobody said whose device this is: shapes are all that can be known.
            shapes = Values(detect_surely(content.decode("utf-8", "replace")))
            gate = Gate(label=label.privacy, known=shapes)
        gate.release(to, content)


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
        failed: the request could not be carried out; the text says why.
        reason: why it answers so, in words; for routes and `--verbose`.
        tokens_in: prompt tokens, when the backend counts them.
        tokens_cached: prompt tokens that had been read before, when it knows.
        tokens_out: generated tokens, when the backend counts them.
        tokens_forced: generated tokens that needed no forward pass of their own.
        passes: forward passes, the one that reads the prompt's end included.
        logprobs: for each call how sure the model was of the tool's name: the
            natural logarithm of its probability among what was allowed. Empty when
            not known.
        bytes_out: bytes that left the device for this reply.
    """

    text: str = ""
    calls: tuple[Call, ...] = ()
    repairs: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    question: Question | None = None
    abstained: bool = False
    failed: bool = False
    reason: str = ""
    tokens_in: int | None = None
    tokens_cached: int | None = None
    tokens_out: int | None = None
    tokens_forced: int | None = None
    passes: int | None = None
    logprobs: tuple[float, ...] = ()
    bytes_out: int = 0


@dataclass(frozen=True, slots=True)
class Warmed:
    """What a backend did to be ready for a toolset.

    Attributes:
        backend: its name.
        tokens: tokens of the prompt's stable part: instructions and tools.
        tokens_read: how many of them were read anew.
        note: what else is worth knowing, in words.
    """

    backend: str
    tokens: int
    tokens_read: int
    note: str = ""


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


@runtime_checkable
class CompletingBackend(Protocol):
    """A backend that goes on with a ready-made prompt, token for token."""

    @property
    def completes(self) -> bool:
        """Whether it reads `Request.prompt`, where there is one."""
        ...


def completes(backend: Backend) -> bool:
    """Tell whether a backend reads a ready-made prompt."""
    return isinstance(backend, CompletingBackend) and backend.completes


@runtime_checkable
class WarmBackend(Protocol):
    """A backend that can get ready before it is asked."""

    async def warm(
        self,
        toolset: Toolset,
        *,
        instructions: str = "",
        context: Context | None = None,
    ) -> Warmed:
        """Read instructions and tools, so that the first answer comes sooner.

        Raises:
            BackendError: it cannot; the message says why and what to do.
        """
        ...


def check_reply(name: str, reply: object) -> Reply:
    """Return what a backend answered, if it is what the protocol says.

    Raises:
        BackendProtocolError: it is no reply, or its text or calls are malformed.
    """
    if not isinstance(reply, Reply):
        kind = type(reply).__name__
        raise BackendProtocolError(f"backend {name!r} answered {kind}, not a Reply")
    if not isinstance(cast(object, reply.text), str):
        raise BackendProtocolError(f"backend {name!r} answered a text that is no str")
    for call in reply.calls:
        if not _is_call(call):
            shown = repr(call)[:80]
            raise BackendProtocolError(
                f"backend {name!r} answered a malformed call: {shown}"
            )
    return reply


def _is_call(call: object) -> bool:
    if not isinstance(call, Call):
        return False
    name, arguments = cast(object, call.name), cast(object, call.arguments)
    return isinstance(name, str) and isinstance(arguments, Mapping)
