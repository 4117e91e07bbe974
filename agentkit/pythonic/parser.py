"""Reads the calls in a model's output, whole or in pieces, and leaves the rest as text.

Anchored on the known tools, not on an envelope. Text is data: nothing in it is
evaluated. Only the first answer counts: a model that runs on and makes up the
next question is not followed there. Not covered: more than a million characters
or 256 calls, of which the first are read, and XML with one tag per argument.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from agentkit.messages import ToolCall
from agentkit.pythonic.binding import bind
from agentkit.pythonic.parsed import (
    MAX_CALLS,
    Books,
    CallFault,
    KnownTools,
    ParsedCalls,
    Repair,
)
from agentkit.pythonic.reader import Reader
from agentkit.pythonic.sites import (
    MARKDOWN,
    Site,
    Sites,
    outside,
    unescape_markdown,
    without_controls,
    without_end,
)
from agentkit.pythonic.syntax import (
    CALL_HEAD,
    MAX_SIZE,
    NAME,
    Bare,
    RawCall,
    list_of,
    object_of,
)

_LIST_START = re.compile(r"\s*(?:<\|python_(?:tag|start)\|>\s*)?\[\s*")


def parse_calls(text: str, toolset: KnownTools) -> ParsedCalls:
    """Read the calls in a model's output.

    Args:
        text: what the model wrote.
        toolset: the tools that it may call.

    Returns:
        The calls, the text around them, every repair, and what could not be read.
    """
    if len(text) <= MAX_SIZE:
        return _parse(text, toolset)
    parsed = _parse(text[:MAX_SIZE], toolset)
    fault = CallFault("", f"Only the first {MAX_SIZE} characters were read.")
    return replace(parsed, errors=(*parsed.errors, fault))


def _parse(written: str, tools: KnownTools) -> ParsedCalls:
    text, unescaped = unescape_markdown(without_end(written), tools)
    books = Books(tools, text)
    start = _LIST_START.match(text)
    plain = Reader(text).read_plain_list(start.end()) if start else []
    if plain:
        sites = [Site(0, len(text), plain)]
    else:
        sites = Sites(text, books.find_name).find()
    _bind_all(sites, books)
    errors = tuple(books.errors)
    if not books.calls:
        return ParsedCalls(text=without_controls(written), errors=errors)
    if unescaped:
        books.repairs.insert(0, Repair("", "read markdown's \\_ as _ and \\[ as ["))
    said = "" if plain else outside(text, [(site.start, site.end) for site in sites])
    said = without_controls(said) if said else ""
    return ParsedCalls(tuple(books.calls), said, tuple(books.repairs), errors)


def _bind_all(sites: list[Site], books: Books) -> None:
    for site in sites:
        for raw in site.calls:
            if len(books.errors) > MAX_CALLS:
                return
            index = bind(books, raw)
            if site.result and index >= 0:
                books.results[site.result] = index
        for fault in site.faults:
            tool = site.calls[-1].name
            books.errors.append(CallFault(tool, f"Beside a call of {tool!r}: {fault}."))


_OPENER = re.compile(r"[\[({<`\\]")
_LAST_NAME = re.compile(rf"({NAME})\s*\Z")
_SPOKEN = re.compile(r"[^\s\[\](){},;.*'\"`>-]")
_LONGEST_NAME = 160


class CallStream:
    """Takes a model's output in pieces; passes on text at once, calls when whole.

    What `feed` has passed on is always the beginning of what `close` returns:
    text that may yet turn out to belong to a call is held back, and so is a
    call that needs a repair, because what follows may change how it is read.

    Attributes:
        toolset: the tools that may be called.
    """

    def __init__(self, toolset: KnownTools) -> None:
        self.toolset = toolset
        self._pieces: list[str] = []
        self._size = 0
        self._tail = ""
        self._spoken = False
        self._mode = "text"
        self._books = Books(toolset, "")
        self._next_try = 0

    def feed(self, piece: str) -> tuple[str | ToolCall, ...]:
        """Take the next piece of output.

        Returns:
            The text and the calls that have become certain with it, in order.
        """
        self._pieces.append(piece)
        self._size += len(piece)
        if self._size > MAX_SIZE:
            self._mode = "hold"
        if self._mode == "hold":
            return ()
        self._tail += piece
        if self._mode == "calls":
            return self._pass_calls(piece)
        text = self._pass_text()
        calls = self._pass_calls(piece) if self._mode == "calls" else ()
        return (text, *calls) if text else calls

    def close(self) -> ParsedCalls:
        """End the output and read it whole."""
        return parse_calls("".join(self._pieces), self.toolset)

    def _pass_text(self) -> str:
        """Cut off the text that no call can begin in."""
        opener = self._find_opener()
        if opener is None:
            return self._cut(self._word_start(len(self._tail)))
        if not self._spoken and (start := _LIST_START.match(self._tail)):
            self._mode = "calls"
            self._tail = self._tail[start.end() :]
            return ""
        if self._spoken or not "<|python_".startswith(self._tail.lstrip()[:9]):
            text = self._cut(self._word_start(opener))
            self._mode = "hold"
            return text
        return ""

    def _find_opener(self) -> int | None:
        """Find the first mark that a call may begin at."""
        for match in _OPENER.finditer(self._tail):
            if match[0] != "(":
                return match.start()
            floor = max(0, match.start() - _LONGEST_NAME)
            name = _LAST_NAME.search(self._tail, floor, match.start())
            if name is not None and self._may_call(name[1], name.start()):
                return match.start()
        return None

    def _may_call(self, name: str, start: int) -> bool:
        spoken = self._spoken or _SPOKEN.search(self._tail, 0, start) is not None
        return not spoken or name == "print" or bool(self._books.find_name(name))

    def _word_start(self, end: int) -> int:
        """Find where the last word before an offset begins, with its spaces."""
        floor = max(0, end - _LONGEST_NAME)
        words = self._tail[floor:end].split()
        held = 1
        while held < len(words) and "=" in (words[-held][0], words[-held - 1][-1]):
            held += 1
        at = end
        for word in words[-held:][::-1]:
            at = self._tail.rindex(word, 0, at)
        return len(self._tail[:at].rstrip())

    def _cut(self, end: int) -> str:
        text = self._tail[:end]
        if not self._spoken:
            if _SPOKEN.search(text) is None:
                return ""
            self._spoken = True
            text = text.lstrip()
        self._tail = self._tail[end:]
        return text

    def _pass_calls(self, piece: str) -> tuple[ToolCall, ...]:
        """Read the calls of a list that are whole and need no repair."""
        if ")" not in piece or len(self._tail) < self._next_try:
            return ()
        made = len(self._books.calls)
        while self._mode == "calls" and self._read_next():
            pass
        return tuple(self._books.calls[made:])

    def _read_next(self) -> bool:
        """Read the next call of the list; False when it is not whole yet."""
        head = CALL_HEAD.match(self._tail)
        if MARKDOWN.search(self._tail) or (head and not self._books.find_name(head[1])):
            self._mode = "hold"
        self._next_try = len(self._tail) * 5 // 4
        if head is None or self._mode == "hold":
            return False
        raw, end = Reader(self._tail).read_call(head[1], 0, head.end(), 2)
        rest = self._tail[end:].lstrip()
        if not rest or not _is_clean(raw):
            return False
        self._books.source = self._tail
        if bind(self._books, raw) < 0 or not rest.startswith(","):
            self._mode = "hold"
        self._tail = rest[1:].lstrip()
        self._next_try = 0
        return True


def _is_clean(node: Any) -> bool:
    """Whether a node, with all calls inside it, was read without a repair."""
    if isinstance(node, RawCall):
        inner = (*node.positional, *(value for _, value in node.keywords))
        spoilt = node.notes or node.faults or node.trailing
        return not spoilt and all(_is_clean(value) for value in inner)
    if isinstance(node, Bare):
        return False
    values = list_of(node) or list((object_of(node) or {}).values())
    return all(_is_clean(value) for value in values)
