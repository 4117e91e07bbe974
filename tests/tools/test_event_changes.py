"""Changes of an event: later, earlier, longer, shorter, renamed, elsewhere, other people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from agentkit import Context, InputNeeded
from agentkit_tools.calendar import (
    create_event,
    edit_event,
    find_events,
    move_event,
    send_invite,
)
from agentkit_tools.reminders import change_reminder, create_reminder, set_alarm

Use = Callable[..., Any]


@pytest.fixture
def party(context: Context, use: Use) -> Context:
    """Give a calendar with a concert in the evening, and a weekly yoga class."""
    use(create_event, context, title="Concert", start="2026-11-20T20:00",
        duration="2 hours")  # fmt: skip
    use(create_event, context, title="Yoga", start="2026-11-19T18:00", repeat="weekly")
    return context


@pytest.mark.parametrize(
    ("repeat", "scope"),
    [({}, "this"), ({"repeat": "yearly"}, "this"), ({"repeat": "yearly"}, "all")],
    ids=str,
)
def test_an_event_lasts_as_long_where_the_clocks_change(
    context: Context, use: Use, repeat: dict[str, str], scope: str
) -> None:
    """Four hours are four hours; on the night on which one is skipped, too."""
    use(create_event, context, title="Watch", start="2027-03-20T23:30",
        duration="4 hours", **repeat)  # fmt: skip
    use(move_event, context, title="Watch", to="2027-03-27T23:30", scope=scope)
    (found,) = use(find_events, context, when="2027-03-27")
    assert (found.start[8:16], found.end[8:16]) == ("27T23:30", "28T04:30")


@pytest.mark.parametrize(
    ("wish", "start", "end"),
    [
        ({"later": "1 hour"}, "20T21:00", "20T23:00"),
        ({"earlier": "90 minutes"}, "20T18:30", "20T20:30"),
        ({"to": "7:30"}, "20T19:30", "20T21:30"),
        ({"to": "21:00"}, "20T21:00", "20T23:00"),
        ({"to": "Saturday"}, "21T20:00", "21T22:00"),
    ],
    ids=str,
)
def test_an_event_moves(
    wish: dict[str, str], start: str, end: str, party: Context, use: Use
) -> None:
    """By a length or to a time; its length stays, and a bare hour its half of the day."""
    event = use(move_event, party, title="concert", **wish).event
    assert (event.start[8:16], event.end[8:16]) == (start, end)


@pytest.mark.parametrize(
    ("wish", "end"),
    [
        ({"longer": "30 minutes"}, "22:30"),
        ({"shorter": "1 hour"}, "21:00"),
        ({"duration": "45 minutes"}, "20:45"),
        ({"until": "11"}, "23:00"),
    ],
    ids=str,
)
def test_an_event_gets_another_length(
    wish: dict[str, str], end: str, party: Context, use: Use
) -> None:
    """Its start stays."""
    event = use(edit_event, party, title="concert", **wish).event
    assert (event.start[11:16], event.end[11:16]) == ("20:00", end)


def test_an_event_is_renamed_and_placed(party: Context, use: Use) -> None:
    """Title and place are written, and the time is as it was."""
    use(edit_event, party, title="concert", new_title="Gig", location="Club 8")
    (event,) = use(find_events, party, query="gig")
    assert (event.title, event.location, event.start[11:16]) == (
        "Gig",
        "Club 8",
        "20:00",
    )


def test_one_time_of_a_series_alone_is_renamed(party: Context, use: Use) -> None:
    """The others keep their title."""
    use(edit_event, party, title="yoga", new_title="Pilates")
    titles = [event.title for event in use(find_events, party, when="this month")]
    assert titles.count("Pilates") == 1
    assert "Yoga" in titles


def test_people_join_and_leave(party: Context, use: Use) -> None:
    """Guests are added to an event that is there, and taken off."""
    use(edit_event, party, title="concert", add=["ana@kos.example"])
    use(send_invite, party, title="concert", attendees=["bo@lund.example"])
    use(edit_event, party, title="concert", remove=["ana@kos.example"])
    (event,) = use(find_events, party, query="concert")
    assert event.attendees == ["bo@lund.example"]


@pytest.mark.parametrize("wish", [{}, {"shorter": "5 hours"}], ids=str)
def test_what_cannot_be_is_asked(
    wish: dict[str, str], party: Context, use: Use
) -> None:
    """Nothing to change, and an end before the start, are asked about."""
    with pytest.raises(InputNeeded):
        use(edit_event, party, title="concert", **wish)


@pytest.mark.parametrize(
    ("asked", "title"),
    [("conzert", "Concert"), ("the concert thing", "Concert"), ("yoga class", "Yoga")],
)
def test_asking_forgives_slips(
    asked: str, title: str, party: Context, use: Use
) -> None:
    """What is asked for is found with a slip, and with words for its kind."""
    assert use(find_events, party, query=asked)[0].title == title


def test_a_slip_is_asked_about_before_a_change(party: Context, use: Use) -> None:
    """What is only much like an event's title moves nothing."""
    with pytest.raises(InputNeeded, match="Concert"):
        use(move_event, party, title="conzert", later="1 hour")


def test_a_reminder_comes_before_an_event(party: Context, use: Use) -> None:
    """So long before the event that is named begins."""
    noted = use(create_reminder, party, text="leave", ahead="1 hour", event="concert")
    assert noted.reminder.due[:16] == "2026-11-20T19:00"


def test_alarms_and_reminders_are_changed(party: Context, use: Use) -> None:
    """A reminder is put off or reworded; an alarm gets another hour."""
    use(create_reminder, party, text="call the bank", when="2026-11-19T10:00")
    later = use(change_reminder, party, text="bank", later="1 hour").reminder
    assert later.due[:16] == "2026-11-19T11:00"
    said = use(change_reminder, party, text="bank", new_text="call Bo").reminder
    assert (said.text, said.due) == ("call Bo", later.due)
    use(set_alarm, party, time="2026-11-19T06:30")
    alarm = use(change_reminder, party, text="alarm", to="7:00").reminder
    assert alarm.due[:16] == "2026-11-19T07:00"
