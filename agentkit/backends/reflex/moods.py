"""Whether a request asks, or orders something to be done, and what; or takes it back."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from agentkit.backends.reflex.english import FUNCTION, NEGATIONS, Act, word_set
from agentkit.backends.reflex.request_tokens import RequestWord

Mood = Literal["", "say", "ask", "set", "remove", "send", "move", "finish"]

_WH = word_set("what when where who which whose how_many how_much how_long how any")
_AUX = word_set("do be have will")
_MOODS: dict[Act, Mood] = {
    "show": "ask", "set": "set", "remove": "remove", "send": "send", "move": "move",
    "finish": "finish",
}  # fmt: skip
# Who begins so tells something: "I need milk", "there is no milk".
_SAYING = word_set("i we there it")
# Nouns that are orders at the head of a clause: "text mum", and not "texts from mum".
_WRITING = word_set("text email mail message")
_ABOUT = word_set("from about by of in")
# Verbs that are said of anything: they show no mood.
_SOFT = word_set("need want get give have be do provide take keep run mark update")


def mood_of(words: tuple[RequestWord, ...]) -> Mood:
    """Read the mood off a clause whose courtesies are gone; empty when unsure."""
    if not words:
        return ""
    first = words[0]
    # The order counts: "what" before "do", so that "what do I not have" asks.
    if first.stem in _WH:
        return "ask"
    if len(words) > 1 and first.stem == "do" and words[1].stem == "not":
        return "say"
    if first.stem in _AUX and len(words) > 1 and not first.norm.endswith("ing"):
        return "ask"
    if first.norm in _SAYING:
        return "say"
    if first.norm in _WRITING and len(words) > 1 and words[1].norm not in _ABOUT:
        return "send"
    if first.act and first.stem not in _SOFT:
        return _MOODS.get(first.act, "")
    # "Tomorrow what is on", "and when do I".
    for word in words[1:3]:
        if word.stem in _WH and first.norm != "i":
            return "ask"
    return ""


@lru_cache(256)
def nearest(request: Mood, patterns: frozenset[Mood]) -> float:
    """How near the best of several moods is to a request's."""
    return max((differ(request, pattern) for pattern in patterns), default=1.0)


def differ(request: Mood, pattern: Mood) -> float:
    """How far apart two moods are: 1 for equal or unsure, less for others."""
    if request == pattern:
        return 1.0
    if not request or not pattern:
        # Nobody says "remove" and means to add, whatever the rest is like.
        # Unsure costs next to nothing: most requests that order something show no mood.
        return 0.75 if request == "remove" else 0.97
    pair = {request, pattern}
    # A statement may be an order ("I need milk"), and is hardly ever a question.
    if "say" in pair:
        return 0.7 if "ask" in pair else 0.95
    # Of these the verbs overlap: "put", "push", "mark".
    if pair in ({"set", "send"}, {"set", "move"}, {"set", "finish"}):
        return 0.9
    # An order that is taken for a question only shows something; two orders that are
    # mixed up change the wrong thing.
    return 0.7 if "ask" in pair else 0.6


_TAKEN_BACK = re.compile(
    r"\?\s*(?:no(?:pe)?(?: way| thanks?)?|never|not (?:a chance|really|at all)|hell no"
    r"|just kidding|jk|nein|non|nicht|não|nunca|nunca jamás)\W*$",
    re.IGNORECASE,
)


def is_taken_back(turn: str) -> bool:
    """Whether a turn asks about an order and denies it: "delete it? no way"."""
    return bool(_TAKEN_BACK.search(turn))


# What did not happen is told, and nothing is wanted: "my alarm didn't ring at 7".
_NOT_DONE = re.compile(
    r"\W*(?:my|our|the|his|her|their)\s+(?:\w+\s+){1,4}?(?:did|was|were|has|have|had)"
    r"(?:n['\u2019]?t|\s+not|\s+never)\b",
    re.IGNORECASE,
)


def is_undone(turn: str) -> bool:
    """Whether a turn tells what did not happen: "my alarm didn't ring at 7"."""
    return bool(_NOT_DONE.match(turn))


# How far into a request a "not" is one of the order itself.
_HEAD = 6


def is_negated(words: tuple[RequestWord, ...]) -> bool:
    """Whether an order is said not to be carried out: "not going to cancel it".

    "I can't make it" and "I'm not going to yoga" deny no order.
    """
    for place, word in enumerate(words[:_HEAD]):
        unable = place and words[place - 1].norm in ("can", "will", "could")
        if word.stem not in NEGATIONS or unable:
            continue
        behind = (w for w in words[place + 1 :] if w.stem not in FUNCTION)
        verb = next(behind, None)
        if verb is not None and verb.act:
            return True
    return False
