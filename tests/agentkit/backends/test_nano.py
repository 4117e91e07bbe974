"""The nano backend: SmolLM2 with an adapter, and what it leaves to others."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from math import log
from pathlib import Path

import pytest

from agentkit import Agent, Context, Toolset, tool
from agentkit.backends.answers import Pieces
from agentkit.backends.base import Request
from agentkit.backends.chooser import ChosenToken
from agentkit.backends.learnt_calls import is_sure, question_of, times_read
from agentkit.backends.nano import NanoBackend
from agentkit.backends.scripted import ScriptedBackend
from agentkit.discovery import installed_tools
from agentkit.errors import BackendUnavailable
from agentkit.messages import ToolCall, assistant, system, user
from agentkit.models.adapters import SUM_KEY, TOOLS_KEY, checksum
from agentkit.models.gguf import read_gguf
from agentkit.models.nano_files import ADAPTER, installed_weights
from tests.agentkit.models.files import make_gguf

TOOLS = installed_tools()
NOW = datetime(2026, 9, 24, 10, tzinfo=UTC)


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


def written(*logprobs: float) -> Pieces:
    """An answer whose tokens had these probabilities."""
    pieces = Pieces(lambda _: "", (), lambda _: None)
    for logprob in logprobs:
        pieces.add(ChosenToken(0, logprob))
    return pieces


@pytest.mark.parametrize(
    ("tool", "likely", "sure"),
    [
        ("tell_time", 0.5, True),
        ("tell_time", 0.2, False),
        ("send_message", 0.25, False),
        ("send_message", 0.97, True),
    ],
)
def test_what_acts_has_to_be_surer(tool: str, likely: float, sure: bool) -> None:
    """A call that changes or sends something is made only where it is likelier."""
    half = log(likely) / 2
    said = Request(conversation=(user("text Ana that I'm late"),), toolset=TOOLS)
    assert is_sure((ToolCall(tool, {}),), said, written(half, half)) is sure


def test_what_nobody_asked_for_is_not_sure() -> None:
    """A greeting asks for no call, however surely one was written."""
    said = Request(conversation=(user("hello there"),), toolset=TOOLS)
    assert not is_sure((ToolCall("tell_time", {}),), said, written(-0.01))


@pytest.mark.parametrize(
    ("call", "read", "lang"),
    [
        (ToolCall("cancel_event", {"title": "gym", "when": "the rain"}), "", "en"),
        (ToolCall("cancel_event", {"when": "on Monday instead"}), "on Monday", "en"),
        (ToolCall("cancel_event", {"when": "el martes"}), "el martes", "es"),
        (
            ToolCall("cancel_event", {"when": "das Treffen um drei Uhr"}),
            "um drei Uhr",
            "de",
        ),
    ],
)
def test_what_is_no_time_is_none(call: ToolCall, read: str, lang: str) -> None:
    """Of words that are given as a time, those stay that can be read as one."""
    request = Request(
        conversation=(user("..."),), toolset=TOOLS, context=Context(now=NOW)
    )
    found = times_read(call, request, lang)
    assert found.arguments["when"] == read
    assert {**found.arguments, "when": ""} == {**call.arguments, "when": ""}


def test_an_alarm_rings_in_the_morning() -> None:
    """A bare hour is in the half of the day that the tool is for."""
    request = Request(
        conversation=(user("get me up at 5:50"),),
        toolset=TOOLS,
        context=Context(now=NOW),
    )
    found = times_read(ToolCall("set_alarm", {"time": "5:50"}), request, "en")
    assert "T05:50" in found.arguments["time"]


@pytest.mark.parametrize(
    ("tool", "argument", "value", "read"),
    [
        ("start_timer", "duration", "ten minutes for the eggs", "ten minutes"),
        ("create_reminder", "repeat", "medication every Monday", "every Monday"),
        ("create_reminder", "text", "the rain", "the rain"),
    ],
)
def test_lengths_and_rhythms_are_cut_too(
    tool: str, argument: str, value: str, read: str
) -> None:
    """A length and a rhythm are cut as times are; a text stays as it is."""
    request = Request(
        conversation=(user("..."),), toolset=TOOLS, context=Context(now=NOW)
    )
    found = times_read(ToolCall(tool, {argument: value}), request, "en")
    assert found.arguments == {argument: read}


@pytest.fixture(scope="module")
def nano() -> Iterator[NanoBackend]:
    """SmolLM2 with the adapter that this copy brings."""
    weights = installed_weights()
    assert weights is not None
    made = NanoBackend(weights, ADAPTER)
    yield made
    made.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (
            "add milk to the shopping list",
            ToolCall("add_to_list", {"item": "milk", "list_name": "shopping"}),
        ),
        (
            "start a timer for ten minutes",
            ToolCall("start_timer", {"duration": "ten minutes"}),
        ),
        ("what time is it in Tokyo", ToolCall("tell_time", {"place": "Tokyo"})),
    ],
)
def test_calls_are_known_by_heart(
    nano: NanoBackend, said: str, wanted: ToolCall
) -> None:
    """Plain requests become whole calls, though the prompt tells of no tool."""
    request = Request(conversation=(user(said),), toolset=TOOLS)
    (call,) = asyncio.run(nano.reply(request)).calls
    assert (call.name, dict(call.arguments)) == (wanted.name, dict(wanted.arguments))


@pytest.mark.slow
def test_a_follow_up_goes_on_from_the_call(nano: NanoBackend) -> None:
    """What was called before stands in the prompt: "make it 8" moves that event."""
    first = ToolCall("create_event", {"title": "lunch", "start": "Friday at noon"})
    before = (user("lunch on Friday at noon"), assistant(calls=(first,)))
    turns = (*before, user("make it 1pm"))
    reply = asyncio.run(nano.reply(Request(conversation=turns, toolset=TOOLS)))
    (call,) = reply.calls
    assert dict(call.arguments) == {"title": "lunch", "to": "1pm"}


def test_the_adapter_knows_the_bundled_tools() -> None:
    """The adapter of this copy was made for its tools, and is below 40 MB."""
    file = read_gguf(ADAPTER)
    learnt = json.loads(file.metadata[TOOLS_KEY])
    assert learnt.keys() == set(TOOLS.names)
    assert file.metadata[SUM_KEY] == checksum(ADAPTER, file.data)
    assert ADAPTER.stat().st_size < 40_000_000


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


@pytest.mark.slow
def test_texts_are_left_by_an_adapter_that_learnt_none() -> None:
    """Instructions that an adapter was not trained by are left to another backend."""
    weights = installed_weights()
    assert weights is not None
    turns = (system("Write a poem."), user("about the sea"))
    backend = NanoBackend(weights, ADAPTER)
    reply = asyncio.run(backend.reply(Request(conversation=turns, toolset=Toolset())))
    assert (reply.abstained, reply.text) == (True, "")
