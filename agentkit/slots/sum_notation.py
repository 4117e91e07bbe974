"""How sums are written and said: numbers, signs and words, cut out of a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from agentkit.language.numbers import ONES, TENS
from agentkit.language.tokens import fold
from agentkit.language.vocabularies import LANGUAGES, vocabulary, word_table

# Characters of a sum that somebody says; longer ones are pasted tables.
_LONGEST = 200
_SIGNS = {
    # Before "por" and "per", which stand in it: "por cento".
    "%": r"%|\bper ?cent\b",
    "+": r"\+|\bplus\b|\badded to\b",
    "-": r"[\u2212\u2013-]|\bminus\b",
    "^": r"\^|\*\*|\b(?:raised )?to the power of\b",
    "*": r"[*\u00d7\u00b7]|\bx\b|\btimes\b|\bmultiplied by\b",
    "/": r"[/\u00f7]|\bdivided by\b|\b(?:split )?(?:between|among)\b",
    "off": r"\b(?:off|discount on)\b",
    "of": r"\b(?:tip )?(?:of|on)\b",
    "root": r"\bsquare root of\b|√",
    "squared": r"\bsquared\b",
    "cubed": r"\bcubed\b",
    "(": r"\(",
    ")": r"\)",
}
PARTS = {"half": Fraction(1, 2), "third": Fraction(1, 3), "quarter": Fraction(1, 4)}
_NUMBERS = {**ONES, **TENS, "hundred": 100, "thousand": 1000}
_WORDS = {word: Fraction(n) for word, n in _NUMBERS.items()} | PARTS
_MONEY = r"[€$£₹฿]|\b(?:euros?|dollars?|bucks|pounds|quid)\b"
_NUMBER = r"\d[\d,]*(?:\.\d+)?|\.\d+"
# "1.234,5", and "3.5" from those who type as a calculator does.
_NUMBER_WITH_COMMA = r"\d[\d.]*(?:,\d+)?"
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")
_NAMES = tuple(_SIGNS)


@dataclass(frozen=True, slots=True)
class _Notation:
    """How a language writes and says a sum.

    Attributes:
        token: what one piece of a text is; `s0`, `s1` ... are the signs in their order.
        words: what each word for a number counts, folded.
        comma: whether the comma stands before the decimals.
    """

    token: re.Pattern[str]
    words: Mapping[str, Fraction]
    comma: bool


@cache
def _notation(language: str) -> _Notation:
    signs, words = dict(_SIGNS), dict(_WORDS)
    units = word_table("quantities")
    comma = language in units["decimal_comma"]
    word = r"[^\W\d_]+"
    # The first is English, whose words the tables above hold.
    if language in LANGUAGES[1:]:
        own = word_table("sums")[language]
        # Their "of" may be an English word of no meaning here.
        said = {"%": list(map(str, units["units"]["%"])), **own}
        signs = {name: _either(_SIGNS[name], said.get(name, ())) for name in _SIGNS}
        counted = vocabulary(language).counted()
        words |= {fold(name): Fraction(number) for name, number in counted}
        # Thai parts no words: known words are cut out, longest first, then single
        # letters.
        if not vocabulary(language).letters:
            word = "|".join((*sorted(words, key=len, reverse=True), r"[^\W\d_]"))
    # The order decides where two alternatives fit: a number before a sign, a sign
    # before a word.
    token = (
        rf"(?P<number>{_NUMBER_WITH_COMMA if comma else _NUMBER})"
        rf"|(?P<money>{_MONEY})|(?P<filler>\b(?:the|a|split)\b)"
        + "".join(f"|(?P<s{n}>{pattern})" for n, pattern in enumerate(signs.values()))
        # The range holds the vowel signs of Indian scripts, which are no letters to
        # `\w`.
        + rf"|(?P<word>(?:{word})[\u0900-\u0dff]*)|(?P<other>\S)"
    )
    return _Notation(re.compile(token, re.IGNORECASE), words, comma)


def _either(english: str, said: Iterable[str]) -> str:
    """Join the words of a sign; in scripts without spaces they may be within a word."""
    longest_first = sorted(said, key=len, reverse=True)
    ways = [
        rf"(?<![^\W\d_]){re.escape(one)}(?![^\W\d_])"
        # From Thai on, scripts write without spaces.
        if one[0] < "\u0e00"
        else re.escape(one)
        for one in longest_first
    ]
    return "|".join((*ways, english))


@dataclass(frozen=True, slots=True)
class SumPiece:
    """One number or sign of a sum.

    Attributes:
        sign: its name, such as `+`; `number` for a number, empty for what is skipped.
        start: of its first character in the text.
        end: behind its last one.
        value: of a number.
    """

    sign: str
    start: int
    end: int
    value: Fraction = Fraction(0)


def sum_runs(text: str, language: str) -> Iterator[list[SumPiece]]:
    """Cut a text into runs of what may be a sum."""
    notation, run = _notation(language), list[SumPiece]()
    for token in notation.token.finditer(text[:_LONGEST]):
        piece = _piece(token, notation)
        if piece is None:
            yield run
            run = []
        elif piece.sign:
            run.append(piece)
    yield run


def _piece(token: re.Match[str], notation: _Notation) -> SumPiece | None:
    """Read one token: a piece without a sign is skipped, None ends the sum."""
    start, end = token.span()
    kind = token.lastgroup or "other"
    if kind == "number":
        return SumPiece("number", start, end, _figure(token[0], comma=notation.comma))
    if kind in ("money", "filler"):
        return SumPiece("", start, end)
    if kind == "word":
        value = notation.words.get(fold(token[0]))
        return None if value is None else SumPiece("number", start, end, value)
    return None if kind == "other" else SumPiece(_NAMES[int(kind[1:])], start, end)


def _figure(said: str, *, comma: bool) -> Fraction:
    if not comma:
        return Fraction(said.replace(",", ""))
    # "1.234" is a thousand where the comma is the decimal sign; "3.5" can only be a
    # decimal.
    if "," in said or _THOUSANDS.fullmatch(said):
        return Fraction(said.replace(".", "").replace(",", "."))
    return Fraction(said.rstrip(".") if said.count(".") == 1 else said.replace(".", ""))
