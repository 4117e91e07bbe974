"""Things that stand together in a request and were found one by one: "Milch und Brot"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from agentkit.language import LANGUAGES, vocabulary
from agentkit.understanding import Span

_SPACE_OR_COMMA = r"[\s,]*"


def joined_items(spans: Sequence[Span], text: str, language: str) -> tuple[Span, ...]:
    """Make one span of things that stand side by side, or with "and" between them.

    What begins the request and has other things behind it is its verb: "Aggiungi latte".

    Args:
        spans: of the request, in its order.
        text: the request.
        language: the language that it is in.
    """
    things = [span for span in spans if span.role == "item"]
    if len(things) < 2:
        return tuple(spans)
    if not text[: things[0].start].strip() and not _ends_open(
        things[0], text, language
    ):
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
    """What may stand between two things: a comma, "and", or nothing but space."""
    return re.compile(rf"{_SPACE_OR_COMMA}(?:{_and(language)}{_SPACE_OR_COMMA})?", re.I)


def _and(language: str) -> str:
    known = vocabulary(language).dates if language in LANGUAGES else {}
    return f"(?:{'|'.join(map(re.escape, known.get('and', ('and',))))})"
