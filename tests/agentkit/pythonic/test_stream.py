"""Reading in pieces: the same result as whole, and nothing passed on too early."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentkit.messages import ToolCall
from agentkit.pythonic import CallStream, KnownTools, ParsedCalls, parse_calls

PIECES = st.sampled_from(
    [
        "[get_weather(city=",
        '"Paris"',
        "'It's'",
        ", days=3",
        ")",
        "]",
        ", ",
        "clock()",
        "\n",
        "```",
        "```python\n",
        '{"name": "clock", "arguments": {}}',
        "['clock()']",
        "Hello there. ",
        "now = ",
        "print(",
        "<|python_tag|>",
        "<|eot_id|>",
        "<function=clock>{}",
        "get\\_weather(",
        '"',
        "'",
        "(see below)",
        "[1]",
        "create_event(title=Party)",
        "unknown(x=1)",
        "def f(x):\n",
        "(",
        "{",
        "=",
        "é",
    ]
)
OUTPUTS = st.lists(PIECES, max_size=10).map("".join) | st.text(max_size=40)


def pass_through(
    stream: CallStream, pieces: list[str]
) -> tuple[str, list[ToolCall], ParsedCalls]:
    """Feed the pieces; return the text and calls passed on, and the result."""
    events = [event for piece in pieces for event in stream.feed(piece)]
    text = "".join(event for event in events if isinstance(event, str))
    calls = [event for event in events if not isinstance(event, str)]
    return text, calls, stream.close()


@given(text=OUTPUTS, data=st.data())
def test_any_chunking_gives_the_same_result(
    assistant: KnownTools, text: str, data: st.DataObject
) -> None:
    """However the output is cut, the result is that of the whole."""
    cuts = data.draw(st.lists(st.integers(0, len(text)), max_size=12))
    edges = [0, *sorted(cuts), len(text)]
    pieces = [text[a:b] for a, b in pairwise(edges)]

    passed, calls, parsed = pass_through(CallStream(assistant), pieces)

    assert parsed == parse_calls(text, assistant)
    assert parsed.text.startswith(passed)
    assert list(parsed.calls[: len(calls)]) == calls


@given(text=OUTPUTS)
def test_letter_by_letter_gives_the_same_result(
    assistant: KnownTools, text: str
) -> None:
    """Fed letter by letter, what was passed on is the beginning of the result."""
    passed, calls, parsed = pass_through(CallStream(assistant), list(text))

    assert parsed == parse_calls(text, assistant)
    assert parsed.text.startswith(passed)
    assert list(parsed.calls[: len(calls)]) == calls


def test_text_is_passed_on_as_it_comes(assistant: KnownTools) -> None:
    """Of plain text all but the last word is passed on at once."""
    stream = CallStream(assistant)

    assert stream.feed("It is sunny (really) in") == ("It is sunny (really)",)
    assert stream.feed(" Paris today.") == (" in Paris",)


def test_a_call_is_passed_on_when_it_is_complete(assistant: KnownTools) -> None:
    """The first call of a list is passed on before the second is complete."""
    stream = CallStream(assistant)

    assert stream.feed('[get_weather(city="Par') == ()
    assert stream.feed('is"), clo') == (ToolCall("get_weather", {"city": "Paris"}),)
    assert stream.feed("ck()]") == (ToolCall("clock", {}),)


HELD = {
    "a call that needs a repair": "[get_weather(city=Paris), clock",
    "a call with a stray sign": '[get_weather(city="Paris";days=3), clock',
    "a call of an unknown tool": "[nothing(a=1), clock",
    "a call that is only mentioned": "get_weather(city='x') is a function",
    "a call without brackets": "clock()\n",
}


@pytest.mark.parametrize("text", HELD.values(), ids=HELD.keys())
def test_what_is_not_certain_is_held_back(assistant: KnownTools, text: str) -> None:
    """Nothing is passed on that what follows could still change."""
    assert CallStream(assistant).feed(text) == ()
