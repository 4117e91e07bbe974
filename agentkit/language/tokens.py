r"""Texts taken apart: words, numbers and signs with their places, and common shapes.

The shapes, of mail addresses, web pages and phone numbers, are for finding one in a
text. Those that say `WRITTEN` take what a user wrote as one whole, with signs
(`a&b@x.org`) that would end it in a text.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

# As RFC 5321 has it: up to 64 characters before the sign.
MAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]+(?:\.[\w-]+)+")
WRITTEN_MAIL = re.compile(
    r"[^@\s<>\"',;]{1,64}@[^@\s<>\"',;]{1,190}\.[^@\s<>\"',;.]{1,63}"
)
URL = re.compile(r"(?:https?://|www\.)[^\s<>\"')\]]+", re.IGNORECASE)
# From seven digits on, ITU-T E.164 has fifteen at most; signs stand between them.
PHONE = re.compile(r"(?<![\w.])\+?\(?\d[\d ()/.-]{5,18}\d(?!\w)")
# What a user wrote as a number, short ones of a service too.
WRITTEN_PHONE = re.compile(r"\+?[\d\s()./-]{5,20}")
# Letters and digits, without the underscore that `\w` counts among them.
WORD = re.compile(r"[^\W_]+")
# What a digit stands for that has no place in a number: "²", "①".
_NO_NUMBER = "\ufffd"


@dataclass(frozen=True, slots=True)
class TextToken:
    """One word, run of digits, or sign.

    Attributes:
        text: lower-case characters; a curly apostrophe is made straight.
        start: index of the first character in the text.
        end: index after the last character.
        gap: whether white space stands before it.
        upper: whether it is a word in capitals, such as EOD.
    """

    text: str
    start: int
    end: int
    gap: bool
    upper: bool

    @property
    def is_digits(self) -> bool:
        """Whether it is a run of ASCII digits."""
        return self.text.isascii() and self.text.isdigit()

    @property
    def is_word(self) -> bool:
        """Whether it starts with a letter."""
        return self.text[0].isalpha()


class Tokens(tuple[TextToken, ...]):
    """The words, numbers and signs of a text, in order.

    Attributes:
        words: what each token says, by its place; empty outside of the text. A table,
            since each rule looks at the words around it and most find nothing.
    """

    words: dict[int, str]

    def __new__(cls, tokens: Iterable[TextToken] = ()) -> "Tokens":
        """Take the tokens of a text, or of a stretch of it."""
        made = super().__new__(cls, tokens)
        # Places outside read as "", so that rules look past the ends without a check.
        made.words = defaultdict(str, enumerate([token.text for token in made]))
        return made


@cache
def _pattern() -> re.Pattern[str]:
    # Digits apart from letters, so that "3pm" and "15h30" need no rules of their own.
    return re.compile(r"[0-9]+|[\u00bc-\u00be]|[^\W\d_]+(?:['\u2019][^\W\d_]+)*|[^\s]")


def tokenize(text: str) -> Tokens:
    """Split text into tokens, left to right, leaving white space out."""
    tokens: list[TextToken] = []
    end = 0
    for match in _pattern().finditer(text):
        raw = match.group()
        gap = match.start() > end or not tokens
        word = _plain(raw)
        end = match.end()
        if word == "end" and _joins_week(tokens, gap=gap):
            week = tokens[-2]
            tokens[-2:] = [TextToken("weekend", week.start, end, week.gap, week.upper)]
            continue
        tokens.append(
            TextToken(word, match.start(), end, gap, raw.isupper() and len(raw) > 1)
        )
    return Tokens(tokens)


def _plain(raw: str) -> str:
    """Lower-case, with a straight apostrophe; a digit such as "²" is no number."""
    if raw.isdigit() and not raw.isdecimal():
        return _NO_NUMBER
    return raw.replace("\u2019", "'").lower()


def _joins_week(tokens: list[TextToken], *, gap: bool) -> bool:
    """Whether "week-" stands before, so that "end" makes it a weekend."""
    before = [token.text for token in tokens[-2:]]
    return before == ["week", "-"] and not (gap or tokens[-1].gap)


def fold(text: str) -> str:
    """Lower-case without accents and outer spaces."""
    # Nearly always, and without the tables of Unicode.
    if text.isascii():
        return text.casefold().strip()
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold().strip()
