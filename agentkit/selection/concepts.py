"""Words that stand for one another, from a hand-made list beside this module."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources

from agentkit.selection.words import ASKING, read_words, stem

# From here on, scripts that are not sure to put spaces between words.
_UNSPACED = "\u0900"


@cache
def concepts() -> Mapping[str, frozenset[str]]:
    """Return the concepts of each stem; a concept's name cannot be a stem."""
    found: dict[str, set[str]] = defaultdict(set)
    file = resources.files("agentkit.selection") / "concepts.txt"
    for number, line in enumerate(file.read_text("utf-8").splitlines()):
        if not line.startswith("#"):
            for word in line.split():
                found[stem(word)].add(f"={number}")
    return {word: frozenset(names) for word, names in found.items()}


@cache
def _foreign() -> tuple[str, ...]:
    return tuple(word for word in concepts() if max(word) >= _UNSPACED)


def concepts_of(stems: Iterable[str]) -> set[str]:
    """Return every concept that one of the stems stands for."""
    known = concepts()
    return {name for word in stems for name in known.get(word, ())}


def concepts_in(text: str, stems: Iterable[str]) -> set[str]:
    """Return the concepts of a request: of its stems, question words and script."""
    words = {*stems, *(word for word in read_words(text) if word in ASKING)}
    if not text.isascii():
        words.update(word for word in _foreign() if word in text)
    return concepts_of(words)
