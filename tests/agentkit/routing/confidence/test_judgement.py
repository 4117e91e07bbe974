"""The one call that judges a raw answer."""

import math
from typing import Any

import pytest

from agentkit import Toolset
from agentkit.backends.base import Reply
from agentkit.errors import ConfigError
from agentkit.messages import ToolCall, system, user
from agentkit.routing.confidence import judge_answer

TIMER = {
    "name": "set_timer",
    "description": "Set a timer.",
    "parameters": {
        "type": "dict",
        "properties": {"minutes": {"type": "integer", "description": "How long."}},
        "required": ["minutes"],
    },
}
ASKED = "Set a timer for ten minutes"
RIGHT, WRONG = "[set_timer(minutes=10)]", "[set_timer(minutes=25)]"


def test_from_plain_text_and_documents() -> None:
    """Three plain values are enough, and the worse answer scores higher."""
    right, wrong = (judge_answer(ASKED, [TIMER], raw) for raw in (RIGHT, WRONG))
    assert 0 < right.p_wrong < wrong.p_wrong < 1
    assert "nobody said the number in 'minutes'" in wrong.reasons


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param(ASKED, id="a text"),
        pytest.param((user(ASKED),), id="messages"),
        pytest.param([{"role": "user", "content": ASKED}], id="chat documents"),
        pytest.param(
            [{"role": "user", "content": [{"type": "text", "text": ASKED}]}],
            id="content in parts",
        ),
        pytest.param(
            [{"role": "system", "content": "Be brief."}, user(ASKED)], id="mixed"
        ),
        pytest.param((system("Be brief."), user(ASKED)), id="with instructions"),
    ],
)
def test_every_form_of_a_request(request_: Any) -> None:
    """The same request is judged alike, however it is given."""
    assert judge_answer(request_, [TIMER], RIGHT) == judge_answer(ASKED, [TIMER], RIGHT)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(
            Reply(calls=(ToolCall("set_timer", {"minutes": 10}),)), id="a reply"
        ),
        pytest.param(RIGHT, id="raw text"),
    ],
)
def test_every_form_of_an_answer(answer: Any) -> None:
    """A toolset and documents, a reply and its text, come to the same."""
    tools = Toolset.from_schemas([TIMER])
    assert judge_answer(ASKED, tools, answer) == judge_answer(ASKED, [TIMER], RIGHT)


@pytest.mark.parametrize("raw", ["", "[", "\x00", "[f(" * 200, "no tool " * 5000])
def test_any_output_is_judged(raw: str) -> None:
    """Garbage has a probability, too."""
    assert 0 <= judge_answer(ASKED, [TIMER], raw).p_wrong <= 1


def test_a_role_that_there_is_not() -> None:
    """A document with another role is refused by name."""
    with pytest.raises(ConfigError, match="'robot'"):
        judge_answer([{"role": "robot", "content": "hi"}], [TIMER], RIGHT)


def test_a_model_that_was_not_sure_of_the_tool() -> None:
    """The answer is no surer than the tool's name was, and the reason says so."""
    found = judge_answer(ASKED, [TIMER], RIGHT, logprobs=[math.log(0.4)])
    assert found.p_wrong == pytest.approx(0.6)
    assert found.reasons[0] == "the model was sure of the tool by 40% only"


@pytest.mark.parametrize("sure", [1.0, 0.999])
def test_a_model_that_was_sure_changes_nothing(sure: float) -> None:
    """Being sure of the name is no proof of the arguments: it lowers nothing."""
    found = judge_answer(ASKED, [TIMER], WRONG, logprobs=[math.log(sure)])
    assert found == judge_answer(ASKED, [TIMER], WRONG)


def test_the_least_sure_call_counts() -> None:
    """Of several calls the one whose tool was least sure decides."""
    both = f"{RIGHT[:-1]}, {RIGHT[1:]}"
    one = judge_answer(ASKED, [TIMER], both, logprobs=[0.0, math.log(0.1)])
    assert one.p_wrong == pytest.approx(0.9)
