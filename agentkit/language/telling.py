"""Which language a text is in, by its little words: "mi", "para", "vielen"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from agentkit.language.vocabularies import word_table

# "Aujourd'hui" and "c'est-à-dire" are one word each, and "l'" is one.
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*['\u2019]?")
# A sign of one language alone counts as this many of its words; a script as twice that.
_SIGN = 1.5
_SCRIPTS = ("hi", "th")
# By how much a word makes its language likelier: two outweigh a network that is sure at
# 0.99, as of "spiel etwas Jazz", which of three words it seldom is with reason.
_EACH = 32.0
# More words than these make no language surer, nor a number too large.
_MOST = 12.0


def told_by_words(text: str) -> Mapping[str, float]:
    """Count the words of a text that belong to each language.

    A word of two languages counts half for each.
    """
    found: dict[str, float] = {}
    for word in _WORD.findall(text.casefold().replace("\u2019", "'")):
        for language, weight in _weights().get(word, {}).items():
            found[language] = found.get(language, 0.0) + weight
    for language, pattern in _signs().items():
        if pattern.search(text):
            sign = 2 * _SIGN if language in _SCRIPTS else _SIGN
            found[language] = found.get(language, 0.0) + sign
    return found


def weighed(shares: Mapping[str, float], text: str) -> Mapping[str, float]:
    """Weigh how likely each language is by the words of a text.

    Args:
        shares: probabilities of languages, by another judge.
        text: what was said.
    """
    told = told_by_words(text)
    raised = {
        one: p * _EACH ** min(told.get(one, 0.0), _MOST) for one, p in shares.items()
    }
    total = sum(raised.values()) or 1.0
    return {one: p / total for one, p in raised.items()}


@cache
def _weights() -> Mapping[str, Mapping[str, float]]:
    heard: dict[str, set[str]] = {}
    for language, words in word_table("telling").items():
        for word in words if language != "signs" else ():
            heard.setdefault(word, set()).add(language)
    return {word: dict.fromkeys(of, 1 / len(of)) for word, of in heard.items()}


@cache
def _signs() -> Mapping[str, re.Pattern[str]]:
    signs: Mapping[str, str] = word_table("telling")["signs"]
    return {one: re.compile(f"[{inside}]", re.I) for one, inside in signs.items()}
