"""A service answers requests: tools of several kinds, each outcome handled."""

from __future__ import annotations

import asyncio
import functools
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, assert_never

from pydantic import Field

from agentkit import (
    Agent,
    Approval,
    Approved,
    Context,
    Denied,
    Done,
    NeedsApproval,
    NeedsInput,
    Outcome,
    Question,
    Stopped,
    Tool,
    ToolError,
    ToolLike,
    Toolset,
    tool,
)
from agentkit.backends import ScriptedBackend


@dataclass
class Hotel:
    """What the tools work on."""

    free: dict[str, int]
    booked: list[str] = field(default_factory=list[str])


@tool(effect="read")
def list_rooms(hotel: Context[Hotel], floor: int | None = None) -> dict[str, int]:
    """List the rooms that are free.

    Args:
        floor: only those of this floor.
    """
    free = hotel.deps.free
    return {name: beds for name, beds in free.items() if floor in (None, int(name[0]))}


@tool(effect="send", untrusted=False)
async def book_room(
    hotel: Context[Hotel], room: str, nights: Annotated[int, Field(ge=1)] = 1
) -> str:
    """Book a room.

    Args:
        room: its number.
        nights: for how long.
    """
    if room not in hotel.deps.free:
        raise ToolError(f"there is no room {room}")
    hotel.deps.booked.append(f"{room}: {nights}")
    return f"Room {room} is yours."


def price_of(nights: int, per_night: float) -> float:
    """Tell a price."""
    return nights * per_night


def say_hello(name: str) -> str:
    """Greet a guest."""
    return f"Hello, {name}!"


class Pager:
    """Call a guest."""

    def __call__(self, room: int, minutes: float = 0.0) -> bool:
        """Call a guest, now or later."""
        return bool(room and minutes)


class Desk:
    """The front desk."""

    @tool(effect="read")
    def hours(self, day: str = "today") -> str:
        """Tell when it is open."""
        return f"{day}: 7 to 23"


def answered(outcome: Outcome) -> str:
    """Say what came of a request, whatever it was."""
    match outcome:
        case Done():
            return outcome.text
        case NeedsInput():
            question: Question = outcome.question
            return f"{question.text} {', '.join(question.candidates)}"
        case NeedsApproval():
            return "; ".join(one.preview for one in outcome.pending)
        case Stopped():
            return f"{outcome.reason}: {outcome.text}"
    assert_never(outcome)


def only_short_stays(approval: Approval) -> Approved | Denied:
    """Play the guest."""
    nights = approval.call.arguments.get("nights", 1)
    return Approved() if nights < 3 else Denied("that is too long")


def make_agent(hotel: Hotel, script: list[str], home: Path) -> Agent:
    """Make the agent of one hotel, whose journal is in a folder of its own."""
    desk = Desk()
    decorated = [list_rooms, book_room]
    opening: str = desk.hours("monday")
    pricing = functools.partial(price_of, per_night=80.0)
    tools: list[ToolLike] = [*decorated, pricing, desk.hours]
    agent = Agent(
        tools=tools,
        backend=ScriptedBackend(script),
        approve=only_short_stays,
        context=Context(home=home, deps=hotel),
        instructions=f"The desk is open on {opening}.",
    )
    names: tuple[str, ...] = agent.toolset.names
    assert names == ("list_rooms", "book_room", "price_of", "hours")
    # A list that is written where it is given needs no annotation, whatever is in it;
    # nor does one of tools alone, or of functions alone, that has a name.
    Agent([list_rooms, book_room, say_hello, pricing, Pager(), desk.hours], "reflex")
    assert len(Toolset([list_rooms, say_hello, pricing, Pager(), desk.hours])) == 5
    assert len(Toolset(decorated)) == len(Toolset([price_of, answered][:1], desk.hours))
    first: Tool = next(iter(Toolset(decorated)))
    assert first.name == "list_rooms"
    return agent


async def main(home: Path) -> list[str]:
    """Serve two guests at once."""
    hotel = Hotel({"101": 2, "201": 1})
    short = make_agent(hotel, ["[book_room(room='101', nights=2)]", "Booked."], home)
    long = make_agent(hotel, ["[book_room(room='201', nights=9)]", "Not booked."], home)
    outcomes = await asyncio.gather(
        short.arun("Book room 101 for 2 nights"),
        long.arun("Book room 201 for 9 nights"),
    )
    assert hotel.booked == ["101: 2"]
    return [answered(one) for one in outcomes]


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        print(asyncio.run(main(Path(folder))))
