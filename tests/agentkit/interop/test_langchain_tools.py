"""Tools go from LangChain to agentkit and back, and do there what they did here."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

pytest.importorskip("langchain_core", reason="langchain-core is not installed")

from langchain_core.tools import StructuredTool, ToolException
from langchain_core.tools import tool as their_tool

from agentkit import (
    Agent,
    Approval,
    ConfigError,
    Context,
    Denied,
    ToolError,
    ToolsetError,
    tool,
)
from agentkit.backends import ScriptedBackend
from agentkit.interop import from_langchain, to_langchain


@their_tool
def convert(amount: float, rate: float = 1.1) -> float:
    """Convert an amount."""
    if amount < 0:
        raise ToolException("an amount is above 0")
    return amount * rate


async def _later(city: str) -> str:
    return f"rain in {city}"


LATER = StructuredTool.from_function(
    coroutine=_later, name="later", description="Tell tomorrow's weather."
)


def test_their_tools_run_here() -> None:
    """Sync and async ones; what they raise for the model is an error here."""
    tools = from_langchain([convert, LATER], effect="read")
    assert tools["convert"].parameters["required"] == ["amount"]
    calls = ["[convert(amount=2.0), later(city='Oslo')]", "[convert(amount=-1.0)]"]
    agent = Agent(tools=tools, backend=ScriptedBackend([*calls, "Done."]))
    found = [(one.status, one.value) for one in agent.run("Go").calls]
    assert found[:2] == [("done", 2.2), ("done", "rain in Oslo")]
    assert found[2][0] == "error"
    assert "an amount is above 0" in found[2][1]


def test_what_is_no_tool_of_theirs() -> None:
    """The error names it."""
    wrong: Any = [print]
    with pytest.raises(ToolsetError, match="no tool of LangChain"):
        from_langchain(wrong)


@tool(effect="read")
def room(hotel: Context[dict[str, int]], name: str, beds: int = 1) -> dict[str, int]:
    """Look a room up."""
    if name not in hotel.deps:
        raise ToolError("there is no such room: try blue")
    return {"beds": hotel.deps[name]}


SENT: list[str] = []


def _shown(to: str) -> str:
    return f"write to {to}"


@tool(effect="send", preview=_shown)
def write(to: str) -> str:
    """Write a message."""
    SENT.append(to)
    return "sent"


def test_our_tools_run_there() -> None:
    """Called with or without an event loop; faults are told to the model."""
    (theirs,) = to_langchain([room], Context(deps={"blue": 2}))
    assert theirs.invoke({"name": "blue"}) == {"beds": 2}
    assert asyncio.run(theirs.ainvoke({"name": "blue"})) == {"beds": 2}
    assert "try blue" in theirs.invoke({"name": "red"})
    assert "must be a whole number" in theirs.invoke({"name": "blue", "beds": "two"})
    assert theirs.args["name"]["type"] == "string"


def test_what_sends_is_asked_about() -> None:
    """LangChain asks nobody: a callback is needed, and its no is told to the model."""
    with pytest.raises(ConfigError, match="write sends, and LangChain asks nobody"):
        to_langchain([write])
    asked: list[str] = []

    def approve(approval: Approval) -> bool | Denied:
        asked.append(approval.preview)
        return True if approval.call.arguments["to"] == "Ann" else Denied("not him")

    SENT.clear()
    (theirs,) = to_langchain([write], approve=approve)
    assert theirs.invoke({"to": "Ann"}) == "sent"
    assert "not him" in theirs.invoke({"to": "Bob"})
    assert (asked, SENT) == (["write to Ann", "write to Bob"], ["Ann"])
