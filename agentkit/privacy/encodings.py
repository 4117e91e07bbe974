r"""What is escaped or encoded in a text, made readable.

Seen through, three deep: escapes of JSON, Python, HTML, addresses and mail
(`\u0041`, `\x41`, `\101`, `U+0041`, `&#65;`, `%41`, `=41`), HTML tags, base64 in
any alignment, base32 and hexadecimal. Not covered: base64 of fewer than six bytes
beside other text, or spread over short words; compression and encryption.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
import string
from collections.abc import Callable, Iterator

from agentkit.privacy.spellings import thai_digits

# By the sign that a text has to hold first: looking for one sign is quick.
_MARKED = {
    "\\": re.compile(r"\\[uUxnrtbf0-3]"),
    "%": re.compile(r"%[0-9a-fA-F]{2}"),
    "&": re.compile(r"&(?:#|[A-Za-z]{2,8};)"),
    "=": re.compile(r"=(?:[0-9A-F]{2}|\r?\n)"),
    "<": re.compile(r"<[!/A-Za-z]"),
    "U+": re.compile(r"U\+[0-9A-Fa-f]{4}"),
}
# Characters around an escape that are read again: longer than a name or an address,
# which an escape may stand within.
_AROUND = 100
# JSON within JSON within a URL. Each level is another pass over all that leaves.
_DEPTH = 3
_BYTES = {
    "%": re.compile(r"(?:%[0-9a-fA-F]{2})+"),
    "\\x": re.compile(r"(?:(?<!\\)\\+x[0-9a-fA-F]{2})+"),
    "=": re.compile(r"(?:=[0-9A-F]{2})+"),
    "\\": re.compile(r"(?:(?<!\\)\\+[0-3][0-7]{2})+"),
}
_BYTE = re.compile(r"\\([0-3][0-7]{2})|([0-9a-fA-F]{2})")
_PAIR = re.compile(
    r"(?<!\\)\\+u([dD][89abAB][0-9a-fA-F]{2})\\+u([dD][c-fC-F][0-9a-fA-F]{2})"
)
_CODE = re.compile(
    r"(?:(?<!\\)\\+(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))"
    r"|U\+([0-9A-Fa-f]{4,6})(?: (?=U\+))?)"
)
_BREAKS = ("\\n", "\\r", "\\t", "\\b", "\\f")
_SOFT_BREAK = re.compile(r"=\r?\n")
_TAG = re.compile(r"<!--.{0,200}?-->|</?[A-Za-z][^<>]{0,80}>", re.DOTALL)
_MOST_CODE = 0x10FFFF

_ENCODED = re.compile(r"[A-Za-z0-9+/_-]{8,}")
# Eight signs of base64 hold six bytes; shorter pieces are in every text.
_LONG_WORD = 8
# The same of the bytes of a long text: to part them into words is quicker.
_SIGNS = frozenset(f"{string.ascii_letters}{string.digits}+/_-".encode())
_APART = bytes(code if code in _SIGNS else ord(" ") for code in range(256))
# Four bytes: a shorter value is a number that people write in digits.
_HEX = re.compile(r"(?:0[xX])?((?:[0-9a-fA-F]{2}){4,})")
# Of capitals alone: shorter runs are abbreviations and ids.
_BASE32 = re.compile(r"[A-Z2-7]{10,}")
_LINES = re.compile(
    r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{8,}+"
    r"(?:\r?\n[ >]*+[A-Za-z0-9+/_-]++={0,2}+(?![A-Za-z0-9+/=]))+"
)
# Three letters of any bytes are read as text by chance.
_SHORTEST = 3
# What parses as base64 and is none: `create_reminder`, a time.
_NAME = re.compile(r"[a-z]+(?:[/_-][a-z]+)*|[A-Z]?[a-z]+|\d{4}-\d\d-\d\dT\d\d")
# No value is found across two pieces: this word is none, and stands on a line.
BETWEEN = "\nzzzzzzzzzz\n"


def readings(text: str) -> Iterator[str]:
    """Yield a text as it is, and what is escaped or encoded in it."""
    yield text
    plain = unescaped(text)
    if plain:
        yield plain
    pieces = [*decoded(text), *decoded(plain)]
    if pieces:
        yield BETWEEN.join(pieces)


def unescaped(text: str) -> str:
    """Return the text around escapes, with the escapes undone."""
    parts: list[tuple[int, int]] = []
    start, end = 0, -_AROUND - 1
    for place in _escapes(text):
        # Stretches around escapes that touch are one.
        if place - _AROUND > end:
            parts.append((start, end))
            start = max(place - _AROUND, 0)
        end = place + _AROUND
    parts.append((start, end))
    plain = _plain("\n".join(text[start:end] for start, end in parts[1:]))
    said = thai_digits(text)
    return f"{plain}\n{said}" if said else plain


def decoded(text: str) -> Iterator[str]:
    """Yield what a text holds in base64, base32 or hexadecimal, decoded."""
    words = text.encode("utf-8", "replace").translate(_APART).split()
    long = {word for word in words if len(word) >= _LONG_WORD}
    found = [word.decode() for word in long]
    pieces = [piece for piece in found if not _NAME.fullmatch(piece)]
    # Encoded text is broken into lines; joined, a value at a seam is seen.
    lines = _LINES.findall(text) if "\n" in text else []
    pieces += [re.sub(r"[\s>]+", "", block) for block in lines]
    for piece in dict.fromkeys(pieces):
        for read in _read(piece):
            yield read
            # What was encoded twice.
            yield from (again for one in _ENCODED.findall(read) for again in _read(one))


def of_hex(digits: str) -> str:
    """Return the text that bytes in hexadecimal stand for; empty when it is none."""
    return "".join(_readable(bytes.fromhex(digits)))


def _escapes(text: str) -> list[int]:
    """Return where escapes begin, in order."""
    kinds = [pattern for sign, pattern in _MARKED.items() if sign in text]
    places = [match.start() for kind in kinds for match in kind.finditer(text)]
    return sorted(places) if len(kinds) > 1 else places


def _plain(text: str) -> str:
    """Undo escapes, and those that this reveals, a bounded number of times."""
    for _ in range(_DEPTH):
        before = text
        if "\\" in text:
            text = text.replace('\\"', '"')
            for sign in _BREAKS:
                text = text.replace(sign, "\n")
        if "=" in text:
            text = _SOFT_BREAK.sub("", text)
        for sign, pattern in _BYTES.items():
            text = pattern.sub(_of_bytes, text) if sign in text else text
        if "\\u" in text or "\\U" in text or "U+" in text:
            text = _CODE.sub(_of_code, _PAIR.sub(_of_pair, text))
        if "&" in text:
            text = html.unescape(text)
        if "<" in text:
            text = _TAG.sub("", text)
        if text == before:
            break
    return text


def _of_bytes(match: re.Match[str]) -> str:
    raw = bytes(int(o, 8) if o else int(h, 16) for o, h in _BYTE.findall(match[0]))
    try:
        return raw.decode()
    except UnicodeDecodeError:
        # Bytes of older encodings: every one of them is a letter there.
        return raw.decode("latin-1")


def _of_pair(match: re.Match[str]) -> str:
    high, low = int(match[1], 16), int(match[2], 16)
    return chr(0x10000 + ((high & 0x3FF) << 10 | low & 0x3FF))


def _of_code(match: re.Match[str]) -> str:
    code = int(match[1] or match[2] or match[3] or match[4], 16)
    return chr(code) if code <= _MOST_CODE else ""


def _read(piece: str) -> Iterator[str]:
    """Yield what one piece may say."""
    number = _HEX.fullmatch(piece)
    if number:
        yield from _readable(bytes.fromhex(number[1]))
    if _BASE32.fullmatch(piece):
        yield from _decoded(base64.b32decode, piece + "=" * (-len(piece) % 8))
    bare = piece.replace("-", "+").replace("_", "/")
    # Four alignments: what is searched for may begin at any byte of the encoded text.
    for start in range(4):
        part = bare[start:]
        # One sign too many holds six bits, which are no byte.
        if len(part) % 4 == 1:
            part = part[:-1]
        yield from _decoded(base64.b64decode, part + "=" * (-len(part) % 4))


def _decoded(decode: Callable[[str], bytes], padded: str) -> Iterator[str]:
    try:
        raw = decode(padded)
    except (binascii.Error, ValueError):
        return
    yield from _readable(raw)


def _readable(raw: bytes) -> Iterator[str]:
    """Yield bytes as text, when they are text."""
    # Sixteen bits a letter: every other byte of plain letters is zero.
    text = raw.replace(b"\0", b"").decode("utf-8", "ignore")
    # Two thirds of the bytes must be UTF-8, and four fifths of the letters ones that
    # can be shown: bytes of another kind become a few letters by chance.
    if (
        len(text.encode()) * 3 < len(raw.replace(b"\0", b"")) * 2
        or len(text) < _SHORTEST
    ):
        return
    shown = sum(char.isprintable() or char.isspace() for char in text)
    if shown * 5 >= len(text) * 4:
        yield text
