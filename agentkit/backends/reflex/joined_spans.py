"""Spans that belong together but were tagged apart: "Milch und Brot", "movie night"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from agentkit.backends.reflex.parameters import Param
from agentkit.backends.reflex.request_tokens import RequestWord, read_words
from agentkit.context import Context
from agentkit.language import LANGUAGES, vocabulary
from agentkit.understanding import Span

_SPACE_OR_COMMA = r"[\s,]*"


def joined_items(spans: Sequence[Span], text: str, language: str) -> tuple[Span, ...]:
    """Make one span of things side by side, or with "and" between them.

    What begins the request and has other things behind it is its verb: "Aggiungi latte".

    Args:
        spans: of the request, in its order.
        text: the request.
        language: the language that it is in.
    """
    things = [span for span in spans if span.role == "item"]
    if len(things) < 2:
        return tuple(spans)
    # The tagger takes a verb that it does not know for a thing.
    leads = not text[: things[0].start].strip()
    beside = not text[things[0].end : things[1].start].strip()
    if leads and beside and not _ends_open(things[0], text, language):
        things.pop(0)
    first, *others = things
    for one in others:
        if _joint(language).fullmatch(text[first.end : one.start]):
            first = replace(first, end=one.end)
    rest = (span for span in spans if span.role != "item")
    return tuple(sorted((first, *rest), key=lambda span: span.start))


def _ends_open(span: Span, text: str, language: str) -> bool:
    """Whether something has to follow: "milk and", "milk,"."""
    said = text[span.start : span.end]
    return bool(re.search(rf"(?:,|\s{_and(language)})\s*$", said, re.I))


@cache
def _joint(language: str) -> re.Pattern[str]:
    """What may be between two things: a comma, "and", or only space."""
    return re.compile(rf"{_SPACE_OR_COMMA}(?:{_and(language)}{_SPACE_OR_COMMA})?", re.I)


def _and(language: str) -> str:
    known = vocabulary(language).dates if language in LANGUAGES else {}
    return f"(?:{'|'.join(map(re.escape, known.get('and', ('and',))))})"


def grown(
    spans: Sequence[Span],
    text: str,
    context: Context,
    params: Mapping[str, Param],
) -> tuple[Span, ...]:
    """Extend a title to the unused words beside it: "movie night".

    "With" and a person behind it belong to it, too: "lunch with Ben".
    """
    # Times, numbers and addresses are no part of a name.
    words = [word for word in read_words(text, context.now) if word.kind == "word"]
    spans = [_of_whole_words(span, text) for span in spans]
    named = any(span.role == "title" for span in spans)
    free = [word for word in words if _is_free(word, spans)]
    title = params.get("title")
    if title is not None and title.required and not named and free:
        # What is in no span is what it is called: "company offsite all day March 30".
        first = Span(free[0].start, free[0].end, "title", 1.0)
        spans = (*spans, first)
    grown: list[Span] = []
    for span in _merged(spans, text):
        if span.role == "title":
            others = [one for one in spans if one is not span]
            span = _taking_in(span, others, words, text)
        grown.append(span)
    return tuple(grown)


def _of_whole_words(span: Span, text: str) -> Span:
    """Begin with the word whose second half was tagged: the "don" of "don't wait"."""
    half = text[span.start : span.start + 1] in ("'", "\u2019")
    # The tagger may begin behind the sign as well: "t wait".
    before = r"[^\W\d_]+$" if half else r"\b[^\W\d_]*n['\u2019]$"
    first = re.search(before, text[: span.start])
    return replace(span, start=first.start()) if first else span


def _merged(spans: Sequence[Span], text: str) -> list[Span]:
    """Join titles side by side: "weekly sync"."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda one: one.start):
        last = found[-1] if found else None
        beside = last is not None and not text[last.end : span.start].strip()
        if last is not None and beside and last.role == span.role == "title":
            found[-1] = replace(last, end=span.end)
        else:
            found.append(span)
    return found


def _taking_in(
    span: Span, others: Sequence[Span], words: Sequence[RequestWord], text: str
) -> Span:
    start, end = span.start, span.end
    for word in words:
        if word.start >= end and not text[end : word.start].strip():
            if not _is_free(word, others):
                break
            end = word.end
    # Backwards, since each word must touch what is there already.
    for word in reversed(words):
        if word.end <= start and not text[word.end : start].strip():
            if not _is_free(word, others):
                break
            start = word.start
    return replace(span, start=start, end=_with_company(end, others, words, text))


def _with_company(
    end: int, others: Sequence[Span], words: Sequence[RequestWord], text: str
) -> int:
    """Where a title ends with who or what belongs to it: "lunch with Ben", "for Mia"."""
    joint = _JOINT.match(text[end:])
    if joint is None:
        return end
    begin = end + joint.end()
    for one in others:
        if one.role == "person" and one.start == begin:
            return _and_others(one.end, words, others, text)
    last = end
    for word in words:
        if word.start >= begin and not text[max(begin, last) : word.start].strip():
            if not _is_free(word, others):
                break
            last = word.end
    return _and_others(last, words, others, text) if last > end else end


def _and_others(
    end: int, words: Sequence[RequestWord], others: Sequence[Span], text: str
) -> int:
    """Go on behind "and", where another name follows: "with Priya and Tomás"."""
    joint = _AND.match(text[end:])
    begin = end + joint.end() if joint else -1
    for one in others:
        if one.role == "person" and one.start == begin:
            return one.end
    # Behind "and" a name needs its capital: "lunch with Ben and pay the rent".
    name = next((w for w in words if w.start == begin), None)
    return name.end if name and name.capital and _is_free(name, others) else end


_AND = re.compile(r"\s+and\s+", re.I)
_JOINT = re.compile(
    r"\s+(?:(?:with|for|of|at|about)\s+)?(?:(?:the|an?|my|our)\s+)?(?=\S)", re.I
)


def _is_free(word: RequestWord, others: Sequence[Span]) -> bool:
    """Whether a word names a thing and is in no span."""
    inside = any(one.start <= word.start < one.end for one in others)
    return word.content and not inside
