"""The bytes of an .ics file, taken apart without reading every event.

A part is a component of the file: where it is, what it is called, and a stretch of
time that all of its occurrences lie in. Only what needs it is read by icalendar.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from hashlib import blake2b

from agentkit_tools._store.blocks import made_uid, paired
from agentkit_tools._store.octets import text_of, unfolded
from agentkit_tools._store.spans import Span, span_of

# The first or last line of a component, after a line end of any kind or a byte order mark.
_MARK = re.compile(
    rb"(?im)(?:^|(?<=\r)|\A\xef\xbb\xbf)(BEGIN|END):([A-Z0-9-]+)[ \t]*(?:\r\n|\n|\r|\Z)"
)
_ESCAPED = re.compile(r"\\([\\,;])")
_PROPERTY_LIKE = re.compile(rb"[^:;\x00-\x1f]+[;:]")
# A line or two that somebody left between components hurts none of them.
_FEW = 20
_WORDS = re.compile(rb"[\x20-\x7e\x80-\xff]{1,200}")
_FRAME = re.compile(rb"(?im)^(?:\xef\xbb\xbf)?BEGIN:VCALENDAR|(?<=\r)BEGIN:VCALENDAR")
_FOLDED = re.compile(rb"(?:\r\n|\n|\r)++[ \t]")
# What a component is found by, and what makes it an invite or an exception.
_NAMED = re.compile(r"(?im)^(UID|TZID|RECURRENCE-ID|ORGANIZER)(?:;[^:\n]*)?:(.*)$")
_SHOWN = ("VEVENT", "VTIMEZONE")
# None of these is ever within another component: where one begins, the last has ended.
_OUTER = {b"VEVENT", b"VTODO", b"VJOURNAL", b"VTIMEZONE", b"VFREEBUSY"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePart:
    """One component of a file.

    Attributes:
        at: where it begins, in bytes.
        size: its length, in bytes.
        name: UID of an event, TZID of a time zone; made of its text when it has none.
        span: when it takes place; None for a time zone.
        invites: it has an organizer.
        digest: tells its text from others.
    """

    at: int
    size: int
    kind: str
    name: str
    span: Span | None
    invites: bool = False
    digest: bytes = b""


@dataclass(frozen=True, slots=True)
class Scanned:
    """A file that was taken apart.

    Attributes:
        parts: its events and time zones, in order.
        tail: where a new component goes: before the line that ends the calendar.
        others: whether it holds more: other components, or properties of its own.
    """

    parts: tuple[FilePart, ...]
    tail: int
    others: bool


def scan(content: bytes) -> Scanned | None:
    """Take a file apart; None when its structure is damaged.

    Components nest and end, and what is outside of components is properties of the
    calendar. A line that ends nothing is passed over, and a component whose last line
    is missing ends where the next one begins, or the calendar ends; only one that the
    file ends in is damage. Which bytes are letters, and which, does not matter here.
    """
    scanner = _Scanner(content)
    sound = all(map(scanner.takes, _MARK.finditer(content)))
    return scanner.result() if sound else None


class _Scanner:
    """A file on the way from its first component to its last."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._parts: list[FilePart] = []
        # Components without a calendar around them, as some programs give them out.
        self._bare = _FRAME.search(content) is None
        self._open: list[bytes] = [b"VCALENDAR"] if self._bare else []
        self._begun = 0
        self._edge = 0
        self._tail = -1
        self._others = False

    def takes(self, mark: re.Match[bytes]) -> bool:
        """Take the next begin or end of a component; False when it is out of place."""
        begins = mark[1].upper() == b"BEGIN"
        return self._begin(mark) if begins else self._end(mark)

    def result(self) -> Scanned | None:
        """Return what was found, when all has ended."""
        if self._bare and not self._ends_bare():
            return None
        if self._open == [b"VCALENDAR"] and not self._ends_open():
            return None
        if self._open or self._tail < 0 or not self._passes(len(self._content)):
            return None
        return Scanned(tuple(self._parts), self._tail, self._others)

    def _ends_open(self) -> bool:
        """Take a calendar whose last line is missing, or misspelt, for ended."""
        if not self._edge or not self._content.endswith((b"\n", b"\r")):
            return False
        self._open, self._tail = [], len(self._content)
        return True

    def _ends_bare(self) -> bool:
        """Find where a new component goes: at the end, or before the last one."""
        if self._open != [b"VCALENDAR"] or not self._edge:
            return False
        self._open = []
        ended = self._content.endswith((b"\n", b"\r"))
        self._tail = len(self._content) if ended else self._begun
        return ended or not self._content.startswith(codecs.BOM_UTF8)

    def _begin(self, mark: re.Match[bytes]) -> bool:
        kind = mark[2].upper()
        # A component of another program's own may hold any.
        if kind in _OUTER and len(self._open) > 1 and self._open[1] in _OUTER:
            self._ends_at(mark.start())
        if (kind == b"VCALENDAR") == bool(self._open):
            return False
        # A component of the calendar; deeper ones belong to it.
        if len(self._open) < 2:
            if not self._passes(mark.start()):
                return False
            self._begun, self._edge = mark.start(), mark.end()
        self._open.append(kind)
        return True

    def _end(self, mark: re.Match[bytes]) -> bool:
        kind = mark[2].upper()
        if kind not in self._open:
            # Nothing that it could end is open: it is misspelt, or there twice.
            return bool(self._open) and not (self._bare and len(self._open) == 1)
        if kind == b"VCALENDAR" and len(self._open) > 1:
            self._ends_at(mark.start())
        while self._open.pop() != kind:
            pass
        if len(self._open) == 1:
            self._edge = mark.end()
            self._add(kind.decode())
        elif not self._open:
            if not self._passes(mark.start()):
                return False
            self._edge, self._tail = mark.end(), mark.start()
        return True

    def _ends_at(self, edge: int) -> None:
        """End a component of the calendar whose own last line is missing."""
        kind = self._open[1]
        del self._open[1:]
        self._edge = edge
        self._add(kind.decode())

    def _add(self, kind: str) -> None:
        if kind in _SHOWN:
            text = self._content[self._begun : self._edge]
            self._parts.append(read_part(text, kind, self._begun))
        else:
            self._others = True

    def _passes(self, end: int) -> bool:
        """Pass over the calendar's own lines; False when they are none."""
        between = self._content[self._edge : end]
        if not between:
            return True
        self._others = self._others or _has_own(between)
        return _is_calm(between)


def read_part(content: bytes, kind: str, at: int = 0) -> FilePart:
    """Read what is needed to find a component again."""
    text = unfolded(paired(text_of(content)))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    # Most events hold no other component: counting is faster than looking line by line.
    head = _own_lines(text) if text.upper().count("BEGIN:") > 1 else text
    # Reversed, so that of two lines of a name the first counts.
    found = {name.upper(): value for name, value in reversed(_NAMED.findall(head))}
    is_event = kind == "VEVENT"
    name = found.get("UID" if is_event else "TZID", "").strip()
    name = _ESCAPED.sub(r"\1", name)
    digest = blake2b(content, digest_size=8)
    return FilePart(
        at=at,
        size=len(content),
        kind=kind,
        name=name or made_uid(content),
        span=span_of(head, content) if is_event else None,
        invites="ORGANIZER" in found,
        digest=digest.digest(),
    )


def _own_lines(text: str) -> str:
    """Leave out the lines of components within a component, such as alarms."""
    kept: list[str] = []
    depth = 0
    for line in text.split("\n"):
        depth += line[:6].upper() == "BEGIN:"
        if depth == 1:
            kept.append(line)
        depth -= line[:4].upper() == "END:"
    return "\n".join(kept)


def _is_calm(between: bytes) -> bool:
    whole = _FOLDED.sub(b"", between)
    # Disks that were full or cut off leave zeros at the end.
    lines = [line for line in whole.splitlines() if line.strip(b" \t\0")]
    stray = [line for line in lines if not _PROPERTY_LIKE.match(line)]
    return len(stray) <= _FEW and all(map(_WORDS.fullmatch, stray))


_COMMON = {b"VERSION", b"PRODID", b"CALSCALE", b"METHOD"}


def _has_own(between: bytes) -> bool:
    names = re.findall(rb"(?m)^([^:;\s]+)[;:]", _FOLDED.sub(b"", between))
    # Lines that every program writes are lost without harm; a calendar's name or colour
    # is not.
    return any(name.upper() not in _COMMON for name in names)
