"""Dates and times in a text: where one can begin at all, and what it means.

Where one can begin is said by the modules of the grammar: what names a time (NAMES) and
what may stand before such a name (LEADS) they put together from the very tables that
they read by. So no word is listed here a second time.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import cache

from agentkit.language import numbers
from agentkit.language.tokens import Tokens, tokenize
from agentkit.slots import (
    clock_words,
    date_words,
    day_fields,
    framed_periods,
    inner_words,
    lengths,
    named_days,
    period_rules,
    phrases,
    range_sides,
    ranges,
    relative_words,
    unit_words,
)
from agentkit.slots.date_lookalikes import (
    counts,
    goes_on,
    idle,
    inside_word,
    numbered,
    ranked,
    recurs,
    repeats,
)
from agentkit.slots.date_text import DateText, Prefer, phrases_by_first_word
from agentkit.slots.day_fields import day_first
from agentkit.slots.holidays import feasts
from agentkit.slots.inner_words import no_such_day
from agentkit.slots.named_days import MEALS, feast_at
from agentkit.slots.period_rules import period_at
from agentkit.slots.periods import TimeSpan
from agentkit.slots.ranges import moment_at

# How many tokens may stand before the first that names a day, unit, time or number.
_REACH = 6
_NAMES = (
    *clock_words.NAMES,
    *day_fields.NAMES,
    *framed_periods.NAMES,
    *inner_words.NAMES,
    *lengths.NAMES,
    *named_days.NAMES,
    *numbers.NAMES,
    *unit_words.NAMES,
)
_LEADS = (
    *date_words.LEADS,
    *framed_periods.LEADS,
    *inner_words.LEADS,
    *lengths.LEADS,
    *named_days.LEADS,
    *period_rules.LEADS,
    *phrases.LEADS,
    *range_sides.LEADS,
    *ranges.LEADS,
    *relative_words.LEADS,
    *unit_words.LEADS,
)
_WORDS = frozenset(name for name in _NAMES if " " not in name)
_PHRASES = phrases_by_first_word(name for name in _NAMES if " " in name)
_LEADING = frozenset(_LEADS)


@cache
def _first_words() -> frozenset[str]:
    """The first words of all names of several words, those of feasts included."""
    return frozenset(_PHRASES) | {name.partition(" ")[0] for name in feasts()}


def starts(tokens: Tokens) -> list[bool]:
    """For each token whether a date may begin there."""
    first_words = _first_words()
    good = [False] * len(tokens)
    ahead = _REACH + 1
    # From the end, so that `ahead` counts the tokens to the next name in one pass.
    for index in range(len(tokens) - 1, -1, -1):
        word = tokens[index].text
        names = word in _WORDS or word[0].isdigit()
        # The dear look-ups only where the first word, or an apostrophe, gives reason
        # to.
        if not names and (word in first_words or "'" in word):
            names = _begins_name(tokens, index, word)
        ahead = 0 if names else ahead + 1
        good[index] = names or (ahead <= _REACH and word in _LEADING)
    return good


def _begins_name(tokens: Tokens, index: int, word: str) -> bool:
    """Whether a name of several words stands here, or one with an apostrophe."""
    if any(_says(tokens, index, phrase) for phrase in _PHRASES.get(word, ())):
        return True
    return not _WORDS.isdisjoint(_forms(word)) or feast_at(tokens, index) is not None


def _says(tokens: Tokens, index: int, phrase: str) -> bool:
    words = phrase.split()
    return [token.text for token in tokens[index : index + len(words)]] == words


def _forms(word: str) -> tuple[str, str]:
    """A word without what follows its apostrophe, and without the apostrophe."""
    return word.partition("'")[0], word.replace("'", "")


# Tokens: no date is longer. What was read of a place is kept for its stretch only.
_WINDOW = 40
# So many places may be tried at once, and one more per so many characters: twice
# what a letter full of dates needs, and a bound for a text made to take long.
_BURST = 150
_SPACING = 14
# Tags under which 3/4 is March 4; under all others it is the 3rd of April.
_MONTH_FIRST = frozenset({"", "c", "en", "en-us", "en-ph", "en-ca", "es-us"})
# What a person writes around a date that is asked for: "on Friday, please."
_FILLER = frozenset(
    [".", ",", ";", "!", "?", "'", '"', "(", ")", "please", "sometime", "on", "over"]
)


@dataclass(frozen=True, slots=True)
class FoundSpan:
    """A span and where it stands in the text.

    Attributes:
        english: the English that it was read as; empty for English.
    """

    start_index: int
    end_index: int
    span: TimeSpan
    english: str = ""


def read_whole(
    text: str, now: datetime, *, prefer: Prefer = "future", locale: str = ""
) -> TimeSpan | None:
    """The span that the whole text means; None if a part of it belongs to no date."""
    tokens = _tokens(text, locale)
    reading = DateText(tokens, now.replace(tzinfo=None), prefer, _zone(now), whole=True)
    possible = starts(tokens)
    # The first words may belong to the date, as in "on or before Friday".
    for first in sorted({0, reading.skip(0, _FILLER)}):
        # What is not found in a longer text is not read here either.
        if first == len(tokens) or not possible[first]:
            continue
        found = moment_at(reading, first, bare=True)
        if found and reading.skip(found[1], _FILLER) == len(tokens):
            return found[0]
    return None


def _zone(now: datetime) -> tzinfo:
    return now.tzinfo or UTC


def _tokens(text: str, locale: str) -> Tokens:
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
        # One token back is kept: rules look at the word before, such as "the" or "on".
        if index >= first + _WINDOW:
            first = max(index - 1, 0)
            reading = _window(tokens, first, now)
        hit = _read_at(reading, tokens, index, first)
        if hit is None:
            # No part of a day that is not there is one: "Tuesday in October".
            gone = no_such_day(reading, index - first, period_at)
            index = first + gone if gone else index + 1
            continue
        # A recurrence is stepped over whole: its "Sunday" is not found a second time.
        if not recurs(tokens, index, hit[0]):
            last = tokens[hit[1] - 1]
            found.append(FoundSpan(tokens[index].start, last.end, hit[0]))
        index = hit[1]
    return found


def _window(tokens: Tokens, first: int, now: datetime) -> DateText:
    """A stretch of the text, so long that a date which starts in it ends in it."""
    stretch = Tokens(tokens[first : first + 2 * _WINDOW])
    return DateText(stretch, now.replace(tzinfo=None), "future", _zone(now))


def _read_at(
    reading: DateText, tokens: Tokens, index: int, first: int
) -> tuple[TimeSpan, int] | None:
    """The span that starts at a token, unless it is likelier something else."""
    # "Lunch" alone is the meal; behind a day it is read as its hour.
    if tokens[index].text in MEALS or inside_word(tokens, index):
        return None
    hit = moment_at(reading, index - first)
    # `hit[2]`: words such as "may" and "sun", which in a longer text are rarely dates.
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
