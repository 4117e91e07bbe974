"""What looks like a control tag: a word of the answer is shown, the dress of a call is not."""

from __future__ import annotations

import pytest

from agentkit.pythonic import CallStream, KnownTools, parse_calls
from agentkit.tools import Toolset

# Answers that speak of tags, shown as they are.
WORDS = {
    "first": "<tool> is a tag",
    "first, of a longer text": "<tool_call> begins a call.\nIt ends with another tag.",
    "in a sentence": "The <tool> tag begins a call",
    "before the last word": "The <tool> tag",
    "before a full stop": "A call begins with <tool_call>.",
    "before a comma": "Both <tool_call>, which begins, and </tool_call>, which ends it",
    "in backticks": "`<tool_call>` is it",
    "in backticks alone": "`<tool_call>`",
    "in quotes": 'Write "<tools>" first',
    "at a line's beginning": "Tags:\n<tools> lists them\n<function> names one",
    "a token of a vocabulary": "The token <|im_end|> ends a turn",
    "such a token in backticks": "`<|python_tag|>` begins code",
    "an empty list": "The list [] is empty, <tool> too.",
    "Mistral's mark": "The mark [TOOL_CALLS] stands before calls",
}
# What a model writes around what it says, and what is left of it.
DRESS = {
    "the end of a turn": ("It is sunny.<|eot_id|>", "It is sunny."),
    "the end, after a space": ("It is sunny. <|im_end|>", "It is sunny."),
    "an envelope": ("<tool_call>\nIt is sunny.\n</tool_call>", "It is sunny."),
    "an envelope on a line": ("<tool_call> It is </tool_call>", "It is"),
    "an envelope that was cut": ("It is sunny. <tool_call>", "It is sunny."),
    "a mark at the beginning": ("<|python_tag|>It is sunny.", "It is sunny."),
    "Mistral's at the beginning": ("[TOOL_CALLS] It is sunny.", "It is sunny."),
    "a tag alone": ("<tool_call>", ""),
}


def told(text: str, tools: KnownTools, size: int) -> tuple[str, str]:
    """Return what is passed on of a text in pieces, and what it is at the end."""
    stream = CallStream(tools)
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    passed = "".join(str(item) for piece in pieces for item in stream.feed(piece))
    return passed, stream.close().text


@pytest.mark.parametrize("size", [1, 3, 1000], ids=["letters", "pieces", "whole"])
@pytest.mark.parametrize("text", WORDS.values(), ids=WORDS)
def test_a_tag_that_is_spoken_of_is_shown(
    assistant: KnownTools, text: str, size: int
) -> None:
    """The text is whole, with tools and without, and begins as it was passed on."""
    for tools in (assistant, Toolset()):
        passed, whole = told(text, tools, size)
        assert whole == text
        assert text.startswith(passed)


@pytest.mark.parametrize("size", [1, 1000], ids=["letters", "whole"])
@pytest.mark.parametrize(("text", "left"), DRESS.values(), ids=DRESS)
def test_the_dress_of_a_call_is_not_shown(
    assistant: KnownTools, text: str, left: str, size: int
) -> None:
    """Marks that belong to no sentence are left out, and were never passed on."""
    for tools in (assistant, Toolset()):
        passed, whole = told(text, tools, size)
        assert whole == left
        assert left.startswith(passed)


@pytest.mark.parametrize("tools", [True, False])
def test_the_answer_streams_on_behind_a_tag(
    assistant: KnownTools, *, tools: bool
) -> None:
    """A tag in a sentence does not hold up what follows."""
    stream = CallStream(assistant if tools else Toolset())
    passed = stream.feed("The <tool> tag comes before the name of")
    assert "".join(map(str, passed)).startswith("The <tool> tag comes before the name")


def test_a_call_behind_a_tag_in_a_sentence_is_read(assistant: KnownTools) -> None:
    """Words before it do not keep a call from being one."""
    text = "I use the <tool> now.\nget_weather(city='Paris')"
    parsed = parse_calls(text, assistant)
    assert [call.name for call in parsed.calls] == ["get_weather"]
    assert parsed.text == "I use the <tool> now."
