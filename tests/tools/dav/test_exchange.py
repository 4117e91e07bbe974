"""What goes up and what comes down, on a real server."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import Any

import pytest

from agentkit import Context
from agentkit_tools.calendar import cancel_event, create_event, find_events
from agentkit_tools.sync import sync_calendar
from tests.tools.dav.conftest import Radicale, Sync, event, write

pytestmark = pytest.mark.slow
A = "calendar/work/a.ics"


def setting(context: Context, **keys: Any) -> Context:
    """Return the home with more settings for the server."""
    table = {**context.packs["caldav"], **keys}
    return replace(context, packs={"caldav": table})


def change(context: Context, path: str, old: str, new: str) -> None:
    """Change a file as a calendar tool does."""
    place = context.home / path
    text = place.read_bytes().decode()
    assert old in text
    place.write_bytes(text.replace(old, new).encode())


@pytest.fixture
def tea(online: Context, server: Radicale, sync: Sync) -> Context:
    """Give a home that has one event in common with the server."""
    server.put("Work/a.ics", event("a", "Tea", LOCATION="Home"))
    sync(online)
    return online


def test_an_event_of_the_server_comes(
    online: Context, server: Radicale, sync: Sync
) -> None:
    """An event on the server is a file here."""
    server.put("Work/a.ics", event("a", "Tea"))
    done = sync(online)
    assert (done.came, done.sent, done.problems) == (["Tea"], [], [])
    assert "SUMMARY:Tea" in (online.home / A).read_text()


def test_a_new_event_goes_up_once(
    online: Context, server: Radicale, sync: Sync
) -> None:
    """An event made here is on the server after one exchange, and stays one."""
    write(online, "calendar/b.ics", event("b", "Dinner"))
    assert sync(online).sent == ["Dinner"]
    done = sync(online)
    assert (done.came, done.sent, done.problems) == ([], [], [])
    assert server.names("Work") == ["b.ics"]


def test_nothing_new_is_nothing_done(tea: Context, sync: Sync) -> None:
    """An exchange without changes says so, and sends no entry."""
    done = sync(tea)
    assert not any((done.came, done.gone, done.sent, done.removed, done.merged))


def test_a_change_here_goes_up(tea: Context, server: Radicale, sync: Sync) -> None:
    """A changed file replaces the server's version."""
    change(tea, A, "SUMMARY:Tea", "SUMMARY:Coffee")
    assert sync(tea).sent == ["Coffee"]
    assert "SUMMARY:Coffee" in server.get("Work/a.ics")


def test_a_change_there_comes(tea: Context, server: Radicale, sync: Sync) -> None:
    """The server's new version replaces a file that was not changed."""
    server.put("Work/a.ics", event("a", "Coffee"))
    assert sync(tea).came == ["Coffee"]
    assert "SUMMARY:Coffee" in (tea.home / A).read_text()


def test_what_is_deleted_here_is_deleted_there(
    tea: Context, server: Radicale, sync: Sync
) -> None:
    """A file that is gone is deleted on the server."""
    (tea.home / A).unlink()
    assert sync(tea).removed == ["Tea"]
    assert server.names("Work") == []


def test_what_is_deleted_there_is_deleted_here(
    tea: Context, server: Radicale, sync: Sync
) -> None:
    """A file that was not changed goes with the server's entry."""
    server.delete("Work/a.ics")
    assert sync(tea).gone == ["Tea"]
    assert not (tea.home / A).exists()


def test_different_changes_are_merged(
    tea: Context, server: Radicale, sync: Sync
) -> None:
    """The title changed here, the place there: both are kept, on both sides."""
    change(tea, A, "SUMMARY:Tea", "SUMMARY:Coffee")
    server.put("Work/a.ics", event("a", "Tea", LOCATION="Garden"))
    done = sync(tea)
    assert (done.merged, done.sent, done.conflicts) == (["Tea"], ["Coffee"], [])
    for text in ((tea.home / A).read_text(), server.get("Work/a.ics")):
        assert "SUMMARY:Coffee" in text
        assert "LOCATION:Garden" in text


def test_a_conflict_keeps_both_versions(
    tea: Context, server: Radicale, sync: Sync
) -> None:
    """The same property changed on both sides: the server's stays, ours is kept."""
    change(tea, A, "SUMMARY:Tea", "SUMMARY:Coffee")
    server.put("Work/a.ics", event("a", "Water", LOCATION="Home"))
    done = sync(tea)
    assert done.conflicts == ["Water: both sides changed the title"]
    assert done.sent == []
    assert "SUMMARY:Water" in (tea.home / A).read_text()
    kept = list((tea.home / "conflicts/calendar/work").iterdir())
    assert ["SUMMARY:Coffee" in one.read_text() for one in kept] == [True]


def test_a_conflict_is_told_until_it_is_settled(
    tea: Context, server: Radicale, sync: Sync
) -> None:
    """The next exchange names the conflict again."""
    change(tea, A, "SUMMARY:Tea", "SUMMARY:Coffee")
    server.put("Work/a.ics", event("a", "Water"))
    sync(tea)
    assert sync(tea).conflicts == ["Coffee: still waits"]


def test_changed_here_and_deleted_there_is_a_conflict(
    tea: Context, server: Radicale, sync: Sync
) -> None:
    """The changed file is kept aside, and told."""
    change(tea, A, "SUMMARY:Tea", "SUMMARY:Coffee")
    server.delete("Work/a.ics")
    assert sync(tea).conflicts == ["Coffee: deleted on the server, and changed here"]
    assert len(list((tea.home / "conflicts/calendar/work").iterdir())) == 1
    assert not (tea.home / A).exists()


def test_deleted_here_and_changed_there_comes_back(
    tea: Context, server: Radicale, sync: Sync
) -> None:
    """What somebody still works on is not deleted, and the user is told."""
    (tea.home / A).unlink()
    server.put("Work/a.ics", event("a", "Coffee"))
    done = sync(tea)
    assert done.removed == []
    assert "'Coffee' was deleted here and changed on the server" in done.problems[0]
    assert (tea.home / A).exists()


def test_a_lost_folder_deletes_nothing_on_the_server(
    tea: Context, server: Radicale, sync: Sync
) -> None:
    """A collection's folder that is gone is read anew."""
    shutil.rmtree(tea.home / "calendar/work")
    done = sync(tea)
    assert (done.came, done.removed) == (["Tea"], [])
    assert server.names("Work") == ["a.ics"]


def test_a_renamed_file_is_the_same_event(
    tea: Context, server: Radicale, sync: Sync
) -> None:
    """A file under a new name is neither deleted nor new."""
    (tea.home / A).rename(tea.home / "calendar/work/tea.ics")
    done = sync(tea)
    assert (done.sent, done.removed, done.problems) == ([], [], [])
    assert server.names("Work") == ["a.ics"]


def test_a_lost_state_duplicates_nothing(
    tea: Context, server: Radicale, sync: Sync
) -> None:
    """Without sync.db, equal entries are found to be equal."""
    (tea.home / "sync.db").unlink()
    write(tea, "calendar/b.ics", event("b", "Dinner"))
    done = sync(tea)
    assert (done.came, done.sent, done.conflicts) == ([], ["Dinner"], [])
    names = [one.name for one in tea.home.rglob("*.ics")]
    assert sorted(names) == ["a.ics", "b.ics"]


def test_a_damaged_state_is_kept_aside(tea: Context, sync: Sync) -> None:
    """A sync.db that is no database is kept, and all is compared anew."""
    write(tea, "sync.db", "no database" * 1000)
    done = sync(tea)
    assert (done.came, done.sent, done.removed) == ([], [], [])
    assert len(list(tea.home.glob("sync.db.corrupt-*"))) == 1


def test_an_event_here_and_there_with_one_uid_is_one(
    online: Context, server: Radicale, sync: Sync
) -> None:
    """An invite that both sides took from the mail is not doubled."""
    server.put("Work/other-name.ics", event("a", "Tea"))
    write(online, "calendar/a.ics", event("a", "Tea"))
    sync(online)
    assert server.names("Work") == ["other-name.ics"]
    assert len(list((online.home / "calendar").rglob("*.ics"))) == 1


def test_names_of_the_server_are_no_paths(
    online: Context, server: Radicale, sync: Sync
) -> None:
    """UIDs and hrefs with odd characters become harmless file names."""
    server.put("Work/x y@z.ics", event("../../up", "Up"))
    server.put("Work/con.ics", event("con", "Con"))
    sync(online)
    names = [one.name for one in (online.home / "calendar/work").glob("*.ics")]
    assert len(names) == 2
    assert all(name.replace(".ics", "").isalnum() for name in names)
    assert "con.ics" not in names


def test_a_read_only_calendar_is_only_read(
    online: Context, server: Radicale, sync: Sync
) -> None:
    """A change to it stays here and is told; what is deleted comes back."""
    server.make_closed()
    assert sync(online).came == ["Holiday"]
    change(online, "calendar/closed/c.ics", "Holiday", "Work")
    assert sync(online).problems == [
        "'Work' stays on this device: 'closed' may only be read."
    ]
    (online.home / "calendar/closed/c.ics").unlink()
    assert sync(online).problems == ["'Holiday' is back: 'closed' may only be read."]


def test_a_new_event_leaves_a_read_only_calendar(
    online: Context, server: Radicale, sync: Sync
) -> None:
    """What was put there goes to the calendar that takes new events."""
    server.make_closed()
    sync(online)
    write(online, "calendar/closed/n.ics", event("n", "Mine"))
    assert sync(online).sent == ["Mine"]
    assert server.names("closed") == ["c.ics"]
    assert server.names("Work") == ["n.ics"]


def test_only_the_calendars_that_are_named_are_exchanged(
    online: Context, server: Radicale, sync: Sync
) -> None:
    """`collections` leaves the others alone."""
    server.make("Home")
    server.put("Home/h.ics", event("h", "Cleaning"))
    server.put("Work/a.ics", event("a", "Tea"))
    assert sync(setting(online, collections=["work"])).came == ["Tea"]


def test_a_name_that_no_calendar_has_is_told(online: Context, sync: Sync) -> None:
    """A wrong name in `collections` is named, with those that there are."""
    done = sync(setting(online, collections=["Wrok"]))
    assert done.problems == ["No calendar or address book is called 'Wrok'."]


def test_new_events_wait_for_a_calendar_that_is_named(
    online: Context, server: Radicale, sync: Sync
) -> None:
    """With several calendars, nothing goes up to a guessed one."""
    server.make("Home")
    write(online, "calendar/b.ics", event("b", "Dinner"))
    done = sync(online)
    assert done.sent == []
    assert "`new_events`" in done.problems[0]
    assert sync(setting(online, new_events="home")).sent == ["Dinner"]
    assert server.names("Home") == ["b.ics"]


def test_what_would_go_up_is_shown_before(tea: Context) -> None:
    """The preview names server, user, and each entry."""
    write(tea, "calendar/b.ics", event("b", "Dinner"))
    change(tea, A, "SUMMARY:Tea", "SUMMARY:Coffee")
    assert sync_calendar.preview is not None
    shown = sync_calendar.preview(tea)
    assert tea.packs["caldav"]["user"] in shown
    assert "- new: Dinner" in shown
    assert "- changed: Coffee" in shown


def test_many_events_come_in_several_answers(
    online: Context, server: Radicale, sync: Sync
) -> None:
    """More entries than one answer holds all come."""
    for number in range(120):
        server.put(f"Work/e{number}.ics", event(f"e{number}", f"Event {number}"))
    assert len(sync(online).came) == 120
    assert len(list(online.home.rglob("*.ics"))) == 120


def test_a_file_that_is_no_event_stays_here(
    online: Context, server: Radicale, sync: Sync
) -> None:
    """It is named with the reason; the others go up."""
    sync(online)
    write(online, "calendar/work/bad.ics", "no calendar")
    write(online, "calendar/work/two.ics", event("1") + event("2"))
    write(online, "calendar/work/good.ics", event("g", "Good"))
    done = sync(online)
    assert done.sent == ["Good"]
    assert len(done.problems) == 2
    assert server.names("Work") == ["g.ics"]


def test_foreign_properties_survive_the_way_up_and_down(
    online: Context, server: Radicale, sync: Sync
) -> None:
    """A property that nobody here knows is the same after an exchange."""
    text = event("f", "Foreign", **{"X-FOREIGN;P=1": "a:b"})
    server.put("Work/f.ics", text)
    sync(online)
    change(online, "calendar/work/f.ics", "SUMMARY:Foreign", "SUMMARY:Own")
    sync(online)
    assert "X-FOREIGN;P=1:a:b" in server.get("Work/f.ics")


def test_new_events_are_written_where_they_go_up(
    online: Context, server: Radicale, sync: Sync
) -> None:
    """After an exchange, a tool's new event lies in the calendar for new events."""
    server.make("Alpha")
    named = setting(online, new_events="Work")
    sync(named)
    create_event.invoke(
        create_event.check({"title": "Dinner", "start": "2026-11-20T19:00"}, named)
    )
    assert sync(named).sent == ["Dinner"]
    assert len(server.names("Work")) == 1
    assert server.names("Alpha") == []


def test_an_event_that_a_tool_cancels_is_deleted_there(
    tea: Context, server: Radicale, sync: Sync
) -> None:
    """The tools write the same files that are exchanged."""
    found = find_events.invoke(find_events.check({"when": "2026-11-20"}, tea))
    assert [one.title for one in found] == ["Tea"]
    cancel_event.invoke(cancel_event.check({"title": "Tea"}, tea))
    assert sync(tea).removed == ["Tea"]
    assert server.names("Work") == []


@pytest.mark.parametrize("rest", ["", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"])
def test_a_damaged_file_is_no_deletion(
    tea: Context, server: Radicale, sync: Sync, rest: str
) -> None:
    """What a tool put aside comes back from the server, and stays there."""
    (tea.home / A).rename(tea.home / f"{A}.corrupt-20261118T090000")
    if rest:
        write(tea, A, rest)
    assert sync(tea).removed == []
    assert "SUMMARY:Tea" in (tea.home / A).read_text()
    assert server.names("Work") == ["a.ics"]
