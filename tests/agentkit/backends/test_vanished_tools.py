"""Servers whose chat template drops the tools without a word."""

from __future__ import annotations

import pytest

from agentkit import Toolset
from agentkit.backends import OpenAIBackend, Reply
from agentkit.backends.base import Request
from agentkit.messages import Message, ToolCall, ToolResult, tool_result, user
from tests.agentkit.backends.fake_endpoint import FakeEndpoint, delta, stream

pytest.importorskip("openai")

MANY = Toolset.from_schemas(
    {
        "name": f"open_{what}",
        "description": f"Open the {what} of the house, and say whether it was shut.",
        "parameters": {
            "type": "object",
            "properties": {"slowly": {"type": "boolean", "description": "take care"}},
        },
    }
    for what in ("garage", "garden", "window", "fridge", "attic", "cellar", "gate")
)


def backend(endpoint: FakeEndpoint) -> OpenAIBackend:
    return OpenAIBackend("tiny", base_url=endpoint.url, api_key="k")


def ask(endpoint: FakeEndpoint, asked: OpenAIBackend, heard: list[str]) -> Reply:
    request = Request(
        conversation=(user("Open the garage"),), toolset=MANY, on_text=heard.append
    )
    return endpoint.clock.run(asked.reply(request))


def test_dropped_tools_are_told_in_the_instructions(endpoint: FakeEndpoint) -> None:
    """The same request goes out again, its tools in words; what was said is unsaid."""
    endpoint.script(
        stream(delta("I can't open garages."), read=30),
        stream(delta("[open_garage(slowly=True)]"), read=900),
    )
    asked, heard = backend(endpoint), list[str]()
    reply = ask(endpoint, asked, heard)
    assert [(one.name, dict(one.arguments)) for one in reply.calls] == [
        ("open_garage", {"slowly": True})
    ]
    assert "drops tools: it read 30 tokens" in reply.reason
    assert heard == []
    first, second = (one.body for one in endpoint.received)
    assert len(first["tools"]) == 7
    assert "tools" not in second
    assert "open_garage" in second["messages"][0]["content"]
    assert not asked.traits.native_tools


def test_the_next_request_tells_them_at_once(endpoint: FakeEndpoint) -> None:
    """A server that dropped them once is not tried again."""
    endpoint.script(
        stream(delta("No."), read=30), stream(delta("[open_garage()]"), read=900)
    )
    asked = backend(endpoint)
    ask(endpoint, asked, [])
    ask(endpoint, asked, [])
    assert ["tools" in one.body for one in endpoint.received] == [True, False, False]


def test_calls_and_results_are_told_too(endpoint: FakeEndpoint) -> None:
    """What was called is text there, and what it returned a turn of the user's."""
    endpoint.script(stream(delta("No."), read=30), stream(delta("Open."), read=950))
    call = ToolCall("open_garage", {"slowly": True}, "c1")
    turns = (
        user("Open the garage"),
        Message("assistant", "", (call,)),
        tool_result(ToolResult(call, "done", "it was shut")),
    )
    request = Request(conversation=turns, toolset=MANY)
    endpoint.clock.run(backend(endpoint).reply(request))
    said = endpoint.received[-1].body["messages"]
    assert [one["role"] for one in said[-3:]] == ["user", "assistant", "user"]
    assert said[-2]["content"] == "[open_garage(slowly=True)]"
    assert "it was shut" in said[-1]["content"]


@pytest.mark.parametrize("read", [900, 0], ids=["they were read", "no count"])
def test_tools_that_are_read_stay_in_their_form(
    endpoint: FakeEndpoint, read: int
) -> None:
    """An answer without a call is an answer, and is heard."""
    endpoint.script(stream(delta("Which garage?"), read=read))
    heard: list[str] = []
    assert ask(endpoint, backend(endpoint), heard).text == "Which garage?"
    assert "".join(heard) == "Which garage?"
    assert len(endpoint.received) == 1


def test_thoughts_of_an_answer_that_is_asked_again_are_not_told(
    endpoint: FakeEndpoint,
) -> None:
    """Neither its text nor what was thought before it; those of the second are."""
    endpoint.script(
        stream(delta("<think>No tools.</think>I can't."), read=30),
        stream(delta("<think>A tool.</think>[open_garage()]"), read=900),
    )
    thought = list[str]()
    request = Request(
        conversation=(user("Open the garage"),),
        toolset=MANY,
        on_reasoning=thought.append,
    )
    endpoint.clock.run(backend(endpoint).reply(request))
    assert "".join(thought) == "A tool."
