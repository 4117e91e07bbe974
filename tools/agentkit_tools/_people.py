"""The home's address book, as agentkit's `Contact` and as the cards in it."""

from __future__ import annotations

from collections.abc import Iterable

from agentkit import Contact, Context, InputNeeded, match_contact
from agentkit_tools._store.vcards import Card, read_cards


def address_book(context: Context) -> list[Contact]:
    """Give the contacts of the home; the entry point of `agentkit.contacts`."""
    return [as_contact(card) for card in read_cards(context.home, context.now).cards]


def as_contact(card: Card) -> Contact:
    """Say what of a card tells who somebody is and how to reach them."""
    return Contact(card.name, card.emails, card.phones, card.nicknames, card.relations)


def pick_card(words: str, slot: str, context: Context) -> Card:
    """Find the one contact that is meant.

    Raises:
        InputNeeded: nobody is called so, or more than one.
    """
    if not words.strip():
        raise InputNeeded(slot, "Which contact do you mean?")
    book = read_cards(context.home, context.now).cards
    found = matches(words, book)
    if len(found) == 1:
        return found[0]
    if found:
        choices = tuple(as_contact(card).shown for card in found)
        raise InputNeeded(slot, f"Which {words}: {either(choices)}?", choices)
    likely = tuple(as_contact(card).shown for card in close_matches(words, book))
    asked = f" Do you mean {either(likely)}?" if likely else " Who is meant?"
    raise InputNeeded(slot, f"No contact is called {words!r}.{asked}", likely)


def check_guests(guests: Iterable[Contact] | None, slot: str) -> list[Contact]:
    """Return people who can be written to by e-mail, each once.

    Raises:
        InputNeeded: somebody has no e-mail address.
    """
    people: list[Contact] = []
    for guest in guests or ():
        if not guest.email:
            raise InputNeeded(slot, f"What is {guest.shown}'s e-mail address?")
        if guest not in people:
            people.append(guest)
    return people


def matches(words: str, cards: Iterable[Card]) -> list[Card]:
    """Return the contacts that words surely mean."""
    cards, people = _paired(cards)
    sure = match_contact(words, people).sure
    return [cards[people.index(one)] for one in sure]


def close_matches(words: str, cards: Iterable[Card]) -> list[Card]:
    """Return contacts whose name is much like the words; never sure, so to be asked."""
    cards, people = _paired(cards)
    likely = match_contact(words, people).likely
    return [cards[people.index(one)] for one in likely]


def _paired(cards: Iterable[Card]) -> tuple[list[Card], list[Contact]]:
    book = list(cards)
    return book, [as_contact(card) for card in book]


def either(choices: tuple[str, ...]) -> str:
    """Join what may be meant."""
    return " or ".join(choices)
