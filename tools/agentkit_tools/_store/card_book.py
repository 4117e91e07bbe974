"""The address book on the disk: read, searched and changed, and mended where it is damaged."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from agentkit import ToolError
from agentkit_tools._phrases import phrase
from agentkit_tools._store.blocks import Block, Blocks, paired, split_blocks
from agentkit_tools._store.card_files import (
    SINGLE,
    card_files,
    links_out,
    new_card_file,
)
from agentkit_tools._store.changes import note_change
from agentkit_tools._store.files import (
    keep_aside,
    locked,
    read_bytes,
    told,
    write_atomic,
)
from agentkit_tools._store.octets import bytes_of, text_of
from agentkit_tools._store.vcards import Card, card_text, read_card

_BEGIN = re.compile(r"(?im)^(?:[\w-]+\.)?BEGIN:VCARD[ \t]*\r?$")
_END = re.compile(r"(?im)^(?:[\w-]+\.)?END:VCARD[ \t]*\r?$")


@dataclass(frozen=True, slots=True)
class Cards:
    """The address book, and what of it could not be read."""

    cards: tuple[Card, ...]
    warning: str = ""


@dataclass(frozen=True, slots=True)
class CardChange:
    """What came of a change: what undoes it, and the warning of reading the file."""

    undo: str
    warning: str


def read_cards(home: Path, now: datetime) -> Cards:
    """Read the contacts; a damaged file is kept aside, its readable cards served.

    Raises:
        StoreError: a file is there and cannot be read.
    """
    cards: list[Card] = []
    warnings: list[str] = []
    for file in card_files(home):
        _, found, warning = _load(home, file, now)
        cards += (replace(card, file=file) for card in found)
        warnings += [warning] if warning else []
    warnings += [
        f"{name} leads out of the home: it is not read." for name in links_out(home)
    ]
    return Cards(tuple(cards), " ".join(warnings))


def cards_with(home: Path, pattern: re.Pattern[str]) -> list[Card]:
    """Return the contacts whose card has a line that fits, without reading the others.

    Raises:
        StoreError: a file is there and cannot be read.
    """
    # By where it begins: a card may have several lines that fit.
    found: dict[tuple[str, int], Card] = {}
    for file in card_files(home):
        text = text_of(read_bytes(home / file) or b"")
        hits = list(pattern.finditer(text))
        begins = [one.start() for one in _BEGIN.finditer(text)] if hits else []
        for hit in hits:
            place = bisect_right(begins, hit.start())
            start = begins[place - 1] if place else -1
            end = _END.search(text, hit.end())
            if start >= 0 and end and (file, start) not in found:
                card = read_card(Block("VCARD", text[start : end.end()]))
                if card is not None:
                    found[file, start] = replace(card, file=file)
    return list(found.values())


def add_card(home: Path, card: Card, now: datetime) -> CardChange:
    """Write a new contact.

    Raises:
        StoreError: the file cannot be read or written.
    """
    block = Block("VCARD", card_text(card))

    def edit(blocks: Blocks) -> Blocks:
        return blocks.added(block)

    with locked(home):
        return _change(home, new_card_file(home, block.uid), now, edit)


def add_cards(home: Path, blocks: Sequence[Block], now: datetime) -> CardChange:
    """Write several new contacts as they are, into one file, all or none.

    Raises:
        StoreError: the file cannot be read or written.
    """
    with locked(home):
        file = new_card_file(home, blocks[0].uid)
        return _change(home, file, now, lambda own: own.added(*blocks))


def replace_card(
    home: Path, card: Card, new: Block | None, now: datetime
) -> CardChange:
    """Write a contact anew, or take it out when there is no new one.

    Raises:
        ToolError: another program changed it meanwhile.
        StoreError: the file cannot be read or written.
    """

    def edit(blocks: Blocks) -> Blocks:
        # By its text: many cards have no UID.
        same = (item for item in blocks.items if item.text == card.block.text)
        found = next(same, None)
        if found is None:
            raise ToolError(
                phrase(
                    "{name} was changed by another program; try again.", name=card.name
                )
            )
        return blocks.swapped(found, *([new] if new else []))

    with locked(home):
        return _change(home, card.file, now, edit)


def _change(
    home: Path, file: str, now: datetime, edit: Callable[[Blocks], Blocks]
) -> CardChange:
    """Change a file; one of a folder goes with its last card."""
    path = home / file
    blocks, _, warning = _load_locked(path, now)
    changed = edit(blocks)
    name = note_change(path, blocks, changed, home=home)
    # contacts.vcf stays, even empty: it says where contacts are kept.
    if file == SINGLE or changed.of("VCARD"):
        write_atomic(path, bytes_of(changed.text))
    else:
        with told(path, "delete"):
            path.unlink(missing_ok=True)
    return CardChange(name, warning)


def _load(home: Path, file: str, now: datetime) -> tuple[Blocks, tuple[Card, ...], str]:
    blocks, cards, bad = _parts(read_bytes(home / file) or b"")
    if not bad:
        return blocks, cards, ""
    # Looked at again under the lock: another program may be writing it, or have mended it.
    with locked(home):
        return _load_locked(home / file, now)


def _load_locked(path: Path, now: datetime) -> tuple[Blocks, tuple[Card, ...], str]:
    """Read a file, and mend a damaged one; the caller holds the home's lock."""
    blocks, cards, bad = _parts(read_bytes(path) or b"")
    if not bad:
        return blocks, cards, ""
    target = keep_aside(path, now)
    blocks = Blocks(tuple(item for item in blocks.items if item.kind))
    write_atomic(path, bytes_of(blocks.text))
    return (
        blocks,
        cards,
        f"{path.name} was damaged: {len(cards)} of its cards could be read. "
        f"The damaged file is kept as {target.name}.",
    )


def _parts(content: bytes) -> tuple[Blocks, tuple[Card, ...], bool]:
    if not content.strip():
        return Blocks(()), (), False
    found = split_blocks(text_of(content), "")
    good: list[Block] = []
    cards: list[Card] = []
    bad = stray = False
    for place, block in enumerate(found.items, 1):
        # A card without a last line has ended where the next one begins.
        if block.kind == "VCARD" and not block.whole and place < len(found.items):
            block = Block("VCARD", paired(block.text))
        if block.kind == "VCARD" and block.whole:
            card = read_card(block)
            cards += [card] if card else []
        elif block.kind and not block.whole:
            bad = True
            continue
        stray = stray or bool(block.text.strip("\ufeff\r\n \t"))
        good.append(block)
    # What stands between cards hides none of them; alone it is no address book.
    return Blocks(tuple(good)), tuple(cards), bad or (stray and not cards)
