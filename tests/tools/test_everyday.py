"""Reminders, lists, contacts, notes, the clock and search, on real files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from agentkit import Context, InputNeeded, ToolError
from agentkit_tools.clock import convert_time, tell_date, tell_time
from agentkit_tools.contacts import add_contact, find_contact
from agentkit_tools.lists import (
    add_to_list,
    create_list,
    delete_list,
    remove_from_list,
    show_list,
)
from agentkit_tools.notes import find_notes, take_note
from agentkit_tools.reminders import (
    cancel_alarm,
    complete_reminder,
    create_reminder,
    delete_reminder,
    list_alarms,
    list_reminders,
    list_timers,
    set_alarm,
    start_timer,
)
from agentkit_tools.search import search_everything

Use = Callable[..., Any]


def test_reminders_come_soonest_first(context: Context, use: Use) -> None:
    """Reminders without a time come last."""
    use(create_reminder, context, text="no time")
    use(create_reminder, context, text="later", when="Friday at 5pm")
    use(create_reminder, context, text="sooner", when="tomorrow")
    found = use(list_reminders, context)
    assert [one.text for one in found] == ["sooner", "later", "no time"]
    assert [one.due for one in found] == ["2026-11-19", "2026-11-20T17:00:00+01:00", ""]


def test_reminders_are_done_and_deleted(context: Context, use: Use) -> None:
    """A reminder that is done or deleted is not listed."""
    for text in ("call mom", "call dad", "stretch"):
        use(create_reminder, context, text=text)
    use(complete_reminder, context, text="stretch")
    use(delete_reminder, context, text="mom")
    assert [one.text for one in use(list_reminders, context)] == ["call dad"]
    with pytest.raises(ToolError, match="no open reminder"):
        use(complete_reminder, context, text="stretch")


def test_two_reminders_that_fit_make_a_question(context: Context, use: Use) -> None:
    """Which one is meant is asked."""
    for text in ("call mom", "call dad"):
        use(create_reminder, context, text=text)
    with pytest.raises(InputNeeded) as caught:
        use(delete_reminder, context, text="call")
    assert caught.value.candidates == ("call mom", "call dad")


def test_alarms_ring_at_a_time_of_day(context: Context, use: Use) -> None:
    """A day is no time for an alarm; a weekday alarm begins on a weekday."""
    with pytest.raises(InputNeeded):
        use(set_alarm, context, time="tomorrow")
    use(set_alarm, context, time="Saturday at 7am", repeat="weekdays")
    [alarm] = use(list_alarms, context)
    assert (alarm.due[:16], alarm.repeats) == ("2026-11-23T07:00", "weekdays")
    assert use(list_reminders, context) == []
    use(cancel_alarm, context, time="7am")
    assert use(list_alarms, context) == []


def test_a_timer_runs_down(context: Context, use: Use) -> None:
    """A timer is listed until its time is over."""
    use(start_timer, context, duration="10 minutes", name="tea")
    assert [one.text for one in use(list_timers, context)] == ["tea"]
    later = replace(context, now=context.now + timedelta(minutes=11))
    assert use(list_timers, later) == []


@pytest.mark.parametrize(
    "name", ["groceries", "grocery", "my Grocery list", "the groceries list"]
)
def test_a_list_is_known_by_its_words(name: str, context: Context, use: Use) -> None:
    """Grocery, groceries and my grocery list are one list."""
    use(add_to_list, context, item="milk, eggs and bread", list_name="grocery list")
    [found] = use(show_list, context, list_name=name).lists
    assert found.items == ["milk", "eggs", "bread"]


def test_lists_are_made_emptied_and_deleted(context: Context, use: Use) -> None:
    """Lists come and go; what is not there is told."""
    use(create_list, context, list_name="books")
    assert use(show_list, context).lists[0].items == []
    with pytest.raises(ToolError, match="already"):
        use(create_list, context, list_name="the books list")
    use(add_to_list, context, item="Piranesi", list_name="books")
    use(remove_from_list, context, item="piranesi", list_name="books")
    with pytest.raises(ToolError, match="not on the list"):
        use(remove_from_list, context, item="piranesi", list_name="books")
    use(delete_list, context, list_name="books")
    with pytest.raises(ToolError, match="no list 'books'"):
        use(show_list, context, list_name="books")


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("Maya", ["Maya Chen", "Maya Ortiz"]),
        ("Mei", ["Maya Chen"]),
        ("maya chen", ["Maya Chen"]),
        ("my mom", ["Elena Rivera"]),
        ("the dentist", ["Dr. Katrin Weber"]),
        ("tomas", ["Tomás Silva"]),
        ("Rivera", ["Elena Rivera", "Carlos Rivera", "Nora Rivera"]),
        ("lena@hoffmann-workshops.example", ["Lena Hoffmann"]),
        ("Sakura", ["Aiko Tanaka"]),
        ("Zoltan", []),
        ("", []),
    ],
)
def test_people_are_found(
    words: str, names: list[str], sample: Context, use: Use
) -> None:
    """Names, nicknames, relations, addresses and firms find people."""
    assert [one.name for one in use(find_contact, sample, name=words)] == names


def test_a_new_contact_is_found(sample: Context, use: Use) -> None:
    """A contact is added; the others stay as they were."""
    before = (sample.home / "contacts.vcf").read_bytes()
    use(add_contact, sample, name="Ada Wu", email="ada@wu.example", phone="+49 30 123")
    [found] = use(find_contact, sample, name="Ada")
    assert (found.emails, found.phones) == (["ada@wu.example"], ["+49 30 123"])
    assert (sample.home / "contacts.vcf").read_bytes().startswith(before)


def test_notes_never_overwrite_each_other(context: Context, use: Use) -> None:
    """Two notes of one title are two files below notes/."""
    for text in ("one", "two"):
        note = use(take_note, context, text=text, title="../../Wi/Fi")
    assert note.file == "notes/wi-fi-2.md"
    assert [found.text for found in use(find_notes, context, query="wi/fi")] == [
        "two",
        "one",
    ]


@pytest.mark.parametrize(
    ("place", "time"),
    [
        ("Tokyo", "17:00"),
        ("New York", "03:00"),
        ("San Francisco", "00:00"),
        ("India", "13:30"),
        ("São Paulo", "05:00"),
        ("Lyon, France", "09:00"),
        ("the UK", "08:00"),
        ("UTC", "08:00"),
        ("Pacific time", "00:00"),
        ("America/Denver", "01:00"),
    ],
)
def test_the_time_elsewhere(place: str, time: str, context: Context, use: Use) -> None:
    """Cities, countries, regions, abbreviations and zones are known."""
    assert use(tell_time, context, place=place).time[11:16] == time


def test_unknown_places_are_told(context: Context, use: Use) -> None:
    """A place without a known zone is an error, not a guess."""
    with pytest.raises(ToolError, match="Atlantis"):
        use(tell_time, context, place="Atlantis")


def test_times_are_converted(context: Context, use: Use) -> None:
    """A time of one place is told in another's, the day too."""
    found = use(
        convert_time, context, time="6pm", from_place="California", to_place="Berlin"
    )
    assert found.there.time == "2026-11-19T03:00+01:00"


@pytest.mark.parametrize(
    ("time", "here", "there"),
    [("in two hours", "02:00", "11:00"), ("now", "00:00", "09:00")],
)
def test_a_moment_from_now_is_one_everywhere(
    time: str, here: str, there: str, context: Context, use: Use
) -> None:
    """What counts from now is not read as a clock time of the other place."""
    found = use(
        convert_time, context, time=time, from_place="California", to_place="Berlin"
    )
    assert (found.here.time[11:16], found.there.time[11:16]) == (here, there)


def test_the_date_of_a_day(context: Context, use: Use) -> None:
    """The weekday of another day is told."""
    assert use(tell_date, context, when="December 25").weekday == "Friday"


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("cellar", {"reminder", "message"}),
        ("dentist", {"event", "contact"}),
        ("passport", {"list item"}),
        ("pasteis", {"note"}),
        ('zzz" OR "lisbon', set[str]()),
        ("NEAR(", set[str]()),
        ("  ", set[str]()),
    ],
)
def test_one_search_finds_all_kinds(
    query: str, kinds: set[str], sample: Context, use: Use
) -> None:
    """Every store is searched, accents or not; words are never operators."""
    assert {hit.kind for hit in use(search_everything, sample, query=query)} == kinds


def test_the_index_follows_the_stores(sample: Context, use: Use) -> None:
    """What was added after the first search is found by the next."""
    assert use(search_everything, sample, query="zeppelin") == []
    use(take_note, sample, text="The zeppelin museum is closed on Mondays.")
    use(create_reminder, sample, text="zeppelin tickets")
    hits = use(search_everything, sample, query="zeppelin")
    assert {hit.kind for hit in hits} == {"note", "reminder"}
