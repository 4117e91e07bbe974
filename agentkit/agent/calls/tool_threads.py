"""Runs tools: sync ones in threads, within a time, whatever they raise."""

from __future__ import annotations

import asyncio
import inspect
import os
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from functools import lru_cache
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeAlias, TypeVar

from agentkit.errors import ToolError, ToolTimeout
from agentkit.privacy.redaction import error_line
from agentkit.tools import AnyTool

Left: TypeAlias = Callable[["Future[Any]"], None]


# Threads start on demand and are used again. The limit is far above what runs need:
# a tool may itself run an agent, whose tools need threads while this one waits.
@lru_cache(1)
def _threads(_process: int) -> ThreadPoolExecutor:
    """Return the threads of one process: behind a fork, those of its parent are gone.

    A tool that hangs holds its thread until it ends, so there are far more than cores.
    """
    return ThreadPoolExecutor(max_workers=512, thread_name_prefix="agentkit-tool")


def forget(_: Any) -> None:
    """Ignore a result that comes too late."""


async def invoke(
    tool: AnyTool,
    arguments: Mapping[str, Any],
    seconds: float | None = None,
    on_left: Left = forget,
    on_late: Callable[[Any], None] = forget,
) -> Any:
    """Run a tool; a sync one in a thread.

    When the run is cancelled, a thread that may change something is waited for, and one
    that only reads is left.

    Args:
        tool: what to run.
        arguments: checked keyword arguments.
        seconds: how long to wait; then a coroutine is cancelled and a thread left.
        on_left: given what ends when the thread that was left ends.
        on_late: given what the tool returned after the run was cancelled.

    Raises:
        ToolTimeout: it took longer.
        ToolError: the tool raised something that would end the event loop.
        CancelledError: the run was cancelled; nothing is being changed any more.
        Exception: whatever else the tool raises.
    """
    clock = asyncio.timeout(seconds)
    try:
        async with clock:
            if tool.is_async:
                value = tool.invoke(arguments)
            else:
                value = await _in_thread(tool, arguments, clock, on_left, on_late)
            return await value if inspect.isawaitable(value) else value
    except TimeoutError as exc:
        # The tool raised TimeoutError itself, about a server of its own: an ordinary
        # failure.
        if not clock.expired():
            raise
        raise ToolTimeout(_left(tool, seconds)) from exc
    except SystemExit as exc:
        raise _contained(exc) from exc
    except asyncio.CancelledError as exc:
        task = asyncio.current_task()
        # Somebody cancelled the run. Otherwise the tool raised it by itself, and only
        # its call has failed.
        if task and task.cancelling():
            raise
        raise ToolError("it cancelled itself") from exc


def _left(tool: AnyTool, seconds: float | None) -> str:
    if tool.is_async:
        return f"it took longer than {seconds:g} s and was cancelled"
    return (
        f"it took longer than {seconds:g} s and was left; it may still finish. Do not "
        "call it again for the same"
    )


async def _in_thread(
    tool: AnyTool,
    arguments: Mapping[str, Any],
    clock: asyncio.Timeout,
    on_left: Left,
    on_late: Callable[[Any], None],
) -> Any:
    begun = _begun(tool, arguments)
    work = asyncio.wrap_future(begun)
    cancelled: asyncio.CancelledError | None = None
    while not work.done():
        try:
            # Cancelling the future would only make us forget the thread.
            await asyncio.shield(work)
        except asyncio.CancelledError as exc:
            if clock.expired():
                on_left(begun)
                raise
            if tool.effect == "read":
                raise
            # A thread cannot be stopped: leaving it would leave a write half seen.
            cancelled = exc
    value, error = work.result()
    if cancelled:
        if error is None and not inspect.isawaitable(value):
            on_late(value)
        raise cancelled
    if error:
        raise error
    return value


def _begun(
    tool: AnyTool, arguments: Mapping[str, Any]
) -> Future[tuple[Any, BaseException | None]]:
    """Start a call in a thread; a thread that only reads does not delay the exit."""
    # A thread has no context variables of its own: the effect at hand is one.
    context = copy_context()

    def run() -> tuple[Any, BaseException | None]:
        return context.run(_attempt, tool, arguments)

    if tool.effect != "read":
        return _threads(os.getpid()).submit(run)
    return begin_reading(run)


def _attempt(
    tool: AnyTool, arguments: Mapping[str, Any]
) -> tuple[Any, BaseException | None]:
    """Run a sync tool; return its error, as a future cannot carry every exception."""
    try:
        return tool.invoke(arguments), None
    except StopIteration as exc:
        return None, _contained(exc)
    except BaseException as exc:
        # A tool may raise SystemExit, too; asyncio would let it end the program.
        return None, exc


def _contained(exc: BaseException) -> ToolError:
    return ToolError(f"{type(exc).__name__} {error_line(exc)}")


T = TypeVar("T")


class ReadingThreads:
    """A pool of daemon threads, which the end of the program does not wait for.

    A pool of the standard library is waited for. A thread that hangs is one that is
    not used again; as many are made as are needed at a time.
    """

    def __init__(self) -> None:
        """Begin with no thread."""
        self._idle: deque[SimpleQueue[Callable[[], None]]] = deque()

    def begin(self, work: Callable[[], T]) -> Future[T]:
        """Run work, which must not raise, in a thread that is idle or new."""
        begun: Future[T] = Future()
        try:
            works = self._idle.pop()
        except IndexError:
            works = SimpleQueue[Callable[[], None]]()
            Thread(target=self._serve, args=(works,), daemon=True).start()
        works.put(lambda: self._end(works, begun, work()))
        return begun

    def _serve(self, works: SimpleQueue[Callable[[], None]]) -> None:
        while True:
            works.get()()

    def _end(
        self, works: SimpleQueue[Callable[[], None]], begun: Future[Any], result: Any
    ) -> None:
        # Whoever waits may begin the next one at once: this thread is free for it.
        self._idle.append(works)
        begun.set_result(result)


@lru_cache(1)
def reading_threads(_process: int) -> ReadingThreads:
    """Return the threads of one process: behind a fork, those of its parent are gone."""
    return ReadingThreads()


def begin_reading(work: Callable[[], T]) -> Future[T]:
    """Run work that only reads in one of this process's reading threads."""
    return reading_threads(os.getpid()).begin(work)
