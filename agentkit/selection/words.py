"""Text to stems: identifiers taken apart, signs as words, endings cut off."""

from __future__ import annotations

import re
from functools import lru_cache

_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:[.,:]\d+)*")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_TIMES = re.compile(r"(?<=\d) ?(?:x|times) ?(?=\d)")
_SIGN = re.compile(r"(?<=[\d ])[*+%]|[$€£°%]")
_SIGNS = {
    "*": " multiply ", "+": " plus ", "%": " percent ", "$": " dollar ",
    "€": " euro ", "£": " pound ", "°": " degree ",
}  # fmt: skip

ASKING = frozenset({"who", "where", "when", "how", "many", "much", "what"})
_FILLERS = """
    a an the of to in on at for with and or is are was were be been it its this that
    these those i me my you your we our us he she they them his her their as by from
    into if then than so do does did can could would should will shall may might must
    have has had please which whom why here there not no any some all each about also
    just like want need let get give tell using use used based provide provided given
    specified value values optional default e g example such s t d ll re m
"""
STOP = ASKING | frozenset(_FILLERS.split())
_SUFFIXES = """
    ational ization ations ation ements ement ments ment ings ing ities ity ness
    ions ion ables able ibles ible ives ive als al ies ied ers er ors or ed es ly s
    y e
"""
# Longer before shorter, where one ends in the other.
_ENDINGS = tuple(_SUFFIXES.split())
_SHORTEST = 3
_LONGEST_TEXT = 4000


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Cut up to two endings off a lower-case word: `reservations` to `reserv`."""
    for _ in range(2):
        cut = _without_ending(word)
        if cut == word:
            break
        word = cut
    if len(word) > _SHORTEST and word[-1] == word[-2] and word[-1] not in "aeiou":
        word = word[:-1]
    return word.removesuffix("i") if len(word) > _SHORTEST else word


def _without_ending(word: str) -> str:
    if len(word) <= _SHORTEST:
        return word
    for ending in _ENDINGS:
        kept = len(word) - len(ending)
        if word.endswith(ending) and kept >= _SHORTEST:
            if ending == "s" and word.endswith("ss"):
                continue
            return word[:kept]
    return word


def read_words(text: str) -> list[str]:
    """List the words in lower case, as they stand; `getCurrentTime` is three."""
    lower = text.lower()
    plain = text.replace(" ", "").isalpha()
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
