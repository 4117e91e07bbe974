"""Work that waits for the disk: beside the event loop, in order, and never half seen."""

from __future__ import annotations

import asyncio
import threading
from contextvars import ContextVar

import pytest

from agentkit.stores.own_thread import alone, aside, later

_user: ContextVar[str] = ContextVar("user", default="")


def thread() -> int:
    return threading.get_ident()


def test_shared_loops_go_on_meanwhile() -> None:
    """The work is done in another thread, with the caller's context."""

    async def shared() -> tuple[int, str]:
        _user.set("ada")
        return await aside(thread), await aside(_user.get)

    there, user = asyncio.run(shared())
    assert there != thread()
    assert user == "ada"


def test_a_loop_of_ones_own_does_it_itself() -> None:
    """Where nobody else is held up, a thread would only take longer."""

    async def own() -> int:
        with alone():
            return await aside(thread)

    assert asyncio.run(own()) == thread()


def test_work_is_done_in_the_order_in_which_it_was_given() -> None:
    """What is not waited for comes before what is given behind it."""
    done: list[int] = []

    async def many() -> None:
        for number in range(50):
            later(done.append, number)
        await aside(done.append, 50)

    asyncio.run(many())
    assert done == list(range(51))


def test_what_goes_wrong_is_raised() -> None:
    """An error comes back to whoever waits."""

    def fail() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        asyncio.run(aside(fail))


def test_a_cancelled_wait_ends_with_the_work() -> None:
    """A write cannot be taken back: what follows knows that it is over."""
    begun, may_end = threading.Event(), threading.Event()
    done: list[str] = []

    def work() -> None:
        begun.set()
        may_end.wait()
        done.append("written")

    async def cancelled() -> None:
        task = asyncio.ensure_future(aside(work))
        await asyncio.to_thread(begun.wait)
        task.cancel()
        await asyncio.sleep(0)
        may_end.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert done == ["written"]

    asyncio.run(cancelled())
