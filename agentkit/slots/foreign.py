"""Dates in other languages than English, alone and in a longer text.

In a longer text a run of words that all belong to dates is cut at every place, and the
longest piece that the grammar reads counts. Not covered there: words of two languages
in one date, and languages beyond our eight.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache

from agentkit.language.vocabularies import (
    DAY_NAMES,
    LANGUAGES,
    MONTH_NAMES,
    Vocabulary,
    foreign_vocabulary,
    language_of,
    vocabulary,
)
from agentkit.slots.date_text import Prefer
from agentkit.slots.finder import FoundSpan, find_spans, read_whole
from agentkit.slots.further_languages import is_further, read_further
from agentkit.slots.periods import TimeSpan
from agentkit.slots.translation import plain, plain_places, scanner, translated

# A date has fewer pieces than this: "next Tuesday, 17 March 2026, from 10:00 to 11:30".
_LONGEST = 22
# A number, with the letters of a clock where they are glued: "15h30".
_NUMBER = r"\d+(?:(?:h|hs|hrs)(?:\d\d)?(?![a-z]))?"
# English words that make no date alone, and those that make one of a number.
_IDLE = frozenset(
    ["a", "an", "and", "at", "before", "between", "by", "date>", "early>", "for", "from",
     "half", "in", "last", "later>", "next", "now", "of", "on", "onthe", "past", "since",
     "the", "theday", "this", "to", "until", "hours", "hour", "minutes", "seconds", "day",
     "days", "year", "years", "oclock"]
)  # fmt: skip
# "Freitag ein" is "Friday a", and no hour; "um eins" is one.
_ARTICLE = re.compile(r"(?<!at)(?<!to)(?<!past) 1$")
# A meal is rather what one eats; "after lunch" and "tomorrow at lunch" are times.
_MEAL = re.compile(r"(?:(?:at|for|in|of|the) )*(?:breakfast|lunch|dinner)")
_BARE_DAY = re.compile(r"the \d{1,2}[a-z]{2}")
# "Im vierten Stock", "zum fünften Mal": a rank is a day behind "am" and "den".
_RANK = re.compile(r"(?:in )?(?:the )?\d{1,2}(?:st|nd|rd|th)")
_NEXT_WORD = re.compile(r"\s*([^\W\d_]+)")
# "Recuérdame el 5 pagar la luz": what is to be done follows.
_INFINITIVE = re.compile(r"[aei]re?(?:l[aeio]s?|me|se)?$")
# "Il 3 per cento", which would be for a hundred.
_PERCENT = re.compile(
    r"\s*(?:%|prozent|percent|p(?:er|our|or) cien|p(?:er|our|or) cent)", re.I
)
_CLOCK = re.compile(r"\d:\d\d|\b(?:at|on|until|by|before) \d{1,2}\b\.?$|\d/\d|\d{4}-\d")


def find_in_language(text: str, now: datetime, locale: str) -> list[FoundSpan]:
    """Every date or time in a longer text of the locale's language, left to right."""
    language = foreign_vocabulary(locale)
    if language is None:
        return find_spans(text, now, locale=locale)
    return _find_spans(text, now, language)


def _find_spans(text: str, now: datetime, language: Vocabulary) -> list[FoundSpan]:
    found: list[FoundSpan] = []
    for run in runs(text, language):
        first = 0
        while first < len(run):
            hit = _longest(text, run[first : first + _LONGEST], now, language)
            if hit is None:
                first += 1
                continue
            found.append(hit)
            first += sum(start < hit.end_index for start, _ in run[first:])
    return found


def find_dates(text: str, now: datetime, locale: str) -> list[tuple[int, int]]:
    """Tell where the dates and times of a text stand, in the locale's language."""
    found = find_in_language(text, now, locale)
    return [(one.start_index, one.end_index) for one in found]


def words_of_time(text: str, locale: str) -> Iterator[tuple[int, str]]:
    """Yield each run of words about time with its place, in English: "1 hour"."""
    language = foreign_vocabulary(locale)
    for run in runs(text, language) if language else ():
        english = translated(text[run[0][0] : run[-1][1]], language) if language else ""
        if english:
            yield run[0][0], english


Pieces = list[tuple[int, int]]


def _longest(
    text: str, run: Pieces, now: datetime, language: Vocabulary
) -> FoundSpan | None:
    start = run[0][0]
    if not any(_counts(text[a:b], language) for a, b in run):
        return None
    # From the longest on, so that the first that can be read is the one.
    for end in sorted({end for _, end in run}, reverse=True):
        said = text[start:end]
        english = translated(said, language) or plain(said)
        if not _tells(said, english) or _cuts(text, run, end, language):
            continue
        if _PERCENT.match(text, end) or _of_things(text, run, end, english, language):
            continue
        span = read_whole(english, now)
        if span is not None:
            pieces = [one for one in run if one[1] <= end]
            start, end = _trimmed(text, pieces, english, language)
            return FoundSpan(start, end, span, english)
    return None


def _cuts(text: str, run: Pieces, end: int, language: Vocabulary) -> bool:
    """Whether a piece ends between a number and its month: "Ostersonntag, 5. | April"."""
    before = next((text[a:b] for a, b in run if b == end), "")
    after = next((text[a:b] for a, b in run if a >= end), "")
    english = scanner(language)[1].get(plain(after), "")
    return before.isdigit() and english in MONTH_NAMES


def _of_things(
    text: str, run: Pieces, end: int, english: str, language: Vocabulary
) -> bool:
    """Whether an article and a number count what follows: "le 2 pièces", "il 3 Euro"."""
    table = scanner(language)[1]
    article = table.get(plain(text[run[0][0] : run[0][1]])) == "onthe"
    behind = _NEXT_WORD.match(text, end)
    if not (article and _BARE_DAY.fullmatch(english) and behind):
        return False
    # "Le premier de la classe", but "le 1er"
    last = next(text[a] for a, b in run if b == end)
    if english == "the 1st" and last.isalpha():
        return True
    word = plain(behind[1])
    known = word in table or f"{word}'" in table
    return not known and not _INFINITIVE.search(word)


def _counts(said: str, language: Vocabulary) -> bool:
    """Whether a piece says a number or a word that a date needs."""
    english = scanner(language)[1].get(plain(said), "0")
    return not _IDLE.issuperset(english.split())


def _trimmed(
    text: str, pieces: Pieces, english: str, language: Vocabulary
) -> tuple[int, int]:
    """Drop words at both ends that do not change the date: "am Sonntag um 13 Uhr zum"."""
    while len(pieces) > 1 and _same(text, pieces[:-1], english, language):
        pieces = pieces[:-1]
    while len(pieces) > 1 and _same(text, pieces[1:], english, language):
        pieces = pieces[1:]
    return pieces[0][0], pieces[-1][1]


def _same(text: str, pieces: Pieces, english: str, language: Vocabulary) -> bool:
    return translated(text[pieces[0][0] : pieces[-1][1]], language) == english


def _tells(said: str, english: str) -> bool:
    """Whether it may be a date: no bare number, and no short word such as "so"."""
    if (english in DAY_NAMES or english in MONTH_NAMES) and len(said) <= 3:
        # "Mar" and "so" may be other words; "ส." and "शनि" cannot.
        return not said.isascii()
    ranked = _RANK.fullmatch(english) and not english.startswith("the ")
    if ranked or _MEAL.fullmatch(english) or english.endswith(" for 100"):
        return False
    if _ARTICLE.search(english) and not said[-1].isdigit():
        return False
    words = re.findall(r"[a-z]{2,}", english)
    return any(word not in _IDLE for word in words) or bool(_CLOCK.search(english))


def runs(text: str, language: Vocabulary) -> Iterator[Pieces]:
    """Yield the stretches whose every word belongs to dates, as places in the text."""
    letters, places = plain_places(text)
    pattern, run, at = _pieces(language), Pieces(), 0
    while at < len(letters):
        match = pattern.match(letters, at)
        if match is None or (match["word"] and _inside(letters, at, language)):
            if run:
                yield run
            run, at = [], at + 1
            continue
        if match["word"]:
            run.append((places[at], places[match.end() - 1] + 1))
        at = match.end()
    if run:
        yield run


def _inside(letters: str, at: int, language: Vocabulary) -> bool:
    """Whether a word goes on to the left; scripts without spaces never say so."""
    return bool(language.letters) and at > 0 and letters[at - 1].isalnum()


@cache
def _pieces(language: Vocabulary) -> re.Pattern[str]:
    phrases = sorted(
        (key for key in scanner(language)[1] if key), key=len, reverse=True
    )
    edge = r"(?![^\W\d_])" if language.letters else ""
    said = "|".join(map(re.escape, phrases))
    return re.compile(rf"(?P<word>(?:{said}){edge}|{_NUMBER})|[:,./\s-]|(?<=[dl])'")


def read_own(
    text: str, now: datetime, *, prefer: Prefer = "future", locale: str = ""
) -> TimeSpan | None:
    """The span that a text in the locale's language means; None for English."""
    if is_further(locale):
        return read_further(text, now, prefer=prefer, locale=locale)
    mine = foreign_vocabulary(locale)
    english = _this(translated(text, mine)) if mine else None
    return read_whole(english, now, prefer=prefer) if english else None


def read_foreign(
    text: str, now: datetime, *, prefer: Prefer = "future", locale: str = ""
) -> TimeSpan | None:
    """The span that a text in another language than the locale's means, or None."""
    mine = language_of(locale)
    # The first language that reads all of it counts.
    for code in LANGUAGES[1:]:
        english = _this(translated(text, vocabulary(code))) if code != mine else ""
        if not english or _too_short(text, english):
            continue
        span = read_whole(english, now, prefer=prefer)
        if span is not None:
            return span
    return None if is_further(locale) else read_further(text, now, prefer=prefer)


def _this(english: str | None) -> str | None:
    """Put "this" before a unit alone: "wie sieht meine Woche aus" is this week."""
    bare = english in ("week", "weeks", "weekend", "month", "months", "year")
    return f"this {english.removesuffix('s')}" if english and bare else english


def _too_short(text: str, english: str) -> bool:
    """Whether it may be any word: "lun" and "so" for days, "once" for eleven."""
    lone = english in DAY_NAMES or english in MONTH_NAMES
    return english.isdigit() or (lone and len(text) <= 3 and text.isascii())
