"""A toolset made ready for search: which word speaks for which tool, and how much.

BM25F: a word counts by the field that it stands in, by that field's length, and by
how few tools have it. Concepts count as words of their own.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping

from agentkit.selection.concepts import concepts, concepts_in
from agentkit.selection.cues import Offer, need_of
from agentkit.selection.fields import Field, fields_of
from agentkit.selection.phrases import phrases_of
from agentkit.selection.words import read_stems, trigrams
from agentkit.tools import PerToolset, Toolset

# What a word is worth in each field, and how much a long field takes from it.
_WORTH: dict[Field, tuple[float, float]] = {
    "name": (3.0, 0.3),
    "description": (1.5, 0.5),
    "argument": (0.8, 0.6),
    "about": (0.5, 0.7),
    "choice": (0.8, 0.8),
    "example": (1.0, 0.6),
    "phrase": (1.0, 0.3),
}
_CONCEPT = 0.6
_ALIKE = 0.6
_LEAST_ALIKE = 0.5
_MOST_TIMES = 3

Scores = list[float]


class ToolIndex:
    """Scores every tool of a toolset against a text."""

    def __init__(self, toolset: Toolset) -> None:
        """Read the toolset; some milliseconds for two hundred tools."""
        self.names = toolset.names
        self._needs = [need_of(tool) for tool in toolset]
        found = [fields_of(tool) for tool in toolset]
        usual: dict[Field, float] = {
            kind: _mean([len(f[kind]) for f in found]) for kind in _WORTH
        }
        bags = [_with_concepts(_weigh(fields, usual)) for fields in found]
        spread = Counter(word for bag in bags for word in bag)
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for place, bag in enumerate(bags):
            for word, weight in bag.items():
                worth = _rarity(spread[word], len(bags)) * 2 * weight / (1 + weight)
                self._postings[word].append((place, worth))
        self._by_trigram: dict[str, list[str]] = defaultdict(list)
        for word in self._postings:
            if " " not in word and not word.startswith("="):
                for run in trigrams(word):
                    self._by_trigram[run].append(word)
        self._near: dict[str, Mapping[str, float]] = {}

    def score(self, text: str, offer: Offer) -> Scores:
        """Score each tool, in the toolset's order; 0 where no word speaks for it.

        Args:
            text: a request, or a part of one.
            offer: what the whole request holds.
        """
        scores = [0.0] * len(self.names)
        for word, weight in self._activate(text).items():
            for place, worth in self._postings[word]:
                scores[place] += weight * worth
        return [s * offer.suits(n) for s, n in zip(scores, self._needs, strict=True)]

    def _activate(self, text: str) -> dict[str, float]:
        """Return the index's words that a text speaks for, and how loudly."""
        stems = Counter(read_stems(text))
        said = concepts_in(text, stems)
        said |= phrases_of(text)
        active = {name: _CONCEPT for name in said if name in self._postings}
        for word, times in stems.items():
            loud = math.sqrt(min(times, _MOST_TIMES))
            if word in self._postings:
                active[word] = max(active.get(word, 0.0), loud)
            for other, likeness in self._words_near(word).items():
                active[other] = max(active.get(other, 0.0), loud * likeness)
        return active

    def _words_near(self, word: str) -> Mapping[str, float]:
        """Return words spelled alike, or of which one holds the other at an end."""
        if word not in self._near:
            if len(self._near) > 4096:
                self._near.clear()
            self._near[word] = dict(self._find_near(word)) if _has_shape(word) else {}
        return self._near[word]

    def _find_near(self, word: str) -> list[tuple[str, float]]:
        runs = trigrams(word)
        shared = Counter(v for run in runs for v in self._by_trigram.get(run, ()))
        found: list[tuple[str, float]] = []
        for other, count in shared.items():
            likeness = 2 * count / (len(runs) + len(trigrams(other)))
            if other == word or not (likeness >= _LEAST_ALIKE or _holds(word, other)):
                continue
            found.append((other, _ALIKE * max(likeness, _LEAST_ALIKE)))
        return found


_INDEXES = PerToolset(ToolIndex)


def index_of(toolset: Toolset) -> ToolIndex:
    """Return the index of a toolset, or of an equal one read before."""
    return _INDEXES.of(toolset)


def _weigh(
    fields: dict[Field, list[str]], usual: dict[Field, float]
) -> dict[str, float]:
    bag: dict[str, float] = defaultdict(float)
    for kind, stems in fields.items():
        worth, by_length = _WORTH[kind]
        length = 1 - by_length + by_length * len(stems) / usual[kind]
        for word, count in Counter(stems).items():
            bag[word] += worth * count / length
    return bag


def _with_concepts(bag: dict[str, float]) -> dict[str, float]:
    known = concepts()
    for word, weight in list(bag.items()):
        for name in known.get(word, ()):
            bag[name] = max(bag[name], weight)
    return bag


def _rarity(having: int, tools: int) -> float:
    return math.log(1 + (tools - having + 0.5) / (having + 0.5))


def _mean(lengths: list[int]) -> float:
    return sum(lengths) / len(lengths) if any(lengths) else 1.0


def _has_shape(word: str) -> bool:
    return len(word) >= 4 and not word[0].isdigit()


def _holds(word: str, other: str) -> bool:
    if len(other) < 4:
        return False
    longer, shorter = (word, other) if len(word) > len(other) else (other, word)
    return longer.startswith(shorter) or longer.endswith(shorter)
