"""Calls that were cut off: the store tells whether they were done, and their result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from agentkit import Context, ToolError, Toolset
from agentkit.context import carrying_out
from agentkit.discovery import installed_tools
from agentkit_tools import calendar, messages
from tests.tools.effects import AnyTool, content, each_call

Use = Callable[..., Any]


def settle(tool: AnyTool, context: Context, arguments: dict[str, Any]) -> Any:
    assert tool.settle is not None
    with carrying_out("key"):
        return tool.settle(**tool.check(arguments, context))


@each_call
def test_what_was_not_done_is_told(
    tool: AnyTool, arguments: dict[str, Any], filled: Context
) -> None:
    """A call that was cut off before it did anything was not done; looking is free."""
    before = content(filled)
    assert settle(tool, filled, arguments) is None
    assert content(filled) == before


@each_call
def test_what_was_done_is_told(
    tool: AnyTool, arguments: dict[str, Any], filled: Context, use: Use
) -> None:
    """A call that was done is found by its key: with a result of the tool's own kind."""
    with carrying_out("key"):
        result = use(tool, filled, **arguments)
    found = settle(tool, filled, arguments)
    assert type(found) is type(result)
    assert tool.word(tool.dump(found))
    for name in ("undo", "file", "message_id", "list_name", "items", "to"):
        assert getattr(found, name, None) == getattr(result, name, None), name


@each_call
def test_another_call_of_the_same_kind_is_not_taken_for_it(
    tool: AnyTool, arguments: dict[str, Any], filled: Context, use: Use
) -> None:
    """The same words of another run are another intent."""
    with carrying_out("another key"):
        use(tool, filled, **arguments)
    assert settle(tool, filled, arguments) is None


@each_call
def test_what_was_settled_can_be_taken_back(
    tool: AnyTool, arguments: dict[str, Any], filled: Context, use: Use
) -> None:
    """The result that settling gives undoes the call, to the byte."""
    before = content(filled)
    with carrying_out("key"):
        use(tool, filled, **arguments)
    found = settle(tool, filled, arguments)
    assert tool.undo is not None
    tool.undo(found, filled)
    assert content(filled) == before


def test_what_was_changed_since_is_not_guessed(filled: Context, use: Use) -> None:
    """Where the entry was changed again, nobody can tell, and that is said."""
    arguments = {"title": "standup", "to": "11am", "scope": "all"}
    with carrying_out("key"):
        use(calendar.move_event, filled, **arguments)
    use(calendar.move_event, filled, title="standup", to="2pm", scope="all")
    with pytest.raises(ToolError, match="changed since"):
        settle(calendar.move_event, filled, arguments)


def test_a_mail_without_its_event_is_withdrawn(filled: Context, use: Use) -> None:
    """An invite that was queued for an event that was never written is taken back."""
    arguments = {
        "title": "X", "start": "2027-01-05T10:00", "attendees": ["a@b.example"],
    }  # fmt: skip
    before = content(filled)
    with carrying_out("key"):
        invite = use(calendar.send_invite, filled, **arguments)
    calendar_file = filled.home / "calendar.ics"
    calendar_file.write_bytes(before["calendar.ics"])
    assert (filled.home / invite.file).exists()
    assert settle(calendar.send_invite, filled, arguments) is None
    assert content(filled) == before


def test_a_message_that_was_queued_only_is_finished(filled: Context, use: Use) -> None:
    """A message in the outbox that the mailbox lacks is put there."""
    arguments = {"to": "ana@kos.example", "text": "On my way"}
    with carrying_out("key"):
        use(messages.send_message, filled, **arguments)
    (filled.home / "messages.db").unlink()
    settle(messages.send_message, filled, arguments)
    [found] = use(messages.find_messages, filled, query="way")
    assert found.text == "On my way"


def test_what_the_world_does_not_give_back_is_known() -> None:
    """Every bundled effect has an undo, but for what has left the device."""
    bundled: Toolset = installed_tools()
    final = {t.name for t in bundled if t.effect != "read" and t.undo is None}
    # What takes back, or does again, is not taken back itself.
    assert final == {
        "search_web",
        "send_outbox",
        "sync_calendar",
        "undo_last",
        "redo_last",
    }


def test_every_bundled_effect_can_be_settled() -> None:
    """No bundled tool leaves the user with an effect of unknown fate."""
    bundled: Toolset = installed_tools()
    unsettled = [t.name for t in bundled if t.effect != "read" and t.settle is None]
    # The entries that they took back, or did again, say so themselves.
    assert unsettled == ["undo_last", "redo_last"]
