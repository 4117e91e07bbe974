"""One turn for a client of any API: pieces of text, calls, the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from agentkit.agent import Agent
from agentkit.backends.usage import NO_USAGE, Usage
from agentkit.messages import Conversation, Message, ToolCall
from agentkit.outcomes import (
    Event,
    NeedsApproval,
    Outcome,
    Plan,
    ReasoningDelta,
    RunFinished,
    StepFinished,
    StepStarted,
    Stopped,
    TextDelta,
)
from agentkit.serve.api_errors import ApiError
from agentkit.serve.peers import named_by

Finish = Literal["stop", "tool_calls", "length", "content_filter"]


@dataclass(frozen=True, slots=True)
class TextPiece:
    """A piece of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ThoughtPiece:
    """A piece of what the model thinks before it answers; no part of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ClientCall:
    """A call that the client carries out.

    Attributes:
        id: names it on the wire; the client gives it back with the result.
        call: the tool's name and arguments.
    """

    id: str
    call: ToolCall


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnEnd:
    """How the turn ended; always the last piece.

    Attributes:
        finish: as the API says it.
        facts: what agentkit tells beside that: outcome, route, approvals that wait.
        usage: tokens read and written, where somebody counted.
    """

    finish: Finish = "stop"
    facts: dict[str, Any] = field(default_factory=dict[str, Any])
    usage: Usage = NO_USAGE


Piece: TypeAlias = TextPiece | ThoughtPiece | ClientCall | TurnEnd
Pieces: TypeAlias = AsyncGenerator[Piece, None]


class Saying:
    """Turns a run's events into pieces of text, each sent once.

    A backend may stream its answer, or give it whole at the end: the text of the
    outcome is sent as far as it was not streamed.
    """

    def __init__(self) -> None:
        """Begin with nothing sent."""
        self._step = ""
        self._said = False

    def hear(self, event: Event) -> str:
        """Return the text of an event."""
        if isinstance(event, StepStarted):
            self._step = ""
        if not isinstance(event, TextDelta):
            return ""
        # What a further step says is a paragraph of its own.
        gap = "\n\n" if self._said and not self._step else ""
        self._step += event.text
        self._said = True
        return gap + event.text

    def rest(self, text: str) -> str:
        """Return the part of the whole text that was not sent yet."""
        # Streams begin with a blank at times, and outcomes are stripped.
        if self._step and text.startswith(self._step.strip()):
            return text[len(self._step.strip()) :]
        gap = "\n\n" if self._said and text else ""
        return "" if text == self._step else gap + text


async def model_turn(agent: Agent, conversation: Conversation) -> Pieces:
    """Let the model answer once, without carrying anything out.

    Args:
        agent: has the client's tools.
        conversation: all messages, the one to answer last.

    Raises:
        ApiError: nobody answers; the message says why.
    """
    saying, served = Saying(), list[StepFinished]()
    async with aclosing(
        _followed(lambda emit: agent.aplan(conversation=conversation, emit=emit))
    ) as events:
        async for event in events:
            if isinstance(event, Plan):
                for piece in _planned(event, saying, served):
                    yield piece
            elif isinstance(event, StepFinished):
                served.append(event)
            elif told := said(event, saying):
                yield told


def said(event: Event, saying: Saying) -> TextPiece | ThoughtPiece | None:
    """Return an event as a piece; None for one without text."""
    if isinstance(event, ReasoningDelta):
        return ThoughtPiece(event.text)
    text = saying.hear(event)
    return TextPiece(text) if text else None


# How a client hears of what a backend behind this server says of itself.
_STATUS: Mapping[str, int] = {
    "privacy": 403,
    "shield": 403,
    "context_length": 400,
    "rate_limit": 429,
    "quota": 429,
    "timeout": 504,
    "time_limit": 504,
}


def _planned(plan: Plan, saying: Saying, served: Sequence[StepFinished]) -> list[Piece]:
    # An abstention is an answer: the rules say what they cannot do.
    if plan.stopped not in ("", "abstained"):
        status = _STATUS.get(plan.stopped, 502)
        raise ApiError(status, plan.stopped, plan.route.reason)
    # Where there are calls, whoever carries them out asks for what is missing.
    asked = plan.needs_input.text if plan.needs_input and not plan.calls else ""
    text = saying.rest(plan.text or asked or ("" if plan.calls else plan.route.reason))
    pieces: list[Piece] = [TextPiece(text)] if text else []
    pieces += [ClientCall(named_by(0, "call"), call) for call in plan.calls]
    route = {"backend": plan.route.backend, "reason": plan.route.reason}
    why = served[-1].finish_reason if served else ""
    finish: Finish = "tool_calls" if plan.calls else _FINISH.get(why, "stop")
    usage = Usage.of(one.usage for one in served)
    return [*pieces, TurnEnd(finish=finish, facts={"route": route}, usage=usage)]


_FINISH: Mapping[str, Finish] = {
    "length": "length",
    "token_limit": "length",
    "filtered": "content_filter",
    "refused": "content_filter",
    "shield": "content_filter",
    "privacy": "content_filter",
}


def ended(outcome: Outcome) -> TurnEnd:
    """Return how a run of the assistant ended, for the client."""
    told = outcome.as_dict()
    facts = {key: told[key] for key in ("outcome", "run_id", "route")}
    if isinstance(outcome, NeedsApproval):
        facts["pending"] = told["pending"]
    if isinstance(outcome, Stopped):
        facts["reason"] = outcome.reason
    why = outcome.reason if isinstance(outcome, Stopped) else ""
    finish = _FINISH.get(why, "stop")
    return TurnEnd(finish=finish, facts=facts, usage=outcome.usage)


def shown(outcome: Outcome) -> str:
    """Return an outcome's text, with previews of the calls that wait."""
    if not isinstance(outcome, NeedsApproval):
        return outcome.text
    # In the text: a plain chat client shows nothing else, and its user decides by it.
    previews = "\n".join(f"- {item.preview}" for item in outcome.pending)
    return f"{outcome.text}\n{previews}"


async def _followed(
    start: Callable[[Callable[[Event], None]], Awaitable[Plan]],
) -> AsyncGenerator[Event | Plan, None]:
    """Yield a coroutine's events, then its result; leaving early cancels it."""
    queue: asyncio.Queue[Event | None] = asyncio.Queue()
    task = asyncio.ensure_future(start(queue.put_nowait))
    task.add_done_callback(lambda _: queue.put_nowait(None))
    try:
        while (event := await queue.get()) is not None:
            # A plan is no run, and ends with the plan itself.
            if not isinstance(event, RunFinished):
                yield event
        yield await task
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait([task])


async def begun(pieces: Pieces) -> Pieces:
    """Take a generator's first piece, which says nothing, and return the generator.

    One that never began would never end either: where the client leaves before it is
    read, its `finally` would not run.
    """
    await anext(pieces)
    return pieces


def last_words(conversation: Conversation) -> tuple[Conversation, Message]:
    """Split off the user's last message.

    Raises:
        ApiError: the conversation does not end with one that says something.
    """
    if not conversation or conversation[-1].role != "user":
        raise ApiError(
            400,
            "invalid_request",
            "the last message must be the user's, or the result of a call that waits",
            "messages",
        )
    return conversation[:-1], conversation[-1]
