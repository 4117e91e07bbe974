"""`Contact`: one person of the address book, found by the user's words, or a question."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, cast

from agentkit.context import Context
from agentkit.errors import ConfigError, InputNeeded
from agentkit.installation.distribution import registered
from agentkit.language.tokens import WRITTEN_MAIL, fold
from agentkit.language.user_language import in_words
from agentkit.slots.name_forms import (
    alike_names,
    is_phone,
    is_slip,
    same_number,
    same_relations,
)
from agentkit.slots.namesakes import told_apart
from agentkit.slots.slot_type import given_context, slot_schema


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody, and how to reach them.

    Attributes:
        name: full name; empty when only an address or a number is known.
        emails: addresses, the one to write to first.
        phones: numbers, the one to call first.
        nicknames: other names that the user may say.
        relations: what this person is to the user: mom, boss, dentist.
        text: the user's words; empty in an address book.
    """

    name: str
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    nicknames: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    text: str = field(default="", compare=False)

    @property
    def email(self) -> str:
        """The address to write to; empty when none is known."""
        return self.emails[0] if self.emails else ""

    @property
    def phone(self) -> str:
        """The number to call; empty when none is known."""
        return self.phones[0] if self.phones else ""

    @property
    def shown(self) -> str:
        """Name and address as a person reads them: "Ana Sousa <ana@example.org>"."""
        reach = self.email or self.phone
        return f"{self.name} <{reach}>" if self.name and reach else self.name or reach

    def __str__(self) -> str:
        """Name and address as a person reads them."""
        return self.shown

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        return slot_schema(_validated, _written)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, str]:
        return {"type": "string", "format": "contact"}


def _written(contact: Contact) -> str:
    return contact.shown


def _validated(value: Any, info: Any) -> Contact:
    """What Pydantic calls: the user's words or a Contact."""
    if isinstance(value, Contact):
        return value
    if not isinstance(value, str):
        raise ValueError(
            "A person is given as text in the user's words, not as"
            f" {type(value).__name__}."
        )
    context = given_context(info)
    return resolve_contact(value, context, slot=info.field_name or "")


# "My mum" and "mum" are the same person, whoever speaks.
_MINE = re.compile(r"^(?:my|our|the)\s+", re.I)
# By difflib: one letter of five may differ, so that Maria is asked about for Marta.
_CLOSE = 0.8
# More choices than that are no question any more.
_MOST = 6


@dataclass(frozen=True, slots=True)
class Matches:
    """Whom words may mean.

    Attributes:
        sure: who is called so; more than one is a question.
        likely: who has a name much like it, nearest first; always a question.
    """

    sure: tuple[Contact, ...]
    likely: tuple[Contact, ...] = ()


def match_contact(words: str, book: Iterable[Contact]) -> Matches:
    """Find whom words may mean.

    A full name, an address or a number goes before a nickname, relation or part of a
    name; among these nothing is preferred, so that nobody is taken for another one. A
    name that is mistyped is sure when it is one slip away from one person's name and
    nobody else's is close.

    Args:
        words: name, nickname, relation ("my boss"), e-mail address or phone number.
        book: the address book.
    """
    # "Ana's" comes from "Ana's phone number".
    wanted = fold(_MINE.sub("", words.strip())).removesuffix("'s")
    people = _once_each(book)
    if not wanted:
        return Matches(())
    sure = _named(words, wanted, people)
    if sure:
        return Matches(tuple(sure))
    close = _close(wanted, people)
    slipped = [one for one in close if any(is_slip(wanted, n) for n in _names(one))]
    # A slip is taken for sure only where nobody else is close: sending to the wrong
    # person is worse than a question.
    if len(slipped) == len(close) == 1:
        return Matches(tuple(slipped))
    return Matches((), tuple(close[:_MOST]))


def _named(words: str, wanted: str, people: list[Contact]) -> list[Contact]:
    full = [one for one in people if wanted in _full(one)]
    if not full and is_phone(words):
        full = [p for p in people if any(same_number(words, n) for n in p.phones)]
    if full:
        return full
    kin = same_relations(wanted)
    return [p for p in people if wanted in _names(p) or kin & _relations(p)]


def _close(wanted: str, people: list[Contact]) -> list[Contact]:
    """Those whose name is much like the words: short names, then misspellings."""
    named: dict[str, list[Contact]] = {}
    for one in people:
        for name in _names(one):
            named.setdefault(name, []).append(one)
    first, _, rest = wanted.partition(" ")
    alike = [f"{one} {rest}".strip() for one in sorted(alike_names(first))]
    close = difflib.get_close_matches(wanted, named, n=_MOST, cutoff=_CLOSE)
    # Short names fall below the cutoff with one letter changed, so slips are looked for
    # apart.
    slips = [name for name in named if is_slip(wanted, name)]
    found = [one for name in (*alike, *close, *slips) for one in named.get(name, ())]
    return list({id(one): one for one in found}.values())


def _once_each(book: Iterable[Contact]) -> list[Contact]:
    """Drop entries that say the same about the same person."""
    found: dict[object, Contact] = {}
    for one in book:
        # Entries with no way to reach anybody may be two people of one name; they stay
        # apart unless all is equal.
        reached = (fold(one.name), one.emails, one.phones)
        found.setdefault(reached if one.emails or one.phones else one, one)
    return list(found.values())


def _full(one: Contact) -> set[str]:
    return {fold(word) for word in (one.name, *one.emails)}


def _names(one: Contact) -> set[str]:
    parts = fold(one.name).split()
    # First and last name alone: "Ana Ruiz" for Ana María Ruiz.
    outer = " ".join((*parts[:1], *parts[-1:]))
    whole = " ".join(parts)
    return {*parts, outer, whole, *map(fold, one.nicknames), *_relations(one)} - {""}


def _relations(one: Contact) -> set[str]:
    return set(map(fold, one.relations))


CONTACTS_GROUP = "agentkit.contacts"
# A name in quotes before an address of the longest kind, 254 characters.
LONGEST_TEXT = 300
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
    # Without the user's address there is nobody to write to; the book may still have such a name.
    if context and said.casefold() in _ME and context.user_email:
        return Contact(context.user_name or "you", (context.user_email,), text=said)
    books = _books(context)
    people = _people(books, context) if context else []
    found = _as_written(said, people)
    if found is None and books:
        found = _by_name(said, people, slot)
    return replace(found or Contact(said), text=said)


def known_people(context: Context) -> list[Contact]:
    """Return everybody in the address books."""
    return _people(_books(context), context)


def _books(context: Context | None) -> tuple[AddressBook, ...]:
    if context is None:
        return ()
    return (context.contacts,) if context.contacts else _installed()


# Entry points do not change while a process runs, and reading them takes milliseconds.
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
    address = WRITTEN_MAIL.search(reach)
    if address:
        mail = address[0]
        name = name or said[: said.find(mail)].strip(" <\"'(")
        return _with_email(name, mail, people)
    return _with_phone(name, reach.strip(), people) if is_phone(reach.strip()) else None


def _with_email(name: str, address: str, people: list[Contact]) -> Contact:
    for one in people:
        mine = [mail for mail in one.emails if mail.casefold() == address.casefold()]
        if mine:
            # The address that was named comes first, as that is the one to write to.
            rest = tuple(mail for mail in one.emails if mail not in mine)
            return replace(one, emails=(address, *rest))
    return Contact(name, (address,))


def _with_phone(name: str, number: str, people: list[Contact]) -> Contact:
    known = [p for p in people if any(same_number(number, n) for n in p.phones)]
    # A number that several share, as in an office, tells nobody in particular.
    if len(known) == 1:
        rest = tuple(n for n in known[0].phones if not same_number(number, n))
        # Who names the number wants it used, not the address beside it.
        return replace(known[0], emails=(), phones=(number, *rest))
    return Contact(name, phones=(number,))


def _by_name(said: str, people: list[Contact], slot: str) -> Contact:
    # An answer repeats what a question offered, mark included, so it is read before
    # names.
    chosen = _answered(said, people)
    if chosen:
        return chosen
    matches = match_contact(said, people)
    if len(matches.sure) == 1:
        return matches.sure[0]
    if matches.sure:
        choices = told_apart(matches.sure)
        asked = in_words("Which {said}: {choices}?", said, choices)
        raise InputNeeded(slot, asked, choices)
    choices = told_apart(matches.likely)
    if choices:
        asked = "No contact is called {said!r}. Do you mean {choices}?"
        raise InputNeeded(slot, in_words(asked, said, choices), choices)
    asked = "No contact is called {said!r}. Which e-mail address do you mean?"
    raise InputNeeded(slot, in_words(asked, said))


def _answered(said: str, people: list[Contact]) -> Contact | None:
    """Somebody named as a question named them: "Maya Chen (boss)"."""
    name, bracket, _ = said.partition(" (")
    alike = match_contact(name, people).sure if bracket else ()
    return dict(zip(told_apart(alike), alike, strict=True)).get(said)
