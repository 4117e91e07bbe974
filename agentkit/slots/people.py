"""From the user's words for a person to one person, or a question."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from typing import cast

from agentkit.context import Context
from agentkit.errors import ConfigError, InputNeeded
from agentkit.installation import registered
from agentkit.slots.contact import Contact
from agentkit.slots.matching import match_contact
from agentkit.slots.phones import is_phone, same_number

CONTACTS_GROUP = "agentkit.contacts"
LONGEST_TEXT = 300
_EMAIL = re.compile(r"[^@\s<>\"',;]{1,64}@[^@\s<>\"',;]{1,190}\.[^@\s<>\"',;.]{1,63}")
_BRACKETS = re.compile(r"([^<>]*)<([^<>]+)>")
_ME = frozenset({"me", "myself", "i"})

AddressBook = Callable[[Context], Iterable[object]]


def resolve_contact(
    words: str, context: Context | None, *, slot: str = "contact"
) -> Contact:
    """Find the one person that is meant.

    An address or a number that is in nobody's entry stands for itself. Where there is
    no address book at all, a name does too.

    Args:
        words: name, nickname, relation ("mom"), e-mail address or phone number.
        context: whose address book is asked and who "me" is; None asks nobody.
        slot: the argument in question, for the question.

    Raises:
        InputNeeded: nobody is called so, or more than one.
        ValueError: the words are empty or too long.
    """
    said = words.strip()
    if not said:
        raise ValueError("A person is missing: write a name, a relation or an address.")
    if len(said) > LONGEST_TEXT:
        raise ValueError(f"A name of {len(said)} characters is too long to be one.")
    if context and said.casefold() in _ME and context.user_email:
        return Contact(context.user_name or "you", (context.user_email,), text=said)
    books = _books(context)
    people = _people(books, context) if context else []
    found = _as_written(said, people)
    if found is None and books:
        found = _by_name(said, people, slot)
    return replace(found or Contact(said), text=said)


def _books(context: Context | None) -> tuple[AddressBook, ...]:
    if context is None:
        return ()
    return (context.contacts,) if context.contacts else _installed()


@cache
def _installed() -> tuple[AddressBook, ...]:
    """The address books of installed packs."""
    return tuple(
        cast(AddressBook, point.load()) for point in registered(CONTACTS_GROUP)
    )


def _people(books: tuple[AddressBook, ...], context: Context) -> list[Contact]:
    found: list[Contact] = []
    for one in (one for book in books for one in book(context)):
        if not isinstance(one, Contact):
            raise ConfigError(
                f"an address book holds Contact values, not {type(one).__name__}"
            )
        found.append(one)
    return found


def _as_written(said: str, people: list[Contact]) -> Contact | None:
    """Somebody named by an address or a number, known or not."""
    bracketed = _BRACKETS.fullmatch(said)
    name, reach = bracketed.groups() if bracketed else ("", said)
    name = name.strip(" \"'")
    address = _EMAIL.search(reach)
    if address:
        mail = address[0]
        name = name or said[: said.find(mail)].strip(" <\"'(")
        return _with_email(name, mail, people)
    return _with_phone(name, reach.strip(), people) if is_phone(reach.strip()) else None


def _with_email(name: str, address: str, people: list[Contact]) -> Contact:
    for one in people:
        mine = [mail for mail in one.emails if mail.casefold() == address.casefold()]
        if mine:
            rest = tuple(mail for mail in one.emails if mail not in mine)
            return replace(one, emails=(address, *rest))
    return Contact(name, (address,))


def _with_phone(name: str, number: str, people: list[Contact]) -> Contact:
    known = [p for p in people if any(same_number(number, n) for n in p.phones)]
    if len(known) == 1:
        rest = tuple(n for n in known[0].phones if not same_number(number, n))
        # Who names the number wants it used, not the address beside it.
        return replace(known[0], emails=(), phones=(number, *rest))
    return Contact(name, phones=(number,))


def _by_name(said: str, people: list[Contact], slot: str) -> Contact:
    chosen = _answered(said, people)
    if chosen:
        return chosen
    matches = match_contact(said, people)
    if len(matches.sure) == 1:
        return matches.sure[0]
    if matches.sure:
        choices = told_apart(matches.sure)
        raise InputNeeded(slot, f"Which {said}: {' or '.join(choices)}?", choices)
    choices = told_apart(matches.likely)
    if choices:
        question = f"No contact is called {said!r}. Do you mean {' or '.join(choices)}?"
        raise InputNeeded(slot, question, choices)
    raise InputNeeded(
        slot, f"No contact is called {said!r}. Which e-mail address do you mean?"
    )


def _answered(said: str, people: list[Contact]) -> Contact | None:
    """Somebody named as a question named them: "Maya Chen (boss)"."""
    name, bracket, _ = said.partition(" (")
    alike = match_contact(name, people).sure if bracket else ()
    return dict(zip(told_apart(alike), alike, strict=True)).get(said)


def told_apart(people: Iterable[Contact]) -> tuple[str, ...]:
    """Name people so that no two read the same: by address, number or relation."""
    everyone = list(people)
    shown = [one.shown for one in everyone]
    return tuple(
        one.shown if shown.count(one.shown) == 1 else _marked(one, everyone)
        for one in everyone
    )


def _marked(one: Contact, everyone: list[Contact]) -> str:
    """Add what none of those who read the same has: a number, a relation."""
    others = [p for p in everyone if p.shown == one.shown and p is not one]
    taken = {word for other in others for word in _marks(other)}
    mark = next((word for word in _marks(one) if word not in taken), "")
    return f"{one.shown} ({mark})" if mark else one.shown


def _marks(one: Contact) -> tuple[str, ...]:
    return (*one.phones, *one.emails, *one.relations, *one.nicknames)
