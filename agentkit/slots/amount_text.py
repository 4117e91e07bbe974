"""The text of an amount, cut into words, numbers and signs."""

import re
import unicodedata
from dataclasses import dataclass

from agentkit.language.tokens import fold

# Signs above and below letters of Hindi and Thai are parts of words.
_MARKS = "[\u0300-\u036f\u0900-\u0903\u093a-\u094f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]"
# Digits with their separators are one token: a space or apostrophe counts only before
# three digits that end the number ("1 200", "1'200").
_TOKEN = re.compile(
    r"[0-9](?:[.,'\u2019_ \u00a0\u202f\u2009](?=[0-9]{3}(?![0-9]))[0-9]|[.,][0-9]|[0-9])*"
    rf"|[^\W\d](?:[^\W\d]|{_MARKS})*[²³]?|[^\s\w]|[²³]"
)
# "US$", "A$" and "CN¥" say whose the sign is; alone it is the locale's.
_PREFIXED = re.compile(r"(?i)(us|ca|c|au|a|nz|sg|s|hk|nt|r|cn|jp|usd|cad|aud)([$¥])")
_VULGAR = {
    "½": (1, 2), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5), "⅗": (3, 5),
    "⅘": (4, 5), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class AmountWord:
    """A word, number or sign, and whether a space stands before it."""

    text: str
    gap: bool


@dataclass(slots=True)
class AmountText:
    """The words, and which of them is next."""

    words: list[AmountWord]
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


def words_of(text: str) -> list[AmountWord]:
    """Split text into words, numbers and signs; digits become ASCII."""
    plain = "".join(_digit(c) for c in text.replace("\u2212", "-"))
    for sign, (top, bottom) in _VULGAR.items():
        plain = plain.replace(sign, f" {top}/{bottom} ")
    plain = _PREFIXED.sub(lambda m: f" {m[1]}\u2060{m[2]} ", plain)
    found: list[AmountWord] = []
    end = -1
    for match in _TOKEN.finditer(plain):
        if match.group() == "\u2060":
            continue
        found.append(AmountWord(match.group(), match.start() > end))
        end = match.end()
    return _rejoined(found)


def _rejoined(words: list[AmountWord]) -> list[AmountWord]:
    """Put "US" and "$" together again, and "km/h", "m2", "°C" and "twenty-five"."""
    joined: list[AmountWord] = []
    for word in words:
        last = joined[-1] if joined else AmountWord("", gap=True)
        if last.text == "/" and word.text in ("h", "s") and len(joined) > 1:
            joined[-2:] = [AmountWord(f"{joined[-2].text}/{word.text}", joined[-2].gap)]
        elif _belongs(last.text, word):
            joined[-1] = AmountWord(f"{last.text}{word.text}", last.gap)
        elif last.text == "-" and len(joined) > 1 and _hyphened(joined[-2], word):
            joined[-1] = AmountWord(word.text, gap=True)
        else:
            joined.append(word)
    return joined


def _belongs(last: str, word: AmountWord) -> bool:
    if word.text in "$¥":
        # "US$", "CAD$": three letters at most stand before a currency's sign.
        return last.isalpha() and len(last) < 4
    if word.text in ("2", "3") and not word.gap:
        return last in ("m", "km", "cm", "ft")
    return last == "°" and word.text.upper() in ("C", "F")


def _hyphened(before: AmountWord, word: AmountWord) -> bool:
    return before.text.isalpha() and word.text.isalpha() and not word.gap


def _digit(char: str) -> str:
    """Thai, Hindi and other digits as ASCII."""
    value = unicodedata.decimal(char, None) if not char.isascii() else None
    return char if value is None else str(value)
