"""Reminders as other programs write them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from agentkit import Context
from agentkit_tools._rings import reminders as ringing
from agentkit_tools.reminders import (
    change_reminder,
    complete_reminder,
    delete_reminder,
    list_reminders,
)

Use = Callable[..., Any]


@pytest.fixture
def nameless(context: Context) -> Context:
    """Give three reminders without a UID."""
    todos = "".join(
        f"BEGIN:VTODO\r\nSUMMARY:{text}\r\nDUE:20261119T{hour}0000Z\r\nEND:VTODO\r\n"
        for text, hour in (("rent", "08"), ("bins", "08"), ("call Bo", "10"))
    )
    context.home.mkdir()
    (context.home / "reminders.ics").write_text(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//O//EN\r\n"
        f"{todos}END:VCALENDAR\r\n",
        newline="",
    )
    return context


def left(context: Context, use: Use) -> list[str]:
    return [one.text for one in use(list_reminders, context)]


def test_one_without_a_uid_is_deleted_alone(nameless: Context, use: Use) -> None:
    """The others, which have none either, stay."""
    use(delete_reminder, nameless, text="bins")
    assert left(nameless, use) == ["rent", "call Bo"]


def test_one_without_a_uid_is_done_alone(nameless: Context, use: Use) -> None:
    """The others stay open."""
    use(complete_reminder, nameless, text="rent")
    assert left(nameless, use) == ["bins", "call Bo"]


def test_one_without_a_uid_is_changed_in_its_place(nameless: Context, use: Use) -> None:
    """No second one is made beside it."""
    use(change_reminder, nameless, text="rent", new_text="pay rent")
    assert sorted(left(nameless, use)) == ["bins", "call Bo", "pay rent"]


def test_each_without_a_uid_rings(nameless: Context) -> None:
    """Each under an id of its own, also at the same moment."""
    week = nameless.now + timedelta(days=7)
    rings = list(ringing(nameless, nameless.now, week))
    assert [one.title for one in rings] == ["rent", "bins", "call Bo"]
    assert len({one.id for one in rings}) == 3
