"""Threads for tools that only read; they are reused, and do not delay the exit."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from functools import lru_cache
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

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
