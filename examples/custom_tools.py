"""Tools in a file of one's own: `agentkit run "..." --tools examples/custom_tools.py`.

Every function that is decorated with `@tool` at the top of the file is offered.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from pydantic import Field

from agentkit import Context, ToolError, tool


class Room(Enum):
    """Where a lamp hangs."""

    KITCHEN = "kitchen"
    BEDROOM = "bedroom"
    OFFICE = "office"


@dataclass
class Lamp:
    """A lamp as it is now."""

    room: Room
    brightness: int


def _say_lamp(lamp: Lamp) -> str:
    if lamp.brightness == 0:
        return f"The {lamp.room.value} lamp is off."
    return f"The {lamp.room.value} lamp is at {lamp.brightness} percent."


@tool(
    examples=["(dim|set) the {room} (lamp|light) to {brightness} [percent]"],
    wording=_say_lamp,
)
def set_lamp(
    room: Room, brightness: Annotated[int, Field(ge=0, le=100)], context: Context
) -> Lamp:
    """Set the brightness of a lamp.

    Args:
        room: where the lamp hangs.
        brightness: from 0, off, to 100, full.
        context: filled in by the run, since it is a Context; no model sees it.
    """
    file = context.home / "lamps" / f"{room.value}.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(str(brightness))
    return Lamp(room, brightness)


@tool(
    effect="read",
    examples=["is the {room} (lamp|light) on", "how bright is the {room} (lamp|light)"],
    wording=_say_lamp,
)
def get_lamp(room: Room, context: Context) -> Lamp:
    """Tell how bright a lamp is.

    Args:
        room: where the lamp hangs.
        context: filled in by the run.
    """
    file = context.home / "lamps" / f"{room.value}.txt"
    try:
        return Lamp(room, int(file.read_text()))
    except FileNotFoundError:
        # The model, or the user, gets to read this; the run goes on.
        raise ToolError(f"nobody has set the {room.value} lamp yet") from None
