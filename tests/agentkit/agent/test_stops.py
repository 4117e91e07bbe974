from typing import Any

import pytest

from agentkit.agent.stops import Repetition, call_key
from agentkit.backends import Fault
from agentkit.messages import ToolCall


def observed(steps: str, limit: int = 3) -> list[str | None]:
    """Observe steps, written as one letter for each call: `"a b ac"`."""
    watch = Repetition(limit)
    return [watch.observe([ToolCall(name) for name in step]) for step in steps.split()]


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        pytest.param("a a a", "repeated_call", id="same"),
        pytest.param("a ab a", "repeated_call", id="same-beside-another"),
        pytest.param("a b a b a", "oscillation", id="two-in-turns"),
        pytest.param("a b c a b c a", "oscillation", id="three-in-turns"),
        pytest.param("a a", None, id="twice"),
        pytest.param("aaa", None, id="thrice-in-one-step"),
        pytest.param("a b c d e f", None, id="all-new"),
        pytest.param("a b a c a d a", None, id="looking-again-after-each-change"),
    ],
)
def test_standstill_is_named_at_the_last_step(steps: str, found: str | None) -> None:
    """Only steps that bring nothing new are a standstill, at the third time."""
    *before, last = observed(steps)
    assert (before, last) == ([None] * len(before), found)


def test_limit() -> None:
    """The limit is how often the same thing may be asked for."""
    assert observed("a", limit=1) == ["repeated_call"]
    assert observed("a a a a a", limit=5)[-2:] == [None, "repeated_call"]


def test_the_same_fault_again() -> None:
    """Output that cannot be read in the same way, again and again, is stopped too."""
    watch = Repetition(3)
    fault = Fault("f", "no such argument")
    found = [watch.observe([], [fault]) for _ in range(3)]
    assert found == [None, None, "repeated_call"]


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        pytest.param({"a": 1, "b": 2}, {"b": 2, "a": 1}, True, id="order"),
        pytest.param({"a": 1}, {"a": "1"}, False, id="type"),
        pytest.param({"a": {"x": [1]}}, {"a": {"x": [1]}}, True, id="nested"),
        pytest.param({1: 1, "b": 2}, {1: 1, "b": 2}, True, id="mixed-keys"),
        pytest.param({"a": {1, 2}}, {"a": {1, 2}}, True, id="set"),
        pytest.param({"a": {1}, "b": 2}, {"b": 2, "a": {1}}, True, id="set-order"),
    ],
)
def test_what_is_the_same_call(one: Any, two: Any, same: bool) -> None:
    """Calls are the same by name and arguments, whatever these hold."""
    assert (call_key(ToolCall("f", one)) == call_key(ToolCall("f", two))) is same


def test_a_circle_has_a_key() -> None:
    """Arguments that hold themselves do not break the watch."""
    circle: dict[str, Any] = {}
    circle["a"] = circle
    assert call_key(ToolCall("f", circle)) == call_key(ToolCall("f", circle))
