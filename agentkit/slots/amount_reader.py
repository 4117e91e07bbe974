"""The words, numbers and signs of an amount, read from left to right, marks by locale."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from agentkit.language.data_files import word_table
from agentkit.language.tokens import fold
from agentkit.slots.units import tags

# Signs above and below letters of Hindi and Thai are parts of words.
_MARKS = "[\u0300-\u036f\u0900-\u0903\u093a-\u094f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]"
_TOKEN = re.compile(
    r"[0-9](?:[.,'\u2019_ \u00a0\u202f\u2009](?=[0-9]{3}(?![0-9]))[0-9]|[.,][0-9]|[0-9])*"
    rf"|[^\W\d](?:[^\W\d]|{_MARKS})*[²³]?|[^\s\w]|[²³]"
)
_PREFIXED = re.compile(r"(?i)(us|ca|c|au|a|nz|sg|s|hk|nt|r|cn|jp|usd|cad|aud)([$¥])")
_VULGAR = {
    "½": (1, 2), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5), "⅗": (3, 5),
    "⅘": (4, 5), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """A word, number or sign, and whether a space stands before it."""

    text: str
    gap: bool


@dataclass(slots=True)
class Reader:
    """The words, and which of them is next."""

    words: list[Word]
    locale: str
    currency: str
    at: int = 0

    def word(self, offset: int = 0) -> str:
        """The next word, or one beside it; empty outside of the text."""
        place = self.at + offset
        return self.words[place].text if 0 <= place < len(self.words) else ""

    def folded(self, offset: int = 0) -> str:
        """The same without capitals and accents."""
        return fold(self.word(offset))

    @property
    def done(self) -> bool:
        """Whether every word was read."""
        return self.at >= len(self.words)


def words_of(text: str) -> list[Word]:
    """Split text into words, numbers and signs; digits become ASCII."""
    plain = "".join(_digit(c) for c in text.replace("\u2212", "-"))
    for sign, (top, bottom) in _VULGAR.items():
        plain = plain.replace(sign, f" {top}/{bottom} ")
    plain = _PREFIXED.sub(lambda m: f" {m[1]}\u2060{m[2]} ", plain)
    found: list[Word] = []
    end = -1
    for match in _TOKEN.finditer(plain):
        if match.group() == "\u2060":
            continue
        found.append(Word(match.group(), match.start() > end))
        end = match.end()
    return _rejoined(found)


def _rejoined(words: list[Word]) -> list[Word]:
    """Put "US" and "$" together again, and "km/h", "m2", "°C" and "twenty-five"."""
    joined: list[Word] = []
    for word in words:
        last = joined[-1] if joined else Word("", gap=True)
        if last.text == "/" and word.text in ("h", "s") and len(joined) > 1:
            joined[-2:] = [Word(f"{joined[-2].text}/{word.text}", joined[-2].gap)]
        elif _belongs(last.text, word):
            joined[-1] = Word(f"{last.text}{word.text}", last.gap)
        elif last.text == "-" and len(joined) > 1 and _hyphened(joined[-2], word):
            joined[-1] = Word(word.text, gap=True)
        else:
            joined.append(word)
    return joined


def _belongs(last: str, word: Word) -> bool:
    if word.text in "$¥":
        return last.isalpha() and len(last) < 4
    if word.text in ("2", "3") and not word.gap:
        return last in ("m", "km", "cm", "ft")
    return last == "°" and word.text.upper() in ("C", "F")


def _hyphened(before: Word, word: Word) -> bool:
    return before.text.isalpha() and word.text.isalpha() and not word.gap


def _digit(char: str) -> str:
    """Thai, Hindi and other digits as ASCII."""
    value = unicodedata.decimal(char, None) if not char.isascii() else None
    return char if value is None else str(value)


_SPACES = " \u00a0\u202f\u2009'\u2019_"
_SHAPE = re.compile(rf"[0-9](?:[.,{_SPACES}]?[0-9])*")


def decimal_mark(locale: str) -> str:
    """The sign before the decimals, "." or ","; empty when the locale does not tell."""
    language, region = tags(locale)
    table = word_table("quantities")
    if region in table["comma_countries"]:
        return ","
    if language in table["decimal_point"]:
        return "."
    if language not in table["decimal_comma"]:
        return ""
    return "." if region in table["point_countries"] else ","


def readings(text: str, locale: str) -> tuple[Decimal, ...]:
    """What a number in digits may mean, likeliest first; empty when it is none.

    "1.234" is one thousand or one point two: the locale decides, and where it does
    not, both are given.
    """
    if not _SHAPE.fullmatch(text):
        return ()
    plain = re.sub(rf"(?<=[0-9])[{_SPACES}](?=[0-9]{{3}}(?![0-9]))", "", text)
    if re.search(rf"[{_SPACES}]", plain):
        return ()
    signs = [sign for sign in plain if sign in ".,"]
    if not signs:
        return (Decimal(plain),)
    if len(set(signs)) == 2:
        return _mixed(plain, signs)
    if len(signs) > 1:
        whole = _grouped(plain, signs[0])
        return (whole,) if whole is not None else ()
    return _one_sign(plain, signs[0], decimal_mark(locale))


def _mixed(plain: str, signs: list[str]) -> tuple[Decimal, ...]:
    """1.234,56 and 1,234.56: the last sign stands before the decimals."""
    last = signs[-1]
    if signs.count(last) > 1:
        return ()
    head, _, tail = plain.partition(last)
    whole = _grouped(head, signs[0])
    return () if whole is None else (Decimal(f"{whole}.{tail}"),)


def _one_sign(plain: str, sign: str, mark: str) -> tuple[Decimal, ...]:
    head, _, tail = plain.partition(sign)
    decimal = Decimal(f"{head}.{tail}")
    whole = _grouped(plain, sign)
    if whole is None or len(tail) != 3:
        return (decimal,)
    if not mark:
        return (whole, decimal)
    return (decimal, whole) if sign == mark else (whole, decimal)


def _grouped(text: str, sign: str) -> Decimal | None:
    """1,234,567 and, in the Indian way, 12,34,567; None when it is no number."""
    first, *rest = text.split(sign)
    threes = all(len(part) == 3 for part in rest) and 1 <= len(first) <= 3
    pairs = len(rest) > 1 and len(rest[-1]) == 3 and 1 <= len(first) <= 2
    indian = pairs and all(len(part) == 2 for part in rest[:-1])
    if first.startswith("0") or not (threes or indian):
        return None
    return Decimal(text.replace(sign, ""))
