"""Quoted strings, as the parser reads them: either quote, escapes, no raw newline."""

from __future__ import annotations

from agentkit.grammar.nodes import (
    Chars,
    Literal,
    Node,
    Repeat,
    Span,
    choice,
    sequence,
)
from agentkit.grammar.values import Text

MOST_TEXT = 512
MOST_SLOT = 200
QUOTES = ("'", '"')
_SLOTS = ("when", "duration", "contact", "amount")
_UNWRITTEN: tuple[Span, ...] = ((0x00, 0x1F), (0x7F, 0x9F), (0x2028, 0x2029))
_HEX = Chars(((0x30, 0x39), (0x41, 0x46), (0x61, 0x66)))


def text_node(value: Text) -> Node:
    """Write a string between either quotes; `most` counts characters."""
    least = max(value.least, 1) if value.format in _SLOTS else value.least
    limit = MOST_SLOT if value.format in _SLOTS else MOST_TEXT
    most = max(limit, least) if value.most is None else value.most
    return choice(
        sequence(Literal(quote), Repeat(unit(quote), least, most), Literal(quote))
        for quote in QUOTES
    )


def unit(quote: str) -> Node:
    """Write one character of a string between these quotes."""
    barred = (*_UNWRITTEN, (ord(quote), ord(quote)), (0x5C, 0x5C))
    raw = Chars(tuple(sorted(barred)), negated=True)
    letters = tuple((ord(c), ord(c)) for c in "\"'\\nrt")
    return choice([raw, sequence(Literal("\\"), Chars(letters)), _unicode()])


def _unicode() -> Node:
    r"""Write `\u00e9`: any character of four digits that stands alone."""
    plain = Chars(
        ((0x30, 0x39), (0x41, 0x43), (0x45, 0x46), (0x61, 0x63), (0x65, 0x66))
    )
    below = sequence(Chars(((0x44, 0x44), (0x64, 0x64))), Chars(((0x30, 0x37),)))
    first = choice([sequence(plain, _HEX), below])
    return sequence(Literal("\\u"), first, Repeat(_HEX, 2, 2))


def quoted(text: str, quote: str) -> Literal:
    """Write this very text between these quotes."""
    letters = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\", quote: f"\\{quote}"}
    return Literal(quote + "".join(letters.get(c) or _plain(c) for c in text) + quote)


def _plain(letter: str) -> str:
    code = ord(letter)
    barred = any(first <= code <= last for first, last in _UNWRITTEN)
    return f"\\u{code:04x}" if barred else letter
