"""A contact as a vCard: 3.0 and 4.0 are read, and older ones; 3.0 is written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from agentkit import fresh_id
from agentkit_tools._store.blocks import Block
from agentkit_tools._store.card_files import (
    SINGLE,
    CardLine,
    escaped,
    lines_of,
    parts_of,
    unescaped,
    written,
)
from agentkit_tools._store.octets import is_guessed

# Parts of an address end with ";"; one that belongs to the text is escaped.
_PART = re.compile(r"(?<!\\);")
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


def read_card(block: Block) -> Card | None:
    """Read a card; None when nothing in it names anybody.

    Of a card without a name, its nickname, organization, address or number is one.
    """
    fields: dict[str, list[CardLine]] = {}
    # The card of a person's agent, within theirs, is not theirs.
    own = block.bare() if block.text.upper().count("BEGIN:VCARD") > 1 else block
    for line in lines_of(own):
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
