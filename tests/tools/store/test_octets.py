"""Bytes that others wrote: what can be read is served, all stay where they are."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentkit import Context
from agentkit_tools._store.octets import as_utf8, bytes_of, text_of, unfolded
from agentkit_tools.calendar import create_event, find_events
from agentkit_tools.contacts import add_contact, edit_contact, find_contact
from agentkit_tools.lists import add_to_list, show_list
from agentkit_tools.reminders import create_reminder, list_reminders

Use = Callable[..., Any]
EVENT = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1@o\r\n"
    "DTSTART:20261120T100000Z\r\nSUMMARY:Tür öffnen\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
TASK = EVENT.replace("VEVENT", "VTODO").replace("DTSTART", "DUE")
CARD = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:c1\r\nFN:Zoë Müller\r\n"
    "EMAIL:zoe@m.example\r\nEND:VCARD\r\n"
)


def split(content: bytes, letter: str) -> bytes:
    """Fold a line within a character."""
    first, second = letter.encode()[:1], letter.encode()[1:]
    return content.replace(first + second, first + b"\r\n\t" + second)


DAMAGE: dict[str, Callable[[str, str], bytes]] = {
    "split by a fold": lambda text, letter: split(text.encode(), letter),
    "one odd byte": lambda text, letter: text.encode().replace(
        letter.encode(), letter.encode("latin-1")
    ),
    "latin-1": lambda text, _: text.encode("latin-1"),
    "utf-16": lambda text, _: text.encode("utf-16"),
    "utf-16 without a mark": lambda text, _: text.encode("utf-16-le"),
    "a mark of utf-8": lambda text, _: codecs.BOM_UTF8 + text.encode(),
}
damages = pytest.mark.parametrize("damage", DAMAGE)


def put(context: Context, name: str, content: bytes) -> Path:
    """Write a file as another program would."""
    context.home.mkdir(parents=True, exist_ok=True)
    path = context.home / name
    path.write_bytes(content)
    return path


@given(st.binary())
def test_bytes_come_back(content: bytes) -> None:
    """What is not changed is written as it was."""
    if as_utf8(content) == content:
        assert bytes_of(text_of(content)) == content


@given(st.text(st.characters(exclude_characters="\r\n\0", codec="utf-8")), st.data())
def test_a_fold_anywhere_takes_nothing_away(text: str, data: st.DataObject) -> None:
    """Folds may be between any two bytes (RFC 5545, 3.1)."""
    content = text.encode()
    places = data.draw(st.lists(st.integers(0, len(content)), max_size=4))
    for place in sorted(places, reverse=True):
        content = content[:place] + b"\r\n " + content[place:]
    assert unfolded(text_of(content)) == text


@damages
@pytest.mark.parametrize("name", ["calendar.ics", "calendar/one.ics"])
def test_an_event_is_served_and_stays(
    name: str, damage: str, context: Context, use: Use
) -> None:
    """Its title is read; the file stays, each time, and with another event in it."""
    (context.home / "calendar").mkdir(parents=True)
    path = put(context, name, DAMAGE[damage](EVENT, "ü"))
    before = path.read_bytes()
    for _ in range(2):
        [event] = use(find_events, context, when="2026-11-20")
        assert event.title == "Tür öffnen"
        assert ("guessed" in event.warning) == (damage in ("one odd byte", "latin-1"))
        assert path.read_bytes() == before
    use(create_event, context, title="Other", start="2026-11-20T15:00")
    titles = [one.title for one in use(find_events, context, when="2026-11-20")]
    assert titles == ["Tür öffnen", "Other"]
    odd = before.partition(b"SUMMARY")[2].partition(b"END")[0]
    assert odd in path.read_bytes() or "utf-16" in damage
    assert not list(context.home.rglob("*.corrupt-*"))


@damages
def test_a_reminder_and_a_list_are_served(
    damage: str, context: Context, use: Use
) -> None:
    """Neither file is set aside, and what is added stands beside the old."""
    for name in ("reminders.ics", "lists.ics"):
        put(context, name, DAMAGE[damage](TASK, "ü"))
    [reminder] = use(list_reminders, context)
    assert reminder.text == "Tür öffnen"
    use(create_reminder, context, text="more")
    assert len(use(list_reminders, context)) == 2
    use(add_to_list, context, item="more")
    assert use(show_list, context).lists[0].items == ["Tür öffnen", "more"]
    assert not list(context.home.rglob("*.corrupt-*"))


@damages
def test_a_card_is_served_and_changed(damage: str, context: Context, use: Use) -> None:
    """It is found by its name; a change leaves its other lines byte for byte."""
    path = put(context, "contacts.vcf", DAMAGE[damage](CARD, "ü"))
    named = path.read_bytes().partition(b"FN:")[2].partition(b"EMAIL")[0]
    [card] = use(find_contact, context, name="Zoë Müller")
    assert card.emails == ["zoe@m.example"]
    use(edit_contact, context, name="Zoë Müller", email="new@m.example")
    assert use(find_contact, context, name="Zoë Müller")[0].emails == ["new@m.example"]
    assert named in path.read_bytes() or "utf-16" in damage
    assert not list(context.home.rglob("*.corrupt-*"))


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        ("FN:\r\nN:;;;;\r\nEMAIL:a@b.example\r\n", "a@b.example"),
        ("N:;;;;\r\nORG:Kestrel;Optics\r\n", "Kestrel, Optics"),
        ("FN:   \r\nTEL:+49 30 5550100\r\n", "+49 30 5550100"),
        ("NICKNAME:Rosco\r\n", "Rosco"),
        ("PHOTO:AAAA\r\n", ""),
        ("", ""),
    ],
    ids=["address", "organization", "number", "nickname", "photo", "nothing"],
)
def test_a_card_without_a_name(
    lines: str, name: str, context: Context, use: Use
) -> None:
    """What it holds is its name; a card that names nobody stays where it is."""
    odd = f"BEGIN:VCARD\r\nVERSION:3.0\r\n{lines}END:VCARD\r\n"
    path = put(context, "contacts.vcf", (odd + CARD).encode())
    [card] = use(find_contact, context, name="Zoë")
    assert card.warning == ""
    if name:
        assert [one.name for one in use(find_contact, context, name=name)] == [name]
    use(add_contact, context, name="Dana Roy")
    assert path.read_bytes().startswith((odd + CARD).encode())


@pytest.mark.parametrize("end", ["", "\r", "\n", "\r\n"], ids=repr)
def test_a_new_card_begins_on_a_line_of_its_own(
    end: str, context: Context, use: Use
) -> None:
    """Whatever the last line of the file ends with; undoing it leaves no trace."""
    text = CARD.removesuffix("\r\n") + end
    path = put(context, "contacts.vcf", text.encode())
    done = use(add_contact, context, name="Dana Roy")
    assert [one.name for one in use(find_contact, context, name="Dana")] == ["Dana Roy"]
    assert [c.emails for c in use(find_contact, context, name="Zoë")] == [
        ["zoe@m.example"]
    ]
    assert add_contact.undo is not None
    add_contact.undo(done, context)
    assert path.read_bytes() == text.encode()


@pytest.mark.parametrize("name", ["calendar.ics", "reminders.ics"])
def test_a_calendar_without_a_last_line_end(
    name: str, context: Context, use: Use
) -> None:
    """What is added stands before the line that ends the calendar."""
    whole = {"calendar.ics": EVENT, "reminders.ics": TASK}[name]
    put(context, name, whole.removesuffix("\r\n").encode())
    if name == "calendar.ics":
        use(create_event, context, title="Other", start="2026-11-20T15:00")
        assert len(use(find_events, context, when="2026-11-20")) == 2
    else:
        use(create_reminder, context, text="more")
        assert len(use(list_reminders, context)) == 2


STRAY = {
    "a card on the line of another": CARD.removesuffix("\r\n") + "{other}",
    "a comment": "# my cards\r\n" + CARD + "{other}",
    "lines between": CARD + "\r\n-- \r\n\r\n{other}",
}


@pytest.mark.parametrize("text", STRAY.values(), ids=STRAY)
def test_what_stands_between_cards_hides_none(
    text: str, context: Context, use: Use
) -> None:
    """Both are served and changed; all else stays byte for byte."""
    other = CARD.replace("c1", "c2").replace("Zoë Müller", "Ben Li")
    content = text.replace("{other}", other.replace("EMAIL:", "EMAIL:mailto:"))
    path = put(context, "contacts.vcf", content.encode())
    for name in ("Zoë", "Ben"):
        [card] = use(find_contact, context, name=name)
        assert card.emails == ["zoe@m.example"]
    use(edit_contact, context, name="Ben", email="ben@li.example")
    changed = content.replace("mailto:zoe@m.example", "mailto:ben@li.example")
    assert path.read_bytes() == changed.encode()
    assert not list(context.home.rglob("*.corrupt-*"))
