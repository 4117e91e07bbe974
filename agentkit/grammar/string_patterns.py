r"""Reads a schema's `pattern` as parts of a grammar.

Read are literals, classes, groups, alternatives, counts, `\d \w \s`, and anchors
at the ends. Not read are looks ahead and behind, back references, word borders,
flags and Unicode properties. What is read never allows more than the pattern does;
`\d` and `\w` are ASCII's.
"""

from __future__ import annotations

import re
from functools import lru_cache

from agentkit.grammar.notation import Chars, Node, Repeat, Span, choice, sequence

# The last code point of Unicode; surrogates stand for no character.
_LAST = 0x10FFFF
_SURROGATES = (0xD800, 0xDFFF)
# Characters of `*` and `+`, which set no end; fewer where repeats are nested.
_MOST = 512
_MOST_INSIDE = 64
_MOST_AROUND = 64
_COUNT = re.compile(r"\{(\d+)(,(\d*))?\}")
_SPACES = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000"
_CONTROLS = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13, "0": 0}
_CODE = re.compile(r"x([0-9a-fA-F]{2})|x\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})")

Spans = tuple[Span, ...]


class UnreadablePatternError(Exception):
    """A pattern has something that is not read here."""


def merged(spans: Spans) -> Spans:
    """Join ranges that touch, in order."""
    joined: list[Span] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = joined[-1][0], max(last, joined[-1][1])
        else:
            joined.append((first, last))
    return tuple(joined)


def without(spans: Spans, barred: Spans) -> Spans:
    """Take ranges out of others."""
    left: list[Span] = []
    for first, last in merged(spans):
        for low, high in merged(barred):
            if high < first or low > last:
                continue
            if low > first:
                left.append((first, low - 1))
            first = high + 1
        if first <= last:
            left.append((first, last))
    return tuple(left)


_ASCII: Spans = ((0x20, 0x7E),)
ANY: Spans = without(((0, _LAST),), (_SURROGATES,))
_LINE: Spans = without(ANY, ((10, 10), (13, 13)))
_DIGITS: Spans = ((0x30, 0x39),)
_WORD: Spans = ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
_SPACE: Spans = (*((ord(c), ord(c)) for c in _SPACES), (0x2000, 0x200A))
# What is no letter or digit in Unicode is not known here: ASCII's are.
_CLASSES: dict[str, Spans] = {
    "d": _DIGITS,
    "D": without(_ASCII, _DIGITS),
    "w": _WORD,
    "W": without(_ASCII, _WORD),
    "s": ((9, 10), (13, 13), (0x20, 0x20)),
    "S": without(ANY, _SPACE),
}
# What must be taken out so that a negated class never allows too much.
_WIDE: dict[str, Spans] = {
    "d": (*_DIGITS, (0x80, _LAST)),
    "w": (*_WORD, (0x80, _LAST)),
    "s": _SPACE,
    "D": without(ANY, _DIGITS),
    "W": without(ANY, _WORD),
    "S": without(ANY, ((9, 10), (13, 13), (0x20, 0x20))),
}


@lru_cache(maxsize=512)
def read_pattern(pattern: str) -> Node:
    """Read a pattern that must match somewhere in a text.

    Returns:
        What the whole text may be.

    Raises:
        UnreadablePatternError: it has something that is not read here.
    """
    return _Pattern(pattern).whole()


class _Pattern:
    """The reading of one pattern."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0

    def whole(self) -> Node:
        options = [self._anchored()]
        while self._take("|"):
            options.append(self._anchored())
        if self._at < len(self._text):
            raise UnreadablePatternError(self._text)
        return choice(options)

    def _anchored(self) -> Node:
        """Read one of the outermost alternatives; without an anchor, any text may follow."""
        # A pattern matches anywhere in a text, unless its anchors say more.
        around = Repeat(Chars(_LINE), 0, _MOST_AROUND, soft=True)
        start = self._take("^")
        body = self._series()
        end = self._take("$")
        parts = [*([] if start else [around]), body, *([] if end else [around])]
        return sequence(*parts)

    def _alternatives(self) -> Node:
        options = [self._series()]
        while self._take("|"):
            options.append(self._series())
        return choice(options)

    def _series(self) -> Node:
        parts: list[Node] = []
        while self._at < len(self._text) and self._text[self._at] not in "|)$":
            parts.append(self._counted(self._one()))
        return sequence(*parts)

    def _one(self) -> Node:
        letter = self._next()
        if letter == "(":
            return self._group()
        if letter == "[":
            return _chars(self._class())
        if letter == ".":
            return Chars(_LINE)
        if letter == "\\":
            return _chars(self._escape(_CLASSES))
        # An anchor in the middle matches nowhere; a count needs something to count.
        if letter in "^*+?{":
            raise UnreadablePatternError(self._text)
        return _chars(((ord(letter), ord(letter)),))

    def _group(self) -> Node:
        if self._take("?"):
            name = re.compile(r":|P?<[A-Za-z]\w*>").match(self._text, self._at)
            if name is None:
                raise UnreadablePatternError(self._text)
            self._at = name.end()
        self._depth += 1
        # People nest three deep; a deeper one is a text that was made to break readers.
        if self._depth > 20:
            raise UnreadablePatternError(self._text)
        node = self._alternatives()
        self._depth -= 1
        if not self._take(")"):
            raise UnreadablePatternError(self._text)
        return node

    def _counted(self, node: Node) -> Node:
        least, most = self._count()
        if (least, most) == (1, 1):
            return node
        # Lazy or greedy makes no difference to what may be written; possessive does.
        self._take("?")
        if self._take("+") or self._take("*"):
            raise UnreadablePatternError(self._text)
        soft = most is None
        if most is None:
            most = max(least, _MOST_INSIDE if self._depth else _MOST)
        return Repeat(node, least, most, soft)

    def _count(self) -> tuple[int, int | None]:
        if self._take("*"):
            return 0, None
        if self._take("+"):
            return 1, None
        if self._take("?"):
            return 0, 1
        count = _COUNT.match(self._text, self._at)
        if count is None:
            return 1, 1
        self._at = count.end()
        least = int(count[1])
        if count[2] is None:
            return least, least
        return least, int(count[3]) if count[3] else None

    def _class(self) -> Spans:
        negated = self._take("^")
        # Taken out must be all that the class may mean, in Unicode too; let in, only
        # what it surely means.
        table = _WIDE if negated else _CLASSES
        spans: list[Span] = []
        first = True
        while first or self._peek() != "]":
            first = False
            # Nested classes and intersections of other dialects.
            if self._peek() == "[" or self._text.startswith("&&", self._at):
                raise UnreadablePatternError(self._text)
            spans.extend(self._range(table))
        self._at += 1
        found = merged(tuple(spans))
        return without(ANY, found) if negated else found

    def _range(self, table: dict[str, Spans]) -> Spans:
        low = self._member(table)
        dash = self._text.startswith("-", self._at)
        if not dash or self._text.startswith("-]", self._at):
            return low
        self._at += 1
        high = self._member(table)
        single = len(low) == len(high) == 1
        if not single or low[0][0] != low[0][1] or high[0][1] < low[0][0]:
            raise UnreadablePatternError(self._text)
        return ((low[0][0], high[0][1]),)

    def _member(self, table: dict[str, Spans]) -> Spans:
        letter = self._next()
        return self._escape(table) if letter == "\\" else ((ord(letter), ord(letter)),)

    def _escape(self, table: dict[str, Spans]) -> Spans:
        code = _CODE.match(self._text, self._at)
        if code is not None:
            self._at = code.end()
            point = int(code[1] or code[2] or code[3], 16)
            if point > _LAST:
                raise UnreadablePatternError(self._text)
            return ((point, point),)
        letter = self._next()
        if letter in table:
            return table[letter]
        if letter in _CONTROLS:
            return ((_CONTROLS[letter], _CONTROLS[letter]),)
        # `\b`, `\p`, `\1`: a letter that is not known here means something.
        if letter.isalnum():
            raise UnreadablePatternError(self._text)
        return ((ord(letter), ord(letter)),)

    def _peek(self) -> str:
        if self._at >= len(self._text):
            raise UnreadablePatternError(self._text)
        return self._text[self._at]

    def _next(self) -> str:
        letter = self._peek()
        self._at += 1
        return letter

    def _take(self, mark: str) -> bool:
        taken = self._text.startswith(mark, self._at)
        self._at += len(mark) * taken
        return taken


def _chars(spans: Spans) -> Chars:
    """Keep what can be written in a string."""
    unwritten: Spans = ((0x00, 0x08), (0x0B, 0x0C), (0x0E, 0x1F), (0x7F, 0x9F))
    kept = without(spans, (*unwritten, _SURROGATES, (0x2028, 0x2029)))
    if not kept:
        raise UnreadablePatternError
    return Chars(kept)
