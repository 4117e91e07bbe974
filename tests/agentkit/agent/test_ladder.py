from pathlib import Path
from typing import Any

import pytest

from agentkit import (
    Agent,
    Context,
    Done,
    NeedsApproval,
    Policy,
    Stopped,
    ToolCall,
    tool,
)
from agentkit.backends import Price, Reply, Request, ScriptedBackend, Traits
from agentkit.errors import BackendTimeout, BackendUnavailable
from agentkit.outcomes import CallStarted, RunFinished, StepStarted
from agentkit.routing import RoutePolicy


class World:
    """What the tools of a test did."""

    def __init__(self) -> None:
        self.kept: list[str] = []
        self.read = 0

    def tools(self) -> list[Any]:
        @tool(effect="write")
        def keep(text: str) -> str:
            """Keep a text.

            Args:
                text: what to keep.
            """
            self.kept.append(text)
            return f"kept {len(self.kept)}"

        @tool(effect="read")
        def look(place: str) -> str:
            """Look somewhere.

            Args:
                place: where.
            """
            self.read += 1
            return f"nothing in {place}"

        @tool(effect="write")
        def set_timer(minutes: int) -> str:
            """Set a timer.

            Args:
                minutes: how long.
            """
            self.kept.append(f"timer {minutes}")
            return "set"

        return [keep, look, set_timer]


@pytest.fixture
def world() -> World:
    return World()


def fails(error: Exception) -> Any:
    def step(request: Request) -> str:
        raise error

    return step


def ladder(local: list[Any], cloud: list[Any]) -> list[ScriptedBackend]:
    return [
        ScriptedBackend(local, name="local"),
        ScriptedBackend(cloud, name="cloud", on_device=False),
    ]


def agent(world: World, backends: Any, **options: Any) -> Agent:
    wanted: dict[str, Any] = {"egress": "allow", "journal": False, **options}
    return Agent(world.tools(), backends, **wanted)


KEEP = "[keep(text='milk')]"


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(fails(BackendUnavailable("out of memory")), id="fails"),
        pytest.param(fails(BackendTimeout("silent")), id="silent"),
        pytest.param(Reply(abstained=True, reason="unsure"), id="abstains"),
    ],
)
def test_a_write_before_the_step_up_is_handed_over(world: World, end: Any) -> None:
    """What a local model did is told to the next one, which does it no second time."""
    backends = ladder([KEEP, end], [KEEP, "I kept the milk."])
    outcome = agent(world, backends).run("Keep 'milk'")
    assert isinstance(outcome, Done)
    assert (world.kept, outcome.route.backend) == (["milk"], "cloud")
    (first, *_) = backends[1].requests
    handed = [m.result.value for m in first.conversation if m.result]
    assert handed == ["kept 1"]
    assert [r.value for r in outcome.calls] == ["kept 1", "kept 1"]


def test_an_answer_that_broke_off_leaves_nothing(world: World) -> None:
    """A step that failed half-way adds no turn to what the next backend sees."""
    backends = ladder([fails(BackendTimeout("silent"))], ["Hello."])
    agent(world, backends).run("Hi")
    assert [m.role for m in backends[1].requests[0].conversation] == ["user"]


def test_an_unsure_call_does_not_run(world: World) -> None:
    """A local call that is likely wrong is checked before it runs, not after."""
    backends = ladder(
        ["[set_timer(minutes=25)]"], ["[set_timer(minutes=10)]", "Ten minutes."]
    )
    policy = RoutePolicy(act_below=0.0)
    events = list(
        agent(world, backends, router=policy).stream("Set a timer for ten minutes")
    )
    started = [e.call for e in events if isinstance(e, CallStarted)]
    assert started == [ToolCall("set_timer", {"minutes": 10})]
    assert world.kept == ["timer 10"]
    routes = [e.route for e in events if isinstance(e, StepStarted)]
    assert [route.backend for route in routes] == ["local", "cloud", "cloud"]
    assert "its answer is wrong with probability" in routes[1].reason


def test_without_a_bound_local_calls_run(world: World) -> None:
    """Confidence is looked at where the policy names a bound, and not otherwise."""
    backends = ladder(["[set_timer(minutes=25)]", "Done."], [])
    outcome = agent(world, backends).run("Set a timer for ten minutes")
    assert (outcome.route.backend, world.kept) == ("local", ["timer 25"])


def test_an_unsure_answer_stays_where_nothing_may_leave(world: World) -> None:
    """When the cloud may not see it, the local answer is used, and that is said."""
    backends = ladder(["[set_timer(minutes=25)]", "Done."], ["never asked"])
    policy = RoutePolicy(act_below=0.0)
    text = "Keep this private: set a timer for ten minutes"
    outcome = agent(world, backends, router=policy).run(text)
    assert isinstance(outcome, Done)
    assert (world.kept, backends[1].requests) == (["timer 25"], [])


def test_a_cloud_that_fails_gives_the_local_answer_back(world: World) -> None:
    """An unsure local answer serves when the one that was asked instead fails."""
    backends = ladder(
        ["[set_timer(minutes=25)]", "[set_timer(minutes=25)]", "Done."],
        [fails(BackendUnavailable("offline"))],
    )
    policy = RoutePolicy(act_below=0.0)
    outcome = agent(world, backends, router=policy).run("Set a timer for 10 minutes")
    assert isinstance(outcome, Done)
    assert world.kept == ["timer 25"]
    assert outcome.route.reason.startswith("nobody else can serve, though")


def test_a_tool_that_is_left_to_a_higher_rung(world: World) -> None:
    """Calls of a named tool come from the rung that the policy names for it."""
    backends = ladder([KEEP], [KEEP, "Kept."])
    policy = RoutePolicy(at_least={"keep": "cloud"})
    outcome = agent(world, backends, router=policy).run("Keep 'milk'")
    assert (outcome.route.backend, world.kept) == ("cloud", ["milk"])


def test_a_tool_for_a_rung_that_may_not_see_it(world: World) -> None:
    """Where that rung may not be asked, the call does not run at all."""
    backends = ladder([KEEP], [])
    policy = RoutePolicy(at_least={"keep": "cloud"})
    outcome = agent(world, backends, router=policy).run(
        "Keep this private: keep 'milk'"
    )
    assert isinstance(outcome, Stopped)
    assert (outcome.reason, world.kept) == ("privacy", [])


def test_the_same_call_again_steps_up(world: World) -> None:
    """A local model that goes in circles is relieved, and nothing is lost."""
    again = ["[look(place='here')]"] * 3
    backends = ladder(again, ["There is nothing here."])
    outcome = agent(world, backends).run("What is here?")
    assert isinstance(outcome, Done)
    assert "no progress (repeated call)" in outcome.route.reason
    handed = backends[1].requests[0].conversation
    results = [m.result.status for m in handed if m.result]
    assert results == ["done", "done", "skipped"]


def test_steps_that_come_to_nothing_step_up(world: World) -> None:
    """Three steps in a row that all fail are no progress, even if they differ."""
    wrong = [f"[look(spot='{n}')]" for n in range(3)]
    backends = ladder(wrong, ["I do not know."])
    outcome = agent(world, backends).run("Where is it?")
    assert (outcome.route.backend, outcome.steps) == ("cloud", 4)


def test_no_progress_with_one_backend_stops(world: World) -> None:
    """With nobody to step up to, the run ends by name as before."""
    one = ScriptedBackend(["[look(place='here')]"], repeat=True, name="local")
    outcome = agent(world, one).run("What is here?")
    assert isinstance(outcome, Stopped)
    assert outcome.reason == "repeated_call"


def test_asking_for_the_big_model(world: World) -> None:
    """The user's words take the most able backend at once, and the reason says so."""
    backends = ladder([], ["Planned."])
    outcome = agent(world, backends).run("Ask the big model to plan my week")
    assert (outcome.route.backend, outcome.route.reason) == (
        "cloud",
        "you asked for the big model",
    )


def test_keeping_it_private(world: World) -> None:
    """Where only a cloud could answer, a private request ends without a byte sent."""
    cloud = ScriptedBackend(["never"], name="cloud", on_device=False)
    one = agent(world, cloud)
    outcome = one.run("Keep this private: what is 1 + 2?")
    assert isinstance(outcome, Stopped)
    assert (outcome.reason, outcome.bytes_out, cloud.requests) == ("privacy", 0, [])


# One unit a token.
PAID = Traits(price=Price(read=1_000_000, written=1_000_000))


def test_a_limit_on_cost_ends_the_run(world: World, tmp_path: Path) -> None:
    """What a run may cost is looked at before each step, not after the bill."""
    answers = [
        Reply(
            calls=(ToolCall("look", {"place": place}),), tokens_in=900, tokens_out=100
        )
        for place in ("a", "b", "c")
    ]
    cloud = ScriptedBackend(answers, name="cloud", traits=PAID)
    home = Context(home=tmp_path)
    one = agent(world, cloud, router=RoutePolicy(per_run=1100), context=home)
    outcome = one.run("Look around")
    assert isinstance(outcome, Stopped)
    assert (outcome.reason, outcome.cost, len(cloud.requests)) == ("budget", 1000.0, 1)


def test_a_day_has_a_limit_over_runs(world: World, tmp_path: Path) -> None:
    """What earlier runs of the day cost counts towards the limit of the day."""
    policy = RoutePolicy(per_day=1100)
    outcomes: list[Any] = []
    for _ in range(2):
        cloud = ScriptedBackend(
            [Reply(text="Hi.", tokens_in=900, tokens_out=100)], traits=PAID
        )
        one = agent(world, cloud, router=policy, context=Context(home=tmp_path))
        outcomes.append(one.run("Hi"))
    assert [type(outcome) for outcome in outcomes] == [Done, Stopped]
    assert "for a day" in outcomes[1].text


def test_what_a_paused_run_cost_counts_once_for_the_day(
    world: World, tmp_path: Path
) -> None:
    """A run that goes on brings its cost along, and the list of the day has it too."""
    cloud = ScriptedBackend(
        [
            Reply(
                calls=(ToolCall("keep", {"text": "x"}),), tokens_in=900, tokens_out=100
            ),
            Reply(text="Kept.", tokens_in=900, tokens_out=100),
        ],
        traits=PAID,
    )
    home = Context(home=tmp_path)
    policy = RoutePolicy(per_day=2000)
    asks = Policy(write="ask")
    one = agent(world, cloud, router=policy, context=home, policy=asks)
    paused = one.run("Keep x")
    assert isinstance(paused, NeedsApproval)
    assert isinstance(one.resume(paused, approve=True), Done)


def test_the_last_event_is_the_outcome(world: World) -> None:
    """A step-up changes nothing in how events end."""
    backends = ladder([KEEP, fails(BackendTimeout("silent"))], ["Kept."])
    *_, last = agent(world, backends).stream("Keep 'milk'")
    assert isinstance(last, RunFinished)
