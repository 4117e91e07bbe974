"""Meetings that messages ask for or agree on, with a title and a time of day."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from agentkit.slots import find_duration
from agentkit_tools._mail.mentioned_times import Named, day_named, length, named_time
from agentkit_tools._mail.sentences import telling

_WORK = (
    r"(?i)\b(?P<verb>discuss|review|go over|go through|prepare|plan|look at|finali[sz]e"
    r"|walk through|rehearse|debrief|work on|kick off|decide on|compare|present)\b"
    r"\s+(?P<what>\w.*)"
)
_NAMED_THING = (
    r"meeting|call|sync|catch-?up|follow-?up|review|workshop|interview|demo|lunch"
    r"|dinner|breakfast|coffee|stand-?up|retro|retrospective|check-?in|kick-?off"
    r"|session|chat|debrief|presentation|rehearsal|appointment|viewing|drink|walk"
)
_NAMED = (
    rf"(?i)\b(?P<what>(?:(?!a\b|an\b|the\b|our\b|quick\b|short\b|another\b|next\b|this\b"
    rf"|follow-?up\b|for\b|have\b|do\b|with\b)[\w'-]+ ){{0,2}})\b(?P<thing>{_NAMED_THING})\b"
    rf"(?:\s+(?:about|on|for|regarding|re:?|to discuss|to talk about)\s+(?P<about>\w.*))?"
)
_ABOUT = re.compile(
    r"\b(?:about|regarding|on|over|concerning|catch up on|sync on)\s+(?P<what>\w.*)",
    re.I,
)
_TIME_LEFT = re.compile(
    r"\s*\b(?:on|at|from|for|by|around|about|till|until|between|starting|say)\s*"
    r"(?=\x00|$|[,.?!;])|\x00",
    re.I,
)
_STOP = (
    r"(?i)[?!;.,]|\s[-\u2013]\s|\b(?:together|please|if (?:that|you|it|this)|does that|would that"
    r"|is that|what do you|should be|would be|will be|and (?:could|can|please|bring|don't)"
    r"|but|so (?:that|we)|before (?:we|the|you|i)|when you|let me know|works?\b|instead"
    r"|with (?:me|us|you)|once|after (?:we|the|that)|because|since|as (?:we|soon))\b"
)
_SUBJECT = re.compile(r"^(?:(?:re|fwd?|aw|wg)\s*:\s*)+", re.I)
_ARTICLE = re.compile(r"^(?:the|our|your|my|a|an)\s+", re.I)
_EMPTY = re.compile(r"^(?:it|that|this|them|things?|everything|you|me|us|all)?$", re.I)


def title_of(
    sentence: str, spans: Iterable[tuple[int, int]], subject: str, writer: str
) -> str:
    """Name a meeting by what it is about, else by its thread, else by who asks."""
    words = _without_times(sentence, spans)
    for made in (_from_work(words), _from_thing(words, writer), _from_about(words)):
        if made:
            return made[:1].upper() + made[1:]
    topic = _SUBJECT.sub("", subject).strip()
    return topic[:80] or f"Meeting with {writer}"


def _without_times(sentence: str, spans: Iterable[tuple[int, int]]) -> str:
    lengths = [(hit.start_index, hit.end_index) for hit in find_duration(sentence)]
    for start, end in sorted([*spans, *lengths], reverse=True):
        sentence = f"{sentence[:start]}\x00{sentence[end:]}"
    return " ".join(_TIME_LEFT.sub(" ", _TIME_LEFT.sub("\x00", sentence)).split())


def _cut(text: str) -> str:
    """Keep what stands before the sentence goes on to something else."""
    match = re.search(_STOP, text)
    short = text[: match.start()] if match else text
    words = short.split()[:8]
    while words and words[-1].lower() in (
        "on",
        "at",
        "for",
        "with",
        "the",
        "to",
        "and",
    ):
        words.pop()
    joined = " ".join(words)
    return "" if _EMPTY.match(joined) else joined


def _from_work(words: str) -> str:
    match = re.search(_WORK, words)
    what = _cut(match["what"]) if match else ""
    return f"{match['verb'].lower()} {what}" if match and what else ""


def _from_thing(words: str, writer: str) -> str:
    for match in re.finditer(_NAMED, words):
        thing = match["thing"]
        about = _ARTICLE.sub("", _cut(match["about"] or ""))
        if about:
            return f"{thing}: {about}"
        kind = match["what"].strip()
        if kind and kind[0].islower() and not re.search(r"\b(?:we|i|you)\b", kind):
            return f"{kind} {thing}"
        if thing.lower() in ("lunch", "dinner", "breakfast", "coffee", "drink", "walk"):
            return f"{thing} with {writer}"
    return ""


def _from_about(words: str) -> str:
    match = _ABOUT.search(words)
    return _ARTICLE.sub("", _cut(match["what"])) if match else ""


_MEET = (
    r"(?:meet|meeting|talk|speak|chat|catch up|sync(?: up)?|discuss|go (?:over|through)"
    r"|get together|have (?:a|an|another|our|the|lunch|dinner|breakfast|coffee)"
    r"|do (?:a|an|our|the|lunch|dinner|it)|grab|sit down|connect|review|look at|walk"
    r"|schedule|set up|hop on|jump on|touch base|plan|prepare|follow up|hold|arrange"
    r"|see each other|make it|say|reconvene|debrief|finali[sz]e|rehearse|interview)"
)
_THING = (
    r"(?:meeting|call|video call|phone call|sync|catch-?up|follow-?up|review|workshop"
    r"|interview|demo|lunch|dinner|breakfast|coffee|appointment|stand-?up|retro"
    r"|retrospective|check-?in|kick-?off|one-on-one|1:1|session|chat|debrief"
    r"|presentation|rehearsal|get-together|consultation|viewing)"
)
_ASK = (
    rf"(?i)\b(?:(?:can|could|shall|should|may|might|would) (?:we|you and i|the \w+ of us)"
    rf"(?: all| both| maybe| perhaps| please| possibly| quickly)* {_MEET}"
    rf"|(?:let's|let us|lets|we should|we could|we can|we need to|we'll|we will)"
    rf"(?: all| both| maybe| perhaps| then| quickly| just)* {_MEET}"
    rf"|(?:can|could|would|will) you(?: please| also| maybe)*"
    rf" (?:join|come|make|attend|meet|do|talk|speak)\b"
    rf"|(?:i'd|i would) (?:like|love) (?:us )?to {_MEET}"
    rf"|are you(?: both| all| two)? (?:free|available|around)"
    rf"|(?:how|what) about\b|(?:does|would|is|will) .{{2,60}} (?:work|suit|ok|okay|good"
    rf"|fit|convenient)\b|works? (?:best |fine |well |great )?for (?:me|us|you)\b"
    rf"|(?:follow-?up|another|next|quick|short|proposed?|propose|suggest|schedule|book"
    rf"|set up|put down|planned|invite you to|looking at|arranged?|join (?:us|me) for)\b"
    rf".{{0,40}}\b{_THING}\b|\b{_THING}\b.{{0,30}}\b(?:on|at|for|is|tomorrow|this|next)\b"
    rf"|(?:see you|meet (?:you|me|us)|talk to you|speak to you)\b"
    rf"|we(?:'re| are) (?:meeting|on for|set for|seeing)"
    rf"|i(?:'ve| have)? (?:put|booked|reserved|blocked) .{{0,40}}\b{_THING}\b"
    rf"|meet(?:ing)?\b.{{0,40}}\b(?:on|at|tomorrow|this|next)\b)"
)
_COUNTER = (
    r"(?i)\b(?:instead|rather|better|move (?:it|that|our|the)|push (?:it|that|our|the)"
    r"|reschedule|change (?:it|that) to|make (?:it|that)|how about|what about"
    r"|shall we say|let's say|(?:works?|suits?) (?:better|for me|for us|fine|well))\b"
)
_CALL_OFF = (
    r"(?i)\b(?:(?:can't|cannot|can not|won't|unable to) (?:make|do|attend|come|join|be)"
    r"|doesn't work|does not work|don't work|won't work|have to cancel|need to cancel"
    r"|call(?:ed)? off|let's (?:skip|cancel|drop|postpone)|is (?:cancelled|canceled"
    r"|off|postponed)|not possible)\b"
)
_CLOSED = (
    r"(?i)\b(?:was|were|went|had|met|talked|spoke)\b.{0,60}\b(?:yesterday|last|ago|earlier)\b"
    r"|\bthanks? (?:you )?for\b"
)
_CALL = re.compile(r"\b(?:call|chat|sync|check-?in|stand-?up|1:1|one-on-one)\b", re.I)
_SHORT, _LONG = timedelta(minutes=30), timedelta(hours=1)
_LONGEST = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Note:
    """One message of a thread, as the rules read it.

    Attributes:
        index: its place among the messages, to name the source by.
        writer: first name of who wrote it.
    """

    index: int
    text: str
    subject: str
    sent: datetime
    writer: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting as a thread settles it.

    Attributes:
        index: the message that named its time last.
        words: all sentences that speak of it, for names of people.
    """

    title: str
    start: datetime
    duration: timedelta
    index: int
    words: str


def speaks_of_meeting(sentence: str, sent: datetime) -> bool:
    """Tell whether a sentence asks to meet at a time of day."""
    return _names_meeting(sentence) and named_time(sentence, sent) is not None


def _names_meeting(sentence: str) -> bool:
    return bool(re.search(_ASK, sentence)) and not re.search(_CLOSED, sentence)


def meetings_in(thread: Iterable[Note]) -> list[Meeting]:
    """Follow a thread, oldest first, and return the meetings that stand at its end."""
    settled: list[Meeting] = []
    for note in thread:
        day: datetime | None = None
        for sentence in telling(note.text):
            settled = _heard(settled, sentence, note, day)
            day = day_named(sentence, note.sent) or day
    return settled


def _heard(
    settled: list[Meeting], sentence: str, note: Note, day: datetime | None
) -> list[Meeting]:
    """Take one more sentence into account."""
    last = settled[-1] if settled else None
    moves = last is not None and re.search(_COUNTER, sentence)
    base = day or (last.start if moves and last else None)
    named = named_time(sentence, note.sent, base)
    called_off = re.search(_CALL_OFF, sentence)
    if last and called_off and not _again(sentence, named, called_off.end()):
        return settled[:-1]
    if named is None:
        return _lengthened(settled, sentence, note)
    if last and moves:
        moved = replace(last, start=named.start, index=note.index)
        return [*settled[:-1], replace(moved, words=f"{last.words} {sentence}")]
    if not _names_meeting(sentence) or named.start < note.sent:
        return settled
    new = _meeting(sentence, named, note)
    if last and new.start == last.start:
        return [*settled[:-1], replace(last, words=f"{last.words} {sentence}")]
    return [*settled, new]


def _again(sentence: str, named: Named | None, after: int) -> bool:
    """Whether a new time stands behind the words that call the old one off."""
    return named is not None and any(start >= after for start, _ in named.spans)


def _lengthened(settled: list[Meeting], sentence: str, note: Note) -> list[Meeting]:
    """Add what a later sentence of the same message tells: its length, its guests."""
    if not settled or settled[-1].index != note.index:
        return settled
    last = settled[-1]
    told = length(sentence)
    words = f"{last.words} {sentence}"
    return [*settled[:-1], replace(last, duration=told or last.duration, words=words)]


def _meeting(sentence: str, named: Named, note: Note) -> Meeting:
    told = length(sentence, named.spans)
    ranged = named.end - named.start if named.end else None
    if ranged is not None and ranged > _LONGEST:
        ranged = None
    usual = _SHORT if _CALL.search(sentence) else _LONG
    return Meeting(
        title=title_of(sentence, named.spans, note.subject, note.writer),
        start=named.start,
        duration=told or ranged or usual,
        index=note.index,
        words=sentence,
    )
