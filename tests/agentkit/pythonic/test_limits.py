"""Hostile and broken output: no exception, no unknown tool, bounded work."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentkit.pythonic import CallStream, KnownTools, parse_calls
from agentkit.pythonic.parsed import MAX_CALLS
from agentkit.pythonic.syntax import MAX_SIZE

SAMPLES = (
    '[get_weather(city="Paris", days=3), create_event(title=\'It\\\'s\', guests=["a"])]',
    "```python\nprint(get_weather(city=Paris, days=3 days))\n```\nDone.",
    '{"tool_calls": [{"name": "clock", "arguments": "{\\"a\\": [1, 2]}"}]}',
    "<function=get_weather>{'city': 'Paris'}</function><|eom_id|>",
    "now = clock()\nget_weather(city=now, days=1 + 2 ** 3)",
    "You could call get_weather(city), or clock().",
)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """Draw a sample with some stretches cut out, doubled or replaced."""
    text = draw(st.sampled_from(SAMPLES))
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 12)))
        middle = draw(st.text(max_size=3) | st.sampled_from("[](){}\"'\\,:=#`<|*"))
        text = text[:start] + middle * draw(st.integers(0, 4)) + text[end:]
    return text


@given(text=mutated() | st.text())
def test_no_output_raises(assistant: KnownTools, text: str) -> None:
    """Whatever is written, reading ends with a result that names known tools only."""
    parsed = parse_calls(text, assistant)

    assert all(call.name in assistant for call in parsed.calls)


HOSTILE = {
    "open brackets": "[" * 100_000,
    "open calls": "[clock(" * 20_000,
    "nested arguments": "[clock(a=" * 20_000,
    "open braces": "{" * 100_000,
    "nested objects": '{"clock": ' * 10_000,
    "quotes": "[clock(a='" + "x 'y' " * 20_000,
    "backslashes": '[clock(a="' + "\\" * 100_000,
    "commas": "[clock(a=\t)" + "clock(a=,\t\t" * 10_000,
    "mentions": "clock() is " * 10_000,
    "parentheses": "[clock(a=" + "(" * 50_000,
    "digits": "[clock(a=" + "9" * 100_000 + ")]",
    "powers": "[clock(a=" + "9**" * 60 + "9)]",
    "unclosed tags": "<function=clock>{" * 10_000,
    "open lists": "a=[b, c=" * 12_000,
    "names without commas": "[clock(a=" + "a b=" * 25_000,
    "strings joined": "[clock(a=" + '"a" + ' * 16_000,
    "spaces": "clock" + " " * 100_000 + "(",
    "names": "a." * 50_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_output_is_read_to_its_end(assistant: KnownTools, text: str) -> None:
    """Output made to exhaust stack, time or memory is read like any other."""
    parsed = parse_calls(text, assistant)

    assert len(parsed.calls) <= MAX_CALLS
    assert len(parsed.text) <= len(text)


def test_calls_are_bounded(assistant: KnownTools) -> None:
    """No more calls are made than the limit; the rest is told as an error."""
    parsed = parse_calls(f"[{'clock(), ' * MAX_CALLS}clock()]", assistant)

    assert len(parsed.calls) == MAX_CALLS
    assert "more than 256 calls" in parsed.errors[0].message


def test_size_is_bounded(assistant: KnownTools) -> None:
    """Of an endless output the first part is read, and it is said so."""
    text = "[clock()]" + " la" * (MAX_SIZE // 3)
    stream = CallStream(assistant)
    stream.feed(text)

    parsed = parse_calls(text, assistant)

    assert [call.name for call in parsed.calls] == ["clock"]
    assert "Only the first" in parsed.errors[0].message
    assert stream.close() == parsed


def test_depth_is_bounded(anything: KnownTools) -> None:
    """A value nested beyond the limit is an error, not a stack overflow."""
    parsed = parse_calls(f"[f(a={'[' * 200}{']' * 200})]", anything)

    assert parsed.calls == ()
    assert "nested deeper than 64" in parsed.errors[0].message


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1/3", 1 / 3),
        ("-(2 + 3) * 4", -20),
        ("2**10", 1024),
        ("10 - 4 - 3", 3),
        ("4 - 6 + 1", -1),
        ("7 % 4", 3),
        ("1_000", 1000),
        ("1,000", 1000),
        ("0x1F", 31),
        ("1e3", 1000.0),
    ],
)
def test_constant_arithmetic_is_worked_out(
    anything: KnownTools, written: str, value: Any
) -> None:
    """Numbers in every usual spelling, and sums of them, become numbers."""
    parsed = parse_calls(f"[f(a={written})]", anything)

    assert parsed.calls[0].arguments == {"a": value}


@pytest.mark.parametrize("written", ["9**9**9", "1/0", "1 +", "(-8)**0.5", "1e309"])
def test_unreasonable_arithmetic_is_not_worked_out(
    assistant: KnownTools, written: str
) -> None:
    """A sum without a plain result is an error where a number is wanted."""
    parsed = parse_calls(f"[create_event(title='x', hours={written})]", assistant)

    assert parsed.calls == ()
    assert parsed.errors
