"""What a tool gives back of a stranger's choice is no more the user's for that."""

from __future__ import annotations

from typing import Any

import pytest

from agentkit import ToolCall, ToolResult, Toolset, tool
from agentkit.messages import Label
from agentkit.safety.provenance import Evidence, trace_call


@tool(effect="read", untrusted=True)
def prices(names: list[str]) -> dict[str, int]:
    """Tell the prices of hotels.

    Args:
        names: of the hotels.
    """
    return dict.fromkeys(names, 120)


@tool(effect="send")
def reserve(hotel: str) -> str:
    """Reserve a room.

    Args:
        hotel: its name.
    """
    return hotel


TOOLS = Toolset([prices, reserve])
FORMS: dict[str, Any] = {
    "as a key": {"Evil Inn": 120},
    "as a name": [{"name": "Evil Inn", "price": 120}],
    "with the user's words": [{"name": "Evil Inn", "city": "Porto", "price": 120}],
    "alone": "Evil Inn",
}


def ground(
    value: Any, *chosen: str, said: str = "a room in Porto for 120 euros"
) -> str:
    """Return where a hotel's name comes from."""
    evidence = Evidence(TOOLS)
    evidence.say(said)
    result = ToolResult(ToolCall("prices", {"names": ["Evil Inn"]}), "done", value)
    evidence.add(result, Label("tool", trust="untrusted"), chosen=chosen)
    [trace] = trace_call(ToolCall("reserve", {"hotel": "Evil Inn"}), reserve, evidence)
    return trace.ground


@pytest.mark.parametrize("value", FORMS.values(), ids=FORMS)
def test_an_echo_of_what_others_chose_stays_theirs(value: Any) -> None:
    """In whatever form it comes back, beside whatever the user said."""
    assert ground(value, "Evil Inn") == "text"


@pytest.mark.parametrize("said", ["a room for 120 euros", "two rooms, 120 in all"])
def test_a_number_that_coincides_links_nothing(said: str) -> None:
    """A price that the user said names no hotel."""
    assert ground([{"name": "Evil Inn", "price": 120}], said=said) != "linked"


def test_what_the_user_names_is_linked() -> None:
    """A city that the user said, and a number that is a thing's own."""
    assert (
        ground([{"name": "Evil Inn", "booking_id": 4711}], said="book 4711") != "text"
    )
