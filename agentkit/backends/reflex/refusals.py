"""What is refused, and in which words: what cannot be meant, is taken back, or is off."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from agentkit.backends.reflex.drafts import (
    CallDraft,
    CallReading,
)
from agentkit.backends.reflex.found_things import rank_alone
from agentkit.backends.reflex.impossible_times import impossible_time
from agentkit.backends.reflex.leftovers import told_when
from agentkit.backends.reflex.moods import is_negated, is_taken_back, is_undone
from agentkit.backends.reflex.patterns import Kit
from agentkit.backends.reflex.plain_statements import (
    arrives,
    hangs_undated,
    is_conditional,
    waits_for,
    watches,
)
from agentkit.backends.reflex.request_tokens import read_words
from agentkit.backends.reflex.small_talk import is_denied, is_nothing, topic_said
from agentkit.backends.reflex.speech import (
    ask_which,
    is_answer,
    is_foreign,
    key_of,
    say,
)
from agentkit.context import Context
from agentkit.language.vocabularies import read_table
from agentkit.tools import Toolset
from agentkit.understanding import Reading as Meaning

# A sentence that fits so well says all of what was said.
_FITS = 0.8

Packs = Mapping[str, Mapping[str, Any]]


def off_for(turn: str, topic: str, toolset: Toolset, packs: Packs) -> str:
    """Name the tool that a request needs and that is off; empty where none is.

    Args:
        turn: what the user says.
        topic: what it is about, where that is known.
        toolset: the tools that may be called.
        packs: the settings of tool packs.
    """
    tool = _served_by(turn, topic)
    return "" if tool in toolset and packs.get(_switches()[tool]["pack"]) else tool


def on_for(turn: str, topic: str, toolset: Toolset, packs: Packs) -> str:
    """Name the tool that a request could be put to instead; empty where none is on."""
    is_off = off_for(turn, topic, toolset, packs)
    return "" if is_off else _served_by(turn, topic)


def _served_by(turn: str, topic: str) -> str:
    return next(
        (
            tool
            for tool, switch in _switches().items()
            if topic in switch["topics"] or re.search(switch["named"], turn, re.I)
        ),
        "",
    )


@cache
def _switches() -> dict[str, dict[str, Any]]:
    return read_table(Path(__file__).with_name("turned_off.toml"))


# Below, a topic is a guess, and nothing is answered as if it were known.
SURE_TOPIC = 0.3
# Above, the words of a turn that speak for another topic are not looked at.
_KNOWN_TOPIC = 0.8
# Somebody else's words, and what is told, hold no requests.
NOT_HALVED = frozenset({"quoted", "statement", "negated"})
# So sure it must be that a part of a request is no business of the tools.
_SURELY_FOREIGN = 0.6
# So sure, all topics together, that none of the tools is meant.
_SURELY_NONE = 0.9


def refusal_of(
    turn: str,
    drafts: tuple[CallDraft, ...],
    meaning: Meaning,
    kit: Kit,
    toolset: Toolset,
    context: Context,
) -> CallReading | None:
    """Refuse what would change something, where not all words are understood.

    An order that is taken back in the same turn does not count; a day that does not exist
    is named, and so are words that nothing used.
    """
    acting = [draft for draft in drafts if toolset[draft.tool].effect != "read"]
    if not acting:
        return None
    language = meaning.language
    guessed = all(not draft.score for draft in acting)
    # A sentence that fits has met the "not" itself; a guess may have looked past it.
    denied = is_negated(read_words(turn)) or is_undone(turn)
    empty = any(is_nothing(draft.arguments, language) for draft in acting)
    if is_taken_back(turn) or empty or (guessed and denied):
        said = say("negated", language, toolset)
        return CallReading(
            unclear=f"{turn!r} takes itself back", said=said, is_answer=True
        )
    # In the order of what helps most: a day that does not exist says what to mend.
    titles = [str(draft.arguments.get("title", "")) for draft in acting]
    if any(rank_alone(title, language) is not None for title in titles):
        said = say("nothing_before", language, toolset)
        return CallReading(unclear=f"{turn!r} names a place in no list", said=said)
    untimed = [draft for draft in acting if _awaits_time(draft, kit)]
    timed = [draft for draft in acting if draft not in untimed]
    wrong = impossible_time(_without_literals(turn, timed, kit), language)
    if wrong:
        said = say("no_such_time", language, toolset, words=wrong)
        return CallReading(unclear=f"there is no {wrong!r}", said=said)
    undated = any(len(draft.arguments) == 1 for draft in untimed)
    plain = _without_literals(turn, acting, kit)
    if _hangs(turn, plain, acting, language, toolset) or (
        undated and hangs_undated(turn, language)
    ):
        said = say("condition", language, toolset, [draft.tool for draft in acting])
        return CallReading(unclear=f"{turn!r} hangs on a condition", said=said)
    left = [word for draft in acting for word in draft.left]
    left += [
        word
        for draft in acting
        # What is sent cannot be taken back, so that a time in it must not be
        # overlooked.
        if toolset[draft.tool].effect == "send"
        for word in _meant_for_later(turn, draft, kit, language, context)
    ]
    if left:
        words = " ".join(dict.fromkeys(left))
        said = say("not_understood", language, toolset, words=words)
        return CallReading(unclear=f"{words!r} was not understood", said=said)
    return None


def _awaits_time(draft: CallDraft, kit: Kit) -> bool:
    """Whether a call could have had a time, and has none.

    That of "on the 31st of April" was taken for words of what to be reminded of.
    """
    params = kit.params[draft.tool].values()
    times = [param.name for param in params if param.kind == "when"]
    return bool(times) and not any(name in draft.arguments for name in times)


def _hangs(
    turn: str, plain: str, acting: Sequence[CallDraft], language: str, toolset: Toolset
) -> bool:
    """Whether a request depends on an event that cannot be seen: "when I get home".

    A sentence of a tool that fits as a whole may contain a condition; a message to
    somebody may contain any; and there are tools that watch for one.
    """
    if all(watches(toolset[draft.tool].examples) for draft in acting):
        return False
    fits = all(d.score >= _FITS and not d.left and not d.missing for d in acting)
    if is_conditional(turn, language) or (waits_for(plain, language) and not fits):
        return True
    told = any(toolset[draft.tool].effect == "send" for draft in acting)
    return not told and arrives(turn, language)


def _meant_for_later(
    turn: str, draft: CallDraft, kit: Kit, language: str, context: Context
) -> tuple[str, ...]:
    """Return the words for a message's time, where its tool has no parameter for it."""
    params = kit.params[draft.tool].values()
    if any(param.kind in ("when", "duration") for param in params):
        return ()
    literal = next((param.name for param in params if param.verbatim), "")
    return told_when(turn, draft.arguments, literal, language, context)


def _without_literals(turn: str, drafts: Iterable[CallDraft], kit: Kit) -> str:
    """A turn without messages and other texts that are kept word for word."""
    for draft in drafts:
        params = kit.params[draft.tool]
        if not any(params[name].kind == "when" for name in draft.arguments):
            for value in map(str, draft.arguments.values()):
                # A mere number is no text: "25:00" was no label.
                if any(sign.isalpha() for sign in value):
                    turn = turn.replace(value, " ")
    return turn


def asks_for_what_is_off(
    turn: str,
    drafts: tuple[CallDraft, ...],
    meaning: Meaning,
    toolset: Toolset,
    context: Context,
) -> bool:
    """Whether sentences alone fit a turn that names what is off: "sync my calendar"."""
    off = off_for(turn, "", toolset, context.packs)
    likely = {choice.tool for choice in meaning.choices}
    # What the understanding does not think of either is a guess.
    unsure = meaning.verdict == "leave" or (
        meaning.verdict == "ask" and not any(one.tool in likely for one in drafts)
    )
    return bool(drafts) and bool(off) and off not in toolset and unsure


def is_guessed(
    turn: str, drafts: tuple[CallDraft, ...], meaning: Meaning, toolset: Toolset
) -> bool:
    """Whether a tool that only reads was guessed for a turn about what none does.

    What is looked for may be about anything: "find messages about the weather".
    """
    # English is known well enough for the sentences to tell.
    topic = topic_said(turn, meaning.language) if meaning.language != "en" else ""
    if not drafts or not topic:
        return False
    # A question of general knowledge is no search, whatever words were filled in.
    sought = () if topic == "question" else ("query", "text", "sender")
    return all(
        toolset[draft.tool].effect == "read"
        and (not draft.score or (not sought and draft.score < _FITS))
        and not any(param in draft.arguments for param in sought)
        for draft in drafts
    )


def _barred(
    turn: str, meaning: Meaning, near: list[str], toolset: Toolset
) -> CallReading | None:
    """Say why a turn that is half understood cannot be done; None without a reason."""
    language = meaning.language
    likely = [tool for tool in near if toolset[tool].effect != "read"]
    wrong = impossible_time(turn, language) if likely else ""
    if wrong:
        said = say("no_such_time", language, toolset, words=wrong)
        return CallReading(unclear=f"there is no {wrong!r}", said=said)
    if likely and waits_for(turn, language):
        said = say("condition", language, toolset, likely)
        return CallReading(unclear=f"{turn!r} hangs on a condition", said=said)
    if is_denied(turn, language) and meaning.topic not in ("quoted", "statement"):
        said = say("negated", language, toolset)
        return CallReading(unclear="it is denied", said=said)
    return None


def declined(
    turn: str, why: str, meaning: Meaning, toolset: Toolset, context: Context
) -> CallReading:
    """Decline a turn: say what it is about, what is off, and what would work."""
    near = [choice.tool for choice in meaning.choices]
    barred = _barred(turn, meaning, near, toolset)
    if barred is not None:
        return barred
    named_off = off_for(turn, "", toolset, context.packs)
    told = topic_said(turn, meaning.language)
    if told:
        key = key_of(meaning.topic)
        sure = meaning.topic_probability >= _KNOWN_TOPIC
        # The words of the turn win, unless the understanding is sure of what no tool
        # does.
        known = sure and is_foreign(key) and key != "sorry"
        # Corpora count the volume to the home, and its words name it.
        known = known and (meaning.topic, told) != ("home", "music")
        topic = meaning.topic if known else told
        meaning = replace(meaning, topic=topic, topic_probability=1.0, verdict="leave")
    # Asking which of the tools that are on is meant misleads where it is one that is
    # off.
    if meaning.verdict == "ask" and (not named_off or named_off in toolset):
        said = ask_which(meaning.language, toolset, near)
        return CallReading(unclear=why, said=said)
    topic = meaning.topic if meaning.topic_probability >= SURE_TOPIC else ""
    off = off_for(turn, topic, toolset, context.packs)
    on = on_for(turn, topic, toolset, context.packs)
    key = key_of(topic) if topic else "unclear"
    # Weather and music may be named beside a tool that is off; that no tool does them
    # is said then.
    if off and not is_foreign(key):
        key = "off"
    said = say(key, meaning.language, toolset, (on, *near), off=off)
    # What is foreign may be so in several ways, none of them likely alone.
    none = 1 - sum(choice.probability for choice in meaning.choices)
    surely = meaning.topic_probability >= _SURELY_FOREIGN or none >= _SURELY_NONE
    others = is_foreign(key) or topic == "other"
    foreign = bool(off) or (others and surely)
    answers = is_answer(key)
    return CallReading((), why, said=said, is_answer=answers, foreign=foreign, off=off)
