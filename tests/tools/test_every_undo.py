"""Every bundled effect, done by an agent and taken back through the journal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agentkit import Agent, Context, Limits, Policy, ToolCall
from agentkit.backends import Reply, ScriptedBackend
from agentkit.discovery import installed_tools
from agentkit_tools._itip_inbox import receive_invite
from agentkit_tools._store.letter_search import Search, find_letters

TOOLS = installed_tools()
EFFECTS = sorted(t.name for t in TOOLS if t.effect != "read" and t.undo is not None)
MAIL = (
    "From: Ana Kos <ana@kos.example>\nTo: kim@berg.example\n"
    "Date: Tue, 17 Nov 2026 10:00:00 +0100\nMessage-ID: <m1@kos.example>\n"
    "Subject: Walk\n\nShall we?\n"
)
INVITE = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//O//EN\r\nMETHOD:REQUEST\r\n"
    "BEGIN:VEVENT\r\nUID:o@other\r\nDTSTAMP:20261101T000000Z\r\n"
    "DTSTART:20261124T100000Z\r\nDURATION:PT30M\r\nSUMMARY:Board\r\n"
    "ORGANIZER:mailto:boss@other.example\r\n"
    "ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:kim@berg.example\r\n"
    "END:VEVENT\r\nEND:VCALENDAR\r\n"
)
CALLS: dict[str, dict[str, Any]] = {
    "create_event": {"title": "New", "start": "tomorrow at 8am"},
    "move_event": {"title": "standup", "to": "11am", "scope": "all"},
    "cancel_event": {"title": "standup", "scope": "all"},
    "send_invite": {
        "title": "X",
        "start": "2027-01-05T10:00",
        "attendees": ["a@b.example"],
    },
    "edit_event": {"title": "standup", "new_title": "Daily", "longer": "15 minutes"},
    "answer_invite": {"answer": "accept"},
    "add_contact": {"name": "Bo Lund", "email": "bo@lund.example"},
    "edit_contact": {"name": "Ana Kos", "phone": "+49 30 1"},
    "delete_contact": {"name": "Ana Kos"},
    "add_to_list": {"item": "milk and eggs", "list_name": "errands"},
    "remove_from_list": {"item": "stamps", "list_name": "errands"},
    "create_list": {"list_name": "films"},
    "delete_list": {"list_name": "errands"},
    "import_messages": {"path": "more.eml"},
    "mark_read": {"all_messages": True},
    "send_message": {"to": "ana@kos.example", "text": "On my way"},
    "schedule_message": {
        "when": "tomorrow at 8am",
        "to": "ana@kos.example",
        "text": "Hi",
    },
    "withdraw_message": {"to": "bo@lund.example"},
    "await_answer": {"person": "ana@kos.example", "when": "Friday"},
    "remember_fact": {"text": "my gym is FitInn"},
    "forget_fact": {"query": "sister"},
    "delete_note": {"query": "wifi"},
    "add_to_note": {"query": "wifi", "text": "ask Bo"},
    "take_note": {"text": "The key is under the mat", "title": "Key"},
    "create_reminder": {"text": "call Bo", "when": "tomorrow at 9am"},
    "change_reminder": {"text": "water the plants", "later": "1 hour"},
    "cancel_timer": {},
    "complete_reminder": {"text": "water the plants"},
    "delete_reminder": {"text": "water the plants"},
    "set_alarm": {"time": "7am", "repeat": "daily"},
    "cancel_alarm": {"time": "06:30"},
    "start_timer": {"duration": "5 minutes"},
}
# What needs a server: where its undo is tested.
ELSEWHERE = {
    "apply_invite": "mail/test_offered.py",
    "fetch_mail": "mail/test_fetch.py",
    "settle_conflict": "dav/test_border.py",
    "subscribe_calendar": "archives/test_subscriptions.py",
}


def carry_out(context: Context, name: str, arguments: dict[str, Any]) -> Agent:
    """Let an agent do one thing, and return the agent."""
    backend = ScriptedBackend([Reply(calls=(ToolCall(name, arguments),)), "Done."])
    agent = Agent(
        TOOLS,
        backend,
        approve=lambda _: True,
        context=context,
        policy=Policy(provenance=False),
        limits=Limits(sends_per_hour=None),
    )
    outcome = agent.run("Do it.")
    assert [call.status for call in outcome.calls] == ["done"], outcome.calls
    return agent


@pytest.fixture
def home(context: Context, tmp_path: Path) -> Context:
    """Give a home with something in every store."""
    for name, arguments in (
        ("create_event", {"title": "Standup", "start": "2026-11-18T10:00",
                          "repeat": "daily"}),
        ("create_reminder", {"text": "water the plants", "when": "Friday at 9am"}),
        ("set_alarm", {"time": "06:30"}),
        ("start_timer", {"duration": "1 hour"}),
        ("take_note", {"text": "The code is 12", "title": "Wifi"}),
        ("add_to_list", {"item": "stamps and bread", "list_name": "errands"}),
        ("add_contact", {"name": "Ana Kos", "email": "ana@kos.example"}),
        ("send_message", {"to": "bo@lund.example", "text": "See you"}),
        ("remember_fact", {"text": "my sister is called Eva"}),
        ("remember_fact", {"text": "my shoe size is 43"}),
    ):  # fmt: skip
        carry_out(context, name, arguments)
    for name in ("mail.eml", "more.eml"):
        text = MAIL.replace("m1@", f"{name}@")
        (tmp_path / name).write_text(text)
    carry_out(context, "import_messages", {"path": str(tmp_path / "mail.eml")})
    receive_invite(context, INVITE, "boss@other.example")
    return context


def stores(context: Context) -> tuple[Any, ...]:
    """Return every byte of the user's files, and all that the mailbox says."""
    kinds = ("*.ics", "*.vcf", "notes/*.md", "outbox/*", "contacts/**/*.vcf")
    paths = [path for kind in kinds for path in context.home.glob(kind)]
    files = {str(p): p.read_bytes() for p in paths if p.is_file()}
    return files, find_letters(context.home, Search(count=1000), context.now)


def test_every_effect_has_a_case() -> None:
    """A tool that comes anew with an effect is tested here, or says where it is."""
    assert sorted({*CALLS, *ELSEWHERE}) == EFFECTS
    for name, file in ELSEWHERE.items():
        assert f"{name}.undo(" in (Path(__file__).parent / file).read_text("utf-8")


@pytest.mark.parametrize("name", sorted(CALLS))
def test_the_stores_are_what_they_were(
    name: str, home: Context, tmp_path: Path
) -> None:
    """Taken back by `agent.undo()`, of what the journal kept; a second time nothing."""
    arguments = dict(CALLS[name])
    if name == "import_messages":
        arguments["path"] = str(tmp_path / arguments["path"])
    before = stores(home)
    agent = carry_out(home, name, arguments)
    changed = stores(home)
    assert changed != before
    number = agent.journal.entries(count=1)[0].number if agent.journal else 0
    [undone] = agent.undo()
    assert (undone.done, undone.text) == (True, undone.text), undone.text
    assert stores(home) == before
    [again] = agent.undo(number=number)
    assert (again.done, stores(home) == before) == (False, True)
