"""Values and texts in one spelling, so that what is the same compares equal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, cast

from agentkit.language.numbers import ONES, TENS
from agentkit.language.tokens import MAIL, URL, WORD, fold
from agentkit.language.vocabularies import MONTHS

# The bound keeps the search for the angle bracket from trying a whole letter.
MAILBOX = re.compile(r'"?+[^<>@:"]{0,60}+"?\s{0,4}<[^<>\s]+>')
# Seven signs from the first digit to the last: a shorter one is a price or a year.
PHONE = re.compile(r"\+?\d[\d ()/.-]{5,}\d")
# With a path or a query: a bare "b.com" is mostly a name in a sentence.
SITE = re.compile(
    r"(?<![\w-])(?<![\w-]\.)(?:[\w-]+\.)+[a-z]{2,}(?:[/?#]\S*)", re.IGNORECASE
)
HANDLE = re.compile(r"[@#][\w.-]+")
PATH = re.compile(r"(?:~|(?<![\w.-]))[\w.-]*/\S.*|(?<![\w. -])[\w. -]+\.[a-z]\w{1,4}")
# In one piece, or in groups of four, which small letters would take words for.
_IBAN = re.compile(
    r"\b(?i:[A-Z]{2}\d{2}[A-Z0-9]{10,30})\b"
    r"|\b[A-Z]{2}\d{2}(?: [A-Z0-9]{4}){2,7}(?: [A-Z0-9]{1,3})?\b"
)
_NUMBER = re.compile(r"\d+(?:[.,' ]\d{3})*(?:[.,]\d+)?")
# Soft hyphen, joiners, marks of direction: nobody sees them, so they hide no value.
_UNSEEN = dict.fromkeys([0xAD, *range(0x200B, 0x2010), *range(0x2060, 0x2065), 0xFEFF])
_WORD_NUMBERS = {
    word: str(number)
    for word, number in {**ONES, **TENS, "hundred": 100, "thousand": 1000}.items()
}


# The same few values are compared with every text of a run.
@lru_cache(4096)
def plain(text: str) -> str:
    """Write a text without case, accents, unseen characters and double spaces."""
    text = unicodedata.normalize("NFKC", text.translate(_UNSEEN))
    return " ".join(fold(text).split())


def words(text: str) -> list[str]:
    """Split a text into its words and numbers, in one spelling."""
    return WORD.findall(plain(text))


def digits(text: str) -> str:
    """Keep the digits of a text."""
    return "".join(char for char in text if char.isdigit())


def addresses(text: str) -> list[str]:
    """Find what in a text names a receiver on its own: mail, phone, account, page."""
    found = [match.casefold() for match in MAIL.findall(text)]
    found += [page(match) for match in URL.findall(text)]
    # What was found is taken out, so that an account's digits are not read as a phone
    # number.
    rest = URL.sub(" ", MAIL.sub(" ", text))
    found += ["".join(match.split()).casefold() for match in _IBAN.findall(rest)]
    rest = _IBAN.sub(" ", rest)
    # Nine digits: a number with and without its country's prefix is one.
    return found + [digits(match)[-9:] for match in PHONE.findall(rest)]


def page(url: str) -> str:
    """Write an address of the web without what does not change where it leads."""
    bare = re.sub(r"^https?://(www\.)?|^www\.", "", url.casefold())
    return bare.rstrip("/.,;:!?")


def numbers(text: str) -> set[str]:
    """Find the numbers of a text, in digits or in small words, as plain decimals."""
    found = {_decimal(match) for match in _NUMBER.findall(text)}
    return found | {_WORD_NUMBERS[w] for w in words(text) if w in _WORD_NUMBERS}


def _decimal(text: str) -> str:
    """Write `1,200.50`, `1.200,50` and `1200.5` as one."""
    bare = re.sub(r"[' ]", "", text)
    whole, mark, part = bare, "", ""
    last = max(bare.rfind("."), bare.rfind(","))
    # Three digits behind the sign are thousands, unless the other sign parts those.
    mixed = last >= 0 and {".": ",", ",": "."}[bare[last]] in bare[:last]
    if mixed or (last >= 0 and len(bare) - last - 1 != 3):
        whole, mark, part = bare[:last], ".", bare[last + 1 :]
    whole = re.sub(r"[.,]", "", whole).lstrip("0") or "0"
    part = part.rstrip("0")
    return whole + mark + part if part else whole


def as_text(value: Any) -> str:
    """Write a scalar as a model or a document would."""
    if isinstance(value, str):
        return value  # a secret stays one
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def scalars(value: Any, *, keys: bool = False) -> Iterator[str]:
    """Yield the scalars inside of a JSON-like value, as text; its keys too if asked."""
    if isinstance(value, Mapping):
        for key, item in cast(Mapping[str, Any], value).items():
            if keys:
                yield str(key)
            yield from scalars(item, keys=keys)
    elif isinstance(value, list | tuple | set | frozenset):
        for item in cast(Iterable[Any], value):
            yield from scalars(item, keys=keys)
    elif value is not None and not isinstance(value, bool):
        yield as_text(value)


# Compiled when a number is looked at: it takes longer than all others here.
_UNIT = (
    r"\s*(?:%|€|\$|£|(?:h|hrs?|hours?|mins?|minutes?|seconds?|days?|weeks?|months?|years?"
    r"|people|persons?|times|am|pm|euros?|dollars?|pounds?|st|nd|rd|th)\b)"
)
_WORD_BEFORE, _WORD_AFTER = re.compile(r"(\w+)\W*$"), re.compile(r"\W*(\w+)")
# "1." at the start, or after the end of a sentence, only counts the sentences.
_SENTENCE_BEFORE, _LISTED = re.compile(r"(?:^|[.:;!?])\s*$"), re.compile(r"[.)]\s")


def names_number(text: str, number: str) -> bool:
    """Tell whether a text names a thing by a number: `file 13`, and not `13:00`.

    Args:
        text: the user's words.
        number: digits only.
    """
    said = plain(text)
    # No part of a time, a date, a decimal, a path or a longer word.
    alone = re.compile(
        rf"(?<![\w,/:€$£-])(?<!\d\.){re.escape(number)}(?![\w/:-]|[.,]\d)"
    )
    return any(
        _names(said[: match.start()], said[match.end() :])
        for match in alone.finditer(said)
    )


def _names(before: str, after: str) -> bool:
    if _SENTENCE_BEFORE.search(before) and _LISTED.match(after):
        return False
    return not (re.match(_UNIT, after) or _beside_month(before, after))


def _beside_month(before: str, after: str) -> bool:
    words = (_WORD_BEFORE.search(before), _WORD_AFTER.match(after))
    return any(word is not None and word.group(1) in MONTHS for word in words)
