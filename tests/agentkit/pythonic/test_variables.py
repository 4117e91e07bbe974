"""Calls in code: values that variables hold, comments, and answers that are said twice."""

from __future__ import annotations

from typing import Any

import pytest

from agentkit import Toolset, tool
from agentkit.pythonic import parse_calls


@tool(effect="read")
def heat(temp: int, volume: int, gas: str = "air") -> str:
    """Tell the heat capacity of a gas.

    Args:
        temp: in kelvin.
        volume: in cubic metres.
        gas: which gas.
    """
    return f"{temp} {volume} {gas}"


TOOLS = Toolset([heat])
HEAT = ("heat", {"temp": 298, "volume": 10})


def calls(text: str) -> list[tuple[str, dict[str, Any]]]:
    """Read a model's output."""
    return [
        (call.name, dict(call.arguments)) for call in parse_calls(text, TOOLS).calls
    ]


HELD = {
    "an object": 'data = {\n "temp": 298,\n "volume": 10\n}\nresult = heat(data)\n',
    "an object, spread": 'data = {"temp": 298, "volume": 10}\nheat(**data)\n',
    "single values": "t = 298\nv = 10  # m3\nheat(temp=t, volume=v)\n",
    "beside a literal": "t = 298\nheat(t, volume=10)\n",
}


@pytest.mark.parametrize("code", HELD.values(), ids=HELD)
def test_a_literal_that_a_variable_holds_is_its_value(code: str) -> None:
    """It stands in the text, so the call is plain; the repair says where it is from."""
    text = f"Here is how:\n```python\n{code}```\nThat gives the heat."
    assert calls(text) == [HEAT]
    repairs = [str(one) for one in parse_calls(text, TOOLS).repairs]
    assert any("from where it is assigned" in one for one in repairs)


UNKNOWN = {
    "assigned twice": "t = 1\nt = 298\nheat(temp=t, volume=10)",
    "counted up": "t = 297\nt += 1\nheat(temp=t, volume=10)",
    "a part of it set": 'd = {"temp": 1, "volume": 10}\nd["temp"] = 298\nheat(d)',
    "a method called": 'd = {"temp": 1, "volume": 10}\nd.update(temp=298)\nheat(d)',
    "computed": "t = 25 + k\nheat(temp=t, volume=10)",
    "of a loop": "t = 1\nfor t in ts:\n    pass\nheat(temp=t, volume=10)",
    "assigned after": "heat(temp=t, volume=10)\nt = 298",
    "in a comment": "# t = 298\nheat(temp=t, volume=10)",
    "something behind it": "t = 298 if hot else 270\nheat(temp=t, volume=10)",
    "spread, and not known": "heat(**data)",
}


@pytest.mark.parametrize("code", UNKNOWN.values(), ids=UNKNOWN)
def test_what_a_variable_may_not_hold_is_no_value(code: str) -> None:
    """Where anything else is done to it, the call is not made, and that is told."""
    parsed = parse_calls(f"```python\n{code}\n```", TOOLS)
    assert parsed.calls == ()
    assert parsed.errors


COMMENTS = {
    "on a line of its own": "{}\n# heat(temp=1, volume=1)",
    "behind the answer": "{}  # heat(temp=1, volume=1)",
    "in code that is commented out": "{}\n\n# Compare:\n# a = [heat(temp=1, volume=1)]",
}


@pytest.mark.parametrize("frame", COMMENTS.values(), ids=COMMENTS)
def test_a_call_in_a_comment_behind_the_answer_is_not_made(frame: str) -> None:
    """It explains the answer."""
    assert calls(frame.format("[heat(temp=298, volume=10)]")) == [HEAT]


def test_a_call_behind_a_comment_is_made() -> None:
    """The comment hides what is in it, and nothing after it."""
    text = "heat(temp=298, volume=10)  # heat(temp=1)\nheat(temp=2, volume=3)"
    assert calls(text) == [HEAT, ("heat", {"temp": 2, "volume": 3})]


def test_an_answer_that_is_explained_in_another_form_is_made_once() -> None:
    """Explanations say again what was answered, with brackets or without."""
    one = "heat(temp=298, volume=10)"
    text = f"The answer is:\n\n[{one}]\n\nIt takes two. So, the call is:\n\n{one}\n"
    assert calls(text) == [HEAT]
    other = text[::-1].replace("298"[::-1], "300"[::-1], 1)[::-1]
    assert len(calls(other)) == 2
