"""Strings as they are written in calls: between quotes, escaped, or as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from agentkit.grammar.notation import (
    AnyOf,
    Both,
    Chain,
    Chars,
    Literal,
    Node,
    Repeat,
    Span,
    Unlike,
    choice,
    sequence,
)
from agentkit.grammar.string_patterns import read_pattern, without
from agentkit.grammar.value_types import PATTERNS, SLOTS, TextValue

# Characters where the schema sets no end; a slot is a few words.
MOST_TEXT = 512
MOST_SLOT = 200
QUOTES = ("'", '"')
# Control characters and line separators, which are escaped in a string.
_UNWRITTEN: tuple[Span, ...] = ((0x00, 0x1F), (0x7F, 0x9F), (0x2028, 0x2029))
# llguidance gives up looking for the end of longer ones; more is validated afterwards.
_MOST_COUNTED = 128
# Lines and tabs need no escape where nothing else has one.
_WRITTEN = Chars(
    ((0x00, 0x08), (0x0B, 0x1F), (0x7F, 0x9F), (0x2028, 0x2029)), negated=True
)
_ESCAPES = {"\n": "n", "\r": "r", "\t": "t", "\\": "\\"}
_HEX = Chars(((0x30, 0x39), (0x41, 0x46), (0x61, 0x66)))


def text_node(value: TextValue, quotes: Sequence[str] = QUOTES) -> Node:
    """Write a string between one of these quotes; `most` counts characters."""
    pattern = value.pattern or PATTERNS.get(value.format, "")
    if not pattern:
        return _between(value, quotes)
    content = read_pattern(pattern)
    shaped = choice(
        sequence(Literal(quote), spelt(content, quote), Literal(quote))
        for quote in quotes
    )
    if not value.least and value.most is None:
        return shaped
    # The pattern says what it looks like, the other how long it is.
    return Both(shaped, _between(value, quotes))


def _between(value: TextValue, quotes: Sequence[str]) -> Node:
    """Write any characters, as many as the schema allows."""
    slot = value.format in SLOTS
    least = value.least or int(slot)
    soft = value.most is None
    most = max(MOST_SLOT if slot else MOST_TEXT, least) if soft else value.most
    return choice(
        sequence(mark, Repeat(unit(mark.text, quotes), least, most, soft), mark)
        for mark in map(Literal, quotes)
    )


def plain_text(value: TextValue, barred: Sequence[str], end: str = "") -> Unlike:
    """Write a string as it is, without quotes and without escapes.

    Args:
        value: what it may be.
        barred: texts that would end it.
        end: what follows it; empty for a control token, which is no text.
    """
    most = (
        value.most if value.most is not None and value.most <= _MOST_COUNTED else None
    )
    letters = Repeat(_WRITTEN, min(value.least, _MOST_COUNTED), most)
    pattern = value.pattern or PATTERNS.get(value.format, "")
    if not pattern:
        return Unlike(letters, tuple(barred), end)
    return Unlike(Both(read_pattern(pattern), letters), tuple(barred), end)


def unit(quote: str, quotes: Sequence[str] = QUOTES) -> Node:
    """Write one character of a string between these quotes.

    Args:
        quote: the mark around the string.
        quotes: what may be escaped besides.
    """
    barred = (*_UNWRITTEN, (ord(quote), ord(quote)), (0x5C, 0x5C))
    raw = Chars(tuple(sorted(barred)), negated=True)
    letters = tuple((ord(c), ord(c)) for c in (*sorted(quotes), *"\\nrt"))
    return choice([raw, sequence(Literal("\\"), Chars(letters)), _unicode()])


def _unicode() -> Node:
    r"""Write `\u00e9`: any character of four digits that is not half of a pair."""
    plain = Chars(
        ((0x30, 0x39), (0x41, 0x43), (0x45, 0x46), (0x61, 0x63), (0x65, 0x66))
    )
    # D800 to DFFF are halves of a pair; D000 to D7FF are characters.
    below = sequence(Chars(((0x44, 0x44), (0x64, 0x64))), Chars(((0x30, 0x37),)))
    first = choice([sequence(plain, _HEX), below])
    return sequence(Literal("\\u"), first, Repeat(_HEX, 2, 2))


def spelt(node: Node, quote: str) -> Node:
    """Write a text as it looks between these quotes."""
    match node:
        case Literal():
            return Literal(quoted(node.text, quote).text[1:-1])
        case Chars():
            return _class(node, quote)
        case Chain():
            return sequence(*(spelt(item, quote) for item in node.items))
        case AnyOf():
            return choice(spelt(option, quote) for option in node.options)
        case Repeat():
            return replace(node, item=spelt(node.item, quote))
        case _:
            raise TypeError(node)


def _class(node: Chars, quote: str) -> Node:
    letters = _ESCAPES | {quote: quote}
    special = tuple((ord(letter), ord(letter)) for letter in letters)
    # As they are where they can be, and escaped where they cannot.
    raw = without(node.spans, (*_UNWRITTEN, *special))
    escaped = [
        Literal(f"\\{mark}")
        for letter, mark in letters.items()
        if any(first <= ord(letter) <= last for first, last in node.spans)
    ]
    return choice([*([Chars(raw)] if raw else []), *escaped])


def quoted(text: str, quote: str) -> Literal:
    """Write this very text between these quotes."""
    letters = _ESCAPES | {quote: quote}
    written = "".join(f"\\{letters[c]}" if c in letters else _plain(c) for c in text)
    return Literal(quote + written + quote)


def _plain(letter: str) -> str:
    code = ord(letter)
    barred = any(first <= code <= last for first, last in _UNWRITTEN)
    return f"\\u{code:04x}" if barred else letter
