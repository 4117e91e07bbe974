"""Reads lists, tuples and objects, with the slips of small models in them."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import Any

from agentkit.pythonic.cursor import Cursor
from agentkit.pythonic.strings import Place
from agentkit.pythonic.syntax import KEY, RawCall

_SET_START = re.compile(
    r"(?:\"[^\"\\\n]*\"|'[^'\\\n]*'|-?\d+(?:\.\d+)?|[^\W\d]\w*)\s*,"
)
NEXT_NAMED = re.compile(rf"\s*[,;]\s*{KEY}\s*=(?!=)")
_NAMED = re.compile(rf"{KEY}\s*=(?!=)")
_QUOTED_KEY = re.compile(rf"[\"']{KEY}[\"']\s*:")
_CUT_WORD = re.compile(r"[\w.+-]\s*\Z")


class Containers(Cursor, ABC):
    """Reads what stands in brackets; what stands inside is read by a subclass.

    Attributes:
        slips: notes and faults of objects that stand outside calls, by identity.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.slips: dict[int, tuple[list[str], list[str]]] = {}
        self.inside = 0
        self.opened = ""
        self._objects = 0

    @abstractmethod
    def read_value(self, at: int, place: Place, depth: int) -> tuple[Any, int]:
        """Read the value that starts at an offset."""

    def read_list(self, at: int, closer: str, depth: int) -> tuple[list[Any], int]:
        """Read a list or tuple whose opening bracket stands at an offset."""
        items: list[Any] = []
        at = self.skip(at + 1)
        while True:
            first = self.text[at : at + 1]
            if first == closer:
                return items, at + 1
            if not first or first in ")]}":
                return items, self._end_early(at, closer)
            named = NEXT_NAMED if items else _NAMED
            if self.inside and named.match(self.text, at):
                return items, self._end_early(at, closer)
            called = items[-1] if items and isinstance(items[-1], RawCall) else None
            if self._separates(first, behind_call=called is not None):
                at = self.skip(at + 1)
                continue
            if called is not None and self.goes_on(at):
                self.note_missing(closer)
                return items, called.end
            node, end = self.read_value(at, "list", depth + 1)
            items.append(node)
            at = self.skip(max(end, at + 1))

    def _end_early(self, at: int, closer: str) -> int:
        """End a list or object whose closing bracket is missing or another one."""
        found = self.text[at : at + 1]
        if not found and _CUT_WORD.search(self.text, max(0, at - 64)):
            self.faults.append("the output ends inside a value")
        if found in ")]}" and self.inside and NEXT_NAMED.match(self.text, at + 1):
            self.notes.append(f"read {found} as {closer}")
            return at + 1
        self.note_missing(closer)
        return at

    def _separates(self, mark: str, *, behind_call: bool) -> bool:
        """Whether a mark stands between two values, and note an unusual one."""
        if mark == ",":
            return True
        unusual = mark == ";" or mark == self.opened[-1:]
        if not unusual and not (behind_call and mark in "+-*/&|"):
            return False
        self.notes.append(f"passed over {mark} between two values")
        return True

    def read_object(self, at: int, depth: int) -> tuple[Any, int]:
        """Read a `{...}`; a doubled brace is read as one, a set as a list."""
        if self.inside or self._objects:
            return self._read_braces(at, depth)
        outer = self.notes, self.faults
        self.notes, self.faults = [], []
        self._objects = 1
        node, end = self._read_braces(at, depth)
        if self.notes or self.faults:
            self.slips[id(node)] = self.notes, self.faults
        self.notes, self.faults = outer
        self._objects = 0
        return node, end

    def _read_braces(self, at: int, depth: int) -> tuple[Any, int]:
        inner = self.skip(at + 1)
        if _SET_START.match(self.text, inner):
            self.notes.append("read a set as a list")
            return self.read_list(at, "}", depth)
        if self.text[inner : inner + 1] == "{":
            self.notes.append("read doubled braces as one")
            node, end = self.read_value(inner, "object", depth + 1)
            end = self.skip(end)
            return node, end + 1 if self.text[end : end + 1] == "}" else end
        pairs: dict[str, Any] = {}
        by_colon = False
        at = inner
        while True:
            first = self.text[at : at + 1]
            if first == "}":
                return pairs, at + 1
            if not first or first in ")]":
                return pairs, self._end_early(at, "}")
            if by_colon and self.inside and NEXT_NAMED.match(self.text, at):
                return pairs, self._end_early(at, "}")
            if self._separates(first, behind_call=False):
                at = self.skip(at + 1)
                continue
            end = self._read_pair(at, pairs, depth)
            by_colon = bool(_QUOTED_KEY.match(self.text, at))
            at = self.skip(max(end, at + 1))

    def _read_pair(self, at: int, pairs: dict[str, Any], depth: int) -> int:
        if self.text[at] in "{[(":
            self.faults.append("an object has a key that is not a name")
            return self.read_value(at, "object", depth + 1)[1]
        key, end = self.read_key(at)
        end = self.skip(end)
        if self.text[end : end + 1] not in (":", "="):
            self.faults.append(f"{key[:40]!r} has no value")
            return end
        value, end = self.read_value(self.skip(end + 1), "object", depth + 1)
        if key in pairs and pairs[key] != value:
            self.faults.append(f"{key!r} is given twice with different values")
        pairs[key] = value
        return end
