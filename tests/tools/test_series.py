"""One, some or all of a repeating event, moved and cancelled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from icalendar import Calendar

from agentkit import Context, ToolError
from agentkit_tools.calendar import cancel_event, find_events, move_event

Use = Callable[..., Any]

FRAME = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Other//EN\r\n{}END:VCALENDAR\r\n"
SERIES = (
    "BEGIN:VEVENT\r\nUID:s@other\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:Standup\r\n"
    'X-OTHER-COLOR;X-P="a b":#ff0000 and a long line that is folded by its own pro\r\n'
    " gram at an odd place\r\n{}"
    "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT10M\r\nEND:VALARM\r\nEND:VEVENT\r\n"
)
BERLIN = (
    "DTSTART;TZID=Europe/Berlin:20261123T090000\r\n"
    "DTEND;TZID=Europe/Berlin:20261123T091500\r\n"
)
FAR = "from 2026-11-18 to 2027-04-30"


def put(context: Context, *events: str) -> None:
    """Write a calendar as another program would."""
    context.home.mkdir(exist_ok=True)
    text = FRAME.format("".join(events))
    (context.home / "calendar.ics").write_bytes(text.encode())


def starts(context: Context, use: Use, when: str = FAR) -> list[str]:
    """Return when events begin, as month-day and clock."""
    return [event.start[5:16] for event in use(find_events, context, when=when)]


def events(context: Context) -> list[Any]:
    """Parse the calendar as another program would."""
    calendar: Any = Calendar.from_ical((context.home / "calendar.ics").read_bytes())
    found: list[Any] = calendar.walk("VEVENT")
    return found


@pytest.mark.parametrize(
    ("scope", "left"),
    [
        ("this", ["11-23T09:00", "12-07T09:00", "12-14T09:00"]),
        ("this_and_following", ["11-23T09:00"]),
        ("all", []),
    ],
)
@pytest.mark.parametrize("end", ["COUNT=4", "UNTIL=20261214T080000Z"])
def test_cancelling_reaches_as_far_as_told(
    scope: str, left: list[str], end: str, context: Context, use: Use
) -> None:
    """One time, that and all later ones, or all of them go."""
    put(context, SERIES.format(f"{BERLIN}RRULE:FREQ=WEEKLY;{end}\r\n"))
    use(cancel_event, context, title="standup", when="2026-11-30", scope=scope)
    assert starts(context, use) == left


@pytest.mark.parametrize(
    ("scope", "found"),
    [
        ("this", ["11-23T09:00", "12-01T10:30", "12-07T09:00", "12-14T09:00"]),
        (
            "this_and_following",
            ["11-23T09:00", "12-01T10:30", "12-08T10:30", "12-15T10:30"],
        ),
        ("all", ["11-24T10:30", "12-01T10:30", "12-08T10:30", "12-15T10:30"]),
    ],
)
@pytest.mark.parametrize(
    "rule",
    ["FREQ=WEEKLY;COUNT=4", "FREQ=WEEKLY;BYDAY=MO;UNTIL=20261214T080000Z"],
    ids=["count", "until"],
)
def test_moving_reaches_as_far_as_told(
    scope: str, found: list[str], rule: str, context: Context, use: Use
) -> None:
    """One time, that and all later ones, or all of them get the new day and hour."""
    put(context, SERIES.format(f"{BERLIN}RRULE:{rule}\r\n"))
    use(
        move_event, context, title="standup", when="2026-11-30",
        to="2026-12-01T10:30", scope=scope,
    )  # fmt: skip
    assert starts(context, use) == found


@pytest.mark.parametrize("scope", ["this", "this_and_following", "all"])
def test_what_others_wrote_stays_byte_for_byte(
    scope: str, context: Context, use: Use
) -> None:
    """Foreign lines, their folding and the alarm are kept in the changed event."""
    put(context, SERIES.format(f"{BERLIN}RRULE:FREQ=WEEKLY;COUNT=4\r\n"))
    use(
        move_event, context, title="standup", when="2026-11-30", to="10am",
        scope=scope,
    )  # fmt: skip
    text = (context.home / "calendar.ics").read_bytes().decode()
    foreign = SERIES[SERIES.index("X-OTHER") : SERIES.index("{}")]
    alarm = SERIES[SERIES.index("BEGIN:VALARM") :]
    copies = {"this": 2, "this_and_following": 2, "all": 1}[scope]
    assert text.count(foreign) == text.count(alarm) == copies


def test_the_parts_of_a_split_series_stand_alone(context: Context, use: Use) -> None:
    """The rest has an identity of its own, counts down, and begins at SEQUENCE 0."""
    put(context, SERIES.format(f"{BERLIN}RRULE:FREQ=WEEKLY;COUNT=4\r\nSEQUENCE:3\r\n"))
    use(
        move_event, context, title="standup", when="2026-12-07", to="10am",
        scope="this_and_following",
    )  # fmt: skip
    first, rest = events(context)
    assert first["UID"] == "s@other" != rest["UID"]
    assert (first["SEQUENCE"], rest["SEQUENCE"]) == (4, 0)
    assert first["RRULE"].to_ical() == b"FREQ=WEEKLY;UNTIL=20261207T075959Z"
    assert rest["RRULE"].to_ical() == b"FREQ=WEEKLY;COUNT=2"


def test_exceptions_move_with_their_series(context: Context, use: Use) -> None:
    """Skipped and overridden times stay skipped and overridden."""
    own = SERIES.format(
        "RECURRENCE-ID;TZID=Europe/Berlin:20261207T090000\r\n"
        "DTSTART;TZID=Europe/Berlin:20261207T160000\r\n"
        "DTEND;TZID=Europe/Berlin:20261207T161500\r\n"
    )
    lines = "RRULE:FREQ=WEEKLY;COUNT=5\r\nEXDATE:20261130T080000Z\r\n"
    put(context, SERIES.format(BERLIN + lines), own)
    assert starts(context, use) == [
        "11-23T09:00", "12-07T16:00", "12-14T09:00", "12-21T09:00",
    ]  # fmt: skip
    use(
        move_event, context, title="standup", when="2026-11-23", to="2026-11-24T10:00",
        scope="all",
    )  # fmt: skip
    assert starts(context, use) == [
        "11-24T10:00", "12-07T16:00", "12-15T10:00", "12-22T10:00",
    ]  # fmt: skip
    use(
        cancel_event, context, title="standup", when="2026-12-07",
        scope="this_and_following",
    )  # fmt: skip
    assert starts(context, use) == ["11-24T10:00"]


def test_a_moved_series_keeps_its_hour_across_daylight_saving(
    context: Context, use: Use
) -> None:
    """A series of another zone is moved on that zone's clock."""
    put(
        context,
        SERIES.format(
            "DTSTART;TZID=America/New_York:20270302T090000\r\n"
            "DTEND;TZID=America/New_York:20270302T093000\r\n"
            "RRULE:FREQ=WEEKLY;COUNT=5\r\n"
        ),
    )
    use(
        move_event, context, title="standup", when="2027-03-02",
        to="2027-03-02T16:00", scope="all",
    )  # fmt: skip
    assert starts(context, use) == [
        "03-02T16:00", "03-09T16:00", "03-16T15:00", "03-23T15:00", "03-30T16:00",
    ]  # fmt: skip
    assert events(context)[0]["DTSTART"].params["TZID"] == "America/New_York"


def test_whole_days_stay_whole_days(context: Context, use: Use) -> None:
    """An all-day series is ended and moved by dates."""
    put(
        context,
        SERIES.format(
            "DTSTART;VALUE=DATE:20261201\r\nDTEND;VALUE=DATE:20261202\r\n"
            "RRULE:FREQ=DAILY;COUNT=6\r\n"
        ),
    )
    use(
        cancel_event, context, title="standup", when="2026-12-05",
        scope="this_and_following",
    )  # fmt: skip
    assert events(context)[0]["RRULE"].to_ical() == b"FREQ=DAILY;UNTIL=20261204"
    use(
        move_event, context, title="standup", when="2026-12-03", to="2026-12-04",
        scope="all",
    )  # fmt: skip
    assert starts(context, use) == ["12-02", "12-03", "12-04", "12-05"]
    use(
        move_event, context, title="standup", when="2026-12-03", to="2026-12-03T08:00",
        scope="all",
    )  # fmt: skip
    assert starts(context, use)[0] == "12-02T08:00"
    assert len(starts(context, use)) == 4


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=MONTHLY;BYDAY=4MO",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU",
        "FREQ=DAILY;BYDAY=MO,TU",
    ],
)
def test_a_rule_that_names_other_days_is_not_bent(
    rule: str, context: Context, use: Use
) -> None:
    """Where the new day of each time is a guess, nothing is changed."""
    put(context, SERIES.format(f"{BERLIN}RRULE:{rule}\r\n"))
    before = (context.home / "calendar.ics").read_bytes()
    with pytest.raises(ToolError, match="names other days"):
        use(
            move_event, context, title="standup", when="2026-11-23",
            to="2026-11-24T09:00", scope="all",
        )  # fmt: skip
    assert (context.home / "calendar.ics").read_bytes() == before


def test_a_time_without_a_day_stays_on_the_day(context: Context, use: Use) -> None:
    """ "To 11am" means 11 o'clock of the event's day, not of today."""
    put(context, SERIES.format(f"{BERLIN}RRULE:FREQ=WEEKLY;COUNT=2\r\n"))
    use(move_event, context, title="standup", when="2026-11-30", to="11am")
    assert starts(context, use) == ["11-23T09:00", "11-30T11:00"]


def test_events_on_given_days_are_a_series_too(context: Context, use: Use) -> None:
    """Of a series by RDATE one time is cancelled, the others stay."""
    put(
        context,
        SERIES.format(BERLIN + "RDATE;TZID=Europe/Berlin:20261125T140000\r\n"),
    )
    use(cancel_event, context, title="standup", when="2026-11-25")
    assert starts(context, use) == ["11-23T09:00"]
