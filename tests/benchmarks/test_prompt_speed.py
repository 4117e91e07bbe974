"""How long a prompt with 20 tools takes; `pytest tests/benchmarks --benchmark-only`."""

from __future__ import annotations

from typing import Any

from agentkit.messages import ToolCall, ToolResult, assistant, system, tool_result, user
from agentkit.prompting import estimate_tokens, prompt_parts, render_prompt
from agentkit.tools import Toolset

CALL = ToolCall("tool_0", {"subject": "x", "place": "y"})
TURNS = (
    system("You are brief."),
    user("Do it"),
    assistant(calls=(CALL,)),
    tool_result(ToolResult(CALL, "done", {"id": 3})),
    assistant("Done."),
    user("And once more"),
)


def twenty_tools(mark: int = 0) -> Toolset:
    """Make 20 tools with four arguments each; another mark, another toolset."""
    names = ("subject", "place", "moment", "note")
    properties = {
        name: {"type": "string", "description": f"The {name} of it"} for name in names
    }
    documents: list[dict[str, Any]] = [
        {
            "name": f"tool_{index}",
            "description": f"Does thing {index} of set {mark} for the user",
            "parameters": {
                "type": "dict",
                "required": ["subject", "place"],
                "properties": properties,
            },
        }
        for index in range(20)
    ]
    return Toolset.from_schemas(documents)


def test_prompt_with_cached_tools(benchmark: Any) -> None:
    """A step of a running session: the tools were rendered before."""
    toolset = twenty_tools()
    text = benchmark(render_prompt, TURNS, toolset)
    assert "tool_19" in text


def test_prompt_with_new_tools(benchmark: Any) -> None:
    """The first prompt with a toolset; Jinja is loaded already."""
    render_prompt(TURNS, twenty_tools(-1))
    marks = iter(range(10_000))

    def new_toolset() -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (TURNS, twenty_tools(next(marks))), {}

    text = benchmark.pedantic(render_prompt, setup=new_toolset, rounds=100)
    assert "tool_19" in text


def test_parts_without_joining(benchmark: Any) -> None:
    """The parts alone, which ids are made from."""
    parts = benchmark(prompt_parts, TURNS, twenty_tools())
    assert parts[0].text == "<|begin_of_text|>"


def test_estimate_of_a_prompt(benchmark: Any) -> None:
    """The token estimate of the whole prompt, from its text."""
    assert benchmark(estimate_tokens, render_prompt(TURNS, twenty_tools())) > 1000
