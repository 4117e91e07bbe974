"""What is seen of a local answer."""

from typing import Any

import pytest

from agentkit.backends.base import Fault, Reply
from agentkit.messages import ToolCall, ToolResult, tool_result, user
from agentkit.routing.confidence import gather
from agentkit.tools import Toolset

TOOLS = Toolset.from_schemas(
    [
        {
            "name": "book_table",
            "description": "Book a table in a restaurant.",
            "parameters": {
                "type": "object",
                "properties": {
                    "restaurant": {"type": "string"},
                    "people": {"type": "integer"},
                    "area": {"type": "string", "enum": ["inside", "terrace"]},
                    "quiet": {"type": "boolean", "default": False},
                    "tip": {"type": "number"},
                },
                "required": ["restaurant", "people"],
            },
        },
        {"name": "get_weather", "description": "Get the weather."},
    ]
)
ASKED = "Book a table for 4 people at Chez Panisse, on the terrace"


def seen(text: str, *calls: dict[str, Any]) -> tuple[dict[str, float], dict[str, str]]:
    """Gather what is seen of calls of `book_table`."""
    reply = Reply(calls=tuple(ToolCall("book_table", arguments) for arguments in calls))
    signals = gather((user(text),), TOOLS, reply)
    return dict(signals.values), dict(signals.details)


GOOD = {"restaurant": "Chez Panisse", "people": 4, "area": "terrace"}


@pytest.mark.parametrize(
    ("changed", "signal"),
    [
        pytest.param({"people": "4"}, "mistyped", id="a number as text"),
        pytest.param({"people": 6}, "unsaid_number", id="another number"),
        pytest.param({"restaurant": "Noma"}, "unsaid_text", id="another name"),
        pytest.param({"restaurant": "Panisse"}, "cut_name", id="half a name"),
        pytest.param({"restaurant": "Chez Paul"}, "partly_said", id="partly said"),
        pytest.param({"area": "inside"}, "unsaid_choice", id="another choice"),
        pytest.param({"music": "jazz"}, "extra", id="no such argument"),
        pytest.param({"quiet": True}, "raised_flag", id="a flag nobody asked for"),
        pytest.param({"quiet": False}, "same_as_default", id="the default"),
    ],
)
def test_a_fault_is_seen(changed: dict[str, Any], signal: str) -> None:
    """Each way to be wrong raises its signal, names its argument, and is not there
    in the right call."""
    right, _ = seen(ASKED, GOOD)
    wrong, details = seen(ASKED, {**GOOD, **changed})
    assert right[signal] == 0
    assert wrong[signal] > 0
    assert details[signal] in changed


def test_a_missing_argument_is_seen() -> None:
    """A required argument that is left out counts."""
    values, _ = seen(ASKED, {"people": 4})
    assert values["missing"] == 1


def test_a_choice_that_was_said_and_left_out_is_seen() -> None:
    """A word of the request that is one of an argument's choices is missed."""
    values, details = seen(ASKED, {"restaurant": "Chez Panisse", "people": 4})
    assert (values["overlooked_option"], details["overlooked_option"]) == (1, "area")


def test_numbers_in_words_are_said() -> None:
    """Four people are 4."""
    values, _ = seen("A table for four people at Noma", {**GOOD, "people": 4})
    assert values["unsaid_number"] == 0


@pytest.mark.parametrize(
    ("tip", "signal"), [(15, "as_per_cent"), (0.15, "as_fraction")]
)
def test_per_cent_is_seen(tip: float, signal: str) -> None:
    """A number of per cent is told from the fraction that it is."""
    values, _ = seen(f"{ASKED}, with a 15% tip", {**GOOD, "tip": tip})
    assert values[signal] == 1


def test_a_number_that_is_not_used_is_seen() -> None:
    """Every number of the request should be somewhere."""
    values, _ = seen("A table for 4 and another for 6 at Noma", {**GOOD, "people": 4})
    assert values["unused_numbers"] == 1


def test_the_same_call_twice_is_seen() -> None:
    """Two equal calls are one too many."""
    values, _ = seen(ASKED, GOOD, GOOD)
    assert values["repeated"] == 1


def test_no_call_and_faults_are_seen() -> None:
    """A reply without a call, and what could not be read, count."""
    reply = Reply(text="I can't", faults=(Fault("x", "Unknown tool 'x'."),))
    values = gather((user(ASKED),), TOOLS, reply).values
    assert (values["no_call"], values["faults"]) == (1, 1)


def test_values_of_results_were_said() -> None:
    """What a tool returned before is no invention."""
    before = tool_result(ToolResult(ToolCall("get_weather"), "done", {"place": "Noma"}))
    call = ToolCall("book_table", {"restaurant": "Noma", "people": 4})
    said = (user("A table for 4 where it is sunny"), before)
    values = gather(said, TOOLS, Reply(calls=(call,))).values
    assert values["unsaid_text"] == 0


ODD: list[dict[str, Any]] = [
    {"people": None},
    {"people": [[[]]], "restaurant": {"a": {"b": 1e400}}},
    {"people": "9" * 5000},
    {"restaurant": "\x00 (((" * 500},
    {"people": -0.0, "": "", "area": ["terrace", 3]},
]


@pytest.mark.parametrize("arguments", ODD)
def test_odd_arguments_are_looked_at(arguments: dict[str, Any]) -> None:
    """Nothing that a model writes makes it fail."""
    values, _ = seen(ASKED, arguments)
    assert set(values) == set(seen(ASKED, GOOD)[0])


@pytest.mark.parametrize(
    ("arguments", "share"),
    [
        pytest.param({"restaurant": "Chez Panisse", "people": 4}, 28 / 57, id="begun"),
        pytest.param({"area": "terrace"}, 7 / 57, id="to the end"),
        pytest.param({"quiet": True, "restaurant": "Nobu"}, 1, id="nothing"),
        pytest.param({}, 1, id="no argument"),
    ],
)
def test_an_end_that_is_not_used_is_seen(
    arguments: dict[str, Any], share: float
) -> None:
    """What is behind the last value that was taken from the request counts."""
    assert seen(ASKED, arguments)[0]["unused_end"] == pytest.approx(share, abs=0.02)
