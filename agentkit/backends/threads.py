"""A blocking generation carried on in a thread, its text heard in the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from threading import Event
from typing import TypeVar

Result = TypeVar("Result")
Tell = Callable[[str], None]


async def in_thread(
    work: Callable[[Tell, Event], Result],
    hear: Tell,
    interrupt: Callable[[Event], None] | None = None,
) -> Result:
    """Run a generation in a thread; cancelling this ends it before its next token.

    Args:
        work: gets a function that tells pieces of text, and an event that is set
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
            loop.call_soon_threadsafe(pieces.put_nowait, piece)

    task = asyncio.create_task(asyncio.to_thread(work, tell, stop))
    task.add_done_callback(lambda _: pieces.put_nowait(None))
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
    """Look at how it ended: what fails after a cancellation is nobody's concern."""
    if not task.cancelled():
        task.exception()
