"""Numbers, ordinals and years, in digits and in words."""

from collections.abc import Mapping
from functools import cache

from agentkit.language.tokens import Tokens, fold
from agentkit.language.vocabularies import LANGUAGES, numbered, vocabulary

_ENGLISH = vocabulary("en")
ONES = dict(numbered(_ENGLISH.numbers))
TENS = dict(numbered(_ENGLISH.tens, 20, 10))
ORDINALS = dict(numbered(_ENGLISH.ordinals, 1)) | {"thirtieth": 30}
_SUFFIXES = ("st", "nd", "rd", "th")
_SAID = frozenset(ONES) | frozenset(TENS)
NAMES = (*ONES, *TENS, *ORDINALS)


def counted_word(said: str) -> int | None:
    """Return the number below a hundred that one word of any language is, such as "cinq"."""
    return _counted().get(fold(said))


@cache
def _counted() -> Mapping[str, int]:
    # No word is one number in one of the languages and another number in another.
    return {fold(w): n for code in LANGUAGES for w, n in vocabulary(code).counted()}


def after_hyphen(tokens: Tokens, index: int) -> int:
    """Step over a hyphen that joins two words without spaces."""
    joined = (
        tokens.words[index] == "-"
        and not tokens[index].gap
        and index + 1 < len(tokens)
        and not tokens[index + 1].gap
    )
    return index + 1 if joined else index


def small_number(tokens: Tokens, index: int) -> tuple[int, int] | None:
    """A number below one hundred in words, and the index after it."""
    word = tokens.words[index]
    if word in ONES:
        return ONES[word], index + 1
    if word not in TENS:
        return None
    value, end = TENS[word], index + 1
    after = after_hyphen(tokens, end)
    ones = ONES.get(tokens.words[after], 0)
    # "Twenty ten" is no number below a hundred.
    return (value + ones, after + 1) if 1 <= ones <= 9 else (value, end)


def number_in_words(tokens: Tokens, index: int) -> tuple[int, int] | None:
    """A number below one million in words: "two thousand and nineteen"."""
    # "A hundred" counts one of them.
    one = tokens.words[index] == "a"
    one = one and tokens.words[index + 1] in ("hundred", "thousand")
    hit = (1, index + 1) if one else small_number(tokens, index)
    if hit is None:
        return None
    total, part, end = 0, hit[0], hit[1]
    while True:
        word = tokens.words[end]
        if word == "hundred" and 0 < part < 100:
            part, end = part * 100, end + 1
        # Once only: a second "thousand" begins another number.
        elif word == "thousand" and not total and part:
            total, part, end = part * 1000, 0, end + 1
        else:
            return total + part, end
        more = small_number(tokens, end + (tokens.words[end] == "and"))
        if more is not None:
            part, end = part + more[0], more[1]


def integer(tokens: Tokens, index: int) -> tuple[int, int] | None:
    """A whole number in digits (at most six) or in words."""
    word = tokens.words[index]
    if word in _SAID:
        return number_in_words(tokens, index)
    if word.isdigit() and word.isascii():
        # Longer digits are phone numbers and keys.
        return (int(word), index + 1) if len(word) <= 6 else None
    return None


def number(tokens: Tokens, index: int) -> tuple[float, int] | None:
    """A number that may have a decimal part or be a plain fraction: 2.5, 1/2."""
    hit = integer(tokens, index)
    if hit is None or not tokens[index].is_digits:
        return hit
    value, end = hit
    sign = tokens.words[end]
    tight = sign in (".", "/") and end + 1 < len(tokens) and not tokens[end].gap
    if not (tight and tokens[end + 1].is_digits and not tokens[end + 1].gap):
        return hit
    digits = tokens[end + 1].text
    if sign == ".":
        return float(f"{value}.{digits}"), end + 2
    return (value / int(digits), end + 2) if int(digits) else None


def ordinal(tokens: Tokens, index: int) -> tuple[int, int] | None:
    """An ordinal: 3rd, third, twenty-first."""
    word = tokens.words[index]
    if word.isdigit() and tokens.words[index + 1] in _SUFFIXES:
        # With a space it is no ending: "12 st" is a weight.
        close = not tokens[index + 1].gap and len(word) <= 3
        return (int(word), index + 2) if close else None
    if word in ORDINALS:
        return ORDINALS[word], index + 1
    if word in TENS:
        after = after_hyphen(tokens, index + 1)
        ones = ORDINALS.get(tokens.words[after], 0)
        return (TENS[word] + ones, after + 1) if 1 <= ones <= 9 else None
    return None


def year_number(tokens: Tokens, index: int) -> tuple[int, int] | None:
    """A year of four digits, or in words: "nineteen ninety six"."""
    word = tokens.words[index]
    if word.isdigit():
        # Other numbers of four digits are rather sums, rooms or hours.
        good = len(word) == 4 and 1500 <= int(word) <= 2199
        return (int(word), index + 1) if good else None
    whole = number_in_words(tokens, index)
    if whole and 1500 <= whole[0] <= 2999:
        return whole
    century = small_number(tokens, index)
    # "Nineteen ninety six"; below 17 two numbers stand side by side, such as hour and
    # minutes.
    if century is None or not 17 <= century[0] <= 21:
        return None
    rest = small_number(tokens, after_hyphen(tokens, century[1]))
    if rest is None or not 10 <= rest[0] <= 99:
        return None
    return century[0] * 100 + rest[0], rest[1]


def two_digit_year(value: int, this_year: int) -> int:
    """The century that puts the year from 69 before to 30 after this one."""
    year = this_year // 100 * 100 + value
    if year > this_year + 30:
        return year - 100
    return year + 100 if year < this_year - 69 else year
