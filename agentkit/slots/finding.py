"""Dates and times in a text: the whole of it, or wherever they stand in it."""

from dataclasses import dataclass
from datetime import datetime, timezone, tzinfo

from agentkit.slots.day_fields import Prefer
from agentkit.slots.ranges import moment_at
from agentkit.slots.periods import Span
from agentkit.slots.reading import Reading
from agentkit.slots.tokens import Token, tokenize

_WINDOW = 40
_FILLER = frozenset(". , ; ! ? ' \" ( ) please sometime on".split())


@dataclass(frozen=True, slots=True)
class FoundSpan:
    """A span and where it stands in the text."""

    start_index: int
    end_index: int
    span: Span


def read_whole(text: str, now: datetime, *, prefer: Prefer = "future") -> Span | None:
    """The span that the whole text means; None when some of it is left over."""
    reading = Reading(tokenize(text), now.replace(tzinfo=None), prefer, _zone(now))
    first = reading.skip(0, _FILLER)
    found = moment_at(reading, first, bare=True)
    if found is None or reading.skip(found[1], _FILLER) < len(reading.tokens):
        return None
    return found[0]


def _zone(now: datetime) -> tzinfo:
    return now.tzinfo or timezone.utc


def find_spans(text: str, now: datetime) -> list[FoundSpan]:
    """Every date or time in a longer text, longest match, left to right."""
    tokens = tokenize(text)
    found: list[FoundSpan] = []
    index = 0
    while index < len(tokens):
        window = tokens[index : index + _WINDOW]
        reading = Reading(window, now.replace(tzinfo=None), "future", _zone(now))
        hit = moment_at(reading, 0)
        if hit is None or hit[2]:
            index += 1
            continue
        last = window[hit[1] - 1]
        found.append(FoundSpan(tokens[index].start, last.end, hit[0]))
        index += hit[1]
    return found
