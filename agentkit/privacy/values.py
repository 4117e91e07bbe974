"""The personal values that must not leave, and the search for them in a text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import compress, count, pairwise
from struct import iter_unpack

from agentkit.privacy.spellings import (
    TOKEN,
    decoded,
    digit_runs,
    encoded_places,
    flat,
    tokens,
    unescaped,
)

_PIECE = 5
# A text is cut into pieces of five bytes; a value this long fills one of them,
# wherever it begins.
_LONG = 10
# No value is found across two pieces: this word is none, and stands on a line.
_BETWEEN = "\nzzzzzzzzzz\n"
_ROW = b"\x01\x01\x01"
# Fewer digits stand in any text; where some are words, somebody spells a number.
_LEAST_DIGITS = 7
_LEAST_SPELLED = 4
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
        self._spelt: dict[str, tuple[str, ...]] = {}
        self._words: dict[str, list[tuple[str, ...]]] = {}
        self._pieces: dict[tuple[bytes], list[tuple[bytes, int]]] = {}
        self._digits: dict[str, list[tuple[str, str]]] = {}
        for value in values:
            self.add(value)

    def __len__(self) -> int:
        """Count the values."""
        return len(self.items)

    def __iter__(self) -> Iterator[PersonalValue]:
        """Iterate over the values."""
        return iter(self.items.values())

    def copy(self) -> Values:
        """Return a set of its own with the same values."""
        return Values(self)

    def without(self, text: str) -> Values:
        """Return the values that do not stand in a text that everybody knows."""
        words = tokens(flat(text))
        vocabulary, spaced = set(words), f" {' '.join(words)} "
        common = {
            key
            for key, spelt in self._spelt.items()
            if vocabulary.issuperset(spelt) and f" {' '.join(spelt)} " in spaced
        }
        if not common:
            return self
        return Values(v for key, v in self.items.items() if key not in common)

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
        self._spelt[joined] = words
        self._words.setdefault(words[0], []).append(words)
        self._words.setdefault(joined, []).append((joined,))
        if len(joined) >= _LONG:
            whole = joined.encode()
            for start in range(_PIECE):
                piece = whole[start : start + _PIECE]
                self._pieces.setdefault((piece,), []).append((whole, start))
        digits = _number(joined)
        if digits:
            first = digits[:_LEAST_SPELLED]
            self._digits.setdefault(first, []).append((digits, joined))

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
        hits = (self._in_flat(flat(form)) for form in _forms(text))
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
        digits = [one for one in letters if one[0].isdigit()]
        key = _joined(hit.text)
        for chars, wanted in ((letters, key), (digits, _number(key))):
            at = "".join(char for char, _ in chars).find(wanted) if wanted else -1
            if at >= 0:
                return chars[at][1], chars[at + len(wanted) - 1][1] + 1, hit
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
            or self._in_single_letters(words, vocabulary)
            or self._in_letters("".join(words))
            or self._in_digits(words, vocabulary)
        )

    def _in_words(self, words: list[str], vocabulary: set[str]) -> str | None:
        """Find a value as words of its own."""
        present = self._words.keys() & vocabulary
        possible = [
            wanted
            for word in present
            for wanted in self._words[word]
            if vocabulary.issuperset(wanted)
        ]
        if not possible:
            return None
        neighbours = set(pairwise(words))
        for wanted in possible:
            if len(wanted) == 1 or neighbours.issuperset(pairwise(wanted)):
                spaced = f" {' '.join(words)} "
                if f" {' '.join(wanted)} " in spaced:
                    return "".join(wanted)
        return None

    def _in_seams(self, text: str) -> str | None:
        """Find a short value that is split over two lines."""
        lines = [tokens(line) for line in text.splitlines()] if "\n" in text else []
        ends = [line for line in lines if line]
        seams = (a[-1] + b[0] for a, b in pairwise(ends))
        return next((seam for seam in seams if seam in self.items), None)

    def _in_single_letters(self, words: list[str], vocabulary: set[str]) -> str | None:
        """Find a short value that is spelled letter by letter."""
        letters = {word for word in vocabulary if len(word) == 1}
        if not _in_a_row(words, letters):
            return None
        return next((run for run in _single_letters(words) if run in self.items), None)

    def _in_letters(self, joined: str) -> str | None:
        """Find a long value anywhere, whatever stands between its letters."""
        whole = joined.encode("utf-8", "replace")
        pieces = iter_unpack(f"{_PIECE}s", whole[: len(whole) // _PIECE * _PIECE])
        known = map(self._pieces.__contains__, pieces)
        for place in compress(count(step=_PIECE), known):
            for value, offset in self._pieces[(whole[place : place + _PIECE],)]:
                if place >= offset and whole.startswith(value, place - offset):
                    return value.decode()
        return None

    def _in_digits(self, words: list[str], vocabulary: set[str]) -> str | None:
        """Find a number that is grouped in another way, or written in words."""
        if not self._digits:
            return None
        for run, said in digit_runs(words, vocabulary):
            least = _LEAST_SPELLED if said else _LEAST_DIGITS
            for start in range(len(run) - _LEAST_SPELLED + 1):
                for digits, key in self._digits.get(
                    run[start : start + _LEAST_SPELLED], ()
                ):
                    if len(digits) >= least and run.startswith(digits, start):
                        return key
        return None


def _forms(text: str) -> Iterator[str]:
    """Yield a text as it is, and what is escaped or encoded in it."""
    yield text
    plain = unescaped(text)
    if plain:
        yield plain
    pieces = [*decoded(text), *decoded(plain)]
    if pieces:
        yield _BETWEEN.join(pieces)


def _in_a_row(words: list[str], wanted: set[str]) -> bool:
    """Tell whether three of the wanted words follow each other."""
    # The loop is C's: this is asked of all that leaves.
    return bool(wanted) and bytes(map(wanted.__contains__, words)).find(_ROW) >= 0


def _joined(text: str) -> str:
    return "".join(tokens(flat(text)))


def _number(joined: str) -> str:
    """Return the digits of a value that consists of them for the most part."""
    digits = "".join(char for char in joined if char.isdigit())
    telling = len(digits) >= _LEAST_SPELLED and len(digits) * 2 > len(joined)
    return digits if telling else ""


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
