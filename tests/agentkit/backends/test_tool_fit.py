"""How surely a request asks for a tool that nothing was trained on."""

from __future__ import annotations

import pytest

from agentkit.backends.tool_fit import WEIGHTS, fit_odds, fit_signals
from agentkit.grammar.said import SaidValues
from agentkit.grammar.schema_reader import SchemaReader
from agentkit.tools import tool


@tool(effect="read")
def triangle_area(base: float, height: float) -> float:
    """Calculate the area of a triangle.

    Args:
        base: length of the base.
        height: length of the height.
    """
    return base * height / 2


def signals(text: str) -> dict[str, float]:
    """Measure a request against the tool, with even odds."""
    fields = SchemaReader(triangle_area.parameters).arguments(triangle_area.parameters)
    return dict(fit_signals(0.0, text, triangle_area, fields, SaidValues.of([text])))


def test_a_request_for_a_tool_fits_it() -> None:
    """What names the tool and says its numbers fits; what speaks of something else does not."""
    wanted = "Find the area of a triangle with base 5 and height 3"
    for other in ("Who won the world cup?", "Book a table for 2 at 7"):
        assert fit_odds(signals(wanted)) > 0 > fit_odds(signals(other))


SIGNALS = {
    "its words are said": ("the area of the triangle", "named", 1.0),
    "they are not": ("a cheap flight", "named", 0.0),
    "all words are the tool's": ("calculate the area", "explained", 1.0),
    "its numbers are said": ("base 5 and height 3", "met", 1.0),
    "one number is missing": ("base 5", "short", 1.0),
    "no word is needed": ("base 5", "texts", 0.0),
}


@pytest.mark.parametrize(
    ("text", "name", "value"), SIGNALS.values(), ids=SIGNALS.keys()
)
def test_what_speaks_for_a_tool(text: str, name: str, value: float) -> None:
    """Each signal is a share, a count, or yes and no."""
    assert signals(text)[name] == value


def test_each_signal_is_weighed() -> None:
    """A signal that has no weight, or a weight without its signal, would be a mistake."""
    assert {*signals("hello"), "bias"} == set(WEIGHTS)
