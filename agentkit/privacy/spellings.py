"""One spelling for values and texts, so that a disguise does not hide a value.

What is seen through: case, accents, full-width and styled letters, unseen
characters, spacing and punctuation inside of a value, a value split over lines,
digits written as words, base64, hexadecimal and percent escapes. Not covered:
paraphrase, translation, encryption, look-alike letters of other alphabets.
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

_UNSEEN = dict.fromkeys([0xAD, *range(0x200B, 0x2010), *range(0x2060, 0x2065), 0xFEFF])
_MARKS = str.maketrans(dict.fromkeys(string.punctuation, " "))
TOKEN = re.compile(r"[^\W_]+")
_ENCODED = re.compile(r"[A-Za-z0-9+/_-]{12,}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){6,}")
_LONG_WORD = 12
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2})+")
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
_SHORTEST_RUN = 3


def flat(text: str) -> str:
    """Write a text without case, accents, styles and unseen characters."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", text.translate(_UNSEEN)).casefold()
    return text.translate(_accents())


@lru_cache(1)
def _accents() -> dict[int, None]:
    """Return the marks that stand on or around letters, vowel signs included."""
    ranges = (range(0x300, 0x3100), range(0xA600, 0xAC00), range(0xFE00, 0xFE30))
    codes = (code for part in ranges for code in part)
    return {code: None for code in codes if unicodedata.category(chr(code))[0] == "M"}


def tokens(text: str) -> list[str]:
    """Split a flat text into its words and numbers."""
    # The short way is four times as fast, and requests are mostly plain.
    return text.translate(_MARKS).split() if text.isascii() else TOKEN.findall(text)


@lru_cache(1)
def digit_words() -> dict[str, str]:
    """Return the words for single digits, flat, in the languages of Llama 3.2."""
    return {flat(word): digit for word, digit in _DIGIT_WORDS.items()}


def spelled_digits(words: list[str]) -> Iterator[str]:
    """Join runs of digit words and digits: `four nine 3` is `493`."""
    names = digit_words()
    run: list[str] = []
    for word in [*words, ""]:
        digit = names.get(word) or (word if word.isdigit() else "")
        if digit:
            run.append(digit)
            continue
        if len(run) >= _SHORTEST_RUN:
            yield "".join(run)
        run = []


def decoded(text: str) -> Iterator[str]:
    """Yield what stands in a text in base64, hexadecimal or percent escapes."""
    if "%" in text and _PERCENT.search(text):
        yield unquote(text, errors="replace")
    found = [word for word in text.split() if len(word) >= _LONG_WORD]
    pieces = [piece for word in found for piece in _ENCODED.findall(word)]
    # Encoded text is broken into lines; joined, a value at a seam is seen.
    joined = ["".join(pieces)] if len(pieces) > 1 else []
    for piece in (*pieces, *joined):
        if _HEX.fullmatch(piece):
            yield from _readable(bytes.fromhex(piece))
        yield from _base64(piece)


def encoded_places(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of what may be encoded."""
    for pattern in (_PERCENT, _ENCODED):
        for match in pattern.finditer(text):
            yield match.start(), match.end()


def _base64(text: str) -> Iterator[str]:
    if text.isalpha() and (text.islower() or text.istitle()):
        return  # a plain word
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
    if len(text) >= 4 and sum(char.isprintable() for char in text) * 5 >= len(text) * 4:
        yield text
