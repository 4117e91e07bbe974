"""A run of the assistant that several requests follow, one after the other."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from agentkit.agent import EventStream
from agentkit.messages import ToolCall
from agentkit.outcomes import Event, Outcome, RunFinished
from agentkit.serve.peers import named_by
from agentkit.serve.turns import (
    ClientCall,
    Pieces,
    Saying,
    TextPiece,
    TurnEnd,
    ended,
    said,
    shown,
)
from agentkit.tools import Toolset

# How long a run waits for the client's results, and an answer for a yes, in seconds:
# longer than a person thinks, shorter than a phone sleeps.
WAITS = 600.0
# Calls of one step begin within a few turns of the event loop: they are shown together.
_TURNS = 8


class AssistantRun:
    """One run that several requests follow, one after the other."""

    def __init__(
        self, documents: Iterable[Mapping[str, Any]] = (), worker: int = 0
    ) -> None:
        """Make tools of the client's documents.

        Args:
            documents: of the client's tools, as `Toolset.from_schemas` takes them.
            worker: the process that it lives in.

        Raises:
            ToolsetError: one is malformed.
        """
        self._worker = worker
        self._queue: asyncio.Queue[Event | ClientCall | None] = asyncio.Queue()
        self._results: dict[str, asyncio.Future[Any]] = {}
        self._saying = Saying()
        self._task: asyncio.Task[None] | None = None
        self.outcome: Outcome | None = None
        given = list(documents)
        self.tools = self._toolset(given) if given else Toolset()

    def _toolset(self, documents: list[Mapping[str, Any]]) -> Toolset:
        # Read twice: handlers are given by name, and the names are known after reading.
        bare = Toolset.from_schemas(documents)
        handlers = {name: functools.partial(self._ask, name) for name in bare.names}
        return Toolset(
            # Whether the client does it is the client's to ask; what it tells back may
            # come from anywhere.
            replace(one, effect="read", untrusted=True, timeout=WAITS)
            for one in Toolset.from_schemas(documents, handlers)
        )

    async def _ask(self, name: str, **arguments: Any) -> Any:
        """Let the client carry out a call, and wait for its result."""
        asked = ClientCall(named_by(self._worker, "call"), ToolCall(name, arguments))
        result = asyncio.get_running_loop().create_future()
        self._results[asked.id] = result
        self._queue.put_nowait(asked)
        return await result

    @property
    def waits_for(self) -> frozenset[str]:
        """Ids of the calls whose results it waits for."""
        return frozenset(key for key, one in self._results.items() if not one.done())

    def start(self, stream: EventStream) -> None:
        """Start to read a stream of events."""
        self._task = asyncio.create_task(self._follow(stream))
        self._task.add_done_callback(lambda _: self._queue.put_nowait(None))

    async def _follow(self, stream: EventStream) -> None:
        async for event in stream:
            self._queue.put_nowait(event)

    def answer(self, results: Mapping[str, Any]) -> None:
        """Take the results of the client's calls."""
        for key, value in results.items():
            # A client may send all results of the conversation each time; the old ones
            # count for nothing.
            if key in self._results and not self._results[key].done():
                self._results[key].set_result(value)

    async def pieces(self) -> Pieces:
        """Yield pieces up to the run's end, or to the next calls for the client."""
        while (item := await self._queue.get()) is not None:
            if isinstance(item, ClientCall):
                for call in await self._calls(item):
                    yield call
                yield TurnEnd(finish="tool_calls")
                return
            if isinstance(item, RunFinished):
                self.outcome = item.outcome
                # What waits for a yes is shown in words only, so it was never streamed.
                if text := self._saying.rest(shown(item.outcome)):
                    yield TextPiece(text)
                yield ended(item.outcome)
            elif piece := said(item, self._saying):
                yield piece
        if self._task is not None:
            await self._task  # raises what the run raised

    async def _calls(self, first: ClientCall) -> list[ClientCall]:
        """Return all calls of the step that began with this one."""
        found, later = [first], list[Event | None]()
        for _ in range(_TURNS):
            # One turn of the loop: calls of one step begin one after the other.
            await asyncio.sleep(0)
            while not self._queue.empty():
                item = self._queue.get_nowait()
                if isinstance(item, ClientCall):
                    found.append(item)
                else:
                    later.append(item)
        for event in later:
            self._queue.put_nowait(event)
        return found

    async def cancel(self) -> None:
        """Cancel the run, and wait until it has ended."""
        if self._task is not None and not self._task.done():
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
