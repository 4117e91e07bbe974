"""Dates in the ways that people write them, in the eight languages of Llama 3.2.

`2026-03-05`, `5.3.2026`, `3/5/26`, `5 March 2026`, `March 5th`, `5 de marzo`, and Thai
years, `the fifth of March`. Not covered: days in words of other languages, relative days.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import compress

from agentkit.language.numbers import ORDINALS
from agentkit.language.tokens import WORD
from agentkit.language.vocabularies import LANGUAGES, numbered, vocabulary
from agentkit.privacy.spellings import flat, tokens

_OF = frozenset({"de", "of", "di", "do", "del", "the"})
_NTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|o|a|t\d\d)?")
_ISO = re.compile(r"\s*(\d{4})-(\d\d)-(\d\d)(?:[T ]\d\d:?\d\d.*)?\s*", re.DOTALL)
# "on the 3rd of March 1990" has six; a text of more is no date alone.
_MOST_WORDS = 6
# The Buddhist era counts so many years more.
_THAI_YEARS = 543

Day = tuple[int, int]


def day_of(text: str) -> tuple[int, int, int] | None:
    """Return year, month and day of a value that is a date; None when it is none."""
    whole = _ISO.fullmatch(text)
    if whole:
        return int(whole[1]), int(whole[2]), int(whole[3])
    words = tokens(flat(text))
    if len(words) > _MOST_WORDS or not any(word.isdigit() for word in words):
        return None
    years = {word for word in words if word.isdigit() and len(word) == 4}
    found = {one for one in written_days(words, set(words), years) if one[0]}
    plain = all(
        word.isdigit() or _NTH.fullmatch(word) or word in _OF | months().keys()
        for word in words
    )
    return next(iter(found)) if plain and len(found) == 1 else None


def year_words(years: Iterable[int]) -> set[str]:
    """Return how years are written."""
    return {
        word
        for year in years
        for word in (str(year), str(year)[2:], str(year + _THAI_YEARS))
    }


def written_days(
    words: list[str], vocabulary: set[str], years: set[str]
) -> Iterator[tuple[int, int, int]]:
    """Yield the dates in a text: year (0 when it is not said), month, day.

    Args:
        words: the text's words, flat.
        vocabulary: the same, each once.
        years: how the years are written that matter.
    """
    telling = vocabulary & (years | months().keys())
    if not telling:
        return
    # Two words to each side, so that a date at an end needs no rule of its own.
    around = [*("", ""), *words, *("", "")]
    fives = zip(around, around[1:], words, around[3:], around[4:], strict=False)
    flags = map(telling.__contains__, words)
    for before, last, word, following, after in set(compress(fives, flags)):
        if word in months():
            yield from _named(months()[word], (before, last), (following, after))
        else:
            year = _year(word)
            # Year, month, day; then day, month, year; then month, day, year.
            yield from _numbered(year, following, after)
            yield from _numbered(year, last, before)
            yield from _numbered(year, before, last)


def _named(
    month: int, before: tuple[str, str], after: tuple[str, str]
) -> Iterator[tuple[int, int, int]]:
    """Read the day and year before or behind a month's name."""
    earlier = before[0] if before[1] in _OF else before[1]
    later = after[1] if after[0] in _OF else after[0]
    if _day(earlier):
        yield _year(later) if len(later) == 4 else 0, month, _day(earlier)
    if _day(later):
        yield _year(after[1]) if len(after[1]) == 4 else 0, month, _day(later)


def _numbered(year: int, month: str, day: str) -> Iterator[tuple[int, int, int]]:
    if month.isdigit() and len(month) <= 2 and 1 <= int(month) <= 12 and _day(day):
        yield year, int(month), _day(day)


def _day(word: str) -> int:
    found = _NTH.fullmatch(word)
    day = int(found[1]) if found else ORDINALS.get(word, 0)
    return day if day <= 31 else 0


def _year(word: str) -> int:
    if not word.isdigit():
        return 0
    year = int(word)
    # Two digits are taken for this century, as calendars write them.
    if year < 100:
        return 2000 + year
    # Nobody writes years of ours beyond 2400; that of the Buddhist era is 1857.
    return year - _THAI_YEARS if year > 2400 else year


@lru_cache(1)
def months() -> Mapping[str, int]:
    """Return the names of months, flat, and their numbers."""
    rows = [numbered(vocabulary(code).months, 1) for code in LANGUAGES]
    return {
        flat(name): number
        for row in rows
        for name, number in row
        if WORD.fullmatch(flat(name))
    }
