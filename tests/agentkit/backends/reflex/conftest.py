"""A household's own tools: the backend knows none of them by name."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeAlias

import pytest

from agentkit.backends.base import Reply, Request
from agentkit.backends.reflex import ReflexBackend
from agentkit.context import Context
from agentkit.messages import Message, user
from agentkit.slots import Contact, Duration, When
from agentkit.tools import Toolset, tool

Ask: TypeAlias = Callable[..., Reply]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A parcel that is on its way."""

    parcel: str
    day: str
    note: str = ""


@tool(
    effect="write",
    examples=["turn (on|off) the {room} light", "turn the {room} light (on|off)"],
)
def light(room: str, state: Literal["on", "off"]) -> str:
    """Switch a light."""
    return f"{room} {state}"


@tool(
    effect="send",
    examples=["(fax|telegraph) {to} [that|saying] {text}", "send a fax to {to}"],
    wording=lambda said: f"Faxed: {said}.",
)
def fax(to: Contact, text: str) -> str:
    """Send a fax.

    Args:
        to: who gets it.
        text: what to say.
    """
    return f"{to}: {text}"


@tool(effect="write", examples=["water the {plants} [{when}] [for {duration}]"])
def water(
    plants: str, when: When | None = None, duration: Duration | None = None
) -> str:
    """Water plants."""
    return plants


@tool(effect="write", examples=["[set the] heating [to {degrees}] [degrees] [{when}]"])
def heat(
    degrees: int, when: When | None = None, repeat: Literal["daily"] | None = None
) -> str:
    """Set the heating."""
    return str(degrees)


@tool(
    effect="write", examples=["put {title}+(feast|banquet) in the guest book [{day}]"]
)
def note_feast(
    title: str, day: When | None = None, guests: list[Contact] | None = None
) -> str:
    """Write a feast into the guest book."""
    return title


@tool(
    effect="read",
    examples=["(find|show) the [last] [{count}] late deliveries"],
)
def late_deliveries(count: int = 5) -> list[Delivery]:
    """Find late deliveries."""
    return []


@tool(effect="read", examples=["(count|show) the [last] [{count}] visitors"])
def visitors(count: int = 5) -> str:
    """Show who came."""
    return "nobody"


@tool(
    effect="send", examples=["send (complaints|a complaint) [about {parcel}] [{day}]"]
)
def complain(parcel: str, day: When, note: str = "") -> str:
    """Send a complaint about a parcel."""
    return parcel


@tool(effect="write")
def book_taxi(destination: str, time: When) -> str:
    """Book a taxi.

    Args:
        destination: where it goes.
        time: when it comes.
    """
    return destination


@pytest.fixture(scope="session")
def household() -> Toolset:
    """All of the household's tools."""
    return Toolset(
        light, fax, water, heat, note_feast, late_deliveries, visitors, complain,
        book_taxi,
    )  # fmt: skip


@pytest.fixture
def ask(household: Toolset) -> Ask:
    """Ask the backend; messages may stand before and behind the last request."""

    def reply(
        text: str, *, before: tuple[Message, ...] = (), after: tuple[Message, ...] = ()
    ) -> Reply:
        request = Request(
            conversation=(*before, user(text), *after),
            toolset=household,
            context=Context(now=datetime(2026, 3, 4, 9, 30, tzinfo=UTC)),
        )
        return asyncio.run(ReflexBackend().reply(request))

    return reply
