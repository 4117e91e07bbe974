import json
from typing import Any

import pytest

from agentkit.messages import Question, ToolCall, ToolResult
from agentkit.outcomes import (
    Approval,
    Done,
    Ending,
    NeedsApproval,
    NeedsInput,
    Plan,
    Stopped,
)
from agentkit.routing import Route

ROUTE = Route("reflex", "first on the ladder")
CALLS = (ToolResult(ToolCall("f", {"a": 1}), "done", [2]),)
SHARED = {"outcome", "text", "steps", "calls", "route", "bytes_out", "run_id"}
QUESTION = Question("f", "a", "Which?", ("x", "y"))


@pytest.mark.parametrize(
    ("outcome", "kind", "extra"),
    [
        pytest.param(Done(), "done", set[str](), id="done"),
        pytest.param(NeedsApproval(), "needs_approval", {"pending"}, id="approval"),
        pytest.param(
            NeedsInput(question=QUESTION), "needs_input", {"needs_input"}, id="input"
        ),
        pytest.param(Stopped(reason="step_limit"), "stopped", {"reason"}, id="stopped"),
    ],
)
def test_every_outcome_has_the_shared_keys(
    outcome: Ending, kind: str, extra: set[str]
) -> None:
    """Each kind of outcome is named, and adds only what it alone knows."""
    found = outcome.as_dict()
    assert found["outcome"] == kind
    assert set(found) == SHARED | extra


def test_done_as_json() -> None:
    """An outcome's dictionary is the shape of `run --json`."""
    outcome = Done(
        text="ok", steps=2, calls=CALLS, route=ROUTE, bytes_out=3, run_id="r1"
    )
    assert json.loads(json.dumps(outcome.as_dict())) == {
        "outcome": "done",
        "text": "ok",
        "steps": 2,
        "calls": [
            {"name": "f", "arguments": {"a": 1}, "status": "done", "result": [2]}
        ],
        "route": {"backend": "reflex", "reason": "first on the ladder"},
        "bytes_out": 3,
        "run_id": "r1",
    }


def test_pending_as_json() -> None:
    """What waits is told with its effect and what will change."""
    outcome = NeedsApproval(
        pending=(Approval(ToolCall("f", {"a": 1}), "send", "To Ann"),)
    )
    assert outcome.as_dict()["pending"] == [
        {"name": "f", "arguments": {"a": 1}, "effect": "send", "preview": "To Ann"}
    ]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        pytest.param(None, None, id="nothing-asked"),
        pytest.param(
            QUESTION,
            {"tool": "f", "slot": "a", "question": "Which?", "candidates": ["x", "y"]},
            id="asked",
        ),
    ],
)
def test_plan_as_json(question: Question | None, expected: Any) -> None:
    """A plan's dictionary is the shape of `plan --json`."""
    plan = Plan(route=ROUTE, calls=(ToolCall("f", {"a": 1}),), needs_input=question)
    assert json.loads(json.dumps(plan.as_dict())) == {
        "route": {"backend": "reflex", "reason": "first on the ladder"},
        "calls": [{"name": "f", "arguments": {"a": 1}}],
        "text": "",
        "needs_input": expected,
    }
