"""What a conversation is made of: labelled messages, calls and their results.

Plain frozen dataclasses that travel inside; a backend sees nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any, Literal, TypeAlias, cast

from agentkit.messages.images import Image

Role = Literal["system", "user", "assistant", "tool"]
Origin = Literal["user", "tool", "file", "web", "model", "application"]
Privacy = Literal["public", "personal", "secret"]
Trust = Literal["trusted", "untrusted"]
Status = Literal["done", "error", "denied", "skipped"]

_PRIVACY: tuple[Privacy, ...] = ("public", "personal", "secret")


@dataclass(frozen=True, slots=True)
class Label:
    """Where a piece of text came from and who may see it."""

    origin: Origin = "user"
    privacy: Privacy = "public"
    trust: Trust = "trusted"

    def join(self, other: Label) -> Label:
        """Label what is made from both: the stricter privacy, the lesser trust."""
        stricter = _PRIVACY.index(self.privacy) < _PRIVACY.index(other.privacy)
        privacy = other.privacy if stricter else self.privacy
        untrusted = "untrusted" in (self.trust, other.trust)
        return Label(
            self.origin, privacy, trust="untrusted" if untrusted else "trusted"
        )


@dataclass(frozen=True, slots=True)
class Dependency:
    """An argument whose value is the result of an earlier call of the same turn.

    Attributes:
        call_id: the `id` of that call.
    """

    call_id: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    """What the model asks for: a tool's name and JSON-like arguments, as written.

    Attributes:
        name: the tool's.
        arguments: by name; a value, or a value inside one, may be a `Dependency`.
        id: set where another call depends on this one; empty otherwise.
    """

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict[str, Any])
    id: str = ""

    @property
    def needs(self) -> frozenset[str]:
        """Ids of the calls whose results it waits for."""
        return frozenset(_dependencies(self.arguments))

    def bind(self, values: Mapping[str, Any]) -> ToolCall:
        """Put results, by call id, where the arguments depend on them."""
        bound = _bound(dict(self.arguments), values) if self.needs else self.arguments
        return ToolCall(self.name, bound, self.id)

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-like data; a dependency as `{"result_of": id}`."""
        waiting = {key: {"result_of": key} for key in self.needs}
        arguments = dict(self.bind(waiting).arguments)
        return {"name": self.name, "arguments": arguments}


def _dependencies(value: Any) -> Iterator[str]:
    # At any depth: a list of receivers may hold the result of an earlier call.
    if isinstance(value, Dependency):
        yield value.call_id
    elif isinstance(value, Mapping):
        for item in cast(Mapping[str, Any], value).values():
            yield from _dependencies(item)
    elif isinstance(value, list | tuple):
        for item in cast(Sequence[Any], value):
            yield from _dependencies(item)


def _bound(value: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(value, Dependency):
        return values[value.call_id]
    if isinstance(value, Mapping):
        inner = cast(Mapping[str, Any], value)
        return {key: _bound(item, values) for key, item in inner.items()}
    if isinstance(value, list | tuple):
        return [_bound(item, values) for item in cast(Sequence[Any], value)]
    return value


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What came of a call.

    Attributes:
        call: the call it answers.
        status: `done`, or why not.
        value: JSON-like data when done, else a message the model can act on.
        whole: the value, where a text that was cut stands in its place for the model.
    """

    call: ToolCall
    status: Status
    value: Any = None
    # Not compared: two results that a model sees alike are one.
    whole: Any = field(default=None, repr=False, compare=False)

    @property
    def typed(self) -> Any:
        """The value as the tool gave it, for what reads it on this device."""
        return self.value if self.whole is None else self.whole

    @property
    def name(self) -> str:
        """Name of the tool that was called."""
        return self.call.name

    @property
    def arguments(self) -> Mapping[str, Any]:
        """Arguments as the model wrote them."""
        return self.call.arguments

    @property
    def result(self) -> Any:
        """The value, under the name that `--json` gives it."""
        return self.value

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-like data."""
        return {
            **self.call.as_dict(),
            "status": self.status,
            "result": self.value,
        }


@dataclass(frozen=True, slots=True)
class Question:
    """What only the user can say.

    Attributes:
        tool: the tool that waits for it.
        slot: the argument in question.
        text: what to ask, in words.
        candidates: possible answers, best first; empty when open.
    """

    tool: str
    slot: str
    text: str
    candidates: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-like data."""
        return {
            "tool": self.tool,
            "slot": self.slot,
            "question": self.text,
            "candidates": list(self.candidates),
        }


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation.

    Attributes:
        role: who speaks; `tool` for a result.
        text: what is said; empty for a turn that only calls or only returns.
        calls: an assistant's calls, in order.
        result: what a tool returned; set exactly when the role is `tool`.
        label: origin, privacy and trust of the content.
        images: pictures that belong to the text.
    """

    role: Role
    text: str = ""
    calls: tuple[ToolCall, ...] = ()
    result: ToolResult | None = None
    label: Label = Label()
    images: tuple[Image, ...] = ()


Conversation: TypeAlias = tuple[Message, ...]


def system(text: str) -> Message:
    """Make the application's instructions."""
    return Message("system", text, label=Label("application"))


def user(
    text: str, *, privacy: Privacy = "public", images: tuple[Image, ...] = ()
) -> Message:
    """Make the user's turn."""
    return Message("user", text, label=Label("user", privacy), images=images)


def assistant(text: str = "", calls: tuple[ToolCall, ...] = ()) -> Message:
    """Make the model's turn."""
    return Message("assistant", text, calls, label=Label("model"))


def tool_result(result: ToolResult, label: Label | None = None) -> Message:
    """Make the turn that carries a result back to the model."""
    return Message("tool", result=result, label=label or Label("tool"))


def close_calls(conversation: Conversation) -> Conversation:
    """Answer the calls that a paused run left open, so that another may go on."""
    waiting: list[ToolCall] = []
    for message in conversation:
        if message.role == "assistant":
            # A turn of words between does not settle the calls before it.
            waiting = list(message.calls) or waiting
        elif message.result and message.result.call in waiting:
            waiting.remove(message.result.call)
    note = "not run: the user went on to something else"
    closing = [tool_result(ToolResult(call, "skipped", note)) for call in waiting]
    return (*conversation, *closing)


def shown_files(messages: Sequence[Message]) -> int:
    """Count the files that are shown with the last request."""
    last = max((i for i, one in enumerate(messages) if one.role == "user"), default=0)
    # Instructions may stand between files and request.
    before = [one for one in messages[:last] if one.role != "system"]
    shown = takewhile(lambda one: one.role != "user", reversed(before))
    return sum(one.label.origin == "file" for one in shown)
