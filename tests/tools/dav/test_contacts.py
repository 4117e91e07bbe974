"""Address books, exchanged through CardDAV."""

from __future__ import annotations

import pytest

from agentkit import Context
from agentkit_tools.contacts import add_contact, delete_contact, edit_contact
from tests.tools.dav.conftest import Radicale, Sync, write

pytestmark = pytest.mark.slow
ANA = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:ana\r\nFN:Ana Kos\r\nN:Kos;Ana;;;\r\n"
    "EMAIL:ana@kos.example\r\nEND:VCARD\r\n"
)


@pytest.fixture
def book(online: Context, server: Radicale, sync: Sync) -> Context:
    """Give a home that has one contact in common with the server."""
    server.make("People", "contacts")
    server.put_card("People/ana.vcf", ANA)
    assert sync(online).came == ["Ana Kos"]
    return online


def test_a_new_contact_goes_up(book: Context, server: Radicale, sync: Sync) -> None:
    """What a tool adds is a card on the server."""
    add_contact.invoke(add_contact.check({"name": "Dana Roy"}, book))
    assert sync(book).sent == ["Dana Roy"]
    assert len(server.names("People")) == 2
    assert sync(book).came == []


def test_a_changed_contact_goes_up(book: Context, server: Radicale, sync: Sync) -> None:
    """What a tool changes replaces the server's card."""
    edit_contact.invoke(edit_contact.check({"name": "Ana", "phone": "+49 1"}, book))
    assert sync(book).sent == ["Ana Kos"]
    assert "TEL:+49 1" in server.get("People/ana.vcf")


def test_addresses_added_on_both_sides_are_all_kept(
    book: Context, server: Radicale, sync: Sync
) -> None:
    """One more number here, one more address there."""
    edit_contact.invoke(edit_contact.check({"name": "Ana", "phone": "+49 1"}, book))
    more = ANA.replace("END:", "EMAIL:ana@work.example\r\nEND:")
    server.put_card("People/ana.vcf", more)
    assert sync(book).merged == ["Ana Kos"]
    text = server.get("People/ana.vcf")
    for line in ("EMAIL:ana@kos.example", "EMAIL:ana@work.example", "TEL:+49 1"):
        assert line in text


def test_a_deleted_contact_is_deleted_there(
    book: Context, server: Radicale, sync: Sync
) -> None:
    """What a tool deletes is gone on the server."""
    delete_contact.invoke(delete_contact.check({"name": "Ana Kos"}, book))
    assert sync(book).removed == ["Ana Kos"]
    assert server.names("People") == []


def test_contacts_in_one_file_stay_on_this_device(
    book: Context, server: Radicale, sync: Sync
) -> None:
    """contacts.vcf is never exchanged."""
    write(book, "contacts.vcf", ANA.replace("ana", "bea").replace("Ana", "Bea"))
    assert sync(book).sent == []
    assert server.names("People") == ["ana.vcf"]
