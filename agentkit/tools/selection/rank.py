"""Tools in the order in which a request seems to need them, by words and by meaning."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from agentkit.errors import ConfigError
from agentkit.tools import AnyTool, Toolset
from agentkit.tools.selection.index import Scores, ToolIndex, offer_of
from agentkit.tools.selection.stems import read_words, split_request

Embed: TypeAlias = Callable[[Sequence[str]], Sequence[Sequence[float]]]


@dataclass(frozen=True, slots=True)
class Selector:
    """How tools are selected.

    Attributes:
        limit: how many are shown at most.
        embed: texts to vectors, on this device; None for words alone. It is called
            once for the tools, and once for each request.
    """

    limit: int
    embed: Embed | None = None


class Closeness:
    """Compares a text with every tool of a toolset."""

    def __init__(self, toolset: Toolset, embed: Embed) -> None:
        """Embed the tools.

        Raises:
            ConfigError: the model does not give one vector for each text.
        """
        self._embed = embed
        self._tools = self._vectors([_document(tool) for tool in toolset])

    def score(self, text: str) -> list[float]:
        """Return the cosine with each tool, 0 to 1; what is below 0 is 0."""
        (said,) = self._vectors([text])
        return [
            max(0.0, sum(a * b for a, b in zip(said, tool, strict=True)))
            for tool in self._tools
        ]

    def _vectors(self, texts: list[str]) -> list[list[float]]:
        vectors = [_unit(vector) for vector in self._embed(texts)]
        if len(vectors) != len(texts):
            raise ConfigError(
                f"embed gave {len(vectors)} vectors for {len(texts)} texts; "
                "it must give one for each"
            )
        return vectors


@lru_cache(maxsize=16)
def closeness_of(toolset: Toolset, embed: Embed) -> Closeness:
    """Return the embedded tools of a toolset, made once."""
    return Closeness(toolset, embed)


def _document(tool: AnyTool) -> str:
    return f"{' '.join(read_words(tool.name))}: {tool.description}"


def _unit(vector: Sequence[float]) -> list[float]:
    length = math.sqrt(sum(x * x for x in vector)) or 1.0
    return [x / length for x in vector]


# A part of a request counts when its best score is this share of the best part's.
_HEARD = 0.3
# What the whole request adds to the score within a part.
_WHOLE = 0.5
_ROUNDS = 3
# What full closeness to the request adds, over the best score by words.
_CLOSE = 0.5


@dataclass(frozen=True, slots=True)
class Ranked:
    """One tool's place in the order.

    Attributes:
        place: its index in the toolset.
        name: what it is called.
        strength: its score over the best one, in the whole or the part that speaks
            most for it; 0 to 1.
        score: its score in the whole and in its best part.
    """

    place: int
    name: str
    strength: float
    score: float


def rank(
    index: ToolIndex, text: str, closeness: Closeness | None = None
) -> tuple[Ranked, ...]:
    """Order all tools; parts of a request take turns, so that each has its tool.

    Args:
        index: the tools.
        text: the request.
        closeness: adds what an embedding model says of the same tools.
    """
    offer = offer_of(text)
    whole = index.score(text, offer)
    parts = [index.score(part, offer) for part in split_request(text)]
    best = [max(scores) for scores in zip(*parts, strict=True)] if parts else whole
    total = [a + b for a, b in zip(whole, best, strict=True)]
    if closeness is not None:
        top = max(total) or 1.0
        near = closeness.score(text)
        total = [a + _CLOSE * top * b for a, b in zip(total, near, strict=True)]
    strength = _strengths([total, *_heard(parts)])
    order = _take_turns(_by_score(total), [_leaders(p, whole) for p in _heard(parts)])
    return tuple(
        Ranked(place, index.names[place], strength[place], total[place])
        for place in order
    )


def _by_score(scores: Scores) -> list[int]:
    return sorted(range(len(scores)), key=lambda place: -scores[place])


def _heard(parts: Sequence[Scores]) -> list[Scores]:
    """Keep the parts that speak for some tool, the clearest first."""
    clear = max((max(part) for part in parts), default=0.0)
    loud = [part for part in parts if max(part) > _HEARD * clear]
    return sorted(loud, key=lambda part: -max(part))


def _leaders(part: Scores, whole: Scores) -> list[int]:
    return _by_score([a + _WHOLE * b for a, b in zip(part, whole, strict=True)])


def _take_turns(base: list[int], leaders: list[list[int]]) -> list[int]:
    order = dict.fromkeys(base[:1])
    if leaders:
        for turn in range(min(_ROUNDS, len(base))):
            order |= dict.fromkeys(part[turn] for part in leaders)
            order |= dict.fromkeys(base[: 2 + 2 * turn])
    return list(order | dict.fromkeys(base))


def _strengths(lists: list[Scores]) -> Scores:
    tops = [max(scores) or 1.0 for scores in lists]
    return [
        max(score / top for score, top in zip(column, tops, strict=True))
        for column in zip(*lists, strict=True)
    ]
