"""The state of reading one text for dates, and the types of a rule of dates."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any, Literal

from agentkit.language.tokens import Tokens
from agentkit.slots.periods import TimeSpan

Prefer = Literal["future", "past"]


@dataclass(frozen=True, slots=True)
class DateText:
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
        words: what each token says, by its place; empty outside of the text.
    """

    tokens: Tokens
    now: datetime
    prefer: Prefer = "future"
    zone: tzinfo = UTC
    whole: bool = False
    # `Any` below: the values are classes of modules that import this one.
    memo: dict[int, "tuple[TimeSpan, int] | None"] = field(
        default_factory=dict[int, "tuple[TimeSpan, int] | None"], compare=False
    )
    phrases: dict[tuple[int, bool], Any] = field(
        default_factory=dict[tuple[int, bool], Any], compare=False
    )
    parts: dict[tuple[int, bool, bool], Any] = field(
        default_factory=dict[tuple[int, bool, bool], Any], compare=False
    )
    words: dict[int, str] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Keep the words in reach, without a look-up of the tokens each time."""
        # The class is frozen. The table gives "" for places outside, so that rules need
        # no check of bounds.
        object.__setattr__(self, "words", self.tokens.words)

    def sees_any(self, index: int, phrases: "Phrases") -> int:
        """The index after the longest of some phrases that stands here, or 0."""
        known = phrases.get(self.words[index])
        return max(self.sees(index, phrase) for phrase in known) if known else 0

    def skip(self, index: int, words: frozenset[str]) -> int:
        """The first place from index on whose word is none of these."""
        while self.words[index] in words:
            index += 1
        return index

    def sees(self, index: int, phrase: str) -> int:
        """The index after a phrase that stands here, or 0 when it does not."""
        first = self.words[index]
        if not first or not phrase.startswith(first):
            # Nearly always: no need to split the phrase.
            return 0
        for word in phrase.split():
            if self.words[index] != word:
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


Hit = tuple[TimeSpan, int]
PeriodAt = Callable[[DateText, int], Hit | None]
Rule = Callable[[DateText, int, PeriodAt], Hit | None]


def longest(
    rules: tuple[Rule, ...], reading: DateText, index: int, inner: PeriodAt
) -> Hit | None:
    """The result of the rule that reads furthest; of equal ones the first rule's."""
    best: Hit | None = None
    for rule in rules:
        hit = rule(reading, index, inner)
        if hit and (best is None or hit[1] > best[1]):
            best = hit
    return best
