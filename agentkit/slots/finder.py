"""Dates and times in a text: where one can begin at all, and what it means.

Where one can begin is said by the modules of the grammar: what names a time (NAMES) and
what may stand before such a name (LEADS) they put together from the very tables that
they read by. So no word is listed here a second time.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import cache

from agentkit.language import numbers
from agentkit.language.numbers import ONES, ORDINALS, TENS
from agentkit.language.tokens import TextToken, Tokens, tokenize
from agentkit.language.vocabularies import english_words
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
from agentkit.slots.date_text import DateText, Prefer, phrases_by_first_word
from agentkit.slots.day_fields import day_first
from agentkit.slots.holidays import feasts
from agentkit.slots.inner_words import no_such_day
from agentkit.slots.named_days import MEALS, feast_at
from agentkit.slots.period_rules import period_at
from agentkit.slots.periods import GRAINS, TimeSpan
from agentkit.slots.ranges import moment_at

# A date may begin right behind these; behind any other sign it is part of a word.
_OPENING = frozenset("([{\"'~><\u201c\u201d\u2018\u2019\u2013\u2014")
# "At 3 sharp" and "at 3 with Ana" are hours; "at 3 tables" counts tables.
_AFTER_HOUR = english_words("after_hour")
# Words such as "room" and "ticket": the number behind one is its name.
_NUMBERED = english_words("numbered")
# Read as times they would give messages and reminders days that nobody meant.
_IDLE = frozenset({"in a second", "in a sec", "in one second", "24 / 7", "by now"})
# Behind one of these and before nothing an ordinal is a day: "by the 3rd".
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
# The tokenizer parts "3rd" into a number and its ending.
_SUFFIXES = frozenset({"st", "nd", "rd", "th"})
_RANK_WORDS = frozenset({*_SUFFIXES, *ORDINALS, *TENS}) | frozenset(
    {"the", "and", "to", "-", "around", "about", "between", "in"}
)


def numbered(tokens: tuple[TextToken, ...], index: int) -> bool:
    """Whether a number is a name: "room 5/12", "ticket 20260101"."""
    before = tokens[index - 1].text if index else ""
    return tokens[index].is_digits and before in _NUMBERED


def idle(words: tuple[TextToken, ...]) -> bool:
    """Whether it is a manner of speaking: "in a second", "24/7"."""
    said = " ".join(word.text for word in words)
    return said in _IDLE


def _only_ranks(texts: list[str]) -> bool:
    """Whether there are only ordinals and fillers: "the 21st", "around the 3rd"."""
    rest = [text for text in texts if text not in _RANK_WORDS and not text.isdigit()]
    return not rest and any(text in _SUFFIXES or text in ORDINALS for text in texts)


def ranked(words: tuple[TextToken, ...], following: tuple[TextToken, ...]) -> bool:
    """Whether a lone ordinal ranks something: "the 3rd floor", "his 21st birthday"."""
    texts = [word.text for word in words]
    if _only_ranks(texts):
        return True
    said = [word for word in texts if word not in _BEFORE_RANK]
    ranks = len(said) == 2 and said[1] in _SUFFIXES
    if not ranks and not (len(said) == 1 and said[0] in ORDINALS):
        return False
    if len(said) == len(words):
        return True
    return any(word.is_word and word.text not in _AFTER_HOUR for word in following)


def recurs(tokens: tuple[TextToken, ...], index: int, span: TimeSpan) -> bool:
    """Whether "every Sunday" or "each second day" is meant: no single time."""
    # "Every other Sunday" has a word between.
    other = index > 1 and tokens[index - 1].text == "other"
    # Only from a day on: the hour of "every 3pm" is still one.
    again = index > other and tokens[index - 1 - other].text in ("every", "each")
    return again and GRAINS.index(span.grain) >= GRAINS.index("day")


def repeats(tokens: tuple[TextToken, ...], end: int) -> bool:
    """Whether "of every month" follows: no single time either."""
    after = [token.text for token in tokens[end : end + 2]]
    return after in (["of", "every"], ["of", "each"])


def inside_word(tokens: tuple[TextToken, ...], index: int) -> bool:
    """Whether a token is glued to what stands before: the 5 of $5, v1.5, 1-800."""
    before, token = index - 1, tokens[index]
    if before < 0 or token.gap:
        return False
    sign = tokens[before].text
    # "Time:5pm" is a label and its value; "2:5" is one number.
    if sign in _OPENING or (sign == ":" and before and tokens[before - 1].is_word):
        return False
    return not (sign in ("-", "=") and tokens[before].gap)


def goes_on(tokens: tuple[TextToken, ...], end: int) -> bool:
    """Whether the last token is glued to more: 3.5, 82-2100, 5%, 3x."""
    if end >= len(tokens) or tokens[end].gap:
        return False
    if tokens[end].is_digits or tokens[end].is_word or tokens[end].text in "%$€£°":
        return True
    more = end + 1 < len(tokens) and not tokens[end + 1].gap
    return more and tokens[end].text in "-./:" and tokens[end + 1].is_digits


def counts(tokens: tuple[TextToken, ...], end: int, span: TimeSpan) -> bool:
    """Whether a lone hour is a count of what follows: "at 3 tables"."""
    last = tokens[end - 1]
    number = last.is_digits or last.text in ONES or last.text in TENS
    clock = span.grain in ("hour", "minute")
    # Behind a colon it is a whole clock time, whatever follows.
    if not (number and clock) or end >= len(tokens) or tokens[end - 2].text == ":":
        return False
    following = tokens[end]
    return following.is_word and following.text not in _AFTER_HOUR


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
