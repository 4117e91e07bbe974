"""Runs of the assistant that outlast one request: they wait for the client or the user.

A call of a tool that is the client's ends the HTTP response, and the run sleeps until the
next request brings the result. A call that needs the user's yes ends it too: the answer
says what would be done, and a plain yes or no in the next request decides. Both are
remembered in memory, for a time: a server that was started anew knows of neither.
"""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from typing import Any

from agentkit.agent import Agent, EventStream
from agentkit.language.assent import read_assent
from agentkit.messages import Conversation, ToolCall, system
from agentkit.outcomes import Event, NeedsApproval, Outcome, RunFinished
from agentkit.serve.api_errors import ApiError
from agentkit.serve.tenants import Tenant
from agentkit.serve.turns import (
    ClientCall,
    Pieces,
    Saying,
    TextPiece,
    TurnEnd,
    call_id,
    ended,
    last_words,
    said,
    shown,
)
from agentkit.tools import Toolset

# How long a run waits for the client's results, and an answer for a yes, in seconds:
# longer than a person thinks, shorter than a phone sleeps.
WAITS = 600.0
# Of one user. Each holds a conversation in memory.
MOST = 64
# Calls of one step begin within a few turns of the event loop: they are shown together.
_TURNS = 8


class AssistantRun:
    """One run, followed by one request after the other."""

    def __init__(self, documents: Iterable[Mapping[str, Any]] = ()) -> None:
        """Make the client's tools.

        Args:
            documents: of the client's tools, as `Toolset.from_schemas` takes them.

        Raises:
            ToolsetError: one is malformed.
        """
        self._queue: asyncio.Queue[Event | ClientCall | None] = asyncio.Queue()
        self._results: dict[str, asyncio.Future[Any]] = {}
        self._saying = Saying()
        self._task: asyncio.Task[None] | None = None
        self.outcome: Outcome | None = None
        given = list(documents)
        self.tools = self._toolset(given) if given else Toolset()

    def _toolset(self, documents: list[Mapping[str, Any]]) -> Toolset:
        bare = Toolset.from_schemas(documents)
        handlers = {name: functools.partial(self._ask, name) for name in bare.names}
        return Toolset(
            # Whether the client does it is the client's to ask; what it tells back may
            # come from anywhere.
            replace(one, effect="read", untrusted=True, timeout=WAITS)
            for one in Toolset.from_schemas(documents, handlers)
        )

    async def _ask(self, name: str, **arguments: Any) -> Any:
        """Let the client carry out a call."""
        asked = ClientCall(call_id(), ToolCall(name, arguments))
        result = asyncio.get_running_loop().create_future()
        self._results[asked.id] = result
        self._queue.put_nowait(asked)
        return await result

    @property
    def waits_for(self) -> frozenset[str]:
        """Ids of the calls whose results it waits for."""
        return frozenset(key for key, one in self._results.items() if not one.done())

    def start(self, stream: EventStream) -> None:
        """Begin to follow a stream of events."""
        self._task = asyncio.create_task(self._follow(stream))
        self._task.add_done_callback(lambda _: self._queue.put_nowait(None))

    async def _follow(self, stream: EventStream) -> None:
        async for event in stream:
            self._queue.put_nowait(event)

    def answer(self, results: Mapping[str, Any]) -> None:
        """Take the results of the client's calls."""
        for key, value in results.items():
            if key in self._results and not self._results[key].done():
                self._results[key].set_result(value)

    async def pieces(self) -> Pieces:
        """Yield what comes, up to the end of the run or the next calls for the client."""
        while (item := await self._queue.get()) is not None:
            if isinstance(item, ClientCall):
                for call in await self._calls(item):
                    yield call
                yield TurnEnd(finish="tool_calls")
                return
            if isinstance(item, RunFinished):
                self.outcome = item.outcome
                if text := self._saying.rest(shown(item.outcome)):
                    yield TextPiece(text)
                yield ended(item.outcome)
            elif piece := said(item, self._saying):
                yield piece
        if self._task is not None:
            await self._task  # raises what the run raised

    async def _calls(self, first: ClientCall) -> list[ClientCall]:
        """Return the calls of one step."""
        found, later = [first], list[Event]()
        for _ in range(_TURNS):
            await asyncio.sleep(0)
            while not self._queue.empty():
                item = self._queue.get_nowait()
                if isinstance(item, ClientCall):
                    found.append(item)
                elif item is not None:
                    later.append(item)
        for event in later:
            self._queue.put_nowait(event)
        return found

    async def cancel(self) -> None:
        """End it."""
        if self._task is not None and not self._task.done():
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task


class AssistantRuns:
    """The runs of all users that wait."""

    def __init__(self, seconds: float = WAITS, most: int = MOST) -> None:
        """Take how long each waits, and how many of one user."""
        self._seconds = seconds
        self._most = most
        self._asleep: dict[tuple[str, str], AssistantRun] = {}
        self._asked: dict[tuple[str, str], NeedsApproval] = {}
        self._timers: dict[tuple[str, str], asyncio.TimerHandle] = {}
        self._ending = set[asyncio.Task[None]]()

    def turn(
        self,
        tenant: Tenant,
        conversation: Conversation,
        documents: list[Mapping[str, Any]],
        results: Mapping[str, Any],
    ) -> Pieces:
        """Carry a request on or out.

        Args:
            tenant: whose it is.
            conversation: as the client tells it.
            documents: the client's tools.
            results: of the client's calls, by their ids, where the request ends with
                them.

        Raises:
            ApiError: it cannot be; the message says why.
            ToolsetError: a tool of the client's is malformed or has a name twice.
        """
        run = self._resumed(tenant, results) if results else None
        run = run or self._begun(tenant, conversation, documents)
        return self._followed(tenant, run)

    def _resumed(self, tenant: Tenant, results: Mapping[str, Any]) -> AssistantRun:
        keys = [
            (tenant.name, key) for key in results if (tenant.name, key) in self._asleep
        ]
        if not keys:
            raise ApiError(
                409,
                "run_gone",
                "no run waits for these results: it ended, waited too long, or the "
                "server was started anew; ask again without them",
                "messages",
            )
        run = self._asleep[keys[0]]
        if missing := run.waits_for - results.keys():
            raise ApiError(
                400,
                "result_missing",
                f"the results of all calls are needed; missing: {', '.join(missing)}",
                "messages",
            )
        for key in keys:
            self._forget(key)
        run.answer(results)
        return run

    def _begun(
        self,
        tenant: Tenant,
        conversation: Conversation,
        documents: list[Mapping[str, Any]],
    ) -> AssistantRun:
        before, last = last_words(conversation)
        run = AssistantRun(documents)
        agent = tenant.assistant(run.tools)
        waiting = self._answered(tenant, before)
        assent = read_assent(last.text) if waiting else None
        if waiting is not None and assent is not None:
            run.start(_resuming(agent, waiting, yes=assent))
            return run
        run.start(
            agent.stream(
                last.text, conversation=_instructed(tenant, before), images=last.images
            )
        )
        return run

    def _answered(self, tenant: Tenant, said: Conversation) -> NeedsApproval | None:
        """Return the run whose question the client shows as said last."""
        if not said or said[-1].role != "assistant":
            return None
        key = (tenant.name, _mark(said[-1].text))
        self._forget_timer(key)
        return self._asked.pop(key, None)

    async def _followed(self, tenant: Tenant, run: AssistantRun) -> Pieces:
        told, is_whole = list[str](), False
        try:
            async for piece in run.pieces():
                if isinstance(piece, TextPiece):
                    told.append(piece.text)
                if isinstance(piece, TurnEnd):
                    is_whole = True
                    self._keep(tenant, run, "".join(told))
                yield piece
        finally:
            if not is_whole:
                await run.cancel()

    def _keep(self, tenant: Tenant, run: AssistantRun, text: str) -> None:
        """Keep a run that waits, before the client learns that it does."""
        if isinstance(run.outcome, NeedsApproval):
            key = (tenant.name, _mark(text))
            self._make_room(tenant, self._asked)
            self._asked[key] = run.outcome
            self._after(key, lambda: self._asked.pop(key, None))
        for one in run.waits_for:
            key = (tenant.name, one)
            self._make_room(tenant, self._asleep)
            self._asleep[key] = run
            self._after(key, functools.partial(self._end, key))

    def _make_room(self, tenant: Tenant, kept: dict[tuple[str, str], Any]) -> None:
        own = [key for key in kept if key[0] == tenant.name]
        if len(own) >= self._most:
            raise ApiError(
                429,
                "too_many_waiting",
                f"{len(own)} runs of yours wait already: answer those, or let them end",
            )

    def _after(self, key: tuple[str, str], act: Callable[[], Any]) -> None:
        self._forget_timer(key)
        loop = asyncio.get_running_loop()
        self._timers[key] = loop.call_later(self._seconds, act)

    def _end(self, key: tuple[str, str]) -> None:
        run = self._asleep.pop(key, None)
        if run is not None:
            task = asyncio.ensure_future(run.cancel())
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)

    def _forget(self, key: tuple[str, str]) -> None:
        self._forget_timer(key)
        self._asleep.pop(key, None)

    def _forget_timer(self, key: tuple[str, str]) -> None:
        timer = self._timers.pop(key, None)
        if timer is not None:
            timer.cancel()

    async def close(self) -> None:
        """End all."""
        for timer in self._timers.values():
            timer.cancel()
        for run in set(self._asleep.values()):
            await run.cancel()
        self._asleep.clear()
        self._asked.clear()
        self._timers.clear()


def _resuming(agent: Agent, waiting: NeedsApproval, *, yes: bool) -> EventStream:
    return EventStream(lambda emit, _: agent.aresume(waiting, approve=yes, emit=emit))


def _instructed(tenant: Tenant, said: Conversation) -> Conversation:
    """Put the assistant's own instructions before what the client says of itself."""
    own = tenant.instructions
    if not said or not own:
        return said
    first = said[0]
    if first.role == "system":
        return (system(f"{own}\n\n{first.text}"), *said[1:])
    return (system(own), *said)


def _mark(text: str) -> str:
    return sha256(text.strip().encode("utf-8", "replace")).hexdigest()


def value_of(text: str) -> Any:
    """Read a result that a client sends as text: JSON where it is, else the text."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
