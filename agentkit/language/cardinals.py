"""Whole numbers in words, up to 999, in the languages other than English.

Not covered: thousands, and numbers of two languages in one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache

from agentkit.language.vocabularies import Vocabulary, numbered

# What may stand between a hundred and the rest: "duzentos e cinquenta".
_LINK = r"(?: e | y | und | et |-| )?"
Flat = Callable[[str], str]


def cardinal(said: str, language: Vocabulary, flat: Flat) -> int | None:
    """Return the number that words make: 250 for "zweihundertfünfzig"; None for none.

    Args:
        said: all of the words, as `flat` leaves them.
        language: the language they are of.
        flat: takes accents and capitals away.
    """
    match = _spelled(language, flat).fullmatch(said)
    return _value(match, language, flat) if match else None


def hundreds_in_digits(text: str, language: Vocabulary, flat: Flat) -> str:
    """Put numbers from a hundred on into digits: "200 Sekunden"."""
    hundreds = _words(language, flat)[0]
    # Nearly always none is said, and no pattern need be made.
    if not any(word in text for word in hundreds):
        return text

    def digits(match: re.Match[str]) -> str:
        value = _value(match, language, flat)
        return match[0] if value < 100 else f"{value}"

    return _spelled(language, flat).sub(digits, text)


def _value(match: re.Match[str], language: Vocabulary, flat: Flat) -> int:
    hundreds, below = _words(language, flat)
    return hundreds.get(match["hundreds"] or "", 0) + below.get(match["below"] or "", 0)


@cache
def _words(
    language: Vocabulary, flat: Flat
) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Return the hundreds and the numbers below, by their flat words."""
    hundreds = {flat(w): n for w, n in numbered(language.hundreds, 100, 100)}
    below = {flat(word): number for word, number in language.cardinals()}
    for number, words in language.inflected.items():
        below |= dict.fromkeys(map(flat, words), int(number))
    return hundreds, below


@cache
def _spelled(language: Vocabulary, flat: Flat) -> re.Pattern[str]:
    hundreds, below = (_either(words) for words in _words(language, flat))
    letters = language.letters
    edges = (f"(?<![{letters}])", f"(?![{letters}])") if letters else ("", "")
    return re.compile(
        rf"{edges[0]}(?=\S)(?:(?P<hundreds>{hundreds}){_LINK})?(?P<below>{below})?"
        rf"(?<=\S){edges[1]}"
    )


def _either(words: Mapping[str, int]) -> str:
    """A pattern for any of the words, the longest first."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
