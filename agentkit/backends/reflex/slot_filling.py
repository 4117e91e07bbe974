"""Arguments from a match: each slot's words, cut from the text unchanged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from agentkit.backends.reflex.english import (
    ENUM_WORDS,
    FUNCTION,
    RANK_WORDS,
    said_as,
)
from agentkit.backends.reflex.matcher import Match
from agentkit.backends.reflex.parameters import Param
from agentkit.backends.reflex.persons import NO_PERSON, likely_name, people_cost
from agentkit.backends.reflex.request_tokens import SIGN, RequestWord, read_words
from agentkit.backends.reflex.slot_values import (
    QUOTES,
    TYPED,
    Arguments,
    each_of,
    fits,
    spoken_rank,
    spoken_value,
    value_of,
)
from agentkit.backends.reflex.title_times import (
    length_of_title,
    rejoin_time,
    title_with_time,
)

# Words at a value's edge that belong to the sentence: "of" in "the price of milk".
_LEADING = frozenset({"of", "with", "to", "from"})
_AUXILIARY = frozenset({"be", "do", "will"})
_TRAILING = frozenset({"to", "of", "with", "for", "from", "into"})
# "Text Ana and tell her that I am late": "her" is no part of the message.
_TOLD_WHOM = re.compile(
    r"(?:her|him|them)\s+(?=i\b|i'|we\b|we'|that\b|the\b|to\b)", re.I
)

# People after "with" are those who take part, and not who is to be added or left out.
_WITH_WHOM = frozenset({"attendees", "people", "guests", "participants"})

_ANSWER = re.compile(rf"\s+((?:ok|okay|thanks|thank you)(?:[!.]*|\s+{SIGN}))\s*", re.I)


def fill(
    match: Match, text: str, params: dict[str, Param], end: int | None = None
) -> Arguments:
    """Fill a tool's slots from the words of a clause.

    Args:
        match: the tool's sentence, laid beside the clause.
        text: the whole request.
        params: the tool's parameters.
        end: where the clause ends in the text; behind its last word when None.
    """
    spans = _slot_spans(match)
    used = {place for first, last in _spans(match) for place in range(first, last)}
    filled: Arguments = {}
    for name, span in spans.items():
        words = match.words[slice(*span)]
        if params[name].kind in ("text", "role") and not params[name].verbatim:
            words = _without_edges(words, match.words[span[1] :])
        value = value_of(params[name], words, text)
        if value not in (None, "", []):
            filled[name] = value
    # What the pattern left over is offered to the slots that are still empty.
    left = [w for place, w in enumerate(match.words) if place not in used]
    for name, param in params.items():
        if name not in filled:
            value = _floating(param, match, left, text)
            if value not in (None, "", []):
                filled[name] = value
    # In this order: a time must be whole before a day of it is given to a title.
    rejoin_time(filled, params, left, text)
    title_with_time(filled, match, params, text)
    length_of_title(filled, params)
    _tidy(filled, params)
    _whole_names(filled, match, params, text)
    # Last, since it cuts the text anew.
    last = match.words[-1].end if match.words else 0
    _say_whole(filled, match, params, text, last if end is None else end)
    return {name: filled[name] for name in params if name in filled}


def _whole_names(
    filled: Arguments, match: Match, params: dict[str, Param], text: str
) -> None:
    """Keep the end of "O'Brien's", and take no lone number for a name."""
    for name, value in list(filled.items()):
        if params[name].kind != "text" or params[name].verbatim:
            continue
        # "Set it to 20": the number was meant for another slot.
        if params[name].short and not params[name].required and str(value).isdigit():
            del filled[name]
        elif f"{value}'s" in text and "'s" not in match.fit.pattern.source:
            filled[name] = f"{value}'s"


def _say_whole(
    filled: Arguments, match: Match, params: dict[str, Param], text: str, end: int
) -> None:
    """Give a message all its words, up to the end of the clause.

    "Text her see you later thanks" holds words that are courtesy, or verbs, elsewhere; a
    tool with a parameter for a time keeps that time.

    Args:
        filled: the arguments; the literal one is changed.
        match: the clause.
        params: the tool's parameters.
        text: the whole request.
        end: where the clause ends in it.
    """
    timed = any(param.kind in ("when", "duration") for param in params.values())
    name = next((p.name for p in params.values() if p.verbatim), "")
    said = filled.get(name)
    if timed or not name or not match.words:
        return
    if said is None and (told := _ANSWER.fullmatch(text, match.words[-1].end, end)):
        # A courtesy to us, and all that somebody else is told.
        filled[name] = told[1]
    if not isinstance(said, str):
        return
    at = text.find(said)
    # What is quoted ends where the quotation does.
    if at < 0 or (at and text[at - 1] in QUOTES):
        return
    start = _begun(match, at, said)
    others = [str(value) for key, value in filled.items() if key != name]
    whole = text[start : max(end, at + len(said))]
    if any(value in whole[len(said) :] for value in others if value not in said):
        whole = text[start : at + len(said)]
    filled[name] = _bare_ends(whole)
    whom = _TOLD_WHOM.match(filled[name])
    if whom and any(param.kind == "person" for param in params.values()):
        filled[name] = filled[name][whom.end() :]


def _begun(match: Match, at: int, said: str) -> int:
    """Where a literal text begins: with the words before it that nothing else took."""
    used = {place for first, last in _spans(match) for place in range(first, last)}
    own = [n for n, word in enumerate(match.words) if at <= word.start < at + len(said)]
    if not own:
        return at
    place = own[0]
    while place and place - 1 not in used and match.words[place - 1].kind == "word":
        place -= 1
    return min(at, match.words[place].start) if place < own[0] else at


def _bare_ends(said: str) -> str:
    """Take a full stop and blanks off the end; other signs are the user's."""
    said = said.strip().rstrip(",;:")
    if not re.match(SIGN, said):
        said = said.lstrip(",;: ")
    return said.rstrip().removesuffix(".").rstrip()


def _without_edges(
    words: tuple[RequestWord, ...], after: tuple[RequestWord, ...]
) -> tuple[RequestWord, ...]:
    """Leave out prepositions that lead on to other words: "flour to" the pantry."""
    while len(words) > 1 and _leads(words[0]):
        words = words[1:]
    onward = bool(after) and after[0].kind == "word"
    if len(words) > 1 and onward and words[-1].norm in _TRAILING:
        words = words[:-1]
    return words


def _leads(word: RequestWord) -> bool:
    """Whether a word only leads over to what is meant: "is" of "when's the concert"."""
    return (word.norm in _LEADING or word.stem in _AUXILIARY) and not word.capital


def _tidy(filled: Arguments, params: dict[str, Param]) -> None:
    """Take "every day" out of a text once it has been read as a closed set's value."""
    ways = [
        way
        for name, value in filled.items()
        if params[name].kind == "enum"
        for way in said_as(str(value))
    ]
    for name, value in filled.items():
        if params[name].kind == "recurrence":
            # A day in it may have been read as a time before: "every other" is left.
            head = str(value).rpartition(" ")[0] or str(value)
            ways += [rf"(?:on )?{re.escape(v)}(?: to)?" for v in (str(value), head)]
    for name, value in list(filled.items()):
        if params[name].kind == "text":
            for way in sorted(ways, key=len, reverse=True):
                value = re.sub(rf"^{way}\b\s*|\s*\b{way}$", "", value, flags=re.I)
            filled[name] = value
            # Nothing but "the" or "to" is left: the text was the repeat itself.
            if not any(w.capital or w.stem not in FUNCTION for w in read_words(value)):
                del filled[name]


def missing(arguments: Arguments, params: dict[str, Param]) -> tuple[Param, ...]:
    """List the required parameters that have no value."""
    return tuple(p for p in params.values() if p.required and p.name not in arguments)


def _spans(match: Match) -> Iterator[tuple[int, int]]:
    steps = match.fit.pattern.steps
    for step, span in zip(steps, match.fit.spans, strict=True):
        if span and (step.stems or step.param):
            yield span


def _slot_spans(match: Match) -> dict[str, tuple[int, int]]:
    """Where each slot's words are, those glued to it included."""
    spans: dict[str, tuple[int, int]] = {}
    for step, span in zip(match.fit.pattern.steps, match.fit.spans, strict=True):
        name = step.param.name if step.param else step.glued
        if not name or span is None:
            continue
        known = spans.get(name, span)
        spans[name] = (min(known[0], span[0]), max(known[1], span[1]))
    return spans


def _floating(param: Param, match: Match, left: list[RequestWord], text: str) -> Any:
    """Find a value outside the pattern: a date anywhere, "with X", "every day"."""
    if param.kind in TYPED:
        fitting = tuple(word for word in left if fits(param, word))
        if param.kind == "duration":
            # A time counts as a length only in the slot's own place.
            fitting = tuple(word for word in fitting if word.kind == "duration")
        value = value_of(param, fitting, text)
        if value is not None:
            left[:] = [word for word in left if word not in fitting]
        return value
    if param.kind == "enum" and not RANK_WORDS.keys().isdisjoint(param.values):
        return spoken_rank(param, match.words)
    if param.kind in ("enum", "boolean") and match.words:
        clause = text[match.words[0].start : match.words[-1].end]
        spoken = param.kind == "boolean" or any(v in ENUM_WORDS for v in param.values)
        return spoken_value(param, clause) if spoken or param.required else None
    if param.kind == "recurrence" and match.words:
        from agentkit.slots import find_recurrence

        return find_recurrence(text[match.words[0].start : match.words[-1].end])
    if param.kind == "people" and param.name in _WITH_WHOM:
        return _company(match.words, text)
    return None


def _company(words: tuple[RequestWord, ...], text: str) -> list[str] | None:
    """The people after "with": those alone who look like people."""
    for place, word in enumerate(words):
        if word.norm != "with":
            continue
        # The longest group first; nine words are three full names joined by "and".
        for end in range(min(len(words), place + 9), place + 1, -1):
            group = words[place + 1 : end]
            known = all(w.norm == "and" or likely_name(w) for w in group)
            if known and people_cost(group) < NO_PERSON:
                return each_of(text[group[0].start : group[-1].end])
    return None
