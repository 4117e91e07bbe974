"""A thread for work that waits for the disk, so that no event loop does.

Where the event loop is a run's alone, as in `Agent.run`, nobody else is held up, and the
work is done at once: a thread would only take longer.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from functools import lru_cache
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_alone: ContextVar[bool] = ContextVar("agentkit_alone", default=False)


@contextmanager
def alone() -> Generator[None]:
    """Declare that the event loop serves this caller only."""
    before = _alone.set(True)
    try:
        yield
    finally:
        _alone.reset(before)


async def be_alone() -> None:
    """Do the same for all that an `asyncio.Runner` runs; call it there first."""
    _alone.set(True)


@lru_cache(1)
def _thread(_process: int) -> ThreadPoolExecutor:
    """Return the thread of one process: behind a fork, that of its parent is gone.

    It is one, so that what is written comes in the order in which it was said.
    """
    return ThreadPoolExecutor(1, thread_name_prefix="agentkit-stores")


async def aside(work: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
    """Run work that waits for the disk; it is finished even if this is cancelled.

    Args:
        work: what is done; it must not use the event loop.
        *arguments: what it gets.
        **options: what it gets by name.
    """
    if _alone.get():
        return work(*arguments, **options)
    begun = later(work, *arguments, **options)
    done = asyncio.wrap_future(begun)
    cancelled: asyncio.CancelledError | None = None
    while not done.done():
        try:
            await asyncio.shield(done)
        except asyncio.CancelledError as exc:
            # A write cannot be taken back: what follows must know that it is over.
            cancelled = exc
        # What the work raised is raised below, by `result`.
        except Exception:
            break
    if cancelled is not None:
        # Looked at, or asyncio warns of an error that nobody fetched.
        done.exception()
        raise cancelled
    return done.result()


def later(work: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> Future[T]:
    """Queue work for the thread, in the order given; run it at once where alone."""
    if _alone.get():
        done: Future[T] = Future()
        done.set_result(work(*arguments, **options))
        return done
    context = copy_context()
    return _thread(os.getpid()).submit(lambda: context.run(work, *arguments, **options))
