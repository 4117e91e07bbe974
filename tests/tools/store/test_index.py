"""The calendar's index: never trusted over the files, and never needed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from agentkit import Context
from agentkit_tools._store.blocks import Block, Blocks
from agentkit_tools._store.catalog import open_catalog
from agentkit_tools._store.occurrences import Timeline
from agentkit_tools._store.scan import read_part
from agentkit_tools.calendar import create_event, find_events, move_event

Use = Callable[..., Any]

DAY = "2026-11-20"
FRAME = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Other//EN\r\n{}END:VCALENDAR\r\n"
EVENT = (
    "BEGIN:VEVENT\r\nUID:{0}@o\r\nSUMMARY:{0}\r\nDTSTART:20261120T{1}0000Z\r\n"
    "END:VEVENT\r\n"
)


def titles(context: Context, use: Use) -> list[str]:
    """Return what is on the calendar that day."""
    return [event.title for event in use(find_events, context, when=DAY)]


def write(context: Context, *names: str) -> Path:
    """Write calendar.ics as another program would, in place."""
    context.home.mkdir(exist_ok=True)
    path = context.home / "calendar.ics"
    events = [EVENT.format(name, 10 + hour) for hour, name in enumerate(names)]
    path.write_bytes(FRAME.format("".join(events)).encode())
    return path


def test_a_change_elsewhere_is_seen(context: Context, use: Use) -> None:
    """What another program writes in place, of the same length, is served."""
    write(context, "A", "B")
    assert titles(context, use) == ["A", "B"]
    write(context, "A", "C")
    assert titles(context, use) == ["A", "C"]


def test_places_and_stamps_are_of_one_moment(context: Context, use: Use) -> None:
    """Who writes the index while another one reads it changes nothing of what it reads."""
    write(context, "A", "B")
    assert titles(context, use) == ["A", "B"]
    reader, writer = open_catalog(context.home)[0], open_catalog(context.home)[0]
    with closing(reader), closing(writer):
        with reader.one_state():
            before = reader.shape("calendar.ics")
            with writer.changing():
                writer.drop("calendar.ics")
            assert reader.shape("calendar.ics") == before
        assert before is not None
        assert reader.shape("calendar.ics") is None


def test_a_change_builds_on_what_is_there(context: Context, use: Use) -> None:
    """A file that was changed since it was indexed is changed in the right place."""
    write(context, "A", "B")
    assert titles(context, use) == ["A", "B"]
    write(context, "Longer name", "A", "B")
    use(move_event, context, title="B", when=DAY, to=f"{DAY}T20:00")
    assert titles(context, use) == ["Longer name", "A", "B"]


@pytest.mark.parametrize("content", [b"", b"garbage" * 2000], ids=["empty", "garbage"])
def test_a_damaged_index_is_made_again(
    content: bytes, context: Context, use: Use
) -> None:
    """It is thrown away, and the files are read anew."""
    write(context, "A")
    assert titles(context, use) == ["A"]
    for path in context.home.glob("calendar.db*"):
        path.unlink()
    (context.home / "calendar.db").write_bytes(content)
    assert titles(context, use) == ["A"]


def test_an_index_of_another_home_is_not_used(
    context: Context, use: Use, tmp_path: Path
) -> None:
    """A copied index does not fit the files, and is made again."""
    write(context, "A")
    assert titles(context, use) == ["A"]
    other = Context(home=tmp_path / "other", now=context.now)
    write(other, "B")
    (other.home / "calendar.db").write_bytes(
        (context.home / "calendar.db").read_bytes()
    )
    assert titles(other, use) == ["B"]


def test_an_unfinished_change_is_finished(context: Context, use: Use) -> None:
    """What a killed program had noted is written by the next one that looks."""
    path = write(context, "A")
    found = path.stat()
    stamp = [found.st_mtime_ns, found.st_size, found.st_ino, found.st_ctime_ns]
    note = {
        "calendar.ics": [FRAME.format(EVENT.format("B", 10)), stamp],
        "calendar/new.ics": [FRAME.format(EVENT.format("C", 11)), None],
        "../outside.ics": ["no", None],
    }
    (context.home / ".calendar-change.json").write_text(json.dumps(note))
    assert titles(context, use) == ["B", "C"]
    assert not (context.home / ".calendar-change.json").exists()
    assert not (context.home.parent / "outside.ics").exists()


def test_an_unfinished_change_overwrites_no_other(context: Context, use: Use) -> None:
    """A file that was changed after the note was written stays as it is."""
    write(context, "A")
    note = {"calendar.ics": [FRAME.format(EVENT.format("B", 10)), [1, 2, 3, 4]]}
    (context.home / ".calendar-change.json").write_text(json.dumps(note))
    assert titles(context, use) == ["A"]


def test_an_event_without_a_uid_gets_one_when_it_is_changed(
    context: Context, use: Use
) -> None:
    """Two of them are two events; only the one that is meant is moved."""
    events = EVENT.format("A", 10) + EVENT.format("B", 11)
    bare = events.replace("UID:A@o\r\n", "").replace("UID:B@o\r\n", "")
    context.home.mkdir()
    (context.home / "calendar.ics").write_bytes(FRAME.format(bare).encode())
    use(move_event, context, title="B", when=DAY, to=f"{DAY}T09:00")
    assert titles(context, use) == ["B", "A"]
    text = (context.home / "calendar.ics").read_text()
    assert text.count("UID:") == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such files there")
def test_a_pipe_is_no_calendar(context: Context, use: Use) -> None:
    """What would block forever when read is passed over."""
    write(context, "A")
    (context.home / "calendar").mkdir()
    os.mkfifo(context.home / "calendar" / "x.ics")
    assert titles(context, use) == ["A"]


@pytest.mark.parametrize("start", ["20240131T100000Z", "20240229T100000Z"])
@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=MONTHLY;COUNT=9", "FREQ=YEARLY;COUNT=4", "FREQ=WEEKLY;COUNT=5;BYDAY=MO,FR",
        "FREQ=DAILY;BYMONTH=1;COUNT=70", "FREQ=MONTHLY;BYDAY=-1FR;COUNT=8",
        "FREQ=DAILY;UNTIL=20240610T100000Z", "FREQ=WEEKLY;INTERVAL=3;UNTIL=20241001",
        "FREQ=MONTHLY;INTERVAL=5;COUNT=4", "FREQ=YEARLY;INTERVAL=3;COUNT=3",
    ],
)  # fmt: skip
def test_a_span_holds_all_occurrences(start: str, rule: str) -> None:
    """No occurrence of a series lies outside of what the index knows of it."""
    text = (
        f"BEGIN:VEVENT\r\nUID:1\r\nDTSTART:{start}\r\nDURATION:PT2H\r\nRRULE:{rule}\r\n"
        "RDATE:20230101T000000Z,20310101T000000Z\r\nEND:VEVENT\r\n"
    )
    span = read_part(text.encode(), "VEVENT").span
    assert span is not None
    first, last = datetime(2020, 1, 1, tzinfo=UTC), datetime(2060, 1, 1, tzinfo=UTC)
    found = Timeline(Blocks((Block("VEVENT", text),)), UTC).between(first, last)
    assert len(found) > 3
    assert span[0] <= min(item.start for item in found).timestamp()
    assert span[1] >= max(item.end for item in found).timestamp()


def test_a_new_event_is_found_through_the_index(context: Context, use: Use) -> None:
    """Events that are added one after the other are each where the index says."""
    for hour in range(8, 18):
        use(create_event, context, title=f"E{hour}", start=f"{DAY}T{hour:02}:00")
    use(move_event, context, title="E9", when=DAY, to=f"{DAY}T20:00")
    others = [f"E{hour}" for hour in range(8, 18) if hour != 9]
    assert titles(context, use) == [*others, "E9"]
