"""What may stand for a name: short names, words for relations, slips, numbers.

Many names differ by one letter from a name of somebody else: Maria and Marta, Paul and
Paula, Christian and Christina. So a slip is only what fingers do and parents do not:
two letters swapped, a neighbouring key, a letter too few or too many; never in the
first letter or the last two, and never in a word of fewer than five letters.
"""

from __future__ import annotations

import functools
import re

from agentkit.language.tokens import WRITTEN_PHONE, fold
from agentkit.language.vocabularies import word_table


def _table(groups: list[str]) -> dict[str, frozenset[str]]:
    """Map each word to all words of its group, itself included."""
    found: dict[str, set[str]] = {}
    for group in groups:
        words = group.split()
        for word in words:
            found.setdefault(word, set()).update(words)
    return {word: frozenset(others) for word, others in found.items()}


_shorts = functools.cache(lambda: _table(word_table("names")["short"]))
_kin = functools.cache(lambda: _table(word_table("names")["kin"]))


def alike_names(name: str) -> frozenset[str]:
    """Return the names that a first name may stand for, itself left out."""
    word = fold(name)
    return _shorts().get(word, frozenset()) - {word}


def same_relations(relation: str) -> frozenset[str]:
    """Return the words for one relation, itself included: mom, mother, mum."""
    word = fold(relation)
    return _kin().get(word, frozenset()) | {word}


_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
# In shorter words a slip makes another name: Ana and Anna, Jon and Jan. So it does in
# the last two letters: Paul and Paula, Christian and Christina.
_SHORTEST = 5
# Letters at the end that must agree: a slip there may make another name, as in "Maria"
# and "Marie".
_ENDING = 2


def is_slip(typed: str, name: str) -> bool:
    """Tell whether words, case and accents folded, are a name with one slip.

    Args:
        typed: what was typed.
        name: the name that may be meant, of as many words.
    """
    words, names = typed.split(), name.split()
    if len(words) != len(names):
        return False
    wrong = [pair for pair in zip(words, names, strict=True) if pair[0] != pair[1]]
    return len(wrong) == 1 and _one_slip(*wrong[0])


def _one_slip(typed: str, name: str) -> bool:
    # What was typed may lack the one letter that the slip left out.
    if min(len(typed), len(name)) < _SHORTEST - 1 or len(name) < _SHORTEST:
        return False
    start = _alike(typed, name)
    end = _alike(typed[start:][::-1], name[start:][::-1])
    if start == 0 or end < _ENDING:
        return False
    mine, theirs = typed[start : len(typed) - end], name[start : len(name) - end]
    if {len(mine), len(theirs)} == {0, 1}:
        return True
    if len(mine) == len(theirs) == 1:
        return theirs in _neighbours(mine)
    return len(mine) == 2 and mine == theirs[::-1]


def _alike(one: str, other: str) -> int:
    """How many letters agree before the first that does not."""
    pairs = enumerate(zip(one, other, strict=False))
    shorter = min(len(one), len(other))
    return next((at for at, (a, b) in pairs if a != b), shorter)


def _neighbours(letter: str) -> str:
    """The keys beside and above or below a key of a QWERTY board."""
    found = ""
    for at, row in enumerate(_ROWS):
        place = row.find(letter)
        if place < 0:
            continue
        found += row[max(place - 1, 0) : place + 2]
        above = _ROWS[at - 1][place : place + 2] if at else ""
        below = _ROWS[at + 1][max(place - 1, 0) : place + 1] if at < 2 else ""
        found += above + below
    return found


# Shorter ones are a service's, such as 112, and the end of many others.
_LEAST = 7
# What is left of most national numbers without their first zero.
_SUFFIX = 9
_EXTENSION = re.compile(r"(?:ext\.?|extension|x|#)\s*\d{1,6}$", re.I)


def is_phone(words: str) -> bool:
    """Tell whether words are a phone number."""
    # Five digits at least: shorter ones are years, times and rooms.
    return bool(WRITTEN_PHONE.fullmatch(words)) and sum(c.isdigit() for c in words) >= 5


def digits_of(number: str) -> str:
    """Return the digits that matter: no trunk or exit prefix, no extension."""
    digits = "".join(c for c in _EXTENSION.sub("", number) if c.isdigit())
    return digits.lstrip("0")


def same_number(one: str, other: str) -> bool:
    """Tell whether two spellings are one number; a country code may be left out."""
    first, second = sorted((digits_of(one), digits_of(other)), key=len)
    if len(first) < _LEAST:
        return bool(first) and first == second
    national = "+" not in one or "+" not in other
    if not national and len(first) != len(second):
        return False
    # +49 (0)30 123456: the zero in brackets is part of neither number.
    return second.endswith(first) or (
        national and first[-_SUFFIX:] == second[-_SUFFIX:] and len(first) > _SUFFIX
    )
