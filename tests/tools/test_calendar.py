"""Calendar tools on a real .ics file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from agentkit import Context, InputNeeded, ToolError
from agentkit_tools.calendar import (
    cancel_event,
    create_event,
    find_events,
    free_time,
    move_event,
    send_invite,
)
from agentkit_tools.contacts import add_contact

Use = Callable[..., Any]

FOREIGN = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Other//Program//EN\r\n"
    "X-WR-CALNAME:Mine\r\n"
    "BEGIN:VEVENT\r\nUID:a@other\r\nDTSTAMP:20260101T000000Z\r\n"
    "DTSTART;TZID=America/New_York:20261119T180000\r\nSUMMARY:Foreign dinner\r\n"
    "X-OTHER-COLOR;X-P=1:#ff0000\r\nCONFERENCE;VALUE=URI:https://meet.example/x\r\n"
    "END:VEVENT\r\nEND:VCALENDAR\r\n"
)


def read_calendar(content: bytes) -> Any:
    """Parse a file as another program would."""
    return Calendar.from_ical(content)


def starts(events: list[Any]) -> list[str]:
    """Return the starts to the minute, without offset."""
    return [event.start[:16] for event in events]


def test_a_new_event_is_found(context: Context, use: Use) -> None:
    """What was added is on the calendar, with place and length."""
    use(
        create_event, context, title="Lunch", start="tomorrow at 12:30",
        duration="45 minutes", location="Café",
    )  # fmt: skip
    [event] = use(find_events, context, when="tomorrow")
    assert (event.title, event.location) == ("Lunch", "Café")
    assert event.start == "2026-11-19T12:30:00+01:00"
    assert event.end == "2026-11-19T13:15:00+01:00"


@pytest.mark.parametrize(
    ("start", "end", "all_day"),
    [
        ("2026-12-24", "2026-12-25", True),
        ("December 3 to 7", "2026-12-08", True),
        ("tomorrow at 3pm", "2026-11-19T16:00:00+01:00", False),
        ("tomorrow from 3 to 3:20 pm", "2026-11-19T15:20:00+01:00", False),
    ],
    ids=["day", "days", "hour by default", "range"],
)
def test_the_end_follows_from_the_words(
    start: str, end: str, all_day: bool, context: Context, use: Use
) -> None:
    """Days make all-day events; a time without length lasts an hour."""
    event = use(create_event, context, title="X", start=start).event
    assert (event.end, event.all_day) == (end, all_day)


def test_foreign_properties_survive_changes(context: Context, use: Use) -> None:
    """Another program's event stays byte for byte when a new one is added."""
    context.home.mkdir()
    path = context.home / "calendar.ics"
    path.write_bytes(FOREIGN.encode())
    use(create_event, context, title="New", start="tomorrow at 8am")
    text = path.read_bytes().decode()
    assert FOREIGN.removesuffix("END:VCALENDAR\r\n") in text
    assert text.startswith(FOREIGN[:60])


def test_moving_keeps_foreign_properties_and_counts_up(
    context: Context, use: Use
) -> None:
    """A moved event keeps what others wrote into it; SEQUENCE goes up."""
    context.home.mkdir()
    path = context.home / "calendar.ics"
    path.write_bytes(FOREIGN.encode())
    use(move_event, context, title="foreign dinner", to="Friday at 7pm")
    [event] = read_calendar(path.read_bytes()).walk("VEVENT")
    assert event["X-OTHER-COLOR"] == "#ff0000"
    assert "https://meet.example/x" in str(event["CONFERENCE"])
    assert event["UID"] == "a@other"
    assert event["SEQUENCE"] == 1


def test_an_event_without_an_end_is_served(context: Context, use: Use) -> None:
    """An event that tells no end has none in the answer, and can be moved."""
    context.home.mkdir()
    (context.home / "calendar.ics").write_bytes(FOREIGN.encode())
    [event] = use(find_events, context, query="dinner")
    assert (event.start, event.end) == ("2026-11-20T00:00:00+01:00", "")
    assert use(move_event, context, title="dinner", to="Friday 8pm").event.start


def test_repeating_events_keep_their_hour_across_daylight_saving(
    context: Context, use: Use
) -> None:
    """Nine o'clock in Berlin stays nine o'clock when the clocks change."""
    use(
        create_event, context, title="Standup", start="2026-11-23T09:00",
        duration="15 minutes", repeat="weekly",
    )  # fmt: skip
    found = use(find_events, context, when="from 2027-03-22 to 2027-04-06")
    assert [event.start for event in found] == [
        "2027-03-22T09:00:00+01:00",
        "2027-03-29T09:00:00+02:00",
        "2027-04-05T09:00:00+02:00",
    ]


def test_one_of_a_series_is_moved_or_cancelled_alone(
    context: Context, use: Use
) -> None:
    """Moving makes an override, cancelling an exception; the others stay."""
    use(
        create_event, context, title="Standup", start="2026-11-23T09:00",
        repeat="daily",
    )  # fmt: skip
    use(move_event, context, title="standup", to="11am", when="2026-11-24")
    use(cancel_event, context, title="standup", when="2026-11-25")
    found = use(find_events, context, when="from 2026-11-23 to 2026-11-26")
    assert starts(found)[0] == "2026-11-23T09:00"
    assert starts(found)[-1] == "2026-11-26T09:00"
    assert not [s for s in starts(found) if s.startswith("2026-11-25")]


def test_an_override_is_moved_and_cancelled_too(context: Context, use: Use) -> None:
    """An occurrence that was moved once can be moved again and cancelled."""
    use(
        create_event, context, title="Standup", start="2026-11-23T09:00",
        repeat="daily",
    )  # fmt: skip
    day = "2026-11-24"
    use(move_event, context, title="standup", to=f"{day}T11:00", when=day)
    use(move_event, context, title="standup", to=f"{day}T14:00", when=day)
    assert starts(use(find_events, context, when=day)) == [f"{day}T14:00"]
    use(cancel_event, context, title="standup", when=day)
    assert use(find_events, context, when=day) == []


def test_cancelling_takes_an_event_off(context: Context, use: Use) -> None:
    """A cancelled single event is gone."""
    use(create_event, context, title="Dentist", start="tomorrow at 8am")
    use(cancel_event, context, title="dentist")
    assert use(find_events, context) == []


def test_what_is_unclear_is_asked(context: Context, use: Use) -> None:
    """Two events that fit, or no words at all, make a question."""
    use(create_event, context, title="Call Ana", start="tomorrow at 8am")
    use(create_event, context, title="Call Ben", start="tomorrow at 9am")
    with pytest.raises(InputNeeded) as caught:
        use(cancel_event, context, title="call")
    assert len(caught.value.candidates) == 2
    with pytest.raises(InputNeeded):
        use(cancel_event, context)
    with pytest.raises(ToolError, match="nothing called 'opera'"):
        use(cancel_event, context, title="opera")


def test_free_time_lies_between_events(context: Context, use: Use) -> None:
    """Of a working day, what events leave is free."""
    use(create_event, context, title="A", start="tomorrow at 10am")
    use(create_event, context, title="B", start="tomorrow at 1pm", duration="4 hours")
    gaps = use(free_time, context, when="tomorrow", duration="1 hour")
    assert [(gap.start[11:16], gap.end[11:16]) for gap in gaps] == [
        ("09:00", "10:00"),
        ("11:00", "13:00"),
        ("17:00", "18:00"),
    ]


def invited(context: Context, use: Use, **more: Any) -> tuple[Any, Any, Any]:
    """Send an invite; return it, the event of its file, and the file's calendar."""
    use(add_contact, context, name="Ana Kos", email="ana@kos.example")
    invite = use(
        send_invite, context, title="Review", start="2026-11-27T15:00",
        attendees=["Ana", "ben@x.example"], duration="PT30M", **more,
    )  # fmt: skip
    calendar = read_calendar((context.home / invite.file).read_bytes())
    return invite, calendar.walk("VEVENT")[0], calendar


def test_an_invite_is_an_itip_request(context: Context, use: Use) -> None:
    """The outbox file has all that RFC 5546, 3.2.2 asks of a REQUEST."""
    _, event, calendar = invited(context, use)
    assert calendar["METHOD"] == "REQUEST"
    assert event["ORGANIZER"] == "mailto:kim@berg.example"
    assert event["ORGANIZER"].params["CN"] == "Kim Berg"
    assert event["SEQUENCE"] == 0
    assert event["DTSTAMP"].dt.tzname() == "UTC"
    guests = event["ATTENDEE"]
    assert [str(guest) for guest in guests] == [
        "mailto:ana@kos.example",
        "mailto:ben@x.example",
    ]
    for guest in guests:
        assert guest.params["RSVP"] == "TRUE"
        assert guest.params["PARTSTAT"] == "NEEDS-ACTION"
    assert {zone["TZID"] for zone in calendar.walk("VTIMEZONE")} == {"Europe/Berlin"}


def test_the_calendar_holds_the_invite_under_the_same_uid(
    context: Context, use: Use
) -> None:
    """Answers to the invite can be told to belong to the event."""
    invite, event, _ = invited(context, use)
    own = read_calendar((context.home / "calendar.ics").read_bytes())
    assert [str(item["UID"]) for item in own.walk("VEVENT")] == [str(event["UID"])]
    assert "METHOD" not in own
    assert invite.event.start == "2026-11-27T15:00:00+01:00"


def test_an_invite_without_an_own_address_is_refused(tmp_path: Path, use: Use) -> None:
    """Without an organizer there is no invite, and nothing is written."""
    context = Context(home=tmp_path / "home")
    with pytest.raises(ToolError, match=r"agentkit\.toml"):
        use(send_invite, context, title="X", start="noon", attendees=["a@b.example"])
    assert not (context.home / "outbox").exists()


def test_text_of_others_cannot_break_out_of_a_property(
    context: Context, use: Use
) -> None:
    """Line breaks in a title make no new properties."""
    title = "A\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:evil"
    use(create_event, context, title=title, start="tomorrow at 8am")
    own = read_calendar((context.home / "calendar.ics").read_bytes())
    assert len(own.walk("VEVENT")) == 1


def test_the_next_event_is_found(context: Context, use: Use) -> None:
    """Asked for one, the calendar tells what comes next."""
    for title, start in (("Later", "Friday at 8am"), ("Next", "tomorrow at 8am")):
        use(create_event, context, title=title, start=start)
    assert [event.title for event in use(find_events, context, count=1)] == ["Next"]
