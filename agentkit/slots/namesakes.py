"""People of one name, told apart by what only one of them has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol


class NamedPerson(Protocol):
    """Somebody who may share a name with another, such as a `Contact`."""

    @property
    def shown(self) -> str:
        """Name and address as a person reads them."""
        ...

    @property
    def phones(self) -> Sequence[str]:
        """Numbers, the one to call first."""
        ...

    @property
    def emails(self) -> Sequence[str]:
        """Addresses, the one to write to first."""
        ...

    @property
    def relations(self) -> Sequence[str]:
        """What this person is to the user."""
        ...

    @property
    def nicknames(self) -> Sequence[str]:
        """Other names that the user may say."""
        ...


def told_apart(people: Iterable[NamedPerson]) -> tuple[str, ...]:
    """Name people so that no two read the same: by address, number or relation."""
    everyone = list(people)
    shown = [one.shown for one in everyone]
    return tuple(
        one.shown if shown.count(one.shown) == 1 else _marked(one, everyone)
        for one in everyone
    )


def _marked(one: NamedPerson, everyone: list[NamedPerson]) -> str:
    """Add what none of those who read the same has: a number, a relation."""
    others = [p for p in everyone if p.shown == one.shown and p is not one]
    taken = {word for other in others for word in _marks(other)}
    # The first that tells them apart: a number before an address, a relation or a
    # nickname.
    mark = next((word for word in _marks(one) if word not in taken), "")
    return f"{one.shown} ({mark})" if mark else one.shown


def _marks(one: NamedPerson) -> tuple[str, ...]:
    return (*one.phones, *one.emails, *one.relations, *one.nicknames)
