"""The personal values that must not leave, and the search for them in a text."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from agentkit.language.tokens import WORD
from agentkit.privacy.encodings import BETWEEN, readings
from agentkit.privacy.personal import PersonalValue, inflected, is_name, is_ordinary
from agentkit.privacy.spellings import (
    digit_runs,
    flat,
    joined,
    respelled,
    rows_of,
    tokens,
)
from agentkit.privacy.street_names import shortened
from agentkit.privacy.value_index import Index
from agentkit.privacy.written_dates import day_of

__all__ = ["PersonalValue", "ValuePlace", "Values"]

# Two letters or digits stand in any text: all of it would be placeholders.
_SHORTEST = 3
_PLACES = {"place", "address", "location", "street"}
# Two characters are a whole name in some scripts.
_SHORTEST_WORD = 2
# Base64 of fewer bytes is shorter than words are: it is kept as a word.
_SHORT_BYTES = 5
# A text is cut at these only: what is encoded has none inside of a word.
_CHUNK = re.compile(r"[^\s,!?()\[\]\"'<>]+|[<>]")

# A first name may be the beginning of a longer value, which is spread over so many.
_MOST_CHUNKS = 24
# A run's texts, and the beginnings of them that a search by halves looks at.
_MOST_SEARCHED = 256
# The digits of a number within its area, in most countries.
_LOCAL = (7, 9, 10)


@lru_cache(4)
def _small_words(text: str) -> frozenset[str]:
    """Return the lower-case words of a text, flat.

    What tools say of themselves is thousands of words, and the same at each step.
    """
    small = {word for word in WORD.findall(text) if word.islower()}
    return frozenset(word if word.isascii() else flat(word) for word in small)


@dataclass(frozen=True, slots=True)
class ValuePlace:
    """Where a disguised value stands in a text.

    Attributes:
        start: its first character.
        end: behind its last.
        value: whose value it is.
        whole: whether nothing else stands there.
    """

    start: int
    end: int
    value: PersonalValue
    whole: bool


class Values:
    """A set of personal values that is searched for in every spelling.

    A value of several words or with digits, and a word of ten letters or more, is
    found inside of other words too; a shorter one only as a word of its own. Values of
    one or two characters are not kept: they would be found everywhere.
    """

    def __init__(self, values: Iterable[PersonalValue] = ()) -> None:
        """Take the values."""
        self.items: dict[str, PersonalValue] = {}
        self._index = Index()
        # What was searched already; a mask and a gate ask for the same text many times.
        self._searched: dict[str, str | None] = {}
        for value in values:
            self.add(value)

    def __len__(self) -> int:
        """Count the values."""
        return len(self.items)

    def __iter__(self) -> Iterator[PersonalValue]:
        """Iterate over the values."""
        return iter(self.items.values())

    def without(self, text: str) -> Values:
        """Return the values that are not the words of a text that everybody knows.

        A single word counts as such where the text has it in small letters, and a
        date where the text has that day. A person's name does not, unless it is a
        word of its own.
        """
        small = self.items.keys() & _small_words(text)
        common = {key for key in small if self._is_word(key)}
        # Nearly always: the same object, so that what it searched already stays known.
        if not common and not self._days_in(text):
            return self
        left = Values(value for key, value in self.items.items() if key not in common)
        left.forget_days(text)
        return left

    def forget_days(self, text: str) -> None:
        """Stop looking for the days that a text names; exact values are still found."""
        days = self._days_in(text)
        if days:
            self._index.forget(days)
            self._searched.clear()

    def _days_in(self, text: str) -> set[tuple[int, int]]:
        if not self._index.has_days:
            return set()
        words = tokens(flat(text))
        return self._index.days_in(words, set(words))

    def _is_word(self, key: str) -> bool:
        value = self.items[key]
        return is_ordinary(value) or not is_name(value)

    def get(self, text: str) -> PersonalValue | None:
        """Return the value that a text is, in any spelling of words."""
        key = self._index.keys.get(joined(text))
        return self.items[key] if key else None

    def add(self, value: PersonalValue) -> None:
        """Take one more value; one that is there already stays as it is."""
        words = tuple(tokens(flat(value.text)))
        key = "".join(words)
        if len(key) < (_SHORTEST if key.isascii() else _SHORTEST_WORD):
            return
        if key in self.items:
            return
        self.items[key] = value
        self._searched.clear()
        self._index.add(words, key)
        for spelling in _spellings(value, key):
            again = tuple(tokens(flat(spelling)))
            begins = again and (len(again[0]) > 1 or again[0].isdigit())
            if begins and again != words:
                self._index.add(again, key)
        if not key.isalpha():
            self._index.add_number(key)
            self._add_local(value, key)
            self._add_day(value, key)

    def _add_local(self, value: PersonalValue, key: str) -> None:
        """Look for a phone number as it is dialled nearby: without what comes first."""
        digits = "".join(filter(str.isdigit, key))
        is_phone = value.kind.rpartition(".")[2] == "phone"
        for size in _LOCAL if is_phone else ():
            if len(digits) > size:
                self._index.add((digits[-size:],), key)
                self._index.add_number(key, digits[-size:])

    def _add_day(self, value: PersonalValue, key: str) -> None:
        text, day = value.text, day_of(value.text)
        if day:
            # With many friends each day is somebody's birthday.
            of_year = value.kind.rpartition(".")[2] == "birthday"
            self._index.add_day(day, key, of_year=of_year)
            # A moment is written with a space, too, where ISO 8601 has a letter.
            self._index.add(tuple(tokens(text.replace("T", " ").lower())), key)

    def spans(self, text: str) -> list[tuple[int, int, PersonalValue]]:
        """Find where values stand in a text as words: start, end, value.

        Case, accents and what stands between words do not matter; where two values
        overlap, the longer one counts.
        """
        if not self.items:
            return []
        places = [(match.start(), match.end()) for match in WORD.finditer(text)]
        words = [flat(text[start:end]) for start, end in places]
        found: list[tuple[int, int, PersonalValue]] = []
        index = 0
        while index < len(words):
            count, key = self._index.longest(words, index)
            if count:
                value = self.items[key]
                start, end = places[index][0], places[index + count - 1][1]
                found.append((*_with_edges(text, start, end, value.text), value))
            index += count or 1
        return found

    def find(self, text: str) -> PersonalValue | None:
        """Return one of the values that stands in a text, in any spelling."""
        if not self.items:
            return None
        if text not in self._searched:
            if len(self._searched) >= _MOST_SEARCHED:
                self._searched.clear()
            hits = (self._index.hit(flat(reading)) for reading in readings(text))
            self._searched[text] = next((found for found in hits if found), None)
        hit = self._searched[text]
        return self.items[hit] if hit else None

    def locate(self, text: str) -> ValuePlace | None:
        """Find where the first disguised value stands: spread out, split, encoded.

        The search halves the text: it takes a few looks at what stands before the
        value, not at all of a long text.
        """
        if not self.items:
            return None
        chunks = [match.span() for match in _CHUNK.finditer(text)]
        # First how much of the text is needed to hold the value, then how much of that.
        last = _fewest(len(chunks), lambda n: self.find(text[: chunks[n - 1][1]]))
        if not last:
            return None
        end = chunks[last - 1][1]
        back = _fewest(last, lambda n: self.find(text[chunks[last - n][0] : end]))
        start = chunks[last - back][0] if back else 0
        # The longest first, so that a whole address is found before the name it begins
        # with.
        longer = (span[1] for span in chunks[last : last + _MOST_CHUNKS][::-1])
        for further in longer:
            value = self.get(text[start:further])
            if value:
                return ValuePlace(start, further, value, True)
        value = self.find(text[start:end])
        return self._trimmed(text, start, end, value) if value else None

    def _trimmed(
        self, text: str, start: int, end: int, value: PersonalValue
    ) -> ValuePlace:
        """Cut a place down to the value itself, where its letters can be found there."""
        part, key = text[start:end], joined(value.text)
        letters = [
            (char, index)
            for index, original in enumerate(part)
            for char in flat(original)
            if char.isalnum()
        ]
        number = "".join(filter(str.isdigit, key)) if not key.isalpha() else ""
        digits = [one for one in letters if one[0].isdigit()]
        # By letters and digits first; a number in words has its digits only.
        for chars, wanted in ((letters, key), (digits, number)):
            at = "".join(char for char, _ in chars).find(wanted) if wanted else -1
            if at >= 0:
                first = start + chars[at][1]
                behind = start + chars[at + len(wanted) - 1][1] + 1
                return ValuePlace(
                    *_with_edges(text, first, behind, value.text), value, True
                )
        return ValuePlace(start, end, value, _says(part, key, number))


def _spellings(value: PersonalValue, key: str) -> Iterator[str]:
    """Yield the other ways that a value is written."""
    text = value.text
    if not text.isascii() or "ae" in key or "oe" in key or "ue" in key:
        yield from respelled(text)
    if key.isalpha():
        yield from inflected(value)
    if value.kind.rpartition(".")[2] in _PLACES:
        yield from shortened(text)
    if len(text.encode("utf-8", "replace")) <= _SHORT_BYTES:
        for form in (text, text.lower(), text.upper()):
            yield b64encode(form.encode("utf-8", "replace")).decode()


def _says(text: str, key: str, number: str) -> bool:
    """Tell whether a text is a value in disguise, and nothing else."""
    pieces = (piece for one in readings(text) for piece in one.split(BETWEEN))
    for piece in pieces:
        words = tokens(flat(piece))
        if "".join(words) == key:
            return True
        rows = rows_of(words, set(words)) if number else b""
        runs = [run for run, _ in digit_runs(words, rows)]
        if runs == [number]:
            return True
    return False


def _with_edges(text: str, start: int, end: int, value: str) -> tuple[int, int]:
    """Take in the signs that a value begins and ends with, such as `+`, and marks."""
    before = value[: next((i for i, c in enumerate(value) if c.isalnum()), 0)]
    after = value[len(value.rstrip("()[]{}.!?+*#\"'»«")) :]
    start -= len(before) if before and text[:start].endswith(before) else 0
    while end < len(text) and not text[end].isascii() and not flat(text[end]):
        end += 1
    end += len(after) if after and text.startswith(after, end) else 0
    return start, end


def _fewest(most: int, is_enough: Callable[[int], object]) -> int:
    """Return the smallest number that is enough; 0 if not even `most` is.

    Small numbers are tried first: what is looked for may stand near.
    """
    known, tried = 0, 1
    while not is_enough(min(tried, most)) if most else True:
        if tried >= most:
            return 0
        known, tried = tried, tried * 2
    tried = min(tried, most)
    while tried - known > 1:
        middle = (known + tried) // 2
        known, tried = (known, middle) if is_enough(middle) else (middle, tried)
    return tried
