"""The home's people: as agentkit's `Contact`, as cards, and as values that must not leave."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta

from agentkit import Contact, Context, InputNeeded, match_contact
from agentkit.language import spoken
from agentkit_tools._everyday import is_everyday, is_known_firm
from agentkit_tools._known_facts import fact_values, with_relations
from agentkit_tools._phrases import phrase, sentence
from agentkit_tools._store.agenda import Agenda
from agentkit_tools._store.card_book import read_cards
from agentkit_tools._store.vcards import Card


def address_book(context: Context) -> list[Contact]:
    """Give the contacts of the home; the entry point of `agentkit.contacts`.

    What the user's facts say of them counts: "my sister is called Eva".
    """
    cards = read_cards(context.home, context.now).cards
    return with_relations(map(as_contact, cards), context)


def as_contact(card: Card) -> Contact:
    """Return the part of a card that says who somebody is and how to reach them."""
    return Contact(card.name, card.emails, card.phones, card.nicknames, card.relations)


def pick_card(words: str, slot: str, context: Context) -> Card:
    """Find the one contact that is meant.

    Raises:
        InputNeeded: nobody is called so, or more than one.
    """
    if not words.strip():
        raise InputNeeded(slot, phrase("Which contact do you mean?"))
    book = read_cards(context.home, context.now).cards
    found = matches(words, book)
    if len(found) == 1:
        return found[0]
    if found:
        choices = tuple(as_contact(card).shown for card in found)
        raise InputNeeded(
            slot,
            phrase("Which {name}: {choices}?", name=words, choices=either(choices)),
            choices,
        )
    likely = tuple(as_contact(card).shown for card in close_matches(words, book))
    nobody = phrase("No contact is called {name!r}.", name=words)
    asked = (
        phrase("Do you mean {choices}?", choices=either(likely))
        if likely
        else phrase("Who is meant?")
    )
    raise InputNeeded(slot, sentence(nobody, asked), likely)


def check_guests(guests: Iterable[Contact] | None, slot: str) -> list[Contact]:
    """Return people who can be written to by e-mail, each once.

    Raises:
        InputNeeded: somebody has no e-mail address.
    """
    people: list[Contact] = []
    for guest in guests or ():
        if not guest.email:
            raise InputNeeded(
                slot, phrase("What is {name}'s e-mail address?", name=guest.shown)
            )
        if guest not in people:
            people.append(guest)
    return people


def names_of(addresses: Iterable[str], context: Context) -> list[str]:
    """Name those people who are in the contacts; others keep their address.

    The user is left out.
    """
    known = {email.casefold(): card.name
             for card in read_cards(context.home, context.now).cards
             for email in card.emails}  # fmt: skip
    me = context.user_email.casefold()
    others = (one for one in addresses if one.casefold() != me)
    return [known.get(one.casefold(), one) for one in others]


def matches(words: str, cards: Iterable[Card]) -> list[Card]:
    """Return the contacts that words surely mean."""
    cards, people = _paired(cards)
    sure = match_contact(words, people).sure
    owner = _OWNERS.fullmatch(words.strip())
    # Only where nobody is called so: "Lukas" ends in an "s" of his own.
    if not sure and owner and spoken() == "de":
        sure = match_contact(owner[1], people).sure
    return [cards[people.index(one)] for one in sure]


# German says whose something is without an apostrophe: "Lenas Nummer".
_OWNERS = re.compile(r"(\w{3,})s")


def close_matches(words: str, cards: Iterable[Card]) -> list[Card]:
    """Return contacts whose name is much like the words; the user has to be asked."""
    cards, people = _paired(cards)
    likely = match_contact(words, people).likely
    return [cards[people.index(one)] for one in likely]


def _paired(cards: Iterable[Card]) -> tuple[list[Card], list[Contact]]:
    book = list(cards)
    return book, [as_contact(card) for card in book]


def either(choices: tuple[str, ...]) -> str:
    """Join what may be meant."""
    return phrase(" or ").join(choices)


# Events that a request may be about; older and later ones are hardly ever quoted.
_BACK, _AHEAD = timedelta(days=90), timedelta(days=180)
# First names that are words of their own: alone they would be found everywhere.
_WORDS = """
will may mark bill rose grace hope joy art dean rich frank jack pat sue drew chance faith
april june august summer dawn violet ivy lily daisy jade ruby pearl sky max guy gene miles
wade chase grant penny rob nick jean
"""
# Letters of one word that is seldom anything but a name: "Siemens", not "Apple".
_TELLING = 7
# Of letters and digits, as in Leeds, Ottawa and Delft; others are plain numbers.
_POSTCODE = re.compile(
    r"\b(?:[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{4} ?[A-Z]{2})\b"
)
# A note is looked for by its clauses: nobody repeats a whole one.
_CLAUSE = re.compile(r"[.;:,!?\n]| and | but ")


def personal_values(context: Context) -> Iterator[tuple[str, str]]:
    """Yield text and kind of each; the entry point of `agentkit.values`.

    All that the contacts' cards hold, the user's facts, and titles, places and guests of
    the events of the last three months and the next six; titles of everyday words, and
    firms that everybody knows, tell nothing about anybody. A store that cannot be read
    raises: without it, nothing is known to be public.

    Raises:
        StoreError: a store cannot be read.
    """
    for card in read_cards(context.home, context.now).cards:
        yield from _of_person(as_contact(card))
        yield from _of_card(card)
    yield from fact_values(context)
    yield from _of_events(context)


def _of_person(person: Contact) -> Iterator[tuple[str, str]]:
    yield person.name, "contact"
    first = person.name.partition(" ")[0]
    if first.casefold() not in _WORDS.split():
        yield first, "contact"
    for text in person.nicknames:
        if text.casefold() not in _WORDS.split():
            yield text, "contact"
    for text in person.emails:
        yield text, "email"
    for text in person.phones:
        yield text, "phone"


def _of_card(card: Card) -> Iterator[tuple[str, str]]:
    """Yield what a card tells besides names and how to reach somebody."""
    for part in {card.organization, *card.organization.split(", ")}:
        if (" " in part or len(part) >= _TELLING) and not is_known_firm(part):
            yield part, "organization"
    # "Doctor" says nothing about anybody; "head of sales" may.
    if " " in card.role:
        yield card.role, "role"
    if card.birthday:
        yield card.birthday, "birthday"
    for address in card.addresses:
        yield from _of_address(address)
    for clause in _CLAUSE.split(card.note):
        if " " in clause.strip() and len(clause) >= _TELLING:
            yield clause.strip(), "note"


def _of_address(address: str) -> Iterator[tuple[str, str]]:
    yield address, "place"
    for part in address.split(", "):
        # A town or a country alone is nobody's.
        if any(map(str.isdigit, part)):
            yield part, "place"
        code = _POSTCODE.search(part)
        if code:
            yield code[0], "place"


def _of_events(context: Context) -> Iterator[tuple[str, str]]:
    now = context.now
    for item in Agenda.read(context).between(now - _BACK, now + _AHEAD):
        if not is_everyday(item.title):
            yield item.title, "event"
        if item.location:
            yield item.location, "place"
        for guest in item.guests:
            yield guest, "guest"
