"""Contact tools on vCards of other programs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agentkit import Contact, Context, InputNeeded, ToolError, tool
from agentkit_tools.contacts import (
    add_contact,
    delete_contact,
    edit_contact,
    find_contact,
)

Use = Callable[..., Any]

BOOK = (
    "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:urn:uuid:1\r\nFN:Robert Smith\r\n"
    "N:Smith;Robert;;;\r\nitem1.TEL;VALUE=uri;TYPE=cell:tel:+49-30-1234567\r\n"
    "item1.X-ABLabel:Mobil\r\nEMAIL;PREF=1:rob@smith.example\r\n"
    "NICKNAME:Rosco\\, P.,Chief\r\nPHOTO;ENCODING=b:AAAA\r\n BBBB\r\n"
    "X-FOREIGN;A=\"b:c\":kept;as\\,is\r\nEND:VCARD\r\n"
    "\r\n"
    "BEGIN:VCARD\nVERSION:3.0\nFN:Elena Rivera\nCATEGORIES:mother\n"
    "EMAIL:elena@rivera.example\nEMAIL;TYPE=work:elena@work.example\nEND:VCARD\n"
    "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:"
    "M=C3=BCller;J=C3=B6rg\r\nTEL;CELL:0170 5550123\r\nEND:VCARD\r\n"
)  # fmt: skip


@pytest.fixture
def book(context: Context) -> Context:
    """Give a home with the cards of three programs."""
    context.home.mkdir()
    (context.home / "contacts.vcf").write_bytes(BOOK.encode())
    return context


def text(context: Context) -> str:
    """Return the file."""
    return (context.home / "contacts.vcf").read_bytes().decode()


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Robert Smith", "Robert Smith"),
        ("Rosco, P.", "Robert Smith"),
        ("chief", "Robert Smith"),
        ("030 1234567", "Robert Smith"),
        ("+49 170 555 01 23", "Jörg Müller"),
        ("jorg", "Jörg Müller"),
        ("my mom", "Elena Rivera"),
        ("mum", "Elena Rivera"),
    ],
)
def test_cards_of_all_versions_are_read(
    words: str, name: str, book: Context, use: Use
) -> None:
    """Escapes, groups, URIs, charsets and words for relations are understood."""
    assert [one.name for one in use(find_contact, book, name=words)] == [name]


@pytest.mark.parametrize("words", ["Bob", "Bobby Smith", "Roberta", "Elana"])
def test_what_is_much_alike_is_a_question(words: str, book: Context, use: Use) -> None:
    """Short names and misspellings are never taken for sure."""
    with pytest.raises(InputNeeded) as caught:
        use(find_contact, book, name=words)
    assert len(caught.value.candidates) == 1


def test_tools_get_people_of_this_address_book(book: Context) -> None:
    """The slot type `Contact` looks in the home's contacts, for any tool."""

    @tool(effect="read")
    def greet(who: Contact) -> str:
        """Greet somebody.

        Args:
            who: whom.
        """
        return who.email

    assert greet(**greet.check({"who": "my mother"}, book)) == "elena@rivera.example"


def test_only_the_changed_property_is_rewritten(book: Context, use: Use) -> None:
    """Groups, parameters, photos and foreign properties stay byte for byte."""
    use(edit_contact, book, name="Robert", email="new@smith.example")
    assert text(book) == BOOK.replace("rob@smith.example", "new@smith.example")
    use(edit_contact, book, name="Robert", phone="+49 30 7654321", relation="boss")
    changed = text(book)
    assert "item1.TEL;VALUE=uri;TYPE=cell:tel:+49-30-7654321\r\n" in changed
    assert "CATEGORIES:boss\r\nEND:VCARD" in changed
    assert 'PHOTO;ENCODING=b:AAAA\r\n BBBB\r\nX-FOREIGN;A="b:c":kept;as\\,is' in changed


def test_what_a_phone_wrote_stays_when_a_card_is_changed(
    context: Context, use: Use
) -> None:
    """Soft breaks of quoted-printable, and base64 that ends in "=" (vCard 2.1)."""
    kept = (
        "NOTE;ENCODING=QUOTED-PRINTABLE:Caf=C3=A9 at the=\r\n corner=\r\n, left\r\n"
        "PHOTO;ENCODING=BASE64;TYPE=JPEG:\r\n QUJD\r\n REU=\r\n\r\n"
    )
    card = f"BEGIN:VCARD\r\nVERSION:2.1\r\nN:Kos;Ana\r\n{kept}END:VCARD\r\n"
    context.home.mkdir()
    (context.home / "contacts.vcf").write_text(card, newline="")
    [found] = use(find_contact, context, name="Ana")
    assert found.note == "Café at the corner, left"
    use(edit_contact, context, name="Ana", email="ana@kos.example")
    assert kept in text(context)


def test_which_of_two_addresses_is_replaced_is_asked(book: Context, use: Use) -> None:
    """With the old one told, that one is replaced."""
    with pytest.raises(InputNeeded) as caught:
        use(edit_contact, book, name="Elena", email="e@new.example")
    assert len(caught.value.candidates) == 2
    use(edit_contact, book, name="Elena", email="e@new.example",
        old="elena@work.example")  # fmt: skip
    assert "EMAIL;TYPE=work:e@new.example\r\n" in text(book)


def test_a_value_is_taken_out(book: Context, use: Use) -> None:
    """An old value without a new one goes; one that is not there is told."""
    done = use(edit_contact, book, name="Robert", old="Chief")
    assert done.contact.nicknames == ["Rosco, P."]
    with pytest.raises(ToolError, match="not in the contact"):
        use(edit_contact, book, name="Robert", old="x@y.example")


def test_a_long_value_is_folded_and_read_again(context: Context, use: Use) -> None:
    """Lines are at most 75 bytes, and no character is cut in two."""
    name = "Ünal " + "ö" * 200
    use(add_contact, context, name=name)
    assert all(len(line.encode()) <= 75 for line in text(context).split("\r\n"))
    assert use(find_contact, context, name="Ünal")[0].name == name


CHANGES: dict[str, tuple[Any, dict[str, str]]] = {
    "add": (add_contact, {"name": "Ada Wu", "email": "ada@wu.example"}),
    "edit": (edit_contact, {"name": "Robert", "new_name": "Rob S", "note": "x\ny"}),
    "delete": (delete_contact, {"name": "Elena"}),
}


@pytest.mark.parametrize("name", CHANGES)
def test_changes_are_undone_byte_for_byte(name: str, book: Context, use: Use) -> None:
    """After undo the file is what it was."""
    tool, arguments = CHANGES[name]
    assert tool.describe(tool.check(arguments, book))
    done = use(tool, book, **arguments)
    assert text(book) != BOOK
    tool.undo(done, book)
    assert text(book) == BOOK


def test_an_address_without_an_at_is_asked_for(tmp_path: Path) -> None:
    """What cannot be an e-mail address is not kept as one."""
    context = Context(home=tmp_path)
    with pytest.raises(InputNeeded, match="e-mail address"):
        add_contact(context, name="Bob Marley", email="email")
    assert not (tmp_path / "contacts.vcf").exists()
