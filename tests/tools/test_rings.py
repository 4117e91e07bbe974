"""What rings in a home: reminders by their rule, events by their alarms."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from agentkit import Context
from agentkit.bells.rounds import dues_of

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 27, 9, tzinfo=BERLIN)  # a Friday; clocks change on Sunday

_TODO = "BEGIN:VTODO\nUID:{uid}\nDTSTAMP:20260301T000000Z\n{lines}\nEND:VTODO\n"
_EVENT = "BEGIN:VEVENT\nUID:e\nDTSTAMP:20260301T000000Z\nSUMMARY:Dentist\n{lines}\n"
_BELL = "BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER{}\nEND:VALARM\n"


def rings(home: Path, name: str, body: str, days: float = 4) -> list[str]:
    """Write a calendar and tell what rings in the next days, on Berlin's clocks."""
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{body}END:VCALENDAR\n"
    (home / name).write_text(text.replace("\n", "\r\n"), "utf-8", newline="")
    context = Context(home=home, now=NOW, user_email="ada@example.com")
    until = NOW + timedelta(days=days)
    return [
        f"{due.rings.astimezone(BERLIN):%a %H:%M} {due.kind} {due.title}"
        for due in dues_of(context, NOW, until).items
    ]


def todo(lines: str) -> str:
    """A to-do of a home."""
    return _TODO.format(uid="t", lines=lines)


def event(lines: str, *bells: str) -> str:
    """An event, with triggers of alarms."""
    alarms = "".join(map(_BELL.format, bells))
    return f"{_EVENT.format(lines=lines)}{alarms}END:VEVENT\n"


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        pytest.param("SUMMARY:a\nDUE:20260327T100000Z", ["Fri 11:00 reminder a"],
                     id="at a time"),
        pytest.param("SUMMARY:a\nDUE:20260327T120000", ["Fri 12:00 reminder a"],
                     id="at the user's time, wherever"),
        pytest.param("SUMMARY:a\nDUE;VALUE=DATE:20260328", ["Sat 09:00 reminder a"],
                     id="a whole day rings in the morning"),
        pytest.param("SUMMARY:a", [], id="without a time"),
        pytest.param("SUMMARY:a\nDUE:20260327T100000Z\nSTATUS:COMPLETED", [],
                     id="done"),
        pytest.param("SUMMARY:a\nDUE:20260327T100000Z\nCATEGORIES:ALARM",
                     ["Fri 11:00 alarm a"], id="alarm"),
        pytest.param("SUMMARY:a\nDUE:20260327T100000Z\nCATEGORIES:TIMER",
                     ["Fri 11:00 timer a"], id="timer"),
        pytest.param("SUMMARY:a\nDUE:20260327T100000Z\n" + _BELL.format(":-PT30M"),
                     ["Fri 10:30 reminder a", "Fri 11:00 reminder a"],
                     id="of another program, with a lead"),
        pytest.param("SUMMARY:a\nDTSTART;TZID=Europe/Berlin:20260301T070000\n"
                     "DUE;TZID=Europe/Berlin:20260301T070000\nRRULE:FREQ=DAILY",
                     ["Sat 07:00 reminder a", "Sun 07:00 reminder a",
                      "Mon 07:00 reminder a", "Tue 07:00 reminder a"],
                     id="daily, on the clock through its change"),
        pytest.param("SUMMARY:a\nDTSTART;TZID=Europe/Berlin:20260301T070000\n"
                     "DUE;TZID=Europe/Berlin:20260301T070000\n"
                     "RRULE:FREQ=DAILY;UNTIL=20260329T050000Z",
                     ["Sat 07:00 reminder a", "Sun 07:00 reminder a"], id="until"),
        pytest.param("SUMMARY:a\nDTSTART:20260326T100000Z\nDUE:20260326T100000Z\n"
                     "RRULE:FREQ=DAILY;COUNT=2", ["Fri 11:00 reminder a"], id="count"),
    ],
)  # fmt: skip
def test_reminders(tmp_path: Path, lines: str, told: list[str]) -> None:
    """An open one rings when it is due, a repeating one each time."""
    assert rings(tmp_path, "reminders.ics", todo(lines)) == told


_AT_NINE = (
    "DTSTART;TZID=Europe/Berlin:20260328T090000\n"
    "DTEND;TZID=Europe/Berlin:20260328T100000"
)
_GUEST = "ORGANIZER:mailto:bo@example.com\nATTENDEE;PARTSTAT={}:mailto:ada@example.com"


@pytest.mark.parametrize(
    ("lines", "bells", "told"),
    [
        pytest.param(_AT_NINE, [], [], id="no alarm"),
        pytest.param(_AT_NINE, [":-PT15M"], ["Sat 08:45"], id="ahead of it"),
        pytest.param(_AT_NINE, [":PT0S"], ["Sat 09:00"], id="at its start"),
        pytest.param(_AT_NINE, [";RELATED=END:-PT5M"], ["Sat 09:55"], id="its end"),
        pytest.param(_AT_NINE, [":-PT1H", ":-PT15M"], ["Sat 08:00", "Sat 08:45"],
                     id="two"),
        pytest.param(_AT_NINE, [":-PT15M", ":-PT15M"], ["Sat 08:45"], id="the same"),
        pytest.param(_AT_NINE, [";VALUE=DATE-TIME:20260328T060000Z"], ["Sat 07:00"],
                     id="at a time of its own"),
        pytest.param(_AT_NINE, [":soon"], [], id="no time"),
        pytest.param(_AT_NINE, [":-PT15M\nACKNOWLEDGED:20260328T080000Z"], [],
                     id="heard on another device"),
        pytest.param(f"{_AT_NINE}\nSTATUS:CANCELLED", [":-PT15M"], [], id="cancelled"),
        pytest.param(f"{_AT_NINE}\n{_GUEST.format('DECLINED')}", [":-PT15M"], [],
                     id="declined"),
        pytest.param(f"{_AT_NINE}\n{_GUEST.format('ACCEPTED')}", [":-PT15M"],
                     ["Sat 08:45"], id="accepted"),
        pytest.param("DTSTART;VALUE=DATE:20260329", [":-PT15H"], ["Sat 09:00"],
                     id="all day"),
        pytest.param("DTSTART;VALUE=DATE:20260425", [":-P28D"], ["Sat 00:00"],
                     id="four weeks ahead, by the calendar"),
        pytest.param(f"{_AT_NINE}\nRRULE:FREQ=DAILY", [":-PT15M"],
                     ["Sat 08:45", "Sun 08:45", "Mon 08:45", "Tue 08:45"], id="daily"),
        pytest.param(f"{_AT_NINE}\nRRULE:FREQ=DAILY\n"
                     "EXDATE;TZID=Europe/Berlin:20260329T090000", [":-PT15M"],
                     ["Sat 08:45", "Mon 08:45", "Tue 08:45"], id="one left out"),
    ],
)  # fmt: skip
def test_events(tmp_path: Path, lines: str, bells: list[str], told: list[str]) -> None:
    """An event rings by its alarms; what is off, or not the user's, does not."""
    found = rings(tmp_path, "calendar.ics", event(lines, *bells))
    assert found == [f"{one} event Dentist" for one in told]


def test_an_occurrence_has_alarms_of_its_own(tmp_path: Path) -> None:
    """One that is moved rings at its new time, and by its own alarms."""
    series = event(f"{_AT_NINE}\nRRULE:FREQ=DAILY;COUNT=3", ":-PT15M")
    moved = event(
        "RECURRENCE-ID;TZID=Europe/Berlin:20260329T090000\n"
        "DTSTART;TZID=Europe/Berlin:20260329T110000",
        ":-PT1H",
    )
    assert rings(tmp_path, "calendar.ics", series + moved) == [
        "Sat 08:45 event Dentist",
        "Sun 10:00 event Dentist",
        "Mon 08:45 event Dentist",
    ]


def test_what_is_moved_rings_again(tmp_path: Path) -> None:
    """It is another ringing, and so has another id; a change of its words has not."""

    def ids(lines: str) -> set[str]:
        rings(tmp_path, "reminders.ics", todo(lines))
        context = Context(home=tmp_path, now=NOW)
        return {due.id for due in dues_of(context, NOW, NOW + timedelta(days=2)).items}

    first = ids("SUMMARY:a\nDUE:20260327T100000Z")
    assert ids("SUMMARY:b\nDUE:20260327T100000Z") == first
    assert ids("SUMMARY:b\nDUE:20260327T101000Z").isdisjoint(first)


def test_it_says_when_it_was_set(tmp_path: Path) -> None:
    """So that whoever set it is told whether anything will ring."""
    rings(tmp_path, "reminders.ics", todo("SUMMARY:a\nDUE:20260327T100000Z"))
    context = Context(home=tmp_path, now=NOW)
    (due,) = dues_of(context, NOW, NOW + timedelta(days=2)).items
    assert due.made == datetime(2026, 3, 1, tzinfo=UTC)
