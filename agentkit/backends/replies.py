"""Replies: generated in a thread beside the event loop, read from text, keys kept out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import Event
from typing import Any, TypeVar, cast

from agentkit.backends.base import Fault, Reply
from agentkit.backends.reasoning import ThoughtFilter, unopened
from agentkit.backends.usage import FinishReason
from agentkit.messages import ToolCall
from agentkit.pythonic import ParsedCalls, parse_calls
from agentkit.pythonic.call_stream import CallStream
from agentkit.tools import Toolset


def reply_from_text(
    text: str, toolset: Toolset, finish: FinishReason = "stop"
) -> Reply:
    """Read what a model wrote as text: thoughts, calls, repairs and faults."""
    reading = ReplyReader(toolset)
    reading.hear(text)
    return reading.close(finish)


def _ignore(_: str) -> None:
    """Drop a piece when nobody listens."""


class ReplyReader:
    """Output that arrives in pieces: text is passed on at once, a call only when whole."""

    def __init__(
        self,
        toolset: Toolset,
        on_text: Callable[[str], None] = _ignore,
        on_reasoning: Callable[[str], None] = _ignore,
        *,
        is_native: bool = False,
    ) -> None:
        """Take the tools that may be called, who listens, and how calls travel.

        Args:
            toolset: the tools.
            on_text: called with each piece of text.
            on_reasoning: called with each piece of thought.
            is_native: calls travel beside the text, as `CallStream` has it.
        """
        self._toolset = toolset
        self._stream = CallStream(toolset, is_native=is_native)
        self._thoughts = ThoughtFilter()
        self._on_text, self._on_reasoning = on_text, on_reasoning
        self._told = 0
        self._thought: list[str] = []
        self._said: list[str] = []

    def hear(self, piece: str) -> None:
        """Take the next piece of what the model writes."""
        thought, said = self._thoughts.feed(piece)
        self.think(thought)
        self._hear(said)

    def think(self, piece: str) -> None:
        """Take the next piece of what the model thinks."""
        if piece:
            self._thought.append(piece)
            self._on_reasoning(piece)

    def close(self, finish: FinishReason = "") -> Reply:
        """End the output: pass on what was held back, and return all of it.

        Args:
            finish: why the model ended, as far as its backend knows.
        """
        thought, said = self._thoughts.close()
        self.think(thought)
        self._hear(said)
        parsed = self._parsed()
        self._tell(parsed.text[self._told :])
        return _reply(parsed, "".join(self._thought).strip(), finish)

    def _parsed(self) -> ParsedCalls:
        """Read all that was said, without thoughts that have an end tag only."""
        whole = "".join(self._said)
        # Cheap, and rarely true: only then all of it is parsed once more.
        may_be = not self._thought and "</think" in whole
        thought, said = unopened(whole) if may_be else ("", whole)
        if not thought.strip():
            return self._stream.close()
        self.think(thought)
        return parse_calls(said, self._toolset)

    def _hear(self, said: str) -> None:
        if not said:
            return
        self._said.append(said)
        for item in self._stream.feed(said):
            if isinstance(item, str):
                self._tell(item)

    def _tell(self, text: str) -> None:
        if text:
            self._told += len(text)
            self._on_text(text)


# What the parser adds where a JSON call ends early: more of it may have been coming.
_CUT = ("added a missing }", "added a missing )")


def _reply(parsed: ParsedCalls, reasoning: str, finish: FinishReason) -> Reply:
    """Make the reply; a call that was cut off is a fault."""
    calls = parsed.calls
    repairs = tuple([str(repair) for repair in parsed.repairs])
    faults = tuple([Fault(error.tool, error.message) for error in parsed.errors])
    # Only the last call can have been cut.
    if finish == "length" and calls and _is_cut(calls[-1].name, repairs):
        last, calls = calls[-1].name, calls[:-1]
        told = f"The call of {last!r} was not made: the answer was cut off."
        faults = (*faults, Fault(last, told))
    if finish in ("", "stop", "calls"):
        # Servers and models say "stop" for both; what was read decides.
        finish = "calls" if calls else finish and "stop"
    return Reply(
        text=parsed.text,
        reasoning=reasoning,
        calls=calls,
        repairs=repairs,
        faults=faults,
        finish_reason=finish,
    )


def _is_cut(name: str, repairs: Sequence[str]) -> bool:
    return any(f"{name}: {note}" in repairs for note in _CUT)


Result = TypeVar("Result")
Tell = Callable[[str], None]


async def in_thread(
    work: Callable[[Tell, Event], Result],
    hear: Tell,
    interrupt: Callable[[Event], None] | None = None,
) -> Result:
    """Run a generation in a thread; cancelling this ends it before its next token.

    Args:
        work: gets a function to call with pieces of text, and an event that is set
            when nobody listens any more.
        hear: called with each piece, in the event loop.
        interrupt: called with the event when it is set before the work is done, for
            what cannot look at it by itself.
    """
    loop = asyncio.get_running_loop()
    pieces: asyncio.Queue[str | None] = asyncio.Queue()
    stop = Event()

    def tell(piece: str) -> None:
        if not stop.is_set():
            # An asyncio queue may be touched in its loop's thread only.
            loop.call_soon_threadsafe(pieces.put_nowait, piece)

    task = asyncio.create_task(asyncio.to_thread(work, tell, stop))
    # None wakes the loop below when no further piece comes.
    task.add_done_callback(lambda _: pieces.put_nowait(None))
    # Python warns of a task whose exception nobody looked at.
    task.add_done_callback(_taken)
    try:
        while (piece := await pieces.get()) is not None:
            hear(piece)
        return await task
    finally:
        stop.set()
        if interrupt is not None and not task.done():
            interrupt(stop)


def _taken(task: asyncio.Task[Result]) -> None:
    """Fetch the exception, if any, so that Python does not warn of it."""
    if not task.cancelled():
        task.exception()


Hide = Callable[[str], str]


def without_key(reply: Reply, hide: Hide) -> Reply:
    """Return a reply whose texts, calls and faults went through `hide`."""
    return replace(
        reply,
        text=hide(reply.text),
        reasoning=hide(reply.reasoning),
        calls=tuple(_hidden_call(call, hide) for call in reply.calls),
        faults=tuple(Fault(hide(one.tool), hide(one.message)) for one in reply.faults),
        repairs=tuple(hide(one) for one in reply.repairs),
    )


def _hidden_call(call: ToolCall, hide: Hide) -> ToolCall:
    arguments = cast(dict[str, Any], _hidden(dict(call.arguments), hide))
    return ToolCall(hide(call.name), arguments, hide(call.id))


def _hidden(value: Any, hide: Hide) -> Any:
    if isinstance(value, str):
        return hide(value)
    if isinstance(value, dict):
        facts = cast(dict[str, Any], value)
        return {hide(key): _hidden(item, hide) for key, item in facts.items()}
    if isinstance(value, list):
        return [_hidden(item, hide) for item in cast(Sequence[Any], value)]
    return value
