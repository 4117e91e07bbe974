"""The content lines of a vCard (RFC 2426, RFC 6350): read, changed one at a time.

Lines that are not changed stay byte for byte, whatever program wrote them.
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from agentkit_tools._store.blocks import Block

_FOLDED = re.compile(r"(?:\r\n|\n|\r)[ \t]")
_LOGICAL = re.compile(r"[^\r\n]*(?:(?:\r\n|\n|\r)[ \t][^\r\n]*)*(?:\r\n|\n|\r|$)")
_SOFT = re.compile(r"=(?:\r\n|\n|\r)")
_NAME = re.compile(r"(?:[\w-]+\.)?([\w-]+)")
_VALUE = re.compile(r'(?:[^":]|"[^"]*")*:')
_CHARSET = re.compile(r"CHARSET=([\w-]+)", re.I)
_WIDTH = 75


@dataclass(frozen=True, slots=True)
class Line:
    """One property as it is written.

    Attributes:
        raw: all of it, folds and line end included.
        name: in upper case, without the group before it.
        head: name and parameters.
        value: still escaped.
    """

    raw: str
    name: str
    head: str
    value: str


def lines_of(block: Block) -> list[Line]:
    """Split a card into its properties."""
    text = block.text
    if "QUOTED-PRINTABLE" in text.upper():
        text = _SOFT.sub("", text)
    return [_line(raw) for raw in _LOGICAL.findall(text) if raw]


def _line(raw: str) -> Line:
    text = _FOLDED.sub("", raw).rstrip("\r\n")
    found, name = _VALUE.match(text), _NAME.match(text)
    if not found or not name:
        return Line(raw, "", "", "")
    head, value = text[: found.end() - 1], text[found.end() :]
    if "QUOTED-PRINTABLE" in head.upper():
        value = _quoted_printable(head, value)
    return Line(raw, name[1].upper(), head, value)


def _quoted_printable(head: str, value: str) -> str:
    charset = _CHARSET.search(head)
    content = quopri.decodestring(value.encode())
    try:
        return content.decode(charset[1] if charset else "utf-8")
    except (LookupError, ValueError):
        return content.decode("latin-1")


def unescaped(value: str) -> str:
    """Return a value's text."""
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], value)


def escaped(text: str) -> str:
    """Write text as a value."""
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return plain.replace("\r\n", "\n").replace("\n", "\\n").replace("\r", "\\n")


def parts_of(value: str, separator: str) -> list[str]:
    """Split a value where the separator is not escaped."""
    found = re.findall(rf"(?:[^{separator}\\]|\\.)+", value, re.S)
    return [text for part in found if (text := unescaped(part).strip())]


def written(name: str, value: str) -> str:
    """Write a property, folded at 75 bytes; the value is escaped already."""
    left, parts = f"{name}:{value}", list[str]()
    while left:
        take = len(left)
        room = _WIDTH - bool(parts)
        while len(left[:take].encode()) > room:
            take = min(take - 1, room)
        parts.append(left[:take])
        left = left[take:]
    return "\r\n ".join(parts) + "\r\n"


def with_line(block: Block, *new: str) -> Block:
    """Put properties at the end of a card."""
    end = block.text.upper().rindex("END:VCARD")
    return Block(block.kind, f"{block.text[:end]}{''.join(new)}{block.text[end:]}")


def changed_lines(
    block: Block, names: Iterable[str], change: Callable[[Line], str]
) -> Block:
    """Rewrite the properties of some names; all else stays byte for byte."""
    wanted = set(names)
    text = "".join(
        change(line) if line.name in wanted else line.raw for line in lines_of(block)
    )
    return Block(block.kind, text)
