"""Streaming streams: what cannot become a call is passed on as soon as that is clear."""

from __future__ import annotations

import pytest

from agentkit.pythonic import CallStream, KnownTools, parse_calls
from tests.agentkit.pythonic.conftest import Tools

# What has come, and what of it is passed on at once: all but a word that may be a name.
AT_ONCE = {
    "words": ("It is sunny in Paris", "It is sunny in"),
    "a number in brackets": ("See [1] and [2] for more", "See [1] and [2] for"),
    "brackets first": ("[1] According to the report", "[1] According to the"),
    "a link": ("Look at [the page](http://x.example/a) for", None),
    "a task list": ("- [ ] buy milk\n- [x] call Ann now", None),
    "a comparison": ("If a < b then c", "If a < b then"),
    "HTML": ("<p>Hello <b>you</b> there", "<p>Hello <b>you</b>"),
    "inline code": ("Use `ls -l` to see them", "Use `ls -l` to see"),
    "a code block": ("Run this:\n```python\nprint_all() # all\nfor x in y", None),
    "a block of another language": (
        "```sh\nls -l\ncd /tmp and",
        "```sh\nls -l\ncd /tmp",
    ),
    "a word in brackets first": ("Oslo (the capital) is", "Oslo (the capital)"),
    "an unknown function": ("Call foo(x) or bar(y) here", "Call foo(x) or bar(y)"),
    "an object that is an example": ('Such as {"a": 1, "b": [2]} here', None),
    "a set": ("The set {1, 2} has two", "The set {1, 2} has"),
    "an object that is the answer": ('{"city": "Oslo", "people": 7}\n\nThat is', None),
    "mathematics": (r"The sum \(a + b\) is even", r"The sum \(a + b\) is"),
    "a list of names": ("[apples, pears] are fruit and", "[apples, pears] are fruit"),
    "a tag in the middle": ("It is <b>very</b> warm today", "It is <b>very</b> warm"),
}


@pytest.mark.parametrize(("text", "passed"), AT_ONCE.values(), ids=AT_ONCE)
@pytest.mark.parametrize("size", [1, 3, 1000], ids=["letters", "pieces", "whole"])
def test_words_are_passed_on(
    assistant: KnownTools, text: str, passed: str | None, size: int
) -> None:
    """Whatever signs a text holds, all but its last word is passed on."""
    stream = CallStream(assistant)
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    told = "".join(str(item) for piece in pieces for item in stream.feed(piece))
    assert told == (text.rpartition(" ")[0] if passed is None else passed)


WAITED_FOR = {
    "a list of calls": "Sure. [get_weather(city='Paris'",
    "an object that names a tool": 'Sure. Here: {"name": "get_weather", "argu',
    "a tag": "Sure. <tool_call>",
    "half a tag": "Sure. <tool",
    "a fence before a call": "Sure.\n```json\n",
    "a call in a sentence": "Sure. get_weather(city",
    "an assigned call": "Sure. now = get_weather(city",
    "a control token": "Sure. <|py",
}


@pytest.mark.parametrize("text", WAITED_FOR.values(), ids=WAITED_FOR)
def test_what_may_be_a_call_is_waited_for(assistant: KnownTools, text: str) -> None:
    """Only what stands before it is passed on."""
    stream = CallStream(assistant)
    assert "".join(str(item) for item in stream.feed(text)) == "Sure."


def test_an_object_goes_on_when_it_is_closed(assistant: KnownTools) -> None:
    """While it is open it may name a tool yet; then it cannot."""
    stream = CallStream(assistant)
    assert stream.feed('Look here: {"a": {"b": 1}') == ("Look",)
    assert stream.feed("} so") == (' here: {"a": {"b": 1}}',)


FREE = {
    "a call": "[get_weather(city='Paris')",
    "half a word": "Hel",
    "a name": "get_weather(city",
    "an object": '{"name": "get_wea',
    "a fence": "```json\n{",
}


@pytest.mark.parametrize("text", FREE.values(), ids=FREE)
def test_without_tools_nothing_is_waited_for(text: str) -> None:
    """There is nothing to call: all goes on at once."""
    assert CallStream(Tools()).feed(text) == (text,)


@pytest.mark.parametrize("text", FREE.values(), ids=FREE)
def test_native_calls_need_no_waiting(assistant: KnownTools, text: str) -> None:
    """Where calls travel beside the text, nothing behind its first word is held back."""
    stream = CallStream(assistant, is_native=True)
    assert stream.feed("I will look. ") == ("I will",)
    assert stream.feed(text) == (f" look. {text}",)


def test_a_native_call_in_the_text_is_read(assistant: KnownTools) -> None:
    """A server that passes a call on as text is understood; the text is what was told."""
    written = "Let me look. [get_weather(city='Paris')]"
    stream = CallStream(assistant, is_native=True)
    told = "".join(str(one) for letter in written for one in stream.feed(letter))
    parsed = stream.close()
    assert [call.name for call in parsed.calls] == ["get_weather"]
    assert parsed.text == told == written


def test_a_native_call_alone_is_not_told(assistant: KnownTools) -> None:
    """A call that is all there is stays a call."""
    written = "[get_weather(city='Paris')]"
    stream = CallStream(assistant, is_native=True)
    told = [one for letter in written for one in stream.feed(letter)]
    assert not [one for one in told if isinstance(one, str)]
    assert stream.close() == parse_calls(written, assistant)
