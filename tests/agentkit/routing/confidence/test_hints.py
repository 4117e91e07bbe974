"""What a tool's own words hint at, and calls that do not heed them."""

from typing import Any

import pytest

from agentkit.backends.base import Reply
from agentkit.messages import ToolCall, user
from agentkit.routing.confidence import gather
from agentkit.tools import Toolset

_TEXTS = {
    "place": "The city and state, e.g. Bonn, NRW",
    "day": "The day. Format: yyyy-mm-dd",
    "kind": "Can be 'list' or 'table'. Default is 'list'",
    "colour": "Such as 'red' or the like",
}
_NUMBERS = {
    "share": "The share in percent",
    "part": "The part, as a number",
    "length": "How long, in kilometers",
}
_PROPERTIES = {
    **{name: {"type": "string", "description": d} for name, d in _TEXTS.items()},
    **{name: {"type": "number", "description": d} for name, d in _NUMBERS.items()},
    "days": {"type": "array", "items": {"type": "string"}, "description": "Days"},
}
TOOLS = Toolset.from_schemas(
    [
        {
            "name": "make_plan",
            "description": "Make a plan.",
            "parameters": {"type": "object", "properties": _PROPERTIES},
        },
        {"name": "water_plants", "description": "Water the plants."},
    ]
)


def seen(
    text: str, arguments: dict[str, Any]
) -> tuple[dict[str, float], dict[str, str]]:
    reply = Reply(calls=(ToolCall("make_plan", arguments),))
    signals = gather((user(text),), TOOLS, reply)
    return dict(signals.values), dict(signals.details)


@pytest.mark.parametrize(
    ("text", "arguments", "signal", "about"),
    [
        pytest.param("In Bonn", {"place": "Bonn"}, "place_clash", "place", id="place"),
        pytest.param("On May 5", {"day": "May 5"}, "form_clash", "day", id="day"),
        pytest.param("As a poem", {"kind": "poem"}, "unlisted", "kind", id="choice"),
        pytest.param("As a table", {}, "overlooked_choice", "kind", id="left out"),
        pytest.param(
            "A nice one", {"colour": "red"}, "copied_example", "colour", id="example"
        ),
        pytest.param(
            "With 5%", {"share": 0.05}, "per_cent_clash", "share", id="wants per cent"
        ),
        pytest.param(
            "With 5%", {"part": 5}, "per_cent_clash", "part", id="wants a fraction"
        ),
        pytest.param(
            "For 3 miles", {"length": 3}, "other_unit", "length", id="another unit"
        ),
        pytest.param(
            "Monday, Friday", {"days": ["Monday"]}, "short_list", "days", id="list"
        ),
    ],
)
def test_a_hint_that_is_not_heeded(
    text: str, arguments: dict[str, Any], signal: str, about: str
) -> None:
    """What a description asks for and a value does not give is counted, with its name."""
    values, details = seen(text, arguments)
    assert (values[signal], details[signal]) == (1, about)


@pytest.mark.parametrize(
    ("text", "arguments", "signal"),
    [
        pytest.param("x", {"place": "Bonn, NRW"}, "place_clash", id="place"),
        pytest.param("x", {"day": "2026-05-05"}, "form_clash", id="day"),
        pytest.param("x", {"kind": "Table"}, "unlisted", id="choice"),
        pytest.param("As a list", {}, "overlooked_choice", id="the default"),
        pytest.param("A red one", {"colour": "red"}, "copied_example", id="was said"),
        pytest.param("With 5%", {"share": 5}, "per_cent_clash", id="per cent"),
        pytest.param("With 5%", {"part": 0.05}, "per_cent_clash", id="fraction"),
        pytest.param("For 3 km", {"length": 3}, "other_unit", id="the same unit"),
        pytest.param("For 3", {"length": 3}, "other_unit", id="no unit"),
    ],
)
def test_a_hint_that_is_heeded(
    text: str, arguments: dict[str, Any], signal: str
) -> None:
    """A value as the description wants it is nothing to object to."""
    assert seen(text, arguments)[0][signal] == 0


def test_a_tool_that_was_spoken_of() -> None:
    """A tool whose name was said and that is not called is seen."""
    values, _ = seen("Water the plants", {"kind": "list"})
    assert (values["uncalled_named"], values["best_uncalled"] > 0) == (1, True)
    assert values["choice_gap"] < 0


@pytest.mark.parametrize(
    ("value", "not_verbatim", "not_alike", "other_case"),
    [("Blue Door", 0, 0, 0), ("blue door", 1, 0, 1), ("green door", 1, 1, 0)],
)
def test_texts_beside_what_was_said(
    value: str, not_verbatim: float, not_alike: float, other_case: float
) -> None:
    """A text as it was said, in another case, and another text are told apart."""
    values, _ = seen("At the Blue Door", {"colour": value})
    found = (values["not_verbatim"], values["not_alike"], values["other_case"])
    assert found == (not_verbatim, not_alike, other_case)


def test_arguments_are_counted_by_kind() -> None:
    """What kinds of arguments a tool has counts, given or not."""
    values, _ = seen("x", {})
    names = ("text_arguments", "number_arguments", "list_arguments", "flag_arguments")
    assert [values[name] for name in names] == [4, 3, 1, 0]
