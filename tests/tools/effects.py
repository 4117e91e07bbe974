"""Calls of bundled tools that change something, and the files that they change."""

from __future__ import annotations

from typing import Any

import pytest

from agentkit import Context, Tool
from agentkit_tools import (
    calendar,
    contacts,
    dispatch,
    lists,
    messages,
    notes,
    reminders,
)

AnyTool = Tool

CALLS: tuple[tuple[AnyTool, dict[str, Any]], ...] = (
    (calendar.create_event, {"title": "New", "start": "tomorrow at 8am"}),
    (
        calendar.move_event,
        {"title": "standup", "to": "11am", "when": "tomorrow", "scope": "this"},
    ),
    (calendar.move_event, {"title": "standup", "to": "11am", "scope": "all"}),
    (
        calendar.move_event,
        {"title": "standup", "to": "11am", "when": "Friday", "scope": "all"},
    ),
    (
        calendar.move_event,
        {"title": "standup", "to": "11am", "scope": "this_and_following"},
    ),
    (calendar.cancel_event, {"title": "standup", "when": "tomorrow"}),
    (calendar.cancel_event, {"title": "standup", "scope": "this_and_following"}),
    (calendar.cancel_event, {"title": "standup", "scope": "all"}),
    (
        calendar.send_invite,
        {"title": "X", "start": "2027-01-05T10:00", "attendees": ["a@b.example"]},
    ),
    (reminders.create_reminder, {"text": "water", "when": "tomorrow at 9am"}),
    (reminders.complete_reminder, {"text": "water the plants"}),
    (reminders.delete_reminder, {"text": "water the plants"}),
    (reminders.set_alarm, {"time": "7am", "repeat": "daily"}),
    (reminders.cancel_alarm, {"time": "06:30"}),
    (reminders.start_timer, {"duration": "5 minutes"}),
    (lists.add_to_list, {"item": "milk and eggs", "list_name": "errands"}),
    (lists.remove_from_list, {"item": "stamps", "list_name": "errands"}),
    (lists.create_list, {"list_name": "films"}),
    (lists.delete_list, {"list_name": "errands"}),
    (contacts.add_contact, {"name": "Bo Lund", "email": "bo@lund.example"}),
    (contacts.edit_contact, {"name": "Ana Kos", "phone": "+49 30 1"}),
    (contacts.delete_contact, {"name": "Ana Kos"}),
    (messages.send_message, {"to": "ana@kos.example", "text": "On my way"}),
    (
        dispatch.schedule_message,
        {"when": "tomorrow at 8am", "to": "ana@kos.example", "text": "Hi"},
    ),
    (dispatch.await_answer, {"person": "ana@kos.example", "when": "Friday"}),
    (notes.take_note, {"text": "The key is under the mat", "title": "Key"}),
)
each_call = pytest.mark.parametrize(
    ("tool", "arguments"), CALLS, ids=lambda v: getattr(v, "name", "")
)


def content(context: Context) -> dict[str, bytes]:
    """Return the bytes of all files that hold the user's data."""
    kinds = ("*.ics", "*.vcf", "notes/*.md", "outbox/*")
    paths = [path for kind in kinds for path in context.home.glob(kind)]
    return {path.name: path.read_bytes() for path in paths if path.is_file()}
