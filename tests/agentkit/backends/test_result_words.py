"""Results in the tools' own words, where a model would make them up."""

from __future__ import annotations

import asyncio

from agentkit import Toolset, tool
from agentkit.backends import Reply, Request
from agentkit.backends.result_words import told_by_tools
from agentkit.context import Context
from agentkit.messages import Message, ToolCall, ToolResult, tool_result, user


@tool(effect="read")
def get_weather(city: str) -> str:
    """Tell the weather of a city.

    Args:
        city: where.
    """
    return city


@tool(effect="write")
def create_reminder(text: str, when: str = "") -> str:
    """Remind the user of something at a time.

    Args:
        text: of what.
        when: at which time.
    """
    return f"{text} {when}"


def behind(said: str) -> Request:
    """Return a request whose weather was told."""
    call = ToolCall("get_weather", {"city": "Rome"}, "1")
    done = tool_result(ToolResult(call, "done", "sun in Rome"))
    turns = (user(said), Message("assistant", "", (call,)), done)
    tools = Toolset(get_weather, create_reminder)
    return Request(conversation=turns, toolset=tools, context=Context())


BOTH = "Tell me the weather in Rome, then remind me to pack a coat"


async def _prose(_: Request) -> Reply:
    """Claim what was not done, and be cut off."""
    return Reply(text="I have reminded you of", finish_reason="length")


def test_what_was_left_is_told() -> None:
    """A part that the model made no call for is named; what it claims is not."""
    told = asyncio.run(told_by_tools(behind(BOTH), _prose))
    assert "sun in Rome" in told.text
    assert "Not done: “remind me to pack a coat”" in told.text
    assert "I have reminded you" not in told.text
    assert told.finish_reason == ""


def test_a_request_of_one_part_leaves_nothing() -> None:
    """Where each part has its call the model is not asked again."""
    told = asyncio.run(told_by_tools(behind("Tell me the weather in Rome"), _prose))
    assert told.text == "sun in Rome"


def test_a_call_for_what_is_left_is_made() -> None:
    """The model goes on where it can."""
    call = ToolCall("create_reminder", {"text": "pack a coat"}, "2")

    async def again(_: Request) -> Reply:
        return Reply(calls=(call,))

    assert asyncio.run(told_by_tools(behind(BOTH), again)).calls == (call,)
