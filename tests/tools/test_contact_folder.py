"""Contacts in a folder of .vcf files."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from agentkit import Context, CorruptStore
from agentkit_tools._store.card_book import cards_with
from agentkit_tools.contacts import (
    add_contact,
    delete_contact,
    edit_contact,
    find_contact,
)
from agentkit_tools.search import search_everything

Use = Callable[..., Any]
ANA = "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:ana\r\nFN:Ana Kos\r\nX-OWN:1\r\nEND:VCARD\r\n"
BEN = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:ben\r\nFN:Ben Li\r\nEND:VCARD\r\n"


@pytest.fixture
def folder(context: Context) -> Context:
    """Give a home with a folder of contacts, one of them in an address book."""
    (context.home / "contacts/work").mkdir(parents=True)
    (context.home / "contacts/ana.vcf").write_bytes(ANA.encode())
    (context.home / "contacts/work/ben.vcf").write_bytes(BEN.encode())
    return context


@pytest.mark.parametrize("name", ["Ana Kos", "Ben Li"])
def test_contacts_of_the_folder_are_found(folder: Context, use: Use, name: str) -> None:
    """The folder itself and each folder in it are read."""
    assert [one.name for one in use(find_contact, folder, name=name)] == [name]


def test_the_single_file_is_read_beside_the_folder(folder: Context, use: Use) -> None:
    """contacts.vcf is part of the address book as before."""
    (folder.home / "contacts.vcf").write_bytes(BEN.replace("Ben", "Cem").encode())
    assert [one.name for one in use(find_contact, folder, name="Cem Li")] == ["Cem Li"]


def test_a_new_contact_is_a_file_of_its_own(folder: Context, use: Use) -> None:
    """It is written into the folder itself."""
    use(add_contact, folder, name="Dana Roy")
    files = list((folder.home / "contacts").glob("*.vcf"))
    assert len(files) == 2
    assert not (folder.home / "contacts.vcf").exists()


def test_a_new_contact_goes_where_new_ones_go(folder: Context, use: Use) -> None:
    """A folder may name which address book takes them; it is no path."""
    (folder.home / "contacts/.new").write_text("work")
    use(add_contact, folder, name="Dana Roy")
    (folder.home / "contacts/.new").write_text("../..")
    use(add_contact, folder, name="Eli Roy")
    assert len(list((folder.home / "contacts/work").glob("*.vcf"))) == 2
    assert len(list((folder.home / "contacts").glob("*.vcf"))) == 2


def test_a_change_rewrites_one_file(folder: Context, use: Use) -> None:
    """What is not changed stays byte for byte."""
    use(edit_contact, folder, name="Ana Kos", email="ana@kos.example")
    text = (folder.home / "contacts/ana.vcf").read_bytes().decode()
    assert "X-OWN:1\r\n" in text
    assert "EMAIL:ana@kos.example" in text
    assert (folder.home / "contacts/work/ben.vcf").read_bytes().decode() == BEN


def test_a_deleted_contact_takes_its_file_along(folder: Context, use: Use) -> None:
    """No empty file is left."""
    use(delete_contact, folder, name="Ben Li")
    assert not (folder.home / "contacts/work/ben.vcf").exists()


def test_a_deletion_is_undone(folder: Context, use: Use) -> None:
    """The file is there again, as it was."""
    done = use(delete_contact, folder, name="Ben Li")
    assert delete_contact.undo is not None
    delete_contact.undo(done, folder)
    assert (folder.home / "contacts/work/ben.vcf").read_bytes().decode() == BEN


def test_an_addition_is_undone(folder: Context, use: Use) -> None:
    """The new file is gone again."""
    done = use(add_contact, folder, name="Dana Roy")
    assert add_contact.undo is not None
    add_contact.undo(done, folder)
    assert len(list((folder.home / "contacts").glob("*.vcf"))) == 1


def test_a_damaged_file_is_kept_aside_and_the_others_served(
    folder: Context, use: Use
) -> None:
    """The warning names it; nothing of it is lost."""
    (folder.home / "contacts/ana.vcf").write_bytes(b"BEGIN:VCARD\r\nFN:Ana")
    found = use(find_contact, folder, name="Ben Li")
    assert "ana.vcf was damaged" in found[0].warning
    assert len(list((folder.home / "contacts").glob("ana.vcf.corrupt-*"))) == 1


def test_the_search_sees_the_folder(folder: Context, use: Use) -> None:
    """A contact of the folder is found, and so is its change."""
    assert len(use(search_everything, folder, query="Kos")) == 1
    use(edit_contact, folder, name="Ana Kos", organization="Lumen")
    assert len(use(search_everything, folder, query="Lumen")) == 1


def test_links_are_not_followed(folder: Context, use: Use) -> None:
    """A link could lead to any file of this device; that it is not read is told."""
    outside = folder.home.parent / "out.vcf"
    outside.write_bytes(BEN.replace("Ben", "Zoe").encode())
    (folder.home / "contacts/zoe.vcf").symlink_to(outside)
    with pytest.raises(CorruptStore, match=r"zoe\.vcf leads out of the home"):
        use(find_contact, folder, name="Zoe Li")


def test_a_card_in_small_letters_is_found_by_a_line_of_it(folder: Context) -> None:
    """Names of components are written in any letters (RFC 6350, 3.3)."""
    small = BEN.replace("BEGIN:VCARD", "begin:vcard").replace("END:VCARD", "end:vcard")
    (folder.home / "contacts.vcf").write_bytes((ANA + small).encode())
    found = cards_with(folder.home, re.compile("(?m)^FN:Ben"))
    assert [one.name for one in found] == ["Ben Li", "Ben Li"]


def test_an_address_that_is_a_uri_stays_one(folder: Context, use: Use) -> None:
    """In whatever letters its scheme is written."""
    card = BEN.replace("END:", "EMAIL:MAILTO:ben@li.example\r\nEND:")
    (folder.home / "contacts/work/ben.vcf").write_bytes(card.encode())
    use(edit_contact, folder, name="Ben Li", email="b@li.example")
    text = (folder.home / "contacts/work/ben.vcf").read_text()
    assert "EMAIL:mailto:b@li.example" in text


EVA = "BEGIN:VCARD\r\nVERSION:2.1\r\n{}FN:Eva Kos\r\nEND:VCARD\r\n"
FAY = "BEGIN:VCARD\r\nVERSION:2.1\r\nFN:Fay Ort\r\nTEL:123\r\nEND:VCARD\r\n"
AGENT = "AGENT:\r\nBEGIN:VCARD\r\nVERSION:2.1\r\nFN:Carl Poe\r\nEND:VCARD\r\n\r\n"
UNUSUAL = {
    "no end before the next": EVA.format("").removesuffix("END:VCARD\r\n") + FAY,
    "an agent's card within": EVA.format(AGENT) + FAY,
    "a group before BEGIN": EVA.format("").replace("BEGIN", "home.begin") + FAY,
    "another component between": EVA.format("") + "BEGIN:X\r\nA:1\r\nEND:X\r\n" + FAY,
    "blank lines in folds": EVA.format("NOTE:a\r\n\r\n b\r\n") + FAY,
}


@pytest.mark.parametrize("content", UNUSUAL.values(), ids=UNUSUAL)
def test_cards_of_an_unusual_form_are_served_in_place(
    content: str, folder: Context, use: Use
) -> None:
    """Nobody in the file is lost, and it stays as it is until a card is changed."""
    path = folder.home / "contacts" / "unusual.vcf"
    path.write_bytes(content.encode())
    for name in ("Eva Kos", "Fay Ort"):
        [found] = use(find_contact, folder, name=name)
        assert (found.name, found.warning) == (name, "")
    assert path.read_bytes() == content.encode()
    use(add_contact, folder, name="Eva Kos", phone="+49 30 7")
    assert "+49 30 7" in use(find_contact, folder, name="Eva Kos")[0].phones
    assert use(find_contact, folder, name="Fay Ort")[0].phones == ["123"]
    assert not list(folder.home.rglob("*.corrupt-*"))
