"""From the user's words for a person to one person, or a question."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from agentkit import Contact, Context, InputNeeded
from agentkit_tools._store.names import fold
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
        raise InputNeeded(slot, f"Which {words}: {_either(choices)}?", choices)
    return _ask_who(words, slot, context)


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

    A full name or an address goes before a nickname, relation or part of a name;
    among these nothing is preferred, so that nobody is taken for another one.
    """
    wanted = fold(_MINE.sub("", words)).removesuffix("'s")
    book = list(cards)
    exact = [card for card in book if wanted in _full(card)]
    return exact or [card for card in book if wanted and wanted in _loose(card)]


def _full(card: Card) -> set[str]:
    return {fold(word) for word in (card.name, *card.emails)}


def _loose(card: Card) -> set[str]:
    parts = fold(card.name).split()
    outer = " ".join((*parts[:1], *parts[-1:]))
    names = (fold(word) for word in (*card.nicknames, *card.relations))
    return {*parts, outer, *names}


def _as_written(words: str, context: Context) -> Person | None:
    address = _EMAIL.search(words)
    if address:
        name = words[: address.start()].strip(" <\"'")
        return Person(name or _name_of(address[0], context), address[0])
    if _PHONE.fullmatch(words) and sum(c.isdigit() for c in words) >= 5:
        return Person("", phone=words)
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
    cards = read_cards(context.home, context.now).cards
    names = {
        fold(name): card
        for card in cards
        for name in (card.name, card.name.split(" ")[0], *card.nicknames)
    }
    close = difflib.get_close_matches(fold(words), names, n=3, cutoff=_CLOSE)
    likely = tuple(dict.fromkeys(_person(names[name]).shown for name in close))
    if likely:
        question = f"No contact is called {words!r}. Do you mean {_either(likely)}?"
        raise InputNeeded(slot, question, likely)
    raise InputNeeded(
        slot, f"No contact is called {words!r}. Which e-mail address do you mean?"
    )


def _either(choices: tuple[str, ...]) -> str:
    return " or ".join(choices)
