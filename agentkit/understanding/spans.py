"""Spans with a role: the best sequence of tags that is well formed.

A span begins with `B` and goes on with `I` of the same role. What a tag costs comes from
the network; that `I` needs something to go on from is held here.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from agentkit.understanding.features import Token
from agentkit.understanding.network import TAGS, Array
from agentkit.understanding.reading import ROLES, Span


def read_spans(tokens: Sequence[Token], tags: Array) -> tuple[Span, ...]:
    """Find the spans of a text.

    Args:
        tokens: of the text.
        tags: a row of log-probabilities for each token, in the order of `TAGS`.
    """
    best = _best_path(tags)
    found: list[Span] = []
    at = 0
    while at < len(best):
        end = at + 1
        if best[at]:
            role = ROLES[(best[at] - 1) // 2]
            while end < len(best) and best[end] == TAGS.index(f"I-{role}"):
                end += 1
            sure = float(np.exp(min(tags[n, best[n]] for n in range(at, end))))
            found.append(Span(tokens[at].start, tokens[end - 1].end, role, sure))
        at = end
    return tuple(found)


def _best_path(tags: Array) -> list[int]:
    """Return the likeliest well-formed sequence (Viterbi)."""
    barred = _barred()
    score = tags[0] + barred[0]
    back: list[Array] = []
    for row in tags[1:]:
        ways = score[:, None] + barred
        back.append(ways.argmax(0))
        score = ways.max(0) + row
    path = [int(np.argmax(score))]
    for pointers in reversed(back):
        path.append(int(pointers[path[-1]]))
    return path[::-1]


@cache
def _barred() -> Array:
    """Return 0 where one tag may follow another, and minus infinity where not."""
    size = len(TAGS)
    barred = np.zeros((size, size), np.float32)
    for number in range(2, size, 2):
        barred[:, number] = -np.inf
        barred[[number - 1, number], number] = 0
    return barred
