"""Times made whole: a word such as "à" or "al" that stands before one belongs to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from agentkit.language import LANGUAGES
from agentkit.language.vocabularies import vocabulary
from agentkit.understanding.request_meaning import Span

# Words of dates that are no date by themselves, by the English that they stand for; in
# every language there are some that are left out: "le", "den".
_LITTLE = ("", "on", "in", "of", "at", "by", "from", "to", "until", "before", "after")


def whole_times(spans: Sequence[Span], text: str, language: str) -> tuple[Span, ...]:
    """Join a time's little words to it; those that stand alone are no span.

    Args:
        spans: of a text, in its order.
        text: the words.
        language: one of `LANGUAGES`.
    """
    times = [span for span in spans if span.role == "time"]
    if not any(_is_little(span, text, language) for span in times):
        return tuple(spans)
    found: list[Span] = []
    lead: Span | None = None
    for span in spans:
        if span.role == "time" and lead and not text[lead.end : span.start].strip():
            span = replace(span, start=lead.start)
        lead = (
            span if span.role == "time" and _is_little(span, text, language) else None
        )
        if lead is None:
            found.append(span)
    return tuple(found)


def _is_little(span: Span, text: str, language: str) -> bool:
    said = text[span.start : span.end].strip(" ,.'\u2019").casefold()
    return said in _little_words(language)


@cache
def _little_words(language: str) -> frozenset[str]:
    if language not in LANGUAGES[1:]:
        return frozenset(_LITTLE)
    dates = vocabulary(language).dates
    # Also the article, and what is joined with it: "al" is "at the".
    little = {*_LITTLE, "onthe"}
    keys = [key for key in dates if little.issuperset(key.split() or [""])]
    return frozenset(way.strip("'") for key in keys for way in dates[key])
