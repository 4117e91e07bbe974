"""Which things some words speak of: folded, by their stems, slips of the finger forgiven.

Asking, moving and cancelling find things by these rules alone, so that what is found by
one is found by the other. Words of `same_words.txt` are one word whatever their language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Generic, TypeVar

from agentkit.language import fold

T = TypeVar("T")

# They tell nothing of which thing is meant.
_NO_CLUES = """
a an the my our your his her its their this that these those with at on in for of to from
by about and or do does did have has had is are was were be been being i me we it s again
going happening some any all as anymore now
mit dem der die das den zum zur beim am im vom ein eine einen einem und von
avec le les un une du des aux au mon ma mes et chez pour l d
con il lo i gli uno una di del dello della dal al alla mio mia e per
com os um uma do da dos das no na meu minha pelo pela
el la los las mi y
के साथ का की को वाला वाली वाले मेरा मेरी मेरे में से
กับ ของ ที่ ใน นัด
"""
# They name the kind of thing: left aside where another word was met.
_KINDS_SAID = """
appointment appointments event events meeting meetings thing things entry one next upcoming
calendar class classes session sessions booking visit slot reminder reminders note notes
item items task tasks todo coming first last called named time date
done finished complete completed
"""
_FILLERS = frozenset(map(fold, _NO_CLUES.split()))
_KINDS = frozenset(_KINDS_SAID.split())
# The longest first, as only one is cut off.
_ENDINGS = ("ings", "ing", "ers", "er", "ied", "ies", "ed", "es", "s", "e", "y")
# Marks of vowels belong to the word: Devanagari, Thai.
_WORD = re.compile(r"[\w\u0900-\u0963\u0e31-\u0e4e]+")
# Shares of a word's worth: as written, begun so, with one slip of the finger.
_EXACT, _BEGUN, _SLIP = 1.0, 0.95, 0.8
# Half of what was asked for has to be met before a thing is worth showing.
_LEAST = 0.5
# Longer words may have one slip, or two: fewer letters make another word of it.
_ONE_SLIP, _TWO_SLIPS = 5, 9
_MOST_SLIPS = 2


@dataclass(frozen=True, slots=True)
class BestMatches(Generic[T]):
    """The things that fit best.

    Attributes:
        items: in the order in which they were given.
        lacks: words that none of them has.
        slips: whether a word was met only by forgiving a slip.
    """

    items: list[T]
    lacks: tuple[str, ...] = ()
    slips: bool = False

    @property
    def sure(self) -> bool:
        """Whether every word was met as it is written."""
        return not self.lacks and not self.slips


def said_words(text: str) -> list[str]:
    """List the words that tell which thing is meant."""
    words = _words_of(text)
    return [word for word in words if word not in _FILLERS] or words


def names_something(text: str) -> bool:
    """Whether words say more than the kind of thing that is meant."""
    words = set(_words_of(text)) - _FILLERS
    return bool(words - _KINDS)


def _words_of(text: str) -> list[str]:
    """List the words of a text, those of one thing by its one word."""
    table = _same_words()
    folded = fold(text)
    # The large pattern is tried only where one of its phrases can begin.
    if any(sign in folded for sign in table.signs):
        folded = table.phrases.sub(lambda m: f" {table.words[m[0]]} ", folded)
    found = (match[0] for match in _WORD.finditer(folded))
    return [table.words.get(word, word) for word in found]


def same_words(word: str) -> list[str]:
    """List what one thing is called in the eight languages; the word alone, else."""
    table = _same_words().words
    first = table.get(fold(word))
    return [one for one, of in table.items() if of == first] if first else [word]


@dataclass(frozen=True, slots=True)
class _SameWords:
    """Words of one thing.

    Attributes:
        words: the word that stands for each.
        phrases: those of several words, or of a script without spaces between words.
        signs: the letters one of which each phrase begins with, and a space.
    """

    words: dict[str, str]
    phrases: re.Pattern[str]
    signs: frozenset[str]


@cache
def _same_words() -> _SameWords:
    text = Path(__file__).with_name("same_words.txt").read_text("utf-8")
    words: dict[str, str] = {}
    for line in text.splitlines():
        first, _, others = line.partition(": ")
        if others and not line.startswith("#"):
            # A word of two things is that of the first line, such as "show".
            known = (fold(one) for one in (first, *others.split(", ")))
            words = dict.fromkeys(known, first) | words
    many = [one for one in words if " " in one or "-" in one or one[0] > "\u0900"]
    # The longest first: alternatives of a pattern are tried in their order.
    many.sort(key=len, reverse=True)
    phrases = re.compile("|".join(map(re.escape, many)))
    return _SameWords(words, phrases, frozenset(one[0] for one in many))


def closest(
    asked: str, items: Iterable[T], *texts: Callable[[T], str]
) -> BestMatches[T]:
    """Return the things that words speak of most.

    Args:
        asked: the words; nothing asked leaves all.
        items: the things.
        texts: what of a thing is looked at; a later text counts where the earlier ones
            have no thing with all words.
    """
    known, words = list(items), said_words(asked)
    if not words:
        return BestMatches(known)
    # "My next appointment" names only a kind: it is met by titles alone, or by all.
    if _KINDS.issuperset(words):
        named = _best(words, known, [_words_of(texts[0](i)) for i in known])
        return named if named.items else BestMatches(known)
    read: list[list[str]] = [[] for _ in known]
    best: BestMatches[T] = BestMatches([], tuple(words))
    for text in texts:
        for words_of, item in zip(read, known, strict=True):
            words_of += _words_of(text(item))
        best = _best(words, known, read)
        if best.items and not best.lacks:
            return best
    return best


def _best(
    words: Sequence[str], items: list[T], read: list[list[str]]
) -> BestMatches[T]:
    worth = [tuple(_worth(word, tuple(dict.fromkeys(has))) for word in words)
             for has in read]  # fmt: skip
    shares = [_share(words, row) for row in worth]
    top = max(shares, default=0.0)
    if top < _LEAST:
        return BestMatches([], tuple(words))
    # Shares are sums of fractions: equal ones may differ in their last digit.
    places = [place for place, share in enumerate(shares) if share >= top - 1e-9]
    rows = [worth[place] for place in places]
    met = [max(column) for column in zip(*rows, strict=True)]
    lacks = [w for w, m in zip(words, met, strict=True) if not m and w not in _KINDS]
    slips = any(0 < m <= _SLIP for m in met)
    return BestMatches([items[place] for place in places], tuple(lacks), slips)


def _share(words: Sequence[str], worth: Sequence[float]) -> float:
    """Return how much of what was asked for is met; words for a kind count when met."""
    counted = [m for w, m in zip(words, worth, strict=True) if m or w not in _KINDS]
    return sum(counted) / len(counted) if any(counted) else 0.0


def _worth(word: str, has: tuple[str, ...]) -> float:
    return max((_alike(word, other) for other in has), default=0.0)


@lru_cache(maxsize=20_000)
def _alike(word: str, other: str) -> float:
    # Words of three letters have no ending that could be cut off.
    if word == other or (len(word) > 3 and stem(word) == stem(other)):
        return _EXACT
    # "dent" means the dentist; two letters begin too many words.
    if len(word) >= 3 and other.startswith(word):
        return _BEGUN
    slips = 1 + (len(word) >= _TWO_SLIPS)
    if len(word) >= _ONE_SLIP and abs(len(word) - len(other)) <= slips:
        return _SLIP if distance(word, other) <= slips else 0.0
    return 0.0


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Cut a common English ending off; four letters at least are left."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def distance(one: str, other: str) -> int:
    """Count slips: a letter more, less, another one, or two that changed places.

    Damerau's distance, of neighbours only; of words whose lengths differ by more than two
    it is not counted out.
    """
    if abs(len(one) - len(other)) > _MOST_SLIPS:
        return _MOST_SLIPS + 1
    before, row = [0] * (len(other) + 1), list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        older, before, row = before, row, [i] + [0] * len(other)
        for j, wanted in enumerate(other, start=1):
            same = letter != wanted
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + same)
            crossed = (
                i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted
            )
            if crossed:
                row[j] = min(row[j], older[j - 2] + 1)
    return row[-1]
