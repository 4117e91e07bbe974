"""Tools as people write them at once: few examples or none, numbers, closed sets."""

import asyncio
from datetime import UTC, datetime
from typing import Any, Literal

import pytest

from agentkit.backends.base import Reply, Request
from agentkit.backends.reflex import ReflexBackend
from agentkit.context import Context
from agentkit.messages import user
from agentkit.tools import Toolset, tool


@tool(effect="write", examples=["i practised {piece} for {minutes} minutes"])
def log_practice(piece: Literal["scales", "etudes"], minutes: int) -> str:
    """Log music practice."""
    return f"{piece} {minutes}"


@tool(effect="write", examples=["turn {state} the {place} heater"])
def set_heater(
    place: Literal["garden room", "wine-cellar"], state: Literal["on", "off"]
) -> str:
    """Switch a heater."""
    return f"{place} {state}"


OWN = Toolset(log_practice, set_heater)


def plan(text: str, tools: Toolset = OWN) -> Reply:
    request = Request(
        conversation=(user(text),),
        toolset=tools,
        context=Context(now=datetime(2026, 3, 4, 9, 30, tzinfo=UTC)),
    )
    return asyncio.run(ReflexBackend().reply(request))


def calls_of(reply: Reply) -> list[tuple[str, dict[str, Any]]]:
    return [(call.name, dict(call.arguments)) for call in reply.calls]


@pytest.mark.parametrize(
    ("text", "name", "arguments"),
    [
        ("i practised scales for 45 minutes", "log_practice", {"piece": "scales", "minutes": 45}),
        ("i practised etudes for an hour", "log_practice", {"piece": "etudes", "minutes": 60}),
        ("i practised scales for twenty two minutes", "log_practice", {"piece": "scales", "minutes": 22}),
        ("turn on the garden room heater", "set_heater", {"place": "garden room", "state": "on"}),
        ("turn off the wine cellar heater", "set_heater", {"place": "wine-cellar", "state": "off"}),
    ],
)  # fmt: skip
def test_fills_numbers_and_closed_sets(
    text: str, name: str, arguments: dict[str, Any]
) -> None:
    """A sentence of the tool's own wording fills its numbers and closed sets."""
    assert calls_of(plan(text)) == [(name, arguments)]
