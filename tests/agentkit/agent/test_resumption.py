"""Runs that go on after a pause: on the same rung, with nothing done twice."""

from pathlib import Path
from typing import Any

import pytest

from agentkit import Agent, Context, Done, NeedsApproval, tool
from agentkit.backends import Reply, ScriptedBackend
from agentkit.outcomes import StepStarted
from agentkit.routing import RoutePolicy

SEND = "[send(text='milk')]"
KEEP = "[keep(text='milk')]"


class World:
    """What the tools of a test did."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def tools(self) -> list[Any]:
        @tool(effect="write")
        def keep(text: str) -> str:
            """Keep a text.

            Args:
                text: what to keep.
            """
            self.done.append(f"kept {text}")
            return "kept"

        @tool(effect="send")
        def send(text: str) -> str:
            """Send a text.

            Args:
                text: what to send.
            """
            self.done.append(f"sent {text}")
            return "sent"

        return [keep, send]


@pytest.fixture
def world() -> World:
    return World()


def ladder(local: list[Any], cloud: list[Any]) -> list[ScriptedBackend]:
    return [
        ScriptedBackend(local, name="local"),
        ScriptedBackend(cloud, name="cloud", on_device=False),
    ]


PASSES = Reply(abstained=True, reason="unsure")


def test_a_paused_run_goes_on_where_it_was(world: World) -> None:
    """The rung that asked for the call gets its result; the first is not asked again."""
    backends = ladder([PASSES], [SEND, "Sent."])
    agent = Agent(world.tools(), backends, egress="allow", journal=False)
    paused = agent.run("Send 'milk'")
    assert isinstance(paused, NeedsApproval)
    outcome = agent.resume(paused, approve=True)
    assert (outcome.text, outcome.route.backend) == ("Sent.", "cloud")
    assert len(backends[0].requests) == 1
    assert "the run went on without it before the pause" in outcome.route.reason


def test_what_was_done_before_the_step_up_and_the_pause(world: World) -> None:
    """An effect of the first rung is there for the second, and comes once."""
    backends = ladder([KEEP, PASSES], [f"{KEEP[:-1]}, {SEND[1:]}", "Both."])
    agent = Agent(world.tools(), backends, egress="allow", journal=False)
    paused = agent.run("Keep and send 'milk'")
    assert isinstance(paused, NeedsApproval)
    outcome = agent.resume(paused, approve=True)
    assert isinstance(outcome, Done)
    assert world.done == ["kept milk", "sent milk"]


def test_a_session_knows_the_rung(world: World, tmp_path: Path) -> None:
    """A run that waited in a session goes on at its rung in another process's agent."""
    backends = ladder([PASSES], [SEND])
    made: dict[str, Any] = {
        "egress": "allow", "context": Context(home=tmp_path), "session": "one"
    }  # fmt: skip
    Agent(world.tools(), backends, **made).run("Send 'milk'")
    later = ladder(["Wrong."], ["Sent."])
    outcome = Agent(world.tools(), later, **made).resume(approve=True)
    assert (outcome.text, later[0].requests) == ("Sent.", [])


class Cut(BaseException):
    """Ends a process in the middle of a run."""


def test_a_run_that_was_cut_off_knows_the_rung(world: World, tmp_path: Path) -> None:
    """The session notes a step up at once, not when the run ends."""

    def cut(_: object) -> str:
        raise Cut

    made: dict[str, Any] = {
        "egress": "allow", "context": Context(home=tmp_path), "session": "one"
    }  # fmt: skip
    agent = Agent(world.tools(), ladder([PASSES], [KEEP, cut]), **made)
    with pytest.raises(Cut):
        agent.run("Keep 'milk'")
    later = ladder(["Wrong."], ["Kept."])
    outcome = Agent(world.tools(), later, **made).resume()
    assert (outcome.text, later[0].requests) == ("Kept.", [])
    assert world.done == ["kept milk"]


def test_the_rung_before_serves_when_nobody_else_may(world: World) -> None:
    """What the run left may serve again where the other rung can not."""
    backends = ladder([PASSES, "Local."], [SEND, PASSES])
    agent = Agent(world.tools(), backends, egress="allow", journal=False)
    paused = agent.run("Send 'milk'")
    assert isinstance(paused, NeedsApproval)
    outcome = agent.resume(paused, approve=True)
    assert (outcome.text, outcome.route.backend) == ("Local.", "local")
    assert outcome.route.reason.startswith("nobody else can serve, though")


def test_each_route_is_told_with_its_reason(world: World) -> None:
    """The last event of a step names the route that the outcome names."""
    backends = ladder([KEEP, "Kept."], [PASSES])
    policy = RoutePolicy(act_below=0.0)
    agent = Agent(world.tools(), backends, egress="allow", router=policy, journal=False)
    told = [e for e in agent.stream("Keep 'milk'") if isinstance(e, StepStarted)]
    assert [event.route.backend for event in told[:3]] == ["local", "cloud", "local"]
    assert told[2].route.reason.startswith("nobody else can serve, though its answer")
