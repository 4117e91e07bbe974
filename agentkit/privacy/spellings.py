"""One spelling for values and texts, so that a disguise does not hide a value.

What is seen through: case, accents, full-width and styled letters, unseen
characters, spacing and punctuation inside of a value, a value split over lines,
digits written as words, base64, hexadecimal, percent escapes and the escapes of JSON
at any depth. Not covered: paraphrase, translation, encryption, look-alike letters of
other alphabets.
"""

from __future__ import annotations

import base64
import binascii
import re
import string
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import unquote

_UNSEEN = (0xAD, *range(0x200B, 0x2010), *range(0x2060, 0x2065), 0xFEFF)
_MARKS = str.maketrans(dict.fromkeys(string.punctuation, " "))
TOKEN = re.compile(r"[^\W_]+")
_ENCODED = re.compile(r"[A-Za-z0-9+/_-]{10,}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){4,}")
_LONG_WORD = 10
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2})+")
# One backslash or, where JSON stands inside of JSON, the last of several.
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|[nrtbf])")
_ESCAPED = re.compile(r"\\[uxnrtbf]")
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_DIGIT_WORDS = {
    word: str(digit)
    for digit, row in enumerate(
        (
            "zero oh null cero zéro zero शून्य ศูนย์",
            "one eins ein uno un um एक หนึ่ง",
            "two zwei zwo dos deux due dois दो สอง",
            "three drei tres trois tre três तीन สาม",
            "four vier cuatro quatre quattro quatro चार สี่",
            "five fünf cinco cinq cinque पांच ห้า",
            "six sechs seis sei छह หก",
            "seven sieben siete sept sette sete सात เจ็ด",
            "eight acht ocho huit otto oito आठ แปด",
            "nine neun nueve neuf nove नौ เก้า",
        )
    )
    for word in row.split()
}
_RUN = re.compile(rb"\x01{2,}")
_MOST_GROUPS = 14
_AROUND = 100
_SHORTEST_TEXT = 4
# What parses as base64 and is none: `create_reminder`, a time.
_NAME = re.compile(r"[a-z]+(?:[/_-][a-z]+)*|[A-Z]?[a-z]+|\d{4}-\d\d-\d\dT\d\d")


def flat(text: str) -> str:
    """Write a text without case, accents, styles and unseen characters."""
    if not text.isascii():
        text = _FOREIGN.sub(_plain, text)
    return text.lower()


def _plain(foreign: re.Match[str]) -> str:
    spread = unicodedata.normalize("NFKD", foreign[0]).casefold()
    return _unheard().sub("", spread)


@lru_cache(1)
def _unheard() -> re.Pattern[str]:
    """Match what is no letter of its own: accents, vowel signs, unseen characters."""
    ranges = (range(0x300, 0x3100), range(0xA600, 0xAC00), range(0xFE00, 0xFE30))
    codes = (code for part in ranges for code in part)
    marks = (code for code in codes if unicodedata.category(chr(code))[0] == "M")
    return re.compile(f"[{''.join(map(chr, (*marks, *_UNSEEN)))}]+")


def unescaped(text: str) -> str:
    """Return what stands around the escapes of JSON and of `repr`, without them."""
    parts: list[tuple[int, int]] = []
    for match in _ESCAPED.finditer(text):
        start, end = match.start() - _AROUND, match.end() + _AROUND
        if parts and start <= parts[-1][1]:
            start = parts.pop()[0]
        parts.append((max(start, 0), end))
    return "\n".join(_ESCAPE.sub(_meant, text[start:end]) for start, end in parts)


def _meant(escape: re.Match[str]) -> str:
    code = escape[1] or escape[2]
    return chr(int(code, 16)) if code else "\n"


def tokens(text: str) -> list[str]:
    """Split a flat text into its words and numbers."""
    # The short way is four times as fast, and requests are mostly plain.
    return text.translate(_MARKS).split() if text.isascii() else TOKEN.findall(text)


@lru_cache(1)
def digit_words() -> dict[str, str]:
    """Return the words for single digits, flat, in the languages of Llama 3.2."""
    return {flat(word): digit for word, digit in _DIGIT_WORDS.items()}


def digit_runs(words: list[str], vocabulary: set[str]) -> Iterator[tuple[str, bool]]:
    """Join digit words and numbers that follow each other: `four nine 35` is `4935`.

    Yields:
        Each run's digits, and whether some of them were words.
    """
    names = digit_words()
    spoken = names.keys() & vocabulary
    numeric = spoken | {word for word in vocabulary if word.isdigit()}
    # Both loops over all words are C's: this is asked of all that leaves.
    flags = bytes(map(numeric.__contains__, words))
    runs = {tuple(words[m.start() : m.end()]) for m in _RUN.finditer(flags)}
    for run in runs:
        said = not spoken.isdisjoint(run)
        if said or len(run) <= _MOST_GROUPS:
            yield "".join(names.get(word, word) for word in run), said


def decoded(text: str) -> Iterator[str]:
    """Yield what stands in a text in base64, hexadecimal or percent escapes."""
    if "%" in text and _PERCENT.search(text):
        yield unquote(text, errors="replace")
    found = dict.fromkeys(word for word in text.split() if len(word) >= _LONG_WORD)
    pieces = [piece for word in found for piece in _ENCODED.findall(word)]
    # Encoded text is broken into lines; joined, a value at a seam is seen.
    joined = ["".join(pieces)] if len(pieces) > 1 else []
    for piece in dict.fromkeys([*pieces, *joined]):
        if _HEX.fullmatch(piece):
            yield from _readable(bytes.fromhex(piece))
        if not _NAME.fullmatch(piece):
            yield from _base64(piece)


def encoded_places(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of what may be encoded."""
    for pattern in (_PERCENT, _ENCODED):
        for match in pattern.finditer(text):
            yield match.start(), match.end()


def _base64(text: str) -> Iterator[str]:
    bare = text.replace("-", "+").replace("_", "/")
    for start in range(4):
        piece = bare[start:]
        if len(piece) % 4 == 1:
            piece = piece[:-1]
        padded = piece + "=" * (-len(piece) % 4)
        try:
            yield from _readable(base64.b64decode(padded, validate=True))
        except (binascii.Error, ValueError):
            continue


def _readable(raw: bytes) -> Iterator[str]:
    """Yield bytes as text, when they are text."""
    text = raw.decode("utf-8", "ignore")
    kept = len(text.encode()) * 3 >= len(raw) * 2
    if kept and len(text) >= _SHORTEST_TEXT and text.isprintable():
        yield text
    elif kept and len(text) >= _SHORTEST_TEXT:
        shown = sum(char.isprintable() or char.isspace() for char in text)
        if shown * 5 >= len(text) * 4:
            yield text
