"""Free time, times that suit several people, and alarms of events."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from icalendar import Calendar

from agentkit import Context, InputNeeded
from agentkit_tools.calendar import create_event, find_slot, free_time
from agentkit_tools.contacts import add_contact

Use = Callable[..., Any]
FRAME = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Other//EN\r\n{}END:VCALENDAR\r\n"
EVENT = (
    "BEGIN:VEVENT\r\nUID:{0}@o\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:{0}\r\n"
    "DTSTART;TZID=Europe/Berlin:20261123T{1}\r\n"
    "DTEND;TZID=Europe/Berlin:20261123T{2}\r\n{3}END:VEVENT\r\n"
)


@pytest.fixture
def monday(context: Context, use: Use) -> Context:
    """Give a Monday with four events, some of them of no weight."""
    events = (
        EVENT.format("own", "090000", "110000", ""),
        EVENT.format("free", "110000", "120000", "TRANSP:TRANSPARENT\r\n"),
        EVENT.format(
            "hers", "120000", "130000",
            "TRANSP:TRANSPARENT\r\nATTENDEE:mailto:ana@kos.example\r\n",
        ),
        EVENT.format("off", "130000", "180000", "STATUS:CANCELLED\r\n"),
    )  # fmt: skip
    context.home.mkdir()
    text = FRAME.format("".join(events))
    (context.home / "calendar.ics").write_bytes(text.encode())
    use(add_contact, context, name="Ana Kos", email="ana@kos.example")
    use(add_contact, context, name="Ben Ode", email="ben@ode.example")
    return context


def clocks(found: list[Any]) -> list[str]:
    """Return when suggestions begin, as day and clock."""
    return [one.start[8:16] for one in found]


def test_what_keeps_nobody_is_free(monday: Context, use: Use) -> None:
    """Transparent and cancelled events leave the time free."""
    [gap] = use(free_time, monday, when="2026-11-23")
    assert (gap.start[11:16], gap.end[11:16]) == ("11:00", "18:00")


def test_a_slot_suits_all(monday: Context, use: Use) -> None:
    """What another one takes part in is not free for both."""
    day = {"when": "2026-11-23", "duration": "90 minutes"}
    assert clocks(use(find_slot, monday, **day)) == ["23T11:00", "23T12:30"]
    both = use(find_slot, monday, **day, people=["Ana", "Ben"])
    assert clocks(both) == ["23T13:00", "23T14:30"]
    assert both[0].end[11:16] == "14:30"


def test_slots_of_a_week_lie_on_its_working_days(monday: Context, use: Use) -> None:
    """Next week's suggestions are spread over days, five in all, none on a weekend."""
    found = use(
        find_slot, monday, duration="45 minutes", people=["Ana"], when="next week"
    )
    assert clocks(found) == [
        "23T11:00", "23T13:00", "24T09:00", "24T10:00", "25T09:00",
    ]  # fmt: skip


def test_slots_begin_after_now(context: Context, use: Use) -> None:
    """Nothing in the past is suggested, and quarter hours only."""
    later = context.now + timedelta(hours=1, minutes=7)
    there = Context(home=context.home, now=later)
    found = use(find_slot, there, duration="1 hour", when="today")
    assert clocks(found) == ["18T10:15", "18T11:15"]


def test_no_slot_is_said(monday: Context, use: Use) -> None:
    """Where no time is long enough, nothing is suggested."""
    found = use(find_slot, monday, duration="10 hours", when="2026-11-23")
    assert found == []
    assert find_slot.word(find_slot.dump(found)).startswith("There is no time")


def test_unknown_people_are_asked_about(monday: Context, use: Use) -> None:
    """Who is meant has to be known."""
    with pytest.raises(InputNeeded):
        use(find_slot, monday, duration="1 hour", people=["Zoltan"])


def test_an_alarm_goes_with_the_event(context: Context, use: Use) -> None:
    """The event has a VALARM that rings the told time before its start."""
    use(
        create_event, context, title="Flight", start="tomorrow at 8am",
        remind_before="2 hours",
    )  # fmt: skip
    content = (context.home / "calendar.ics").read_bytes()
    calendar: Any = Calendar.from_ical(content)
    [alarm] = calendar.walk("VALARM")
    assert (alarm["ACTION"], alarm["DESCRIPTION"]) == ("DISPLAY", "Flight")
    assert alarm["TRIGGER"].dt == timedelta(hours=-2)
