"""The address book on the disk, one vCard (3.0 or 4.0) per person."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote

from agentkit import ToolError, fresh_id
from agentkit_tools._phrases import phrase
from agentkit_tools._store.blocks import Block, Blocks, split_blocks
from agentkit_tools._store.card_files import (
    SINGLE,
    CardLine,
    card_files,
    escaped,
    lines_of,
    links_out,
    new_card_file,
    parts_of,
    unescaped,
    written,
)
from agentkit_tools._store.changes import note_change
from agentkit_tools._store.files import (
    keep_aside,
    locked,
    read_bytes,
    told,
    write_atomic,
)
from agentkit_tools._store.octets import bytes_of, is_guessed, text_of

# Parts of an address end with ";"; one that belongs to the text is escaped.
_PART = re.compile(r"(?<!\\);")
_END = re.compile(r"(?im)^END:VCARD[ \t]*\r?$")
_GUESSED = "The letters in the card of “{}” are no UTF-8; they were guessed."


@dataclass(frozen=True, slots=True)
class Card:
    """One contact.

    Attributes:
        relations: what this person is to the user: mom, boss, dentist.
        role: what this person does.
        birthday: ISO 8601, or month and day alone: `1985-03-05`, `--03-05`.
        addresses: where this person lives or works, each on one line.
        oddity: what of the card had to be guessed, in a sentence.
        block: the card as it is written; empty for one that is new.
        file: where it is, as a path within the home.
    """

    name: str
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    nicknames: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    organization: str = ""
    note: str = ""
    role: str = ""
    birthday: str = ""
    addresses: tuple[str, ...] = ()
    oddity: str = field(default="", compare=False)
    block: Block = field(default=Block("VCARD", ""), repr=False, compare=False)
    file: str = field(default=SINGLE, repr=False, compare=False)


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
        for hit in pattern.finditer(text):
            start = text.rfind("BEGIN:VCARD", 0, hit.start())
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
    for block in found.items:
        if block.kind == "VCARD" and block.whole:
            card = read_card(block)
            cards += [card] if card else []
        elif block.kind:
            bad = True
            continue
        stray = stray or bool(block.text.strip("\ufeff\r\n \t"))
        good.append(block)
    # What stands between cards hides none of them; alone it is no address book.
    return Blocks(tuple(good)), tuple(cards), bad or (stray and not cards)


def read_card(block: Block) -> Card | None:
    """Read a card; None when nothing in it names anybody.

    Of a card without a name, its nickname, organization, address or number is one.
    """
    fields: dict[str, list[CardLine]] = {}
    for line in lines_of(block):
        fields.setdefault(line.name, []).append(line)
    name = _shown_name(fields)
    if not name:
        return None
    related = [unescaped(line.value) for line in fields.get("RELATED", ())]
    return Card(
        name=name,
        emails=tuple(one.removeprefix("mailto:") for one in _texts(fields, "EMAIL")),
        phones=tuple(map(plain_phone, _texts(fields, "TEL"))),
        nicknames=_listed(fields, "NICKNAME"),
        relations=(
            *_listed(fields, "CATEGORIES"),
            # RELATED may be a URI of another card (RFC 6350, 6.6.6), which is no word.
            *(word for word in related if ":" not in word),
        ),
        organization=", ".join(parts_of(_raw(fields, "ORG"), ";")),
        note=_first(fields, "NOTE"),
        role=_first(fields, "TITLE") or _first(fields, "ROLE"),
        birthday=_day(_first(fields, "BDAY")),
        addresses=tuple(filter(None, map(_address, fields.get("ADR", ())))),
        oddity=_GUESSED.format(name) if is_guessed(block.text) else "",
        block=block,
    )


def _shown_name(fields: dict[str, list[CardLine]]) -> str:
    named = (_first(fields, "FN"), _name_parts(fields))
    others = (_first(fields, name) for name in ("NICKNAME", "ORG", "EMAIL", "TEL"))
    found = next(filter(None, (*named, *others)), "")
    return found.strip("; ").replace(";", ", ")


_DAY = re.compile(r"(\d{4}|--)-?(\d\d)-?(\d\d)(?:T.*)?")


def _day(value: str) -> str:
    """Write a day in one way; a text stays as it is (RFC 6350, 6.2.5)."""
    found = _DAY.fullmatch(value.strip())
    if found is None:
        return value.strip()
    # Apple writes 1604 for a birthday without a year.
    year = found[1] if found[1] != "1604" else "--"
    return (
        f"{year.removesuffix('--')}{'-' if year == '--' else ''}-{found[2]}-{found[3]}"
    )


def _address(line: CardLine) -> str:
    """Write an address on one line: street, code and town, country."""
    found = [unescaped(part).strip() for part in _PART.split(line.value)]
    # In the order of RFC 6350, 6.3.1; missing parts at the end are empty.
    box, extra, street, town, region, code, land = (*found, *[""] * 7)[:7]
    place = " ".join(filter(None, (code, town)))
    parts = (box, street, extra, place, region, land)
    return ", ".join(" ".join(part.split()) for part in parts if part)


def plain_phone(value: str) -> str:
    """Return a number without the `tel:` and parameters of vCard 4."""
    if not value.lower().startswith("tel:"):
        return value
    return unquote(value[4:].partition(";")[0])


def _texts(fields: dict[str, list[CardLine]], name: str) -> tuple[str, ...]:
    found = (unescaped(line.value).strip() for line in fields.get(name, ()))
    return tuple(text for text in found if text)


def _listed(fields: dict[str, list[CardLine]], name: str) -> tuple[str, ...]:
    lines = fields.get(name, ())
    return tuple(word for line in lines for word in parts_of(line.value, ","))


def _raw(fields: dict[str, list[CardLine]], name: str) -> str:
    lines = fields.get(name, ())
    return lines[0].value if lines else ""


def _first(fields: dict[str, list[CardLine]], name: str) -> str:
    return next(iter(_texts(fields, name)), "")


def _name_parts(fields: dict[str, list[CardLine]]) -> str:
    """Put a name together from N: family; given; additional."""
    family, given, middle, *_ = [*_raw(fields, "N").split(";"), "", "", ""]
    return " ".join(unescaped(f"{given} {middle} {family}").split())


def name_line(name: str) -> str:
    """Write the structured name (N) of a full name."""
    # The last word is taken for the family name, which is a guess: FN has the whole
    # name.
    given, _, family = name.rpartition(" ")
    parts = (family, given) if given else ("", family)
    return written("N", f"{';'.join(map(escaped, parts))};;;")


def card_text(card: Card) -> str:
    """Write a contact as a vCard 3.0 (RFC 2426)."""
    lines = [
        written("UID", fresh_id("card")),
        written("FN", escaped(card.name)),
        name_line(card.name),
        *(written("EMAIL", escaped(value)) for value in card.emails),
        *(written("TEL", escaped(value)) for value in card.phones),
    ]
    for name, words in (("NICKNAME", card.nicknames), ("CATEGORIES", card.relations)):
        lines += [written(name, ",".join(map(escaped, words)))] if words else []
    for name, text in (("ORG", card.organization), ("NOTE", card.note)):
        lines += [written(name, escaped(text))] if text else []
    return f"BEGIN:VCARD\r\nVERSION:3.0\r\n{''.join(lines)}END:VCARD\r\n"
