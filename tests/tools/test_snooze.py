"""What rang is put off, and rings again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from agentkit import Context, InputNeeded, ToolError
from agentkit.bells.rounds import dues_of, first_memory, keep_memory, next_round
from agentkit_tools.calendar import create_event
from agentkit_tools.reminders import (
    change_reminder,
    complete_reminder,
    create_reminder,
    set_alarm,
    start_timer,
)
from tests.tools.conftest import NOW, Use

HOUR = timedelta(hours=1)


def ring(context: Context, until: datetime) -> Context:
    """Watch the home until a time, and go on a minute later."""
    memory = first_memory(context.now)
    dues = dues_of(context, memory.since, until).items
    keep_memory(context.home, next_round(memory, dues, until).memory)
    return replace(context, now=until + timedelta(minutes=1))


def due_after(context: Context) -> list[str]:
    """Tell what rings in the next day."""
    ahead = dues_of(context, context.now, context.now + 24 * HOUR).items
    return [f"{due.rings.astimezone(context.tz):%a %H:%M} {due.title}" for due in ahead]


def test_a_timer_rings_again(context: Context, use: Use) -> None:
    """What rang last, in ten minutes from now, or when it is said."""
    use(start_timer, context, duration="1 hour", name="tea")
    later = ring(context, NOW + HOUR)
    use(change_reminder, later)
    assert due_after(later) == ["Wed 10:11 tea"]
    use(change_reminder, later, later="5 minutes")
    assert due_after(later) == ["Wed 10:06 tea"]


@pytest.mark.parametrize("text", ["timer", "tea timer"])
def test_a_timer_is_named(context: Context, use: Use, text: str) -> None:
    """By its kind, or by its name, though it has run down."""
    use(start_timer, context, duration="1 hour", name="tea")
    later = ring(context, NOW + HOUR)
    use(change_reminder, later, text=text, later="5 minutes")
    assert due_after(later) == ["Wed 10:06 tea"]


def test_a_series_goes_on(context: Context, use: Use) -> None:
    """One time of an alarm that repeats is put off, and all others stay."""
    use(set_alarm, context, time="10:00", repeat="daily", label="pills")
    later = ring(context, NOW + HOUR)
    use(change_reminder, later, later="30 minutes")
    assert due_after(later) == ["Wed 10:31 pills", "Thu 10:00 pills"]


def test_an_event_is_reminded_of_again(context: Context, use: Use) -> None:
    """It stays where it is: a reminder of its title is set."""
    use(create_event, context, title="Dentist", start="2026-11-18T11:00",
        remind_before="1 hour")  # fmt: skip
    later = ring(context, NOW + HOUR)
    use(change_reminder, later, later="30 minutes")
    assert due_after(later) == ["Wed 10:31 Dentist"]


def test_the_last_one_is_meant(context: Context, use: Use) -> None:
    """Of two that have rung the later one."""
    for text, when in (("a", "9:30"), ("b", "9:40"), ("c", "15:00")):
        use(create_reminder, context, text=text, when=when)
    later = ring(context, NOW + HOUR)
    noted = use(change_reminder, later, later="5 minutes")
    assert noted.reminder.text == "b"


def test_where_nothing_rang_it_is_asked(context: Context, use: Use) -> None:
    """Nothing was heard, or it is done: then what is meant has to be said."""
    use(create_reminder, context, text="a", when="9:30")
    with pytest.raises(InputNeeded, match="Which reminder"):
        use(change_reminder, context, later="5 minutes")
    later = ring(context, NOW + HOUR)
    use(complete_reminder, later, text="a")
    with pytest.raises(InputNeeded, match="Which reminder"):
        use(change_reminder, later, later="5 minutes")


def test_what_rang_days_ago_is_not_meant(context: Context, use: Use) -> None:
    """Nobody speaks of it any more."""
    use(create_reminder, context, text="a", when="9:30")
    later = replace(ring(context, NOW + HOUR), now=NOW + 48 * HOUR)
    with pytest.raises(InputNeeded, match="Which reminder"):
        use(complete_reminder, later)


def test_a_snooze_is_taken_back(context: Context, use: Use) -> None:
    """The reminder is due again when it was."""
    use(start_timer, context, duration="1 hour", name="tea")
    later = ring(context, NOW + HOUR)
    noted = use(change_reminder, later)
    change_reminder.undo(noted, later)  # type: ignore[misc]
    assert due_after(later) == []


def test_what_rang_last_is_done(context: Context, use: Use) -> None:
    """A reminder is ticked off, and one that repeats is due the next time."""
    use(create_reminder, context, text="a", when="9:30")
    use(create_reminder, context, text="b", when="9:40", repeat="daily")
    later = ring(context, NOW + HOUR)
    noted = use(complete_reminder, later)
    assert (noted.reminder.text, noted.reminder.due[:16]) == ("b", "2026-11-19T09:40")
    assert due_after(later) == ["Thu 09:40 b"]


def test_an_event_is_not_done(context: Context, use: Use) -> None:
    """It takes place, whatever is said."""
    use(create_event, context, title="Dentist", start="2026-11-18T11:00",
        remind_before="1 hour")  # fmt: skip
    with pytest.raises(ToolError, match="is an event"):
        use(complete_reminder, ring(context, NOW + HOUR))
