"""Values cut down to what was understood of them: "onions" of "for onions any more".

A sentence's slot takes all words up to its next word. Those at a value's edges that only
ask for something are no part of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from agentkit.backends.reflex.drafts import CallDraft
from agentkit.backends.reflex.parameters import Param
from agentkit.understanding import Reading as Meaning

# So likely the sentence's tool must be for the spans to be of its parameters.
_LEAST = 0.5
# What is named by several words, and what is kept as it was said, may hold such words.
_KEPT = frozenset({"title", "label", "expression", "quantity"})
_KINDS = frozenset({"text", "person"})
_ASKING = frozenset({"asked for", "courtesy"})
# Signs say that somebody wrote a value with care: "milk [2]", "'quoted' item".
_PLAIN = re.compile(r"(?:\w|\s|(?<=\w)['\u2019.-](?=\w))+")


def tightened(
    draft: CallDraft, turn: str, meaning: Meaning, params: Mapping[str, Param]
) -> CallDraft:
    """Cut the values of a sentence's draft down to the spans that lie in them.

    Args:
        draft: a sentence's.
        turn: what the user said.
        meaning: of the turn.
        params: the parameters of the draft's tool.
    """
    best = meaning.choices[0] if meaning.choices else None
    if best is None or best.tool != draft.tool or best.probability < _LEAST:
        return draft
    cut = {
        name: _cut(value, turn, meaning)
        for name, value in draft.arguments.items()
        if isinstance(value, str) and _may_lose(params[name])
    }
    return replace(draft, arguments={**draft.arguments, **cut})


def _may_lose(param: Param) -> bool:
    return param.kind in _KINDS and param.name not in _KEPT and not param.verbatim


def _cut(value: str, turn: str, meaning: Meaning) -> str:
    """Return the part of a value from its first span to its last, where the rest asks."""
    start = turn.find(value)
    end = start + len(value)
    # What stands twice, or nowhere, cannot be laid beside the spans.
    is_clear = start >= 0 and turn.find(value, start + 1) < 0
    if not is_clear or not _PLAIN.fullmatch(value):
        return value
    inside = [s for s in meaning.spans if start <= s.start and s.end <= end]
    if not inside:
        return value
    first, last = min(s.start for s in inside), max(s.end for s in inside)
    outside = [
        word.became
        for word in meaning.words
        if start <= word.start < first or last <= word.start < end
    ]
    return turn[first:last] if set(outside) <= _ASKING else value
