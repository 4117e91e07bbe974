"""Tools as people write them at once: few examples or none, numbers, closed sets."""

import asyncio
from datetime import UTC, datetime
from typing import Any, Literal

import pytest

from agentkit.backends.base import Reply, Request
from agentkit.backends.reflex import ReflexBackend
from agentkit.context import Context
from agentkit.messages import Message, assistant, user
from agentkit.slots import Contact, When
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


@tool(
    effect="write",
    examples=["(plan|schedule) a [{title}+](feast|rehearsal) [with {guests}] [{when}]"],
)
def plan_feast(
    title: str = "", guests: list[Contact] | None = None, when: When | None = None
) -> str:
    """Plan a feast."""
    return title


@tool(effect="send", examples=["wire {to} [that] {text}"])
def wire(to: Contact, text: str) -> str:
    """Send a wire."""
    return text


OWN = Toolset(
    log_practice, set_heater, paint_fence, grade_essay, set_humidity, book_ferry,
    stock_shed, plan_feast, wire,
)  # fmt: skip


def plan(text: str, *before: Message) -> Reply:
    request = Request(
        conversation=(*before, user(text)),
        toolset=OWN,
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
        ("set the humidity to 42%", "set_humidity", {"percent": 42.0}),
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


@pytest.mark.parametrize(
    "text",
    ["put rakes in the shed and tell me a joke", "put rakes in the shed and what time is it"],
)  # fmt: skip
def test_a_joined_clause_that_no_tool_fits_is_named(text: str) -> None:
    """Nothing is done of a request whose second clause fits no tool."""
    reply = plan(text)
    assert not reply.calls
    assert text.partition(" and ")[2] in reply.reason


@pytest.mark.parametrize(
    "answer", ["what time is it", "set the humidity to 40", "paint the barn"]
)
def test_a_request_is_no_answer(answer: str) -> None:
    """A turn that asks for something else does not fill the slot asked for."""
    asked = plan("book a ferry").question
    assert asked is not None
    reply = plan(answer, user("book a ferry"), assistant(asked.text))
    assert "book_ferry" not in {call.name for call in reply.calls}


def test_a_name_is_an_answer() -> None:
    """A turn of a few plain words fills the slot asked for."""
    asked = plan("book a ferry").question
    assert asked is not None
    reply = plan("Oslo", user("book a ferry"), assistant(asked.text))
    assert calls_of(reply) == [("book_ferry", {"destination": "Oslo"})]


@pytest.mark.parametrize("said", ["wire her the details", "wire Priya the details"])
def test_the_details_are_the_first_clause(said: str) -> None:
    """A text that points back is made of the words of the first clause."""
    reply = plan(f"plan a feast with Priya tomorrow at 3pm and {said}")
    assert [call.name for call in reply.calls] == ["plan_feast", "wire"]
    assert dict(reply.calls[1].arguments) == {
        "to": "Priya",
        "text": "feast with Priya tomorrow at 3pm",
    }
