"""The sample's contacts."""

from __future__ import annotations

import functools
from pathlib import Path

from agentkit_tools._store.files import write_atomic
from agentkit_tools._store.vcards import Card, card_text
from agentkit_tools.sample.days import load


def write_people(home: Path) -> None:
    """Write contacts.vcf.

    Raises:
        StoreError: it cannot be written.
    """
    cards = (
        Card(
            name=entry["name"],
            emails=tuple(entry["emails"]),
            phones=tuple(entry["phones"]),
            nicknames=tuple(entry.get("nicknames", ())),
            relations=tuple(entry.get("relations", ())),
            organization=entry.get("organization", ""),
        )
        for entry in load("contacts")
    )
    write_atomic(home / "contacts.vcf", "".join(map(card_text, cards)).encode())


@functools.cache
def addresses() -> dict[str, str]:
    """Return name to e-mail address."""
    return {entry["name"]: entry["emails"][0] for entry in load("contacts")}
