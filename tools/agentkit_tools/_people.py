"""From the user's words for a person to one person, or a question."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from agentkit import Contact, Context, InputNeeded
from agentkit_tools._nicknames import alike_names, same_relations
from agentkit_tools._store.names import fold
from agentkit_tools._store.phones import same_number
from agentkit_tools._store.vcards import Card, read_cards

_EMAIL = re.compile(r"[^@\s<>\"',;]+@[^@\s<>\"',;]+\.[^@\s<>\"',;.]+")
_PHONE = re.compile(r"\+?[\d\s().-]{5,20}")
_MINE = re.compile(r"^(?:my|our|the)\s+", re.I)
_ME = {"me", "myself", "i"}
_CLOSE = 0.8


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to write to: a name and how to reach them."""

    name: str
    email: str = ""
    phone: str = ""

    @property
    def shown(self) -> str:
        """Name and address, as a person reads them."""
        reach = self.email or self.phone
        return f"{self.name} <{reach}>" if self.name and reach else self.name or reach


def resolve_person(contact: Contact, slot: str, context: Context) -> Person:
    """Find the one person that is meant.

    Raises:
        InputNeeded: nobody is called so, or more than one.
    """
    words = contact.strip()
    found = _as_written(words, context)
    if found:
        return found
    cards = matches(words, read_cards(context.home, context.now).cards)
    if len(cards) == 1:
        return _person(cards[0])
    if cards:
        choices = tuple(_person(card).shown for card in cards)
        raise InputNeeded(slot, f"Which {words}: {either(choices)}?", choices)
    return _ask_who(words, slot, context)


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
        choices = tuple(_person(card).shown for card in found)
        raise InputNeeded(slot, f"Which {words}: {either(choices)}?", choices)
    likely = tuple(_person(card).shown for card in close_matches(words, book))
    asked = f" Do you mean {either(likely)}?" if likely else " Who is meant?"
    raise InputNeeded(slot, f"No contact is called {words!r}.{asked}", likely)


def resolve_guests(
    contacts: Iterable[Contact] | None, slot: str, context: Context
) -> list[Person]:
    """Find people who can be written to by e-mail.

    Raises:
        InputNeeded: somebody is not known, or has no e-mail address.
    """
    people: list[Person] = []
    for contact in contacts or ():
        person = resolve_person(contact, slot, context)
        if not person.email:
            raise InputNeeded(slot, f"What is {person.name}'s e-mail address?")
        if person not in people:
            people.append(person)
    return people


def matches(words: str, cards: Iterable[Card]) -> list[Card]:
    """Return the contacts that words may mean.

    A full name, an address or a number goes before a nickname, relation or part of a
    name; among these nothing is preferred, so that nobody is taken for another one.
    """
    wanted = fold(_MINE.sub("", words)).removesuffix("'s")
    book = list(cards)
    exact = [card for card in book if wanted in _full(card)]
    if not exact and is_phone(words):
        exact = [c for c in book if any(same_number(words, p) for p in c.phones)]
    if exact or not wanted:
        return exact
    kin = same_relations(wanted)
    return [card for card in book if wanted in _loose(card) or kin & _relations(card)]


def is_phone(words: str) -> bool:
    """Tell whether words are a phone number."""
    return bool(_PHONE.fullmatch(words)) and sum(c.isdigit() for c in words) >= 5


def close_matches(words: str, cards: Iterable[Card]) -> list[Card]:
    """Return contacts whose name is much like the words; never sure, so to be asked.

    Misspellings count, and short names: Bob for Robert.
    """
    wanted = fold(_MINE.sub("", words)).removesuffix("'s")
    book = list(cards)
    names: dict[str, list[Card]] = {}
    for card in book:
        for name in (fold(card.name), *_loose(card)):
            names.setdefault(name, []).append(card)
    first, _, rest = wanted.partition(" ")
    alike = [f"{one} {rest}".strip() for one in sorted(alike_names(first))]
    close = difflib.get_close_matches(wanted, names, n=3, cutoff=_CLOSE)
    found = [card for name in (*alike, *close) for card in names.get(name, ())]
    return list({id(card): card for card in found}.values())


def _full(card: Card) -> set[str]:
    return {fold(word) for word in (card.name, *card.emails)}


def _loose(card: Card) -> set[str]:
    parts = fold(card.name).split()
    outer = " ".join((*parts[:1], *parts[-1:]))
    return {*parts, outer, *map(fold, card.nicknames), *_relations(card)}


def _relations(card: Card) -> set[str]:
    return set(map(fold, card.relations))


def _as_written(words: str, context: Context) -> Person | None:
    address = _EMAIL.search(words)
    if address:
        name = words[: address.start()].strip(" <\"'")
        return Person(name or _name_of(address[0], context), address[0])
    if is_phone(words):
        known = matches(words, read_cards(context.home, context.now).cards)
        return Person(known[0].name if len(known) == 1 else "", phone=words)
    if words.casefold() in _ME and context.user_email:
        return Person(context.user_name or "you", context.user_email)
    return None


def _name_of(address: str, context: Context) -> str:
    for card in read_cards(context.home, context.now).cards:
        if address.casefold() in map(str.casefold, card.emails):
            return card.name
    return ""


def _person(card: Card) -> Person:
    return Person(card.name, next(iter(card.emails), ""), next(iter(card.phones), ""))


def _ask_who(words: str, slot: str, context: Context) -> Person:
    """Ask for an address, or whether a name much like it is meant.

    Raises:
        InputNeeded: always.
    """
    close = close_matches(words, read_cards(context.home, context.now).cards)
    likely = tuple(_person(card).shown for card in close)
    if likely:
        question = f"No contact is called {words!r}. Do you mean {either(likely)}?"
        raise InputNeeded(slot, question, likely)
    raise InputNeeded(
        slot, f"No contact is called {words!r}. Which e-mail address do you mean?"
    )


def either(choices: tuple[str, ...]) -> str:
    """Join what may be meant."""
    return " or ".join(choices)
