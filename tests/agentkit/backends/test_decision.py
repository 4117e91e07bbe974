"""Whether an answer is to call, before it is written."""

from __future__ import annotations

from typing import Any

import pytest

from agentkit import Toolset, tool
from agentkit.backends import Request
from agentkit.backends.decision import TRAINED, UNTRAINED, Fork, Heed, leaning
from agentkit.context import Context
from agentkit.grammar import compile_grammar, make_grammar
from agentkit.messages import (
    Message,
    ToolCall,
    ToolResult,
    assistant,
    tool_result,
    user,
)
from tests.agentkit.grammar.walks import small_tokenizer

numpy: Any = pytest.importorskip("numpy")
pytest.importorskip("llguidance")


@tool(effect="read")
def get_weather(city: str) -> str:
    """Tell the weather of a city.

    Args:
        city: where.
    """
    return city


TOOLS = Toolset(get_weather)


def request(*turns: Message) -> Request:
    return Request(conversation=turns, toolset=TOOLS, context=Context())


def made(city: str) -> tuple[Message, Message]:
    """Return a call and its result."""
    call = ToolCall("get_weather", {"city": city}, city)
    return Message("assistant", "", (call,)), tool_result(
        ToolResult(call, "done", "sun")
    )


def test_a_request_leans_to_its_tool() -> None:
    """What asks for the tool leans to a call, small talk to a text."""
    wanted = leaning(request(user("What is the weather in Paris?")))
    assert wanted is not None
    assert wanted.odds > 0
    assert wanted.tools == ("get_weather",)
    for said in ("Who wrote Hamlet?", "thanks a lot", "Write me a poem about love"):
        other = leaning(request(user(said)))
        assert other is not None
        assert other.odds < 0


@pytest.mark.parametrize(
    "said",
    [
        "hello",
        "hello there",
        "hey you",
        "good morning everyone",
        "guten Morgen zusammen",
        "salut tout le monde",
        "ciao a tutti",
        "oi gente",
        "buenas a todos",
        "नमस्ते दोस्तों",
        "สวัสดีทุกคน",
    ],
)
def test_a_greeting_leans_to_a_text(said: str) -> None:
    """However few words there are, a greeting asks for no tool, in eight languages."""
    lean = leaning(request(user(said)))
    assert lean is not None
    assert lean.odds < 0


def test_a_request_behind_a_greeting_leans_to_its_tool() -> None:
    """What is asked for counts, not how it begins."""
    lean = leaning(request(user("hello there, what is the weather in Paris?")))
    assert lean is not None
    assert lean.odds > 0


@tool(effect="write")
def create_reminder(text: str, when: str = "") -> str:
    """Remind the user of something at a time.

    Args:
        text: of what.
        when: at which time.
    """
    return f"{text} {when}"


@tool(effect="read")
def find_recipe(dish: str) -> str:
    """Find a recipe of a dish.

    Args:
        dish: what to cook.
    """
    return dish


def test_tools_that_are_not_meant_are_left_out() -> None:
    """Of several tools those stay that the request may mean, one for each of its parts."""
    tools = Toolset(get_weather, create_reminder, find_recipe)

    def meant(said: str) -> tuple[str, ...]:
        asked = Request(conversation=(user(said),), toolset=tools, context=Context())
        lean = leaning(asked)
        assert lean is not None
        assert lean.odds > 0
        return lean.tools

    assert meant("Remind me to water the plants on Friday") == ("create_reminder",)
    both = "Tell me the weather in Rome, then remind me to pack a coat"
    assert meant(both) == ("get_weather", "create_reminder")


def test_a_call_that_failed_is_still_to_be_made() -> None:
    """An error is no result: the model may mend its call."""
    call = ToolCall("get_weather", {}, "1")
    failed = tool_result(ToolResult(call, "error", "city is missing"))
    turns = (user("The weather in Rome?"), Message("assistant", "", (call,)), failed)
    lean = leaning(request(*turns))
    assert lean is not None
    assert lean.odds > 0
    assert not lean.answers


TWO = "Tell the weather in Rome, then tell the weather in Oslo"
BEHIND = {
    "one part, one call": ((user("The weather in Rome?"), *made("Rome")), False),
    "two parts, one call": ((user(TWO), *made("Rome")), True),
    "two parts, two calls": ((user(TWO), *made("Rome"), *made("Oslo")), False),
    "a new request": (
        (
            user("Weather in Rome?"),
            *made("Rome"),
            assistant("sun"),
            user("Weather in Oslo?"),
        ),
        True,
    ),
}


@pytest.mark.parametrize(("turns", "calls"), BEHIND.values(), ids=BEHIND.keys())
def test_behind_a_result_an_answer_is_due(
    turns: tuple[Message, ...], calls: bool
) -> None:
    """As many calls as the request has parts; the next request begins anew."""
    lean = leaning(request(*turns))
    assert lean is not None
    assert (lean.odds > 0) is calls
    assert lean.answers is not calls


def test_what_was_done_first_leaves_the_other_part() -> None:
    """Parts may be served in any order; what is done is not done again."""
    tools = Toolset(get_weather, create_reminder, find_recipe)
    said = user("Tell me the weather in Rome, then remind me to pack a coat")
    call = ToolCall("create_reminder", {"text": "pack a coat"}, "1")
    turns = (said, Message("assistant", "", (call,)))
    done = tool_result(ToolResult(call, "done", "set"))
    asked = Request(conversation=(*turns, done), toolset=tools, context=Context())
    lean = leaning(asked)
    assert lean is not None
    assert lean.tools == ("get_weather",)


def test_nothing_said_leans_nowhere() -> None:
    """Without a request nothing can be told."""
    assert leaning(request()) is None


WEIGHED = [
    # leaning, logit of a call's beginning, heed, whether it calls
    (0.5, -20.0, UNTRAINED, True),
    (-0.5, 6.0, UNTRAINED, False),
    (2.0, -6.0, TRAINED, False),
    (-2.0, 6.0, TRAINED, True),
]


@pytest.mark.parametrize(("lean", "logit", "heed", "calls"), WEIGHED)
def test_request_and_model_are_weighed(
    lean: float, logit: float, heed: Heed, calls: bool
) -> None:
    """A model that was taught to call may overrule the request, another may not."""
    tokenizer = small_tokenizer()
    native = tokenizer.native
    row = numpy.full(tokenizer.vocabulary, -50.0, dtype="float32")
    row[native.tokenize_str("T")[0]] = 0.0
    (begin,) = native.tokenize_str("[")
    row[begin] = logit
    before = row.copy()
    held = compile_grammar(make_grammar(TOOLS, mode="calls"), tokenizer)
    free = compile_grammar(make_grammar(TOOLS, mode="text"), tokenizer)
    fork = Fork(held, free, lean, heed)
    assert (fork.taken(row) is fork.calls) is calls
    assert (row == before).all()
