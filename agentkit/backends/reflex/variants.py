"""A clause's words as one pattern wants them: lengths and phrases taken apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from agentkit.backends.reflex.lexicon import PHRASES, said_as, stem_of
from agentkit.backends.reflex.numbers import read_number
from agentkit.backends.reflex.schemas import Param
from agentkit.backends.reflex.words import Word, read_words
from agentkit.slots import resolve_duration

_LENGTH = re.compile(r"(?:(for|in|of|at|by|to)\s+)?(\S+)(?:\s+([a-z]+))?")
_UNITS = {
    "seconds": timedelta(seconds=1), "minutes": timedelta(minutes=1),
    "hours": timedelta(hours=1), "days": timedelta(days=1),
    "weeks": timedelta(weeks=1),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Apart:
    """What a pattern wants taken apart.

    Attributes:
        counts: whether "45 minutes" is a number and a word to the tool.
        unit: the unit of time that one of its numbers is named by.
        values: last words of phrases that its slots take: the "on" of "turn on".
    """

    counts: bool
    unit: str
    values: frozenset[str]

    def __bool__(self) -> bool:
        """Whether anything is to be taken apart."""
        return self.counts or bool(self.values)


def apart_for(
    slots: tuple[Param, ...], stems: set[str], params: Iterable[Param]
) -> Apart:
    """Say what a pattern wants apart, by its slots, its words and its tool."""
    kinds = {param.kind: param for param in params}
    numbers = [p for p in params if p.kind in ("integer", "number")]
    counts = bool(numbers) and not kinds.keys() & {"when", "duration"}
    unit = next((p.name for p in numbers if p.name in _UNITS), "") if counts else ""
    ways = {
        way
        for param in slots
        if param.kind == "enum"
        for value in param.values
        for way in said_as(value)
    }
    ends = {key[-1] for key, stem in PHRASES.items() if stem not in stems}
    return Apart(counts, unit, frozenset(ways & ends))


def take_apart(words: tuple[Word, ...], apart: Apart) -> tuple[Word, ...]:
    """Take lengths and phrases apart as a pattern wants them."""
    found: list[Word] = []
    for word in words:
        if apart.counts and word.kind in ("when", "duration"):
            found += _counted(word, apart.unit)
        elif " " in word.norm and word.norm.rpartition(" ")[2] in apart.values:
            found += _parted(word)
        else:
            found.append(word)
    return tuple(found)


def _parted(word: Word) -> Iterator[Word]:
    """Read "turn on" as two words."""
    start = word.start
    for norm in word.norm.split():
        stem = stem_of(norm)
        end = min(start + len(norm), word.end)
        yield replace(word, norm=norm, stem=stem, act="", start=start, end=end)
        start = end + 1


def _counted(word: Word, unit: str) -> Iterator[Word]:
    """Read "45 minutes" as a number and a word; a length in the unit asked for."""
    length = _length(word.norm) if unit else None
    if length is not None:
        count = f"{length / _UNITS[unit]:g}"
        yield replace(word, norm=count, stem=count, kind="number")
        yield replace(word, norm=unit, stem=stem_of(unit), kind="word")
        return
    match = _LENGTH.fullmatch(word.norm)
    if match is None or not read_number(match[2]):
        yield word
        return
    for norm in read_words(word.norm):
        start = word.start + norm.start
        yield replace(norm, start=start, end=word.start + norm.end)


def _length(said: str) -> timedelta | None:
    bare = re.sub(r"^(?:for|in|of)\s+", "", said)
    try:
        return resolve_duration(bare).delta
    except ValueError:
        return None
