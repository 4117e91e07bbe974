"""Events of a run as an iterator, sync and async; coroutines run without a loop."""

from __future__ import annotations

import asyncio
from collections.abc import (
    AsyncGenerator,
    Awaitable,
    Callable,
    Coroutine,
    Generator,
    Iterator,
)
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any, Generic, Self, TypeAlias, TypeVar

from agentkit.agent.answer_form import Out
from agentkit.outcomes import Emit, Event, Outcome, RunFinished
from agentkit.stores.own_thread import alone, be_alone

T = TypeVar("T")


def block(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end and return its result.

    Inside an event loop, as in a notebook, it runs in a loop of its own beside, and that
    one waits.
    """
    if not inside_loop():
        return _run_boxed(work)
    # asyncio allows one running loop a thread; the context goes along so that variables
    # of the caller hold.
    with ThreadPoolExecutor(1, "agentkit-run") as thread:
        return thread.submit(copy_context().run, _run_boxed, work).result()


def inside_loop() -> bool:
    """Tell whether an event loop runs here."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _run_boxed(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine whose result asyncio does not see.

    On its way out `asyncio.run` formats the finished task, result included, which
    costs more than a short run when the result holds a conversation.
    """
    box: list[T] = []

    async def fill() -> None:
        # Nobody shares this loop: stores may be written in it, without a hop to their
        # thread.
        with alone():
            box.append(await work)

    asyncio.run(fill())
    return box[0]


Pace = Callable[[], Awaitable[None]]
Carry: TypeAlias = Callable[[Emit, Pace], Awaitable[Outcome[Out]]]


async def at_once() -> None:
    """Go on without waiting."""


class EventStream(Generic[Out]):
    """Runs when iterated; the last event is `RunFinished`.

    The run does not get ahead of the loop: no call and no step begins before all events
    so far were taken. Leaving the loop early cancels the run; inside an event loop that
    is sure with `async with`, or `aclose`.

    Attributes:
        outcome: how the run ended; None while it goes on.
    """

    def __init__(self, carry: Carry[Out]) -> None:
        """Store the function that carries the run, given `emit` and `pace`."""
        self._carry = carry
        self._run: asyncio.Task[Outcome[Out]] | None = None
        self.outcome: Outcome[Out] | None = None

    async def __aenter__(self) -> Self:
        """Return itself; the run is over when the block is left."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """End the run, if it goes on."""
        await self.aclose()

    async def aclose(self) -> None:
        """Cancel the run, if it goes on, and wait until it has ended."""
        if self._run is not None and not self._run.done():
            self._run.cancel()
            await asyncio.wait([self._run])

    async def __aiter__(self) -> AsyncGenerator[Event, None]:
        """Iterate inside an event loop."""
        self.outcome = None
        queue: asyncio.Queue[Event | None] = asyncio.Queue()
        self._run = task = asyncio.ensure_future(
            # `join` returns when each event was taken and `task_done` said so: that is
            # the pace.
            self._carry(queue.put_nowait, queue.join)
        )
        # None ends the loop below for a run that raised, too; `await task` then raises
        # it.
        task.add_done_callback(lambda _: queue.put_nowait(None))
        try:
            while (event := await queue.get()) is not None:
                yield event
                queue.task_done()
            self.outcome = await task
            yield RunFinished(self.outcome)
        finally:
            if not task.done():
                task.cancel()
                await asyncio.wait([task])

    def __iter__(self) -> Iterator[Event]:
        """Iterate without an event loop; a loop that runs here waits meanwhile."""
        if not inside_loop():
            yield from self._here()
            return
        # One thread for all of it: a generator's loop must be stepped where it was made.
        with ThreadPoolExecutor(1, "agentkit-stream") as thread:
            context, events = copy_context(), self._here()
            try:
                while event := thread.submit(context.run, _next, events).result():
                    yield event
            finally:
                thread.submit(context.run, events.close).result()

    def _here(self) -> Generator[Event]:
        """Iterate with an event loop of its own in this thread."""
        with asyncio.Runner() as runner:
            runner.run(be_alone())
            events = self.__aiter__()
            try:
                while event := runner.run(anext(events, None)):
                    yield event
            finally:
                runner.run(events.aclose())


def _next(events: Generator[Event]) -> Event | None:
    return next(events, None)
