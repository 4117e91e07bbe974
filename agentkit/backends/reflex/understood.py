"""Drafts from the trained understanding, where no sentence of a tool fits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from agentkit.backends.reflex.closed_values import closed_value, is_rank
from agentkit.backends.reflex.contact_details import details_in
from agentkit.backends.reflex.drafts import CallDraft
from agentkit.backends.reflex.english import RANK_WORDS
from agentkit.backends.reflex.foreign_spans import (
    in_company,
    named_by_person,
    names_in,
    one_text,
    titled,
    whole_names,
    whole_texts,
    with_hearer,
)
from agentkit.backends.reflex.joined_spans import grown, joined_items
from agentkit.backends.reflex.leftovers import left_of_spans
from agentkit.backends.reflex.measures import measures_in
from agentkit.backends.reflex.parameters import Param
from agentkit.backends.reflex.references import UNDO
from agentkit.backends.reflex.request_tokens import read_words
from agentkit.backends.reflex.slot_filling import missing
from agentkit.backends.reflex.slot_values import each_of, spoken_rank
from agentkit.backends.reflex.spoken_times import (
    bare_moment,
    times_in,
)
from agentkit.context import Context
from agentkit.errors import ConfigError, MissingPackage
from agentkit.language import LANGUAGES, spoken
from agentkit.language.numbers import counted_word
from agentkit.slots import find_dates, resolve_duration, resolve_when
from agentkit.tools import Toolset
from agentkit.understanding import Reading as Meaning
from agentkit.understanding import Span, read

# Which words fill a parameter: by its name first, then by its kind, best role first.
_BY_NAME: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "text", "query", "item"),
    "text": ("text", "title", "item", "query"),
    "item": ("item", "title", "text"),
    "list_name": ("list",),
    "query": ("query", "title", "item", "text"),
    "until": ("time", "title", "query", "text"),
    "location": ("place",),
    "place": ("place",),
    "to_place": ("place",),
    "name": ("person", "title", "list"),
    "sender": ("person",),
    "person": ("person",),
    "subject": (),
    "note": (),
    "label": ("title", "text"),
}
_BY_KIND: Mapping[str, tuple[str, ...]] = {
    "when": ("time",),
    "duration": ("duration",),
    "person": ("person",),
    "people": ("person",),
    "integer": ("number",),
    "number": ("number",),
    "texts": ("item", "text", "title"),
    "text": ("text", "title", "query", "item", "place"),
}
_EDGES = " \t\r\n,;:.!?"


def meaning_of(text: str, toolset: Toolset, *, begins: bool = False) -> Meaning | None:
    """Understand a request; None where the trained understanding cannot be used.

    Args:
        text: what was said.
        toolset: the tools.
        begins: whether nothing was done or found before it.
    """
    return _meaning(text, toolset, begins, spoken())


# A turn is understood once, though several steps and parts of the rules ask.
@lru_cache(maxsize=64)
def _meaning(text: str, toolset: Toolset, begins: bool, _: str) -> Meaning | None:
    """Understand a request; the spoken language is the default, and in the cache key."""
    try:
        return read(text, _without_undo(toolset), begins=begins)
    except (MissingPackage, ConfigError):
        return None


@lru_cache(maxsize=8)
def _without_undo(toolset: Toolset) -> Toolset:
    if UNDO not in toolset:
        return toolset
    return Toolset(tool for tool in toolset if tool.name != UNDO)


def draft_of(
    tool: str,
    meaning: Meaning,
    text: str,
    params: Mapping[str, Param],
    context: Context,
) -> CallDraft:
    """Fill a tool's parameters from the spans of a request."""
    details, spans = details_in(meaning.spans, text, params)
    known: dict[str, Any] = {}
    if meaning.language == "en":
        spans = joined_items(grown(spans, text, context, params), text, "en")
        heard = meaning
    else:
        # The order counts: names and titles take words that are still free, then times
        # get their ends, and only then a title knows who goes with it.
        spans = joined_items(spans, text, meaning.language)
        spans = one_text(
            with_hearer(spans, meaning.language, text, params), text, params
        )
        dates = find_dates(text, context.now, meaning.language)
        spans = titled(_lengths(spans, text), meaning, text, params, dates)
        spans = whole_names((*spans, *names_in(meaning, text, params)), text)
        spans = whole_texts(spans, meaning, text, params)
        times = times_in(spans, text, meaning.language, params, context)
        known = {**times.arguments, **measures_in(text, params)}
        spans = in_company(times.spans, text, params)
        known |= named_by_person(spans, text, params)
        heard = replace(meaning, spans=_without_ranks(spans, text, meaning.language))
    arguments = arguments_of(spans, text, params, context, meaning.language)
    arguments |= {**known, **details}
    to_end(arguments, spans, text, params)
    lacks = missing(arguments, dict(params))
    left = left_of_spans(heard, arguments, text, context)
    return CallDraft(tool, arguments, lacks, (), meaning.reason, left=left)


def _lengths(spans: Sequence[Span], text: str) -> tuple[Span, ...]:
    """Remove false lengths beside a real one: "un" of "un timer"."""
    lengths = [s for s in spans if s.role == "duration"]
    known = [s for s in lengths if is_length(text[s.start : s.end])]
    # With a figure it was a length, of a language that is not read here: "1 uur" is not
    # dropped beside "30 secondes" but left over, and asked about.
    figured = [s for s in lengths if any(map(str.isdigit, text[s.start : s.end]))]
    kept = [*known, *figured] if known else lengths
    return tuple(s for s in spans if s not in lengths or s in kept)


def _without_ranks(spans: Sequence[Span], text: str, language: str) -> tuple[Span, ...]:
    """Remove ranks such as "next": they have been read already."""
    return tuple(s for s in spans if not is_rank(text[s.start : s.end], language))


def arguments_of(
    spans: Sequence[Span],
    text: str,
    params: Mapping[str, Param],
    context: Context,
    language: str = "en",
) -> dict[str, Any]:
    """Give each parameter the words that fit it best; no words serve twice."""
    left: list[Span] = list(spans)
    found: dict[str, Any] = {}
    words = read_words(text)
    # What is needed chooses first, and text, which takes anything, last.
    for param in sorted(params.values(), key=lambda one: _eagerness(one, text)):
        if language != "en" and param.kind in ("enum", "boolean"):
            said = closed_value(param, text, language, spans)
            if said:
                found[param.name], start, end = said
                # "Wochen" of "wie viele Wochen" is no time; between "sag" and "zu" stands
                # what is accepted.
                if " " not in text[start:end]:
                    left = [s for s in left if not start <= s.start < s.end <= end]
                continue
        if param.kind == "enum" and not RANK_WORDS.keys().isdisjoint(param.values):
            if language == "en":
                found[param.name] = spoken_rank(param, words)
            continue
        roles = _BY_NAME.get(param.name) or _BY_KIND.get(param.kind) or ()
        for role in roles:
            fitting = [span for span in left if span.role == role]
            value = _value(param, fitting, text, context)
            if value not in (None, "", []):
                found[param.name] = value
                left = [span for span in left if span not in fitting]
                break
    return {name: found[name] for name in params if found.get(name) is not None}


def to_end(
    arguments: dict[str, Any],
    spans: Sequence[Span],
    text: str,
    params: Mapping[str, Param],
) -> None:
    """Extend a message to the end of the text: times in it are part of it.

    A tool that has a time of its own, such as a reminder, keeps its spans.
    """
    literal = next((p.name for p in params.values() if p.verbatim), "")
    timed = any(param.kind in ("when", "duration") for param in params.values())
    first = next((span for span in spans if span.role == "text"), None)
    # "Tell Ana I am there at 5": the 5 is hers to read.
    if literal in arguments and first and not timed:
        arguments[literal] = text[first.start :].strip(" \t\r\n,;:").rstrip(".")


# What says of a length that something shall be earlier, in the eight languages.
EARLIER = re.compile(
    r"\b(?:earlier|sooner|forward|früher|eher|vor|plus tôt|avancer?|prima|anticipa\w*"
    r"|antes|adelant\w*|adiant\w*|cedo)\b|पहले|เร็วขึ้น|ก่อน",
    re.I,
)


def _eagerness(param: Param, text: str) -> tuple[bool, bool, bool, bool]:
    """Closed sets first, required parameters, those whose name is said, of one role only."""
    named = param.name in text.lower()
    if param.name == "earlier":
        named = bool(EARLIER.search(text))
    closed = param.kind in ("enum", "boolean")
    return not closed, not param.required, not named, param.kind == "text"


def _figures(said: str, *, whole: bool) -> int | float | None:
    """Read a number; None without one, or where it should be whole and is not."""
    counted = counted_word(said)
    if counted is not None:
        return counted
    written = "".join(sign for sign in said if sign.isdecimal() or sign == ".")
    try:
        number = float(written)
    except ValueError:  # no figure, or several points, as in an address
        return None
    if not whole:
        return number
    return int(number) if number.is_integer() else None


def _value(param: Param, spans: Sequence[Span], text: str, context: Context) -> Any:
    if not spans:
        return None
    said = [text[span.start : span.end].strip(_EDGES) for span in spans]
    if param.kind == "when":
        # Where something is moved to; elsewhere "until eight" is a stretch.
        if param.name == "to":
            bare = [bare_moment(one) for one in said]
            said = bare if any(is_time(one, context.now) for one in bare) else said
        time = time_of(said, context.now)
        # A lone "next" is no time; what else is none is told to the user.
        no_time = is_length(time) or any(is_rank(time, code) for code in LANGUAGES)
        return None if no_time and not is_time(time, context.now) else time
    if param.kind in ("people", "texts"):
        return [one for group in said for one in each_of(group)]
    if param.kind in ("integer", "number"):
        return _figures(said[0], whole=param.kind == "integer")
    if param.kind == "enum":
        return next((v for v in param.values if v in said[0].lower()), None)
    if param.kind == "text" and param.verbatim:
        # A message keeps what stands between its words.
        return text[spans[0].start : spans[-1].end].strip(_EDGES[:4] + ",;:")
    return said[0]


def time_of(said: Iterable[str], now: datetime) -> str:
    """Put the words for a time together so that they are one: day, then hour."""
    words = [one for one in said if one]
    # All of it, in either order, before a part alone.
    for joined in (" ".join(words), " ".join(reversed(words)), *words):
        if told := hour_said(joined, now):
            return told
    return _within(" ".join(words), now)


def _within(said: str, now: datetime) -> str:
    """Remove a word at either end that is not part of the time: "domani alle 10 di"."""
    words = said.split()
    ways = (words[:-1], words[1:], words[1:-1])
    # A figure is part of the time: of "il 3 alle 14" neither half is meant alone.
    figures = [word for word in words if any(map(str.isdigit, word))]
    shorter = (" ".join(w) for w in ways if all(one in w for one in figures))
    return next((one for one in shorter if one and is_time(one, now)), said)


def hour_said(words: str, now: datetime) -> str:
    """Return words that are a time; in figures where a bare number is one: "neun".

    Returns:
        "" where they are no time.
    """
    counted = counted_word(words)
    ways = (words, str(counted) if counted is not None else "")
    return next((one for one in ways if one and is_time(one, now)), "")


def is_length(words: str) -> bool:
    """Whether words can be read as a length of time."""
    try:
        resolve_duration(words)
    except ValueError:
        return False
    return True


def is_time(words: str, now: datetime) -> bool:
    """Whether words can be read as a time."""
    try:
        resolve_when(words, now)
    except ValueError:
        return False
    return True
