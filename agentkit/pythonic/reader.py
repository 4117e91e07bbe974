"""Reads one value or call of model output, tolerantly and in one pass.

The same grammar reads Python's and JSON's literals, calls with arguments, and
the slips of small models in both. It builds nodes and decides nothing about
tools. Depth is bounded; nothing is evaluated but constant arithmetic.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from agentkit.pythonic.containers import NEXT_NAMED, Containers
from agentkit.pythonic.strings import Place, read_joined
from agentkit.pythonic.syntax import (
    ARGUMENT_HEAD,
    CALL_HEAD,
    LIST_ARGUMENT,
    MAX_DEPTH,
    NAME,
    SIMPLE_ARGUMENT,
    SIMPLE_LIST,
    SIMPLE_VALUE,
    Bare,
    RawCall,
    constant,
    object_of,
    plain_strings,
    read_words,
)

Known = Callable[[str], str]

# `"f(a=1)"`, and `"f"(a=1)` with the quotes around the name alone.
_QUOTED_HEAD = re.compile(rf"(\\?[\"'`])\s*({NAME})(\1)?\s*(?=\()")
# `"["a", "b"]"`: the second quote opens an item, so the outer ones are not a string's.
_QUOTED_LIST = re.compile(r"([\"'])[\[{]\s*\1(?!\s*(?:[,\])}:]|\Z))")
_BETWEEN = re.compile(r"\s*(?:,|(\]))\s*")
# A quote too many before a bracket: `city=5")`.
_STRAY_QUOTE = re.compile(r"[\"'`]\s*[)\]]")
# Characters of arithmetic in parentheses.
_LONGEST_SUM = 200
_CUT = "the output ends before the call does"


class Reader(Containers):
    """A tolerant recursive-descent reader over one text.

    Attributes:
        known: names the tool that a written name means; for quoted calls.
    """

    def __init__(self, text: str, known: Known | None = None) -> None:
        super().__init__(text)
        self.known = known
        self._in_quotes = False

    def read_value(self, at: int, place: Place, depth: int) -> tuple[Any, int]:
        """Read the value that starts at an offset.

        Returns:
            The node and the offset behind it.
        """
        quoted = place == "list" and not self.inside and self.known
        if quoted and (found := self._read_quoted_call(at, depth)):
            return found
        simple = SIMPLE_VALUE.match(self.text, at)
        if simple is not None and place in ("list", "object"):
            quotes = simple[1] is not None or simple[2] is not None
            # A comma behind a quote may be part of what is said.
            if not quotes or self.ends(simple.end(), place):
                return constant(*simple.groups()), simple.end()
        if depth > MAX_DEPTH:
            self.faults.append(f"it is nested deeper than {MAX_DEPTH} levels")
            return None, len(self.text)
        return self._read_by_first(at, place, depth)

    def _read_by_first(self, at: int, place: Place, depth: int) -> tuple[Any, int]:
        """Read the value that a first character announces."""
        first = self.text[at : at + 1]
        if first == "[":
            plain = SIMPLE_LIST.match(self.text, at) if self.inside else None
            if plain is not None:
                return plain_strings(plain[1], plain[2]), plain.end()
            return self.read_list(at, "]", depth)
        if first == "{":
            return self.read_object(at, depth)
        if self.opens_string(at):
            return self._read_string(at, place)
        if self.opens_prefixed(at):
            return self.read_prefixed(at, place)
        if first == "(":
            return self._read_parenthesis(at, place, depth)
        return self._read_unquoted(at, place, depth)

    def _read_quoted_call(self, at: int, depth: int) -> tuple[RawCall, int] | None:
        """Read a call in quotes; the quotes inside it may be unescaped."""
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
        self.opened = head[1]
        return call, end

    def _read_string(self, at: int, place: Place) -> tuple[Any, int]:
        # Once only: a list in quotes inside a list in quotes would be read over and
        # over.
        if not self._in_quotes and _QUOTED_LIST.match(self.text, at):
            self._in_quotes = True
            node, end = self.read_value(at + 1, "list", MAX_DEPTH // 2)
            self._in_quotes = False
            if self.text[end : end + 1] == self.text[at]:
                self.notes.append("read a list in quotes as a list")
                return node, end + 1
        return self.read_string(at, place)

    def _read_parenthesis(self, at: int, place: Place, depth: int) -> tuple[Any, int]:
        """Read a tuple, or a value in parentheses; arithmetic stays unquoted."""
        if joined := read_joined(self.text, at):
            self.notes.append(joined.note)
            return joined.value, joined.end
        end = self.span_end(at, place, within=_LONGEST_SUM)
        words = read_words(self.text[at:end], [])
        if not isinstance(words, Bare):
            return self._read_unquoted(at, place, depth)
        items, end = self.read_list(at, ")", depth)
        # `(1)` is 1 and `(1,)` a tuple, as in Python.
        if len(items) == 1 and "," not in self.text[at:end]:
            return items[0], end
        self.notes.append("read a tuple as a list")
        return items, end

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
        self.inside += 1
        call.end = self._read_arguments(call, opened, depth)
        self.notes, self.faults = outer
        self.inside -= 1
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
            at, closed = self._read_plain_arguments(call, at)
            if closed:
                return at
            at = self.skip(at)
            first = text[at : at + 1]
            if first == ")":
                return at + 1
            if not first:
                call.faults.append(_CUT)
                return at
            # `a=1], b=2`: a bracket too many, and the call goes on.
            stray = first in "]}" and NEXT_NAMED.match(text, at + 1)
            if stray or NEXT_NAMED.match(text, at):
                at = self._pass_over(call, at)
                continue
            if first in "]}" or (first == ";" and call.keywords):
                call.notes.append("added a missing )")
                return at
            if first == ",":
                at += 1
                continue
            # `[f(a=1, g(b=2)]`: the first call was not closed.
            if call.keywords and self._opens_next(at):
                call.notes.append("added a missing )")
                return at
            at = max(self._read_argument(call, at, depth), at + 1)

    def _opens_next(self, at: int) -> bool:
        """Whether another call begins where an argument should be."""
        head = CALL_HEAD.match(self.text, at)
        return head is not None and bool(self.known and self.known(head[1]))

    def _pass_over(self, call: RawCall, at: int) -> int:
        """Pass the comma, or another mark, before a named argument."""
        mark = self.text[at]
        # The bracket that was added may have been this one: which value it ends is
        # unclear.
        if mark in "]}" and "added a missing ]" in call.notes:
            call.faults.append("its brackets do not pair")
        if mark != ",":
            call.notes.append(f"passed over {mark} before an argument")
        return at + 1

    def _read_plain_arguments(self, call: RawCall, at: int) -> tuple[int, bool]:
        """Read arguments that need no second look.

        Returns:
            The offset behind them, and whether the call ended there.
        """
        text = self.text
        while True:
            if found := SIMPLE_ARGUMENT.match(text, at):
                name, double, single, whole, real, word, closer = found.groups()
                value: Any = double
                if double is None:
                    value = constant(double, single, whole, real, word)
            elif found := LIST_ARGUMENT.match(text, at):
                name, double, single, closer = found.groups()
                value = plain_strings(double, single)
            else:
                return at, False
            call.keywords.append((name, value))
            at = found.end()
            if closer:
                return at, True

    def _read_argument(self, call: RawCall, at: int, depth: int) -> int:
        if self.text.startswith("**", at):
            value, end = self.read_value(self.skip(at + 2), "argument", depth + 1)
            pairs = object_of(value)
            call.keywords.extend((pairs or {}).items())
            if isinstance(value, Bare):
                # A variable, whose value may be known.
                call.keywords.append(("**", value))
            elif pairs is None:
                call.faults.append("** is not followed by an object")
            return end
        head = ARGUMENT_HEAD.match(self.text, at)
        if head is None:
            # Behind a name, a comma in unquoted words is part of them.
            place: Place = "argument" if call.keywords else "positional"
            value, end = self.read_value(at, place, depth + 1)
            if call.keywords:
                call.trailing.append((call.keywords[-1][0], value))
            else:
                call.positional.append(value)
            return self._after_value(end, call)
        if head[4] == ":" or head[1] is None:
            call.notes.append(
                f"read {head[0].strip()} as {head[1] or head[2] or head[3]}="
            )
        name = head[1] or head[2] or head[3]
        value, end = self.read_value(self.skip(head.end()), "argument", depth + 1)
        call.keywords.append((name, value))
        return self._after_value(end, call)

    def _after_value(self, at: int, call: RawCall) -> int:
        """Pass what is between a value and the next delimiter, and note it."""
        rest = self.skip(at)
        if self.text[rest : rest + 1] in ("", ",", ")", "]", "}", ";"):
            return rest
        if ARGUMENT_HEAD.match(self.text, rest):
            call.notes.append("added a missing comma")
            return rest
        if _STRAY_QUOTE.match(self.text, rest):
            call.notes.append("passed over a stray quote")
            return rest + 1
        end = self.span_end(rest, "argument")
        call.faults.append(f"{self.text[rest:end][:40]!r} after a value cannot be read")
        return end

    def _read_unquoted(self, at: int, place: Place, depth: int) -> tuple[Any, int]:
        head = CALL_HEAD.match(self.text, at)
        if head is not None:
            call, end = self.read_call(head[1], head.start(), head.end(), depth + 1)
            call.words = self.text[at:end]
            # `dict(a=1)` is Python for an object.
            if self.inside and head[1] == "dict" and not call.positional:
                self.notes.extend((*call.notes, "read dict() as an object"))
                self.faults.extend(call.faults)
                return dict(call.keywords), end
            rest = self.skip(end)
            if self.text[rest : rest + 1] in ("", ",", ")", "]", "}", ";", "\n"):
                return call, end
            if place == "list":
                return call, end
        end = self.words_end(at, place)
        return read_words(self.text[at:end], self.notes), end
