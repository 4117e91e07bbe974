"""Reading calls: what is understood, what is refused, and what is said of it."""

from __future__ import annotations

from typing import Any, TypeAlias

import pytest

from agentkit.pythonic import Dependency, KnownTools, ParsedCalls, parse_calls
from agentkit.tools import Toolset

Made: TypeAlias = list[tuple[str, dict[str, Any]]]

PARIS: Made = [("get_weather", {"city": "Paris"})]
PARIS3: Made = [("get_weather", {"city": "Paris", "days": 3})]
TWO: Made = [*PARIS, ("clock", {})]


def made(parsed: ParsedCalls) -> Made:
    """List the calls without their ids."""
    return [(call.name, dict(call.arguments)) for call in parsed.calls]


CLEAN: dict[str, tuple[str, Made]] = {
    "one call": ('[get_weather(city="Paris", days=3)]', PARIS3),
    "two calls": ('[get_weather(city="Paris"), clock()]', TWO),
    "single quotes": ("[get_weather(city='Paris')]", PARIS),
    "leading space": ('  [get_weather(city="Paris")]\n', PARIS),
    "python tag": ('<|python_tag|>[get_weather(city="Paris")]<|eom_id|>', PARIS),
    "llama 4": ('<|python_start|>[get_weather(city="Paris")]<|python_end|>', PARIS),
    "bracket in a string": (
        '[get_weather(city="a) b]")]',
        [("get_weather", {"city": "a) b]"})],
    ),
    "escaped quote": (
        r"[get_weather(city='a\'b')]",
        [("get_weather", {"city": "a'b"})],
    ),
    "dotted name": ('[calendar.find(text="x")]', [("calendar.find", {"text": "x"})]),
    "keyword as a name": (
        '[calendar.find(from="Bo")]',
        [("calendar.find", {"from": "Bo"})],
    ),
    "negative number": (
        '[create_event(title="x", hours=-1.5)]',
        [("create_event", {"title": "x", "hours": -1.5})],
    ),
    "3.1 JSON": ('{"name": "get_weather", "parameters": {"city": "Paris"}}', PARIS),
    "3.1 JSON with a type": (
        '{"type": "function", "name": "get_weather", "parameters": {"city": "Paris"}}',
        PARIS,
    ),
    "function tag": ('<function=get_weather>{"city": "Paris"}</function>', PARIS),
    "tool_call tags": (
        '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Paris"}}\n</tool_call>',
        PARIS,
    ),
    "code fence": ('```python\n[get_weather(city="Paris")]\n```', PARIS),
    "bold": ('**[get_weather(city="Paris")]**', PARIS),
    "null in JSON": (
        '[create_event(title="x", tags={"a": null, "b": [true, false]})]',
        [("create_event", {"title": "x", "tags": {"a": None, "b": [True, False]}})],
    ),
}


@pytest.mark.parametrize(("text", "calls"), CLEAN.values(), ids=CLEAN.keys())
def test_a_documented_form_is_read_without_a_repair(
    assistant: KnownTools, text: str, calls: Made
) -> None:
    """Every documented form gives its calls, no repair, no error and no text."""
    parsed = parse_calls(text, assistant)

    assert made(parsed) == calls
    assert (parsed.repairs, parsed.errors, parsed.text) == ((), (), "")


REPAIRED: dict[str, tuple[str, Made]] = {
    "quoted as strings": ("['get_weather(city=\"Paris\")', 'clock()']", TWO),
    "quoted, same quotes inside": ("['get_weather(city='Paris')', 'clock()']", TWO),
    "two calls in one string": ("[\"get_weather(city='Paris'), clock()\"]", TWO),
    "whole call as a string": ("\"get_weather(city='Paris')\"", PARIS),
    "escaped underscore": (r"[get\_weather(city='Paris')]", PARIS),
    "no brackets": ('get_weather(city="Paris"), clock()', TWO),
    "one call a line": ('get_weather(city="Paris")\nclock()', TWO),
    "semicolons": ('get_weather(city="Paris"); clock();', TWO),
    "print": ('print(get_weather(city="Paris"))', PARIS),
    "missing ]": ('[get_weather(city="Paris")', PARIS),
    "missing )": ('[get_weather(city="Paris"]', PARIS),
    "extra bracket": ('[[get_weather(city="Paris")]]]', PARIS),
    "several lists": ('[get_weather(city="Paris")]\n[clock()]', TWO),
    "lists joined by plus": ('[get_weather(city="Paris")] + [clock()]', TWO),
    "tuple of calls": ('(get_weather(city="Paris"), clock())', TWO),
    "a dict as the only argument": (
        '[get_weather({"city": "Paris", "days": 3})]',
        PARIS3,
    ),
    "params wrapper": ('[get_weather(params={"city": "Paris"})]', PARIS),
    "positional": ('[get_weather("Paris", 3)]', PARIS3),
    "colon for equals": ('[get_weather(city: "Paris")]', PARIS),
    "number with a unit": ('[get_weather(city="Paris", days=3 days)]', PARIS3),
    "arithmetic": ('[get_weather(city="Paris", days=1 + 4 // 2)]', PARIS3),
    "unquoted words": ("[get_weather(city=Paris, days=3)]", PARIS3),
    "missing closing quote": ('[get_weather(city="Paris)]', PARIS),
    "missing quote before an argument": ('[get_weather(city="Paris, days=3)]', PARIS3),
    "number as a string": ('[get_weather(city="Paris", days="3")]', PARIS3),
    "null for an optional argument": (
        '[get_weather(city="Paris", days="null")]',
        PARIS,
    ),
    "None for an optional argument": ('[get_weather(city="Paris", days=None)]', PARIS),
    "empty for an optional number": ('[get_weather(city="Paris", days="")]', PARIS),
    "enum by case": (
        '[get_weather(city="Paris", unit="Celsius")]',
        [("get_weather", {"city": "Paris", "unit": "celsius"})],
    ),
    "same argument twice": ('[get_weather(city="Paris", city="Paris")]', PARIS),
    "_from": ('[calendar.find(_from="Bo")]', [("calendar.find", {"from": "Bo"})]),
    "from_": ('[calendar.find(from_="Bo")]', [("calendar.find", {"from": "Bo"})]),
    "dashed name": ("[calendar.find(user_id=4)]", [("calendar.find", {"user-id": 4})]),
    "dot written as underscore": (
        '[calendar_find(text="x")]',
        [("calendar.find", {"text": "x"})],
    ),
    "functions prefix": ('[functions.get_weather(city="Paris")]', PARIS),
    "call suffix": ('get_weather.call(city="Paris")', PARIS),
    "JSON, function and args": (
        '{"function": "get_weather", "args": {"city": "Paris"}}',
        PARIS,
    ),
    "JSON, name as key": ('{"get_weather": {"city": "Paris"}, "clock": {}}', TWO),
    "JSON, OpenAI's nesting": (
        '{"function": {"name": "get_weather", "arguments": "{\\"city\\": \\"Paris\\"}"}}',
        PARIS,
    ),
    "JSON, tool_calls": (
        '{"tool_calls": [{"tool": "get_weather", "params": {"city": "Paris"}}]}',
        PARIS,
    ),
    "JSON, flat": ('{"name": "get_weather", "city": "Paris"}', PARIS),
    "JSON, single quotes": (
        "[{'name': 'get_weather', 'args': {'city': 'Paris'}}]",
        PARIS,
    ),
    "JSON, doubled braces": (
        '{{"name": "get_weather", "arguments": {{"city": "Paris"}}}}',
        PARIS,
    ),
    "JSON, missing last brace": (
        '{"name": "get_weather", "arguments": {"city": "Paris"}',
        PARIS,
    ),
    "function tag without its end": ('<function=get_weather{"city": "Paris"}', PARIS),
    "call in tags": ('<tool_call>get_weather(city="Paris")</tool_call>', PARIS),
    "name with a colon": ('get_weather: {"city": "Paris"}', PARIS),
    "named in strings": ('[get_weather("city=Paris", "days=3")]', PARIS3),
    "missing comma": ('[get_weather(city="Paris" days=3)]', PARIS3),
    "curly quotes": ("[get_weather(city=“Paris”)]", PARIS),
    "name and object": ('["get_weather", {"city": "Paris"}]', PARIS),
    "tuples of name and object": (
        '[("get_weather", {"city": "Paris"}), ("clock", {})]',
        TWO,
    ),
    "name above an object": ('get_weather\n{"city": "Paris"}', PARIS),
    "values in a copied schema": (
        '{"name": "get_weather", "parameters": {"type": "object", '
        '"properties": {"city": "Paris"}}}',
        PARIS,
    ),
    "list as a string": (
        """[create_event(title="x", guests="['Bo', 'Al']")]""",
        [("create_event", {"title": "x", "guests": ["Bo", "Al"]})],
    ),
    "list in the same quotes": (
        """[create_event(title="x", guests="["Bo", "Al"]")]""",
        [("create_event", {"title": "x", "guests": ["Bo", "Al"]})],
    ),
    "list without brackets": (
        '[create_event(title="x", guests="Bo", "Al")]',
        [("create_event", {"title": "x", "guests": ["Bo", "Al"]})],
    ),
    "one for a list": (
        '[create_event(title="x", guests="Bo")]',
        [("create_event", {"title": "x", "guests": ["Bo"]})],
    ),
    "tuple for a list": (
        '[create_event(title="x", guests=("Bo", "Al"))]',
        [("create_event", {"title": "x", "guests": ["Bo", "Al"]})],
    ),
    "set for a list": (
        '[create_event(title="x", guests={"Bo", "Al"})]',
        [("create_event", {"title": "x", "guests": ["Bo", "Al"]})],
    ),
    "true as a string": (
        '[create_event(title="x", online="true")]',
        [("create_event", {"title": "x", "online": True})],
    ),
    "unescaped apostrophe": (
        "[create_event(title='It's Bo's day', online=True)]",
        [("create_event", {"title": "It's Bo's day", "online": True})],
    ),
    "unescaped quotes": (
        '[create_event(title="the "big" one, again")]',
        [("create_event", {"title": 'the "big" one, again'})],
    ),
    "number for a string": (
        "[create_event(title=2024)]",
        [("create_event", {"title": "2024"})],
    ),
}


@pytest.mark.parametrize(("text", "calls"), REPAIRED.values(), ids=REPAIRED.keys())
def test_a_malformed_call_is_repaired_and_the_repair_is_told(
    assistant: KnownTools, text: str, calls: Made
) -> None:
    """Every known malformation gives the calls that were meant, with a repair."""
    parsed = parse_calls(text, assistant)

    assert made(parsed) == calls
    assert parsed.errors == ()
    assert parsed.repairs


UNSURE = {
    "cut off in a string": ('[get_weather(city="Par', "cut off"),
    "cut off between arguments": ('[get_weather(city="Paris", days=3', "ends before"),
    "cut off after a comma": ('[get_weather(city="Paris",', "ends before"),
    "two values for one name": (
        '[get_weather(city="Paris", city="Rome")]',
        "'city' is given twice",
    ),
    "infinite": ('[get_weather(city="Paris", days=1e999)]', "not a finite number"),
    "bytes": ("[get_weather(city=b'Paris')]", "not a plain string"),
    "a placeholder": ("[get_weather(city=<city>)]", "placeholder"),
    "its own name": ("[get_weather(city=city)]", "placeholder"),
    "code": ("[get_weather(city=data['city'])]", "code"),
    "words for a number": ('[get_weather(city="Paris", days=soon)]', "not a value"),
    "too many": ('[get_weather("Paris", 1, "celsius", 4)]', "more arguments"),
    "nested call that fails": (
        "[get_weather(city=get_weather(city=<x>))]",
        "needs a call",
    ),
    "part of a result": ("[get_weather(city=clock()['city'])]", "needs a part"),
    "unclear quotes": ("[get_weather(city='x 'y' 'z)]", "string"),
}


@pytest.mark.parametrize(("text", "why"), UNSURE.values(), ids=UNSURE.keys())
def test_what_is_not_certain_is_an_error_and_no_call(
    assistant: KnownTools, text: str, why: str
) -> None:
    """A call that cannot be read for certain is not made, and the reason is told."""
    parsed = parse_calls(text, assistant)

    assert parsed.calls == ()
    assert any(why in error.message for error in parsed.errors)
    assert {error.tool for error in parsed.errors} <= {"get_weather", "clock"}


NOT_CALLS = {
    "empty": "",
    "empty list": "[]",
    "small talk": "Hi! How can I help you today?",
    "a mention": "I can't help: get_weather() only knows cities.",
    "a mention at the start": "get_weather() does not tell the time.",
    "a mention with arguments": "You could use get_weather(city='Paris') for that, but I can't.",
    "a list of signatures": "1. get_weather(city) - the weather\n2. clock() - the time",
    "a definition": "def get_weather(city):\n    return 'sunny'\n\nprint(get_weather(city='x'))",
    "plain JSON": '{"city": "Paris", "days": 3}',
    "a tool document": '{"name": "get_weather", "description": "x", "parameters": '
    '{"type": "object", "properties": {"city": {"type": "string"}}}}',
    "an echoed schema": '{"name": "get_weather", "parameters": {"type": "object", '
    '"properties": {"city": {"type": "string", "description": "where"}}}}',
    "a link": "See [the docs](https://example.com/a_b(c)).",
    "numbers": "[1, 2, 3] and {4}",
}


@pytest.mark.parametrize("text", NOT_CALLS.values(), ids=NOT_CALLS.keys())
def test_what_is_no_call_stays_text(assistant: KnownTools, text: str) -> None:
    """Prose, code, signatures and copied schemas make no call and stay text."""
    parsed = parse_calls(text, assistant)

    assert parsed == ParsedCalls(text=text)


def test_an_unknown_tool_is_an_error_with_a_suggestion(assistant: KnownTools) -> None:
    """An unknown name never runs the nearest tool; the model is told which it is."""
    parsed = parse_calls('[creat_event(title="x"), clock()]', assistant)

    assert made(parsed) == [("clock", {})]
    assert parsed.errors[0].tool == "creat_event"
    assert parsed.errors[0].message == (
        "Unknown tool 'creat_event'. Did you mean 'create_event'?"
    )


def test_an_unlike_tool_is_answered_with_the_names(assistant: KnownTools) -> None:
    """An unknown name that is like none is answered with the names there are."""
    parsed = parse_calls("[qqq(x=1)]", assistant)

    assert "The tools are: get_weather, create_event" in parsed.errors[0].message


def test_text_around_calls_is_kept(assistant: KnownTools) -> None:
    """What is said before and after a call stays, without the fence."""
    text = "Let me look:\n```python\n[clock()]\n```\nThat is all."

    parsed = parse_calls(text, assistant)

    assert made(parsed) == [("clock", {})]
    assert parsed.text == "Let me look:\nThat is all."


def test_only_the_first_answer_counts(assistant: KnownTools) -> None:
    """A model that runs on to a made-up next question is not followed there."""
    text = '[clock()]\n\n### Instruction:\nWeather?\n\n[get_weather(city="Paris")]'

    assert made(parse_calls(text, assistant)) == [("clock", {})]


def test_introduced_lists_belong_together(assistant: KnownTools) -> None:
    """Lists that are each introduced by a line with a colon are one answer."""
    text = 'For the first:\n[clock()]\n\nFor the second:\n[get_weather(city="Paris")]'

    assert made(parse_calls(text, assistant)) == [("clock", {}), *PARIS]


def test_a_nested_call_becomes_a_dependency(assistant: KnownTools) -> None:
    """A call inside an argument is made before, and the argument points to it."""
    parsed = parse_calls("[get_weather(city=clock())]", assistant)

    inner, outer = parsed.calls
    assert (inner.name, outer.name) == ("clock", "get_weather")
    assert outer.arguments["city"] == Dependency(inner.id)


def test_an_assigned_result_becomes_a_dependency(assistant: KnownTools) -> None:
    """A name that a call's result was given to points to that call."""
    parsed = parse_calls("now = clock()\nget_weather(city=now)", assistant)

    assert parsed.calls[1].arguments["city"] == Dependency(parsed.calls[0].id)


def test_a_broken_neighbour_does_not_spoil_a_call(assistant: KnownTools) -> None:
    """Of two calls in a list, the one that can be read is made."""
    parsed = parse_calls("[get_weather(city=b'x'), clock()]", assistant)

    assert made(parsed) == [("clock", {})]
    assert [error.tool for error in parsed.errors] == ["get_weather"]


def test_the_order_of_arguments_is_kept(assistant: KnownTools) -> None:
    """Arguments stand in the order in which they were written."""
    parsed = parse_calls('[get_weather(days=3, city="Paris")]', assistant)

    assert list(parsed.calls[0].arguments) == ["days", "city"]


def test_an_unknown_argument_is_kept(assistant: KnownTools) -> None:
    """An argument that the tool does not have is left for its validation."""
    parsed = parse_calls('[get_weather(city="Paris", moon="full")]', assistant)

    assert parsed.calls[0].arguments["moon"] == "full"


@pytest.mark.parametrize(
    ("names", "called"),
    [
        pytest.param(("get-weather", "clock"), "get-weather", id="one tool"),
        pytest.param(("get-weather", "get_weather"), "get_weather", id="the very name"),
        pytest.param(("get-weather", "get.weather"), "", id="two that may be meant"),
    ],
)
def test_a_dashed_name_is_written_with_underscores(
    names: tuple[str, ...], called: str
) -> None:
    """Python has no dashes in names, so models call `get-weather` as `get_weather`."""
    tools = Toolset.from_schemas(
        [{"name": one, "description": "Tells.", "parameters": {}} for one in names]
    )
    calls = parse_calls("[get_weather()]", tools).calls
    assert "".join(call.name for call in calls) == called
