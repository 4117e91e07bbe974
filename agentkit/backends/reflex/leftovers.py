"""What is left over of a request: words that nothing used."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from agentkit.backends.reflex.clauses import Clause
from agentkit.backends.reflex.english import said_as, word_set
from agentkit.backends.reflex.matcher import Match
from agentkit.backends.reflex.request_tokens import RequestWord, read_number, read_words
from agentkit.backends.reflex.slot_values import Arguments
from agentkit.context import Context
from agentkit.language.numbers import counted_word
from agentkit.slots import find_when
from agentkit.slots.when import LONGEST_TEXT
from agentkit.tools.schema.json_schema import is_list
from agentkit.understanding import Reading as Meaning
from agentkit.understanding import Span

_EDGES = " \t\r\n,;:.!?"
# Said with any request, and heard by nobody.
COURTESIES = word_set(
    "uh uhh uhm um umm er erm hmm hm like maybe perhaps kinda sorta ish please thanks "
    "thank kindly quickly hey hi hello dear okay sure yeah yep cheers ta lol btw asap "
    "pls plz thx ty tysm"
)


def passed_over(
    words: tuple[RequestWord, ...],
    clauses: tuple[Clause, ...],
    found: Sequence[Arguments],
    text: str,
) -> tuple[str, ...]:
    """List the content words before a request that are in no clause."""
    heard = {(word.start, word.end) for one in clauses for word in one.words}
    # A word outside of all clauses may be in a value all the same.
    said = " ".join(way for one in found for way in texts_of(one)).lower()
    return tuple(
        text[word.start : word.end]
        for word in words
        if (word.start, word.end) not in heard
        and word.content
        and word.norm not in COURTESIES
        and not holds(said, word.norm)
    )


def unaccounted(match: Match, arguments: Arguments, text: str) -> tuple[str, ...]:
    """List the words of a clause that nothing used.

    A word is accounted for when the sentence has it, an argument holds it, or it is one
    that says nothing by itself, such as "please" and "the".
    """
    places = _taken(match, arguments)
    held = [_extent(value, text) for value in texts_of(arguments)]
    said = " ".join(texts_of(arguments)).lower()
    left: list[str] = []
    for place, word in enumerate(match.words):
        # By place first: a value holds its words however they are spelled.
        inside = any(start < word.end and word.start < end for start, end in held)
        # "Two" is 2 in an argument.
        counted = read_number(word.norm) if word.kind == "number" else ""
        if (
            place in places
            or inside
            or holds(said, word.norm)
            or (counted and holds(said, counted))
        ):
            continue
        if word.norm in COURTESIES:
            continue
        # "Add 5 minutes to the timer": what is made longer is not made.
        shifts = word.norm in _TOWARDS and place and _is_length(match, place - 1)
        if word.kind != "word" or word.content or shifts:
            start, end = _gap_around(match, place) or (word.start, word.end)
            left.append(text[start:end].strip())
    return tuple(dict.fromkeys(left))


_TOWARDS = ("to", "from", "off")


def _is_length(match: Match, place: int) -> bool:
    return match.words[place].kind == "duration"


def _gap_around(match: Match, place: int) -> tuple[int, int] | None:
    """Where the words are that "..." took with one: "when I get home" is one thing."""
    for step, span in zip(match.fit.pattern.steps, match.fit.spans, strict=True):
        if span and not step.stems and not step.param and place in range(*span):
            return match.words[span[0]].start, match.words[span[1] - 1].end
    return None


def holds(said: str, word: str) -> bool:
    """Whether a text has a word, and not as a part of another: the 2 of "1/2"."""
    return bool(re.search(rf"(?<![\w/.]){re.escape(word)}(?![\w/])", said))


def _taken(match: Match, arguments: Arguments) -> set[int]:
    """The places of a clause's words that the sentence, or an argument's slot, took."""
    steps = zip(match.fit.pattern.steps, match.fit.spans, strict=True)
    return {
        place
        for step, span in steps
        # What "..." stands for is heard by nobody.
        if span and (step.stems or (step.param and step.param.name in arguments))
        for place in range(*span)
    }


def texts_of(arguments: Arguments) -> list[str]:
    """The words that arguments may stand for: "daily" was said as "every day"."""
    lists = (value if is_list(value) else [value] for value in arguments.values())
    texts = (str(one) for each in lists for one in each)
    return [way for text in texts for way in (text, *said_as(text))]


def _extent(value: str, text: str) -> tuple[int, int]:
    start = text.lower().find(value.lower())
    return (start, start + len(value)) if start >= 0 and value else (0, 0)


# So large a share of words that say nothing is another language, or another request:
# half of what such requests did, in languages that nobody was trained on, was wrong.
_STRANGE = 0.3
_PUT_OFF = re.compile(r"\W*(?:please\s+)?(schedule|queue|delay|postpone)\b", re.I)
# What leads on to somebody's words, in the eight languages.
_LEADS_ON = re.compile(
    r"\s*(?::|(?:saying|that|to say|to tell|telling|asking|with the (?:words?|text|message)"
    r"|dass|que|che|कि|ว่า)(?=\s))",
    re.I,
)


def told_when(
    turn: str, arguments: Arguments, literal: str, language: str, context: Context
) -> tuple[str, ...]:
    """List the words that put a message off, which a tool that sends at once would ignore.

    "Text Ana tonight that dinner is ready": tonight is no part of the message.

    Args:
        turn: what the user says.
        arguments: those of a call without a time.
        literal: the name of the parameter with the message.
        language: that of the turn.
        context: the clock.
    """
    # "Schedule a text to Ana": a tool that sends at once cannot do that.
    put_off = _PUT_OFF.match(turn)
    left = [put_off[1]] if put_off else []
    said = str(arguments.get(literal, ""))
    if not said:
        return tuple(left)
    if turn.partition(said)[0].rstrip().endswith((":", *"\"'\u201c\u2018")):
        # Behind a colon all of it is the message.
        return tuple(left)
    for hit in find_when(said[:LONGEST_TEXT], context.now, locale=language)[:1]:
        between = said[: hit.start_index].strip()
        # "Tonight that dinner is ready" begins with a time, and the message is behind
        # "that".
        if not between and _LEADS_ON.match(said, hit.end_index):
            left.append(hit.text)
    return tuple(left)


_TOLD = re.compile(r"\b(?:saying|with the (?:words?|text|message))\W+(.+)$", re.I)


def left_of_spans(
    meaning: Meaning, arguments: Mapping[str, Any], text: str, context: Context
) -> tuple[str, ...]:
    """List the words of an English request that nothing used.

    For other languages, check the spans, and whether the rest was understood at all:
    which single words of them say nothing by themselves is not known here.
    """
    said = " ".join(str(value) for value in arguments.values()).lower()
    left = [
        text[span.start : span.end]
        for span in meaning.spans
        if span.role in ("time", "duration", "number")
        and not _is_said(span, text, said)
    ]
    if meaning.language != "en":
        strange = [w for w in meaning.words if w.became == "not understood"]
        much = len(strange) >= _STRANGE * len(meaning.words)
        found = [text[w.start : w.end] for w in strange] if much else []
        return tuple(dict.fromkeys([*left, *found]))
    told = _TOLD.search(text)
    # "Saying hello": here a greeting is the message, and no courtesy.
    if told and not holds(said, told[1].strip(_EDGES).lower()):
        left.append(told[1])
    known = {(w.start, w.end): w.became for w in meaning.words}
    for word in read_words(text):
        became = known.get((word.start, word.end), "not understood")
        # Numbers, times and addresses say something, whatever is around them.
        counts = word.content or word.kind not in ("word", "quote")
        if word.norm in COURTESIES:
            continue
        if counts and became == "not understood" and word.norm not in said:
            left.append(text[word.start : word.end])
    return tuple(dict.fromkeys(left))


def _is_said(span: Span, text: str, said: str) -> bool:
    words = [word.strip(_EDGES) for word in text[span.start : span.end].lower().split()]
    # Of two lengths in minutes the unit alone tells neither: "5 minutes and 10 minutes".
    amounts = [word for word in words if word.isdecimal()]
    if span.role == "duration" and not all(holds(said, word) for word in amounts):
        return False
    counted = [counted_word(word) for word in words]
    figures = [str(number) for number in counted if number is not None]
    return any(word in said for word in (*words, *figures))
