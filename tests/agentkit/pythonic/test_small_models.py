"""What 1B models write: wrong brackets, wrappers, copied schemas, bare names."""

from __future__ import annotations

from typing import Any, TypeAlias

import pytest

from agentkit.pythonic import KnownTools, ParsedCalls, parse_calls

Made: TypeAlias = list[tuple[str, dict[str, Any]]]

PARIS: Made = [("get_weather", {"city": "Paris"})]
PARIS3: Made = [("get_weather", {"city": "Paris", "days": 3})]
PARTY: Made = [("create_event", {"title": "x", "guests": ["Bo", "Al"]})]
LATE: Made = [("create_event", {"guests": ["Bo", "Al"], "title": "x"})]


def made(parsed: ParsedCalls) -> Made:
    """List the calls without their ids."""
    return [(call.name, dict(call.arguments)) for call in parsed.calls]


REPAIRED: dict[str, tuple[str, Made]] = {
    "list without its ]": ('[create_event(guests=["Bo", "Al", title="x")]', LATE),
    "list closed by )": ('[create_event(guests=["Bo", "Al"), title="x")]', LATE),
    "list closed by }": ('[create_event(guests=["Bo", "Al"}, title="x")]', LATE),
    "last string of a list open": (
        '[create_event(guests=["Bo", "Al], title="x")]',
        LATE,
    ),
    "stray ] before an argument": ('[get_weather(city="Paris"], days=3)]', PARIS3),
    "; between arguments": ("[get_weather(city='Paris';days=3)]", PARIS3),
    "other closing quote": ("[get_weather(city='Paris\")]", PARIS),
    "other closing quote, more behind": (
        "[get_weather(city='Paris\", days=3)]",
        PARIS3,
    ),
    "joined strings": ('[get_weather(city="Pa" + "ris")]', PARIS),
    "comment behind unquoted words": ("[get_weather(city=Paris # the city\n)]", PARIS),
    "argument named twice, a list": (
        '[create_event(title="x", guests="Bo", guests="Al")]',
        PARTY,
    ),
    "capital letters": ('[get_weather(City="Paris", DAYS=3)]', PARIS3),
    "wrapper beside arguments": (
        '[get_weather(params={"city": "Paris"}, days=3)]',
        PARIS3,
    ),
    "wrapper of another name": ('[get_weather(query={"city": "Paris"})]', PARIS),
    "wrapper as a string": (
        """[get_weather(parameters='{"city": "Paris"}')]""",
        PARIS,
    ),
    "wrapper that is a schema": (
        '[get_weather(parameters={"type": "object", "properties": {"city": "Paris"}})]',
        PARIS,
    ),
    "dict()": ('[get_weather(kwargs=dict(city="Paris"))]', PARIS),
    "copied schema": (
        '[get_weather(city={"type": "string", "value": "Paris"})]',
        PARIS,
    ),
    "lone value": ('[get_weather(city={"value": "Paris"})]', PARIS),
    "copied schema, one without a value": (
        '{"name": "get_weather", "parameters": '
        '{"city": {"type": "string", "value": "Paris"}, "days": {"type": "integer"}}}',
        PARIS,
    ),
    "empty for an optional enum": ('[get_weather(city="Paris", unit="")]', PARIS),
    "whole call as the function": (
        '{"function": "get_weather(city=\\"Paris\\")"}',
        PARIS,
    ),
    "whole call as the name": (
        """{"name": "get_weather(city='Paris')", "parameters": {}}""",
        PARIS,
    ),
    "bare name": ("[clock]", [("clock", {})]),
    "bare name beside a call": (
        '[clock, get_weather(city="Paris")]',
        [("clock", {}), *PARIS],
    ),
    "bare name in JSON": ('{"type": "function", "name": "clock"}', [("clock", {})]),
    "escaped brackets": (r'\[get\_weather(city="Paris")\]', PARIS),
    "lines joined by a backslash": (
        'get_weather(city="Paris") \\\nclock()',
        [*PARIS, ("clock", {})],
    ),
    "numbered lines": (
        '1. get_weather(city="Paris")\n2. clock()',
        [*PARIS, ("clock", {})],
    ),
}


@pytest.mark.parametrize(("text", "calls"), REPAIRED.values(), ids=REPAIRED.keys())
def test_a_slip_is_mended_and_noted(
    assistant: KnownTools, text: str, calls: Made
) -> None:
    """Each slip gives the calls that were meant, a repair, no error and no scraps."""
    parsed = parse_calls(text, assistant)

    assert made(parsed) == calls
    assert parsed.repairs
    assert (parsed.errors, parsed.text) == ((), "")


TOLD = {
    "name without its arguments": ("[get_weather]", "it needs city"),
    "name without its arguments, JSON": ('{"name": "get_weather"}', "it needs city"),
    "dots for a value": ("[get_weather(city=...)]", "placeholder"),
    "dots for the arguments": ("[get_weather(...)]", "placeholder"),
    "schema for a required value": (
        '{"name": "get_weather", "parameters": {"city": {"type": "string"}, "days": 3}}',
        "city has its schema",
    ),
    "text put together by code": (
        '[get_weather(city="Paris" + get_weather(city="Rome"))]',
        "cannot be read",
    ),
    "two values for one name": (
        '[get_weather(city="Paris", city="Rome")]',
        "given twice",
    ),
    "brackets that do not pair": (
        '[create_event(guests=["Bo", x="Al"], title="x")]',
        "brackets do not pair",
    ),
    "unknown tool inside": (
        "[get_weather(city=get_wether(city='x'))]",
        "Did you mean 'get_weather'?",
    ),
    "number cut off": (
        '{"name": "get_weather", "parameters": {"city": "Paris", "days": 1',
        "ends inside a value",
    ),
}


@pytest.mark.parametrize(("text", "why"), TOLD.values(), ids=TOLD.keys())
def test_what_is_not_certain_is_told(
    assistant: KnownTools, text: str, why: str
) -> None:
    """A call whose values are not certain is no call, and the model is told why."""
    parsed = parse_calls(text, assistant)

    assert parsed.calls == ()
    assert why in parsed.errors[0].message


MENTIONED = {
    "in a sentence": 'Result of [get_weather(city="Paris")] is 20 degrees.',
    "names in a sentence": "None of [get_weather, clock] can do that.",
    "names, then a sentence": "[clock] is the only tool, and it is no help.",
}


@pytest.mark.parametrize("text", MENTIONED.values(), ids=MENTIONED.keys())
def test_a_list_in_a_sentence_is_a_mention(assistant: KnownTools, text: str) -> None:
    """A list that a sentence goes on behind calls nothing."""
    parsed = parse_calls(text, assistant)

    assert parsed == ParsedCalls(text=text)


def test_an_object_that_a_tool_takes_is_left_alone(assistant: KnownTools) -> None:
    """What looks like a copied schema stays when the argument is an object."""
    label = {"type": "string", "value": "x"}
    parsed = parse_calls(f'[create_event(title="x", tags={label})]', assistant)

    assert parsed.calls[0].arguments["tags"] == label
    assert parsed.repairs == ()
