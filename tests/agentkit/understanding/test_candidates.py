"""A developer's own tools are chosen without training."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest

from agentkit.tools import AnyTool, Toolset, tool
from agentkit.understanding import read


@tool(examples=["open [the] {name}", "(raise|lift) [the] {name}"])
def openCover(name: str) -> str:
    """Open a cover, such as a curtain or a blind.

    Args:
        name: which cover.
    """
    return name


@tool(examples=["set [the] {name} to {position} percent"])
def set_valve_position(name: str, position: int) -> str:
    """Set the position of a valve.

    Args:
        name: which valve.
        position: in percent.
    """
    return f"{name} {position}"


@tool
def order_groceries(shop: Literal["Trader Joe's", "Whole Foods"]) -> str:
    """Order groceries from a shop.

    Args:
        shop: where to order.
    """
    return shop


OWN = Toolset([openCover, set_valve_position, order_groceries])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("open the smart curtain", "openCover"),
        ("set the irrigation valve to 50%", "set_valve_position"),
        ("order groceries from Trader Joe's", "order_groceries"),
    ],
)
def test_an_own_tool_is_chosen_by_its_words(text: str, wanted: str) -> None:
    """Names, descriptions, examples and values speak for a tool."""
    assert read(text, OWN).choices[0].tool == wanted


def test_the_contrary_of_what_a_tool_does_does_not_ask_for_it() -> None:
    """Closing something does not open it, however alike the two are."""
    named = [choice.tool for choice in read("close the smart curtain", OWN).choices]
    assert "openCover" not in named


def test_what_is_foreign_is_left() -> None:
    """Thanks and other subjects ask for no tool."""
    for text in ("thank you so much", "how tall is the eiffel tower"):
        assert read(text, OWN).verdict != "call"


def test_examples_make_a_tool_surer() -> None:
    """A tool with an example like the request is surer than without one."""
    bare = Toolset([*(t for t in OWN if t is not openCover), _without_examples()])
    said = "open the smart curtain"
    shares = [
        {c.tool: c.probability for c in read(said, tools).choices}.get("openCover", 0)
        for tools in (bare, OWN)
    ]
    assert shares[0] < shares[1]


def _without_examples() -> AnyTool:

    return replace(openCover, examples=())
