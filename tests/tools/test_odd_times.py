"""Odd times: clocks that change, unknown zones, ends before starts, endless rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from icalendar import Calendar

from agentkit import Context
from agentkit_tools.calendar import cancel_event, create_event, find_events, move_event

Use = Callable[..., Any]

FRAME = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Other//EN\r\n{}END:VCALENDAR\r\n"
DAY = "2026-11-20"
CUSTOM = (
    "BEGIN:VTIMEZONE\r\nTZID:Office\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
    "TZOFFSETFROM:+0500\r\nTZOFFSETTO:+0500\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
)


def put(context: Context, lines: str, before: str = "") -> None:
    """Write a calendar with one event as another program would."""
    context.home.mkdir(exist_ok=True)
    event = f"BEGIN:VEVENT\r\nUID:1@o\r\nSUMMARY:Odd\r\n{lines}END:VEVENT\r\n"
    text = FRAME.format(before + event)
    (context.home / "calendar.ics").write_bytes(text.encode())


def only_event(context: Context) -> Any:
    """Return the one event of the file, as another program reads it."""
    content = (context.home / "calendar.ics").read_bytes()
    calendar: Any = Calendar.from_ical(content)
    [event] = calendar.walk("VEVENT")
    return event


@pytest.mark.parametrize(
    ("lines", "start", "end", "warning"),
    [
        (
            "DTSTART:20261120T090000Z\r\nDTEND:20261120T100000Z\r\n"
            "RDATE;VALUE=TIME:133000Z\r\n",
            f"{DAY}T10:00", f"{DAY}T11:00", "further days that cannot be read",
        ),
        (
            "DTSTART;TZID=Mars/Base:20261120T100000\r\n"
            "DTEND;TZID=Mars/Base:20261120T110000\r\n",
            f"{DAY}T10:00", f"{DAY}T11:00", "unknown time zone 'Mars/Base'",
        ),
        (
            "DTSTART:20261120T100000Z\r\nDTEND:20261120T090000Z\r\n",
            f"{DAY}T11:00", "", "ends before it begins",
        ),
        (
            "DTSTART:20261120T100000Z\r\nDURATION:-PT1H\r\n",
            f"{DAY}T11:00", "", "ends before it begins",
        ),
        (
            "DTSTART;VALUE=DATE:20261120\r\nDTEND:20261121T090000Z\r\n",
            DAY, "2026-11-21", "a day at one end",
        ),
        (
            "DTSTART:20261120T100000Z\r\nRRULE:FREQ=DAILY;INTERVAL=0\r\n",
            f"{DAY}T11:00", "", "never comes",
        ),
        (
            "DTSTART:20261120T100000Z\r\n"
            "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30\r\n",
            f"{DAY}T11:00", "", "never comes",
        ),
        (
            "DTSTART:20261120T100000Z\r\nRRULE:FREQ=SECONDLY\r\n",
            f"{DAY}T11:00", "", "first 10,000 times",
        ),
        ("DTSTART;TZID=Office:20261120T100000\r\n", f"{DAY}T06:00", "", ""),
        (
            "DTSTART;TZID=W. Europe Standard Time:20261120T100000\r\n",
            f"{DAY}T10:00", "", "",
        ),
    ],
    ids=[
        "further hours", "unknown zone", "end before start", "negative duration",
        "day and time",
        "interval of zero", "February 30", "every second", "own zone", "Windows zone",
    ],
)  # fmt: skip
def test_odd_events_are_served_and_named(
    lines: str, start: str, end: str, warning: str, context: Context, use: Use
) -> None:
    """What can be shown is shown; what is odd about it is told; the file stays."""
    put(context, lines, CUSTOM)
    before = (context.home / "calendar.ics").read_bytes()
    event = use(find_events, context, when=DAY)[0]
    assert (event.start[:16], event.end[:16]) == (start, end)
    assert warning in event.warning
    assert bool(warning) == bool(event.warning)
    assert (context.home / "calendar.ics").read_bytes() == before


@pytest.mark.parametrize(
    ("lines", "days"),
    [
        (
            "DTSTART;VALUE=DATE:20261120\r\nRRULE:FREQ=DAILY;BYHOUR=1,2;COUNT=2\r\n",
            ["11-20", "11-21"],
        ),
        (
            "DTSTART;VALUE=DATE:20261201\r\nRRULE:FREQ=YEARLY;BYWEEKNO=49,50\r\n",
            ["12-01", "12-08"],
        ),
        (
            "DTSTART;VALUE=DATE:20261120\r\nRRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=2\r\n",
            ["11-23", "11-30"],
        ),
    ],
    ids=["hours of a whole day", "weeks without a day", "start not in the rule"],
)
def test_rules_are_read_as_the_standard_has_them(
    lines: str, days: list[str], context: Context, use: Use
) -> None:
    """Parts that do not apply are passed over, missing ones come from the start."""
    put(context, lines)
    found = use(find_events, context, when="from 2026-11-18 to 2026-12-31")
    assert [event.start[5:] for event in found] == days


def test_an_event_without_a_start_is_named(context: Context, use: Use) -> None:
    """It cannot be shown, and does not hide the others."""
    put(context, "DTEND:20261120T090000Z\r\n")
    use(create_event, context, title="Whole", start=DAY)
    [event] = use(find_events, context, when=DAY)
    assert event.title == "Whole"
    assert "“Odd” has no start" in event.warning


def test_a_series_without_end_is_shown_within_bounds(
    context: Context, use: Use
) -> None:
    """Of what never ends, the time that is asked for is shown."""
    put(context, "DTSTART:20200101T080000Z\r\nRRULE:FREQ=DAILY\r\n")
    assert len(use(find_events, context, when="2026-12-01 to 2026-12-07")) == 7
    assert len(use(find_events, context, query="odd")) == 25


def test_an_hour_that_clocks_skip_is_the_next(context: Context, use: Use) -> None:
    """Half past two of a night without two o'clock is half past three."""
    event = use(
        create_event, context, title="Gap", start="2027-03-28T02:30",
        duration="30 minutes",
    )  # fmt: skip
    assert event.event.title == "Gap"
    [found] = use(find_events, context, when="2027-03-28")
    assert (found.start, found.end) == (
        "2027-03-28T03:30:00+02:00",
        "2027-03-28T04:00:00+02:00",
    )


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2027-10-31T02:30:00+02:00", "2027-10-31T02:45:00+02:00"),
        ("2027-10-31T02:30:00+01:00", "2027-10-31T02:45:00+01:00"),
    ],
    ids=["first", "second"],
)
def test_both_hours_of_a_doubled_hour_can_be_meant(
    start: str, end: str, context: Context, use: Use
) -> None:
    """The offset tells which of the two is meant, and is kept."""
    use(
        create_event, context, title="Fold", start=start, duration="15 minutes"
    )  # fmt: skip
    [found] = use(find_events, context, when="2027-10-31")
    assert (found.start, found.end) == (start, end)


def test_a_series_without_a_named_zone_keeps_its_hour(
    context: Context, use: Use
) -> None:
    """Where the clock knows only an offset, a series is written in local time."""
    offset = timezone(timedelta(hours=-5))
    there = replace(context, now=datetime(2026, 11, 18, 9, tzinfo=offset))
    use(create_event, there, title="X", start="2026-12-01T09:00", repeat="weekly")
    assert only_event(there)["DTSTART"].to_ical() == b"20261201T090000"
    summer = replace(
        there, now=datetime(2027, 7, 1, 9, tzinfo=timezone(timedelta(hours=-4)))
    )
    [found] = use(find_events, summer, when="2027-07-06")
    assert found.start == "2027-07-06T09:00:00-04:00"


def test_a_zone_of_the_file_is_kept_by_changes(context: Context, use: Use) -> None:
    """Of a series in a zone that the file defines, one time is moved, one cancelled."""
    rule = "RRULE:FREQ=DAILY;COUNT=3\r\n"
    put(context, f"DTSTART;TZID=Office:20261120T100000\r\n{rule}", CUSTOM)
    use(cancel_event, context, title="odd", when="2026-11-21")
    use(move_event, context, title="odd", when="2026-11-22", to="2026-11-22T15:00")
    found = use(find_events, context, query="odd")
    assert [event.start[5:16] for event in found] == ["11-20T06:00", "11-22T15:00"]


def test_whole_days_are_the_users_days(context: Context, use: Use) -> None:
    """An all-day event takes place on its date in any zone."""
    put(context, "DTSTART;VALUE=DATE:20261120\r\nDTEND;VALUE=DATE:20261121\r\n")
    east = replace(context, now=context.now.astimezone(timezone(timedelta(hours=13))))
    for there in (context, east):
        [found] = use(find_events, there, when=DAY)
        assert (found.start, found.all_day) == (DAY, True)
        assert use(find_events, there, when="2026-11-21") == []
