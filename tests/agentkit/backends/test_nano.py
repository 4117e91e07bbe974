"""The nano backend: SmolLM2 with an adapter, and what it leaves to others."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentkit import Agent, Toolset, tool
from agentkit.backends.base import Request
from agentkit.backends.nano import NanoBackend, question_of
from agentkit.backends.scripted import ScriptedBackend
from agentkit.discovery import installed_tools
from agentkit.errors import BackendUnavailable
from agentkit.messages import ToolCall, user
from agentkit.models.adapters import SUM_KEY, TOOLS_KEY, checksum
from agentkit.models.gguf import read_gguf
from agentkit.models.nano_files import installed_weights
from tests.agentkit.models.files import gguf_bytes, make_gguf
from tests.agentkit.models.test_adapters import FACTS

TOOLS = installed_tools()


@tool
def water_plants(room: str) -> str:
    """Water the plants in a room.

    Args:
        room: which room.
    """
    return f"The plants in the {room} are watered."


def test_a_missing_value_is_asked_for() -> None:
    """A call whose required text is empty becomes a question, not a message of none."""
    call = ToolCall("send_message", {"to": "Ana", "text": ""})
    question = question_of((call,), TOOLS)
    assert question is not None
    assert (question.tool, question.slot) == ("send_message", "text")


def test_a_whole_call_asks_nothing() -> None:
    """Optional arguments are not asked for."""
    assert question_of((ToolCall("tell_time", {"place": ""}),), TOOLS) is None


@pytest.fixture
def damaged(tmp_path: Path) -> NanoBackend:
    """A backend whose adapter is a model."""
    path = make_gguf(tmp_path / "adapter.gguf")
    return NanoBackend(make_gguf(tmp_path / "base.gguf"), path)


def test_damaged_adapter_is_told(damaged: NanoBackend) -> None:
    """The first request says what is wrong with the adapter, before weights are read."""
    request = Request(conversation=(user("hi"),), toolset=TOOLS)
    with pytest.raises(BackendUnavailable, match="is a model, not an adapter"):
        asyncio.run(damaged.reply(request))


@pytest.fixture(scope="module")
def nano(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NanoBackend]:
    """SmolLM2 with an adapter that changes one matrix by nothing."""
    weights = installed_weights()
    assert weights is not None
    adapter = tmp_path_factory.mktemp("nano") / "adapter.gguf"
    names = {tool.name: list(tool.parameters["properties"]) for tool in TOOLS}
    facts = {**FACTS, "adapter.type": "lora", TOOLS_KEY: json.dumps(names)}
    part = "blk.29.attn_output.weight.lora"
    matrices: dict[str, tuple[tuple[int, ...], int]] = {
        f"{part}_a": ((576, 2), 1),
        f"{part}_b": ((2, 576), 1),
    }
    adapter.write_bytes(gguf_bytes({SUM_KEY: 0, **facts}, matrices))
    right = checksum(adapter, read_gguf(adapter).data)
    adapter.write_bytes(gguf_bytes({SUM_KEY: right, **facts}, matrices))
    made = NanoBackend(weights, adapter)
    yield made
    made.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("add milk to the shopping list", "add_to_list"),
        ("start a timer for ten minutes", "start_timer"),
        ("what time is it in Tokyo", "tell_time"),
    ],
)
def test_calls_are_held(nano: NanoBackend, said: str, wanted: str) -> None:
    """With weights that were taught nothing yet, a call is the understanding's tool."""
    request = Request(conversation=(user(said),), toolset=TOOLS)
    reply = asyncio.run(nano.reply(request))
    assert reply.abstained or reply.question or reply.calls[0].name == wanted
    assert not reply.text or reply.question


@pytest.mark.slow
def test_results_are_told_by_the_tool(nano: NanoBackend) -> None:
    """Behind a result the tool's own words are the answer: none is made up."""
    script = ScriptedBackend(["[tell_time(place='Tokyo')]", "done"])
    tools = TOOLS.select(("tell_time",))
    outcome = Agent(tools, script).run("what time is it in Tokyo")
    behind = outcome.conversation[:-1]
    reply = asyncio.run(nano.reply(Request(conversation=behind, toolset=tools)))
    assert "Tokyo" in reply.text
    assert not reply.calls


@pytest.mark.slow
def test_tools_of_others_are_left(nano: NanoBackend) -> None:
    """A tool that it was not trained for is never called, and the reason names it."""
    only = Request(conversation=(user("water them"),), toolset=Toolset([water_plants]))
    reply = asyncio.run(nano.reply(only))
    assert reply.abstained
    assert "none of these tools" in reply.reason
    both = TOOLS + Toolset([water_plants])
    text = "water the plants in the kitchen please"
    asked = Request(conversation=(user(text),), toolset=both)
    assert "water_plants" not in [c.name for c in asyncio.run(nano.reply(asked)).calls]
