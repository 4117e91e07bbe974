"""Numbers that the user said: in digits, in words of eight languages, and what they make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from itertools import combinations

from agentkit.language.numbers import number_in_words
from agentkit.language.tokens import tokenize
from agentkit.language.vocabularies import LANGUAGES, vocabulary
from agentkit.safety.provenance.comparison import numbers, plain, words

# A request of more numbers makes too many sums: any number would be one of them.
_MOST = 8


@cache
def _phrases() -> Mapping[tuple[str, ...], int]:
    """Return the numbers of all languages below a hundred, by their words."""
    found: dict[tuple[str, ...], int] = {}
    for code in LANGUAGES:
        for word, number in vocabulary(code).cardinals():
            found.setdefault(tuple(words(plain(word))), number)
    return found


@cache
def _longest() -> int:
    return max(map(len, _phrases()))


def said_numbers(text: str) -> frozenset[Decimal]:
    """Return the numbers that a text says, in digits or in words.

    Args:
        text: the user's words.
    """
    digits = (_decimal(one) for one in numbers(text))
    found = {one for one in digits if one is not None}
    # By the words of all languages, and by English grammar: "two hundred and five" is
    # one number, and its parts are said as well.
    return frozenset(found.union(map(Decimal, (*_spelled(text), *_english(text)))))


def _spelled(text: str) -> Iterator[int]:
    """Yield numbers in words: the longest that begins at each place, ones behind tens."""
    said, place = words(text), 0
    while place < len(said):
        number, length = _at(said, place)
        if length and number >= 20 and number % 10 == 0:
            # "Twenty five", "vingt cinq".
            ones, more = _at(said, place + length)
            if more and 0 < ones < 10:
                number, length = number + ones, length + more
        if length:
            yield number
        place += length or 1


def _at(said: list[str], place: int) -> tuple[int, int]:
    for length in range(min(_longest(), len(said) - place), 0, -1):
        number = _phrases().get(tuple(said[place : place + length]))
        if number is not None:
            return number, length
    return 0, 0


def _english(text: str) -> Iterator[int]:
    """Yield numbers of several English words: two hundred and five."""
    tokens, place = tokenize(text), 0
    while place < len(tokens):
        hit = number_in_words(tokens, place)
        if hit:
            yield hit[0]
        place = hit[1] if hit else place + 1


def is_made_of(value: str, said: Iterable[Decimal], shown: Iterable[Decimal]) -> bool:
    """Tell whether a value is a sum or product of what was said.

    Args:
        value: of an argument.
        said: the numbers that the user said.
        shown: numbers that the application's own tools returned, such as prices; one
            of them times a number that was said counts.
    """
    wanted, spoken = _decimal(value), sorted(set(said))
    if wanted is None or len(spoken) > _MOST:
        return False
    if wanted in spoken or wanted == sum(spoken):
        return True
    # "Three nights at 80" is 240; "and 20 for breakfast" adds to a product.
    products = {one * other for one, other in combinations(spoken, 2)}
    sums = {one + other for one, other in combinations({*spoken, *products}, 2)}
    priced = {price * count for price in shown for count in spoken}
    return wanted in products | sums | priced


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
