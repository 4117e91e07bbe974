"""Clauses that ask or promise: where one begins, and what of it is the thing to do."""

from __future__ import annotations

import re

from agentkit_tools._mail.mentioned_times import (
    Deadline,
)
from agentkit_tools._mail.utterances import Utterance

# How English asks, to tell an item without its "could you".
_DO = (
    "send|call|e-?mail|text|reply|respond|answer|bring|buy|get|grab|book|reserve|review"
    "|check|sign|pay|transfer|confirm|prepare|update|submit|finish|complete|fill|read"
    "|return|order|pick|drop|schedule|share|upload|write|print|cancel|renew|register"
    "|ask|tell|remind|let|give|take|make|put|add|remove|fix|move|look|clean|wash|water"
    "|feed|collect|post|mail|contact|arrange|organi[sz]e|set|follow|forward|approve"
    "|proofread|test|deploy|merge|translate|scan|download|install|help|decide|choose"
    "|vote|chip|drop|proof|draft|invite|pack|change|correct|send|finali[sz]e|hand|see to"
)
# Compiled at first use: starting a program should not pay for them.
_REQUESTS = (
    r"\bwould you mind (?P<what>\w+ing\b.+)",
    r"\b(?:can|could|would|will) (?:you|one of you|someone|anyone)"
    r"(?: all| both| two)?(?: please| also| maybe| possibly| kindly| quickly"
    r"| perhaps| then)*,? (?P<what>(?!be\b|believe|imagine|guess|come\b|make it\b"
    r"|join|attend|meet\b|do (?:\w+day|tomorrow|at|it)\b)\w.+)",
    r"\b(?:please|pls|plz|kindly)(?: also| then| just)?,? (?P<what>(?!find\b|note\b"
    r"|see\b|feel free|excuse|accept|ignore|don't hesitate)\w.+)",
    r"\bi(?:'d| would| do)? (?:still )?(?:need|want|like) you(?: all| both)? to "
    r"(?P<what>.+)",
    r"\b(?:we|i)(?: still| will| would)? need (?P<what>(?:your|the|a|an|it|them) "
    r".*\b(?:from you|by|before|until)\b.*)",
    r"\b(?:do not|don't) forget(?: to)? (?P<what>.+)",
    r"\bremember to (?P<what>.+)",
    r"\b(?:make|be) sure(?: to| that| you)* (?P<what>.+)",
    r"\byou(?:'ll| will)?(?: still| also)? (?:need|have|are supposed|ought) to "
    r"(?P<what>.+)",
    r"\byou (?:must|should)(?: also)? (?P<what>(?!be\b|have\b|know\b|see\b|try\b)"
    r".+)",
    r"\b(?:waiting|wait) (?:for|on) (?P<what>your .+)",
    rf"^(?:(?:also|and|then|so|next|first|finally|btw|ps|p\.s\.)[,:]? )?"
    rf"(?P<what>(?:{_DO}) (?!(?:that|this|it|he|she|they|was|is|me to you)\b.{{0,9}}$)"
    rf".+)",
)
# Compiled at first use: starting a program should not pay for them.
_PROMISE = (
    r"(?i)\b(?:i'll|i will|i'm going to|i am going to|i promise to|i can|let me|we'll"
    r"|we will)(?: also| then| just| definitely| still| personally| try to| gladly)* "
    r"(?P<what>(?!be\b|see\b|miss\b|never\b|always\b|think\b|have to\b|need\b|love\b"
    r"|probably\b|know\b|let you\b|not\b|remember you\b|survive\b|wait\b|go\b|come\b"
    r"|imagine\b|tell you\b|understand\b|hardly\b|only\b|do my best\b|make it\b|meet\b"
    r"|hear\b|live\b|say\b|explain\b|decide\b|look for\b|propose\b|definitely be\b|join\b|happily\b)\w+ .+)"
)
# Politeness at the end of a request: "..., please, if you have time".
_TAIL = re.compile(
    r"\s*(?:,? ?(?:please|pls|thanks|thank you|if (?:you can|possible|that works"
    r"|you (?:have|get) (?:time|a minute|a chance))|ok\??|okay\??|would you|will you"
    r"|for me))*[\s.!?…:;,)]{0,40}$",
    re.I,
)
# What is said to be polite, at either end of a request in other languages.
_POLITE = re.compile(
    r"^(?:bitte|und bitte|und|por favor|porfa|merci de|merci|per favore|also|and|then|so)"
    r"[,:]?\s+|(?<![,\s])[,\s]+(?:bitte|danke|por favor|porfa|gracias|s'il (?:te|vous) pla[iî]t|stp"
    r"|merci|per favore|grazie|por gentileza|obrigad[oa])(?=[\s.!?]*$)",
    re.I,
)
# Characters that a task is cut to, and words that it has at least.
_LONGEST, _SHORTEST = 200, 2


def clauses(sentence: str) -> list[str]:
    """Split where a second request begins: "..., and please sign it"."""
    pattern = (
        r"(?:,|;|\bbut\b|\band\b|\bso\b)\s+(?:and |also |then )*(?="
        r"(?:please|pls|don't forget|do not forget|remember to|could you|can you"
        r"|would you|will you|i'll|i will|make sure|you need to|you have to)\b)"
    )
    plain = _CONDITION.sub("", sentence)
    return [part.strip(" ,;") for part in re.split(pattern, plain, flags=re.I)]


# "Once you have a minute, send Oskar the recipe."
_CONDITION = re.compile(
    r"^(?:once|when|if|after|as soon as|before|wenn|falls|sobald|si|quand|cuando|quando"
    r"|se|dès que)\s[^,.;]{3,50},\s",
    re.I,
)


def request_in(text: str) -> str:
    """Return what a clause asks for, without its "could you"; empty where nothing is."""
    for pattern in _REQUESTS:
        match = re.search(pattern, text, re.I)
        what = _clean(match["what"]) if match else ""
        if what:
            return what
    return _clean(text)


def promise_in(clause: Utterance) -> str:
    """Return what the writer promises; empty when nothing, or when it is a question."""
    if clause.text.rstrip().endswith("?") or clause.kind in ("meeting", "moved"):
        return ""
    # English is taken apart; of other languages the sentence stands as it is.
    match = re.search(_PROMISE, clause.text)
    if match:
        return _clean(match["what"])
    return _clean(clause.text) if clause.shows("promise") else ""


def _clean(what: str) -> str:
    short = _TAIL.sub("", " ".join(what.split()))
    short = _POLITE.sub("", short)
    return short[:_LONGEST] if len(short.split()) >= _SHORTEST else ""


def without_time(what: str, due: Deadline | None) -> str:
    """Take the words of the time out: it is given beside."""
    if due is None or not due.words or due.words not in what:
        return what
    left = " ".join(what.replace(due.words, " ").split())
    left = re.sub(r" (?=[,;.:])", "", left)
    return _clean(left) or what
