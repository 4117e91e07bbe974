"""Functions of the application that take part in a run: calls, results, requests."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import reduce
from typing import TypeAlias, TypeVar, cast

from agentkit.backends.base import Request
from agentkit.context import Context
from agentkit.errors import ConfigError, ToolError
from agentkit.messages import Conversation, Label, ToolCall, ToolResult
from agentkit.tools import AnyTool

T = TypeVar("T")

BeforeCall: TypeAlias = Callable[[ToolCall, AnyTool, Context], Awaitable[None] | None]
AfterCall: TypeAlias = Callable[
    [ToolResult, AnyTool, Context], Awaitable[ToolResult | None] | ToolResult | None
]
BeforeSend: TypeAlias = Callable[[Request], Awaitable[Request | None] | Request | None]
HistoryProcessor: TypeAlias = Callable[
    [Conversation], Awaitable[Conversation] | Conversation
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """Functions of the application's, sync or async, that a run calls.

    What they raise ends the run, but for a `ToolError` of `before_call`.

    Attributes:
        before_call: called with a call that is checked and, where needed, approved, its
            tool and the context; a `ToolError` keeps it from running, and the model is
            told. It changes no argument: those were approved.
        after_call: called with what came of a call that ran; what it returns stands in
            the result's place for the model and in the outcome. The journal has what
            the tool returned.
        before_send: called with each request before a backend gets it; what it returns
            is sent. The privacy policy looks at that.
        history: each is called with the conversation that a step would send, and
            returns the one to send. The conversation itself stays whole.
    """

    before_call: BeforeCall | None = None
    after_call: AfterCall | None = None
    before_send: BeforeSend | None = None
    history: tuple[HistoryProcessor, ...] = ()

    async def refusal(
        self, call: ToolCall, tool: AnyTool, context: Context
    ) -> ToolResult | None:
        """Return why a call may not run; None when it may."""
        if self.before_call is None:
            return None
        try:
            await _awaited(self.before_call(call, tool, context))
        except ToolError as exc:
            return ToolResult(call, "denied", f"{call.name} was not run: {exc}")
        return None

    async def seen(
        self, result: ToolResult, tool: AnyTool, context: Context
    ) -> ToolResult:
        """Return the result that the model is shown."""
        if self.after_call is None:
            return result
        # None means that the hook only looked.
        return await _awaited(self.after_call(result, tool, context)) or result

    async def shaped(self, conversation: Conversation) -> Conversation:
        """Return the conversation to send.

        Raises:
            ConfigError: a processor left a result without its call.
        """
        for processor in self.history:
            conversation = await _awaited(processor(conversation))
            _check(conversation, processor)
        return conversation

    async def sent(self, request: Request, label: Label) -> tuple[Request, Label]:
        """Return the request for the backend, and the label of all that is in it.

        Raises:
            ConfigError: what is left is no conversation.
        """
        if self.before_send is None:
            return request, label
        made = await _awaited(self.before_send(request)) or request
        _check(made.conversation, self.before_send)
        # A hook may put in what it read elsewhere: the border judges what is really
        # sent.
        labels = (message.label for message in made.conversation)
        return made, reduce(Label.join, labels, label)


NO_HOOKS = Hooks()


async def _awaited(given: Awaitable[T] | T) -> T:
    if inspect.isawaitable(given):
        return await cast(Awaitable[T], given)
    return given


def _check(conversation: Conversation, made_by: Callable[..., object]) -> None:
    """Refuse what servers reject: no message at all, or a result without its call."""
    name = getattr(made_by, "__name__", repr(made_by))
    if not conversation:
        raise ConfigError(f"{name} left nothing of the conversation to send")
    asked: list[ToolCall] = []
    for message in conversation:
        asked += message.calls
        if message.result is not None and message.result.call not in asked:
            called = message.result.name
            raise ConfigError(
                f"{name} left a result of {called} without its call: keep or drop both"
            )
