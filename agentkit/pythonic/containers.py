"""Lists, tuples and objects read at a place in the text, slips of small models included."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import Any

from agentkit.pythonic.strings import Place, read_quoted, unescape
from agentkit.pythonic.syntax import CALL_HEAD, KEY, MAX_SIZE, SPACE, RawCall

_BRACKETS = re.compile(r"[()\[\]{},\n]")
# Once or twice escaped, as in JSON inside JSON.
_ESCAPED_QUOTE = re.compile(r"\\{1,4}[\"']")
_KEY = re.compile(r"[^\s:=,{}\[\]()\"']+")
# Behind the comma that ends unquoted words: "Paris, France" has a comma of its own.
_NEXT_ARGUMENT = re.compile(r"\s*(?:[^\W\d][\w-]*\s*=(?!=)|\*\*|\))")
# `city=New York days=3`: a name without a comma before it.
_SPACED_NAME = re.compile(rf"(?<=[\w.])\s+{KEY}=(?=[^\s=])")
# What ends unquoted words, by where they are.
_DELIMITER: dict[Place, str] = {
    "argument": ",)",
    "positional": ",)",
    "list": ",]",
    "object": ",}",
    "key": ":=,}",
}
_LONGEST_WORDS = 400
_PLUS = re.compile(r"\s*\+\s*")
# Python's prefixes of strings.
_PREFIXES = "rfbuRFBU"
_SEPARATORS = (",", ";", "+", "-", "*", "/", "&", "|")


class Cursor:
    """Reads the parts of a text that hold no other parts.

    Attributes:
        text: what is read.
        notes: repairs so far, for the call being read.
        faults: what cannot be read, for the call being read.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.notes: list[str] = []
        self.faults: list[str] = []

    def skip(self, at: int) -> int:
        """Pass spaces and comments."""
        space = SPACE.match(self.text, at)
        return space.end() if space else at

    def note_missing(self, closer: str) -> None:
        """Note a bracket that was not written."""
        self.notes.append(f"added a missing {closer}")

    def opens_string(self, at: int) -> bool:
        """Whether a quote, plain or escaped, is at an offset."""
        first = self.text[at : at + 1]
        if first == "\\":
            return _ESCAPED_QUOTE.match(self.text, at) is not None
        return first in ("'", '"')

    def opens_prefixed(self, at: int) -> bool:
        """Whether a string with a prefix such as r or f begins at an offset."""
        first, second = self.text[at : at + 1], self.text[at + 1 : at + 2]
        return first != "" and first in _PREFIXES and second in ("'", '"')

    def read_string(self, at: int, place: Place) -> tuple[str, int]:
        """Read a string, with those joined to it, and note what was repaired."""
        quoted = read_quoted(self.text, at, place)
        if quoted.note:
            self.notes.append(quoted.note)
        if quoted.fault:
            self.faults.append(quoted.fault)
        value, end = quoted.value, quoted.end
        # Elsewhere `+` may be a slip for a comma.
        while place in ("argument", "positional"):
            plus = _PLUS.match(self.text, end)
            if plus is None or not self.opens_string(plus.end()):
                break
            quoted = read_quoted(self.text, plus.end(), place)
            self.notes.append("joined two strings")
            self.faults.extend(filter(None, (quoted.fault,)))
            value, end = value + quoted.value, quoted.end
        return value, end

    def read_prefixed(self, at: int, place: Place) -> tuple[str, int]:
        """Read a string with a prefix; bytes and templates cannot be read."""
        prefix = self.text[at].lower()
        quoted = read_quoted(self.text, at + 1, place)
        written = self.text[at + 2 : quoted.end - 1]
        # An f-string without braces is a plain string.
        if prefix == "b" or (prefix == "f" and "{" in written) or quoted.fault:
            self.faults.append(
                f"{self.text[at : quoted.end][:40]} is not a plain string"
            )
        self.notes.append(f"read a string with the prefix {self.text[at]}")
        return (written if prefix == "r" else unescape(quoted.value)), quoted.end

    def read_key(self, at: int) -> tuple[str, int]:
        """Read the key of an object, quoted or not."""
        if self.opens_string(at):
            return self.read_string(at, "key")
        key = _KEY.match(self.text, at)
        if key is None:
            return self.text[at], at + 1
        return key[0], key.end()

    def ends(self, at: int, place: Place) -> bool:
        """Whether a quote before an offset ends a value, commas being checked."""
        after = SPACE.match(self.text, at)
        rest = after.end() if after else at
        if self.text[rest : rest + 1] != ",":
            return True
        following = SPACE.match(self.text, rest + 1)
        first = self.text[following.end() if following else rest + 1 :][:1]
        return first in ("", "]", "}", '"', "'", "[", "{") or (
            place == "list" and (first.isdigit() or first == "-")
        )

    def goes_on(self, at: int) -> bool:
        """Whether words go on behind a call without a comma or another call."""
        # Bounded, since a long run of spaces would be copied for every call.
        before = self.text[max(0, at - 4096) : at].rstrip()[-1:]
        if before in _SEPARATORS or not self.text[at].isalpha():
            return False
        return CALL_HEAD.match(self.text, at) is None

    def span_end(self, at: int, place: Place, within: int = MAX_SIZE) -> int:
        """Find the delimiter behind unquoted words; brackets in them must pair.

        Args:
            at: offset of the first word.
            place: where the words are.
            within: how many characters to look at.
        """
        limit = min(len(self.text), at + within)
        delimiters = _DELIMITER[place]
        depth = 0
        for match in _BRACKETS.finditer(self.text, at, limit):
            found = match[0]
            if found in "([{":
                depth += 1
            elif found in ")]}":
                if depth == 0:
                    return match.start()
                depth -= 1
            elif depth == 0 and found in delimiters:
                named = place == "argument"
                if not named or _NEXT_ARGUMENT.match(self.text, match.end()):
                    return match.start()
        return limit

    def words_end(self, at: int, place: Place) -> int:
        """Find where unquoted words end; an argument ends where a name follows."""
        follows = None
        if place == "argument":
            follows = _SPACED_NAME.search(self.text, at, at + _LONGEST_WORDS)
        within = follows.start() - at if follows else MAX_SIZE
        return self.span_end(at, place, within)


# `{1, 2}`, `{"a", "b"}`: a value and a comma, where an object has a colon.
_SET_START = re.compile(
    r"(?:\"[^\"\\\n]*\"|'[^'\\\n]*'|-?\d+(?:\.\d+)?|[^\W\d]\w*)\s*,"
)
# A comma and the next named argument: what is open before it was not closed.
NEXT_NAMED = re.compile(rf"\s*[,;]\s*{KEY}\s*=(?!=)")
_NAMED = re.compile(rf"{KEY}\s*=(?!=)")
_QUOTED_KEY = re.compile(rf"[\"']{KEY}[\"']\s*:")
# The output ends in a word or number, of which more may have been coming.
_CUT_WORD = re.compile(r"[\w.+-]\s*\Z")


class Containers(Cursor, ABC):
    """Reads lists and objects; a subclass reads the values in them.

    Attributes:
        slips: notes and faults of objects outside calls, by identity.
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
        """Read a list or tuple whose opening bracket is at an offset."""
        items: list[Any] = []
        at = self.skip(at + 1)
        while True:
            first = self.text[at : at + 1]
            if first == closer:
                return items, at + 1
            if not first or first in ")]}":
                return items, self._end_early(at, closer)
            named = NEXT_NAMED if items else _NAMED
            # `f(a=[1, 2, b=3)`: a name cannot be an item.
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
        # `[1, 2), b=3`: the wrong bracket, in the right place.
        if found in ")]}" and self.inside and NEXT_NAMED.match(self.text, at + 1):
            self.notes.append(f"read {found} as {closer}")
            return at + 1
        self.note_missing(closer)
        return at

    def _separates(self, mark: str, *, behind_call: bool) -> bool:
        """Whether a mark separates two values; note an unusual one."""
        if mark == ",":
            return True
        # The quote of a call in quotes may be written again between its values.
        unusual = mark == ";" or mark == self.opened[-1:]
        if not unusual and not (behind_call and mark in "+-*/&|"):
            return False
        self.notes.append(f"passed over {mark} between two values")
        return True

    def read_object(self, at: int, depth: int) -> tuple[Any, int]:
        """Read a `{...}`; a doubled brace is read as one, a set as a list."""
        # Only the outermost object has a place in `slips`.
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
            if pairs and first in ",;" and self._object_follows(at):
                return pairs, self._end_early(at, "}")
            if self._separates(first, behind_call=False):
                at = self.skip(at + 1)
                continue
            end = self._read_pair(at, pairs, depth)
            by_colon = bool(_QUOTED_KEY.match(self.text, at))
            at = self.skip(max(end, at + 1))

    def _object_follows(self, at: int) -> bool:
        """Whether another object follows a mark: this one lacks its bracket."""
        following = self.skip(at + 1)
        return self.text[following : following + 1] == "{"

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
