import errno
from typing import Any

import pytest

from agentkit import Agent
from agentkit.agent.setup import Reach
from agentkit.backends import ScriptedBackend
from agentkit.errors import BackendUnavailable


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def no_network() -> BackendUnavailable:
    exc = BackendUnavailable("cannot be reached")
    exc.__cause__ = OSError(errno.ENETUNREACH, "network is unreachable")
    return exc


CLOUD = ScriptedBackend([], on_device=False)
LOCAL = ScriptedBackend([])


def test_nothing_is_known_at_first() -> None:
    """A device counts as online until something says otherwise."""
    assert Reach().online


@pytest.mark.parametrize(
    ("seconds", "online"), [(0, False), (29, False), (30, True), (3600, True)]
)
def test_no_network_holds_for_a_while(seconds: float, online: bool) -> None:
    """What one connection met speaks for thirty seconds."""
    clock = Clock()
    reach = Reach(clock=clock)
    reach.failed(no_network())
    clock.now += seconds
    assert reach.online is online


def test_a_refusal_says_nothing_of_the_network() -> None:
    """A server that is down is not a device that is offline."""
    reach = Reach()
    reach.failed(BackendUnavailable("connection refused"))
    assert reach.online


@pytest.mark.parametrize(
    ("backend", "online"), [(CLOUD, True), (LOCAL, False)], ids=["cloud", "local"]
)
def test_an_answer_from_elsewhere_proves_it(
    backend: ScriptedBackend, online: bool
) -> None:
    """Whoever answers from another machine ends the doubt; a local model does not."""
    reach = Reach(clock=Clock())
    reach.failed(no_network())
    reach.answered(backend)
    assert reach.online is online


def test_the_application_knows_better() -> None:
    """What the application says holds, whatever a backend met."""
    reach = Reach(lambda: True)
    reach.failed(no_network())
    assert reach.online
    assert not Reach(lambda: False).online


def ladder(cloud: list[Any]) -> list[ScriptedBackend]:
    away = ScriptedBackend(cloud, name="cloud", on_device=False)
    return [away, ScriptedBackend(["Local."] * 2, name="local")]


def test_offline_the_local_rung_serves() -> None:
    """An application that is offline asks no cloud, and the reason says so."""
    backends = ladder(["Cloud."])
    outcome = Agent(backend=backends, egress="allow", online=lambda: False).run("Hi")
    assert (outcome.route.backend, backends[0].requests) == ("local", [])
    assert "this device seems to be offline" in outcome.route.reason


def test_the_next_run_knows_that_there_is_no_network() -> None:
    """After a connection without a network the next run asks the local rung at once."""

    def fails(_: object) -> str:
        raise no_network()

    backends = ladder([fails, "Cloud."])
    agent = Agent(backend=backends, egress="allow")
    agent.run("Hi")
    outcome = agent.run("Hi again")
    assert len(backends[0].requests) == 1
    assert "this device seems to be offline" in outcome.route.reason
