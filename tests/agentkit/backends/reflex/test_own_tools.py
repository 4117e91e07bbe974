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


@tool(effect="write")
def paint_fence(fence: str, litres: int = 2) -> str:
    """Paint a fence."""
    return fence


@tool(effect="write")
def grade_essay(title: str, points: int) -> str:
    """Grade an essay."""
    return f"{title} {points}"


@tool(effect="write")
def set_humidity(percent: float) -> str:
    """Set the humidity."""
    return str(percent)


@tool(effect="send", examples=["(open|shut) the garage"])
def book_ferry(destination: str, seats: int = 1) -> str:
    """Book a ferry.

    Args:
        destination: where to go.
        seats: how many people.
    """
    return destination


@tool(effect="write", examples=["put {item} in the shed", "lend {item} to the club"])
def stock_shed(item: str) -> str:
    """Note what is in the shed."""
    return item


OWN = Toolset(
    log_practice, set_heater, paint_fence, grade_essay, set_humidity, book_ferry,
    stock_shed,
)  # fmt: skip


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


@pytest.mark.parametrize(
    ("text", "name", "arguments"),
    [
        ("please paint our barn", "paint_fence", {"fence": "barn"}),
        ("paint the north fence with 3 litres", "paint_fence", {"fence": "north", "litres": 3}),
        ("grade Emma with four points", "grade_essay", {"title": "Emma", "points": 4}),
        ("set the humidity to 42.5 percent", "set_humidity", {"percent": 42.5}),
        ("set the humidity at forty two", "set_humidity", {"percent": 42.0}),
        ("book a ferry to Baker Island", "book_ferry", {"destination": "Baker Island"}),
        ("book a ferry to Oslo for 4 people", "book_ferry", {"destination": "Oslo", "seats": 4}),
    ],
)  # fmt: skip
def test_a_name_and_its_slots_are_a_sentence(
    text: str, name: str, arguments: dict[str, Any]
) -> None:
    """A tool's name stands beside its examples, a slot in the place of its noun."""
    assert calls_of(plan(text)) == [(name, arguments)]


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("add rakes to the shed", "rakes"),
        ("put The Big Rake in the shed", "The Big Rake"),
        ("put the rake in the shed", "rake"),
    ],
)
def test_free_text_ends_where_the_sentence_goes_on(text: str, item: str) -> None:
    """A slot leaves out what leads on to other words, and keeps a title's article."""
    assert calls_of(plan(text)) == [("stock_shed", {"item": item})]
