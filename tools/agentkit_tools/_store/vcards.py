"""contacts.vcf: the address book, one vCard per person."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from agentkit_tools._store.blocks import Block, Blocks, split_blocks
from agentkit_tools._store.files import keep_aside, locked, read_bytes, write_atomic


@dataclass(frozen=True, slots=True)
class Card:
    """One contact.

    Attributes:
        relations: what this person is to the user: mom, boss, dentist.
    """

    name: str
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    nicknames: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    organization: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Cards:
    """The address book, and what of it could not be read."""

    cards: tuple[Card, ...]
    warning: str = ""


def read_cards(home: Path, now: datetime) -> Cards:
    """Read the contacts; a damaged file is kept aside, its readable cards served.

    Raises:
        StoreError: the file is there and cannot be read.
    """
    _, cards, warning = _load(home / "contacts.vcf", now)
    return Cards(cards, warning)


def add_card(home: Path, card: Card, now: datetime) -> str:
    """Write a new contact; return the warning of reading the file.

    Raises:
        StoreError: the file cannot be read or written.
    """
    path = home / "contacts.vcf"
    with locked(home):
        blocks, _, warning = _load(path, now)
        changed = Blocks((*blocks.items, Block("VCARD", card_text(card))))
        write_atomic(path, changed.text.encode())
    return warning


def _load(path: Path, now: datetime) -> tuple[Blocks, tuple[Card, ...], str]:
    content = read_bytes(path)
    if content is None or not content.strip():
        return Blocks(()), (), ""
    blocks, cards, bad = _parts(content)
    if not bad:
        return blocks, cards, ""
    with locked(path.parent):
        blocks, cards, bad = _parts(read_bytes(path) or b"")
        if not bad:
            return blocks, cards, ""
        target = keep_aside(path, now)
        write_atomic(path, blocks.text.encode())
    return (
        blocks,
        cards,
        f"{path.name} was damaged: {len(cards)} of its cards could be read. "
        f"The damaged file is kept as {target.name}.",
    )


def _parts(content: bytes) -> tuple[Blocks, tuple[Card, ...], bool]:
    text = content.decode("utf-8", "replace")
    found = split_blocks(text, "")
    good: list[Block] = []
    cards: list[Card] = []
    bad = False
    for block in found.items:
        card = _card(block) if block.kind == "VCARD" and block.whole else None
        if card and "\ufffd" not in block.text:
            good.append(block)
            cards.append(card)
        else:
            bad = bad or bool(block.text.strip())
    return Blocks(tuple(good)), tuple(cards), bad


def _card(block: Block) -> Card | None:
    import vobject

    reader: Any = vobject
    try:
        parsed: Any = reader.readOne(block.text)
    except (vobject.base.ParseError, ValueError, IndexError, AttributeError):
        return None
    fields: dict[str, list[Any]] = parsed.contents
    name = _first(fields, "fn")
    if not name:
        return None
    return Card(
        name=name,
        emails=_texts(fields, "email"),
        phones=_texts(fields, "tel"),
        nicknames=_listed(fields, "nickname"),
        relations=(*_listed(fields, "categories"), *_listed(fields, "related")),
        organization=_first(fields, "org"),
        note=_first(fields, "note"),
    )


def _texts(fields: dict[str, list[Any]], name: str) -> tuple[str, ...]:
    return tuple(str(item.value) for item in fields.get(name, ()))


def _first(fields: dict[str, list[Any]], name: str) -> str:
    found = _listed(fields, name, separator="")
    return next(iter(found), "")


def _listed(
    fields: dict[str, list[Any]], name: str, separator: str = ","
) -> tuple[str, ...]:
    """Return the values of a property; vobject gives a list or one text."""
    words: list[str] = []
    for item in fields.get(name, ()):
        value = item.value
        if isinstance(value, str):
            words += value.split(separator) if separator else [value]
        else:
            words += [str(part) for part in value]
    return tuple(word.strip() for word in words if word.strip())


def card_text(card: Card) -> str:
    """Write a contact as a vCard 3.0 (RFC 2426)."""
    import vobject

    entry: Any = vobject.vCard()
    given, _, family = card.name.rpartition(" ")
    entry.add("uid").value = str(uuid.uuid4())
    entry.add("fn").value = card.name
    entry.add("n").value = vobject.vcard.Name(
        family=family if given else "", given=given or family
    )
    for name, values in (("email", card.emails), ("tel", card.phones)):
        for value in values:
            entry.add(name).value = value
    for name, words in (("nickname", card.nicknames), ("categories", card.relations)):
        if words:
            entry.add(name).value = (
                list(words) if name == "categories" else ",".join(words)
            )
    if card.organization:
        entry.add("org").value = [card.organization]
    if card.note:
        entry.add("note").value = card.note
    return str(entry.serialize())
