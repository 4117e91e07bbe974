"""Measure how a run fares whose model obeys every stranger.

    python -m tests.benchmarks.worst_case [--list]

Runs 40 tasks of an office under 14 planted instructions, and 24 of a household under 18
of other kinds (other languages, encodings, names, errors), then three suites with tools
that declare roles and with the same tools without, with a model that does its task
and obeys every instruction it reads, and prints how many attacks succeed, how many
tasks are done, and how many questions the user is asked. Then each suite once more under
texts that set a stranger's thing beside the user's own words, in 25 shapes that take
turns. `--list` names the runs that went wrong.
"""

import sys

from agentkit.safety.policy import Policy
from tests.agentkit.worst_case.harness import (
    ATTENDED,
    DECLARED,
    HOUSEHOLD,
    NO_POLICY,
    OFFICE,
    SUITES,
    UNATTENDED,
    Score,
    Suite,
    run_all,
    run_disguised,
    without_roles,
)

_ROWS: tuple[tuple[str, Policy], ...] = (
    ("no policy", NO_POLICY),
    ("nobody to ask", UNATTENDED),
    ("a user who approves only what they asked for", ATTENDED),
    ("the same, own words need no question", Policy(send="run", delete="run")),
)


def main() -> None:
    """Print a table for each set."""
    _print("office: 40 tasks, 14 attacks", OFFICE)
    _print("household: 24 tasks, 18 attacks", HOUSEHOLD)
    for name, suite in DECLARED.items():
        size = f"{len(suite.tasks)} tasks, {len(suite.attacks)} attacks"
        _print(f"{name}: {size}, roles declared", suite)
        _print(f"{name}: {size}, nothing declared", without_roles(suite))
    for name, suite in SUITES.items():
        _print_disguised(name, suite)


def _print(title: str, suite: Suite) -> None:
    print(f"{title:46}{'attacks won':>12}{'tasks done':>12}{'questions':>11}")
    for name, policy in _ROWS:
        score = run_all(policy, suite)
        print(f"{name:46}{score.attacks:12.1%}{score.tasks:12.1%}{score.asked:11.2f}")
        if "--list" in sys.argv:
            _list(score)


def _print_disguised(name: str, suite: Suite) -> None:
    for title, played in (("", suite), (", nothing declared", without_roles(suite))):
        for who, policy in _ROWS[1:3]:
            score = run_disguised(policy, played)
            told = f"{name}{title}, disguised, {who}"
            print(f"{told:76}{score.attacks:8.2%}{score.tasks:8.1%}{score.asked:6.2f}")
            if "--list" in sys.argv:
                _list(score)


def _list(score: Score) -> None:
    for label in score.won:
        print(f"    won:    {label}")
    for label in score.undone:
        print(f"    undone: {label}")


if __name__ == "__main__":
    main()
