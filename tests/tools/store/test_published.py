"""Calendars that other projects publish for tests: none breaks the calendar."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import icalendar
import pytest

from agentkit import Context
from agentkit_tools.calendar import create_event, find_events

Use = Callable[..., Any]

FRAME = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Other//EN\r\n{}END:VCALENDAR\r\n"
EVENT = "BEGIN:VEVENT\r\nUID:1@o\r\nSUMMARY:Odd\r\n{}END:VEVENT\r\n"
DAY = "2026-11-20"


def published() -> list[Path]:
    """List the calendars that come with icalendar, where they do."""
    return sorted(Path(icalendar.__file__).parent.rglob("*.ics"))


def put(context: Context, content: bytes) -> None:
    """Write a calendar as another program would."""
    path = context.home / "calendar" / "other.ics"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_published_calendars_do_not_break_ours(tmp_path: Path, use: Use) -> None:
    """Beside each of them an event can be added and found."""
    paths = published()
    if not paths:
        pytest.skip("the installed icalendar comes without its test calendars")
    for number, path in enumerate(paths):
        context = Context(home=tmp_path / str(number))
        put(context, path.read_bytes())
        use(create_event, context, title="New", start=f"{DAY}T10:00")
        assert "New" in [event.title for event in use(find_events, context, when=DAY)]


@pytest.mark.parametrize(
    ("lines", "warning"),
    [
        ("DTSTART:20261120T100000Z\r\nRRULE:FREQ=OFTEN\r\n", "repetition that cannot"),
        (
            "DTSTART;TZID=Mars/Base:20261120T100000\r\nRRULE:FREQ=OFTEN\r\n",
            "unknown time zone",
        ),
        (
            "DTSTART:20261120T100000Z\r\nRRULE:RSCALE=CHINESE;FREQ=YEARLY\r\n",
            "repetition that cannot",
        ),
        ("DTSTART:20261120T100000Z\r\nDTEND:soon\r\n", "end that cannot"),
        ("DTSTART:20261120T100000Z\r\nEXDATE:never\r\n", "leaves out days"),
        (
            "DTSTART:20261120T100000Z\r\nDTSTART:20261121T100000Z\r\n",
            "DTSTART more than once",
        ),
        ("DTSTART:20261120T100000Z\r\nSUMMARY:Other\r\n", ""),
        ("DTSTART:20261120T100000Z\r\nRRULE:RSCALE=GREGORIAN;FREQ=DAILY\r\n", ""),
    ],
    ids=[
        "rule", "rule and zone", "other calendar", "end", "exdate", "two starts",
        "two titles", "named calendar",
    ],
)  # fmt: skip
def test_a_broken_property_does_not_take_its_event_along(
    lines: str, warning: str, context: Context, use: Use
) -> None:
    """The event is served by what can be read of it, and named as odd."""
    put(context, FRAME.format(EVENT.format(lines)).encode())
    [event] = use(find_events, context, when=DAY)
    assert event.title == "Odd"
    assert warning in event.warning
    assert bool(warning) == bool(event.warning)


@pytest.mark.parametrize(
    "content",
    [
        "\ufeff" + FRAME.format(EVENT.format("DTSTART:20261120T100000Z\r\n")),
        FRAME.format(EVENT.format("DTSTART:20261120T100000Z\r\n")).replace("\r\n", "\n"),
        FRAME.format(EVENT.format("DTSTART:20261120T100000Z\r\n")).replace("\r\n", "\r"),
        FRAME.format(EVENT.format("DTSTART:20261120T100000Z\r\n")).replace(
            "VERSION:", "VERSION\r\n :"
        ),
        FRAME.format(EVENT.format("DTSTART:20261120T100000Z\r\n")).replace(
            "BEGIN:V", "begin:v"
        ),
        FRAME.format(EVENT.format("DTSTART:20261120T100000Z\r\n")) + "X-CACHED:yes\r\n",
        FRAME.format(
            EVENT.format("DTSTART:20261120T100000Z\r\nDESCRIPTION:a\r\n BEGIN:VEVENT\r\n")
        ),
        FRAME.format("") + FRAME.format(EVENT.format("DTSTART:20261120T100000Z\r\n")),
    ],
    ids=[
        "byte order mark", "line feeds", "carriage returns", "folded name",
        "small letters", "after the end", "folded BEGIN", "two calendars",
    ],
)  # fmt: skip
def test_unusual_files_are_read_as_they_are(
    content: str, context: Context, use: Use
) -> None:
    """They are not damaged: nothing is kept aside, and a change keeps their bytes."""
    put(context, content.encode())
    [event] = use(find_events, context, when=DAY)
    assert (event.title, event.warning) == ("Odd", "")
    assert (context.home / "calendar" / "other.ics").read_bytes() == content.encode()


@pytest.mark.parametrize("end", ["\r\n", ""], ids=["ended", "not ended"])
@pytest.mark.parametrize("count", [1, 2])
def test_components_without_a_calendar_around_them(
    count: int, end: str, context: Context, use: Use
) -> None:
    """As some programs give events out: they are served, stay, and take others in."""
    inner = "".join(
        EVENT.format("DTSTART:20261120T100000Z\r\n").replace("1@o", f"{n}@o")
        for n in range(count)
    )
    content = inner.removesuffix("\r\n") + end
    put(context, content.encode())
    assert len(use(find_events, context, when=DAY)) == count
    path = context.home / "calendar" / "other.ics"
    assert path.read_bytes() == content.encode()
    path.rename(context.home / "calendar.ics")
    path.parent.rmdir()
    use(create_event, context, title="New", start=f"{DAY}T15:00")
    titles = [event.title for event in use(find_events, context, when=DAY)]
    assert titles == ["Odd"] * count + ["New"]
    assert not list(context.home.rglob("*.corrupt-*"))


ODD_FRAMES = {
    "no last line": "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}",
    "a misspelt last line": "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}END:VCALENDARD\r\n",
    "a stray line": "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}X\r\nEND:VCALENDAR\r\n",
    "blank lines in folds": "BEGIN:VCALENDAR\r\nVERSION\r\n\r\n :2.0\r\n{}END:VCALENDAR\r\n",
}


@pytest.mark.parametrize("frame", ODD_FRAMES.values(), ids=ODD_FRAMES)
def test_a_frame_that_is_not_whole_hides_nothing(
    frame: str, tmp_path: Path, use: Use
) -> None:
    """What is around whole entries stays as it is, and a new one is put beside them."""
    context = Context(home=tmp_path)
    written = frame.format(EVENT.format("DTSTART:20261120T100000Z\r\n")).encode()
    put(context, written)
    assert [event.title for event in use(find_events, context, when=DAY)] == ["Odd"]
    use(create_event, context, title="New", start=f"{DAY}T15:00")
    titles = [event.title for event in use(find_events, context, when=DAY)]
    assert sorted(titles) == ["New", "Odd"]
    assert not list(tmp_path.rglob("*.corrupt-*"))
    assert (tmp_path / "calendar" / "other.ics").read_bytes() == written
