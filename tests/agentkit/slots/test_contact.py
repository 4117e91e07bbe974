"""`Contact`: from the user's words to one person, or a question."""

from collections.abc import Iterator

import pytest
from pydantic import TypeAdapter

from agentkit.context import Context
from agentkit.errors import ConfigError, InputNeeded
from agentkit.slots import Contact
from agentkit.slots.contact import resolve_contact
from agentkit.slots.name_forms import is_slip, same_number
from agentkit.tools import tool

MAYA = Contact("Maya Chen", ("maya@chen.example", "m@work.example"))
OTHER = Contact("Maya Ortiz", ("maya.ortiz@example.org",), nicknames=("Mimi",))
MOTHER = Contact("Elena Rivera", (), ("+49 30 1234567",), relations=("mom",))
BOSS = Contact("Jonathan Meyer", ("jm@example.org",), relations=("boss",))
JOERG = Contact("Jörg Müller", ("joerg@example.org",))
BOOK = [MAYA, OTHER, MOTHER, BOSS, JOERG]


def book(context: Context) -> Iterator[Contact]:
    """Give the address book of these tests."""
    yield from BOOK


HERE = Context(contacts=book, user_name="Sam", user_email="sam@example.org")


@pytest.mark.parametrize(
    ("words", "who"),
    [
        ("Maya Chen", MAYA),
        ("maya chen", MAYA),
        ("m@work.example", MAYA),
        ("Mimi", OTHER),
        ("mom", MOTHER),
        ("my mother", MOTHER),
        ("Mum", MOTHER),
        ("my boss", BOSS),
        ("my manager's", BOSS),
        ("jorg", JOERG),
        ("Müller", JOERG),
        ("030 / 1234567", MOTHER),
        ("Jonahtan", BOSS),
        ("Jonathan Meyrr", None),
        ("Elena Rvera", MOTHER),
    ],
)
def test_one_person_is_found(words: str, who: Contact | None) -> None:
    """Names, nicknames, relations, addresses, numbers and slips name one person."""
    if who is None:
        with pytest.raises(InputNeeded):
            resolve_contact(words, HERE)
    else:
        assert resolve_contact(words, HERE).name == who.name


@pytest.mark.parametrize(
    ("words", "emails", "phones"),
    [
        ("me", ("sam@example.org",), ()),
        ("my boss", ("jm@example.org",), ()),
        (" Mimi ", ("maya.ortiz@example.org",), ()),
        ("Jonahtan", ("jm@example.org",), ()),
        ("m@work.example", ("m@work.example", "maya@chen.example"), ()),
        ("Maya <M@work.example>", ("M@work.example", "maya@chen.example"), ()),
        ("new@example.org", ("new@example.org",), ()),
        ("Jo <new@example.org>", ("new@example.org",), ()),
        ("030 / 1234567", (), ("030 / 1234567",)),
        ("+1 555 0100200", (), ("+1 555 0100200",)),
        ("Elena Rivera <+1 555 0100200>", (), ("+1 555 0100200",)),
        ("Maya Chen <maya@chen.example>", ("maya@chen.example", "m@work.example"), ()),
    ],
)
def test_whoever_is_found_keeps_the_users_words(
    words: str, emails: tuple[str, ...], phones: tuple[str, ...]
) -> None:
    """However somebody is named, it is told which words they were found by."""
    found = resolve_contact(words, HERE)
    assert (found.text, found.emails, found.phones) == (words.strip(), emails, phones)
    nobody = resolve_contact("Quentin Q", None)
    assert (nobody.text, nobody.name) == ("Quentin Q", "Quentin Q")


@pytest.mark.parametrize(
    ("words", "candidates"),
    [
        (
            "Maya",
            ("Maya Chen <maya@chen.example>", "Maya Ortiz <maya.ortiz@example.org>"),
        ),
        ("Jon", ("Jonathan Meyer <jm@example.org>",)),
        ("Jonathen", ("Jonathan Meyer <jm@example.org>",)),
        ("Elene", ("Elena Rivera <+49 30 1234567>",)),
        ("Quentin", ()),
    ],
)
def test_what_is_not_sure_is_asked(words: str, candidates: tuple[str, ...]) -> None:
    """Two of one name, short names, other endings and strangers are questions."""
    with pytest.raises(InputNeeded) as caught:
        resolve_contact(words, HERE, slot="to")
    assert caught.value.slot == "to"
    assert caught.value.candidates == candidates


def test_every_candidate_is_an_answer() -> None:
    """What a question offers names that very person when it comes back."""
    same = [
        Contact("Kim Lee", ("kim@example.org",)),
        Contact("Kim Lee", (), ("+1 555 010 0199",)),
        Contact("Kim Lee", relations=("dentist",)),
        Contact("Kim Lee", relations=("neighbour",)),
    ]
    context = Context(contacts=lambda _: same)
    with pytest.raises(InputNeeded) as caught:
        resolve_contact("Kim", context)
    answers = [resolve_contact(one, context) for one in caught.value.candidates]
    assert answers == same


def test_an_address_of_nobody_stands_for_itself() -> None:
    """The name beside it is kept."""
    found = resolve_contact("Zoe <zoe@example.net>", HERE)
    assert (found.name, found.emails) == ("Zoe", ("zoe@example.net",))


def test_the_address_that_was_said_comes_first() -> None:
    """A person's other addresses stay behind it."""
    assert resolve_contact("m@work.example", HERE).emails == (
        "m@work.example",
        "maya@chen.example",
    )


def test_me_is_the_user() -> None:
    """The user's own name and address come from the context."""
    found = resolve_contact("me", HERE)
    assert (found.name, found.email) == ("Sam", "sam@example.org")


def test_without_a_context_words_stand_for_themselves() -> None:
    """Plain validation reads nobody's address book."""
    adapter: TypeAdapter[Contact] = TypeAdapter(Contact)
    assert adapter.validate_python("Maya") == Contact("Maya")
    assert adapter.json_schema() == {"type": "string", "format": "contact"}
    assert adapter.dump_python(MAYA) == "Maya Chen <maya@chen.example>"


def test_any_tool_gets_a_person() -> None:
    """The model's words are looked up in the context's address book."""

    @tool(effect="read")
    def call_up(who: Contact, others: list[Contact]) -> str:
        """Call somebody.

        Args:
            who: whom.
            others: who joins.
        """
        return f"{who.phone} {[one.email for one in others]}"

    said = {"who": "mom", "others": ["my boss", "Maya Chen"]}
    ready = call_up.check(said, HERE)
    assert call_up(**ready) == (
        "+49 30 1234567 ['jm@example.org', 'maya@chen.example']"
    )
    with pytest.raises(InputNeeded) as caught:
        call_up.check({"who": "Mimi", "others": ["Maya"]}, HERE)
    assert caught.value.slot == "others"


@pytest.mark.parametrize("words", ["", "  ", "x" * 301])
def test_no_name_is_an_error(words: str) -> None:
    """Nothing, or far too much, is nobody."""
    with pytest.raises(ValueError, match=r"person is missing|too long"):
        resolve_contact(words, HERE)


def test_an_address_book_holds_contacts() -> None:
    """Anything else is the developer's mistake."""
    with pytest.raises(ConfigError, match="not str"):
        resolve_contact("Ana", Context(contacts=lambda _: ["Ana"]))


@pytest.mark.parametrize(
    ("typed", "name", "slip"),
    [
        ("jonahtan", "jonathan", True),
        ("jonatham", "jonathan", False),
        ("robrt", "robert", True),
        ("vicctoria", "victoria", True),
        ("vivtoria", "victoria", True),
        ("marta", "maria", False),
        ("maria", "mario", False),
        ("christina", "christian", False),
        ("paul", "paula", False),
        ("jan", "jon", False),
        ("erik", "eric", False),
        ("emilia", "amilia", False),
        ("jonahtan meyer", "jonathan meyer", True),
        ("jonahtan meier", "jonathan meyer", False),
        ("meyer", "jonathan meyer", False),
    ],
)
def test_a_slip_is_no_other_name(typed: str, name: str, slip: bool) -> None:
    """Swapped letters and neighbouring keys are slips; names like each other are not."""
    assert is_slip(typed, name) == slip


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("+49 30 1234567", "030/1234567", True),
        ("+49 (0)30 1234567", "0049301234567", True),
        ("+1 (415) 555-0132", "415-555-0132", True),
        ("+1 415 555 0132 ext. 12", "+14155550132", True),
        ("+49 30 1234567", "+43 30 1234567", False),
        ("555-0132", "555-0133", False),
        ("112", "112", True),
        ("112", "1112", False),
    ],
)
def test_numbers_are_compared_however_written(one: str, other: str, same: bool) -> None:
    """Country codes, trunk zeros, separators and extensions do not matter."""
    assert same_number(one, other) == same_number(other, one) == same
