"""One text of a run that values may come from: the words of the user, or a result."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from agentkit.safety.provenance.comparison import (
    addresses,
    numbers,
    plain,
    scalars,
    words,
)
from agentkit.safety.provenance.objects import Fields, records_of

Ground = Literal["user", "linked", "field", "text", "nowhere"]


@dataclass(frozen=True)
class TextSource:
    """One text that values may come from.

    Attributes:
        ground: `user` for the user's words, `field` for a result.
        title: what it is, in words.
        trusted: nobody but the user and the device wrote it.
        value: the text, or the result's JSON-like data.
        chosen: text of somebody else chose what was asked for.
        echoed: values of the call that such text chose, in one spelling: the result
            may give them back, and they are no more the user's for that.
        slight: no more than a word of what a tool did, such as "sent".
        dumped: the objects of a text that a YAML writer made; the user may point at
            them, and they vouch for nothing else.
        is_data: short values of a tool of the application's own that does not say who
            writes them: too short to give a model orders.
    """

    ground: Literal["user", "field"]
    title: str
    trusted: bool
    value: Any
    chosen: bool = False
    slight: bool = False
    echoed: frozenset[str] = frozenset()
    dumped: tuple[Fields, ...] = ()
    is_data: bool = False

    @cached_property
    def text(self) -> str:
        """All of it as one text."""
        return "\n".join(scalars(self.value, keys=True))

    @cached_property
    def plain(self) -> str:
        """All of it in one spelling, with a space at both ends."""
        # Spaces at both ends, so that a search for whole words is a search for a
        # substring.
        return f" {' '.join(words(self.text))} "

    @cached_property
    def addresses(self) -> frozenset[str]:
        """The addresses, numbers and pages in it."""
        return frozenset(addresses(self.text))

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers in it."""
        return frozenset(numbers(self.text))

    @cached_property
    def records(self) -> tuple[Fields, ...]:
        """The objects of a result."""
        return tuple(records_of(self.value))

    @cached_property
    def prose(self) -> str:
        """The running text of a result, in one spelling."""
        joined = " ".join(record.prose for record in self.records)
        return f" {' '.join(words(joined))} "

    @cached_property
    def prose_addresses(self) -> frozenset[str]:
        """What in the running text names a receiver or a page on its own."""
        return frozenset(addresses("\n".join(r.prose for r in self.records)))

    def holds_address(self, address: str) -> bool:
        """Tell whether an address stands in the running text, as part of another too."""
        if address in self.prose_addresses:
            return True
        # "site.example/a;1" may be a row of a table, whose second cell is a 1.
        return not address.isdigit() and any(
            address in plain(record.prose) for record in self.records
        )

    def says(self, value: str) -> bool:
        """Tell whether the value stands in it, whole words, in any spelling."""
        found = addresses(value)
        # An address is said as a whole, or not at all: a part of it is another one.
        if found:
            return all(item in self.addresses for item in found)
        needle = " ".join(words(value))
        # No letter or digit, such as "👍": compared as it stands.
        if not needle:
            return bool(value.strip()) and plain(value) in plain(self.text)
        return f" {needle} " in self.plain
