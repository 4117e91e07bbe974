"""Undoing what the tools of calendar, reminders and lists did."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from agentkit import Context, Tool, ToolError
from agentkit_tools import calendar, lists, reminders
from agentkit_tools.calendar import cancel_event, create_event, find_events, send_invite
from agentkit_tools.lists import add_to_list, delete_list, show_list
from agentkit_tools.reminders import create_reminder

Use = Callable[..., Any]
AnyTool = Tool[..., Any]

CALLS: tuple[tuple[AnyTool, dict[str, Any]], ...] = (
    (calendar.create_event, {"title": "New", "start": "tomorrow at 8am"}),
    (
        calendar.move_event,
        {"title": "standup", "to": "11am", "when": "tomorrow", "scope": "this"},
    ),
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
)


@pytest.fixture
def home(context: Context, use: Use) -> Context:
    """Give a home with something in every file."""
    use(
        calendar.create_event, context, title="Standup", start="2026-11-18T10:00",
        repeat="daily", attendees=["ana@kos.example"],
    )  # fmt: skip
    use(create_reminder, context, text="water the plants", when="Friday at 9am")
    use(reminders.set_alarm, context, time="06:30")
    use(add_to_list, context, item="stamps, keys and bread", list_name="errands")
    return context


def content(context: Context) -> dict[str, bytes]:
    """Return the bytes of all files that hold the user's data."""
    outbox = [path for path in context.home.glob("outbox/*") if path.is_file()]
    files = [*context.home.glob("*.ics"), *outbox]
    return {path.name: path.read_bytes() for path in files}


@pytest.mark.parametrize(
    ("tool", "arguments"), CALLS, ids=lambda v: getattr(v, "name", "")
)
def test_undo_restores_every_byte(
    tool: AnyTool, arguments: dict[str, Any], home: Context, use: Use
) -> None:
    """After the undo all files and the outbox are as they were."""
    before = content(home)
    result = use(tool, home, **arguments)
    assert content(home) != before
    assert tool.undo is not None
    tool.undo(result, home)
    assert content(home) == before


def test_every_tool_that_changes_something_has_an_undo() -> None:
    """No write, send or delete tool of the three areas lacks it."""
    for area in (calendar, reminders, lists):
        for tool in vars(area).values():
            if isinstance(tool, Tool) and tool.effect != "read":
                assert tool.undo is not None, tool.name


def test_undo_works_on_a_result_that_was_kept_as_json(home: Context, use: Use) -> None:
    """A journal may keep results as text and undo them later."""
    before = content(home)
    result = use(cancel_event, home, title="standup", scope="all")
    kept = json.loads(json.dumps(cancel_event.dump(result)))
    assert cancel_event.undo is not None
    assert cancel_event.returns is not None
    cancel_event.undo(cancel_event.returns.validate_python(kept), home)
    assert content(home) == before


def test_the_first_file_is_taken_away_again(context: Context, use: Use) -> None:
    """Where there was no calendar before, there is none afterwards."""
    context.home.mkdir()
    result = use(create_event, context, title="X", start="tomorrow at 8am")
    assert create_event.undo is not None
    create_event.undo(result, context)
    assert content(context) == {}


def test_later_changes_stay(home: Context, use: Use) -> None:
    """Undo takes back its own change only."""
    gone = use(delete_list, home, list_name="errands")
    use(add_to_list, home, item="tea", list_name="errands")
    assert delete_list.undo is not None
    delete_list.undo(gone, home)
    [found] = use(show_list, home, list_name="errands").lists
    assert set(found.items) == {"stamps", "keys", "bread", "tea"}


def test_a_time_zone_that_others_need_stays(context: Context, use: Use) -> None:
    """The first event's zone is kept for the second."""
    first = use(create_event, context, title="A", start="tomorrow at 8am")
    use(create_event, context, title="B", start="tomorrow at 9am")
    assert create_event.undo is not None
    create_event.undo(first, context)
    [event] = use(find_events, context)
    assert (event.title, event.start) == ("B", "2026-11-19T09:00:00+01:00")
    assert b"BEGIN:VTIMEZONE" in (context.home / "calendar.ics").read_bytes()


def test_what_was_changed_since_is_not_undone(home: Context, use: Use) -> None:
    """An event that was changed again stays as it is, and that is told."""
    made = use(create_event, home, title="Trip", start="tomorrow at 8am")
    use(calendar.move_event, home, title="trip", to="tomorrow at 9am")
    before = content(home)
    assert create_event.undo is not None
    with pytest.raises(ToolError, match="changed again"):
        create_event.undo(made, home)
    assert content(home) == before


def test_what_was_sent_is_not_undone(home: Context, use: Use) -> None:
    """An invite that has left the outbox cannot be taken back."""
    invite = use(
        send_invite, home, title="X", start="tomorrow at 8am",
        attendees=["a@b.example"],
    )  # fmt: skip
    (home.home / invite.file).unlink()
    assert send_invite.undo is not None
    with pytest.raises(ToolError, match="sent already"):
        send_invite.undo(invite, home)
    assert use(find_events, home, query="X")


@pytest.mark.parametrize("name", ["", "00000000", "../../x", "zz"])
def test_an_unknown_change_is_told(name: str, home: Context, use: Use) -> None:
    """What is not kept cannot be undone; names never lead elsewhere."""
    made = use(create_reminder, home, text="x")
    assert create_reminder.undo is not None
    with pytest.raises(ToolError):
        create_reminder.undo(replace(made, undo=name), home)


def test_a_change_is_undone_once(home: Context, use: Use) -> None:
    """A second undo of the same change does nothing."""
    made = use(create_reminder, home, text="x")
    assert create_reminder.undo is not None
    create_reminder.undo(made, home)
    with pytest.raises(ToolError, match="no longer"):
        create_reminder.undo(made, home)
