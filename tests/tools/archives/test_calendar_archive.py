"""Calendar files and cards taken in: once each, the damaged told, all of it undone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agentkit import Context, ToolError
from agentkit_tools.archives import import_messages
from agentkit_tools.calendar import create_event, find_events
from agentkit_tools.contacts import find_contact
from agentkit_tools.reminders import list_reminders

Use = Callable[..., Any]

ZONE = (
    "BEGIN:VTIMEZONE\r\nTZID:Home\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
    "TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
)


def event(uid: str, title: str, start: str = "20261119T100000Z") -> str:
    own = f"UID:{uid}\r\n" if uid else ""
    return (
        f"BEGIN:VEVENT\r\n{own}DTSTAMP:20261101T000000Z\r\n"
        f"DTSTART:{start}\r\nDURATION:PT1H\r\nSUMMARY:{title}\r\nEND:VEVENT\r\n"
    )


def calendar(*parts: str) -> str:
    inner = "".join(parts)
    return (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//X//EN\r\n{inner}END:VCALENDAR\r\n"
    )


def saved(folder: Path, name: str, text: str) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(text.encode())
    return str(folder / name)


@pytest.fixture(params=["calendar.ics", "calendar/"])
def home(request: pytest.FixtureRequest, context: Context) -> Context:
    """Give a home with one file, and one with a folder of events."""
    if request.param.endswith("/"):
        (context.home / "calendar").mkdir(parents=True)
    return context


def test_events_come_in_once(home: Context, tmp_path: Path, use: Use) -> None:
    """A second import finds them known, and so is one without a UID."""
    path = saved(tmp_path, "work.ics", calendar(event("a", "Review"), event("", "Run")))
    first = use(import_messages, home, path=path)
    again = use(import_messages, home, path=path)
    assert (first.events, first.known) == (2, 0)
    assert (again.events, again.known) == (0, 2)
    titles = [found.title for found in use(find_events, home, when="tomorrow")]
    assert sorted(titles) == ["Review", "Run"]


def test_what_is_on_the_calendar_stays_as_it_is(
    home: Context, tmp_path: Path, use: Use
) -> None:
    """An event of the same UID is known, whatever else the file says of it."""
    use(
        import_messages,
        home,
        path=saved(tmp_path, "a.ics", calendar(event("a", "Old"))),
    )
    done = use(
        import_messages,
        home,
        path=saved(tmp_path, "b.ics", calendar(event("a", "New"))),
    )
    assert (done.events, done.known) == (0, 1)
    [found] = use(find_events, home, when="tomorrow")
    assert found.title == "Old"


def test_damaged_entries_are_told_and_left(
    home: Context, tmp_path: Path, use: Use
) -> None:
    """The others come in, and the file stays what it was."""
    broken = event("c", "Broken", "yesterday-ish")
    text = calendar(event("a", "Fine"), broken) + "BEGIN:VEVENT\r\nSUMMARY:Cut off\r\n"
    path = saved(tmp_path, "odd.ics", text)
    done = use(import_messages, home, path=path)
    assert (done.events, done.unreadable) == (1, 2)
    assert done.faults == [
        "“Broken”: its time cannot be read",
        "“Cut off”: it is cut off or damaged",
    ]
    assert Path(path).read_bytes() == text.encode()


def test_an_import_is_taken_back_whole(home: Context, tmp_path: Path, use: Use) -> None:
    """Events, reminders and time zones go; what was there before stays, byte for byte."""
    use(create_event, home, title="Mine", start="tomorrow at 8am")
    files = {p: p.read_bytes() for p in home.home.rglob("*.ics")}
    zoned = event("z", "Zoned").replace("DTSTART:", "DTSTART;TZID=Home:")[:-1] + "\n"
    todo = (
        "BEGIN:VTODO\r\nUID:t\r\nSUMMARY:Pay\r\nDUE:20261120T090000Z\r\nEND:VTODO\r\n"
    )
    path = saved(tmp_path, "all.ics", calendar(ZONE, zoned.replace("00Z", "00"), todo))
    done = use(import_messages, home, path=path)
    assert (done.events, done.todos) == (1, 1)
    assert [one.text for one in use(list_reminders, home)] == ["Pay"]
    assert import_messages.undo is not None
    import_messages.undo(done, home)
    assert {p: p.read_bytes() for p in home.home.rglob("*.ics")} == files


CARDS = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:1\r\nFN:Ana Kos\r\nEMAIL:ana@kos.example\r\n"
    "END:VCARD\r\nBEGIN:VCARD\r\nVERSION:3.0\r\nFN:Bo Lund\r\nTEL:+49 30 1234567\r\n"
    "END:VCARD\r\nBEGIN:VCARD\r\nVERSION:3.0\r\nEND:VCARD\r\n"
)


def test_cards_come_in_once(context: Context, tmp_path: Path, use: Use) -> None:
    """By UID, or by name and address; one that names nobody is told."""
    path = saved(tmp_path, "people.vcf", CARDS)
    first = use(import_messages, context, path=path)
    again = use(import_messages, context, path=path)
    assert (first.contacts, first.faults) == (2, ["card 3: it names nobody"])
    assert (again.contacts, again.known) == (0, 2)
    [found] = use(find_contact, context, name="Bo")
    assert found.phones == ["+49 30 1234567"]
    assert import_messages.undo is not None
    import_messages.undo(first, context)
    assert use(find_contact, context, name="Bo") == []


def test_a_folder_is_taken_in_whole(context: Context, tmp_path: Path, use: Use) -> None:
    """Calendars, cards and mails below it; a file that is none is told."""
    folder = tmp_path / "export"
    saved(folder / "calendars", "a.ics", calendar(event("a", "Review")))
    saved(folder / "contacts", "a.vcf", CARDS)
    saved(folder, "odd.ics", "hello")
    saved(folder, "m.eml", "From: a@b.example\nSubject: Hi\nMessage-ID: <1@b>\n\nHi.\n")
    done = use(import_messages, context, path=str(folder))
    assert (done.events, done.contacts, done.added) == (1, 2, 1)
    assert any("odd.ics" in fault for fault in done.faults)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("export.zip", "PK", "unpack it"),
        ("none.ics", "hello", "no calendar file"),
        ("none.vcf", "hello", "no file of contacts"),
    ],
)
def test_what_cannot_be_imported_is_said(
    name: str, text: str, told: str, context: Context, tmp_path: Path, use: Use
) -> None:
    """One sentence, and nothing is written."""
    with pytest.raises(ToolError, match=told):
        use(import_messages, context, path=saved(tmp_path, name, text))


def test_an_empty_folder_is_said(context: Context, tmp_path: Path, use: Use) -> None:
    """It names what is looked for."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(ToolError, match="nothing to import"):
        use(import_messages, context, path=str(tmp_path / "empty"))
