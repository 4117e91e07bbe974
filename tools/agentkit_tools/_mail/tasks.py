"""What a message asks somebody to do, and what its writer promises."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from agentkit_tools._mail.meetings import speaks_of_meeting
from agentkit_tools._mail.mentioned_times import Due, deadline, named_time
from agentkit_tools._mail.sentences import telling

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
    r"\b(?:can|could|would|will) (?:you|one of you|someone|anyone)"
    r"(?: all| both| two)?(?: please| also| maybe| possibly| kindly| quickly"
    r"| perhaps| then)*,? (?P<what>(?!be\b|believe|imagine|guess|come\b|make it\b"
    r"|join|attend|meet\b|do (?:\w+day|tomorrow|at|it)\b)\w.+)",
    r"\bwould you mind (?P<what>\w+ing\b.+)",
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
_DUE = (
    r"(?i)\w (?:is|are) (?:due|needed|required|to be (?:sent|paid|handed in))\b"
    r"|\w (?:must|has to|have to|needs? to|should) be "
    r"(?:sent|paid|done|signed|finished|submitted|returned|ready|handed in|filed)\b"
    r"|\b(?:deadline|due date) (?:for|of) .{1,80} is\b"
)
_PROMISE = (
    r"(?i)\b(?:i'll|i will|i'm going to|i am going to|i promise to|i can|let me|we'll"
    r"|we will)(?: also| then| just| definitely| still| personally| try to| gladly)* "
    r"(?P<what>(?!be\b|see\b|miss\b|never\b|always\b|think\b|have to\b|need\b|love\b"
    r"|probably\b|know\b|let you\b|not\b|remember you\b|survive\b|wait\b|go\b|come\b"
    r"|imagine\b|tell you\b|understand\b|hardly\b|only\b|do my best\b|make it\b|meet\b"
    r"|hear\b|live\b|say\b|explain\b|definitely be\b|join\b|happily\b)\w+ .+)"
)
_THEN = re.compile(r"\b(?:before|by|until) (?:then|that)\b", re.I)
_PAST = re.compile(r"\b(?:already|yesterday|last (?:week|night|month))\b", re.I)
_TAIL = re.compile(
    r"\s*(?:,? ?(?:please|pls|thanks|thank you|if (?:you can|possible|that works"
    r"|you (?:have|get) (?:time|a minute|a chance))|ok\??|okay\??|would you|will you"
    r"|for me))*[\s.!?…:;,)]*$",
    re.I,
)
_ABOUT_US = re.compile(r"\b(?:could|can|shall|should|let's|lets) we\b", re.I)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something to do that one sentence names.

    Attributes:
        by_writer: the writer promises it; else the readers are asked.
    """

    what: str
    by_writer: bool
    due: Due | None = None


def wanted_in(text: str, sent: datetime) -> list[Wanted]:
    """Return what a message asks for and promises, in its order."""
    found: list[Wanted] = []
    told: Due | None = None
    for sentence in telling(text):
        for clause in _clauses(sentence):
            item = _wanted(clause, sent, told)
            if item and all(item.what != other.what for other in found):
                found.append(item)
        named = named_time(sentence, sent)
        told = Due(named.start, all_day=False) if named else told
    return found


def _clauses(sentence: str) -> list[str]:
    """Split where a second request begins: "..., and please sign it"."""
    pattern = (
        r"(?:,|;|\bbut\b|\band\b|\bso\b)\s+(?:and |also |then )*(?="
        r"(?:please|pls|don't forget|do not forget|remember to|could you|can you"
        r"|would you|will you|i'll|i will|make sure|you need to|you have to)\b)"
    )
    return [part.strip(" ,;") for part in re.split(pattern, sentence, flags=re.I)]


def _wanted(clause: str, sent: datetime, told: Due | None) -> Wanted | None:
    if speaks_of_meeting(clause, sent):
        return None
    what, by_writer = _request(clause), False
    if not what:
        what, by_writer = _promise(clause), True
    if not what:
        return None
    due = told if _THEN.search(clause) else deadline(clause, sent)
    if due and due.words and due.words in what:
        what = _clean(" ".join(what.replace(due.words, " ").split())) or what
    return Wanted(what, by_writer, due)


def _request(clause: str) -> str:
    for pattern in _REQUESTS:
        match = re.search(pattern, clause, re.I)
        if match:
            return _clean(match["what"])
    match = re.search(_DUE, clause)
    if match and not _PAST.search(clause):
        return _clean(clause)
    return ""


def _promise(clause: str) -> str:
    match = re.search(_PROMISE, clause)
    if not match or clause.rstrip().endswith("?") or _ABOUT_US.search(clause):
        return ""
    return _clean(match["what"])


def _clean(what: str) -> str:
    short = _TAIL.sub("", " ".join(what.split()))
    return short[:200] if len(short.split()) >= 2 else ""
