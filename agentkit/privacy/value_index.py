"""Spelled values, kept so that a text is searched for all of them at once."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import compress, count, pairwise

from agentkit.privacy.encodings import of_hex
from agentkit.privacy.spellings import (
    byte_runs,
    digit_runs,
    flat,
    rows_of,
    spelled_runs,
    tokens,
    words_of,
)
from agentkit.privacy.written_dates import written_days, year_words

# A text is cut into pieces of four bytes; a value of seven fills one of them,
# wherever it begins.
_PIECE = 4
_LONG = 7
# A word of letters alone is looked for between spaces; from here on it is also looked
# for within other words, where shorter ones would be found by chance.
_LONG_WORD = 10
# Fewer digits stand in any text; where some are words, somebody spells a number.
_LEAST_DIGITS = 7
# Nobody writes digits as words by chance; four of them are a PIN.
_LEAST_SPELLED = 4
# As `spellings` has it.
_MOST_GROUPS = 14
# Letters that somebody spells one by one; each start is tried with each length.
_MOST_LETTERS = 12
_DOTS = frozenset({"dot", "punkt", "punto", "ponto", "point"})
_SIGNS = _DOTS | {"at", "arroba", "arobase", "chiocciola", "klammeraffe"}


class Index:
    """The flat spellings of values, indexed for search.

    Attributes:
        keys: the letters of each spelling, and whose value it is one of.
    """

    def __init__(self) -> None:
        """Begin empty."""
        self.keys: dict[str, str] = {}
        self._words: dict[str, list[tuple[str, ...]]] = {}
        self._pieces: dict[int, set[int]] = {}
        self._beginnings: dict[bytes, list[bytes]] = {}
        self._digits: dict[str, list[tuple[str, str]]] = {}
        self._days: dict[tuple[int, int], list[tuple[int, str]]] = {}
        self._years: set[str] = set()
        self._dated: set[str] = set()

    def add(self, words: tuple[str, ...], key: str) -> None:
        """Take one spelling of a value, in flat words."""
        joined = "".join(words)
        # Two values of one spelling: the first keeps it, as either would do.
        if joined in self.keys and joined != key:
            return
        self.keys[joined] = key
        self._words.setdefault(words[0], []).append(words)
        if len(words) > 1:
            self._words.setdefault(joined, []).append((joined,))
        if _is_long(words, joined):
            whole = joined.encode()
            self._beginnings.setdefault(whole[:_LONG], []).append(whole)
            for start in range(_PIECE):
                piece = int.from_bytes(whole[start : start + _PIECE], sys.byteorder)
                self._pieces.setdefault(piece, set()).add(start)

    def add_number(self, key: str, part: str = "") -> None:
        """Take the digits of a value that consists of them for the most part.

        Args:
            key: its letters and digits.
            part: those of its digits that stand for it; all of them when empty.
        """
        digits = part or "".join(char for char in key if char.isdigit())
        if len(digits) >= _LEAST_SPELLED and len(digits) * 2 > len(part or key):
            first = digits[:_LEAST_SPELLED]
            self._digits.setdefault(first, []).append((digits, key))

    def add_day(
        self, day: tuple[int, int, int], key: str, *, of_year: bool = False
    ) -> None:
        """Take a value that is a date: year, month and day.

        Args:
            day: these three.
            key: the value.
            of_year: it is told only with its year.
        """
        self._days.setdefault(day[1:], []).append((day[0], key))
        if of_year:
            self._dated.add(key)
        self._years |= year_words([day[0]])

    @property
    def has_days(self) -> bool:
        """Whether any of the values is a date."""
        return bool(self._days)

    def days_in(self, words: list[str], vocabulary: set[str]) -> set[tuple[int, int]]:
        """Return months and days of the known dates that a text has."""
        found = written_days(words, vocabulary, self._years) if self._days else ()
        return {(month, day) for _, month, day in found} & self._days.keys()

    def forget(self, days: set[tuple[int, int]]) -> None:
        """Stop looking for these days; a value that is one is still found literally."""
        for day in days:
            self._days.pop(day, None)

    def longest(self, words: list[str], index: int) -> tuple[int, str]:
        """Return how many words a value takes from here, and which it is."""
        best, key = 0, ""
        for wanted in self._words.get(words[index], ()):
            if len(wanted) > best and tuple(words[index:][: len(wanted)]) == wanted:
                best, key = len(wanted), self.keys["".join(wanted)]
        if words[index].isdigit():
            joined = ""
            for size, word in enumerate(words[index : index + _MOST_GROUPS], 1):
                joined += word
                if size > best and joined in self.keys:
                    best, key = size, self.keys[joined]
        return best, key

    def hit(self, text: str) -> str | None:
        """Return the key of a value that stands in a flat text."""
        words = tokens(text)
        vocabulary = set(words)
        letters = "".join(words)
        # From the cheapest and likeliest search to the dearest.
        return (
            self._in_words(words, vocabulary)
            or self._in_seams(text)
            or self._in_letters(letters)
            or self._in_rows(words, rows_of(words, vocabulary))
            or self._in_days(words, vocabulary)
            or self._in_signs(words, vocabulary)
        )

    def _in_words(self, words: list[str], vocabulary: set[str]) -> str | None:
        """Find a value that stands as whole words."""
        possible = [
            wanted
            for word in self._words.keys() & vocabulary
            for wanted in self._words[word]
            if vocabulary.issuperset(wanted)
        ]
        if not possible:
            return None
        spaced = f" {' '.join(words)} "
        for wanted in possible:
            if len(wanted) == 1 or f" {' '.join(wanted)} " in spaced:
                return self.keys["".join(wanted)]
        return None

    def _in_seams(self, text: str) -> str | None:
        """Find a short value that is split over lines."""
        if "\n" not in text:
            return None
        lines = (line.split() for line in words_of(text).split("\n"))
        ends = [line for line in lines if line]
        seams = (a[-1] + b[0] for a, b in pairwise(ends))
        return next((self.keys[seam] for seam in seams if seam in self.keys), None)

    def _in_rows(self, words: list[str], rows: bytes) -> str | None:
        """Find a value that is spelled letter by letter, or a number in its groups."""
        for run in spelled_runs(words, rows):
            for part in _parts(run):
                if part in self.keys:
                    return self.keys[part]
        for run in byte_runs(words, rows):
            found = self.hit(flat(of_hex(run)))
            if found:
                return found
        return self._in_digits(words, rows) if self._digits else None

    def _in_letters(self, joined: str) -> str | None:
        """Find a long value anywhere, whatever stands between its letters."""
        whole = joined.encode("utf-8", "replace")
        # Four bytes are one number here: nothing is quicker to look up.
        pieces = memoryview(whole)[: len(whole) // _PIECE * _PIECE].cast("I")
        known = map(self._pieces.__contains__, pieces)
        for number in compress(count(), known):
            for offset in self._pieces[pieces[number]]:
                place = number * _PIECE - offset
                begun = self._beginnings.get(whole[place : place + _LONG], ())
                for value in begun if place >= 0 else ():
                    if whole.startswith(value, place):
                        return self.keys[value.decode()]
        return None

    def _in_digits(self, words: list[str], rows: bytes) -> str | None:
        """Find a number that is grouped in another way, or written in words."""
        for run, said in digit_runs(words, rows):
            least = _LEAST_SPELLED if said else _LEAST_DIGITS
            starts = range(len(run) - _LEAST_SPELLED + 1)
            size = _LEAST_SPELLED
            for start in [at for at in starts if run[at : at + size] in self._digits]:
                for digits, key in self._digits[run[start : start + size]]:
                    long = len(digits) >= least and run.startswith(digits, start)
                    # A short number only where nothing else stands beside it.
                    if long or run == digits:
                        return key
        return None

    def _in_days(self, words: list[str], vocabulary: set[str]) -> str | None:
        """Find a date that is written in another way."""
        if not self._days:
            return None
        for year, *day in written_days(words, vocabulary, self._years):
            for known, key in self._days.get((day[0], day[1]), ()):
                if year == known or (not year and key not in self._dated):
                    return key
        return None

    def _in_signs(self, words: list[str], vocabulary: set[str]) -> str | None:
        """Find an address whose signs are written as words: `ana at mail dot example`."""
        if vocabulary.isdisjoint(_DOTS):
            return None
        left = [word for word in words if word not in _SIGNS]
        return self._in_words(left, set(left)) or self._in_letters("".join(left))


def _is_long(words: tuple[str, ...], joined: str) -> bool:
    """Tell whether a value is telling enough to be found inside of other words."""
    size = len(joined.encode())
    if size < _LONG:
        return False
    parted = len(words) > 1 or not joined.isalpha()
    unspaced = not joined.isascii() and any(_is_unspaced(char) for char in joined)
    return unspaced or len(joined) >= _LONG_WORD or (parted and not joined.isdigit())


def _is_unspaced(char: str) -> bool:
    """Tell whether a letter is of a script that has no spaces between words."""
    return "\u0e00" <= char <= "\u109f" or char >= "\u2e80"


def _parts(run: str) -> Iterator[str]:
    """Yield a run of letters, and what may be a shorter value in it."""
    yield run
    for start in range(len(run)):
        for stop in range(start + 3, min(len(run), start + _MOST_LETTERS) + 1):
            yield run[start:stop]
