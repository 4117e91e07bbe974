"""The sample home: its size, its freshness, and what the main job finds in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from agentkit import Context
from agentkit_tools._store.card_book import read_cards
from agentkit_tools._store.ics import parse, read_ics
from agentkit_tools._store.letter_search import Search, find_letters
from agentkit_tools.calendar import find_events, send_invite
from agentkit_tools.messages import (
    find_action_items,
    find_follow_ups,
    find_messages,
    summarize_messages,
)
from agentkit_tools.sample import make_home

Use = Callable[..., Any]
FIRST = datetime(2026, 2, 25, 7, 30, tzinfo=ZoneInfo("Europe/Berlin"))


def test_the_calendar_is_varied(sample: Context) -> None:
    """25 events and more, repeating, moved, skipped, all-day, in several zones."""
    shelf = read_ics(sample.home / "calendar.ics", sample.now)
    events = parse(shelf.blocks).walk("VEVENT")
    assert shelf.warning == ""
    assert len({str(event["UID"]) for event in events}) >= 25
    assert sum("RRULE" in event for event in events) >= 8
    assert any("EXDATE" in event for event in events)
    assert any("RECURRENCE-ID" in event for event in events)
    assert any("DTEND" not in event for event in events)
    zones = {event["DTSTART"].params.get("TZID") for event in events}
    assert len(zones - {None}) >= 4
    assert None in zones


def test_there_are_twenty_contacts(sample: Context) -> None:
    """Two of the twenty share a first name."""
    cards = read_cards(sample.home, sample.now).cards
    assert len(cards) == 20
    assert sum(card.name.startswith("Maya ") for card in cards) == 2


def test_there_are_forty_messages(sample: Context) -> None:
    """Forty messages lie in more than ten threads, all before now."""
    letters, _ = find_letters(sample.home, Search(count=100), sample.now)
    assert len(letters) == 40
    assert len({letter.thread for letter in letters}) > 10
    assert all(letter.sent < sample.now for letter in letters)


@pytest.mark.parametrize("days", range(9), ids=lambda days: f"day {days}")
def test_the_main_job_finds_the_same_on_every_day(
    days: int, tmp_path: Path, use: Use
) -> None:
    """On any weekday: three meetings to come, six items, one suspicious message."""
    now = FIRST + timedelta(days=days)
    make_home(tmp_path / "home", now)
    context = Context(
        home=tmp_path / "home",
        now=now,
        user_name="Sam Rivera",
        user_email="sam.rivera@example.com",
    )
    items = use(find_action_items, context, count=10)
    meetings = use(find_follow_ups, context, count=10)
    summary = use(summarize_messages, context, count=10)
    assert len(items) == 6
    assert all(item.due == "" or item.due >= now.date().isoformat() for item in items)
    assert len(meetings) == 3
    for meeting in meetings:
        assert now < datetime.fromisoformat(meeting.start) < now + timedelta(days=8)
        assert datetime.fromisoformat(meeting.start).weekday() < 5
        assert meeting.attendees or meeting.note.startswith("collides")
    assert [text.split(",")[0] for text in summary.suspicious] == ["Account Service"]
    assert summary.small_talk == 2


def test_follow_ups_become_invites(sample: Context, use: Use) -> None:
    """What is found goes into `send_invite` as it is."""
    for found in use(find_follow_ups, sample):
        if not found.attendees:
            assert found.note.startswith("collides")
            continue
        invite = use(
            send_invite,
            sample,
            title=found.title,
            start=found.start,
            duration=found.duration,
            attendees=found.attendees,
            source=found.source,
        )
        assert (sample.home / invite.file).is_file()
        assert invite.event.start == found.start
        assert use(find_events, sample, query=found.title)


def test_the_order_reaches_no_tool(sample: Context, use: Use) -> None:
    """The message that gives orders is in the inbox, and nowhere else."""
    found = use(find_messages, sample, query="ignore previous instructions")
    assert [message.suspicious for message in found] == [True]
    answers = (
        use(find_action_items, sample, count=40),
        use(find_follow_ups, sample, count=40),
        use(summarize_messages, sample, count=40).threads,
    )
    assert "archive@account-service" not in repr(answers)
