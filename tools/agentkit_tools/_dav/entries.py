"""One event or contact: as text, by its file name, and taken apart into properties."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from dataclasses import dataclass, field
from hashlib import sha256

from agentkit_tools._dav.webdav import Kind
from agentkit_tools._store.blocks import Block, split_blocks
from agentkit_tools._store.card_files import lines_of, unescaped

# Characters of one entry; a contact with a large picture has one or two million.
_LARGEST = 8 * 1024 * 1024
_END = re.compile(r"\r\n|\n|\r")
SUFFIX = {"calendar": ".ics", "contacts": ".vcf"}


@dataclass(frozen=True, slots=True)
class SyncEntry:
    """An entry that can be exchanged.

    Attributes:
        text: with the line ends that the formats ask for.
        uid: its unique id.
        title: what people call it.
    """

    text: str
    uid: str
    title: str

    @property
    def digest(self) -> str:
        """What tells two versions apart."""
        return digest_of(self.text)


def digest_of(text: str) -> str:
    """Return what tells two texts apart."""
    return sha256(plain_text(text).encode()).hexdigest()


def plain_text(text: str) -> str:
    """Return a text with the line ends that iCalendar and vCard ask for."""
    return _END.sub("\r\n", text.removeprefix("\ufeff"))


def read_entry(kind: Kind, text: str) -> SyncEntry | str:
    """Read one entry, or say why it cannot be exchanged."""
    if len(text) > _LARGEST:
        return f"it is larger than {_LARGEST // 2**20} MB"
    if "\0" in text:
        return "it holds bytes that are no text"
    text = plain_text(text)
    return _event(text) if kind == "calendar" else _card(text)


def _event(text: str) -> SyncEntry | str:
    blocks = split_blocks(text)
    outside = [b.text.strip().upper() for b in blocks.items if not b.kind]
    # A resource of CalDAV is one calendar with one entry (RFC 4791, 4.1).
    if outside.count("BEGIN:VCALENDAR") != 1 or outside.count("END:VCALENDAR") != 1:
        return "it is not one whole calendar"
    parts = [block for block in blocks.items if block.kind not in ("", "VTIMEZONE")]
    if not parts or not all(block.whole for block in blocks.items):
        return "it holds no whole entry"
    uids = {block.uid for block in parts}
    if len(uids) != 1 or not parts[0].uid:
        return "it holds several entries, or one without a UID"
    masters = (part for part in parts if not part.value("RECURRENCE-ID"))
    title = next(masters, parts[0]).value("SUMMARY")
    return SyncEntry(text, parts[0].uid, _shown(title) or "(without a title)")


def _card(text: str) -> SyncEntry | str:
    found = split_blocks(text, "")
    cards = found.of("VCARD")
    if len(cards) != 1 or not cards[0].whole:
        return "it is not one whole contact"
    card = cards[0]
    if not card.uid:
        return "it has no UID"
    # N begins with the family name; a title has the given name first.
    title = card.value("FN") or " ".join(card.value("N").split(";")[1::-1])
    return SyncEntry(text, card.uid, _shown(title) or "(without a name)")


def _shown(value: str) -> str:
    return " ".join(unescaped(value).split())[:120]


# An event's start, end, length and rule mean something together only: one group.
TIMES = "times"
_TIMES = {"DTSTART", "DTEND", "DUE", "DURATION", "RRULE", "EXDATE", "RDATE", "EXRULE"}
_NAMES = {"FN", "N"}
_PREFIX = re.compile(r"([\w-]+)\.[\w-]")
# Parameters are parted by ";" outside of quotes.
_PIECE = re.compile(r'(?:"[^"]*"|[^;"])+')


@dataclass(frozen=True, slots=True)
class EntryItem:
    """A property or an inner component.

    Attributes:
        raw: as it is written.
        plain: the same whatever program wrote it: unfolded, parameters in order.
        head: its name and parameters, plain.
    """

    raw: str
    plain: str
    head: str


@dataclass(slots=True)
class EntryPart:
    """One component.

    Attributes:
        key: tells it from the others of the entry.
        groups: its properties, those together that mean something together only.
    """

    kind: str
    key: tuple[str, str]
    begin: str
    end: str
    groups: dict[str, list[EntryItem]] = field(
        default_factory=dict[str, list[EntryItem]]
    )

    @property
    def text(self) -> str:
        """The component as it is written."""
        lines = (item.raw for group in self.groups.values() for item in group)
        return f"{self.begin}{''.join(lines)}{self.end}"

    def plain(self, group: str) -> list[str]:
        """Return a group's properties, to be compared."""
        return sorted(item.plain for item in self.groups.get(group, ()))


@dataclass(frozen=True, slots=True)
class Taken:
    """An entry taken apart.

    Attributes:
        head: lines before its components.
        tail: the line after them.
    """

    head: str
    parts: dict[tuple[str, str], EntryPart]
    tail: str


def take_apart(kind: Kind, text: str) -> Taken:
    """Take an entry apart."""
    blocks = split_blocks(text, "VCALENDAR" if kind == "calendar" else "")
    outside = [one.text for one in blocks.items if not one.kind and one.text.strip()]
    parts: dict[tuple[str, str], EntryPart] = {}
    for block in blocks.items:
        if block.kind:
            part = _part(block)
            parts[part.key] = part
    head, tail = "".join(outside[:-1]), "".join(outside[-1:])
    return Taken(head, parts, tail)


def _part(block: Block) -> EntryPart:
    name = "TZID" if block.kind == "VTIMEZONE" else "RECURRENCE-ID"
    lines = [line for line in lines_of(block) if line.raw.strip()]
    key = (block.kind, block.value(name))
    found = EntryPart(block.kind, key, lines[0].raw, lines[-1].raw)
    inner: list[str] = []
    depth = 0
    for line in lines[1:-1]:
        depth += line.name == "BEGIN"
        if depth:
            inner.append(line.raw)
            depth -= line.name == "END"
            if not depth:
                text = "".join(inner)
                found.groups.setdefault("BEGIN", []).append(_inner(text))
                inner = []
            continue
        item = _item(line.raw, line.head, line.value)
        found.groups.setdefault(_group(line.raw, line.name), []).append(item)
    return found


def _group(raw: str, name: str) -> str:
    """Name what a property belongs to."""
    prefix = _PREFIX.match(raw)
    # item1.TEL and item1.X-ABLabel are one thing.
    if prefix:
        return f"{prefix[1].upper()}."
    return TIMES if name in _TIMES else "FN" if name in _NAMES else name


def _item(raw: str, head: str, value: str) -> EntryItem:
    name, *parameters = _PIECE.findall(head) or [""]
    plain = ";".join([name.upper(), *sorted(map(_parameter, parameters))])
    return EntryItem(raw, f"{plain}:{value}", plain)


def _parameter(text: str) -> str:
    name, _, value = text.partition("=")
    # Quotes around a parameter that needs none say nothing.
    return f"{name.upper()}={value.replace(chr(34), '')}"


def _inner(text: str) -> EntryItem:
    block = Block("", text)
    plain = "\n".join(
        sorted(
            _item(one.raw, one.head, one.value).plain
            for one in lines_of(block)
            if one.raw.strip()
        )
    )
    return EntryItem(text, plain, "BEGIN")


_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
# Names that Windows keeps for devices: a home may lie on a shared disk.
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.I)


def file_name(uid: str, suffix: str, taken: Container[str] = ()) -> str:
    """Return a file name for an entry: its UID where that is a plain word.

    Args:
        uid: the entry's unique id.
        suffix: `.ics` or `.vcf`.
        taken: names in use, in lower case.
    """
    stem = uid.removesuffix(suffix)
    if not _PLAIN.fullmatch(stem) or _RESERVED.fullmatch(stem) or ".." in stem:
        # Made of the UID, so that the same entry gets the same name at every try.
        stem = sha256(uid.encode()).hexdigest()[:32]
    return _free(stem, suffix, taken)


def folder_name(name: str, taken: Container[str] = ()) -> str:
    """Return a folder name for a collection, after the name that people see."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:40].strip("-")
    if not stem or _RESERVED.fullmatch(stem):
        stem = f"collection-{sha256(name.encode()).hexdigest()[:8]}"
    return _free(stem, "", taken)


def _free(stem: str, suffix: str, taken: Container[str]) -> str:
    found, number = f"{stem}{suffix}", 1
    while found.lower() in taken:
        number += 1
        found = f"{stem}-{number}{suffix}"
    return found
