"""Dates and times in a text: the whole of it, or wherever they stand in it."""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from agentkit.slots.date_numbers import day_first
from agentkit.slots.day_fields import Prefer
from agentkit.slots.look_alikes import (
    MEALS,
    counts,
    goes_on,
    idle,
    inside_word,
    numbered,
    ranked,
    recurs,
    repeats,
)
from agentkit.slots.periods import Span
from agentkit.slots.prefilter import starts
from agentkit.slots.ranges import moment_at
from agentkit.slots.reading import Reading
from agentkit.slots.tokens import Token, tokenize

_WINDOW = 40
# So many places may be tried at once, and one more per so many characters: twice
# what a letter full of dates needs, and a bound for a text made to take long.
_BURST = 150
_SPACING = 14
_MONTH_FIRST = frozenset({"", "c", "en", "en-us", "en-ph", "en-ca", "es-us"})
_FILLER = frozenset(
    [".", ",", ";", "!", "?", "'", '"', "(", ")", "please", "sometime", "on", "over"]
)


@dataclass(frozen=True, slots=True)
class FoundSpan:
    """A span and where it stands in the text."""

    start_index: int
    end_index: int
    span: Span


def read_whole(
    text: str, now: datetime, *, prefer: Prefer = "future", locale: str = ""
) -> Span | None:
    """The span that the whole text means; None when some of it is left over."""
    tokens = _tokens(text, locale)
    reading = Reading(tokens, now.replace(tzinfo=None), prefer, _zone(now), whole=True)
    # The first words may belong to the date, as in "on or before Friday".
    for first in sorted({0, reading.skip(0, _FILLER)}):
        found = moment_at(reading, first, bare=True)
        if found and reading.skip(found[1], _FILLER) == len(tokens):
            return found[0]
    return None


def _zone(now: datetime) -> tzinfo:
    return now.tzinfo or UTC


def _tokens(text: str, locale: str) -> tuple[Token, ...]:
    """The words, with 3/4 in the order of the rules, month first.

    The month stands first in American English, which a bare "en" is taken for.
    """
    tag = locale.replace("_", "-").lower()
    tokens = tokenize(text)
    return tokens if tag in _MONTH_FIRST else day_first(tokens)


def find_spans(text: str, now: datetime, *, locale: str = "") -> list[FoundSpan]:
    """Every date or time in a longer text, longest match, left to right."""
    tokens = _tokens(text, locale)
    found: list[FoundSpan] = []
    index = first = 0
    reading = _window(tokens, first, now)
    possible = starts(tokens)
    tries = 0
    while index < len(tokens):
        if not possible[index] or tries > _BURST + tokens[index].start // _SPACING:
            index += 1
            continue
        tries += 1
        if index >= first + _WINDOW:
            first = max(index - 1, 0)
            reading = _window(tokens, first, now)
        hit = _read_at(reading, tokens, index, first)
        if hit is None:
            index += 1
            continue
        if not recurs(tokens, index, hit[0]):
            last = tokens[hit[1] - 1]
            found.append(FoundSpan(tokens[index].start, last.end, hit[0]))
        index = hit[1]
    return found


def _window(tokens: tuple[Token, ...], first: int, now: datetime) -> Reading:
    """A stretch of the text, so long that a date which starts in it ends in it."""
    stretch = tokens[first : first + 2 * _WINDOW]
    return Reading(stretch, now.replace(tzinfo=None), "future", _zone(now))


def _read_at(
    reading: Reading, tokens: tuple[Token, ...], index: int, first: int
) -> tuple[Span, int] | None:
    """The span that starts at a token, unless it is likelier something else."""
    if tokens[index].text in MEALS or inside_word(tokens, index):
        return None
    hit = moment_at(reading, index - first)
    if hit is None or hit[2]:
        return None
    end = first + hit[1]
    words = tokens[index:end]
    if (
        repeats(tokens, end)
        or goes_on(tokens, end)
        or counts(tokens, end, hit[0])
        or idle(words)
    ):
        return None
    if numbered(tokens, index) or ranked(words, tokens[end : end + 1]):
        return None
    return hit[0], end
