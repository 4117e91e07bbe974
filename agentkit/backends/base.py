"""What every backend is: a name, its traits, and one verb that answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import TYPE_CHECKING, Any, Protocol, cast

from agentkit.backends.usage import FinishReason, Price, Usage
from agentkit.context import Context
from agentkit.errors import BackendProtocolError
from agentkit.messages import Conversation, Label, Question, ToolCall
from agentkit.tools import Toolset

if TYPE_CHECKING:
    from agentkit.privacy.gate import Gate
    from agentkit.privacy.passages import Passage
    from agentkit.prompting.tokenizers import PromptParts

__all__ = [
    "Backend",
    "Fault",
    "FinishReason",
    "Price",
    "Question",
    "Reply",
    "Request",
    "Traits",
    "Usage",
    "ask_backend",
    "check_reply",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What a backend is and can do, for the agent, the router and the privacy gate.

    A trait that is not declared has the safe value: the backend counts as being
    elsewhere, without a window, and able to call tools.

    Attributes:
        on_device: whether nothing leaves the device when it answers.
        destination: address that requests go to, for the privacy policy; the
            the backend's name is used where it is empty.
        model: the model's file, folder or name; empty where there is none.
        window: most tokens of prompt and answer together; 0 when not known.
        price: what its tokens cost; None when not known.
        down: why it is left alone for now, such as a server that failed; empty when
            it is not.
        calls_tools: whether it can call tools at all.
        native_tools: whether tools travel in the server's own format, not in
            agentkit's prompt.
        holds_calls: whether a grammar keeps its calls to the tools.
        reads_all_tools: whether a long toolset costs it nothing, so that none is left
            out.
        holds_schema: whether an answer is kept to `Request.schema` as it is written.
        writes: whether it answers in prose of its own, as rules do not.
        sees_images: whether it takes pictures.
        reads_files: whether it makes use of the text of files that are shown to it.
        streams: whether it passes on its text in pieces, as it is made.
        logprobs: whether it says how sure it is of a tool's name (`Reply.logprobs`).
        completes: whether it reads `Request.prompt` token for token, where there is
            one.
        warms: whether it can get ready ahead: it has `warm`, as in `WarmBackend`.
    """

    on_device: bool = False
    destination: str = ""
    model: str = ""
    window: int = 0
    price: Price | None = None
    down: str = ""
    calls_tools: bool = True
    native_tools: bool = False
    holds_calls: bool = False
    holds_schema: bool = False
    reads_all_tools: bool = False
    writes: bool = True
    sees_images: bool = False
    reads_files: bool = True
    streams: bool = False
    logprobs: bool = False
    completes: bool = False
    warms: bool = False


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
        on_reasoning: called with each piece of what the model thinks before it says
            something; that is no part of the answer.
        gate: what a backend that is not on the device asks before it sends; a run
            gives its own. None means the default policy.
        prompt: the whole prompt, ready-made, for a backend that `completes`; written
            from the conversation and the tools where empty.
        alone: whether no other backend would take the step if this one left it.
        schema: the JSON Schema that the answer must fit, where it is no call; None for
            text. The instructions say it, too.
        passage: what is shut until something is released; `ask_backend` gives it.
    """

    conversation: Conversation
    toolset: Toolset
    context: Context = field(default_factory=Context)
    on_text: Callable[[str], None] = _ignore
    on_reasoning: Callable[[str], None] = _ignore
    gate: Gate | None = field(default=None, repr=False)
    prompt: PromptParts = ()
    alone: bool = False
    schema: Mapping[str, Any] | None = None
    passage: Passage | None = field(default=None, repr=False, compare=False)

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
            # What answers on this device asks no gate.
            from agentkit.privacy.gate import Gate
            from agentkit.privacy.personal import detect_surely
            from agentkit.privacy.personal_values import Values

            # A request is as private as the most private message in it.
            label = reduce(Label.join, (m.label for m in self.conversation), Label())
            # Nobody said whose device this is: shapes are all that can be known.
            shapes = Values(detect_surely(content.decode("utf-8", "replace")))
            gate = Gate(label=label.privacy, known=shapes)
        gate.release(to, content)
        if self.passage is not None:
            self.passage.open()


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
        reasoning: what the model thought before; never a part of the text.
        calls: the calls that it wants to have made, in order.
        repairs: what was mended to read the calls, in words.
        faults: what could not be read; the model reads it, too.
        question: set when the user must be asked first.
        abstained: the backend is unsure and leaves the step to another one.
        declined: with `abstained`, what to say to the user where no other backend helps.
        failed: the request could not be carried out; the text says why.
        reason: why it answers so, in words; for routes and `--verbose`.
        finish_reason: why it ended; one that was cut off, filtered or refused is no
            answer, and a call that was cut off in it is a fault.
        language: in which the user speaks, such as `de`; empty where it is not known.
        tokens_in: prompt tokens, when the backend counts them.
        tokens_cached: prompt tokens that had been read before, when it knows.
        tokens_out: generated tokens, when the backend counts them.
        tokens_forced: generated tokens that needed no separate forward pass.
        passes: forward passes, the one that reads the prompt's end included.
        logprobs: for each call how sure the model was of the tool's name: the
            natural logarithm of its probability among what was allowed. Empty when
            not known.
        bytes_out: bytes that left the device for this reply.
    """

    text: str = ""
    reasoning: str = ""
    calls: tuple[ToolCall, ...] = ()
    repairs: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    question: Question | None = None
    abstained: bool = False
    declined: str = ""
    failed: bool = False
    reason: str = ""
    finish_reason: FinishReason = ""
    language: str = ""
    tokens_in: int | None = None
    tokens_cached: int | None = None
    tokens_out: int | None = None
    tokens_forced: int | None = None
    passes: int | None = None
    logprobs: tuple[float, ...] = ()
    bytes_out: int = 0

    def usage(self, price: Price | None = None) -> Usage:
        """Return what it used, and what that cost where a price is known."""
        read, written = self.tokens_in or 0, self.tokens_out or 0
        cached = self.tokens_cached or 0
        return Usage(
            input_tokens=read,
            output_tokens=written,
            cached_tokens=cached,
            requests=1,
            cost=price.cost(read, written, cached) if price else 0.0,
        )


class Backend(Protocol):
    """Turns a conversation and a toolset into the next assistant turn."""

    @property
    def name(self) -> str:
        """Short name, as in `--backend NAME`."""
        ...

    @property
    def traits(self) -> Traits:
        """What it is and can do now; asked anew before each step."""
        ...

    async def reply(self, request: Request) -> Reply:
        """Answer with the next turn.

        Raises:
            BackendError: it cannot answer; the message says why and what to do.
        """
        ...


def destination(backend: Backend) -> str:
    """Return where a backend's requests go: its address, or its name."""
    return backend.traits.destination or backend.name


async def ask_backend(backend: Backend, request: Request) -> Reply:
    """Let a backend answer; one that is elsewhere cannot connect before the gate allows it.

    Raises:
        BackendError: it cannot answer, or what it answered is no reply.
        EgressDenied: it tried to connect before anything was released.
    """
    # What answers on this device asks no gate, so nothing is shut for it.
    if backend.traits.on_device:
        return check_reply(backend.name, await backend.reply(request))
    from agentkit.privacy.passages import passage

    with passage(backend.name) as way:
        # The run's gate must open the same passage: some backends ask the gate itself
        # instead of `request.release`.
        gate = request.gate and replace(request.gate, passage=way)
        asked = replace(request, gate=gate, passage=way)
        return check_reply(backend.name, await backend.reply(asked))


def check_reply(name: str, reply: object) -> Reply:
    """Return what a backend answered, if it is what the protocol says.

    Raises:
        BackendProtocolError: it is no reply, or its text or calls are malformed.
    """
    if not isinstance(reply, Reply):
        kind = type(reply).__name__
        raise BackendProtocolError(f"backend {name!r} answered {kind}, not a Reply")
    # The types promise it, but a third party's backend may not have been type-checked.
    if not isinstance(cast(object, reply.text), str):
        raise BackendProtocolError(f"backend {name!r} answered a text that is no str")
    for call in reply.calls:
        if not _is_call(call):
            # A repr may be as long as what the model wrote.
            shown = repr(call)[:80]
            raise BackendProtocolError(
                f"backend {name!r} answered a malformed call: {shown}"
            )
    return reply


def _is_call(call: object) -> bool:
    if not isinstance(call, ToolCall):
        return False
    # Both are used as what they should be from here on, so they are looked at once.
    name, arguments = cast(object, call.name), cast(object, call.arguments)
    return isinstance(name, str) and isinstance(arguments, Mapping)
