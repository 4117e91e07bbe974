"""The personal values that must not leave, and the search for them in a text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from agentkit.privacy.spellings import (
    TOKEN,
    decoded,
    digit_words,
    encoded_places,
    flat,
    spelled_digits,
    tokens,
)

_WINDOW = 6
_STRIDE = 5
_LONG = _WINDOW + _STRIDE - 1
_LEAST_DIGITS = 4
_MOST_GROUPS = 14
_SHORTEST = 3
# Two characters are a whole name in some scripts.
_SHORTEST_WORD = 2


@dataclass(frozen=True, slots=True)
class PersonalValue:
    """A value of the user's that must not leave as it is.

    Attributes:
        text: the value as it is written on the device.
        kind: what it is, such as `contact`, `event.start`; names its placeholder.
    """

    text: str
    kind: str = "value"


class Values:
    """A set of personal values that is searched for in every spelling.

    A value of ten letters or more is found inside of other words too; a shorter
    one only as words of its own. Values of one or two characters are not kept: they
    would be found everywhere.
    """

    def __init__(self, values: Iterable[PersonalValue] = ()) -> None:
        """Take the values."""
        self.items: dict[str, PersonalValue] = {}
        self._words: dict[str, list[tuple[str, ...]]] = {}
        self._windows: dict[str, list[str]] = {}
        self._digits: set[str] = set()
        for value in values:
            self.add(value)

    def __len__(self) -> int:
        """Count the values."""
        return len(self.items)

    def without(self, text: str) -> Values:
        """Return the values that do not stand in a text that everybody knows."""
        common = {id(value) for _, _, value in self.spans(text)}
        if not common:
            return self
        return Values(value for value in self.items.values() if id(value) not in common)

    def get(self, text: str) -> PersonalValue | None:
        """Return the value that a text is, in any spelling of words."""
        return self.items.get(_joined(text))

    def add(self, value: PersonalValue) -> None:
        """Take one more value; one that is there already stays as it is."""
        words = tuple(tokens(flat(value.text)))
        joined = "".join(words)
        shortest = _SHORTEST if joined.isascii() else _SHORTEST_WORD
        if len(joined) < shortest or joined in self.items:
            return
        self.items[joined] = value
        self._words.setdefault(words[0], []).append(words)
        self._words.setdefault(joined, []).append((joined,))
        if len(joined) >= _LONG:
            for start in range(_STRIDE):
                window = joined[start : start + _WINDOW]
                self._windows.setdefault(window, []).append(joined)
        digits = "".join(char for char in joined if char.isdigit())
        if len(digits) >= _LEAST_DIGITS and len(digits) * 2 > len(joined):
            self._digits.add(digits)

    def spans(self, text: str) -> list[tuple[int, int, PersonalValue]]:
        """Find where values stand in a text as words: start, end, value.

        Case, accents and what stands between words do not matter; where two values
        overlap, the longer one counts.
        """
        if not self.items:
            return []
        places = [(match.start(), match.end()) for match in TOKEN.finditer(text)]
        words = [flat(text[start:end]) for start, end in places]
        found: list[tuple[int, int, PersonalValue]] = []
        index = 0
        while index < len(words):
            count, key = self._longest(words, index)
            if count:
                end = places[index + count - 1][1]
                found.append((places[index][0], end, self.items[key]))
            index += count or 1
        return found

    def _longest(self, words: list[str], index: int) -> tuple[int, str]:
        """Return how many words a value takes from here, and which it is."""
        best, key = 0, ""
        for wanted in self._words.get(words[index], ()):
            if len(wanted) > best and tuple(words[index:][: len(wanted)]) == wanted:
                best, key = len(wanted), "".join(wanted)
        if words[index].isdigit():
            joined = ""
            for count, word in enumerate(words[index : index + _MOST_GROUPS], 1):
                joined += word
                if count > best and joined in self.items:
                    best, key = count, joined
        return best, key

    def find(self, text: str) -> PersonalValue | None:
        """Return one of the values that stands in a text, in any spelling."""
        if not self.items:
            return None
        hit = self._in_flat(flat(text))
        if hit is None:
            hits = (self._in_flat(flat(piece)) for piece in decoded(text))
            hit = next((found for found in hits if found), None)
        return self.items[hit] if hit else None

    def locate(self, text: str) -> tuple[int, int, PersonalValue] | None:
        """Find where a disguised value stands: spread out, split, or encoded.

        Returns:
            Start, end and what stands there; None when nothing does, or when it
            has no single place, as a number in words.
        """
        hit = self.find(text)
        if hit is None:
            return None
        letters = [
            (char, index)
            for index, original in enumerate(text)
            for char in flat(original)
            if char.isalnum()
        ]
        key = _joined(hit.text)
        at = "".join(char for char, _ in letters).find(key)
        if at >= 0:
            return letters[at][1], letters[at + len(key) - 1][1] + 1, hit
        for start, end in encoded_places(text):
            if self.find(text[start:end]):
                return start, end, PersonalValue(text[start:end], hit.kind)
        return None

    def _in_flat(self, text: str) -> str | None:
        words = tokens(text)
        vocabulary = set(words)
        return (
            self._in_words(words, vocabulary)
            or self._in_seams(text)
            or self._in_single_letters(words)
            or self._in_letters("".join(words))
            or self._in_digits(words, vocabulary)
        )

    def _in_words(self, words: list[str], vocabulary: set[str]) -> str | None:
        """Find a value as words of its own."""
        present = self._words.keys() & vocabulary
        if not present:
            return None
        for index, word in enumerate(words):
            if word not in present:
                continue
            for wanted in self._words[word]:
                if tuple(words[index : index + len(wanted)]) == wanted:
                    return "".join(wanted)
        return None

    def _in_seams(self, text: str) -> str | None:
        """Find a short value that is split over two lines."""
        lines = [tokens(line) for line in text.splitlines()] if "\n" in text else []
        ends = [line for line in lines if line]
        seams = (a[-1] + b[0] for a, b in pairwise(ends))
        return next((seam for seam in seams if seam in self.items), None)

    def _in_single_letters(self, words: list[str]) -> str | None:
        """Find a short value that is spelled letter by letter."""
        return next((run for run in _single_letters(words) if run in self.items), None)

    def _in_letters(self, joined: str) -> str | None:
        """Find a long value anywhere, whatever stands between its letters."""
        end = len(joined) - _WINDOW + 1
        sampled = {joined[i : i + _WINDOW] for i in range(0, end, _STRIDE)}
        for window in sampled & self._windows.keys():
            for value in self._windows[window]:
                if value in joined:
                    return value
        return None

    def _in_digits(self, words: list[str], vocabulary: set[str]) -> str | None:
        """Find a number that is written in words."""
        if vocabulary.isdisjoint(digit_words()):
            return None
        for run in spelled_digits(words):
            for digits in self._digits:
                if digits in run:
                    return next(
                        key
                        for key in self.items
                        if "".join(c for c in key if c.isdigit()) == digits
                    )
        return None


def _joined(text: str) -> str:
    return "".join(tokens(flat(text)))


def _single_letters(words: list[str]) -> Iterator[str]:
    """Join runs of single letters: `A n a`."""
    run: list[str] = []
    for word in [*words, ""]:
        if len(word) == 1:
            run.append(word)
            continue
        if len(run) >= 3:
            joined = "".join(run)
            yield joined
            for start in range(len(run)):
                for stop in range(start + 3, min(len(run), start + 12) + 1):
                    yield joined[start:stop]
        run = []
