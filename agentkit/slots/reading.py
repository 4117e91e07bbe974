"""What every rule of the date grammar is handed: words, clock and preference."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any

from agentkit.slots.day_fields import Prefer
from agentkit.slots.numbers import Tokens, word_at
from agentkit.slots.periods import Span


@dataclass(frozen=True, slots=True)
class Reading:
    """One text being read.

    Attributes:
        tokens: its words, numbers and signs.
        now: the clock that the words are seen from, without a zone.
        prefer: where a bare weekday or date is looked for first.
        zone: the user's time zone, for times told in another one.
        whole: whether all of the text is one date, so that "in 15" can be read.
        memo: what was read at each place, so that no place is read twice.
        phrases: the same for whole phrases.
        parts: the same for the word groups of a phrase.
    """

    tokens: Tokens
    now: datetime
    prefer: Prefer = "future"
    zone: tzinfo = UTC
    whole: bool = False
    memo: dict[int, "tuple[Span, int] | None"] = field(
        default_factory=dict[int, "tuple[Span, int] | None"], compare=False
    )
    phrases: dict[tuple[int, bool], Any] = field(
        default_factory=dict[tuple[int, bool], Any], compare=False
    )
    parts: dict[tuple[int, bool, bool], Any] = field(
        default_factory=dict[tuple[int, bool, bool], Any], compare=False
    )

    def word(self, index: int) -> str:
        """The word at a place, or an empty string outside of the text."""
        return word_at(self.tokens, index)

    def sees_any(self, index: int, phrases: "Phrases") -> int:
        """The index after the longest of some phrases that stands here, or 0."""
        known = phrases.get(self.word(index))
        return max(self.sees(index, phrase) for phrase in known) if known else 0

    def skip(self, index: int, words: frozenset[str]) -> int:
        """The first place from index on whose word is none of these."""
        while self.word(index) in words:
            index += 1
        return index

    def sees(self, index: int, phrase: str) -> int:
        """The index after a phrase that stands here, or 0 when it does not."""
        first = self.word(index)
        if not first or not phrase.startswith(first):
            # Nearly always: no need to split the phrase.
            return 0
        for word in phrase.split():
            if self.word(index) != word:
                return 0
            index += 1
        return index


Phrases = dict[str, tuple[str, ...]]


def phrases_by_first_word(phrases: Iterable[str]) -> Phrases:
    """The phrases by their first word, so that most need not be looked at."""
    table: dict[str, list[str]] = {}
    for phrase in phrases:
        table.setdefault(phrase.partition(" ")[0], []).append(phrase)
    return {word: tuple(known) for word, known in table.items()}


Hit = tuple[Span, int]
PeriodAt = Callable[[Reading, int], Hit | None]
Rule = Callable[[Reading, int, PeriodAt], Hit | None]


def longest(
    rules: tuple[Rule, ...], reading: Reading, index: int, inner: PeriodAt
) -> Hit | None:
    """What the rule that reads furthest makes of a place; the first of equals."""
    hits = [hit for rule in rules if (hit := rule(reading, index, inner))]
    return max(hits, key=lambda hit: hit[1]) if hits else None
