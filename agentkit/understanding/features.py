"""Text to tokens and their features, the same way in every language.

A token is a run of letters, a run of digits, a sign, or one written syllable of a
script that sets no spaces (Thai, Lao, Khmer, Burmese). Each has features by its
letters, hashed to numbers: no dictionary, so a word with a typo shares most of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

# Rows of the table that the weights hold; a power of two, checked against the weights.
BUCKETS = 1 << 16
LONGEST = 4000
# A power of two, so that the mask takes a hash to a bucket.
_MASK = BUCKETS - 1
# Requests are short; the bound holds the time for a pasted page to some milliseconds.
_TOKENS_MOST = 160
# Longer words are mostly addresses and keys.
_LETTERS_MOST = 24
# Marks that join letters (Devanagari vowels are no letters to `re`).
_MARKS = "\u0300-\u036f\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u200c\u200d"
_SYLLABLE = "[\u0e40-\u0e44\u0ec0-\u0ec4]?[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]"
_TOKEN = re.compile(
    rf"(?P<syllable>{_SYLLABLE}[\u0e30-\u0e3a\u0e45-\u0e4e\u0eb0-\u0ebc\u0ec8-\u0ecd"
    r"\u102b-\u103e\u17b4-\u17d3]*)"
    rf"|(?P<word>(?:[^\W\d_][{_MARKS}]*)+)|(?P<digits>\d+)|(?P<sign>[^\s])"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text.

    Attributes:
        start: of its first character in the text.
        end: behind its last one.
        text: in lower case, without accents that a keyboard leaves out.
        kind: `word`, `digits`, `sign` or `syllable`.
        shape: `Xx`, `XX`, `xx`; how many digits; the sign itself.
    """

    start: int
    end: int
    text: str
    kind: str
    shape: str


# A request is read for its language, its tool and its meaning.
@lru_cache(maxsize=64)
def read_tokens(text: str) -> tuple[Token, ...]:
    """Take a text apart; what lies behind 4,000 characters is left out."""
    found = [_token(found) for found in _TOKEN.finditer(text[:LONGEST])]
    return tuple(found[:_TOKENS_MOST])


def _token(found: re.Match[str]) -> Token:
    said, kind = found[0], found.lastgroup or "sign"
    # NFKC: full-width letters and ligatures count as the plain ones.
    plain = unicodedata.normalize("NFKC", said).casefold()
    return Token(found.start(), found.end(), plain, kind, _shape(said, kind))


def _shape(said: str, kind: str) -> str:
    if kind == "digits":
        # Five and more digits are no hour, year or count, however many they are.
        return "0" * min(len(said), 5)
    if kind != "word":
        return said if kind == "sign" else "t"
    # The first letter apart from the rest: a name, a shout, or a plain word.
    upper = "X" if said[0].isupper() else "x"
    return upper + ("X" if said[1:].isupper() else "x") if len(said) > 1 else upper


def number_features(tokens: Sequence[Token]) -> list[tuple[int, ...]]:
    """Return the numbers of each token's features, below `BUCKETS`.

    A syllable's features are the runs of one to four syllables that it begins.
    """
    found: list[tuple[int, ...]] = []
    for place, token in enumerate(tokens):
        if token.kind == "syllable":
            run = _run(tokens[place : place + 4])
            found.append(_syllables(run))
        elif token.kind == "word":
            found.append(_letters(token.text))
        else:
            found.append(_plain(token.shape, token.text))
    return found


def _run(tokens: Sequence[Token]) -> tuple[str, ...]:
    run: list[str] = []
    for token in tokens:
        if token.kind != "syllable" or (
            run and token.start != tokens[len(run) - 1].end
        ):
            break
        run.append(token.text)
    return tuple(run)


@lru_cache(maxsize=20_000)
def _syllables(run: tuple[str, ...]) -> tuple[int, ...]:
    sizes = range(1, len(run) + 1)
    # A word of such a script is one to four syllables, and nothing shows where it ends.
    return tuple([text_hash("".join(run[:size])) & _MASK for size in sizes])


@lru_cache(maxsize=20_000)
def _letters(word: str) -> tuple[int, ...]:
    edged = f"<{word[:_LETTERS_MOST]}>"
    runs = {
        edged[start : start + size]
        # Shorter runs stand in every word, longer ones in one word only.
        for size in (3, 4, 5)
        for start in range(len(edged) - size + 1)
    }
    folded = _without_accents(word)
    # The word with and without its accents: keyboards leave them out.
    whole = {f"={word}", f"={folded}"}
    return tuple([text_hash(run) & _MASK for run in sorted(runs | whole)])


@lru_cache(maxsize=2_000)
def _plain(shape: str, text: str) -> tuple[int, ...]:
    return text_hash(f"#{shape}") & _MASK, text_hash(f"={text}") & _MASK


def _without_accents(word: str) -> str:
    apart = unicodedata.normalize("NFD", word)
    return "".join([c for c in apart if unicodedata.category(c) != "Mn"]) or word


def text_hash(text: str) -> int:
    """Return a number for a text, the same one on every machine.

    Half a surrogate pair, which is no text, counts as the bytes it would have.
    """
    # `hash` differs from process to process; the weights need the same number always.
    return crc32(text.encode("utf-8", "surrogatepass"))
