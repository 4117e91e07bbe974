"""From signals to a probability and reasons."""

import pytest

from agentkit.backends.base import Reply
from agentkit.errors import ConfigError
from agentkit.messages import ToolCall, user
from agentkit.routing.confidence import (
    Confidence,
    gather,
    packaged_model,
    predict_wrong,
    read_model,
    threshold,
)
from agentkit.routing.confidence.signals import Signals
from agentkit.tools import Toolset

TOOLS = Toolset.from_schemas(
    [
        {
            "name": "set_timer",
            "description": "Set a timer.",
            "parameters": {
                "type": "object",
                "properties": {"minutes": {"type": "integer"}},
                "required": ["minutes"],
            },
        }
    ]
)
SMALL = {
    "names": ["a", "b"],
    "means": [0.0, 1.0],
    "scales": [1.0, 2.0],
    "weights": [0.0, 0.0],
    "bias": 0.0,
    "trees": [[0, 0.5, 0.0, [1, 3.0, 0.5, 1.0]]],
    "voice": 0.5,
    "slope": 1.0,
    "shift": 0.0,
    "thresholds": {"0.05": 0.2},
}


def judged(text: str, *calls: ToolCall) -> Confidence:
    """Predict for a reply that makes these calls."""
    return predict_wrong(gather((user(text),), TOOLS, Reply(calls=calls)))


def test_a_value_that_nobody_said_is_less_sure() -> None:
    """The packaged model doubts an invented number, and says so."""
    right = judged("Set a timer for 10 minutes", ToolCall("set_timer", {"minutes": 10}))
    wrong = judged("Set a timer for 10 minutes", ToolCall("set_timer", {"minutes": 25}))
    assert wrong.p_wrong > right.p_wrong
    assert any("minutes" in reason for reason in wrong.reasons)


def test_a_missing_call_is_less_sure() -> None:
    """The packaged model doubts an answer without a call."""
    right = judged("Set a timer for 10 minutes", ToolCall("set_timer", {"minutes": 10}))
    none = judged("Set a timer for 10 minutes")
    assert none.p_wrong > right.p_wrong
    assert "it calls no tool" in none.reasons


@pytest.mark.parametrize(
    ("a", "b", "voted"), [(0.0, 9.0, 0.0), (1.0, 3.0, 0.5), (1.0, 4.0, 1.0)]
)
def test_a_tree_is_walked(a: float, b: float, voted: float) -> None:
    """At a fork the lower branch is taken up to the border, the upper one above it."""
    p = read_model(SMALL).predict({"a": a, "b": b})
    assert p == pytest.approx((0.5 + voted) / 2)


def test_the_packaged_model_knows_every_signal() -> None:
    """The names that it was trained on are those that are gathered."""
    signals = gather((user("hi"),), TOOLS, Reply(text="hi"))
    assert set(packaged_model().names) == set(signals.values)


def test_a_refusal_of_what_no_tool_does_is_surer() -> None:
    """Without a call, it counts whether the tools speak of what was asked."""
    asked, other = judged("Set a timer"), judged("Who was the king of France?")
    assert other.p_wrong < asked.p_wrong


def test_a_threshold_is_looked_up() -> None:
    """A bound on wrong actions has its threshold."""
    assert threshold(0.05, read_model(SMALL)) == 0.2


def test_a_stricter_bound_has_a_lower_threshold() -> None:
    """Fewer wrong actions mean that less is acted on."""
    assert threshold(0.05) < threshold(0.1)


def test_an_unknown_bound_is_refused() -> None:
    """A bound that was not measured is no guess."""
    with pytest.raises(ConfigError, match=r"0\.05"):
        threshold(0.3, read_model(SMALL))


def test_reasons_need_a_signal() -> None:
    """A signal that is zero is no reason, however it counts."""
    values = dict.fromkeys(packaged_model().names, 0.0)
    assert predict_wrong(Signals(values, {})).reasons == ()
