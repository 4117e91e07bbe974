"""Reads one value or call of model output, tolerantly and in one pass.

The same grammar reads Python's and JSON's literals, calls with arguments, and
the slips of small models in both. It builds nodes and decides nothing about
tools. Depth is bounded; nothing is evaluated but constant arithmetic.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from agentkit.pythonic.strings import Place, read_quoted, unescape
from agentkit.pythonic.syntax import (
    ARGUMENT_HEAD,
    CALL_HEAD,
    CONSTANTS,
    MAX_DEPTH,
    NAME,
    SIMPLE_ARGUMENT,
    SIMPLE_LIST,
    SIMPLE_VALUE,
    SPACE,
    Bare,
    RawCall,
)
from agentkit.pythonic.words import read_words

Known = Callable[[str], str]

_QUOTES = ('"', "'")
_BRACKETS = re.compile(r"[()\[\]{},\n]")
_QUOTED_HEAD = re.compile(rf"(\\?[\"'`])\s*({NAME})(\1)?\s*(?=\()")
_QUOTED_LIST = re.compile(r"([\"'])[\[{]\s*\1(?!\s*(?:[,\])}:]|\Z))")
_ESCAPED_QUOTE = re.compile(r"\\{1,4}[\"']")
_BETWEEN = re.compile(r"\s*(?:,|(\]))\s*")
_STRAY_QUOTE = re.compile(r"[\"'`]\s*[)\]]")
_SET_START = re.compile(
    r"(?:\"[^\"\\\n]*\"|'[^'\\\n]*'|-?\d+(?:\.\d+)?|[^\W\d]\w*)\s*,"
)
_KEY = re.compile(r"[^\s:=,{}\[\]()\"']+")
_NEXT_ARGUMENT = re.compile(r"\s*(?:[^\W\d][\w-]*\s*=(?!=)|\*\*|\))")
_DELIMITER: dict[Place, str] = {
    "argument": ",)",
    "positional": ",)",
    "list": ",]",
    "object": ",}",
    "key": ":=,}",
}
_PREFIXES = ("r", "f", "b", "u", "R", "F", "B", "U")
_CUT = "the output ends before the call does"


class Reader:
    """A tolerant recursive-descent reader over one text.

    Attributes:
        text: what is read.
        known: names the tool that a written name means; for quoted calls.
        notes: repairs so far, for the call being read.
        faults: what cannot be read, for the call being read.
        slips: notes and faults of objects that stand outside calls, by identity.
    """

    def __init__(self, text: str, known: Known | None = None) -> None:
        self.text = text
        self.known = known
        self.notes: list[str] = []
        self.faults: list[str] = []
        self.slips: dict[int, tuple[list[str], list[str]]] = {}
        self._inside = 0
        self._objects = 0
        self._opened = ""
        self._in_quotes = False

    def read_value(self, at: int, place: Place, depth: int) -> tuple[Any, int]:
        """Read the value that starts at an offset.

        Returns:
            The node and the offset behind it.
        """
        quoted = place == "list" and not self._inside and self.known
        if quoted and (found := self._read_quoted_call(at, depth)):
            return found
        simple = SIMPLE_VALUE.match(self.text, at)
        if simple is not None and place in ("list", "object"):
            double, single, whole, real, word = simple.groups()
            if (double is None and single is None) or self._ends(simple.end(), place):
                return _constant(double, single, whole, real, word), simple.end()
        if depth > MAX_DEPTH:
            self.faults.append(f"it is nested deeper than {MAX_DEPTH} levels")
            return None, len(self.text)
        first = self.text[at : at + 1]
        if first == "[":
            plain = SIMPLE_LIST.match(self.text, at)
            if plain is not None and self._inside:
                return _plain_strings(plain), plain.end()
            return self.read_list(at, "]", depth)
        if first == "{":
            return self.read_object(at, depth)
        if first in _QUOTES or (first == "\\" and _ESCAPED_QUOTE.match(self.text, at)):
            return self._read_string(at, place)
        if first in _PREFIXES and self.text[at + 1 : at + 2] in _QUOTES:
            return self._read_prefixed(at, place)
        if first == "(":
            return self._read_parenthesis(at, place, depth)
        return self._read_unquoted(at, place, depth)

    def _read_quoted_call(self, at: int, depth: int) -> tuple[RawCall, int] | None:
        """Read a call that stands in quotes; its own quotes may be unescaped."""
        head = _QUOTED_HEAD.match(self.text, at)
        if head is None or self.known is None or not self.known(head[2]):
            return None
        if depth > MAX_DEPTH:
            return None
        call, end = self.read_call(head[2], head.start(2), head.end() + 1, depth + 1)
        call.notes.append("read a call quoted as a string")
        if head[3]:
            return call, end
        if self.text.startswith(head[1], end):
            return call, end + len(head[1])
        self._opened = head[1]
        return call, end

    def _ends(self, at: int, place: Place) -> bool:
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

    def _read_string(self, at: int, place: Place) -> tuple[Any, int]:
        if not self._in_quotes and _QUOTED_LIST.match(self.text, at):
            self._in_quotes = True
            node, end = self.read_value(at + 1, "list", MAX_DEPTH // 2)
            self._in_quotes = False
            if self.text[end : end + 1] == self.text[at]:
                self.notes.append("read a list in quotes as a list")
                return node, end + 1
        quoted = read_quoted(self.text, at, place)
        if quoted.note:
            self.notes.append(quoted.note)
        if quoted.fault:
            self.faults.append(quoted.fault)
        return quoted.value, quoted.end

    def _read_prefixed(self, at: int, place: Place) -> tuple[Any, int]:
        prefix = self.text[at].lower()
        quoted = read_quoted(self.text, at + 1, place)
        written = self.text[at + 2 : quoted.end - 1]
        if prefix == "b" or (prefix == "f" and "{" in written) or quoted.fault:
            self.faults.append(f"{self.text[at : quoted.end][:40]} is not a plain string")
        self.notes.append(f"read a string with the prefix {self.text[at]}")
        return (written if prefix == "r" else unescape(quoted.value)), quoted.end

    def _read_parenthesis(self, at: int, place: Place, depth: int) -> tuple[Any, int]:
        """Read a tuple, or a value in parentheses; arithmetic stays unquoted."""
        end = self._span_end(at, place)
        words = read_words(self.text[at:end], [])
        if not isinstance(words, Bare):
            return self._read_unquoted(at, place, depth)
        items, end = self.read_list(at, ")", depth)
        if len(items) == 1 and "," not in self.text[at:end]:
            return items[0], end
        self.notes.append("read a tuple as a list")
        return items, end

    def read_list(self, at: int, closer: str, depth: int) -> tuple[list[Any], int]:
        """Read a list or tuple whose opening bracket stands at an offset."""
        items: list[Any] = []
        at = self._skip(at + 1)
        while True:
            first = self.text[at : at + 1]
            if first == closer:
                return items, at + 1
            if not first or first in ")]}":
                self._note_missing(closer, at)
                return items, at
            if first in ",;" or (self._opened and first in self._opened) or (
                first in "+&|" and items and isinstance(items[-1], RawCall)
            ):
                at = self._skip(at + 1)
                continue
            if items and isinstance(items[-1], RawCall) and self._is_prose(at):
                self._note_missing(closer, at)
                return items, items[-1].end
            node, end = self.read_value(at, "list", depth + 1)
            items.append(node)
            at = self._skip(max(end, at + 1))

    def _is_prose(self, at: int) -> bool:
        """Whether words go on behind a call without a comma or another call."""
        before = self.text[:at].rstrip()[-1:] if at < 4096 else self.text[at - 4096 : at].rstrip()[-1:]
        return before not in (",", ";", "+", "&", "|") and self.text[at].isalpha() and (
            CALL_HEAD.match(self.text, at) is None
        )

    def read_object(self, at: int, depth: int) -> tuple[Any, int]:
        """Read a `{...}`; a doubled brace is read as one, a set as a list."""
        if self._inside or self._objects:
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
        inner = self._skip(at + 1)
        if _SET_START.match(self.text, inner):
            self.notes.append("read a set as a list")
            return self.read_list(at, "}", depth)
        if self.text[inner : inner + 1] == "{":
            self.notes.append("read doubled braces as one")
            node, end = self.read_value(inner, "object", depth + 1)
            end = self._skip(end)
            return node, end + 1 if self.text[end : end + 1] == "}" else end
        pairs: dict[str, Any] = {}
        at = inner
        while True:
            first = self.text[at : at + 1]
            if first == "}":
                return pairs, at + 1
            if not first or first in ")]":
                self._note_missing("}", at)
                return pairs, at
            if first in ",;":
                at = self._skip(at + 1)
                continue
            end = self._read_pair(at, pairs, depth)
            at = self._skip(max(end, at + 1))

    def _read_pair(self, at: int, pairs: dict[str, Any], depth: int) -> int:
        if self.text[at] in "{[(":
            self.faults.append("an object has a key that is not a name")
            return self.read_value(at, "object", depth + 1)[1]
        key, end = self._read_key(at, depth)
        end = self._skip(end)
        if self.text[end : end + 1] not in (":", "="):
            self.faults.append(f"{str(key)[:40]!r} has no value")
            return end
        value, end = self.read_value(self._skip(end + 1), "object", depth + 1)
        name = key.text if isinstance(key, Bare) else str(key)
        if name in pairs and pairs[name] != value:
            self.faults.append(f"{name!r} is given twice with different values")
        pairs[name] = value
        return end

    def _read_key(self, at: int, depth: int) -> tuple[Any, int]:
        if self.text[at] in _QUOTES or _ESCAPED_QUOTE.match(self.text, at):
            return self._read_string(at, "key")
        key = _KEY.match(self.text, at)
        if key is None:
            return Bare(self.text[at]), at + 1
        return Bare(key[0]), key.end()

    def read_call(
        self, name: str, start: int, opened: int, depth: int
    ) -> tuple[RawCall, int]:
        """Read the arguments of a call.

        Args:
            name: its name as written.
            start: offset of the name.
            opened: offset behind its opening parenthesis.
            depth: how deep it is nested.
        """
        call = RawCall(name, start=start)
        outer = self.notes, self.faults
        self.notes, self.faults = call.notes, call.faults
        self._inside += 1
        call.end = self._read_arguments(call, opened, depth)
        self.notes, self.faults = outer
        self._inside -= 1
        return call, call.end

    def read_plain_list(self, at: int) -> list[RawCall]:
        """Read a list of calls that is written as it should be and is all there is.

        Returns:
            The calls; none when anything departs from the form.
        """
        calls: list[RawCall] = []
        text = self.text
        while head := CALL_HEAD.match(text, at):
            call, end = self.read_call(head[1], at, head.end(), 2)
            if call.notes or call.faults:
                break
            calls.append(call)
            between = _BETWEEN.match(text, end)
            if between is None:
                break
            if between[1]:
                return calls if between.end() == len(text) else []
            at = between.end()
        return []

    def _read_arguments(self, call: RawCall, at: int, depth: int) -> int:
        """Read arguments up to and with the closing parenthesis."""
        text = self.text
        while True:
            while simple := SIMPLE_ARGUMENT.match(text, at):
                name, double, single, whole, real, word, closer = simple.groups()
                value = _constant(double, single, whole, real, word)
                call.keywords.append((name, value))
                at = simple.end()
                if closer:
                    return at
            at = self._skip(at)
            first = text[at : at + 1]
            if first == ")":
                return at + 1
            if not first:
                call.faults.append(_CUT)
                return at
            if first in "]}" or (first == ";" and call.keywords):
                call.notes.append("added a missing )")
                return at
            if first == ",":
                at += 1
                continue
            at = max(self._read_argument(call, at, depth), at + 1)

    def _read_argument(self, call: RawCall, at: int, depth: int) -> int:
        if self.text.startswith("**", at):
            value, end = self.read_value(self._skip(at + 2), "argument", depth + 1)
            if isinstance(value, dict):
                call.keywords.extend(value.items())  # pyright: ignore
            else:
                call.faults.append("** is not followed by an object")
            return end
        head = ARGUMENT_HEAD.match(self.text, at)
        if head is None:
            place: Place = "argument" if call.keywords else "positional"
            value, end = self.read_value(at, place, depth + 1)
            if call.keywords:
                call.trailing.append((call.keywords[-1][0], value))
            else:
                call.positional.append(value)
            return self._after_value(end, call)
        if head[4] == ":" or head[1] is None:
            call.notes.append(f"read {head[0].strip()} as {head[1] or head[2] or head[3]}=")
        name = head[1] or head[2] or head[3]
        value, end = self.read_value(self._skip(head.end()), "argument", depth + 1)
        call.keywords.append((name, value))
        return self._after_value(end, call)

    def _after_value(self, at: int, call: RawCall) -> int:
        """Say what stands between a value and the next delimiter, and pass it."""
        rest = self._skip(at)
        if self.text[rest : rest + 1] in ("", ",", ")", "]", "}", ";"):
            return rest
        if ARGUMENT_HEAD.match(self.text, rest):
            call.notes.append("added a missing comma")
            return rest
        if _STRAY_QUOTE.match(self.text, rest):
            call.notes.append("passed over a stray quote")
            return rest + 1
        end = self._span_end(rest, "argument")
        call.faults.append(f"{self.text[rest:end][:40]!r} after a value cannot be read")
        return end

    def _read_unquoted(self, at: int, place: Place, depth: int) -> tuple[Any, int]:
        head = CALL_HEAD.match(self.text, at)
        if head is not None:
            call, end = self.read_call(head[1], head.start(), head.end(), depth + 1)
            rest = self._skip(end)
            if self.text[rest : rest + 1] in ("", ",", ")", "]", "}", ";", "\n"):
                return call, end
            if place == "list":
                return call, end
        end = self._span_end(at, place)
        return read_words(self.text[at:end], self.notes), end

    def _span_end(self, at: int, place: Place) -> int:
        """Find the delimiter behind unquoted words; brackets in them must pair."""
        delimiters = _DELIMITER[place]
        depth = 0
        for match in _BRACKETS.finditer(self.text, at):
            found = match[0]
            if found in "([{":
                depth += 1
            elif found in ")]}":
                if depth == 0:
                    return match.start()
                depth -= 1
            elif depth == 0 and found in delimiters:
                if place != "argument" or _NEXT_ARGUMENT.match(self.text, match.end()):
                    return match.start()
        return len(self.text)

    def _skip(self, at: int) -> int:
        space = SPACE.match(self.text, at)
        return space.end() if space else at

    def _note_missing(self, closer: str, at: int) -> None:
        self.notes.append(f"added a missing {closer}")


def _plain_strings(match: re.Match[str]) -> list[str]:
    """Split a list of plain strings of one kind of quote."""
    return match[0].split('"' if match[1] is not None else "'")[1::2]


def _constant(
    double: str | None,
    single: str | None,
    whole: str | None,
    real: str | None,
    word: str | None,
) -> Any:
    """Turn the groups of a simple value into the value."""
    if double is not None:
        return double
    if single is not None:
        return single
    if whole is not None:
        return int(whole)
    return float(real) if real is not None else CONSTANTS[word or ""]

