import asyncio
import contextvars
import threading
from collections.abc import Coroutine
from typing import Any

import pytest

from agentkit import Agent, Done, tool
from agentkit.agent.calls.tool_threads import invoke
from agentkit.backends import ScriptedBackend
from agentkit.errors import ToolError

NAME: contextvars.ContextVar[str] = contextvars.ContextVar("NAME", default="nobody")


@tool
def thread_name() -> str:
    """Tell the thread."""
    return threading.current_thread().name


@tool
def who() -> str:
    """Tell the context variable."""
    return NAME.get()


@tool
async def quick() -> str:
    """Answer at once."""
    return "quick"


@tool
def lazy() -> Coroutine[Any, Any, str]:
    """Return something to be awaited."""
    return quick.function()


@tool
def empty() -> str:
    """Take the first of nothing."""
    return next(iter(()))


@tool
def leave() -> None:
    """End the program."""
    raise SystemExit(3)


@tool
async def leave_async() -> None:
    """End the program from the event loop."""
    raise SystemExit(3)


@tool
async def cancel_itself() -> None:
    """Raise what a cancelled task raises."""
    raise asyncio.CancelledError


@tool
def own_loop() -> str:
    """Run an event loop, as a tool that wraps an async library does."""
    return asyncio.run(quick.function())


def test_sync_tools_run_in_a_thread() -> None:
    """A sync tool does not hold up the event loop."""
    assert asyncio.run(invoke(thread_name, {})) != threading.current_thread().name


def test_context_variables_reach_the_thread() -> None:
    """What the caller set in its context is seen by a sync tool."""

    async def call() -> Any:
        NAME.set("Ann")
        return await invoke(who, {})

    assert asyncio.run(call()) == "Ann"


@pytest.mark.parametrize("one", [quick, lazy, own_loop])
def test_all_ways_to_be_async(one: Any) -> None:
    """Async, returning an awaitable, or running a loop of its own: all give a value."""
    assert asyncio.run(invoke(one, {})) == "quick"


@pytest.mark.parametrize("one", [empty, leave, leave_async, cancel_itself])
def test_what_would_end_the_loop_is_a_tool_error(one: Any) -> None:
    """StopIteration, SystemExit and a stray CancelledError stay inside the call."""
    with pytest.raises(ToolError):
        asyncio.run(invoke(one, {}))


def test_cancelling_waits_for_a_sync_tool() -> None:
    """However often it is cancelled, a sync tool finishes before the run ends."""
    started, release = threading.Event(), threading.Event()
    written: list[str] = []

    @tool
    def write() -> None:
        """Write two halves."""
        written.append("first half")
        started.set()
        release.wait(60)
        written.append("second half")

    async def cancel_twice() -> None:
        task = asyncio.ensure_future(invoke(write, {}))
        await asyncio.to_thread(started.wait, 60)
        for _ in range(2):
            task.cancel()
            await asyncio.sleep(0)
        assert not task.done()
        release.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert written == ["first half", "second half"]

    asyncio.run(cancel_twice())


def test_cancelling_leaves_a_sync_tool_that_only_reads() -> None:
    """Nothing is half written by it, so nobody waits for a server that hangs."""
    started, release = threading.Event(), threading.Event()

    @tool(effect="read")
    def look() -> None:
        """Look for ever."""
        started.set()
        release.wait(600)

    async def cancel() -> bool:
        task = asyncio.ensure_future(invoke(look, {}))
        await asyncio.to_thread(started.wait, 600)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return release.is_set()

    try:
        assert not asyncio.run(cancel())
    finally:
        release.set()


def test_a_tool_may_run_an_agent() -> None:
    """A sub-agent is a tool that calls `run`."""
    inner = Agent([thread_name], ScriptedBackend(["[thread_name()]", "looked it up"]))

    @tool
    def ask_expert(question: str) -> str:
        """Ask another agent."""
        return inner.run(question).text

    script = ['[ask_expert(question="x")]', "done"]
    outcome = Agent([ask_expert], ScriptedBackend(script)).run("go")
    assert isinstance(outcome, Done)
    assert outcome.calls[0].value == "looked it up"
