"""Tools in the order in which a request seems to need them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agentkit.selection.clauses import split_request
from agentkit.selection.cues import offer_of
from agentkit.selection.embedding import Closeness
from agentkit.selection.index import Scores, ToolIndex

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
