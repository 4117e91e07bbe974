"""Calls in the forms of the model families, each as its makers write it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentkit import Toolset, tool
from agentkit.pythonic import parse_calls


@tool(effect="read")
def get_weather(
    city: str, days: int = 1, hourly: bool = False, tags: list[str] | None = None
) -> str:
    """Tell the weather.

    Args:
        city: where.
        days: how many.
        hourly: each hour.
        tags: what for.
    """
    return f"{city} {days} {hourly} {tags}"


TOOLS = Toolset(get_weather)
PARIS = [{"city": "Paris", "days": 3}]
BOTH = [{"city": "Paris"}, {"city": "Rome"}]
MARK = '<|"|>'
FORMS: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "FunctionGemma": (
        "<start_function_call>call:get_weather{city:<escape>Paris<escape>,days:3}"
        "<end_function_call>",
        PARIS,
    ),
    "Gemma 4": (
        f"<|tool_call>call:get_weather{{city:{MARK}Paris{MARK},days:3}}<tool_call|>",
        PARIS,
    ),
    "Gemma 4, two": (
        f"<|tool_call>call:get_weather{{city:{MARK}Paris{MARK}}}<tool_call|>"
        f"<|tool_call>call:get_weather{{city:{MARK}Rome{MARK}}}<tool_call|>",
        BOTH,
    ),
    "Gemma 4, a list": (
        f"<|tool_call>call:get_weather{{city:{MARK}Paris{MARK},hourly:true,"
        f"tags:[{MARK}a, b{MARK},{MARK}c{MARK}]}}<tool_call|>",
        [{"city": "Paris", "hourly": True, "tags": ["a, b", "c"]}],
    ),
    "Gemma, its marks taken away": ("call:get_weather{city:Paris,days:3}", PARIS),
    "Qwen3.5": (
        "<tool_call>\n<function=get_weather>\n<parameter=city>\nParis\n</parameter>\n"
        "<parameter=days>\n3\n</parameter>\n</function>\n</tool_call>",
        PARIS,
    ),
    "Qwen3.5, two": (
        "<tool_call>\n<function=get_weather>\n<parameter=city>\nParis\n</parameter>\n"
        "</function>\n</tool_call>\n<tool_call>\n<function=get_weather>\n"
        "<parameter=city>\nRome\n</parameter>\n</function>\n</tool_call>",
        BOTH,
    ),
    "Qwen3": (
        '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Paris", '
        '"days": 3}}\n</tool_call>',
        PARIS,
    ),
    "Mistral": (
        '[TOOL_CALLS] [{"name": "get_weather", "arguments": {"city": "Paris", '
        '"days": 3}}]</s>',
        PARIS,
    ),
    "Mistral, newer": (
        '[TOOL_CALLS]get_weather[ARGS]{"city": "Paris", "days": 3}',
        PARIS,
    ),
    "LFM2": (
        "<|tool_call_start|>[get_weather(city='Paris', days=3)]<|tool_call_end|>",
        PARIS,
    ),
    "Phi-4-mini": (
        '<|tool_call|>[{"name": "get_weather", "arguments": {"city": "Paris", '
        '"days": 3}}]<|/tool_call|>',
        PARIS,
    ),
    "xLAM, Hammer": (
        '[{"name": "get_weather", "arguments": {"city": "Paris", "days": 3}}]',
        PARIS,
    ),
    "Gemma 3": ('```tool_code\nget_weather(city="Paris", days=3)\n```', PARIS),
}


@pytest.mark.parametrize(("text", "wanted"), FORMS.values(), ids=FORMS.keys())
def test_a_familys_own_form_is_read(text: str, wanted: list[dict[str, Any]]) -> None:
    """Names and values are read, and nothing of the form is taken for an answer."""
    parsed = parse_calls(text, TOOLS)
    assert [dict(call.arguments) for call in parsed.calls] == wanted
    assert parsed.text.replace("</s>", "") == ""
    assert parsed.errors == ()


PROSE = [
    "On a call: get_weather {see below} is the tool.",
    "Make a call:get_lost{x:1} please.",
]


@pytest.mark.parametrize("text", PROSE)
def test_a_word_before_braces_is_no_call(text: str) -> None:
    """Without its marks, only a whole call of a known tool is one."""
    assert parse_calls(text, TOOLS).calls == ()


@given(st.text(alphabet=' ca:l{}<>|"escp,[]tool_123', max_size=60))
def test_what_is_cut_off_is_read_or_told(rest: str) -> None:
    """Whatever stands in the braces, reading ends, with a call, a fault or text."""
    parsed = parse_calls(f"<|tool_call>call:get_weather{{{rest}", TOOLS)
    assert parsed.calls or parsed.errors or parsed.text
