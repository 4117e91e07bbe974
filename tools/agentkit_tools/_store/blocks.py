"""An iCalendar or vCard file as raw blocks, so that what is not changed stays as is.

Only the blocks that a tool changes are rewritten; foreign properties, comments of
other programs and their line folding survive byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import blake2b

from agentkit_tools._store.octets import bytes_of, unfolded

# Line ends of any system; what follows the last one is a line too.
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|$)")
# A property with its folded parts: a line with a blank in front goes on (RFC 5545, 3.1).
_UNFOLDED = re.compile(r"[^\r\n]+(?:(?:\r\n|\n|\r)++[ \t][^\r\n]*)*(?:\r\n|\n|\r|$)")
# Files put together by hand or script lack the line end between two cards.
_SEAM = re.compile(r"(?i)(END:VCARD)BEGIN:VCARD")
# A line that begins or ends a component; a lone carriage return ends a line too.
_MARK = re.compile(r"(?im)(?:^|(?<=\r))(BEGIN|END):([A-Z0-9-]+)[ \t]*(?:\r\n|\n|\r|\Z)")
_AGENT = re.compile(r"(?im)^AGENT:\s*\Z")
WITHOUT_UID = "@without-uid"
_ESCAPED = re.compile(r"\\([\\,;])")


@dataclass(frozen=True, slots=True)
class Block:
    """One component, from its BEGIN line to its END line, as it is written.

    Attributes:
        kind: VEVENT, VTODO, VCARD ...; empty for lines outside of components.
        text: its lines, line ends included.
        whole: False when its END line is missing.
    """

    kind: str
    text: str
    whole: bool = True

    def value(self, name: str) -> str:
        """Return the first value of a property of the block itself, raw."""
        pattern = rf"(?im)^{re.escape(name)}(?:;[^:\r\n]*)?:(.*?)\r?$"
        found = re.search(pattern, unfolded(self.text))
        return found[1] if found else ""

    @property
    def uid(self) -> str:
        """Unique id of the component; empty when it has none."""
        return _ESCAPED.sub(r"\1", self.value("UID")).strip()

    def lines(self, name: str) -> list[str]:
        """Return the block's own properties of a name, each unfolded to one line."""
        return [
            unfolded(line).rstrip("\r\n")
            for depth, found, line in self._walk()
            if depth == 1 and found == name.upper()
        ]

    def rewritten(self, names: Iterable[str], lines: str) -> Block:
        """Put lines in the place of its properties of these names, or at its end.

        What is not named, and what is in components within it, stays as written.
        """
        gone = {name.upper() for name in names}
        kept: list[str] = []
        place = None
        for depth, name, line in self._walk():
            drop = depth == 1 and name in gone
            # Properties stand before the components within (RFC 5545, 3.6): not after
            # an alarm.
            if place is None and (drop or (name == "BEGIN" and depth == 2)):
                place = len(kept)
            if not drop:
                kept.append(line)
        kept.insert(len(kept) - 1 if place is None else place, lines)
        return replace(self, text="".join(kept))

    def bare(self) -> Block:
        """Return it without the components within it, such as alarms."""
        inner, kept = 0, list[str]()
        for depth, name, line in self._walk():
            inner += name == "BEGIN" and depth == 2
            if not inner:
                kept.append(line)
            # Its END line is at depth 1 already, and belongs to the inner one.
            inner -= name == "END" and depth == 1 and inner > 0
        return replace(self, text="".join(kept))

    def _walk(self) -> Iterable[tuple[int, str, str]]:
        """Yield depth, name and text of each line, with its folded parts."""
        depth = 0
        for line in _UNFOLDED.findall(self.text):
            name = re.split("[:;]", line, maxsplit=1)[0].strip().upper()
            depth += (name == "BEGIN") - (name == "END")
            yield depth, name, line


@dataclass(frozen=True, slots=True)
class Blocks:
    """A file's blocks in order, and the lines between them."""

    items: tuple[Block, ...]

    @property
    def text(self) -> str:
        """The file's content."""
        return "".join(item.text for item in self.items)

    def of(self, *kinds: str) -> tuple[Block, ...]:
        """Return the blocks of these kinds."""
        return tuple(item for item in self.items if item.kind in kinds)

    def swapped(self, old: Block, *new: Block) -> Blocks:
        """Put blocks in the place of one; none takes it away."""
        items: list[Block] = []
        for item in self.items:
            items.extend(new if item is old else (item,))
        return replace(self, items=tuple(items))

    def added(self, *new: Block) -> Blocks:
        """Put blocks at the end, before the line that closes the file's container.

        Where the line before them has no end, it gets one.
        """
        items = list(self.items)
        end = len(items)
        for index in range(len(items) - 1, -1, -1):
            if items[index].text.strip().upper() == "END:VCALENDAR":
                end = index
                break
        if end and new and not items[end - 1].text.endswith(("\n", "\r")):
            last = items[end - 1]
            items[end - 1] = replace(last, text=f"{last.text}\r\n")
        items[end:end] = new
        return replace(self, items=tuple(items))

    def keeping(self, wanted: Iterable[Block]) -> Blocks:
        """Leave out the components that are not among the wanted."""
        kept = {id(item) for item in wanted}
        items = (item for item in self.items if not item.kind or id(item) in kept)
        return replace(self, items=tuple(items))


def known_uid(block: Block) -> str:
    """Return what a component is known by: its UID, else one made of its text."""
    return block.uid or made_uid(bytes_of(block.text))


def made_uid(content: bytes) -> str:
    """Return the UID of a component that has none, the same whenever it is read."""
    return f"{blake2b(content, digest_size=8).hexdigest()}{WITHOUT_UID}"


def paired(text: str) -> str:
    """Return a component in which each BEGIN has its END, as readers need it.

    An END that nothing is open for is left out, and one that is missing put in.
    """
    pieces: list[str] = []
    opened: list[str] = []
    done = 0
    for mark in _MARK.finditer(text):
        kind = mark[2].upper()
        if mark[1].upper() == "BEGIN":
            opened.append(kind)
            continue
        pieces.append(text[done : mark.start()])
        done = mark.start() if kind in opened else mark.end()
        while kind in opened and (last := opened.pop()) != kind:
            pieces.append(f"END:{last}\r\n")
    pieces.append(text[done:])
    if opened and not text.endswith(("\n", "\r")):
        pieces.append("\r\n")
    return "".join((*pieces, *(f"END:{kind}\r\n" for kind in reversed(opened))))


def _lines(text: str) -> Iterator[str]:
    """Yield lines; where a card begins on the line that ends another, there are two."""
    for line in _LINE.findall(text):
        seam = _SEAM.match(line)
        yield from (line[: seam.end(1)], line[seam.end(1) :]) if seam else (line,)


def split_blocks(text: str, container: str = "VCALENDAR") -> Blocks:
    """Split a file into its components; a component that never ends is not whole."""
    items: list[Block] = []
    kind, lines, depth = "", list[str](), 0
    for line in _lines(text):
        # A byte order mark may stand before the first line.
        word, _, name = line.strip("\ufeff \t\r\n").partition(":")
        # "home.BEGIN": vCard 3.0 lets any line belong to a group.
        word, name = word.upper().rpartition(".")[2], name.strip().upper()
        if not kind and (word != "BEGIN" or name == container):
            items.append(Block("", line))
            continue
        # The next event begins, or the calendar ends, before this one did.
        broken = kind and (word, name) in (("BEGIN", kind), ("END", container))
        # A person's agent, whose card vCard 2.1 puts into theirs.
        if broken and kind == "VCARD" and _AGENT.search("".join(lines[-2:])):
            broken = False
        if broken:
            items.append(Block(kind, "".join(lines), whole=False))
            kind, lines, depth = "", [], 0
            if word == "END":
                items.append(Block("", line))
                continue
        kind = kind or name
        lines.append(line)
        depth += (word == "BEGIN") - (word == "END")
        if depth <= 0:
            items.append(Block(kind, "".join(lines)))
            kind, lines, depth = "", [], 0
    if kind and lines:
        items.append(Block(kind, "".join(lines), whole=False))
    return Blocks(tuple(item for item in items if item.text))
