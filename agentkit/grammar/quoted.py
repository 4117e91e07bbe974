"""Quoted strings, as the parser reads them, and JSON Schema's formats as patterns.

They allow no more than the format does, but for `email` and `uri`, which only look
right. A slot type's format, such as `when`, is text in words.
"""

from __future__ import annotations

from dataclasses import replace

from agentkit.grammar.nodes import (
    Both,
    Chars,
    Choice,
    Literal,
    Node,
    Repeat,
    Sequence,
    Span,
    choice,
    sequence,
)
from agentkit.grammar.patterns import read_pattern, without
from agentkit.grammar.value_types import Text

SLOTS = ("when", "duration", "contact", "amount", "recurrence")
"""Formats of slot types: any words; their own validators read them."""

PARTLY = ("email", "idn-email", "uri", "url", "hostname", "duration")
"""Formats whose patterns, or words, allow more than the format does."""

_YEAR = r"[1-9]\d{3}"
_DAYS = (
    r"(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])"
    r"|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))"
)
_DATE = rf"{_YEAR}-{_DAYS}"
_TIME = (
    r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?"
    r"(?:Z|[+\-](?:0\d|1[0-3]):[0-5]\d)?"
)
_BYTE = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_LABEL = r"[a-z0-9](?:[a-z0-9\-]{0,30}[a-z0-9])?"
_HOST = rf"{_LABEL}(?:\.{_LABEL}){{0,4}}\.[a-z]{{2,12}}"
_EMAIL = rf"[A-Za-z0-9_%+]{{1,24}}(?:[.\-][A-Za-z0-9_%+]{{1,24}}){{0,3}}@{_HOST}"
_URI = rf"https?://{_HOST}(?::[1-9]\d{{0,3}})?(?:/[A-Za-z0-9._~\-/?&=%+#]{{0,200}})?"

PATTERNS = {
    "date": rf"^{_DATE}$",
    "time": rf"^{_TIME}$",
    "date-time": rf"^{_DATE}T{_TIME}$",
    "uuid": r"^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
    "ipv4": rf"^{_BYTE}(?:\.{_BYTE}){{3}}$",
    "ipv6": r"^[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){7}$",
    "hostname": rf"^{_HOST}$",
    "email": rf"^{_EMAIL}$",
    "idn-email": rf"^{_EMAIL}$",
    "uri": rf"^{_URI}$",
    "url": rf"^{_URI}$",
}


MOST_TEXT = 512
MOST_SLOT = 200
QUOTES = ("'", '"')
_UNWRITTEN: tuple[Span, ...] = ((0x00, 0x1F), (0x7F, 0x9F), (0x2028, 0x2029))
_ESCAPES = {"\n": "n", "\r": "r", "\t": "t", "\\": "\\"}
_HEX = Chars(((0x30, 0x39), (0x41, 0x46), (0x61, 0x66)))


def text_node(value: Text) -> Node:
    """Write a string between either quotes; `most` counts characters."""
    pattern = value.pattern or PATTERNS.get(value.format, "")
    if not pattern:
        return _between(value)
    content = read_pattern(pattern)
    shaped = choice(
        sequence(Literal(quote), spelt(content, quote), Literal(quote))
        for quote in QUOTES
    )
    if not value.least and value.most is None:
        return shaped
    return Both(shaped, _between(value))


def _between(value: Text) -> Node:
    """Write any characters, as many as the schema allows."""
    slot = value.format in SLOTS
    least = value.least or int(slot)
    soft = value.most is None
    most = max(MOST_SLOT if slot else MOST_TEXT, least) if soft else value.most
    return choice(
        sequence(mark, Repeat(unit(mark.text), least, most, soft), mark)
        for mark in map(Literal, QUOTES)
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


def spelt(node: Node, quote: str) -> Node:
    """Write what a text may be as it stands between these quotes."""
    match node:
        case Literal():
            return Literal(quoted(node.text, quote).text[1:-1])
        case Chars():
            return _class(node, quote)
        case Sequence():
            return sequence(*(spelt(item, quote) for item in node.items))
        case Choice():
            return choice(spelt(option, quote) for option in node.options)
        case Repeat():
            return replace(node, item=spelt(node.item, quote))
        case _:
            raise TypeError(node)


def _class(node: Chars, quote: str) -> Node:
    letters = _ESCAPES | {quote: quote}
    special = tuple((ord(letter), ord(letter)) for letter in letters)
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
