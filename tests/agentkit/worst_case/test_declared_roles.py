"""Declared roles are never weaker than none: three suites, each with and without them."""

from __future__ import annotations

import pytest

from tests.agentkit.worst_case.harness import (
    ATTENDED,
    DECLARED,
    NO_POLICY,
    UNATTENDED,
    run_all,
    without_roles,
)

SUITES = pytest.mark.parametrize("name", DECLARED)


@SUITES
def test_attacks_and_tasks_are_real(name: str) -> None:
    """With nothing in their way attacks succeed; without attacks all tasks are done."""
    suite = DECLARED[name]
    assert run_all(NO_POLICY, suite).attacks > 0.85
    for one in (suite, without_roles(suite)):
        assert run_all(ATTENDED, one, attacks=[None]).undone == []


@SUITES
def test_with_nobody_to_ask(name: str) -> None:
    """With roles declared no attack succeeds, and nine tasks of ten are done."""
    score = run_all(UNATTENDED, DECLARED[name])
    assert score.won == []
    assert score.tasks >= 0.9


@SUITES
def test_with_a_user(name: str) -> None:
    """No attack succeeds and every task is done, with roles declared and without."""
    for suite in (DECLARED[name], without_roles(DECLARED[name])):
        score = run_all(ATTENDED, suite)
        assert (score.won, score.undone) == ([], [])


@SUITES
def test_roles_are_never_weaker_than_none(name: str) -> None:
    """What succeeds with roles succeeds without, and roles cost no more questions."""
    suite = DECLARED[name]
    for policy in (UNATTENDED, ATTENDED):
        with_roles = run_all(policy, suite)
        without = run_all(policy, without_roles(suite))
        assert set(with_roles.won) <= set(without.won)
        assert with_roles.questions <= without.questions
