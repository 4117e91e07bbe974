"""Tools go from pydantic-ai to agentkit and back, and do there what they did here."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

pytest.importorskip("pydantic_ai", reason="pydantic-ai is not installed")

from pydantic_ai import Agent as TheirAgent
from pydantic_ai import DeferredToolRequests, FunctionToolset, ModelRetry, RunContext
from pydantic_ai import Tool as TheirTool
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ToolCallPart
from pydantic_ai.models.function import AgentInfo, FunctionModel

from agentkit import Agent, Context, NeedsApproval, ToolError, ToolsetError, tool
from agentkit.backends import ScriptedBackend
from agentkit.interop import from_pydantic_ai, to_pydantic_ai


def convert(amount: float, rate: float = 1.1) -> float:
    """Convert an amount.

    Args:
        amount: how much.
        rate: what one is worth.
    """
    if amount < 0:
        raise ModelRetry("an amount is above 0")
    return amount * rate


async def stock(run: RunContext[dict[str, int]], of: str) -> int:
    """Count what is there."""
    return run.deps[of]


def ran(tools: Any, *calls: str, **options: Any) -> list[tuple[str, Any]]:
    script = ScriptedBackend([*(f"[{call}]" for call in calls), "Done."])
    agent = Agent(tools=tools, backend=script, **options)
    outcome = agent.run(f"Please do {calls}")
    return [(one.status, one.value) for one in outcome.calls]


def test_their_functions_and_tools_run_here() -> None:
    """A function, a tool and a toolset; what is retried there is an error here."""
    tools = from_pydantic_ai([convert, TheirTool(stock)], effect="read")
    described = tools["convert"].parameters["properties"]["amount"]
    assert described["description"] == "how much."
    context = Context(deps={"tea": 4})
    calls = ["convert(amount=2.0)", "stock(of='tea')", "convert(amount=-1.0)"]
    found = ran(tools, *calls, context=context)
    assert found[:2] == [("done", 2.2), ("done", 4)]
    assert found[2][0] == "error"
    assert "an amount is above 0" in found[2][1]
    assert from_pydantic_ai(FunctionToolset([convert])).names == ("convert",)


def test_their_arguments_are_checked_by_both() -> None:
    """A wrong argument is told to the model before anything runs."""
    ((status, told),) = ran(from_pydantic_ai([convert]), "convert(amount='much')")
    assert status == "error"
    assert "must be a number" in told


def test_what_they_ask_about_is_asked_about() -> None:
    """A tool that requires approval there pauses a run here."""
    tools = from_pydantic_ai([TheirTool(convert, requires_approval=True)])
    script = ScriptedBackend(["[convert(amount=2.0)]", "Done."])
    assert isinstance(Agent(tools=tools, backend=script).run("Go 2.0"), NeedsApproval)


def test_what_is_no_tool_of_theirs() -> None:
    """The error names it."""
    wrong: Any = [3]
    with pytest.raises(ToolsetError, match="3 is no tool of pydantic-ai"):
        from_pydantic_ai(wrong)


@tool(effect="read")
def room(hotel: Context[dict[str, int]], name: str) -> dict[str, int]:
    """Look a room up."""
    if name not in hotel.deps:
        raise ToolError("there is no such room: try blue")
    return {"beds": hotel.deps[name]}


@tool(effect="send")
async def book(name: str) -> str:
    """Book a room."""
    return f"booked {name}"


def scripted(*calls: tuple[str, dict[str, Any]]) -> tuple[FunctionModel, list[Any]]:
    """Make their model: it calls, one after the other, and keeps what it is told."""
    told: list[Any] = []
    waiting = list(calls)

    def answer(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        told.extend(getattr(part, "content", None) for part in messages[-1].parts)
        if waiting:
            name, arguments = waiting.pop(0)
            return ModelResponse(parts=[ToolCallPart(name, arguments)])
        return ModelResponse(parts=[TextPart("done")])

    return FunctionModel(answer), told


def test_our_tools_run_there() -> None:
    """With the run's dependencies; faults are told to their model, which tries again."""
    model, told = scripted(("room", {"name": "red"}), ("room", {"name": "blue"}))
    agent = TheirAgent(model, tools=to_pydantic_ai([room]), deps_type=dict[str, int])
    done = asyncio.run(agent.run("Is there a room?", deps={"blue": 2}))
    assert done.output == "done"
    assert any("try blue" in str(one) for one in told)
    assert {"beds": 2} in told


def test_what_we_ask_about_is_asked_about_there() -> None:
    """A send is deferred until somebody approves it."""
    model, _ = scripted(("book", {"name": "blue"}))
    agent = TheirAgent(
        model, tools=to_pydantic_ai([book]), output_type=[str, DeferredToolRequests]
    )
    output = asyncio.run(agent.run("Book blue")).output
    assert isinstance(output, DeferredToolRequests)
    assert [one.tool_name for one in output.approvals] == ["book"]
