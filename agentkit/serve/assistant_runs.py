"""Runs that outlast a request, as they wait for the client or the user.

A call of a tool that is the client's ends the HTTP response, and the run sleeps until the
next request brings the result. A call that needs the user's yes ends it too: the answer
says what would be done, and a plain yes or no in the next request decides. Both are
remembered in memory, for a time, and found by the other workers of the server: one that
was started anew knows of neither.
"""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from hashlib import sha256
from typing import Any, cast

from agentkit.agent import Agent, EventStream
from agentkit.language.assent import read_assent
from agentkit.messages import Conversation, system
from agentkit.outcomes import NeedsApproval
from agentkit.serve.api_errors import ApiError
from agentkit.serve.assistant_run import WAITS, AssistantRun
from agentkit.serve.peers import Peers
from agentkit.serve.tenants import Tenant
from agentkit.serve.turns import (
    Pieces,
    TextPiece,
    TurnEnd,
    begun,
    last_words,
)

# Of one user. Each holds a conversation in memory.
MOST = 64


class AssistantRuns:
    """The runs of all users that wait."""

    def __init__(
        self, peers: Peers | None = None, seconds: float = WAITS, most: int = MOST
    ) -> None:
        """Store the other workers and the bounds of waiting."""
        self._peers = peers or Peers()
        self._seconds = seconds
        self._most = most
        self._asleep: dict[tuple[str, str], AssistantRun] = {}
        self._asked: dict[tuple[str, str], NeedsApproval] = {}
        self._timers: dict[tuple[str, str], asyncio.TimerHandle] = {}
        self._ending = set[asyncio.Task[None]]()

    async def turn(
        self,
        tenant: Tenant,
        conversation: Conversation,
        documents: list[Mapping[str, Any]],
        results: Mapping[str, Any],
    ) -> Pieces:
        """Start a run for a request, or go on with the one that waits for it.

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
        if not results:
            run = await self._begun(tenant, conversation, documents)
            return await begun(self._followed(tenant, run))
        owner = self._peers.owner_of(results)
        if owner == self._peers.number:
            return await self.resumed(tenant, results)
        return await self._peers.ask(owner, "resume", tenant.name, dict(results))

    async def resumed(self, tenant: Tenant, results: Mapping[str, Any]) -> Pieces:
        """Go on with a run of this process that waits for results.

        Raises:
            ApiError: none does, or some are missing.
        """
        return await begun(self._followed(tenant, self._awoken(tenant, results)))

    def _awoken(self, tenant: Tenant, results: Mapping[str, Any]) -> AssistantRun:
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
        # Any of them names the run: all calls of a step belong to one.
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

    async def _begun(
        self,
        tenant: Tenant,
        conversation: Conversation,
        documents: list[Mapping[str, Any]],
    ) -> AssistantRun:
        before, last = last_words(conversation)
        run = AssistantRun(documents, self._peers.number)
        agent = tenant.assistant(run.tools)
        # "Yes, and also call Bob" is no assent: it is a request of its own.
        assent = read_assent(last.text)
        waiting = None if assent is None else await self._answered(tenant, before)
        if waiting is not None and assent is not None:
            run.start(_resuming(agent, waiting, yes=assent))
            return run
        run.start(
            agent.stream(
                last.text, conversation=_instructed(tenant, before), images=last.images
            )
        )
        return run

    async def _answered(
        self, tenant: Tenant, said: Conversation
    ) -> NeedsApproval | None:
        """Return the run that asked the question which the client shows last."""
        if not said or said[-1].role != "assistant":
            return None
        mark = _mark(said[-1].text)
        if waiting := self.taken(tenant, mark):
            return waiting
        for other in self._peers.others:
            with suppress(ApiError):  # one that is not there knows of none
                async for waiting in await self._peers.ask(
                    other, "approve", tenant.name, mark
                ):
                    return cast(NeedsApproval, waiting)
        return None

    def taken(self, tenant: Tenant, mark: str) -> NeedsApproval | None:
        """Take out this process's run whose question has a mark, if there is one."""
        key = (tenant.name, mark)
        self._forget_timer(key)
        return self._asked.pop(key, None)

    async def _followed(self, tenant: Tenant, run: AssistantRun) -> Pieces:
        told, is_whole = list[str](), False
        try:
            yield TextPiece("")  # see `begun`
            async for piece in run.pieces():
                if isinstance(piece, TextPiece):
                    told.append(piece.text)
                if isinstance(piece, TurnEnd):
                    self._keep(tenant, run, "".join(told))
                    is_whole = True
                yield piece
        finally:
            # The client left in the middle: a run that nobody follows would go on doing
            # things.
            if not is_whole:
                await run.cancel()

    def _keep(self, tenant: Tenant, run: AssistantRun, text: str) -> None:
        """Keep a waiting run, before the client hears that it waits."""
        if isinstance(run.outcome, NeedsApproval):
            key = (tenant.name, _mark(text))
            self._check_room(tenant, self._asked)
            self._asked[key] = run.outcome
            self._after(key, lambda: self._asked.pop(key, None))
        if run.waits_for:
            self._check_room(tenant, self._asleep)
        for one in run.waits_for:
            key = (tenant.name, one)
            self._asleep[key] = run
            self._after(key, functools.partial(self._end, key))

    def _check_room(self, tenant: Tenant, kept: dict[tuple[str, str], Any]) -> None:
        own = [key for key in kept if key[0] == tenant.name]
        if len(own) >= self._most:
            raise ApiError(
                429,
                "too_many_waiting",
                f"{len(own)} runs of yours wait already: answer those, or let them end",
            )

    def _after(self, key: tuple[str, str], act: Callable[[], Any]) -> None:
        self._forget_timer(key)

        def act_late() -> None:
            self._timers.pop(key, None)
            act()

        loop = asyncio.get_running_loop()
        self._timers[key] = loop.call_later(self._seconds, act_late)

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
        """End all runs."""
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
    """Put the assistant's own instructions before those of the client."""
    own = tenant.instructions
    if not said or not own:
        return said
    first = said[0]
    if first.role == "system":
        # Ours first: what a client says of itself must not take our rules away.
        return (system(f"{own}\n\n{first.text}"), *said[1:])
    return (system(own), *said)


# By a hash of what was shown: this API names no conversation, so the question must.
def _mark(text: str) -> str:
    return sha256(text.strip().encode("utf-8", "replace")).hexdigest()


def value_of(text: str) -> Any:
    """Read a result that a client sends as text: JSON where it is, else the text."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
