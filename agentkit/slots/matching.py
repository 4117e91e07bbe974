"""Which entries of an address book words may mean: surely, or only likely."""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from agentkit.slots.contact import Contact
from agentkit.slots.folding import fold
from agentkit.slots.nicknames import alike_names, same_relations
from agentkit.slots.phones import is_phone, same_number
from agentkit.slots.slips import is_slip

_MINE = re.compile(r"^(?:my|our|the)\s+", re.I)
_CLOSE = 0.8
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
    wanted = fold(_MINE.sub("", words.strip())).removesuffix("'s")
    people = _once_each(book)
    if not wanted:
        return Matches(())
    sure = _named(words, wanted, people)
    if sure:
        return Matches(tuple(sure))
    close = _close(wanted, people)
    slipped = [one for one in close if any(is_slip(wanted, n) for n in _names(one))]
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
    slips = [name for name in named if is_slip(wanted, name)]
    found = [one for name in (*alike, *close, *slips) for one in named.get(name, ())]
    return list({id(one): one for one in found}.values())


def _once_each(book: Iterable[Contact]) -> list[Contact]:
    """Drop entries that say the same about the same person."""
    found: dict[object, Contact] = {}
    for one in book:
        reached = (fold(one.name), one.emails, one.phones)
        found.setdefault(reached if one.emails or one.phones else one, one)
    return list(found.values())


def _full(one: Contact) -> set[str]:
    return {fold(word) for word in (one.name, *one.emails)}


def _names(one: Contact) -> set[str]:
    parts = fold(one.name).split()
    outer = " ".join((*parts[:1], *parts[-1:]))
    whole = " ".join(parts)
    return {*parts, outer, whole, *map(fold, one.nicknames), *_relations(one)} - {""}


def _relations(one: Contact) -> set[str]:
    return set(map(fold, one.relations))
