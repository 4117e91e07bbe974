"""Grammars of toolsets: what may be written and what may not."""

from __future__ import annotations

import importlib.util
from typing import Annotated, Literal

import pytest
from pydantic import Field

from agentkit.errors import ToolsetError
from agentkit.grammar import Guide, Mode, compile_grammar, make_grammar
from agentkit.tools import Toolset, tool
from tests.agentkit.grammar.walks import fits, small_tokenizer, write

if importlib.util.find_spec("llguidance") is None:
    pytest.skip("llguidance is not installed", allow_module_level=True)


@tool
def get_weather(
    city: str,
    days: Annotated[int, Field(ge=1, le=14)] = 1,
    unit: Literal["C", "F"] = "C",
) -> str:
    """Tell the weather.

    Args:
        city: where.
        days: how many days.
        unit: of the temperature.
    """
    return city


@tool
def stop() -> str:
    """Stop what is going on."""
    return ""


TOOLS = Toolset(get_weather, stop)


def guide(mode: Mode, *only: str) -> Guide:
    return compile_grammar(make_grammar(TOOLS, mode=mode, only=only), small_tokenizer())


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[get_weather(city='Rome')]", id="single quotes"),
        pytest.param('[get_weather(city="Rome")]', id="double quotes"),
        pytest.param("[get_weather(city='Rome', days=3)]", id="optional argument"),
        pytest.param("[get_weather(city='Rome', unit='F')]", id="one left out between"),
        pytest.param("[get_weather(city='It\\'s')]", id="escaped quote"),
        pytest.param("[get_weather(city='Zürich 東京')]", id="unicode"),
        pytest.param("[stop()]", id="no arguments"),
        pytest.param("[stop(), get_weather(city='Rome')]", id="two calls"),
    ],
)
def test_calls_are_written_as_llama_writes_them(text: str) -> None:
    """A bare list of calls is allowed, in every mode that allows calls."""
    assert fits(guide("calls"), text)
    assert fits(guide("auto"), text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[get_wether(", id="unknown name"),
        pytest.param("[get_weather(place=", id="unknown argument"),
        pytest.param("[get_weather()", id="required argument missing"),
        pytest.param("[get_weather(city=Rome", id="no quotes"),
        pytest.param("[get_weather(city='a', days=15", id="beyond the range"),
        pytest.param("[get_weather(city='a', unit='K'", id="not in the enum"),
        pytest.param("[get_weather(city='a\n", id="raw newline"),
    ],
)
def test_wrong_calls_cannot_be_written(text: str) -> None:
    """What the schema does not allow is held back."""
    assert not write(guide("calls"), text)
    assert not write(guide("auto"), text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Good morning!", id="plain"),
        pytest.param("See [the page](https://a.example/b) for more.", id="link"),
        pytest.param("[1] A source.", id="footnote first"),
        pytest.param("a[i] = f(x)", id="code"),
        pytest.param("get_weather tells the weather.", id="a tool's name"),
    ],
)
def test_text_flows_freely(text: str) -> None:
    """Prose with brackets is prose, beside calls and alone."""
    assert fits(guide("auto"), text)
    assert fits(guide("text"), text)
    assert not write(guide("calls"), text)


def test_a_call_behind_text_is_held_to_the_grammar() -> None:
    """The grammar takes hold at `[name(`, and nothing follows the list."""
    lazy = guide("auto")
    assert write(lazy, "I will look. [get_weather(")
    assert not write(lazy.copy(), "place=")
    assert write(lazy, "city='Rome')]")
    assert lazy.finished


def test_text_mode_allows_no_call() -> None:
    """`text` holds back calls of known tools, at the start and later."""
    assert not write(guide("text"), "[stop(")
    assert not write(guide("text"), "Well, [stop(")


def test_only_these_tools() -> None:
    """`only` leaves the other tools out."""
    assert fits(guide("calls", "stop"), "[stop()]")
    assert not write(guide("calls", "stop"), "[get_weather(")


def test_unknown_tool_in_only_is_told() -> None:
    """A name in `only` that is no tool is the developer's mistake."""
    with pytest.raises(ToolsetError, match="nothing"):
        make_grammar(TOOLS, only=["nothing"])


def test_no_tool_to_call_is_told() -> None:
    """`calls` without a tool can allow nothing."""
    with pytest.raises(ToolsetError, match="no tool"):
        make_grammar(Toolset(), mode="calls")
