"""Calls that were cut off: the store tells whether they were done, and their result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from agentkit import Context, Tool, ToolError, Toolset
from agentkit.discovery import installed_tools
from agentkit.intents import carrying_out
from agentkit_tools import calendar, contacts, lists, messages, notes, reminders

Use = Callable[..., Any]
AnyTool = Tool[..., Any]

CALLS: tuple[tuple[AnyTool, dict[str, Any]], ...] = (
    (calendar.create_event, {"title": "New", "start": "tomorrow at 8am"}),
    (
        calendar.move_event,
        {"title": "standup", "to": "11am", "when": "tomorrow", "scope": "this"},
    ),
    (calendar.move_event, {"title": "standup", "to": "11am", "scope": "all"}),
    (calendar.cancel_event, {"title": "standup", "when": "tomorrow"}),
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
    (notes.take_note, {"text": "The key is under the mat", "title": "Key"}),
)
each_call = pytest.mark.parametrize(
    ("tool", "arguments"), CALLS, ids=lambda v: getattr(v, "name", "")
)


@pytest.fixture
def home(context: Context, use: Use) -> Context:
    """Give a home with something in every file."""
    use(
        calendar.create_event, context, title="Standup", start="2026-11-18T10:00",
        repeat="daily", attendees=["ana@kos.example"],
    )  # fmt: skip
    use(reminders.create_reminder, context, text="water the plants", when="Friday 9am")
    use(reminders.set_alarm, context, time="06:30")
    use(lists.add_to_list, context, item="stamps and bread", list_name="errands")
    use(contacts.add_contact, context, name="Ana Kos", email="ana@kos.example")
    return context


def settle(tool: AnyTool, context: Context, arguments: dict[str, Any]) -> Any:
    assert tool.settle is not None
    with carrying_out("key"):
        return tool.settle(**tool.check(arguments, context))


def content(context: Context) -> dict[str, bytes]:
    """Return the bytes of all files that hold the user's data."""
    kinds = ("*.ics", "*.vcf", "notes/*.md", "outbox/*")
    paths = [path for kind in kinds for path in context.home.glob(kind)]
    return {path.name: path.read_bytes() for path in paths if path.is_file()}


@each_call
def test_what_was_not_done_is_told(
    tool: AnyTool, arguments: dict[str, Any], home: Context
) -> None:
    """A call that was cut off before it did anything was not done; looking is free."""
    before = content(home)
    assert settle(tool, home, arguments) is None
    assert content(home) == before


@each_call
def test_what_was_done_is_told(
    tool: AnyTool, arguments: dict[str, Any], home: Context, use: Use
) -> None:
    """A call that was done is found by its key: with a result of the tool's own kind."""
    with carrying_out("key"):
        result = use(tool, home, **arguments)
    found = settle(tool, home, arguments)
    assert type(found) is type(result)
    assert tool.word(tool.dump(found))
    for name in ("undo", "file", "message_id", "list_name", "items", "to"):
        assert getattr(found, name, None) == getattr(result, name, None), name


@each_call
def test_another_call_of_the_same_kind_is_not_taken_for_it(
    tool: AnyTool, arguments: dict[str, Any], home: Context, use: Use
) -> None:
    """The same words of another run are another intent."""
    with carrying_out("another key"):
        use(tool, home, **arguments)
    assert settle(tool, home, arguments) is None


@each_call
def test_what_was_settled_can_be_taken_back(
    tool: AnyTool, arguments: dict[str, Any], home: Context, use: Use
) -> None:
    """The result that settling gives undoes the call, to the byte."""
    before = content(home)
    with carrying_out("key"):
        use(tool, home, **arguments)
    found = settle(tool, home, arguments)
    assert tool.undo is not None
    tool.undo(found, home)
    assert content(home) == before


def test_what_was_changed_since_is_not_guessed(home: Context, use: Use) -> None:
    """Where the entry was changed again, nobody can tell, and that is said."""
    arguments = {"title": "standup", "to": "11am", "scope": "all"}
    with carrying_out("key"):
        use(calendar.move_event, home, **arguments)
    use(calendar.move_event, home, title="standup", to="2pm", scope="all")
    with pytest.raises(ToolError, match="changed since"):
        settle(calendar.move_event, home, arguments)


def test_a_mail_without_its_event_is_withdrawn(home: Context, use: Use) -> None:
    """An invite that was queued for an event that was never written is taken back."""
    arguments = {
        "title": "X", "start": "2027-01-05T10:00", "attendees": ["a@b.example"],
    }  # fmt: skip
    before = content(home)
    with carrying_out("key"):
        invite = use(calendar.send_invite, home, **arguments)
    calendar_file = home.home / "calendar.ics"
    calendar_file.write_bytes(before["calendar.ics"])
    assert (home.home / invite.file).exists()
    assert settle(calendar.send_invite, home, arguments) is None
    assert content(home) == before


def test_a_message_that_was_queued_only_is_finished(home: Context, use: Use) -> None:
    """A message in the outbox that the mailbox lacks is put there."""
    arguments = {"to": "ana@kos.example", "text": "On my way"}
    with carrying_out("key"):
        use(messages.send_message, home, **arguments)
    (home.home / "messages.db").unlink()
    settle(messages.send_message, home, arguments)
    [found] = use(messages.find_messages, home, query="way")
    assert found.text == "On my way"


def test_what_the_world_does_not_give_back_is_known() -> None:
    """Every bundled effect has an undo, but for what has left the device."""
    bundled: Toolset = installed_tools()
    final = {t.name for t in bundled if t.effect != "read" and t.undo is None}
    assert final == {"search_web", "send_outbox", "sync_calendar"}


def test_every_bundled_effect_can_be_settled() -> None:
    """No bundled tool leaves the user with an effect of unknown fate."""
    bundled: Toolset = installed_tools()
    unsettled = [t.name for t in bundled if t.effect != "read" and t.settle is None]
    assert unsettled == []
