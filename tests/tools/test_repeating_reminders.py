"""Reminders that come back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from agentkit import Context
from agentkit_tools.reminders import complete_reminder, create_reminder, list_reminders

Use = Callable[..., Any]


def test_it_is_due_on_the_next_day_that_fits(context: Context, use: Use) -> None:
    """Without a time of day the reminder is for the whole day."""
    noted = use(create_reminder, context, text="Water plants", repeat="every Sunday")
    due = context.now + timedelta(days=6 - context.now.weekday())
    assert noted.reminder.due == due.date().isoformat()
    assert noted.reminder.repeats == "every week on Sunday"


def test_done_means_due_again(context: Context, use: Use) -> None:
    """Each time it is done it moves on by its rule, and keeps its time of day."""
    use(create_reminder, context, text="Stretch", when="tomorrow 8am", repeat="daily")
    noted = use(complete_reminder, context, text="stretch")
    first = noted.reminder.due
    assert noted.did == "Done, next"
    (left,) = use(list_reminders, context)
    assert left.due == first
    assert left.due[11:16] == "08:00"
    later = replace(context, now=context.now + timedelta(days=10))
    again = use(complete_reminder, later, text="stretch").reminder.due
    assert again[:10] > later.now.date().isoformat() or again[11:16] > "08:00"


def test_the_last_time_is_done_for_good(context: Context, use: Use) -> None:
    """COUNT goes down with each time that has passed."""
    use(create_reminder, context, text="Pills", repeat="every day at 8pm, 2 times")
    assert use(complete_reminder, context, text="pills").did == "Done, next"
    assert use(complete_reminder, context, text="pills").did == "Done"
    assert use(list_reminders, context) == []


@pytest.mark.parametrize("repeat", ["every other Tuesday", "monthly on the 15th"])
def test_it_is_kept_as_a_rule(context: Context, use: Use, repeat: str) -> None:
    """The file holds RRULE beside DTSTART and DUE, as other programs read it."""
    use(create_reminder, context, text="Bins", repeat=repeat)
    text = (context.home / "reminders.ics").read_text("utf-8")
    assert "RRULE:FREQ=" in text
    assert "DTSTART;VALUE=DATE:" in text
    assert "DUE;VALUE=DATE:" in text
