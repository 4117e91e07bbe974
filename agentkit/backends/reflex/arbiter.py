"""Which reading of a turn is taken: by the sentences of tools, or by what was learnt."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from agentkit.backends.reflex.drafts import (
    CallDraft,
    CallReading,
)
from agentkit.backends.reflex.patterns import Kit
from agentkit.backends.reflex.refusals import (
    NOT_HALVED,
    declined,
)
from agentkit.backends.reflex.slot_filling import missing
from agentkit.backends.reflex.speech import is_offered
from agentkit.backends.reflex.tightened_values import tightened
from agentkit.backends.reflex.understood import draft_of, meaning_of
from agentkit.context import Context
from agentkit.tools import Toolset
from agentkit.understanding import Reading as Meaning
from agentkit.understanding import is_trained
from agentkit.understanding.features import read_tokens

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
# So sure the understanding is of one tool that other tools' sentences are met by chance:
# of 30 such requests that were kept from training, the sentence was right for none.
_SURE = 0.97
# But not one that fits word by word.
_EXACT = 0.9
# Where one part of a request ends.
_JOINTS = re.compile(
    r"[,;.](?=\s)|\b(?:and|then|und|dann|et|puis|y|luego|e|poi|depois|और|แล้ว)\b",
    re.IGNORECASE,
)
# The same for one whose tool changes the same kind of thing as the understanding's: of
# "move" and "cancel" the sentence tells better which is meant.
_ALIKE = 0.72
# A call that can be undone is tried when it is this likely, and so much ahead of others.
# Hardly any request of the sample hangs on it; it bounds what a wrong guess changes.
_TRY = 0.5
_AHEAD = 2.0
# What only looks something up is tried sooner: it changes nothing.
_LOOK = 0.4
# A sentence that fits so, with no word left over, is no business of others, whatever its
# words: "remind me to call mom and play some music".
_ALL_SAID = 0.8


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
    """Let the rules fill in what both agree on, and the surer one decide otherwise."""
    ruled = _of_sure_tools(ruled, turn, meaning, kit, toolset, context)
    drafts = ruled.drafts
    # The sentence wins unless the understanding is much surer: it fits word by word.
    if drafts and not _is_overruled(ruled, meaning, toolset):
        taken = _or_whole(ruled, turn, meaning, kit, context)
        heard = tuple(_heard(draft, turn, meaning) for draft in taken.drafts)
        tight = (tightened(one, turn, meaning, kit.params[one.tool]) for one in heard)
        return replace(taken, drafts=tuple(tight))
    offered = _offered(turn, meaning)
    if offered and not drafts:
        return CallReading(
            (draft_of(offered, meaning, turn, kit.params[offered], context),)
        )
    # Half a request is not done where the other half is not understood.
    if meaning.verdict != "leave" and not ruled.partly:
        tool = meaning.choices[0].tool
        draft = draft_of(tool, meaning, turn, kit.params[tool], context)
        # To ask whether what was said is meant, in the same words, asks nothing.
        sure = meaning.verdict == "call" or is_offered(turn, tool, meaning.language)
        if sure or _is_safe_to_try(draft, meaning, toolset):
            return CallReading((draft,))
    return declined(turn, ruled.unclear or meaning.reason, meaning, toolset, context)


def _of_sure_tools(
    ruled: CallReading,
    turn: str,
    meaning: Meaning,
    kit: Kit,
    toolset: Toolset,
    context: Context,
) -> CallReading:
    """Leave out of several drafts those of tools that are surely not meant.

    "I can't make it to the party, decline the invitation" cancels no event.
    """
    if not _is_sure(meaning) or len(ruled.drafts) < 2:
        return ruled
    cut = (one.strip(" ,;.") for one in _JOINTS.split(turn))
    parts = [meaning_of(part, toolset) for part in cut if part]
    tools = {meaning.tool, *(part.tool for part in parts if part and _is_sure(part))}
    meant = [one for one in ruled.drafts if one.tool in tools]
    # "Take it off" says again what was said before.
    telling = [one for one in meant if one.arguments]
    kept = tuple(telling or meant[:1])
    if len(kept) == 1:
        # What a draft that is left out has, such as whose party it is, is this one's.
        (one,) = kept
        spoken = draft_of(one.tool, meaning, turn, kit.params[one.tool], context)
        arguments = {**spoken.arguments, **one.arguments}
        lacks = missing(arguments, kit.params[one.tool])
        kept = (replace(one, arguments=arguments, missing=lacks),)
    # No word is lost with a draft.
    lost = _values_of(ruled.drafts) - _values_of(kept) - _said_besides(turn, meaning)
    return ruled if lost else replace(ruled, drafts=kept)


def _values_of(drafts: Sequence[CallDraft]) -> set[str]:
    """Return the words of arguments, in lower case."""
    said = " ".join(str(v) for one in drafts for v in one.arguments.values())
    return {token.text.casefold() for token in read_tokens(said)}


def _said_besides(turn: str, meaning: Meaning) -> set[str]:
    """Return the words of a turn that ask for the tool, or are courtesy."""
    besides = ("asked for", "courtesy")
    words = [one for one in meaning.words if one.became in besides]
    return {turn[one.start : one.end].casefold() for one in words}


def _is_sure(meaning: Meaning) -> bool:
    return meaning.verdict == "call" and meaning.probability >= _SURE


def _offered(turn: str, meaning: Meaning) -> str:
    """Return the tool that a turn is offered for, word by word; empty for none."""
    tools = (choice.tool for choice in meaning.choices)
    return next((one for one in tools if is_offered(turn, one, meaning.language)), "")


def _heard(draft: CallDraft, turn: str, meaning: Meaning) -> CallDraft:
    """Do not count words as left over that a developer's tool uses itself.

    "Skip to the next track" matches one example; "skip" is in another one of the same tool.
    """
    if (
        is_trained(draft.tool)
        or meaning.verdict != "call"
        or meaning.tool != draft.tool
    ):
        return draft
    own = {turn[w.start : w.end] for w in meaning.words if w.became == "asked for"}
    return replace(draft, left=tuple(word for word in draft.left if word not in own))


def _or_whole(
    ruled: CallReading, turn: str, meaning: Meaning, kit: Kit, context: Context
) -> CallReading:
    """Take the spans' own draft of a tool where the sentence's lacks something.

    Of another language than English the rules know some words only: those left over are
    no sign that something was not understood.
    """
    (first, *others) = ruled.drafts
    # The bundled tools' sentences are English: "note que ..." meets "note {text}" only by
    # its verb.
    foreign = meaning.language != "en"
    lacks = first.missing or (foreign and (first.left or is_trained(first.tool)))
    # Only where both see one call of the same tool is there anything to take over.
    if others or not lacks or meaning.tool != first.tool:
        return ruled
    draft = draft_of(first.tool, meaning, turn, kit.params[first.tool], context)
    if draft.missing or draft.left or _renames(first, draft, turn):
        # Neither draft is whole; together they may be.
        is_known = meaning.language != "en" and first.missing
        return CallReading((_filled_up(first, draft, kit),)) if is_known else ruled
    return CallReading((draft,))


def _filled_up(first: CallDraft, other: CallDraft, kit: Kit) -> CallDraft:
    """Give a sentence's draft what it lacks from another of the same tool."""
    lacked = {param.name for param in first.missing}
    found = {name: v for name, v in other.arguments.items() if name in lacked}
    said = " ".join(map(str, found.values())).lower()
    kept = {name: _apart(v, said) for name, v in first.arguments.items()}
    arguments = {**kept, **found}
    left = tuple(word for word in first.left if word.lower() not in said.split())
    lacks = missing(arguments, kit.params[first.tool])
    return replace(first, arguments=arguments, missing=lacks, left=left)


def _apart(value: Any, said: str) -> Any:
    """Leave out at the end of a name what another value says: "Priya शुक्रवार"."""
    words = value.split() if isinstance(value, str) else []
    # A name keeps one word at least.
    while len(words) > 1 and words[-1].lower() in said.split():
        words.pop()
    return " ".join(words) if words else value


def _renames(first: CallDraft, draft: CallDraft, turn: str) -> bool:
    """Whether a draft takes for a value what the sentence met as its own word.

    Of "book a ferry" the ferry is what the tool is about, and no place to go to.
    """
    free = [turn[word.start : word.end].lower() for word in first.words]
    given = [draft.arguments[param.name] for param in first.missing]
    said = [str(value).lower() for value in given if isinstance(value, str)]
    return any(not any(word in value for word in free) for value in said)


def _are_alike(one: str, other: str, toolset: Toolset) -> bool:
    """Whether two tools change the same kind of thing."""
    # Looking something up and changing it are never alike.
    if not other or "read" in (toolset[one].effect, toolset[other].effect):
        return False
    return noun_of(one) == noun_of(other)


def says_all(draft: CallDraft, tool: str) -> bool:
    """Whether a sentence of a tool fits, and no word is left over or missing."""
    whole = draft.score >= _ALL_SAID and not draft.left and not draft.missing
    return whole and draft.tool == tool


def _is_overruled(ruled: CallReading, meaning: Meaning, toolset: Toolset) -> bool:
    # The understanding reads one request at a time; of two it knows no better.
    if len(ruled.drafts) != 1:
        return False
    (draft,) = ruled.drafts
    if _is_whole(draft):
        other = draft.tool != meaning.tool and draft.score < _EXACT
        return other and _is_sure(meaning)
    if meaning.verdict == "leave":
        # A follow-up has no tool of its own, so that "leave" says nothing against one.
        follows = meaning.topic.startswith("followup_")
        # To be foreign to the bundled tools is nothing to a developer's own: "travel".
        foreign = meaning.topic not in NOT_HALVED
        fits = not is_trained(draft.tool) or says_all(draft, draft.tool)
        if foreign and fits:
            return False
        return meaning.topic_probability >= _NO_TOOL and not follows
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
    tool = toolset[draft.tool]
    # A question without more to it is one for all there is: "any new messages?".
    if draft.missing or not (draft.arguments or tool.effect == "read"):
        return False
    if tool.effect not in ("read", "write") or (
        tool.effect == "write" and not tool.undo
    ):
        return False
    best, *others = (choice.probability for choice in meaning.choices)
    least = _LOOK if tool.effect == "read" else _TRY
    return best >= least and best >= _AHEAD * max(others, default=0.0)
