"""Writing calls: the exact inverse of reading them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentkit.errors import InvalidArguments
from agentkit.messages import ToolCall
from agentkit.pythonic import Dependency, KnownTools, format_calls, parse_calls

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=-(10**40), max_value=10**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(
        ["null", "None", "call_1", "[", '["', "'", "\\", "\\_", "f()", "a) b"]
    )
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=8,
)
NAMES = st.sampled_from(
    ["a", "from", "user-id", "_x", "x_", "params", "", "é", "1", "a b"]
)
CALLS = st.lists(
    st.builds(
        ToolCall,
        st.sampled_from(["f", "g", "calendar.find"]),
        st.dictionaries(NAMES | st.text(max_size=4), VALUES, max_size=4),
    ),
    max_size=4,
).map(tuple)


@given(calls=CALLS)
def test_what_is_written_is_read_back(
    anything: KnownTools, calls: tuple[ToolCall, ...]
) -> None:
    """For every JSON-like argument, reading what was written gives the same calls."""
    parsed = parse_calls(format_calls(calls), anything)

    assert parsed.calls == calls
    assert [dict(c.arguments) for c in parsed.calls] == [
        dict(c.arguments) for c in calls
    ]
    assert (parsed.errors, parsed.repairs) == ((), ())


FORMS: dict[str, tuple[dict[str, Any], str]] = {
    "strings": ({"city": "San Francisco"}, '[f(city="San Francisco")]'),
    "constants": ({"a": True, "b": None}, "[f(a=True, b=None)]"),
    "nested": ({"a": {"b": [1, 2.5]}}, '[f(a={"b": [1, 2.5]})]'),
    "quotes": ({"a": 'say "x"\n'}, r'[f(a="say \"x\"\n")]'),
    "a name that is none": ({"user-id": 1}, '[f(**{"user-id": 1})]'),
    "nothing": ({}, "[f()]"),
}


@pytest.mark.parametrize(("arguments", "text"), FORMS.values(), ids=FORMS.keys())
def test_calls_are_written_as_the_models_write_them(
    arguments: dict[str, Any], text: str
) -> None:
    """The written form is a Python list of calls with double-quoted strings."""
    assert format_calls([ToolCall("f", arguments)]) == text


def test_a_dependency_is_written_inside(anything: KnownTools) -> None:
    """A call that the next one depends on is written as its argument, and back."""
    calls = (
        ToolCall("g", {"a": 1}, "call_1"),
        ToolCall("f", {"x": Dependency("call_1")}),
    )

    assert format_calls(calls) == "[f(x=g(a=1))]"
    assert parse_calls(format_calls(calls), anything).calls == calls


def test_a_distant_dependency_is_written_by_place(anything: KnownTools) -> None:
    """A dependency on any other call is written as its place, and read back."""
    calls = (
        ToolCall("g", {}, "call_1"),
        ToolCall("f", {"x": Dependency("call_1")}),
        ToolCall("f", {"x": [Dependency("call_1")]}),
    )

    assert format_calls(calls) == "[g(), f(x=call_1), f(x=[call_1])]"
    assert parse_calls(format_calls(calls), anything).calls == calls


def _deep(levels: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(levels):
        value = [value]
    return value


UNWRITABLE = {
    "infinite": ToolCall("f", {"a": float("inf")}),
    "an object": ToolCall("f", {"a": object()}),
    "too deep": ToolCall("f", {"a": _deep(80)}),
    "a key that is no string": ToolCall("f", {"a": {1: 2}}),
    "a name with spaces": ToolCall("my tool", {}),
    "an unknown dependency": ToolCall("f", {"a": Dependency("call_9")}),
    "a huge number": ToolCall("f", {"a": 10**5000}),
}


@pytest.mark.parametrize("call", UNWRITABLE.values(), ids=UNWRITABLE.keys())
def test_what_cannot_be_written_is_refused(call: ToolCall) -> None:
    """A value that has no written form raises instead of being altered."""
    with pytest.raises(InvalidArguments):
        format_calls([call])
