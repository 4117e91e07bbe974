"""How long reading calls takes; `pytest tests/benchmarks --benchmark-only`.

Beside it stand Meta's own parser, when `llama-models` is installed, and the least
that a parser built on `ast.parse`, such as vLLM's, has to do: parse, walk, and write
the arguments as JSON. Both do less: neither looks at the tools.
"""

from __future__ import annotations

import ast
import json
import timeit
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from agentkit.messages import ToolCall
from agentkit.pythonic import CallStream, format_calls, parse_calls
from agentkit.tools import Toolset

Benchmark: TypeAlias = Callable[..., Any]

TEXT = {"type": "string"}
TOOLS = Toolset.from_schemas(
    [
        {
            "name": "get_weather",
            "description": "Tell the weather.",
            "parameters": {
                "type": "object",
                "properties": {
                    "city": TEXT,
                    "metric": {"type": "string", "enum": ["celsius", "fahrenheit"]},
                },
                "required": ["city"],
            },
        },
        {
            "name": "create_event",
            "description": "Put an event into the calendar.",
            "parameters": {
                "type": "object",
                "properties": {
                    "title": TEXT,
                    "when": TEXT,
                    "minutes": {"type": "integer"},
                    "guests": {"type": "array", "items": TEXT},
                },
                "required": ["title", "when"],
            },
        },
    ]
)
TWO_CALLS = (
    '[get_weather(city="San Francisco", metric="celsius"), '
    'create_event(title="Lunch", when="tomorrow at noon", minutes=45)]'
)
WITH_A_LIST = (
    '[get_weather(city="San Francisco", metric="celsius"), '
    'create_event(title="Lunch", when="noon", guests=["Anna Weber", "Bo"])]'
)
OUTPUTS = {
    "two calls": TWO_CALLS,
    "with a list": WITH_A_LIST,
    "quoted as strings": "['get_weather(city=\"Rome\")', 'get_weather(city=Oslo)']",
    "fenced JSON": '```json\n[{"name": "get_weather", "arguments": {"city": "Rome"}}]\n```',
    "prose": "I am sorry, none of my tools can do that (yet). " * 20,
}


def read_by_ast(text: str) -> list[tuple[str, str]]:
    """Read a well-formed list as a parser built on `ast.parse` does."""
    body: Any = ast.parse(text, mode="eval").body
    calls: list[tuple[str, str]] = []
    for call in body.elts:
        arguments = {word.arg: ast.literal_eval(word.value) for word in call.keywords}
        calls.append((call.func.id, json.dumps(arguments)))
    return calls


@pytest.mark.parametrize("text", OUTPUTS.values(), ids=OUTPUTS.keys())
def test_parse_calls(benchmark: Benchmark, text: str) -> None:
    """Reading a whole output, tools and schemas looked at."""
    parsed = benchmark(parse_calls, text, TOOLS)

    assert not parsed.errors


@pytest.mark.parametrize("text", [TWO_CALLS, WITH_A_LIST], ids=["two calls", "list"])
def test_least_by_ast(benchmark: Benchmark, text: str) -> None:
    """The least that a parser built on `ast.parse` does, for comparison."""
    assert len(benchmark(read_by_ast, text)) == 2


def test_meta_parser(benchmark: Benchmark) -> None:
    """Meta's own parser, which returns the first call only, for comparison."""
    theirs = pytest.importorskip("llama_models.llama3.tool_utils").ToolUtils

    found = benchmark(theirs.maybe_extract_custom_tool_call, TWO_CALLS)

    assert found[0] == "get_weather"


def test_stream(benchmark: Benchmark) -> None:
    """Reading two calls that come in pieces of four characters."""
    pieces = [TWO_CALLS[at : at + 4] for at in range(0, len(TWO_CALLS), 4)]

    def read() -> int:
        stream = CallStream(TOOLS)
        for piece in pieces:
            stream.feed(piece)
        return len(stream.close().calls)

    assert benchmark(read) == 2


def test_format_calls(benchmark: Benchmark) -> None:
    """Writing two calls."""
    calls = parse_calls(TWO_CALLS, TOOLS).calls

    assert benchmark(format_calls, calls) == TWO_CALLS
    assert isinstance(calls[0], ToolCall)


def test_side_by_side(benchmark: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Prints how many times as long the others take on the same output."""
    theirs = pytest.importorskip("llama_models.llama3.tool_utils").ToolUtils
    meta = theirs.maybe_extract_custom_tool_call
    readers: dict[str, Callable[[], Any]] = {
        "ours": lambda: parse_calls(TWO_CALLS, TOOLS),
        "the least by ast.parse": lambda: read_by_ast(TWO_CALLS),
        "Meta's, first call only": lambda: meta(TWO_CALLS),
    }
    times = {name: _best(read) for name, read in readers.items()}
    lines = [
        f"  {name:24} {seconds * 1e6:7.1f} us {seconds / times['ours']:6.2f} times ours"
        for name, seconds in times.items()
    ]
    with capsys.disabled():
        print("\n".join(["", "two calls, best of 30:", *lines]))
    assert benchmark.pedantic(readers["ours"], rounds=1).calls


def _best(read: Callable[[], Any]) -> float:
    """Return the seconds of one reading, the best of thirty."""
    return min(timeit.repeat(read, number=200, repeat=30)) / 200
