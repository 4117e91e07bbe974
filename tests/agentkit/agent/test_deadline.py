"""The run's own limit of time: what hangs is cut, and what may come late is known."""

from __future__ import annotations

import asyncio
import threading
from contextlib import ExitStack
from pathlib import Path

from agentkit import Agent, Context, Limits, Policy, Stopped, tool
from agentkit.agent.calls.executor import Executor
from agentkit.agent.stops import RunClock
from agentkit.backends import Reply, ScriptedBackend, Traits
from agentkit.backends.base import Request
from agentkit.messages import ToolCall
from agentkit.outcomes import Approval, EffectsSettled
from agentkit.stores.journal import Journal
from agentkit.tools import Toolset
from tests.turned_clock import HOUR, TurnedClock

FREE = Policy(send="run", delete="run", provenance=False)
LIMITS = Limits(seconds=HOUR)


class Hanging:
    """A backend that never answers."""

    name = "hanging"
    traits = Traits(on_device=True)

    def __init__(self, clock: TurnedClock) -> None:
        self.clock = clock
        self.let_go = 0

    async def reply(self, request: Request) -> Reply:
        """Wait for ever."""
        self.clock.turn()
        try:
            await asyncio.Event().wait()
        finally:
            self.let_go += 1
        raise AssertionError


def test_a_backend_that_hangs_is_cut() -> None:
    """Its reply is cancelled, and the run says why it ends."""
    clock = TurnedClock()
    backend = Hanging(clock)
    outcome = clock.run(Agent([], backend, limits=LIMITS).arun("go"))
    assert isinstance(outcome, Stopped)
    assert (outcome.reason, outcome.text) == ("time_limit", "Stopped after 3600 s.")
    assert backend.let_go == 1


def test_a_plan_is_cut_too() -> None:
    """It asks the same backends."""
    clock = TurnedClock()
    plan = clock.run(Agent([], Hanging(clock), limits=LIMITS).aplan("go"))
    assert plan.stopped == "time_limit"


def test_a_coroutine_that_hangs_is_cut_with_the_run() -> None:
    """However long the tool itself may take."""
    clock = TurnedClock()

    @tool(effect="read", timeout=9 * HOUR)
    async def hang() -> str:
        """Hang."""
        clock.turn()
        await asyncio.Event().wait()
        return ""

    agent = Agent([hang], ScriptedBackend(["[hang()]"]), limits=LIMITS)
    outcome = clock.run(agent.arun("go"))
    assert isinstance(outcome, Stopped)
    assert outcome.reason == "time_limit"
    assert "was cancelled" in outcome.calls[0].value


def test_a_call_is_not_begun_when_the_time_is_used_up() -> None:
    """One that waits for another's result comes too late."""
    begun: list[str] = []
    clock = TurnedClock()

    @tool(effect="write", timeout=9 * HOUR)
    async def hang() -> str:
        """Hang."""
        clock.turn()
        await asyncio.Event().wait()
        return ""

    @tool(effect="write")
    def late(text: str) -> str:
        """Do it.

        Args:
            text: what.
        """
        begun.append(text)
        return text

    async def both() -> list[str]:
        executor = Executor(
            Toolset([hang, late]),
            Context(),
            None,
            lambda _: None,
            limits=LIMITS,
            policy=FREE,
        )
        await executor.carry_out((ToolCall("hang"),))
        batch = await executor.carry_out((ToolCall("late", {"text": "a"}),))
        return [f"{one.status}: {one.value}" for one in batch.results]

    assert clock.run(both()) == [
        "skipped: late was not run: the run's time is used up."
    ]
    assert begun == []


def test_a_late_effect_is_settled_when_its_thread_has_ended(tmp_path: Path) -> None:
    """Before that nobody takes it for not done; then the store says that it was."""
    go_on, clock = threading.Event(), TurnedClock()
    store: list[str] = []

    def settled(text: str) -> str | None:
        return text if text in store else None

    @tool(effect="write", settle=settled)
    def put(text: str) -> str:
        """Put a line.

        Args:
            text: the line.
        """
        clock.turn()
        go_on.wait(600)
        store.append(text)
        return text

    context = Context(home=tmp_path)

    def agent(*script: str) -> Agent:
        backend = ScriptedBackend([*script])
        return Agent([put], backend, limits=LIMITS, policy=FREE, context=context)

    first = clock.run(agent("[put(text='a')]").arun("go"))
    assert "it may still finish" in first.calls[0].value
    told = list(agent("Hello.").stream("hi"))
    assert not [one for one in told if isinstance(one, EffectsSettled)]
    assert Journal(tmp_path).entries()[0].state == "begun"

    go_on.set()
    found: list[EffectsSettled] = []
    while not found:  # the run is let go a moment after the tool returns
        told = list(agent("Hello.").stream("hi"))
        found = [one for one in told if isinstance(one, EffectsSettled)]
    assert [entry.intent.tool for entry in found[0].done] == ["put"]
    assert store == ["a"]


def test_the_time_that_the_user_thinks_does_not_count() -> None:
    """Somebody who reads before they say yes does not stop their own run."""
    seconds = iter([0.0, 1.0, 61.0, 62.0, 62.0])
    clock = RunClock(5, lambda: next(seconds))
    with clock.stopped():  # from 1 to 61
        assert clock.used == 1.0
    assert (clock.passed, clock.used) == (62.0, 2.0)


def test_two_questions_at_once_stop_the_clock_once() -> None:
    """The user's time counts once, however many agents ask them meanwhile."""
    seconds = iter([0.0, 1.0, 61.0, 62.0])
    clock = RunClock(5, lambda: next(seconds))
    first, second = ExitStack(), ExitStack()
    first.enter_context(clock.stopped())  # at 1
    second.enter_context(clock.stopped())
    first.close()
    assert clock.used == 1.0
    second.close()  # at 61
    assert clock.used == 2.0


def test_the_clock_of_a_run_stands_still_while_the_user_is_asked() -> None:
    """What goes by meanwhile counts for no limit of the run."""

    @tool(effect="send")
    def post(text: str) -> str:
        """Post it.

        Args:
            text: what.
        """
        return text

    stood: list[bool] = []

    def answer(_: Approval) -> bool:
        stood.append(executor.clock.used == executor.clock.used)
        return True

    executor = Executor(
        Toolset([post]),
        Context(),
        answer,
        lambda _: None,
        policy=Policy(provenance=False),
    )
    batch = asyncio.run(executor.carry_out((ToolCall("post", {"text": "a"}),)))
    assert (stood, batch.results[0].status) == ([True], "done")
