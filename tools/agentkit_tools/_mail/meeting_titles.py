"""What a meeting is called: by what it is about, by its thread, or by who asks."""

from __future__ import annotations

import re
from collections.abc import Iterable

from agentkit.slots import find_duration

# "review the budget": a verb of work, and what it is done to.
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
# "budget review", "call about the budget": up to two words before a thing, or what comes
# after it.
_NAMED = (
    rf"(?i)\b(?P<what>(?:(?!a\b|an\b|the\b|our\b|quick\b|short\b|another\b|next\b|this\b"
    rf"|follow-?up\b|for\b|have\b|do\b|with\b)[\w'-]+ ){{0,2}})\b(?P<thing>{_NAMED_THING})\b"
    rf"(?:\s+(?:about|on|for|regarding|re:?|to discuss|to talk about)\s+(?P<about>\w.*))?"
)
_ABOUT = re.compile(
    r"\b(?:about|regarding|on|over|concerning|catch up on|sync on)\s+(?P<what>\w.*)",
    re.I,
)
# \x00 marks where a time stood: "on \x00", "from \x00" go with it.
_TIME_LEFT = re.compile(
    r"(?<!\s)\s*\b(?:on|at|from|for|by|around|about|till|until|between|starting|say)\s*"
    r"(?=\x00|$|[,.?!;])|\x00",
    re.I,
)
# Where a sentence goes on to something that is no part of the title.
_STOP = (
    r"(?i)[?!;.,]|\s[-\u2013]\s|\b(?:together|please|if (?:that|you|it|this)|does that|would that"
    r"|is that|what do you|should be|would be|will be|and (?:could|can|please|bring|don't)"
    r"|but|so (?:that|we)|before (?:we|the|you|i)|when you|let me know|works?\b|instead"
    r"|with (?:me|us|you)|once|after (?:we|the|that)|because|since|as (?:we|soon))\b"
)
# "Re: AW: Fwd: ", in the words of mail programs in all of the languages.
_SUBJECT = re.compile(r"^(?:(?:re|fwd?|aw|wg|tr|rv|enc|res|i)\s*:\s*)+", re.I)
_ARTICLE = re.compile(r"^(?:the|our|your|my|a|an)\s+", re.I)
_EMPTY = re.compile(r"^(?:it|that|this|them|things?|everything|you|me|us|all)?$", re.I)


def title_of(
    sentence: str,
    spans: Iterable[tuple[int, int]],
    subject: str,
    writer: str,
    language: str = "en",
) -> str:
    """Name a meeting by what it is about, else by its thread, else by who asks.

    Not covered: what it is about in other languages than English; its thread serves.
    """
    topic = topic_of(subject)[:80]
    if language in ("en", ""):
        words = _without_times(sentence, spans)
        for made in (_from_work(words), _from_thing(words, writer), _from_about(words)):
            if made:
                return made[:1].upper() + made[1:]
    return topic or _WITH.get(language, _WITH["en"]).format(writer)


_WITH = {
    "en": "Meeting with {}", "de": "Treffen mit {}", "fr": "Rendez-vous avec {}",
    "it": "Incontro con {}", "pt": "Encontro com {}", "es": "Reunión con {}",
    "hi": "{} के साथ मीटिंग", "th": "นัดกับ {}",
}  # fmt: skip


def topic_of(subject: str) -> str:
    """Return a subject without "Re:" and "Fwd:"."""
    return _SUBJECT.sub("", subject).strip()


def _without_times(sentence: str, spans: Iterable[tuple[int, int]]) -> str:
    lengths = [(hit.start_index, hit.end_index) for hit in find_duration(sentence)]
    # From the end on, so that earlier places stay right.
    for start, end in sorted([*spans, *lengths], reverse=True):
        sentence = f"{sentence[:start]}\x00{sentence[end:]}"
    # Twice: "from \x00 to \x00" leaves another "from" behind.
    return " ".join(_TIME_LEFT.sub(" ", _TIME_LEFT.sub("\x00", sentence)).split())


def _cut(text: str) -> str:
    """Keep what stands before the sentence goes on to something else."""
    match = re.search(_STOP, text)
    short = text[: match.start()] if match else text
    # A title of more words is a sentence.
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
    # A thing with a topic first, then with a kind; a meal is named by who asks.
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
