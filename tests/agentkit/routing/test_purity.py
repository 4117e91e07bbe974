"""The decision is a pure function of its facts: no clock, no file, no socket, no model."""

from __future__ import annotations

import ast
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import agentkit.routing
from agentkit.privacy import assert_no_egress
from agentkit.routing import Doubt, Facts, RoutePolicy, Rung, Spent, choose

_FOLDER = Path(agentkit.routing.__file__).parent
_PURE = ("choice", "facts")
_ALLOWED = {
    "__future__", "collections.abc", "dataclasses", "typing", "agentkit.errors"
}  # fmt: skip


def long_ladder() -> Facts:
    """Make facts that every rung but the last fails as late as it can."""
    rungs = [
        Rung(
            f"rung {number}",
            number < 8,
            leave="allow",
            window=8192,
            tokens=4000,
            seconds=40.0,
            cost=0.01,
        )
        for number in range(15)
    ]
    return Facts(
        (*rungs, Rung("last", on_device=False, leave="allow")),
        personal=True,
        tools=("look",),
        doubts={"rung 0": Doubt(0.4)},
        spent=Spent(0.1, 0.4),
        policy=RoutePolicy(act_below=0.2, patience=5.0, per_run=0.5, per_day=2.0),
    )


@pytest.mark.parametrize("name", _PURE)
def test_the_decision_imports_nothing_that_acts(name: str) -> None:
    """No part of it can reach a file, a network, a clock or a model."""
    tree = ast.parse((_FOLDER / f"{name}.py").read_text("utf-8"))
    imported = {
        node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
    } | {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    own = {f"agentkit.routing.{one}" for one in _PURE}
    assert imported <= _ALLOWED | own


def test_equal_facts_lead_to_equal_routes() -> None:
    """Nothing but the facts has a part in it, and none of them is changed."""
    facts = long_ladder()
    with assert_no_egress():
        assert choose(facts) == choose(long_ladder())
    assert facts == long_ladder()


def test_the_work_grows_with_the_ladder_only() -> None:
    """A decision over sixteen rungs takes some hundred calls, whatever the machine."""
    facts, calls = long_ladder(), Counter[str]()

    def count(_: Any, event: str, __: Any) -> None:
        calls[event] += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        choose(facts)
    finally:
        sys.setprofile(before)
    assert 16 <= calls["call"] < 600
