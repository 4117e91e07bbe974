"""A run's events for `for` and `async for`, and its coroutines where no loop runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Iterator
from typing import Any, TypeVar

from agentkit.errors import ConfigError
from agentkit.outcomes import Emit, Event, Outcome, RunFinished

T = TypeVar("T")


def block(work: Coroutine[Any, Any, T], verb: str) -> T:
    """Run a coroutine to its end from code that has no event loop.

    Raises:
        ConfigError: there is one.
    """
    if not inside_loop():
        return _run_boxed(work)
    work.close()
    raise ConfigError(
        f"Agent.{verb}() was called inside an event loop: await Agent.a{verb}() there"
    )


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
        box.append(await work)

    asyncio.run(fill())
    return box[0]


Pace = Callable[[], Awaitable[None]]
Carry = Callable[[Emit, Pace], Awaitable[Outcome]]


async def at_once() -> None:
    """Go on without waiting."""


class EventStream:
    """Runs when iterated; the last event is `RunFinished`.

    The run does not get ahead of the loop: no call and no step begins before all
    events so far were taken. Leaving the loop early cancels the run.
    """

    def __init__(self, carry: Carry) -> None:
        """Take what carries a run, telling its events and waiting to go on."""
        self._carry = carry

    async def __aiter__(self) -> AsyncGenerator[Event, None]:
        """Iterate inside an event loop."""
        queue: asyncio.Queue[Event | None] = asyncio.Queue()
        task = asyncio.ensure_future(self._carry(queue.put_nowait, queue.join))
        task.add_done_callback(lambda _: queue.put_nowait(None))
        try:
            while (event := await queue.get()) is not None:
                yield event
                queue.task_done()
            yield RunFinished(await task)
        finally:
            if not task.done():
                task.cancel()
                await asyncio.wait([task])

    def __iter__(self) -> Iterator[Event]:
        """Iterate without an event loop of one's own.

        Raises:
            ConfigError: an event loop is running here: `async for` is needed.
        """
        if inside_loop():
            raise ConfigError(
                "Agent.stream() was iterated inside an event loop: use `async for`"
            )
        with asyncio.Runner() as runner:
            events = self.__aiter__()
            try:
                while True:
                    event = runner.run(anext(events, None))
                    if event is None:
                        return
                    yield event
            finally:
                runner.run(events.aclose())
