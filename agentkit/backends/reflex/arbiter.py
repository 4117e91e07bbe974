"""Which reading of a turn is taken: by the sentences of tools, or by what was learnt."""

from __future__ import annotations

from functools import lru_cache

from agentkit.backends.reflex.drafts import (
    CallDraft,
    CallReading,
)
from agentkit.backends.reflex.patterns import Kit
from agentkit.backends.reflex.refusals import (
    declined,
)
from agentkit.backends.reflex.understood import draft_of
from agentkit.context import Context
from agentkit.tools import Toolset
from agentkit.understanding import Reading as Meaning

# What other values do is counted as in `matcher`, by tests/benchmarks/reflex_weights.py.
# How sure the understanding is when it overrules a sentence that fits: of another tool,
# and of no tool at all. Never (1.1), one more goes wrong of the first, and 37 more that
# no tool serves are called for of the second.
_OTHER_TOOL = 0.9
_NO_TOOL = 0.9
# A sentence that fits this well, with no word left over, is what was said. At 0.7 four
# more go wrong, and twelve more are called for; never would be a little better for
# English, and leave to a guess what somebody said in so many words.
_WHOLE = 0.85
# The same for one whose tool changes the same kind of thing as the understanding's: of
# "move" and "cancel" the sentence tells better which is meant.
_ALIKE = 0.72
# A call that can be undone is tried when it is this likely, and so much ahead of others.
# Hardly any request of the sample hangs on it; it bounds what a wrong guess changes.
_TRY = 0.5
_AHEAD = 2.0


@lru_cache(maxsize=1024)
def noun_of(tool: str) -> str:
    """Return what a tool is about: the last word of its name, as one of many."""
    return tool.rpartition("_")[2].removesuffix("s")


def surer_of(
    turn: str,
    ruled: CallReading,
    meaning: Meaning,
    kit: Kit,
    toolset: Toolset,
    context: Context,
) -> CallReading:
    """Let the rules fill what both see, and the surer one decide where they differ."""
    drafts = ruled.drafts
    if drafts and not _is_overruled(ruled, meaning, toolset):
        return _or_whole(ruled, turn, meaning, kit, context)
    # Half a request is not done where the other half is not understood.
    if meaning.verdict != "leave" and not ruled.partly:
        tool = meaning.choices[0].tool
        draft = draft_of(tool, meaning, turn, kit.params[tool], context)
        if meaning.verdict == "call" or _is_safe_to_try(draft, meaning, toolset):
            return CallReading((draft,))
    return declined(turn, ruled.unclear or meaning.reason, meaning, toolset, context)


def _or_whole(
    ruled: CallReading, turn: str, meaning: Meaning, kit: Kit, context: Context
) -> CallReading:
    """Take the spans' own draft of a tool where the sentence's lacks something."""
    (first, *others) = ruled.drafts
    if others or not first.missing or meaning.tool != first.tool:
        return ruled
    draft = draft_of(first.tool, meaning, turn, kit.params[first.tool], context)
    return ruled if draft.missing or draft.left else CallReading((draft,))


def _are_alike(one: str, other: str, toolset: Toolset) -> bool:
    """Whether two tools change the same kind of thing."""
    if not other or "read" in (toolset[one].effect, toolset[other].effect):
        return False
    return noun_of(one) == noun_of(other)


def _is_overruled(ruled: CallReading, meaning: Meaning, toolset: Toolset) -> bool:
    if len(ruled.drafts) != 1 or _is_whole(ruled.drafts[0]):
        return False
    if meaning.verdict == "leave":
        follows = meaning.topic.startswith("followup_")
        return meaning.topic_probability >= _NO_TOOL and not follows
    (draft,) = ruled.drafts
    # Of two tools about the same, sentences tell better which is meant.
    return (
        not (
            _are_alike(draft.tool, meaning.tool, toolset)
            and draft.score >= _ALIKE
            and not draft.missing
        )
        and draft.tool != meaning.tool
        and meaning.verdict == "call"
        and (meaning.probability >= _OTHER_TOOL or draft.score < _ALIKE)
    )


def _is_whole(draft: CallDraft) -> bool:
    """Whether a sentence fits so well that nothing overrules it."""
    return draft.score >= _WHOLE and not draft.left and not draft.missing


def _is_safe_to_try(draft: CallDraft, meaning: Meaning, toolset: Toolset) -> bool:
    """Whether a likely call may be made unasked: it is complete, and can be undone."""
    if draft.missing or not draft.arguments:
        return False
    tool = toolset[draft.tool]
    if tool.effect not in ("read", "write") or (
        tool.effect == "write" and not tool.undo
    ):
        return False
    best, *others = (choice.probability for choice in meaning.choices)
    return best >= _TRY and best >= _AHEAD * max(others, default=0.0)
