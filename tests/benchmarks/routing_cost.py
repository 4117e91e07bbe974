"""What a routing decision costs: `python -m tests.benchmarks.routing_cost [--rounds N]`.

Printed are the shortest and the median time of `choose` in milliseconds, for ladders of
four and of sixteen rungs, with every fact set; then what gathering the facts of a
conversation of 40 turns costs, which happens once a step beside it. Nothing is sent and
no model is loaded: the process may open no socket meanwhile.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

from agentkit.messages import assistant, user
from agentkit.privacy import assert_no_egress
from agentkit.routing import Doubt, Facts, RoutePolicy, Rung, Spent, choose
from agentkit.routing.rungs import count_tokens
from agentkit.routing.wishes import wish_of
from agentkit.testing.samples import SAMPLE_TOOLS
from tests.benchmarks.timing import timed

TARGET_MS = 0.2
POLICY = RoutePolicy(
    act_below=0.2, patience=5.0, per_run=0.5, per_day=2.0, at_least={"send": "rung 2"}
)


def facts(rungs: int) -> Facts:
    """Make facts that every rung but the last fails late, so that all is looked at."""
    ladder = [
        Rung(
            f"rung {number}",
            number < rungs // 2,
            leave="allow",
            window=8192,
            tokens=4000,
            seconds=40.0,
            cost=0.01,
        )
        for number in range(rungs - 1)
    ]
    return Facts(
        (*ladder, Rung("last", on_device=False, leave="allow", window=131_072)),
        personal=True,
        tools=("look",),
        doubts={"rung 0": Doubt(0.4, ("nobody said it",))},
        spent=Spent(0.1, 0.4),
        policy=POLICY,
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5000)
    rounds = parser.parse_args().rounds
    turns = [
        (user(f"Move meeting {n} to noon."), assistant("Done.")) for n in range(20)
    ]
    said = tuple(message for turn in turns for message in turn)
    four, sixteen = facts(4), facts(16)
    stages: dict[str, Callable[[], object]] = {
        "decision, 4 rungs": lambda: choose(four),
        "decision, 16 rungs": lambda: choose(sixteen),
        "what the user wishes, 40 turns": lambda: wish_of(said),
        "tokens of 40 turns and the tools": lambda: count_tokens(said, SAMPLE_TOOLS),
    }
    print(f"target: a decision in {TARGET_MS:g} ms, no network, no model")
    print(f"{'stage':<36}{'shortest':>10}{'median':>10}  ms")
    with assert_no_egress():
        for name, work in stages.items():
            shortest, median = timed(work, rounds)
            missed = name.startswith("decision") and median > TARGET_MS
            print(f"{name:<36}{shortest:>10.4f}{median:>10.4f}{'  MISSED' * missed}")


if __name__ == "__main__":
    main()
