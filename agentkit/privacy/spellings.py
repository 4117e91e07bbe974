"""One spelling for words and spoken numbers, so that no other one hides a value.

Nor do styled, circled and full-width characters, the digits of other scripts, unseen
characters, strokes and ligatures, or letters of other scripts that look Latin.
Not covered: Latin letters and digits that look like others (`1` for `l`), letters of
scripts such as Hebrew and Arabic that do.

Digit by digit, in pairs (`forty-one`, `quatre-vingt-douze`, `einundzwanzig`), doubled
(`double five`), and mixed with digits. Not covered: hundreds and more.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, pairwise, product
from operator import itemgetter

from agentkit.language.tokens import WORD
from agentkit.language.vocabularies import (
    LANGUAGES,
    Vocabulary,
    vocabulary,
    word_table,
)

_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_SIGNS = re.compile(r"(?:[^\w\n]|_)+")
# Without tab, the line breaks and the separators, which part words.
_CONTROLS = (*range(9), *range(14, 28), 127)
_MARKS = str.maketrans(
    {**dict.fromkeys(string.punctuation, " "), **dict.fromkeys(map(chr, _CONTROLS), "")}
)
# What NFKD leaves and casefold does not change, next to what it is read as.
_READ_AS = {
    **dict(zip("авекмнорстухіјѕԁԛԝһ", "abekmhopctyxijsdqwh", strict=True)),
    **dict(zip("αβγεζηικμνορτυχω", "abyeznikmvoptuxw", strict=True)),
    **dict(zip("łøđħıŧɡɑǀ", "lodhitgal", strict=True)),
    **{"æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ŋ": "n"},
}
# These look like another letter than their small forms do.
_CAPITALS = {"\u0397": "h", "\u039d": "n", "\u03a5": "y"}
_WITHOUT_DOTS = {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"}
_TWO_VOWELS = re.compile(r"(?<=[aou])e")
# "Noe" without its e is "no".
_LEAST_LETTERS = 5


# Letters that show nothing, and what chooses how the character before is drawn.
_FILL = frozenset(
    map(chr, (0xAD, 0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFEFF, 0xFFA0,
              *range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
)  # fmt: skip


def flat(text: str) -> str:
    """Write a text without case, accents, styles and unseen characters."""
    if not text.isascii():
        text = _FOREIGN.sub(_plain, text)
    return text.lower()


def tokens(text: str) -> list[str]:
    """Split a flat text into its words and numbers."""
    # The short way is four times as fast, and requests are mostly plain.
    return text.translate(_MARKS).split() if text.isascii() else WORD.findall(text)


def words_of(text: str) -> str:
    """Return a flat text without signs; its lines stay."""
    return text.translate(_MARKS) if text.isascii() else _SIGNS.sub(" ", text)


def joined(text: str) -> str:
    """Return the letters and digits of a text, flat."""
    return "".join(tokens(flat(text)))


def respelled(text: str) -> Iterator[str]:
    """Yield a text as it is written where letters with dots are missing, and back."""
    composed = unicodedata.normalize("NFC", text).casefold()
    yield "".join(_WITHOUT_DOTS.get(char, char) for char in composed)
    if len(composed) >= _LEAST_LETTERS:
        yield _TWO_VOWELS.sub("", composed)


def _plain(foreign: re.Match[str]) -> str:
    spread = unicodedata.normalize("NFKD", foreign[0])
    if spread in _CAPITALS:  # a single one, between Latin letters
        return _CAPITALS[spread]
    return spread.casefold().translate(_table())


@lru_cache(1)
def _table() -> dict[int, str | None]:
    """Map marks and unseen characters to nothing, digits and look-alikes to ASCII."""
    alike: dict[str, str] = word_table("look_alikes")["letters"]
    table: dict[int, str | None] = {
        ord(char): letter for letter, chars in alike.items() for char in chars
    }
    table |= {ord(char): as_read for char, as_read in _READ_AS.items()}
    tags = chain(range(0xE0000, 0xE0080), range(0xE0100, 0xE01F0))
    table |= dict.fromkeys(chain(tags, map(ord, _FILL)))
    # The blocks of combining marks and of scripts with digits of their own.
    for code in chain(
        range(0x300, 0x3100), range(0xA600, 0xAC00), range(0xFE00, 0xFE30)
    ):
        category = unicodedata.category(chr(code))
        if category[0] == "M" or category == "Cf":
            table[code] = None
        elif category == "Nd":
            table[code] = str(unicodedata.decimal(chr(code)))
    return table


_BETWEEN = ("and", "et", "y", "e", "und", "plus")
_REPEATS = {"double": 2, "doppel": 2, "doble": 2, "doppio": 2, "triple": 3}
# How a word counts; a single letter may be a digit's name, or stand between two.
_NUMBER, _SAID, _LINK, _REPEAT, _LETTER = 1, 2, 3, 4, 5
_DIGIT, _SAID_LETTER, _LINK_LETTER, _TWO_DIGITS, _BYTE = 6, 7, 8, 9, 10
_RUN = re.compile(
    rb"[\x01\x02\x04\x06\x07\x09][\x01-\x04\x06-\x09]*[\x01\x02\x06\x07\x09]"
)
_LETTERS = re.compile(rb"[\x05-\x08]{3,}")
_BYTES = re.compile(rb"[\x09\x0a]{4,}")
# Whether there are any is known sooner without a pattern.
_IS_LETTER = bytes(5 <= code <= 8 for code in range(256))
_IS_BYTE = bytes(code in (_TWO_DIGITS, _BYTE) for code in range(256))
_LEAST_SPOKEN, _LEAST_BYTES = b"\1" * 3, b"\1" * 4
_PAIRS = frozenset(
    "".join(pair)
    for pair in product(("", "0x"), "0123456789abcdef", "0123456789abcdef")
)
# IBANs have up to nine groups of four. A longer run of bare numbers is a
# table, and joining each part of it with each costs the square of its length.
_MOST_GROUPS = 14


@lru_cache(1)
def _thai() -> tuple[dict[str, str], re.Pattern[str]]:
    """Return Thai digits by their words, and what a run of them is."""
    digits = {words[0]: str(n) for n, words in enumerate(vocabulary("th").numbers[:10])}
    # Thai has no spaces; three in a row are no other words.
    return digits, re.compile(rf"(?:(?:{'|'.join(digits)})[\s-]*){{3,}}")


def thai_digits(text: str) -> str:
    """Write Thai digit words that follow each other as digits; empty without any."""
    if text.isascii():
        return ""
    digits, run = _thai()
    spoken = "|".join(digits)

    def written(match: re.Match[str]) -> str:
        return f" {''.join(digits[word] for word in re.findall(spoken, match[0]))} "

    return run.sub(written, text) if run.search(text) else ""


def rows_of(words: list[str], vocabulary: set[str]) -> bytes:
    """Classify each word: part of a spoken number, a spelled word, or neither.

    Args:
        words: a text's words, flat.
        vocabulary: the same, each once.
    """
    spoken = _names().keys() & vocabulary
    classes = dict.fromkeys(vocabulary, 0)
    classes |= dict.fromkeys(filter(str.isdigit, vocabulary), _NUMBER)
    classes |= dict.fromkeys(spoken, _SAID)
    if spoken:
        classes |= dict.fromkeys(vocabulary.intersection(_BETWEEN) - spoken, _LINK)
        classes |= dict.fromkeys(vocabulary.intersection(_REPEATS), _REPEAT)
    for word in [word for word in vocabulary if len(word) == 1]:
        classes[word] += _LETTER
    for word in _PAIRS.intersection(vocabulary):
        classes[word] = _TWO_DIGITS if word.isdigit() else _BYTE
    if len(words) < 2:  # `itemgetter` gives one item bare
        return bytes(classes[word] for word in words)
    # The loop over all words is C's: this is asked of all that leaves.
    return bytes(itemgetter(*words)(classes))


def spoken_numbers(text: str, least: int) -> Iterator[str]:
    """Yield the numbers in words that have so many digits or more, as they stand.

    Whoever counts says no number: a run that only goes up or down by one is left out.
    """
    places = [match.span() for match in WORD.finditer(text)]
    words = [flat(text[start:end]) for start, end in places]
    known = set(words)
    if len(words) < 2 or _names().keys().isdisjoint(known):
        return
    for match in _RUN.finditer(rows_of(words, known)):
        run = tuple(words[match.start() : match.end()])
        digits = _said(run)
        if len(digits) >= least and _names().keys() & set(run) and not _counts(run):
            yield text[places[match.start()][0] : places[match.end() - 1][1]]


def _counts(run: tuple[str, ...]) -> bool:
    values = [_names()[word] for word in run if word in _names()]
    return {b - a for a, b in pairwise(values)} <= {1} or len(set(values)) == 1


def as_typed(text: str) -> str:
    """Return a text without unseen characters, its digits and signs as keys have them."""
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKC", text).replace("\u3002", ".")
    return "".join(
        str(unicodedata.decimal(char)) if unicodedata.category(char) == "Nd" else char
        for char in plain
        if unicodedata.category(char) != "Cf" and char not in _FILL
    )


def spelled_runs(words: list[str], rows: bytes) -> Iterator[str]:
    """Join single letters that follow each other: `A n a`."""
    if _LEAST_SPOKEN not in rows.translate(_IS_LETTER):
        return
    for match in _LETTERS.finditer(rows):
        yield "".join(words[match.start() : match.end()])


def byte_runs(words: list[str], rows: bytes) -> Iterator[str]:
    """Join bytes that are written one by one in hexadecimal: `41 6e`, `0x41, 0x6e`."""
    if _LEAST_BYTES not in rows.translate(_IS_BYTE):
        return
    for match in _BYTES.finditer(rows):
        yield "".join(word[-2:] for word in words[match.start() : match.end()])


def digit_runs(words: list[str], rows: bytes) -> Iterator[tuple[str, bool]]:
    """Join numbers that follow each other: `four nine 35` is `4935`.

    Yields:
        Each run's digits, and whether some of them were words.
    """
    for run in {tuple(words[m.start() : m.end()]) for m in _RUN.finditer(rows)}:
        said = not _names().keys().isdisjoint(run)
        if said or len(run) <= _MOST_GROUPS:
            yield (_said(run) if said else "".join(run)), said


def _said(run: tuple[str, ...]) -> str:
    """Return the digits of numbers in words: `twenty one 5` is `215`."""
    done, last, times = list[str](), 0, 1
    for word in run:
        value = _names().get(word)
        times = _REPEATS.get(word, times)
        if value is None and not word.isdigit():
            continue
        whole = 0 if value is None else _whole(last, value, word)
        if whole:
            done[-1] = str(whole)
        else:
            done.append((word if value is None else str(value)) * times)
        last, times = whole or value or 0, 1
    return "".join(done)


def _whole(last: int, value: int, word: str) -> int:
    """Return the number that two words make together; 0 when they make none."""
    # "Quatre-vingt" is eighty; then "soixante-dix" and "quatre-vingt-douze" add on.
    if last == 4 and word.startswith("vingt"):
        return 80
    tens = last >= 20 and last % 10 == 0 and 0 < value < 10
    french = (last == 10 and 7 <= value <= 9) or (last in (60, 80) and 10 <= value < 20)
    return last + value if tens or french else 0


@lru_cache(1)
def _names() -> dict[str, int]:
    """Return the words for numbers below a hundred, flat."""
    counted = [pair for code in LANGUAGES for pair in vocabulary(code).counted()]
    # Two words that make one number are put together where they are found.
    names = {flat(word): value for word, value in counted if WORD.fullmatch(flat(word))}
    for tens, ones in product(range(20, 100, 10), range(1, 10)):
        names |= dict.fromkeys(map(flat, _compounds(tens, ones)), tens + ones)
    return names


def _compounds(tens: int, ones: int) -> Iterator[str]:
    """Yield the single words of two digits: `einundzwanzig`, `ventuno`, `veintiuno`."""
    place = tens // 10 - 2
    german, italian, spanish = map(vocabulary, ("de", "it", "es"))
    for form in german.tens[place]:
        yield f"{german.numbers[ones][0]}und{form}"
    # A vowel goes before another one: `ventuno`, `ventotto`.
    stem = italian.tens[place][0]
    yield (stem[:-1] if ones in (1, 8) else stem) + _lone(italian, ones)
    if tens == 20:
        yield f"veinti{_lone(spanish, ones)}"


def _lone(language: Vocabulary, number: int) -> str:
    """Return the number as it is said alone: `uno`, and not `un`."""
    return "uno" if number == 1 else language.numbers[number][0]
