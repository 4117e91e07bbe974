"""Calendars as other programs write them: what is meant is shown, and in good time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from agentkit import Context
from agentkit_tools._store.zones import known_zone
from agentkit_tools.calendar import cancel_event, find_events, free_time, move_event

Use = Callable[..., Any]
FRAME = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Other//EN\r\n{}END:VCALENDAR\r\n"


def event(lines: str, uid: str = "1@o", title: str = "Odd") -> str:
    """Write an event as another program would; `|` ends a line."""
    inner = "".join(f"{line}\r\n" for line in lines.split("|"))
    return f"BEGIN:VEVENT\r\nUID:{uid}\r\nSUMMARY:{title}\r\n{inner}END:VEVENT\r\n"


def zone(name: str, offset: str) -> str:
    """Write a time zone of one offset."""
    return (
        f"BEGIN:VTIMEZONE\r\nTZID:{name}\r\nBEGIN:STANDARD\r\n"
        f"DTSTART:19700101T000000\r\nTZOFFSETFROM:{offset}\r\nTZOFFSETTO:{offset}\r\n"
        "END:STANDARD\r\nEND:VTIMEZONE\r\n"
    )


def put(context: Context, *parts: str) -> None:
    """Write the calendar."""
    context.home.mkdir(parents=True, exist_ok=True)
    text = FRAME.format("".join(parts))
    (context.home / "calendar.ics").write_bytes(text.encode())


def starts(context: Context, use: Use, when: str) -> list[str]:
    """Return day and time of each event, without the year."""
    return [one.start[5:16] for one in use(find_events, context, when=when)]


ZONES = {
    "Etc/UTC": "13:00", "Z": "13:00", "UTC": "13:00", "GMT": "13:00",
    "tzone://Microsoft/Utc": "13:00", "UTC+2": "11:00", "GMT-0300": "16:00",
    "UTC+05:30": "07:30", "+01:00": "12:00",
    "US-Pacific": "21:00", "US/Pacific": "21:00", "America-Chicago": "19:00",
    "Pacific Standard Time": "21:00", "Pacific Daylight Time": "21:00",
    "Tokyo Standard Time": "04:00", "W. Europe Daylight Time": "12:00",
    "Asia/Tokyo_2": "04:00", "Asia/Tokyo-1": "04:00", "europe/london": "13:00",
    "/freeassociation.sourceforge.net/Tzfile/Asia/Tokyo": "04:00",
    "/mozilla.org/20050126_1/America/Chicago": "19:00",
    "Central Time (US & Canada)": "19:00", "Tokyo": "04:00",
    "(UTC-06:00) Central Time (US & Canada)": "19:00",
    "(UTC+09:00) Osaka, Sapporo, Tokyo": "04:00",
}  # fmt: skip


# A name with such signs has to be quoted; what Microsoft writes is not, and is read.
WRITTEN = [f'"{name}"' for name in ZONES] + [
    name for name in ZONES if not set(name) & {":", ",", ";"} or "tzone" in name
]


@pytest.mark.parametrize("name", WRITTEN)
def test_zones_by_any_name(name: str, context: Context, use: Use) -> None:
    """Noon in a zone is told on the user's clock, with nothing odd about it."""
    put(context, event(f"DTSTART;TZID={name}:20261120T120000"))
    found = use(find_events, context, when="20 November 2026 to 22 November 2026")
    clock = ZONES[name.strip('"')]
    assert [(one.start[11:16], one.warning) for one in found] == [(clock, "")]


@pytest.mark.parametrize("name", ["Mars/Base", "Customized Time Zone", "Europe", ""])
def test_a_name_that_means_nothing_is_none(name: str) -> None:
    """Regions and invented names are no zones."""
    assert known_zone(name) == ""


@pytest.mark.parametrize(
    ("name", "offset", "clock"),
    [
        ("Europe/Berlin", "+0300", "10:00"),
        ("Eastern Standard Time", "+0000", "13:00"),
        ("UTC", "+0200", "11:00"),
        ("Europe/Berlin", "+0100", "12:00"),
        ("Office", "-0330", "16:30"),
    ],
)
def test_a_file_describes_its_own_zone(
    name: str, offset: str, clock: str, context: Context, use: Use
) -> None:
    """It counts also under a name that is another zone's elsewhere; a change keeps it."""
    put(context, zone(name, offset), event(f"DTSTART;TZID={name}:20261120T120000|"
        f"DTEND;TZID={name}:20261120T130000|RRULE:FREQ=DAILY;COUNT=2"))  # fmt: skip
    assert starts(context, use, "20 November 2026") == [f"11-20T{clock}"]
    use(cancel_event, context, title="Odd", when="2026-11-20")
    text = (context.home / "calendar.ics").read_text("utf-8")
    assert "~" not in text
    assert starts(context, use, "21 November 2026") == [f"11-21T{clock}"]
    assert starts(context, use, "20 November 2026") == []


@pytest.mark.parametrize(
    ("lines", "when", "expected"),
    [
        ("DTSTART:20261120T0930Z", "20 November 2026", ["11-20T10:30"]),
        ("DTSTART:20261120T093000+0200", "20 November 2026", ["11-20T08:30"]),
        ("DTSTART:20261120T093000-05:00", "20 November 2026", ["11-20T15:30"]),
        ("DTSTART:2026-11-20T09:30:00Z", "20 November 2026", ["11-20T10:30"]),
        ("DTSTART:20261120T093000.000Z", "20 November 2026", ["11-20T10:30"]),
        ("DTSTART:2026-11-20", "20 November 2026", ["11-20"]),
        ("DTSTART:20261119T240000Z", "20 November 2026", ["11-20T01:00"]),
        ("DTSTART:20261120T100060Z", "20 November 2026", ["11-20T11:00"]),
        ("DTSTART:20261120T100000Z|RRULE:FREQ=WEEKLY; BYDAY=FR, SA; COUNT=2",
         "20 November 2026 to 30 November 2026", ["11-20T11:00", "11-21T11:00"]),
        ("DTSTART;TZID=PRC;VALUE=DATE:20261120|DTEND;TZID=PRC;VALUE=DATE:20261120",
         "20 November 2026", ["11-20"]),
        ("DTSTART;VALUE=DATE:20261118|RRULE:FREQ=WEEKLY;COUNT=3|"
         "EXDATE:20261124T230000Z", "18 November 2026 to 5 December 2026",
         ["11-18", "12-02"]),
        ("DTSTART;TZID=Europe/Berlin:20261120T090000|RRULE:FREQ=DAILY;UNTIL=20261122",
         "20 November 2026 to 30 November 2026",
         ["11-20T09:00", "11-21T09:00", "11-22T09:00"]),
        ("DTSTART:20261120T090000|RRULE:FREQ=DAILY;UNTIL=20261122",
         "20 November 2026 to 30 November 2026",
         ["11-20T09:00", "11-21T09:00", "11-22T09:00"]),
        ("DTSTART;TZID=Tokyo Standard Time:20261121T060000|"
         "RRULE:FREQ=DAILY;UNTIL=20261122", "20 November 2026 to 30 November 2026",
         ["11-20T22:00", "11-21T22:00"]),
        ("DTSTART;TZID=America/New_York:20261119T200000|"
         "RRULE:FREQ=DAILY;UNTIL=20261120T235959", "20 November 2026 to 30 November 2026",
         ["11-20T02:00", "11-21T02:00"]),
    ],
    ids=[
        "no seconds", "offset", "offset with a colon", "ISO 8601", "milliseconds",
        "ISO day", "hour 24", "second 60", "spaces in a rule", "a day with a zone", "a day left out in UTC", "last day",
        "last day of a local time", "last day in a Windows zone", "a local last time",
    ],
)  # fmt: skip
def test_times_as_others_write_them(
    lines: str, when: str, expected: list[str], context: Context, use: Use
) -> None:
    """They mean what a person would take them for."""
    put(context, event(lines))
    assert starts(context, use, when) == expected


def test_a_day_that_ends_as_it_begins_is_a_day(context: Context, use: Use) -> None:
    """Other programs write the last day in the place of the day after."""
    put(context, event("DTSTART;VALUE=DATE:20261120|DTEND;VALUE=DATE:20261120"))
    [one] = use(find_events, context, when="20 November 2026")
    assert (one.start, one.end) == ("2026-11-20", "2026-11-21")


@pytest.mark.parametrize(
    ("length", "end"),
    [
        ("PT9H", "08:00"),
        ("PT90M", "23:30"),
        ("P1D", "22:00"),
        ("PT24H", "23:00"),
        ("PT1440M", "23:00"),
        ("P1DT1H", "23:00"),
    ],
)
@pytest.mark.parametrize(
    "rule", ["", "|RRULE:FREQ=DAILY;COUNT=2"], ids=["once", "again"]
)
def test_hours_are_real_time(
    length: str, end: str, rule: str, context: Context, use: Use
) -> None:
    """A length in hours is counted through a change of clocks; a day is a day."""
    put(context, event(
        f"DTSTART;TZID=Europe/Berlin:20260328T220000|DURATION:{length}{rule}"))  # fmt: skip
    found = use(find_events, context, when="28 March 2026")
    assert [one.end[11:16] for one in found] == [end]


@pytest.mark.parametrize(
    "parts",
    [
        event("DTSTART:20261120T100000Z|STATUS:CANCELLED"),
        event("DTSTART:20261120T100000Z|STATUS:Cancelled|X-A:b"),
        event("DTSTART:20261119T100000Z|STATUS:CANCELLED|RRULE:FREQ=DAILY"),
        event("DTSTART:20261119T100000Z|RRULE:FREQ=DAILY;COUNT=2")
        + event("DTSTART:20261120T100000Z|RECURRENCE-ID:20261120T100000Z|"
                "STATUS:CANCELLED"),
    ],
    ids=["once", "small letters", "a series", "one of a series"],
)  # fmt: skip
def test_what_is_off_takes_no_place(parts: str, context: Context, use: Use) -> None:
    """It is not listed, is not what comes next, and takes no time."""
    put(context, parts, event("DTSTART:20261120T150000Z", "2@o", "Real"))
    found = use(find_events, context, when="20 November 2026")
    assert [one.title for one in found] == ["Real"]
    [gap, *_] = use(free_time, context, when="20 November 2026")
    assert gap.end[11:16] == "16:00"


FREQUENT = {
    "by the minute, for years": ("DTSTART:20200101T000000Z|DURATION:PT1M|"
                                 "RRULE:FREQ=MINUTELY;INTERVAL=30", 48),
    "by the minute, at some": ("DTSTART:20200101T000000Z|"
                               "RRULE:FREQ=MINUTELY;BYMINUTE=0,20,40;BYHOUR=9,10", 6),
    "by the hour": ("DTSTART;TZID=Europe/Berlin:20100101T003000|"
                    "RRULE:FREQ=HOURLY;INTERVAL=6", 4),
    "so many times": ("DTSTART:20261119T230000Z|RRULE:FREQ=MINUTELY;COUNT=7", 7),
    "up to a time": ("DTSTART:20261119T230000Z|"
                     "RRULE:FREQ=HOURLY;UNTIL=20261120T020000Z", 4),
    "all over": ("DTSTART:20200101T000000Z|RRULE:FREQ=MINUTELY;COUNT=100", 0),
    "one left out": ("DTSTART:20261119T230000Z|RRULE:FREQ=HOURLY;COUNT=4|"
                     "EXDATE:20261120T000000Z", 3),
}  # fmt: skip


@pytest.mark.parametrize(("lines", "count"), FREQUENT.values(), ids=FREQUENT)
def test_frequent_rules(lines: str, count: int, context: Context, use: Use) -> None:
    """They take place as long as they say, however long ago they began."""
    put(context, event(lines))
    found = use(find_events, context, when="20 November 2026")
    assert (len(found), {one.warning for one in found} - {""}) == (count, set())


def test_one_time_of_a_frequent_rule_is_moved(context: Context, use: Use) -> None:
    """Such a series is changed as others are."""
    put(context, event("DTSTART:20260101T000000Z|RRULE:FREQ=HOURLY;INTERVAL=12"))
    use(
        move_event, context, title="Odd", when="2026-11-20T13:00", to="2026-11-20T15:00"
    )
    found = starts(context, use, "20 November 2026")
    assert found == ["11-20T01:00", "11-20T15:00"]


def test_work_has_a_bound(context: Context, use: Use) -> None:
    """Of very many times the first are served, and it is told that there are more."""
    many = (event("DTSTART:20200101T000000Z|RRULE:FREQ=SECONDLY", f"{n}@o", f"S{n}")
            for n in range(50))  # fmt: skip
    put(context, *many)
    found = use(find_events, context, when="20 November 2026")
    assert {one.title for one in found} == {f"S{n}" for n in range(50)}
    assert len(found) <= 15_000
    assert found[0].warning.count("repeats very often; only its first") == 50


@pytest.mark.parametrize(
    "far",
    ["DTSTART:99991231T235959Z|DTEND:99991231T235959Z",
     "DTSTART;VALUE=DATE:99991231", "DTSTART:00010101T000000Z",
     "DTSTART;TZID=America/New_York:99991231T230000|RRULE:FREQ=DAILY;COUNT=3",
     "DTSTART:20261120T100000Z|DTEND:99991231T235959Z"],
    ids=["last second", "last day", "first second", "a rule", "an end"],
)  # fmt: skip
def test_the_ends_of_time_hide_nothing(far: str, context: Context, use: Use) -> None:
    """An event at the end of the years that there are leaves the others as they are."""
    put(context, event(far, "far@o", "Far"), event("DTSTART:20261120T100000Z"))
    for asked in ({"when": "20 November 2026"}, {}, {"query": "Odd"}):
        found = use(find_events, context, **asked)
        assert "Odd" in [one.title for one in found]


def test_long_lists_of_dates_are_read_where_they_are_asked_for(
    context: Context, use: Use
) -> None:
    """Those that are far away do not have to be laid out."""
    dates = [f"{year}{month:02}{day:02}T{hour:02}0000Z"
             for year in range(2000, 2050) for month in range(1, 13)
             for day in range(1, 29) for hour in (8, 15)]  # fmt: skip
    put(context, event(f"DTSTART:20000101T080000Z|RDATE:{','.join(dates)}"))
    assert starts(context, use, "20 November 2026") == ["11-20T09:00", "11-20T16:00"]
