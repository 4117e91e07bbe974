"""An amendment: words that correct the last thing done or found.

"No, I meant Thursday", "an hour later", "am Freitag auch": a few words around a new value,
and nothing else. Whatever holds more is a separate request.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal

from agentkit.backends.reflex.understood import hour_said, is_length
from agentkit.language.vocabularies import read_table

Change = Literal["time", "shift", "person", "undo"]
# Languages that are written without spaces between words.
_UNSPACED = frozenset({"th"})
# Scripts whose vowel signs are no letters to a regular expression.
_NO_CASE = frozenset({"hi", "th"})
# The danda ends sentences of Hindi, the marks on their head begin those of Spanish.
_EDGES = " \t\r\n,;:.!?।¿¡…-\u2013"
# Words of a new value; more is a request.
_MOST = 8
# Words of a name.
_NAME = 3


@dataclass(frozen=True, slots=True)
class Amendment:
    """What is to be corrected.

    Attributes:
        change: what of it: when it is, by how much it moves, whom it is about, or all
            of it.
        words: the new value, in the user's words; empty for `undo`.
        besides: whether it is wanted beside what is there, and not in its place.
        earlier: whether a shift goes forwards.
    """

    change: Change
    words: str = ""
    besides: bool = False
    earlier: bool = False


def amendment_in(
    text: str, languages: Iterable[str], now: datetime
) -> Amendment | None:
    """Read a turn as an amendment; None for any other turn.

    Args:
        text: the turn.
        languages: in which it may be said, the likeliest first.
        now: the clock.
    """
    known = [one for one in dict.fromkeys(languages) if one in _tables()]
    found = (_amended(text.strip(_EDGES), one, now) for one in known)
    return next((one for one in found if one is not None), None)


def without_opening(text: str, language: str) -> str:
    """Remove an opening that means nothing: "actually, ..."."""
    words = _tables().get(language)
    if words is None:
        return text
    return _stripped(text.strip(), _at_head(words["opening"], language))[0]


def undoes_last(text: str, language: str) -> bool:
    """Whether a turn takes back what was done, in more than a word that may stop it."""
    # "Stop" alone may be about what runs just now; several words take back what was
    # done.
    several = len(text.split()) > 1 or language in _UNSPACED
    return several and is_undoing(text, language)


def fluent(text: str, language: str) -> str:
    """Remove what is said while one thinks: "uh", "äh", "euh"."""
    ways = _HESITATIONS.get(language)
    return (
        re.sub(rf"(?<!\S)(?:{ways})[,.…]*(?:\s+|$)", "", text, flags=re.I)
        if ways
        else text
    )


# As they are dictated; "um" is a word of German, and "er" one, too.
_HESITATIONS = {
    "en": "u+m+|u+h+|e+r+m*|h+m+",
    "de": "ä+h+m*|ö+h+m*|h+m+",
    "fr": "e+u+h+|h+e+u+|h+m+",
    "it": "e+h+m+|u+h+m+|m+h+",
    "pt": "h+u+m+|é+h+|a+h+m+",
    "es": "e+h+m*|m+h+|h+m+",
}


def is_undoing(text: str, language: str) -> bool:
    """Whether a turn takes back what was done, and says no more."""
    words = _tables().get(language)
    return words is not None and _undoes(text.strip(_EDGES), words, language)


def _amended(text: str, language: str, now: datetime) -> Amendment | None:
    words = _tables()[language]
    said = _unwrapped(text, words, language)
    if _undoes(said, words, language):
        return Amendment("undo")
    # "No, I meant Thursday too" has lost "no" above; "I meant" and "too" go now, and an
    # opening that was between them.
    said, meant = _stripped(said, _anywhere(words["meant"], language))
    said, besides = _stripped(said, _at_both(words["besides"], language))
    said, _ = _stripped(said, _at_head(words["opening"], language))
    if not said or len(said.split()) > _MOST:
        return None
    # Before the time: "an hour later" holds a length, which may be read as a time too.
    shift = _shift(said, words, language)
    if shift is not None:
        return shift
    bare = _bare_time(said, words, language, now)
    if bare:
        return Amendment("time", bare, besides)
    # A bare name is an amendment only behind "I meant": "Priya" alone answers a
    # question.
    if meant:
        said = said if _is_name(said, language) else _bare(said, words, language)
        return Amendment("person", said) if _is_name(said, language) else None
    return None


def _unwrapped(text: str, words: Mapping[str, str], language: str) -> str:
    said, _ = _stripped(text, _at_head(words["opening"], language))
    return _stripped(said, _at_tail(words["closing"], language))[0]


def _undoes(text: str, words: Mapping[str, str], language: str) -> bool:
    ways = (text, _unwrapped(text, words, language))
    return any(re.fullmatch(words["undo"], one, re.I) for one in ways)


def _shift(said: str, words: Mapping[str, str], language: str) -> Amendment | None:
    """Read "an hour later", "plus tard d'une heure"; None where it is no shift."""
    shifted = re.compile(_bounded(words["shift"], language), re.I)
    if not shifted.search(said):
        return None
    earlier = re.search(_bounded(words["earlier"], language), said, re.I)
    rest = " ".join(shifted.sub(" ", said).split())
    length = _first(rest, words["value"], language, is_length)
    return Amendment("shift", length, earlier=bool(earlier)) if length else None


def _bare_time(
    said: str, words: Mapping[str, str], language: str, now: datetime
) -> str:
    """Return the time that some words are and nothing else; empty for none."""
    half = words.get("half")
    if half and re.fullmatch(half, said, re.I):
        return said
    found = _first(
        said, words["value"], language, lambda one: bool(hour_said(one, now))
    )
    return hour_said(found, now) if found else ""


def _first(said: str, idle: str, language: str, fits: Callable[[str], bool]) -> str:
    """Return the first that fits of some words with ever more left out around them."""
    # Word by word, head before tail: "on Friday then" is tried whole first.
    tried = said
    while tried:
        if fits(tried):
            return tried
        shorter, left = _stripped(tried, _at_head(idle, language), most=1)
        if not left:
            shorter, left = _stripped(tried, _at_tail(idle, language), most=1)
        if not left:
            return ""
        tried = shorter
    return ""


def _bare(said: str, words: Mapping[str, str], language: str) -> str:
    """Leave out an article, or a preposition, before a name: "a Priya"."""
    return _stripped(said, _at_head(words["value"], language), most=1)[0]


def _is_name(said: str, language: str) -> bool:
    """Whether words may be somebody's name: few, and each with a capital."""
    parts = said.split()
    # A number is a time or a count, whatever its script.
    if not 1 <= len(parts) <= _NAME or any(one.isdigit() for one in parts):
        return False
    return language in _NO_CASE or all(one[:1].isupper() for one in parts)


def _bounded(ways: str, language: str) -> str:
    """Match whole words only, in languages with spaces between words."""
    if language in _UNSPACED:
        return f"(?:{ways})"
    return rf"(?<![^\s,.;:!?¿¡'])(?:{ways})(?![^\s,.;:!?।])"


def _at_head(ways: str, language: str) -> re.Pattern[str]:
    # What ends in an apostrophe stands before its word: "d'une heure".
    gap = "" if language in _UNSPACED else r"(?:(?<=')|(?![^\s,.;:!?।]))"
    return re.compile(rf"^(?:{ways}){gap}[\s,.;:!?]*", re.I)


def _at_tail(ways: str, language: str) -> re.Pattern[str]:
    gap = "" if language in _UNSPACED else r"(?<![^\s,.;:!?])"
    return re.compile(rf"[\s,.;:!?]*{gap}(?:{ways})$", re.I)


def _anywhere(ways: str, language: str) -> re.Pattern[str]:
    return re.compile(_bounded(ways, language), re.I)


def _at_both(ways: str, language: str) -> re.Pattern[str]:
    head, tail = _at_head(ways, language), _at_tail(ways, language)
    return re.compile(f"{head.pattern}|{tail.pattern}", re.I)


def _stripped(text: str, pattern: re.Pattern[str], most: int = 6) -> tuple[str, bool]:
    """Remove what matches, again and again; return whether anything did."""
    found = False
    # Openings pile up: "no, sorry, actually, ...".
    for _ in range(most):
        left, count = pattern.subn(" ", text, count=1)
        if not count:
            break
        text, found = " ".join(left.split()).strip(_EDGES), True
    return text, found


@cache
def _tables() -> dict[str, dict[str, str]]:
    return read_table(Path(__file__).with_name("amendments.toml"))
