import asyncio
import threading
from typing import Any

import pytest

from agentkit import Agent, Done, Event, NeedsApproval, tool
from agentkit.backends import Reply, ScriptedBackend
from agentkit.outcomes import (
    ApprovalAsked,
    CallFinished,
    CallStarted,
    RunFinished,
    StepFinished,
    StepStarted,
    TextDelta,
)


@tool(effect="read")
def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


@tool(effect="send")
def send() -> None:
    """Send it."""


def agent(*script: Any) -> Agent:
    return Agent([add, send], ScriptedBackend(script))


TWO_STEPS = ("[add(a=1, b=2)]", "It is 3.")
KINDS = [
    StepStarted,
    StepFinished,
    CallStarted,
    CallFinished,
    StepStarted,
    TextDelta,
    StepFinished,
    RunFinished,
]


def test_events_in_order() -> None:
    """Each step, call and text is told, and the outcome comes last."""
    events = list(agent(*TWO_STEPS).stream("go"))
    assert [type(event) for event in events] == KINDS
    last = events[-1]
    assert isinstance(last, RunFinished)
    assert isinstance(last.outcome, Done)


def test_async_for() -> None:
    """Inside an event loop the same events come."""

    async def collect() -> list[type[Event]]:
        return [type(event) async for event in agent(*TWO_STEPS).stream("go")]

    assert asyncio.run(collect()) == KINDS


def test_steps_are_numbered() -> None:
    """A step tells its number and its route."""
    events = list(agent(*TWO_STEPS).stream("go"))
    steps = [event for event in events if isinstance(event, StepStarted)]
    assert [(s.step, s.route.backend) for s in steps] == [
        (1, "scripted"),
        (2, "scripted"),
    ]


def test_a_stream_can_be_read_again() -> None:
    """Each reading is a run of its own, from the same start."""
    stream = agent("one", "two").stream("go")
    outcomes = [list(stream)[-1] for _ in range(2)]
    lengths: list[int] = []
    for last in outcomes:
        assert isinstance(last, RunFinished)
        lengths.append(len(last.outcome.conversation))
    assert lengths == [2, 2]


def test_a_pause_is_streamed() -> None:
    """A run that waits for approval tells so, and ends with that outcome."""
    events = list(agent("[send()]").stream("go"))
    assert any(isinstance(event, ApprovalAsked) for event in events)
    last = events[-1]
    assert isinstance(last, RunFinished)
    assert isinstance(last.outcome, NeedsApproval)


def test_a_crash_comes_out() -> None:
    """A bug in a backend is raised where the stream is read."""

    def crash(_: Any) -> Reply:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(agent(crash).stream("go"))


def test_leaving_a_for_loop_cancels() -> None:
    """After an early `break` no further call is started."""
    ran: list[int] = []

    @tool(effect="read")
    def step(n: int) -> None:
        """Take a step."""
        ran.append(n)

    script = [f"[step(n={n})]" for n in range(9)]
    for event in Agent([step], ScriptedBackend(script)).stream("go"):
        if isinstance(event, CallFinished):
            break
    assert ran == [0]


def test_leaving_before_a_call_calls_nothing() -> None:
    """A loop that is left at the first event has run no tool."""
    ran: list[int] = []

    @tool(effect="write")
    def write() -> None:
        """Write it."""
        ran.append(1)

    for _ in Agent([write], ScriptedBackend(["[write()]", "ok"])).stream("go"):
        break
    assert ran == []


def test_leaving_an_async_for_loop_cancels() -> None:
    """After an early `break` the run's async tool is cancelled."""

    async def leave() -> bool:
        cancelled = asyncio.Event()

        @tool(effect="read")
        async def wait() -> None:
            """Wait for ever."""
            try:
                await asyncio.Event().wait()
            finally:
                cancelled.set()

        async for event in Agent([wait], ScriptedBackend(["[wait()]"])).stream("go"):
            if isinstance(event, CallStarted):
                await asyncio.sleep(0)
                break
        await asyncio.wait_for(cancelled.wait(), 60)
        return cancelled.is_set()

    assert asyncio.run(leave())


def test_leaving_waits_for_a_sync_tool() -> None:
    """A sync tool that is under way finishes before the loop is left."""
    written: list[str] = []
    started, release = threading.Event(), threading.Event()

    @tool(effect="write")
    def write() -> None:
        """Write two halves."""
        written.append("first half")
        started.set()
        release.wait(60)
        written.append("second half")

    async def leave() -> None:
        events = Agent([write], ScriptedBackend(["[write()]"])).stream("go").__aiter__()
        while not isinstance(await anext(events), CallStarted):
            pass
        await asyncio.to_thread(started.wait, 60)
        closing = asyncio.ensure_future(events.aclose())
        await asyncio.sleep(0)
        release.set()
        await closing
        assert written == ["first half", "second half"]

    asyncio.run(leave())
