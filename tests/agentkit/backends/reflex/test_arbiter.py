"""Which of a turn's readings is taken where sentences and understanding differ."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from agentkit.backends.reflex.kits import kit_for
from agentkit.backends.reflex.references import Past
from agentkit.backends.reflex.turn import read_turn
from agentkit.context import Context
from agentkit.discovery import installed_tools

Calls = list[tuple[str, dict[str, Any]]]

SURE: dict[str, Calls] = {
    "I can't come to the wedding, decline the invitation": [
        ("answer_invite", {"answer": "decline", "title": "wedding"})
    ],
    "I won't make it to choir on Monday, cancel it in my calendar": [
        ("cancel_event", {"title": "choir", "when": "Monday"})
    ],
    "I've read all of those, mark them as read": [("mark_read", {})],
    "set a timer for 20 minutes and add pizza to the shopping list": [
        ("start_timer", {"duration": "20 minutes"}),
        ("add_to_list", {"item": "pizza", "list_name": "shopping"}),
    ],
}


@pytest.mark.parametrize("said", SURE)
def test_what_is_surely_not_meant_is_not_called(said: str) -> None:
    """A sentence that is met by chance makes no call beside the one that is meant."""
    tools = installed_tools()
    context = Context(now=datetime(2026, 9, 24, 10, tzinfo=UTC))
    reading = read_turn(said, kit_for(tools), tools, context, (), Past())
    assert [(one.tool, dict(one.arguments)) for one in reading.drafts] == SURE[said]
