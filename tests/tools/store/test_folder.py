"""A folder of .ics files as the calendar."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agentkit import Context, CorruptStore, StoreError
from agentkit_tools.calendar import (
    cancel_event,
    create_event,
    find_events,
    find_slot,
    move_event,
    send_invite,
)
from agentkit_tools.search import search_everything

Use = Callable[..., Any]

FOREIGN = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Other//EN\r\n"
    "BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260101T000000Z\r\n"
    'X-OTHER;X-P="a:b":one\r\n  two\r\n'
    "DTSTART:{start}\r\nDURATION:PT1H\r\nSUMMARY:{title}\r\n{more}"
    "END:VEVENT\r\nEND:VCALENDAR\r\n"
)


def put(
    context: Context, name: str, title: str, start: str = "20261120T100000Z",
    more: str = "", uid: str = "",
) -> Path:  # fmt: skip
    """Write a file of one event as another program would."""
    path = context.home / "calendar" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    text = FOREIGN.format(uid=uid or f"{title}@o", start=start, title=title, more=more)
    path.write_bytes(text.encode())
    return path


def files(context: Context) -> dict[str, bytes]:
    """Return the contents of all files of the calendar."""
    found = [*context.home.glob("*.ics"), *context.home.glob("calendar/**/*")]
    return {
        str(path.relative_to(context.home)): path.read_bytes()
        for path in found
        if path.is_file()
    }


def titles(context: Context, use: Use, when: str = "2026-11-20") -> list[str]:
    """Return what is on the calendar that day."""
    return [event.title for event in use(find_events, context, when=when)]


def test_all_files_are_one_calendar(context: Context, use: Use) -> None:
    """calendar.ics, the folder's files and those of its collections are served."""
    use(create_event, context, title="Single", start="2026-11-20T08:00")
    put(context, "a.ics", "Direct", "20261120T090000Z")
    put(context, "work/b.ics", "Work", "20261120T100000Z")
    put(context, "work/deeper/c.ics", "Too deep")
    put(context, ".hidden.ics", "Hidden")
    assert titles(context, use) == ["Single", "Direct", "Work"]
    assert [hit.title for hit in use(search_everything, context, query="direct")]


@pytest.mark.parametrize(
    ("there", "target"),
    [
        ([], "calendar/"),
        (["a.ics"], "calendar/"),
        (["home/a.ics", "work/b.ics"], "calendar/home/"),
        (["home/a.ics", "b.ics"], "calendar/"),
    ],
    ids=["empty folder", "direct files", "collections", "both"],
)
def test_a_new_event_is_a_file_of_its_own(
    there: list[str], target: str, context: Context, use: Use
) -> None:
    """It is named after its UID; the other files stay as they are."""
    (context.home / "calendar").mkdir(parents=True)
    for number, name in enumerate(there):
        put(context, name, f"E{number}")
    before = files(context)
    use(create_event, context, title="New", start="2026-11-20T08:00")
    after = files(context)
    [name] = after.keys() - before.keys()
    uid = after[name].split(b"UID:")[1].split(b"\r\n")[0].decode()
    assert name == f"{target}{uid}.ics"
    assert after == before | {name: after[name]}
    assert titles(context, use)[0] == "New"


def test_a_change_rewrites_the_one_file(context: Context, use: Use) -> None:
    """Foreign properties and other files survive byte for byte."""
    put(context, "work/a.ics", "Keep")
    moved = put(context, "work/b.ics", "Move")
    before = files(context)
    result = use(move_event, context, title="move", to="2026-11-20T15:00")
    after = files(context)
    assert [name for name in after if after[name] != before[name]] == [
        "calendar/work/b.ics"
    ]
    assert b'X-OTHER;X-P="a:b":one\r\n  two\r\n' in moved.read_bytes()
    assert move_event.undo is not None
    move_event.undo(result, context)
    assert files(context) == before


def test_a_cancelled_event_takes_its_file_along(context: Context, use: Use) -> None:
    """The file goes with its only event, and comes back with the undo."""
    put(context, "work/a.ics", "Keep")
    path = put(context, "work/b.ics", "Gone")
    before = files(context)
    result = use(cancel_event, context, title="gone")
    assert not path.exists()
    assert cancel_event.undo is not None
    cancel_event.undo(result, context)
    assert files(context) == before


def test_a_collection_with_a_name_of_its_own_stays(context: Context, use: Use) -> None:
    """A file that says more than its event is kept without it."""
    path = put(context, "work.ics", "Gone")
    content = path.read_bytes().replace(b"VERSION", b"X-WR-CALNAME:Work\r\nVERSION")
    path.write_bytes(content)
    use(cancel_event, context, title="gone")
    assert b"X-WR-CALNAME:Work" in path.read_bytes()


def test_a_split_series_is_two_files(context: Context, use: Use) -> None:
    """From one occurrence on, the series goes on in a file beside the first."""
    put(context, "work/a.ics", "Run", more="RRULE:FREQ=DAILY;COUNT=5\r\n")
    before = files(context)
    result = use(
        move_event, context, title="run", when="2026-11-22",
        to="2026-11-22T15:00", scope="this_and_following",
    )  # fmt: skip
    assert len([name for name in files(context) if "calendar/work/" in name]) == 2
    starts = [event.start[5:16] for event in use(find_events, context, query="run")]
    assert starts == [
        "11-20T11:00", "11-21T11:00", "11-22T15:00", "11-23T15:00", "11-24T15:00",
    ]  # fmt: skip
    assert move_event.undo is not None
    move_event.undo(result, context)
    assert files(context) == before


def test_invites_and_slots_work_over_the_folder(context: Context, use: Use) -> None:
    """An invite is a file of its own; its time is taken."""
    (context.home / "calendar").mkdir(parents=True)
    use(
        send_invite, context, title="Talk", start="2026-11-20T09:00",
        attendees=["ana@kos.example"], duration="3 hours",
    )  # fmt: skip
    found = use(find_slot, context, duration="1 hour", when="2026-11-20")
    assert found[0].start[11:16] == "12:00"


@pytest.mark.parametrize(
    "uid", ["../../x", "a/b", "..", "", "ü" * 200, ".hidden", "con\\,x"],
    ids=["up", "slash", "dots", "none", "long", "dot", "comma"],
)  # fmt: skip
def test_a_uid_is_no_path(uid: str, context: Context, use: Use) -> None:
    """What is split off a foreign event stays in its collection, whatever its UID."""
    path = put(context, "work/a.ics", "Run", uid=uid, more="RRULE:FREQ=DAILY\r\n")
    use(cancel_event, context, title="run", when="2026-11-21")
    assert b"EXDATE" in path.read_bytes()
    assert set(files(context)) == {"calendar/work/a.ics"}


def test_a_corrupt_file_does_not_hide_the_others(context: Context, use: Use) -> None:
    """It is kept aside and named; its whole entries and the others are served."""
    put(context, "a.ics", "Whole")
    bad = put(context, "work/bad.ics", "Cut")
    content = bad.read_bytes()[:-30]
    bad.write_bytes(content)
    [event] = use(find_events, context, when="2026-11-20")
    assert event.title == "Whole"
    assert "bad.ics was damaged: nothing in it could be read" in event.warning
    [aside] = bad.parent.glob("bad.ics.corrupt-*")
    assert aside.read_bytes() == content
    [again] = use(find_events, context, when="2026-11-20")
    assert again.warning == ""


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_out_of_the_home_are_named(
    context: Context, use: Use, tmp_path: Path
) -> None:
    """What a link leads to elsewhere is neither read nor written."""
    put(context, "a.ics", "Mine")
    other = tmp_path / "other"
    other.mkdir()
    outside = FOREIGN.format(uid="x", start="20261120T100000Z", title="Not", more="")
    (other / "x.ics").write_text(outside, newline="")
    os.symlink(other / "x.ics", context.home / "calendar" / "x.ics")
    os.symlink(other, context.home / "calendar" / "linked")
    [event] = use(find_events, context, when="2026-11-20")
    assert event.title == "Mine"
    assert "calendar/x.ics leads out of the home" in event.warning
    assert "calendar/linked leads out of the home" in event.warning


def test_a_folder_in_a_files_place_is_named(context: Context, use: Use) -> None:
    """Neither a collection nor an event is lost for a folder called x.ics."""
    put(context, "x.ics/a.ics", "Inner")
    assert titles(context, use) == ["Inner"]


def test_only_damage_is_an_error(context: Context, use: Use) -> None:
    """Where nothing can be served at all, that is told instead of an empty day."""
    path = put(context, "a.ics", "X")
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(CorruptStore, match=r"nothing in it could be read"):
        use(find_events, context, when="2026-11-20")


def test_a_file_called_calendar_is_no_folder(context: Context, use: Use) -> None:
    """A file in the folder's place is left alone."""
    context.home.mkdir()
    (context.home / "calendar").write_text("mine")
    use(create_event, context, title="X", start="2026-11-20T08:00")
    assert titles(context, use) == ["X"]
    assert (context.home / "calendar").read_text() == "mine"


def test_the_same_event_in_two_files_is_one(context: Context, use: Use) -> None:
    """Two files with one UID show it once, and cancelling takes both away."""
    put(context, "a.ics", "Twin")
    put(context, "work/b.ics", "Twin")
    assert titles(context, use) == ["Twin"]
    use(cancel_event, context, title="twin")
    assert files(context) == {}


def test_a_home_that_cannot_be_made_is_told(tmp_path: Path, use: Use) -> None:
    """A home below a file gives one sentence."""
    (tmp_path / "x").write_text("mine")
    with pytest.raises(StoreError):
        use(find_events, Context(home=tmp_path / "x" / "home"))
