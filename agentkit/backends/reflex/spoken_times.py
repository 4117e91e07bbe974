"""Times and repeats in a request of another language than English.

The tagger knows roughly where a time is; the vocabulary of dates knows what belongs to
it. Where both find one, its ends are those that can be read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from agentkit.backends.reflex.closed_values import is_rank
from agentkit.backends.reflex.parameters import Param
from agentkit.context import Context
from agentkit.language import LANGUAGES, vocabulary
from agentkit.slots import (
    find_dates,
    find_foreign_recurrence,
    resolve_when,
    words_of_time,
)
from agentkit.understanding import Span

_TIMED = frozenset({"time", "duration"})
_EDGES = " \t\r\n,;:.!?।"
# What a closed set of repeats says of a rule that has no more to it.
_PLAIN_RULES = {
    "FREQ=DAILY": "daily",
    "FREQ=WEEKLY": "weekly",
    "FREQ=MONTHLY": "monthly",
    "FREQ=YEARLY": "yearly",
}


@dataclass(frozen=True, slots=True)
class SpokenTimes:
    """What a request says of when.

    Attributes:
        spans: the request's spans, those of times as they can be read.
        arguments: what is known already: how often, and from when on.
    """

    spans: tuple[Span, ...]
    arguments: Mapping[str, Any]


def times_in(
    spans: Sequence[Span],
    text: str,
    language: str,
    params: Mapping[str, Param],
    context: Context,
) -> SpokenTimes:
    """Find what a request says of when, for the parameters of one tool.

    Args:
        spans: as they were tagged.
        text: the request.
        language: that it is in, not English.
        params: the tool's parameters.
        context: the clock.
    """
    arguments: dict[str, Any] = {}
    often = _repeats(text, language, params, context)
    if often is not None:
        # Repeats first: "every Friday" would be read as the next Friday below.
        start, end, arguments = often
        # What is left of a time is a clock, or a word such as "at" that says nothing.
        spans = [
            span
            for span in _without(spans, start, end, text)
            if span in spans
            or span.role not in _TIMED
            or _is_time(_said(span, text), context.now)
        ]
    taken = (often[0], often[1]) if often is not None else (0, 0)
    if any(param.kind == "when" for param in params.values()):
        spans = _as_read(spans, text, language, context.now, taken)
    return SpokenTimes(tuple(spans), arguments)


def _repeats(
    text: str, language: str, params: Mapping[str, Param], context: Context
) -> tuple[int, int, dict[str, Any]] | None:
    """Find how often something shall come back, where the tool has a place for it."""
    often = next((p for p in params.values() if _takes_repeats(p)), None)
    hit = find_foreign_recurrence(text, context.now, language) if often else None
    if often is None or hit is None:
        return None
    if often.kind == "recurrence":
        known = {often.name: text[hit.start : hit.end]}
        needed = next((p for p in params.values() if p.kind == "when"), None)
        # "Every day at 8" says when the first time is; "every day" alone leaves it to
        # be asked.
        if needed is not None and needed.required and hit.recurrence.clock:
            known[needed.name] = hit.recurrence.first(context.now).isoformat()
        return hit.start, hit.end, known
    # "Every Friday" is weekly; the day is told by the first time.
    rule = re.sub(r";BYDAY=[A-Z]{2}$", "", hit.recurrence.rule)
    said = _PLAIN_RULES.get(rule, "")
    begin = next((p.name for p in params.values() if p.kind == "when"), "")
    if said not in often.values or not begin or hit.recurrence.clock is None:
        return None
    first = hit.recurrence.first(context.now)
    return hit.start, hit.end, {often.name: said, begin: first.isoformat()}


def _takes_repeats(param: Param) -> bool:
    closed = param.kind == "enum" and "weekly" in param.values
    return param.kind == "recurrence" or closed


def _without(
    spans: Sequence[Span], start: int, end: int, text: str
) -> tuple[Span, ...]:
    """Take a stretch out of the spans that it lies in."""
    kept: list[Span] = []
    for span in spans:
        if span.end <= start or end <= span.start:
            kept.append(span)
            continue
        pieces = (replace(span, end=start), replace(span, start=end))
        kept += [p for p in pieces if p.start < p.end and _said(p, text).strip(_EDGES)]
    return tuple(kept)


def _as_read(
    spans: Sequence[Span],
    text: str,
    language: str,
    now: datetime,
    taken: tuple[int, int],
) -> tuple[Span, ...]:
    """Give the spans of times the ends that can be read."""
    found = _put_together(spans, text, now)
    for start, end in find_dates(text, now, language):
        if start < taken[1] and taken[0] < end:
            continue
        over = [span for span in found if span.start < end and start < span.end]
        # What was tagged as a title or a name may hold a day: "Black Friday".
        if any(span.role not in _TIMED for span in over):
            continue
        lengths = [span for span in over if span.role == "duration"]
        times = [span for span in over if span.role == "time"]
        if lengths and any(_is_time(_said(one, text), now) for one in times):
            continue  # "at ten for two hours" is a time and a length
        around = "".join(text[s.start : start] + text[end : s.end] for s in times)
        if any(map(str.isdigit, around)):
            continue  # of "il 3 alle 14" no figure may be dropped: the whole is asked about
        found = [span for span in found if span not in over]
        found.append(Span(start, end, "time", 1.0))
    # A lone "next" tells which one, and no time.
    named = [
        _name_of(span, text, language, now)
        for span in found
        if span.role != "time"
        or not is_rank(_said(span, text), language)
        or _is_time(_said(span, text), now)
    ]
    return tuple(sorted(named, key=lambda span: span.start))


def _name_of(span: Span, text: str, language: str, now: datetime) -> Span:
    """Make a person of a false time that is written as a name."""
    said = _said(span, text).strip(_EDGES)
    if span.role != "time" or not said[:1].isupper() or is_rank(said, language):
        return span
    if _is_time(said, now) or any(words_of_time(said, language)):
        return span
    return replace(span, role="person")


def _put_together(spans: Sequence[Span], text: str, now: datetime) -> list[Span]:
    """Make one time of "in" and "20 minutes", which were tagged apart."""
    found: list[Span] = []
    for span in spans:
        last = found[-1] if found else None
        timed = last is not None and frozenset({last.role, span.role}) == _TIMED
        # Only where the first is none by itself: "at ten" and "two hours" stay two.
        if last is not None and timed and not _is_time(_said(last, text), now):
            whole = replace(last, end=span.end, role="time")
            if _is_time(_said(whole, text), now):
                found[-1] = whole
                continue
        found.append(_from_now(span, text, now))
    return found


def _from_now(span: Span, text: str, now: datetime) -> Span:
    """Take the word beside a length along that makes it a time: "in", "में"."""
    if span.role != "duration":
        return span
    before = re.search(r"\S+\s*\Z", text[: span.start])
    behind = re.match(r"\s*\S+", text[span.end :])
    # Some languages have the word in front, others behind.
    ways = [
        replace(span, start=before.start(), role="time") if before else span,
        replace(span, end=span.end + behind.end(), role="time") if behind else span,
    ]
    return next(
        (one for one in ways if one is not span and _is_ahead(_said(one, text), now)),
        span,
    )


def _is_ahead(words: str, now: datetime) -> bool:
    """Whether words are a moment to come; "20 minutes before" is of something else."""
    try:
        return resolve_when(words.strip(_EDGES), now).start > now
    except ValueError:
        return False


def _said(span: Span, text: str) -> str:
    return text[span.start : span.end]


def _is_time(words: str, now: datetime) -> bool:
    try:
        resolve_when(words.strip(_EDGES), now)
    except ValueError:
        return False
    return True


def bare_moment(words: str) -> str:
    """Leave out a word for "until" or "to" before a time that something moves to.

    "Para as 20h" is a stretch until eight in a question, and eight o'clock where an event
    is moved there.
    """
    head, _, rest = words.partition(" ")
    while rest and head.lower() in _onward():
        words = rest
        head, _, rest = words.partition(" ")
    return words


@cache
def _onward() -> frozenset[str]:
    """Words that lead to a time in any of the languages, word by word."""
    groups = (vocabulary(code).dates for code in LANGUAGES[1:])
    return frozenset(
        word
        for dates in groups
        for name in ("until", "to")
        for phrase in dates.get(name, ())
        for word in phrase.split()
    )
