"""Numbers and addresses of people are found by their shape, in every language."""

from __future__ import annotations

import pytest

from agentkit.backends.reflex.contact_details import details_in
from agentkit.backends.reflex.parameters import Param
from agentkit.understanding import Span

CONTACT = {
    "name": Param("name", "person", True),
    "email": Param("email", "email", False),
    "phone": Param("phone", "phone", False),
}
MESSAGE = {"to": Param("to", "person", True), "text": Param("text", "text", True)}


def spans_in(said_in: str, /, **words: str) -> list[Span]:
    """Mark words of a text by their roles."""
    return [
        Span(said_in.index(said), said_in.index(said) + len(said), role, 1.0)
        for role, said in words.items()
    ]


@pytest.mark.parametrize(
    ("text", "number", "wanted"),
    [
        ("Neuer Kontakt: Sibel, 0176 5550123", "0176 5550123", "0176 5550123"),
        ("ponle a Paco el 655 010 203", "655 010 203", "655 010 203"),
        ("Noa's number is 555 0142 now", "555 0142", "555 0142"),
    ],
    ids=["as written", "in threes", "short"],
)
def test_a_number_is_a_contacts_phone(text: str, number: str, wanted: str) -> None:
    """What is written like a telephone's number, or was understood as one, is one."""
    found, rest = details_in(spans_in(text, number=number), text, CONTACT)
    assert found == {"phone": wanted}
    assert not rest


def test_an_address_is_no_other_argument() -> None:
    """An address is the contact's, and its span is left to no nickname or note."""
    text = "die neue Mail von Jonas ist jonas@werkstatt.example"
    spans = spans_in(text, person="Jonas", text="jonas@werkstatt.example")
    found, rest = details_in(spans, text, CONTACT)
    assert found == {"email": "jonas@werkstatt.example"}
    assert [span.role for span in rest] == ["person"]


def test_a_message_goes_to_a_number_where_nobody_is_named() -> None:
    """Whom a message is for may be told by the number; a name goes before it."""
    text = "sms to 07700 900812: the parcel is here"
    assert details_in((), text, MESSAGE)[0] == {"to": "07700 900812"}
    named = "tell Ana her number is 07700 900812"
    assert details_in(spans_in(named, person="Ana"), named, MESSAGE)[0] == {}


def test_of_two_numbers_none_is_taken() -> None:
    """Which of two numbers is meant the shape does not tell, so it is asked."""
    text = "call 07700 900812 or 07700 900813"
    assert details_in((), text, CONTACT)[0] == {}
