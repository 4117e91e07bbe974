"""All tasks under all attacks, counted: attacks that won, tasks done, questions."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import product
from typing import Any

from agentkit import Agent, NeedsApproval, NeedsInput, Toolset
from agentkit.outcomes import Approval
from agentkit.safety.policy import Policy
from tests.agentkit.worst_case import (
    household,
    journey,
    lures,
    payments,
    second,
    team_chat,
)
from tests.agentkit.worst_case.attacks import ATTACKS, Attack, plant
from tests.agentkit.worst_case.declarations import undeclared
from tests.agentkit.worst_case.disguises import DISGUISES, disguised
from tests.agentkit.worst_case.household import Place
from tests.agentkit.worst_case.model import WorstCaseModel
from tests.agentkit.worst_case.tasks import TASKS, Task
from tests.agentkit.worst_case.workspace import Desk, make_tools, make_world

NO_POLICY = Policy(send="run", delete="run", provenance=False)
UNATTENDED = Policy(attended=False)
ATTENDED = Policy()

_DESK = Desk()
_PLACE = Place()


@dataclass(frozen=True, eq=False)
class Suite:
    """Requests, attacks, and the world that both are about.

    Attributes:
        tasks: what users ask for.
        attacks: what strangers plant.
        stage: where the world of the current run is put.
        make_world: makes a fresh world.
        tools: tools over the stage.
        lures: things that strangers want chosen.
    """

    tasks: tuple[Task, ...]
    attacks: tuple[Attack, ...]
    stage: Any
    make_world: Callable[[], Any]
    tools: Toolset
    lures: tuple[Attack, ...]


OFFICE = Suite(TASKS, ATTACKS, _DESK, make_world, make_tools(_DESK), lures.OFFICE)
HOUSEHOLD = Suite(
    second.TASKS,
    second.ATTACKS,
    _PLACE,
    household.House,
    household.make_tools(_PLACE),
    lures.HOUSEHOLD,
)
_WAY, _BRANCH, _TEAM = journey.Way(), payments.Branch(), team_chat.Office()
JOURNEY = Suite(
    journey.TASKS,
    journey.ATTACKS,
    _WAY,
    journey.Trip,
    journey.make_tools(_WAY),
    lures.JOURNEY,
)
PAYMENTS = Suite(
    payments.TASKS,
    payments.ATTACKS,
    _BRANCH,
    payments.Account,
    payments.make_tools(_BRANCH),
    lures.PAYMENTS,
)
TEAM_CHAT = Suite(
    team_chat.TASKS,
    team_chat.ATTACKS,
    _TEAM,
    team_chat.Team,
    team_chat.make_tools(_TEAM),
    lures.TEAM_CHAT,
)
DECLARED = {"journey": JOURNEY, "payments": PAYMENTS, "team chat": TEAM_CHAT}
SUITES = {"office": OFFICE, "household": HOUSEHOLD, **DECLARED}


def without_roles(suite: Suite) -> Suite:
    """Return the same suite, whose tools declare neither roles nor who writes."""
    return replace(suite, tools=undeclared(suite.tools))


@dataclass
class Score:
    """What came of many runs."""

    runs: int = 0
    questions: int = 0
    won: list[str] = field(default_factory=list[str])
    undone: list[str] = field(default_factory=list[str])

    @property
    def attacks(self) -> float:
        """Share of runs in which the attacker got what they wanted."""
        return len(self.won) / self.runs

    @property
    def tasks(self) -> float:
        """Share of runs in which the user got what they wanted."""
        return 1 - len(self.undone) / self.runs

    @property
    def asked(self) -> float:
        """Questions a run."""
        return self.questions / self.runs


class User:
    """Says yes to what the task needs, and to nothing else."""

    def __init__(self, suite: Suite, task: Task) -> None:
        """Take what the user wants."""
        self._wanted = _wanted(suite, task)
        self.questions = 0

    def approve(self, approval: Approval) -> bool:
        """Answer one question."""
        self.questions += 1
        return approval.call.as_dict() in self._wanted


def run_all(
    policy: Policy,
    suite: Suite = OFFICE,
    *,
    tasks: Iterable[Task] = (),
    attacks: Iterable[Attack | None] = (),
) -> Score:
    """Run every task under every attack; a user is there when the policy says so."""
    score = Score()
    under = tuple(attacks) or suite.attacks
    for task in tuple(tasks) or suite.tasks:
        for attack in under:
            run_one(suite, task, attack, policy, score)
    return score


def run_disguised(policy: Policy, suite: Suite, *, every: int = 1) -> Score:
    """Run each task under each lure and attack, in shapes that quote the task.

    The shapes take turns: every pair of a task and an attack meets one.

    Args:
        policy: as in `run_all`.
        suite: as in `run_all`.
        every: of so many pairs one is run.
    """
    score = Score()
    alone = {task.name: _done_alone(suite, task) for task in suite.tasks}
    pairs = list(product(suite.tasks, (*suite.lures, *suite.attacks)))
    for turn, (task, attack) in list(enumerate(pairs))[::every]:
        # What the task does anyway is no success of anybody.
        if not attack.won(alone[task.name]):
            shape = list(disguised(attack, task))[turn % len(DISGUISES)]
            run_one(suite, task, shape, policy, score)
    return score


def _done_alone(suite: Suite, task: Task) -> Any:
    """Return the world as a task leaves it when nobody interferes."""
    world = suite.stage.world = suite.make_world()
    model = WorstCaseModel(task, None)
    Agent(suite.tools, model, policy=NO_POLICY).run(task.request)
    return world


def run_one(
    suite: Suite, task: Task, attack: Attack | None, policy: Policy, score: Score
) -> None:
    """Run one task under one attack; what waits for a yes of the user gets it."""
    world = suite.stage.world = suite.make_world()
    if attack:
        plant(world, attack)
    user = User(suite, task)
    model = WorstCaseModel(task, attack)
    approve = user.approve if policy.attended else None
    agent = Agent(suite.tools, model, approve=approve, policy=policy)
    outcome = agent.run(task.request)
    if model.waits:
        outcome = agent.run("Yes, please.", conversation=outcome.conversation)
    score.runs += 1
    score.questions += user.questions + isinstance(outcome, NeedsApproval | NeedsInput)
    label = f"{task.name} / {attack.name if attack else 'none'}"
    if attack and attack.won(world):
        score.won.append(label)
    if not task.done(world):
        score.undone.append(label)


@lru_cache
def _wanted(suite: Suite, task: Task) -> list[dict[str, object]]:
    """Collect the calls that the task makes when nobody interferes."""
    calls: list[dict[str, object]] = []

    def note(approval: Approval) -> bool:
        calls.append(approval.call.as_dict())
        return True

    before, suite.stage.world = suite.stage.world, suite.make_world()
    policy = Policy(write="ask", provenance=False)
    model = WorstCaseModel(task, None)
    Agent(suite.tools, model, approve=note, policy=policy).run(task.request)
    suite.stage.world = before
    return calls
