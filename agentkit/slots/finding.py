"""Dates and times in a text: the whole of it, or wherever they stand in it."""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from agentkit.slots.date_numbers import day_first
from agentkit.slots.day_fields import Prefer
from agentkit.slots.numbers import ONES, ORDINALS, TENS
from agentkit.slots.periods import GRAINS, Span
from agentkit.slots.prefilter import starts
from agentkit.slots.ranges import moment_at
from agentkit.slots.reading import Reading
from agentkit.slots.tokens import Token, tokenize

_WINDOW = 40
_MONTH_FIRST = frozenset({"", "c", "en", "en-us", "en-ph", "en-ca", "es-us"})
# Meals are rather what a meeting is called than when it is.
_MEALS = frozenset({"breakfast", "lunch", "teatime"})
_OPENING = frozenset("([{\"'~><\u201c\u201d\u2018\u2019\u2013\u2014")
# What may follow an hour that is told by a number alone.
_AFTER_HOUR = frozenset(
    [
        "a",
        "about",
        "after",
        "again",
        "also",
        "am",
        "an",
        "and",
        "are",
        "as",
        "at",
        "because",
        "before",
        "between",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "each",
        "every",
        "for",
        "from",
        "had",
        "has",
        "have",
        "he",
        "i",
        "if",
        "in",
        "inside",
        "instead",
        "is",
        "it",
        "let",
        "may",
        "my",
        "near",
        "next",
        "not",
        "on",
        "or",
        "our",
        "outside",
        "over",
        "please",
        "shall",
        "sharp",
        "she",
        "should",
        "so",
        "that",
        "the",
        "then",
        "they",
        "this",
        "to",
        "today",
        "tomorrow",
        "tonight",
        "too",
        "until",
        "was",
        "we",
        "when",
        "where",
        "which",
        "who",
        "will",
        "with",
        "work",
        "works",
        "would",
        "you",
        "your",
    ]
)
_NUMBERED = frozenset(
    [
        "apartment",
        "apt",
        "article",
        "box",
        "building",
        "bus",
        "chapter",
        "figure",
        "flight",
        "floor",
        "gate",
        "item",
        "level",
        "line",
        "no",
        "number",
        "order",
        "page",
        "part",
        "platform",
        "psalm",
        "room",
        "section",
        "step",
        "suite",
        "table",
        "ticket",
        "unit",
        "verse",
        "version",
    ]
)
_IDLE = frozenset({"in a second", "in a sec", "in one second", "24 / 7", "by now"})
_BEFORE_RANK = frozenset(
    [
        "on",
        "in",
        "by",
        "for",
        "the",
        "until",
        "from",
        "before",
        "after",
        "since",
        "around",
    ]
)
_SUFFIXES = frozenset({"st", "nd", "rd", "th"})
_FILLER = frozenset(
    [".", ",", ";", "!", "?", "'", '"', "(", ")", "please", "sometime", "on"]
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
    first = reading.skip(0, _FILLER)
    found = moment_at(reading, first, bare=True)
    if found is None or reading.skip(found[1], _FILLER) < len(reading.tokens):
        return None
    return found[0]


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
    while index < len(tokens):
        if not possible[index]:
            index += 1
            continue
        if index >= first + _WINDOW:
            first = max(index - 1, 0)
            reading = _window(tokens, first, now)
        hit = _read_at(reading, tokens, index, first)
        if hit is None:
            index += 1
            continue
        if not _recurs(tokens, index, hit[0]):
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
    if tokens[index].text in _MEALS or _inside_word(tokens, index):
        return None
    hit = moment_at(reading, index - first)
    if hit is None or hit[2]:
        return None
    end = first + hit[1]
    words = tokens[index:end]
    if _goes_on(tokens, end) or _counts(tokens, end, hit[0]) or _idle(words):
        return None
    if _numbered(tokens, index) or _ranked(words, tokens[end : end + 1]):
        return None
    return hit[0], end


def _numbered(tokens: tuple[Token, ...], index: int) -> bool:
    """Whether a number is a name: "room 5/12", "ticket 20260101"."""
    before = tokens[index - 1].text if index else ""
    return tokens[index].is_digits and before in _NUMBERED


def _idle(words: tuple[Token, ...]) -> bool:
    """Whether it is a manner of speaking: "in a second", "24/7"."""
    said = " ".join(word.text for word in words)
    return said in _IDLE


def _ranked(words: tuple[Token, ...], following: tuple[Token, ...]) -> bool:
    """Whether a lone ordinal ranks something: "the 3rd floor", "his 21st birthday"."""
    said = [word.text for word in words if word.text not in _BEFORE_RANK]
    ranks = len(said) == 2 and said[1] in _SUFFIXES
    if not ranks and not (len(said) == 1 and said[0] in ORDINALS):
        return False
    if len(said) == len(words):
        return True
    return any(word.is_word and word.text not in _AFTER_HOUR for word in following)


def _recurs(tokens: tuple[Token, ...], index: int, span: Span) -> bool:
    """Whether "every Sunday" or "each second day" is meant: no single time."""
    again = index > 0 and tokens[index - 1].text in ("every", "each")
    return again and GRAINS.index(span.grain) >= GRAINS.index("day")


def _inside_word(tokens: tuple[Token, ...], index: int) -> bool:
    """Whether a token is glued to what stands before: the 5 of $5, v1.5, 1-800."""
    before, token = index - 1, tokens[index]
    if before < 0 or token.gap:
        return False
    sign = tokens[before].text
    if sign in _OPENING:
        return False
    return not (sign in ("-", "=") and tokens[before].gap)


def _goes_on(tokens: tuple[Token, ...], end: int) -> bool:
    """Whether the last token is glued to more: 3.5, 82-2100, 5%, 3x."""
    if end >= len(tokens) or tokens[end].gap:
        return False
    if tokens[end].is_digits or tokens[end].is_word or tokens[end].text in "%$€£°":
        return True
    more = end + 1 < len(tokens) and not tokens[end + 1].gap
    return more and tokens[end].text in "-./:" and tokens[end + 1].is_digits


def _counts(tokens: tuple[Token, ...], end: int, span: Span) -> bool:
    """Whether a lone hour is a count of what follows: "at 3 tables"."""
    last = tokens[end - 1]
    number = last.is_digits or last.text in ONES or last.text in TENS
    clock = span.grain in ("hour", "minute")
    if not (number and clock) or end >= len(tokens) or tokens[end - 2].text == ":":
        return False
    following = tokens[end]
    return following.is_word and following.text not in _AFTER_HOUR
