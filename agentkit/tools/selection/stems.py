"""Text to stems: identifiers taken apart, endings cut off, neighbours paired, parts of a request."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from agentkit.language.vocabularies import english_words

_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:[.,:]\d+)*")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# "3 x 4" multiplies; "x" alone is a letter.
_TIMES = re.compile(r"(?<=\d) ?(?:x|times) ?(?=\d)")
_SIGN = re.compile(r"(?<=[\d ])[*+%]|[$€£°%]")
_SIGNS = {
    "*": " multiply ", "+": " plus ", "%": " percent ", "$": " dollar ",
    "€": " euro ", "£": " pound ", "°": " degree ",
}  # fmt: skip

ASKING = english_words("asking")
STOP = ASKING | english_words("fillers")
_SUFFIXES = """
    ational ization ations ation ements ement ments ment ings ing ities ity ness
    ions ion ables able ibles ible ives ive als al ies ied ers er ors or ed es ly s
    y e
"""
# Longer before shorter, where one ends in the other.
_ENDINGS = tuple(_SUFFIXES.split())
# Shorter words have no ending to lose.
_SHORTEST = 3
# Characters; it bounds the work on a pasted text.
_LONGEST_TEXT = 4000


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Cut up to two endings off a lower-case word: `reservations` to `reserv`."""
    for _ in range(2):
        cut = _without_ending(word)
        if cut == word:
            break
        word = cut
    # "Running" loses "ing", and then its second "n".
    if len(word) > _SHORTEST and word[-1] == word[-2] and word[-1] not in "aeiou":
        word = word[:-1]
    # "Calories" and "calorie" meet without the "i".
    return word.removesuffix("i") if len(word) > _SHORTEST else word


def _without_ending(word: str) -> str:
    if len(word) <= _SHORTEST:
        return word
    for ending in _ENDINGS:
        kept = len(word) - len(ending)
        if word.endswith(ending) and kept >= _SHORTEST:
            # "Address" has no plural's ending.
            if ending == "s" and word.endswith("ss"):
                continue
            return word[:kept]
    return word


def read_words(text: str) -> list[str]:
    """List the words in lower case, as they stand; `getCurrentTime` is three."""
    lower = text.lower()
    plain = text.replace(" ", "").isalpha()
    # The usual case, letters and spaces alone: no pattern is needed.
    if plain and text in (lower, lower.title(), lower.capitalize()):
        return lower[:_LONGEST_TEXT].split()
    if not plain:
        text = _SIGN.sub(lambda sign: _SIGNS[sign[0]], _TIMES.sub(" multiply ", text))
    return _TOKEN.findall(
        _CAMEL.sub(" ", text[:_LONGEST_TEXT].replace("_", " ")).lower()
    )


def read_stems(text: str) -> list[str]:
    """List the stems of the words that say something."""
    return [stem(word) for word in read_words(text) if word not in STOP]


@lru_cache(maxsize=20_000)
def trigrams(word: str) -> frozenset[str]:
    """Return the runs of three letters, the word's borders included."""
    edged = f"^{word}$"
    return frozenset(edged[start : start + 3] for start in range(len(edged) - 2))


_PIECE = re.compile(r"\[([^\]]*)\]|\{(\w+)\}(\+?)|(\+)|([^\[\]{}+]+)")
_CHOICE = re.compile(r"\(([^)]*)\)|([^\s()]+)")
_START = "^"


def phrases_of(text: str) -> set[str]:
    """Return the pairs of a request; its first word is one with the start."""
    words = [_START, *(stem(word) for word in read_words(text))]
    return set(_pairs([(word,) for word in words]))


def phrases_in(example: str) -> set[str]:
    """Return the pairs that an example sentence may have.

    Choices give a pair each. A slot ends a phrase. A part that may be left out is, and
    has pairs of its own.
    """
    found: set[str] = set()
    current: list[tuple[str, ...]] = [(_START,)]
    for optional, slot, _, joint, plain in _PIECE.findall(example):
        if plain:
            current += _choices(plain)
        elif optional:
            found.update(_pairs(_choices(optional)))
        elif slot and not joint:
            found.update(_pairs(current))
            current = []
    return found | set(_pairs(current))


def _choices(text: str) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for choice, word in _CHOICE.findall(text):
        if word:
            found += [(stem(part),) for part in read_words(word)]
        else:
            options = [read_words(option) for option in choice.split("|")]
            found.append(tuple(stem(words[-1]) for words in options if words))
    return [options for options in found if options]


def _pairs(words: Sequence[tuple[str, ...]]) -> Iterator[str]:
    for one, other in pairwise(words):
        for left in one:
            for right in other:
                yield f"{left} {right}"


_END = r"(?:[.?!;\n]+(?:\s|$)|[\u3002\uff1f\uff01\uff1b])"
_STEP = (
    r"first|second|secondly|third|thirdly|fourth|finally|lastly|next|then|also|plus"
    r"|afterwards?|additionally"
)
_SENTENCE = re.compile(rf"{_END}|\b(?:{_STEP})\b", re.IGNORECASE)
_CLAUSE = re.compile(
    rf"{_END}|,\s+|\b(?:and|then|also|plus|after|as well as|while|but)\b", re.IGNORECASE
)
# Parts; it bounds the work on a pasted text.
_MOST = 16


def split_request(text: str) -> tuple[str, ...]:
    """Cut at sentences, steps and joints; empty when there is one part only.

    Sentences come first, then their clauses, each once; parts of a single word are
    left out.
    """
    parts = [*_parts(text, _SENTENCE), *request_clauses(text)]
    return tuple(dict.fromkeys(parts))[:_MOST]


def request_clauses(text: str) -> list[str]:
    """Cut at all of them at once; empty when there is one clause only."""
    return _parts(text, _CLAUSE)


def _parts(text: str, border: re.Pattern[str]) -> list[str]:
    cut = (part.strip() for part in border.split(text))
    # A single word such as "please" is no request.
    parts = [part for part in cut if len(read_stems(part)) >= 2]
    return parts if len(parts) > 1 else []
