"""A model's output in pieces: text is passed on at once, calls as soon as they are whole."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from agentkit.messages import ToolCall
from agentkit.pythonic.binding import bind
from agentkit.pythonic.dress import MARKDOWN, in_sentence, is_spoken, without_controls
from agentkit.pythonic.openers import OpenerJudge
from agentkit.pythonic.parsed import Books, KnownTools, ParsedCalls
from agentkit.pythonic.parser import LIST_START, parse_calls
from agentkit.pythonic.reader import Reader
from agentkit.pythonic.syntax import (
    CALL_HEAD,
    MAX_SIZE,
    Bare,
    RawCall,
    list_of,
    object_of,
)

_LONGEST_NAME = 160
# Characters of the line that is passed on already: what stands in front of a mark.
_LINE = 400
# A control token, or what may become one.
_CONTROL = re.compile(
    r"<(?:\|(?:[^<>\s]*>)?|/?(?:[tf][a-z_]*)?>?\Z|/?(?:tool|function)[a-z_]*>)"
    r"|\[(?:/?(?:T[A-Z_]*)?\Z|/?TOOL_CALLS\])"
)


class CallStream:
    """Takes a model's output in pieces; passes on text at once, calls when whole.

    What `feed` has passed on is always the beginning of what `close` returns: text that
    may yet turn out to belong to a call is held back, and so is a call that needs a
    repair, because what follows may change how it is read.

    Attributes:
        toolset: the tools that may be called.
        is_native: calls travel beside the text. They are looked for all the same, as
            servers pass some on in the text; but behind its first word none is waited
            for.
    """

    def __init__(self, toolset: KnownTools, *, is_native: bool = False) -> None:
        self.toolset = toolset
        self.is_native = is_native
        self._has_tools = any(True for _ in toolset)
        self._pieces: list[str] = []
        self._size = 0
        self._line: str = ""
        self._tail: str = ""
        self._spoken = False
        self._mode = "text"
        self._books = Books(toolset, "")
        self._judge = OpenerJudge(self._books.find_name)
        self._judged: int = 0
        self._next_try: int = 0

    def feed(self, piece: str) -> tuple[str | ToolCall, ...]:
        """Take the next piece of output.

        Returns:
            The text and the calls that have become certain with it, in order.
        """
        self._pieces.append(piece)
        self._size += len(piece)
        # What is longer is read by `close` alone: the parser takes its beginning only.
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
        written = "".join(self._pieces)
        parsed = parse_calls(written, self.toolset)
        if self._is_free and parsed.calls:
            # All of it was passed on, calls included.
            return replace(parsed, text=without_controls(written, has_calls=False))
        return parsed

    @property
    def _is_free(self) -> bool:
        """Whether no call is waited for."""
        return not self._has_tools or (self.is_native and self._spoken)

    def _pass_text(self) -> str:
        """Cut off the text that no call can begin in."""
        if self._is_free:
            return self._pass_free()
        # An answer that begins with a list of calls is nothing but calls, mostly.
        start = LIST_START.match(self._tail) if not self._spoken else None
        head = CALL_HEAD.match(self._tail, start.end()) if start else None
        if start and head and self._books.find_name(head[1]):
            self._mode = "calls"
            self._tail = self._tail[start.end() :]
            return ""
        held = self._held_from()
        if held is not None and self._tail[held] in "[<`":
            return self._cut(len(self._tail[:held].rstrip()))
        # The last word may be the name of a call, or of what it is assigned to.
        return self._cut(self._word_start(len(self._tail) if held is None else held))

    def _pass_free(self) -> str:
        """Pass on all but control tokens, and spaces that may be the last."""
        text, offset = self._line + self._tail, len(self._line)
        controls = _CONTROL.finditer(text, offset)
        control = next((one for one in controls if not in_sentence(text, one)), None)
        end = control.start() - offset if control else len(self._tail)
        return self._cut(len(self._tail[:end].rstrip()))

    def _held_from(self) -> int | None:
        """Find the first mark that a call may still begin at."""
        if len(self._tail) < self._next_try:
            return self._judged
        text, offset = self._line + self._tail, len(self._line)
        for place in self._judge.marks(text, offset + self._judged):
            if self._judge.may_call(text, place):
                self._judged = place - offset
                # What is long is not looked at anew with every letter.
                self._next_try = (
                    self._judged + (len(self._tail) - self._judged) * 9 // 8
                )
                return self._judged
        self._judged, self._next_try = len(self._tail), 0
        return None

    def _word_start(self, end: int) -> int:
        """Find where the last word before an offset begins, with its spaces."""
        floor = max(0, end - _LONGEST_NAME)
        words = self._tail[floor:end].split()
        held = 1
        # "x = f" and "x =f" are held together: the result may get a name.
        while held < len(words) and "=" in (words[-held][0], words[-held - 1][-1]):
            held += 1
        at = end
        for word in words[-held:][::-1]:
            at = self._tail.rindex(word, 0, at)
        return len(self._tail[:at].rstrip())

    def _cut(self, end: int) -> str:
        text = self._tail[:end]
        if not self._spoken:
            # Marks alone may be the dress of a call, where one may come.
            if not (is_spoken(text) if self._has_tools else text.strip()):
                return ""
            self._spoken = True
            text = text.lstrip()
        # The line so far: what is in front of a mark decides whether a call may begin
        # there.
        self._line = (self._line + self._tail[:end])[-_LINE:].rpartition("\n")[2]
        self._tail = self._tail[end:]
        self._judged = max(0, self._judged - end)
        self._next_try = max(0, self._next_try - end)
        return text

    def _pass_calls(self, piece: str) -> tuple[ToolCall, ...]:
        """Read the calls of a list that are whole and need no repair."""
        # No call is whole without it.
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
        # A long argument is read anew only when it has grown by a quarter.
        self._next_try = len(self._tail) * 5 // 4
        if head is None or self._mode == "hold":
            return False
        raw, end = Reader(self._tail).read_call(head[1], 0, head.end(), 2)
        rest = self._tail[end:].lstrip()
        # What follows may still change how an odd call is read.
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
