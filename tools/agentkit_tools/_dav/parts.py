"""An entry taken apart: its components, and in each the properties that go together."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from agentkit_tools._dav.requests import Kind
from agentkit_tools._store.blocks import Block, split_blocks
from agentkit_tools._store.cardlines import lines_of

TIMES = "times"
_TIMES = {"DTSTART", "DTEND", "DUE", "DURATION", "RRULE", "EXDATE", "RDATE", "EXRULE"}
_NAMES = {"FN", "N"}
_PREFIX = re.compile(r"([\w-]+)\.[\w-]")
_PIECE = re.compile(r'(?:"[^"]*"|[^;"])+')


@dataclass(frozen=True, slots=True)
class Item:
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
class Part:
    """One component.

    Attributes:
        key: tells it from the others of the entry.
        groups: its properties, those together that mean something together only.
    """

    kind: str
    key: tuple[str, str]
    begin: str
    end: str
    groups: dict[str, list[Item]] = field(default_factory=dict[str, list[Item]])

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
    parts: dict[tuple[str, str], Part]
    tail: str


def take_apart(kind: Kind, text: str) -> Taken:
    """Take an entry apart."""
    blocks = split_blocks(text, "VCALENDAR" if kind == "calendar" else "")
    outside = [one.text for one in blocks.items if not one.kind and one.text.strip()]
    parts: dict[tuple[str, str], Part] = {}
    for block in blocks.items:
        if block.kind:
            part = _part(block)
            parts[part.key] = part
    head, tail = "".join(outside[:-1]), "".join(outside[-1:])
    return Taken(head, parts, tail)


def _part(block: Block) -> Part:
    name = "TZID" if block.kind == "VTIMEZONE" else "RECURRENCE-ID"
    lines = [line for line in lines_of(block) if line.raw.strip()]
    key = (block.kind, block.value(name))
    found = Part(block.kind, key, lines[0].raw, lines[-1].raw)
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
    if prefix:  # item1.TEL and item1.X-ABLabel are one thing
        return f"{prefix[1].upper()}."
    return TIMES if name in _TIMES else "FN" if name in _NAMES else name


def _item(raw: str, head: str, value: str) -> Item:
    name, *parameters = _PIECE.findall(head) or [""]
    plain = ";".join([name.upper(), *sorted(map(_parameter, parameters))])
    return Item(raw, f"{plain}:{value}", plain)


def _parameter(text: str) -> str:
    name, _, value = text.partition("=")
    return f"{name.upper()}={value.replace(chr(34), '')}"


def _inner(text: str) -> Item:
    block = Block("", text)
    plain = "\n".join(
        sorted(
            _item(one.raw, one.head, one.value).plain
            for one in lines_of(block)
            if one.raw.strip()
        )
    )
    return Item(text, plain, "BEGIN")
