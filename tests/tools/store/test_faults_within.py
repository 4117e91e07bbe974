"""Faults within an event hide neither it nor others, and are told where they matter."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agentkit import Context
from agentkit_tools.calendar import cancel_event, create_event, find_events

Use = Callable[..., Any]

FRAME = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Other//EN\r\n{}END:VCALENDAR\r\n"
EVENT = "BEGIN:VEVENT\r\nUID:1@o\r\nSUMMARY:Odd\r\n{}END:VEVENT\r\n"
START = "DTSTART:20261120T100000Z\r\n"
# A zone whose rules are its own, so that its events are read by the library.
ZONED = (
    "BEGIN:VTIMEZONE\r\nTZID:Far/Away\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
    "TZOFFSETFROM:+0017\r\nTZOFFSETTO:+0017\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
)
DAY = "2026-11-20"


def put(context: Context, text: str) -> Path:
    """Write a calendar as another program would."""
    path = context.home / "calendar" / "other.ics"
    path.parent.mkdir(parents=True)
    path.write_bytes(text.encode())
    return path


ALARMS = {
    "a length of the wrong form": "TRIGGER;RELATED=START:PT-2H",
    "no value": "TRIGGER",
    "a quote that never ends": 'ATTENDEE;CN="Ana:mailto:ana@x.example',
    "a web page": "<html>",
    "control characters": "\x00\x01\x02",
}


@pytest.mark.parametrize("line", ALARMS.values(), ids=ALARMS)
def test_an_alarm_that_cannot_be_read_hides_no_event(
    line: str, context: Context, use: Use
) -> None:
    """The event is there, whatever its alarm says, and its file as it was."""
    alarm = f"BEGIN:VALARM\r\nACTION:DISPLAY\r\n{line}\r\nEND:VALARM\r\n"
    start = "DTSTART;TZID=Far/Away:20261120T100000\r\n"
    text = FRAME.format(ZONED + EVENT.format(start + alarm))
    path = put(context, text)
    assert [event.title for event in use(find_events, context, when=DAY)] == ["Odd"]
    assert path.read_bytes() == text.encode()


NESTED = {
    "an alarm that never ends": EVENT.format(
        f"{START}BEGIN:VALARM\r\nACTION:AUDIO\r\n"
    ),
    "an end of nothing": EVENT.format(f"{START}END:VALARM\r\n"),
    "a misspelt end": EVENT.format(START).replace("END:VEVENT", "END:VEVNT"),
    "no end before the calendar's": EVENT.format(START).removesuffix("END:VEVENT\r\n"),
    "no end before the next": EVENT.format(START).removesuffix("END:VEVENT\r\n")
    + "BEGIN:VTODO\r\nUID:2@o\r\nEND:VTODO\r\n",
    "a task of a misspelt end": "BEGIN:VTODO\r\nUID:2@o\r\nEND:VTOOD\r\n"
    + EVENT.format(START),
}


@pytest.mark.parametrize("inner", NESTED.values(), ids=NESTED)
def test_ends_that_are_missing_or_misspelt_hide_nothing(
    inner: str, context: Context, use: Use
) -> None:
    """The event is served, nothing is set aside, and others are put beside it."""
    path = put(context, FRAME.format(inner))
    assert [event.title for event in use(find_events, context, when=DAY)] == ["Odd"]
    assert path.read_bytes() == FRAME.format(inner).encode()
    path.rename(context.home / "calendar.ics")
    path.parent.rmdir()
    use(create_event, context, title="New", start=f"{DAY}T15:00")
    titles = [event.title for event in use(find_events, context, when=DAY)]
    assert titles == ["Odd", "New"]
    use(cancel_event, context, title="Odd", when=DAY)
    assert [event.title for event in use(find_events, context, when=DAY)] == ["New"]
    assert not list(context.home.rglob("*.corrupt-*"))


def test_a_component_of_anothers_own_may_hold_events(
    context: Context, use: Use
) -> None:
    """What is in it is its own: it is no event of the calendar, and no damage."""
    inner = EVENT.format(START).replace("Odd", "Inner")
    own = f"BEGIN:X-OWN\r\n{inner}END:X-OWN\r\n"
    put(context, FRAME.format(own + EVENT.format(START)))
    assert [event.title for event in use(find_events, context, when=DAY)] == ["Odd"]
    assert not list(context.home.rglob("*.corrupt-*"))


OTHER_TYPES = ("DTEND;VALUE=FLOAT:3", "DURATION;VALUE=TEXT:P1D", "EXDATE;VALUE=TEXT:x")


@pytest.mark.parametrize("line", OTHER_TYPES)
def test_a_value_of_another_type_is_as_good_as_broken(
    line: str, context: Context, use: Use
) -> None:
    """It is left out and told, and the event is served without it."""
    put(context, FRAME.format(EVENT.format(f"{START}{line}\r\n")))
    [event] = use(find_events, context, when=DAY)
    assert event.title == "Odd"
    assert "cannot be read" in event.warning


ONE_START = {
    "empty parameters": "DTSTART;;VALUE=DATE-TIME:20261120T100000Z\r\n",
    "a broken one first": f"DTSTART:soon\r\n{START}",
    "blank lines in folds": "DTSTART\r\n\r\n ;VALUE=DATE\r\n\r\n :20261120\r\n",
    "line ends written twice": "DTSTART;VALUE=DATE:2026\r\r\n 1120\r\n",
}


@pytest.mark.parametrize("start", ONE_START.values(), ids=ONE_START)
def test_a_start_is_read_through_oddities_of_its_line(
    start: str, context: Context, use: Use
) -> None:
    """As long as one start can be read, the event is served."""
    put(context, FRAME.format(EVENT.format(start)))
    assert [event.title for event in use(find_events, context, when=DAY)] == ["Odd"]


@pytest.mark.parametrize("quote", ['"', ""], ids=["quoted", "bare"])
def test_a_colon_in_a_zones_name_hides_no_event(
    quote: str, context: Context, use: Use
) -> None:
    """Its time is known to the index too, however many such events there are."""
    name = f"{quote}(UTC-03:00) Brasília{quote}"
    lines = (
        f"DTSTART;TZID={name}:20261120T100000\r\nDTEND;TZID={name}:20261120T110000\r\n"
    )
    events = (EVENT.format(lines).replace("1@o", f"{number}@o") for number in range(30))
    put(context, FRAME.format("".join(events)))
    assert len(use(find_events, context, when=DAY)) == 30


OVER = {
    "each day": "RRULE:FREQ=DAILY;UNTIL=20251120T000000Z\r\n",
    "each Tuesday": "RRULE:FREQ=WEEKLY;UNTIL=20261123T000000Z;BYDAY=TU\r\n",
}


@pytest.mark.parametrize("rule", OVER.values(), ids=OVER)
def test_a_repetition_that_is_over_before_it_begins_is_shown_once(
    rule: str, context: Context, use: Use
) -> None:
    """The event does not vanish: it is shown at its start, and that is told."""
    put(context, FRAME.format(EVENT.format(START + rule)))
    [event] = use(find_events, context, when=DAY)
    assert event.title == "Odd"
    assert "over before it begins" in event.warning


def test_events_without_a_start_are_named_or_counted(
    context: Context, use: Use
) -> None:
    """Twenty are named in each answer; that there are more is told."""
    events = (
        EVENT.format("").replace("1@o", f"{number}@o").replace("Odd", f"Odd {number}")
        for number in range(21)
    )
    put(context, FRAME.format("".join(events) + EVENT.format(START)))
    [event] = use(find_events, context, when=DAY)
    assert event.warning.count("has no start and is left out") == 20
    assert "More than 20 events have no start" in event.warning
