"""An event is read out of a message: its time, its length and what it is about."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from agentkit import Context
from agentkit.backends.reflex.drafts import CallDraft
from agentkit.backends.reflex.event_told import event_told
from agentkit.backends.reflex.found_things import Act, about_found
from agentkit.backends.reflex.kits import kit_for
from agentkit.backends.reflex.references import Past
from agentkit.discovery import installed_tools
from agentkit.messages import ToolCall, ToolResult

ZONE = ZoneInfo("Europe/Berlin")
CONTEXT = Context(now=datetime(2026, 3, 10, 9, 0, tzinfo=ZONE))


def message(text: str, subject: str = "") -> dict[str, object]:
    """Make a message of yesterday evening."""
    sent = datetime(2026, 3, 9, 19, 40, tzinfo=ZONE).isoformat()
    return {"text": text, "sent": sent, "sender": "Kim Lee", "subject": subject}


@pytest.mark.parametrize(
    ("text", "subject", "event"),
    [
        (
            "can we talk about the lease on Thursday at 11? Half an hour is enough.",
            "",
            {
                "title": "lease",
                "start": "2026-03-12T11:00:00+01:00",
                "duration": "Half an hour",
            },
        ),
        (
            "Essen morgen um 12 Uhr?",
            "Re: AW: Mittag",
            {"title": "Mittag", "start": "2026-03-10T12:00:00+01:00"},
        ),
        (
            "See you on Friday at 5.",
            "",
            {"title": "Kim Lee", "start": "2026-03-13T17:00:00+01:00"},
        ),
    ],
    ids=["about", "subject", "sender"],
)
def test_an_event_is_told_by_a_message(
    text: str, subject: str, event: dict[str, str]
) -> None:
    """A day is meant as the message was written."""
    assert event_told(message(text, subject), CONTEXT) == event


@pytest.mark.parametrize("text", ["Call me.", "It was nice on March 2nd, 2026.", ""])
def test_a_message_without_a_time_to_come_tells_of_none(text: str) -> None:
    """Nothing is guessed."""
    assert event_told(message(text), CONTEXT) == {}


def test_what_one_message_tells_of_becomes_an_event() -> None:
    """Of several it is asked which one is meant."""
    kit, act = kit_for(installed_tools()), Act("keep", None, "")

    def kept(*texts: str) -> tuple[CallDraft, ...]:
        found = ToolResult(
            ToolCall("find_messages", {}), "done", [*map(message, texts)]
        )
        reading = about_found(act, "add it", "en", Past((found,)), kit, CONTEXT)
        assert reading is not None
        return reading.drafts

    (draft,) = kept("Lunch on Friday at 1?")
    assert (draft.tool, draft.missing) == ("create_event", ())
    assert kept("Lunch on Friday at 1?", "Tennis on Sunday at 3?") == ()
