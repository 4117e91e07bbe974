"""One turn of the user: read by the rules, judged by what was learnt, put in its context.

The rules know sentences, and what they fill is exact. The trained understanding knows
what people mean. Where both speak of the same tool the rules fill it; where only one is
sure, it decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from agentkit.backends.reflex.day_half import in_its_half
from agentkit.backends.reflex.drafts import (
    CallDraft,
    CallReading,
    last_person_of,
    read_request,
)
from agentkit.backends.reflex.english import word_set
from agentkit.backends.reflex.follow_up import (
    FollowUpTurn,
    Past,
    past_of,
    person_of,
    put_into_words,
)
from agentkit.backends.reflex.found_things import Act, about_found, act_in, rank_in
from agentkit.backends.reflex.half_request import with_half
from agentkit.backends.reflex.not_meant import (
    impossible_time,
    is_negated,
    is_taken_back,
)
from agentkit.backends.reflex.patterns import Kit
from agentkit.backends.reflex.request_tokens import read_words
from agentkit.backends.reflex.slot_filling import missing
from agentkit.backends.reflex.speech import (
    ask_which,
    is_answer,
    is_foreign,
    key_of,
    say,
    stopped_in,
)
from agentkit.backends.reflex.turned_off import off_for, on_for
from agentkit.backends.reflex.understood import draft_of, meaning_of
from agentkit.context import Context
from agentkit.slots.arithmetic import find_sum
from agentkit.tools import Toolset
from agentkit.understanding import Reading as Meaning

__all__ = ["is_stopping", "past_of", "read_turn"]

# How sure the understanding is when it overrules a sentence that fits: of another tool,
# and of no tool at all. Chosen on the ordinary requests that may be looked at.
_OTHER_TOOL = 0.9
_NO_TOOL = 0.9
# A sentence that fits this well, with no word left over, is what was said.
_WHOLE = 0.85
# The same for one whose tool changes the same kind of thing as the understanding's.
_ALIKE = 0.72
# A turn is taken for a follow-up when that is its likeliest meaning by this much.
_FOLLOWS = 0.3
# So sure it must be that an answer to a question calls it off.
_STOPPING = 0.6
# A call that can be undone is tried when it is this likely, and so much ahead of others.
_TRY = 0.5
_AHEAD = 2.0
# A question about the user's own things, or about what somebody said to the user.
_OWN_THINGS = re.compile(
    r"\W*(?:wh\w+|how)(?:['\u2019]?s| is| are| was| do| does| did)?\s+"
    r"(?:\w+\s+){0,2}(?:my|our|i)\b"
    r"|\W*(?:what|when|did|has)\b.{1,40}\b(?:sa(?:y|id)|want(?:ed)?|ask(?:ed)?|wr[io]te|sen[dt]"
    r"|mention(?:ed)?|promised?|tell|told|repl(?:y|ied)|answer(?:ed)?)\b",
    re.I,
)
_RECKONING = word_set(
    "calculate compute work evaluate solve reckon come total sum equals equal euros euro "
    "dollars pounds bucks result answer math"
)
# A sentence of a tool that is this likely may be filled with any words.
_VOUCHED = 0.08
# Below, a topic is a guess, and nothing is answered as if it were known.
_SURE_TOPIC = 0.3
# So sure it must be that a part of a request is no business of the tools.
_SURELY_FOREIGN = 0.6


def read_turn(
    turn: str,
    kit: Kit,
    toolset: Toolset,
    context: Context,
    earlier: tuple[str, ...],
    past: Past,
) -> CallReading:
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
    whole = _read_whole(turn, meaning, kit, toolset, context, earlier, past)
    if whole.is_answer or meaning.topic in _NOT_HALVED:
        return whole

    def alone(part: str) -> CallReading:
        # Without a past: "it" of one half would be what the other should have found.
        of_part = meaning_of(part, toolset) or meaning
        return _read_whole(part, of_part, kit, toolset, context, (), Past())

    return with_half(whole, turn, meaning.language, alone, kit, toolset)


# Somebody else's words, and what is told, hold no requests.
_NOT_HALVED = frozenset({"quoted", "statement", "negated"})


def _read_whole(
    turn: str,
    meaning: Meaning,
    kit: Kit,
    toolset: Toolset,
    context: Context,
    earlier: tuple[str, ...],
    past: Past,
) -> CallReading:
    """Read a turn as one request."""
    stopped = stopped_in(turn, meaning.language)
    if stopped and past.deed is None:
        said = say("nothing_to_stop", stopped, toolset, _TO_CANCEL)
        return CallReading(unclear="nothing is under way", said=said, is_answer=True)
    followed = _followed(turn, meaning, past, kit, toolset, context)
    if followed is not None:
        return followed
    worded = put_into_words(turn, past, last_person_of(earlier))
    if worded != turn:
        turn = worded
        meaning = meaning_of(turn, toolset) or meaning

    def vouch(said: str) -> Mapping[str, float]:
        alone = meaning_of(said, toolset)
        return _vouched(said, alone or meaning, toolset)

    about_me = _about_me(turn, meaning, toolset)
    if about_me:
        return CallReading(
            unclear="it is about the assistant", said=about_me, is_answer=True
        )
    asked = sum_asked(turn, kit)
    if asked is not None:
        return CallReading((asked,))
    ruled = read_request(turn, kit, context, earlier, vouch)
    judged = _judged(turn, ruled, meaning, kit, toolset, context)
    drafts = _to_whom(judged.drafts, past, kit)
    if _asks_for_what_is_off(turn, drafts, meaning, toolset, context):
        return _declined(turn, "it is off", meaning, toolset, context)
    refused = _refused(turn, drafts, meaning, toolset)
    if refused is not None:
        return refused
    halved = tuple(_in_half(draft, turn, kit, context) for draft in drafts)
    return replace(judged, drafts=halved)


def _followed(
    turn: str,
    meaning: Meaning,
    past: Past,
    kit: Kit,
    toolset: Toolset,
    context: Context,
) -> CallReading | None:
    """Read a turn as one about what was found or done before; None where it is none."""
    act = act_in(turn, meaning.language, context)
    if act is not None:
        found = about_found(act, turn, meaning.language, past, kit, context)
        if found is not None:
            return found
        topic = f"followup_{act.name}"
        meaning = replace(meaning, topic=topic, topic_probability=1.0, verdict="leave")
    if meaning.verdict == "call" or not _is_follow_up(meaning):
        return None
    if meaning.topic == "followup_done":
        done = Act("done", rank_in(turn, meaning.language), "")
        found = about_found(done, turn, meaning.language, past, kit, context)
        if found is not None:
            return found
    return FollowUpTurn(turn, meaning, past, kit, toolset, context).reading()


# What is mostly meant by one who says "cancel" and no more.
_TO_CANCEL = ("cancel_event", "complete_reminder")


def _about_me(turn: str, meaning: Meaning, toolset: Toolset) -> str:
    """Answer who the assistant is, and what becomes of what it hears."""
    if _WHO.fullmatch(turn.strip()):
        return say("help", meaning.language, toolset)
    if _HEARD.search(turn):
        return say("privacy", meaning.language, toolset)
    return ""


_WHO = re.compile(r"(?:so )?(?:who|what) (?:are|r) (?:you|u)(?: exactly)?\W*", re.I)
_HEARD = re.compile(
    r"^(?:are|do|can) you (?:always )?(?:listen|record|spy|eavesdrop|watch|hear)"
    r"|^(?:where|who) .*\bmy data\b|is (?:this|my data) (?:private|safe|secure)",
    re.I,
)


def _vouched(turn: str, meaning: Meaning, toolset: Toolset) -> Mapping[str, float]:
    """The tools that are likely, and those about the same: what is moved, or renamed.

    A question about what is the user's own may be one for any tool that reads that.
    """
    shares = {choice.tool: choice.probability for choice in meaning.choices}
    likely = {_noun(tool) for tool, share in shares.items() if share >= _VOUCHED}
    own = bool(_OWN_THINGS.match(turn))
    return {
        tool.name: shares.get(tool.name, 0.0)
        for tool in toolset
        if _noun(tool.name) in likely
        or (own and tool.effect == "read" and tool.personal)
    }


def _noun(tool: str) -> str:
    return tool.rpartition("_")[2].removesuffix("s")


def sum_asked(turn: str, kit: Kit) -> CallDraft | None:
    """Read a turn that is a sum and nothing else: "what's 15 % of 80"."""
    slot = next(
        ((tool, p.name) for tool, params in kit.params.items()
         for p in params.values() if p.kind == "sum"),
        None,
    )  # fmt: skip
    found = find_sum(turn) if slot else None
    if slot is None or found is None:
        return None
    around = read_words(f"{turn[: found.start]} {turn[found.end :]}")
    if any(word.content and word.norm not in _RECKONING for word in around):
        return None
    tool, name = slot
    said = turn[found.start : found.end]
    reason = f"{said!r} is a sum for {tool}"
    return CallDraft(tool, {name: said}, (), (), reason)


def _refused(
    turn: str, drafts: tuple[CallDraft, ...], meaning: Meaning, toolset: Toolset
) -> CallReading | None:
    """Leave what would change something, where not all that was said is understood.

    An order that is taken back in the same breath is none; a day that is not on the
    calendar is told; words that became of nothing are named.
    """
    acting = [draft for draft in drafts if toolset[draft.tool].effect != "read"]
    if not acting:
        return None
    language = meaning.language
    guessed = all(not draft.score for draft in acting)
    if is_taken_back(turn) or (guessed and is_negated(read_words(turn))):
        said = say("negated", language, toolset)
        return CallReading(
            unclear=f"{turn!r} takes itself back", said=said, is_answer=True
        )
    wrong = impossible_time(_without_literals(turn, acting))
    if wrong:
        said = say("no_such_time", language, toolset, words=wrong)
        return CallReading(unclear=f"there is no {wrong!r}", said=said)
    left = [word for draft in acting for word in draft.left]
    if left:
        words = " ".join(dict.fromkeys(left))
        said = say("not_understood", language, toolset, words=words)
        return CallReading(unclear=f"{words!r} was not understood", said=said)
    return None


def _without_literals(turn: str, drafts: Iterable[CallDraft]) -> str:
    """A turn without what somebody is told, or what is written down as it was said."""
    for draft in drafts:
        if not any(name in draft.arguments for name in ("when", "start", "to", "time")):
            for value in draft.arguments.values():
                turn = turn.replace(str(value), " ")
    return turn


def _in_half(draft: CallDraft, turn: str, kit: Kit, context: Context) -> CallDraft:
    """Settle which half of the day a bare hour is in, by what it is for."""
    said = " ".join(str(value) for value in draft.arguments.values()) or turn
    arguments = {
        name: in_its_half(value, draft.tool, said, context.now)
        if isinstance(value, str) and kit.params[draft.tool][name].kind == "when"
        else value
        for name, value in draft.arguments.items()
    }
    return replace(draft, arguments=arguments)


def _to_whom(
    drafts: tuple[CallDraft, ...], past: Past, kit: Kit
) -> tuple[CallDraft, ...]:
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


def _asks_for_what_is_off(
    turn: str,
    drafts: tuple[CallDraft, ...],
    meaning: Meaning,
    toolset: Toolset,
    context: Context,
) -> bool:
    """Whether sentences alone fit a turn that names what is off: "sync my calendar"."""
    off = off_for(turn, "", toolset, context.packs)
    return bool(drafts) and bool(off) and off not in toolset and not meaning.choices


def is_stopping(meaning: Meaning) -> bool:
    """Whether a turn is known to call off what is under way, and to be nothing else."""
    stops = meaning.topic in ("stop", "followup_deny", "followup_cancel")
    sure = meaning.topic_probability >= _STOPPING
    return stops and sure and meaning.verdict == "leave"


def _judged(
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
    return _declined(turn, ruled.unclear or meaning.reason, meaning, toolset, context)


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
    return _noun(one) == _noun(other)


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


def _declined(
    turn: str, why: str, meaning: Meaning, toolset: Toolset, context: Context
) -> CallReading:
    """Decline a turn: say of what it is, what is off, and what would work."""
    near = [choice.tool for choice in meaning.choices]
    if meaning.verdict == "ask":
        said = ask_which(meaning.language, toolset, near)
        return CallReading(unclear=why, said=said)
    topic = meaning.topic if meaning.topic_probability >= _SURE_TOPIC else ""
    off = off_for(turn, topic, toolset, context.packs)
    on = on_for(turn, topic, toolset, context.packs)
    key = key_of(topic) if topic else "unclear"
    if off and not is_foreign(key):
        key = "off"
    said = say(key, meaning.language, toolset, (on, *near), off=off)
    surely = meaning.topic_probability >= _SURELY_FOREIGN
    others = is_foreign(key) or topic == "other"
    foreign = bool(off) or (others and surely)
    answers = is_answer(key)
    return CallReading((), why, said=said, is_answer=answers, foreign=foreign, off=off)
