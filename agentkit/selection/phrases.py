"""Pairs of neighbouring words: how requests begin, and what goes together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from agentkit.selection.words import read_words, stem

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
