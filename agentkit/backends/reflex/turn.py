"""One turn of the user: read by the rules, judged by what was learnt, put in its context.

The rules know sentences, and what they fill is exact. The trained understanding knows
what people mean. Where both speak of the same tool the rules fill it; where only one is
sure, it decides.
"""

from __future__ import annotations

from dataclasses import replace

from agentkit.backends.reflex.day_half import in_its_half
from agentkit.backends.reflex.drafts import (
    Draft,
    Reading,
    last_person_of,
    read_request,
)
from agentkit.backends.reflex.follow_up import (
    FollowUp,
    Past,
    past_of,
    person_of,
    put_into_words,
)
from agentkit.backends.reflex.patterns import Kit
from agentkit.backends.reflex.slot_filling import missing
from agentkit.backends.reflex.speech import ask_which, is_answer, key_of, say
from agentkit.backends.reflex.understood import draft_of, meaning_of
from agentkit.context import Context
from agentkit.tools import Toolset
from agentkit.understanding import Reading as Meaning

__all__ = ["past_of", "read_turn"]

# How sure the understanding is when it overrules a sentence that fits: of another tool,
# and of no tool at all. Chosen on the ordinary requests that may be looked at.
_OTHER_TOOL = 0.9
_NO_TOOL = 0.9
# A turn is taken for a follow-up when that is its likeliest meaning by this much.
_FOLLOWS = 0.3
# A call that can be undone is tried when it is this likely, and so much ahead of others.
_TRY = 0.5
_AHEAD = 2.0
# Below, a topic is a guess, and nothing is answered as if it were known.
_SURE_TOPIC = 0.3


def read_turn(
    turn: str,
    kit: Kit,
    toolset: Toolset,
    context: Context,
    earlier: tuple[str, ...],
    past: Past,
) -> Reading:
    """Read what a turn asks for.

    Args:
        turn: what the user says.
        kit: the compiled toolset.
        toolset: the tools.
        context: the clock.
        earlier: what the user said before.
        past: what the calls before brought.
    """
    meaning = meaning_of(turn, toolset)
    if meaning is None:
        return read_request(turn, kit, context, earlier)
    if meaning.verdict != "call" and _is_follow_up(meaning):
        followed = FollowUp(turn, meaning, past, kit, toolset, context).reading()
        if followed is not None:
            return followed
    worded = put_into_words(turn, past, last_person_of(earlier))
    if worded != turn:
        turn = worded
        meaning = meaning_of(turn, toolset) or meaning
    ruled = read_request(turn, kit, context, earlier)
    judged = _judged(turn, ruled, meaning, kit, toolset, context)
    drafts = _to_whom(judged.drafts, past, kit)
    halved = tuple(_in_half(draft, turn, kit, context) for draft in drafts)
    return replace(judged, drafts=halved)


def _in_half(draft: Draft, turn: str, kit: Kit, context: Context) -> Draft:
    """Settle which half of the day a bare hour is in, by what it is for."""
    said = " ".join(str(value) for value in draft.arguments.values()) or turn
    arguments = {
        name: in_its_half(value, draft.tool, said, context.now)
        if isinstance(value, str) and kit.params[draft.tool][name].kind == "when"
        else value
        for name, value in draft.arguments.items()
    }
    return replace(draft, arguments=arguments)


def _to_whom(drafts: tuple[Draft, ...], past: Past, kit: Kit) -> tuple[Draft, ...]:
    """Answer "reply that ..." to whom the thing is from that was shown before."""
    person = person_of(past.items())
    if not person or len(drafts) != 1:
        return drafts
    (draft,) = drafts
    lacks = [param for param in draft.missing if param.kind == "person"]
    if not lacks:
        return drafts
    arguments = {**draft.arguments, lacks[0].name: person}
    params = kit.params[draft.tool]
    return (replace(draft, arguments=arguments, missing=missing(arguments, params)),)


def _is_follow_up(meaning: Meaning) -> bool:
    follows = meaning.topic.startswith("followup_") or meaning.topic in ("no", "stop")
    return follows and meaning.topic_probability >= _FOLLOWS


def _judged(
    turn: str,
    ruled: Reading,
    meaning: Meaning,
    kit: Kit,
    toolset: Toolset,
    context: Context,
) -> Reading:
    """Let the rules fill what both see, and the surer one decide where they differ."""
    drafts = ruled.drafts
    if drafts and not _is_overruled(ruled, meaning):
        return ruled
    # Half a request is not done where the other half is not understood.
    if meaning.verdict != "leave" and not ruled.partly:
        tool = meaning.choices[0].tool
        draft = draft_of(tool, meaning, turn, kit.params[tool], context)
        if meaning.verdict == "call" or _is_safe_to_try(draft, meaning, toolset):
            return Reading((draft,))
    return _declined(ruled.unclear or meaning.reason, meaning, toolset)


def _is_overruled(ruled: Reading, meaning: Meaning) -> bool:
    if len(ruled.drafts) != 1:
        return False
    if meaning.verdict == "leave":
        follows = meaning.topic.startswith("followup_")
        return meaning.topic_probability >= _NO_TOOL and not follows
    (draft,) = ruled.drafts
    return (
        draft.tool != meaning.tool
        and meaning.verdict == "call"
        and meaning.probability >= _OTHER_TOOL
    )


def _is_safe_to_try(draft: Draft, meaning: Meaning, toolset: Toolset) -> bool:
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


def _declined(why: str, meaning: Meaning, toolset: Toolset) -> Reading:
    near = [choice.tool for choice in meaning.choices]
    if meaning.verdict == "ask":
        said = ask_which(meaning.language, toolset, near)
        return Reading(unclear=why, said=said)
    sure = meaning.topic_probability >= _SURE_TOPIC
    key = key_of(meaning.topic) if sure else "unclear"
    said = say(key, meaning.language, toolset, near)
    return Reading(unclear=why, said=said, is_answer=is_answer(key))
