"""A toolset made ready for search: which word speaks for which tool, and how much.

BM25F: a word counts by the field that it stands in, by that field's length, and by
how few tools have it. Concepts count as words of their own.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal, cast

from agentkit.language.numbers import ONES, TENS
from agentkit.tools import AnyTool, PerToolset, Toolset
from agentkit.tools.selection.stems import (
    ASKING,
    phrases_in,
    phrases_of,
    read_stems,
    read_words,
    stem,
    trigrams,
)

Field = Literal[
    "name", "description", "argument", "about", "choice", "example", "phrase"
]

# A slot stands for any value, so it speaks for no tool.
_SLOT = re.compile(r"\{\w+\}")
# A schema may refer to itself.
_DEEPEST = 5


def fields_of(tool: AnyTool) -> dict[Field, list[str]]:
    """List the stems of a tool's name, description, arguments and examples."""
    found: dict[Field, list[str]] = defaultdict(list)
    found["name"] = read_stems(tool.name)
    found["description"] = read_stems(tool.description)
    for kind, text in _schema_texts(tool.parameters):
        found[kind] += read_stems(text)
    for sentence in tool.examples:
        found["example"] += read_stems(_SLOT.sub(" ", sentence))
        found["phrase"] += phrases_in(sentence)
    return found


def _schema_texts(
    schema: Mapping[str, Any], depth: int = 0
) -> Iterator[tuple[Field, str]]:
    """Go through an object schema's argument names, descriptions and choices."""
    if depth > _DEEPEST:
        return
    properties = schema.get("properties")
    if not isinstance(properties, Mapping):
        return
    for name, part in cast(Mapping[str, Any], properties).items():
        yield "argument", name
        if isinstance(part, Mapping):
            yield from _part_texts(cast(Mapping[str, Any], part), depth)


def _part_texts(part: Mapping[str, Any], depth: int) -> Iterator[tuple[Field, str]]:
    yield "about", str(part.get("description", ""))
    items = part.get("items")
    inner: Mapping[str, Any] = {}
    if isinstance(items, Mapping):
        inner = cast(Mapping[str, Any], items)
    for choices in (part.get("enum"), inner.get("enum")):
        if isinstance(choices, list):
            for choice in cast(list[object], choices):
                yield "choice", str(choice)
    yield from _schema_texts(part, depth + 1)
    yield from _schema_texts(inner, depth + 1)


# From here on, scripts that are not sure to put spaces between words.
_UNSPACED = "\u0900"


@cache
def concepts() -> Mapping[str, frozenset[str]]:
    """Return the concepts of each stem; a concept's name cannot be a stem."""
    found: dict[str, set[str]] = defaultdict(set)
    file = resources.files("agentkit.tools.selection") / "concepts.txt"
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


_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"(?<![.?!] )(?<!^)\b[A-Z][a-z]+")
_QUOTE = re.compile(r"'[^']+'|\"[^\"]+\"")
_NUMBER_WORDS = frozenset({*ONES, *TENS}) | frozenset(
    ["hundred", "thousand", "million", "half", "double", "couple", "dozen", "first"]
)
# A tool that needs a number, and a request that has none, fit less; it may still ask.
_NO_NUMBER = 0.8
# Fewer words than the tool needs values: the same, and weaker.
_TOO_LITTLE = 0.85


@dataclass(frozen=True, slots=True)
class Need:
    """What a tool must be given: how many arguments, and how many numbers."""

    arguments: int
    numbers: int


@dataclass(frozen=True, slots=True)
class Offer:
    """What a request holds: how many values in all, and how many numbers."""

    values: int
    numbers: int

    def suits(self, need: Need) -> float:
        """Return 1, or less for a tool that wants more than there is."""
        factor = 1.0
        if need.numbers and not self.numbers:
            factor *= _NO_NUMBER
        # One value may be said in a word that is neither number nor name: "tomorrow".
        if need.arguments > self.values + 1:
            factor *= _TOO_LITTLE
        return factor


def need_of(tool: AnyTool) -> Need:
    """Count a tool's required arguments."""
    required = cast(list[str], tool.parameters.get("required") or [])
    properties = cast(Mapping[str, Any], tool.parameters.get("properties") or {})
    kinds = [cast(Mapping[str, Any], properties.get(name) or {}) for name in required]
    numbers = sum(kind.get("type") in ("integer", "number") for kind in kinds)
    return Need(len(required), numbers)


def offer_of(text: str) -> Offer:
    """Count a request's numbers, names and quotations."""
    numbers = len(_NUMBER.findall(text))
    numbers += sum(word in _NUMBER_WORDS for word in read_words(text))
    names = len(_NAME.findall(text)) + len(_QUOTE.findall(text))
    return Offer(numbers + names, numbers)


# What a word is worth in each field, and how much a long field takes from it.
# Chosen on the half of BFCL's questions that may be looked at (docs/explanation/tool-
# selection.md). Authors choose a name with most care, so a word in it tells most; what
# is said of arguments is long and speaks of other things too. Examples and phrases are
# short by nature: there length says little against a word.
_WORTH: dict[Field, tuple[float, float]] = {
    "name": (3.0, 0.3),
    "description": (1.5, 0.5),
    "argument": (0.8, 0.6),
    "about": (0.5, 0.7),
    "choice": (0.8, 0.8),
    "example": (1.0, 0.6),
    "phrase": (1.0, 0.3),
}
# A word of the same concept is worth less than the word itself.
_CONCEPT = 0.6
# Spelt alike is often another word ("meting", "melting"): it may tip the scales between two
# tools, and not outweigh a word that was said.
_ALIKE = 0.6
# Of letter triples. "calender" and "wether" have 0.6 of them in common with what was
# meant, "meting" 0.8; two letters swapped in a short word leave a third.
_LEAST_ALIKE = 0.5
# A word that is said often proves little more than one said three times.
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
                # BM25 with k1 = 1: a second mention adds a third of what the first did.
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
            # A process that answers many people must not grow with their words.
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
        # BM25's length: 1 for a field as long as is usual here.
        length = 1 - by_length + by_length * len(stems) / usual[kind]
        for word, count in Counter(stems).items():
            bag[word] += worth * count / length
    return bag


def _with_concepts(bag: dict[str, float]) -> dict[str, float]:
    known = concepts()
    for word, weight in list(bag.items()):
        for name in known.get(word, ()):
            # Once, by its best word: synonyms beside each other in a description prove
            # nothing more.
            bag[name] = max(bag[name], weight)
    return bag


def _rarity(having: int, tools: int) -> float:
    # BM25's inverse document frequency, which never falls below 0.
    return math.log(1 + (tools - having + 0.5) / (having + 0.5))


def _mean(lengths: list[int]) -> float:
    return sum(lengths) / len(lengths) if any(lengths) else 1.0


def _has_shape(word: str) -> bool:
    # Of three letters a slip often makes another word, and of a number another number.
    return len(word) >= 4 and not word[0].isdigit()


def _holds(word: str, other: str) -> bool:
    # Three letters begin and end too many words.
    if len(other) < 4:
        return False
    longer, shorter = (word, other) if len(word) > len(other) else (other, word)
    # "Mailbox" and "mail", "voicemail" and "mail".
    return longer.startswith(shorter) or longer.endswith(shorter)
