"""What a slot holds: a value of the parameter's kind, cut from the words unchanged."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from agentkit.backends.reflex.english import (
    said_as,
)
from agentkit.backends.reflex.parameters import Param
from agentkit.backends.reflex.request_tokens import (
    MARKS,
    SIGN,
    RequestWord,
    read_number,
)

# "From 3 to 5" keeps its "from": without it the stretch cannot be read.
_BEFORE_TIME = re.compile(
    r"^(?:at|on|for|by|the|from(?!.*\b(?:to|till|until)\b))\s+", re.I
)
# Whether words are one time does not hang on the clock they are said by.
ANY_CLOCK = datetime(2026, 1, 5, 12, tzinfo=UTC)
_COUNT = re.compile(r"(?:at|for|by|in|of)?\s*(\d+)")
_PLAIN = re.compile(r"[\w-]+")
_EDGES = " \t\r\n,;:.!?"
# Signs between words; an apostrophe stands within one.
_SIGNS_BEFORE = re.compile(rf"(?:[^\w'{MARKS}]|(?<!\w)')*\Z")
_SIGNS_AFTER = re.compile(r"(?!['\u2019]\w)[^\w]*")
QUOTES = '"\u201c\u201d\u2018\u2019'
# A quotation that begins behind some words is no part of them.
_OPENING = re.compile(rf"\s[{QUOTES}(\[]+\Z")
# A sign that stands alone is a word of its own, which another slot may take.
_SAID_SIGN = re.compile(rf"\s+{SIGN}.*")
_CLOSING = "\"'\u201d\u2019"
_OPENERS = f"{QUOTES}'"
_MINUS = re.compile(r"(?:^|\s)[-\u2212]\Z")
# The box of a list in Markdown: "- [x]".
_BOX = re.compile(r"[-*+]\s(?=\[[ xX]?\])")
_RIM = " \t\r\n,;:-\u2013\u2014"
_ARTICLE = re.compile(
    r"(?:^|(?<=\s))(?:a|an|the|my|our|your|his|her|some|any|this)\s+$", re.I
)
_AND = re.compile(r"(?<!\s)(?:\s*,\s*(?:and\s+)?|\s+and\s+)", re.I)
# Slots that are filled by one kind of word each, wherever it stands.
TYPED = frozenset({"when", "duration", "integer", "number", "email", "phone"})
_KINDS = {"email": "address"}

Arguments = dict[str, Any]


def value_from(param: Param, words: tuple[RequestWord, ...], text: str) -> Any:
    """Read a whole text as one slot's value; None when it cannot be one."""
    if param.kind in TYPED:
        # The answer to a question has words around the value: "at 5 please".
        found = [word for word in words if fits(param, word)]
        return value_of(param, tuple(found), text) if found else None
    if param.kind in ("enum", "boolean"):
        return spoken_value(param, text)
    return value_of(param, words, text) or None


def each_of(value: str) -> list[str]:
    """Take "Tom and Maya" apart."""
    return [part.strip(_EDGES) for part in _AND.split(value) if part.strip(_EDGES)]


def fits(param: Param, word: RequestWord) -> bool:
    """Whether a word is of the kind that a parameter holds."""
    if param.kind == "duration":
        return word.kind in ("duration", "when")
    if param.kind in ("integer", "number"):
        # "for 20" may have been read as an hour.
        return word.kind == "number" or bool(_COUNT.fullmatch(word.norm))
    return word.kind == _KINDS.get(param.kind, param.kind)


def value_of(param: Param, words: tuple[RequestWord, ...], text: str) -> Any:
    """Cut a parameter's value from some words of a text."""
    if not words:
        return None
    # Cut from the text, so that case and signs are the user's.
    raw = text[words[0].start : max(word.end for word in words)].strip(_EDGES)
    if param.kind == "when":
        return time_words(words, text)
    if param.kind == "duration":
        return re.sub(r"^(?:for|in|of)\s+", "", raw, flags=re.I)
    if param.kind in ("integer", "number"):
        return _number(words[0], param)
    if param.kind in ("enum", "boolean"):
        return spoken_value(param, raw)
    if param.kind in ("people", "texts"):
        return each_of(raw)
    if param.kind in ("email", "phone", "quantity"):
        return raw
    return _free_text(words, text, verbatim=param.verbatim)


def time_words(words: tuple[RequestWord, ...], text: str) -> str:
    """Put the words for times together; empty where none is one."""
    times = [w for w in words if w.kind == "when"]
    if not times:
        # A lone hour behind "to".
        return f"at {words[0].norm}" if words and words[0].kind == "number" else ""
    joined = " ".join(text[w.start : w.end].strip(_EDGES) for w in times)
    bare = _BEFORE_TIME.sub("", joined, count=1).removesuffix("'s")
    # A lone number is a time only with the word before it: "at 7".
    return joined if bare.isdigit() else bare


def _number(word: RequestWord, param: Param) -> int | float | None:
    count = _COUNT.fullmatch(word.norm)
    said = count[1] if count else read_number(word.norm)
    try:
        return int(said) if param.kind == "integer" else float(said)
    except ValueError:
        return None


def _free_text(words: tuple[RequestWord, ...], text: str, *, verbatim: bool) -> str:
    """The words unchanged; a quotation without its marks."""
    first, last = words[0], words[-1]
    if first is last and first.kind == "quote":
        return text[first.start + 1 : first.end - 1]
    start = first.start
    article = _ARTICLE.search(text[:start])
    if article and ((verbatim and len(words) >= 3) or _titled(article, first)):
        start = article.start()
    start, end = _with_signs(text, start, last.end)
    raw = text[start:end]
    # "Mia's" in front of a noun is whose it is; at the very end it is what she has.
    ends_there = not any(c.isalnum() for c in text[end:])
    if not verbatim:
        raw = raw.rstrip(".?!")
    return raw if ends_there else raw.removesuffix("'s")


def _with_signs(text: str, start: int, end: int) -> tuple[int, int]:
    """Take in the signs beside some words that belong to them: "C++", "€5", "(AAA)".

    What lies between them and the next word on either side is theirs, save for blanks,
    commas, colons and dashes at the rim, which part things.
    """
    before = _SIGNS_BEFORE.search(text[:start])
    after = _SIGNS_AFTER.match(text[end:])
    box = _BOX.search(text, max(start - 6, 0), start + 3)
    left = before[0].lstrip(_RIM) if before else ""
    if box:
        left = text[box.start() : start]
    if text[start:end][:1].isdigit() and _MINUS.search(text[:start]):
        left = left or text[start - 1]
    right = _OPENING.sub("", after[0]).rstrip(_RIM) if after else ""
    right = _SAID_SIGN.sub("", right)
    if text[end + len(right) :][:1].strip(_RIM):
        # What is glued to the next word is that one's: the ¿ of "Ana ¿vienes?".
        right = right.partition(" ")[0].rstrip(_RIM)
    if right.strip(QUOTES) == "" and right and not text[end - 1].isdigit():
        # The mark that ends a quotation, whose first one stands outside.
        right = right if left and left[0] in QUOTES else ""
    # Single quotes around a value are marks, not part of it.
    if (left, right) == ("'", "'"):
        return start, end
    closed = re.search(rf"[{_CLOSING}](?!\w)", text[start:end])
    if left and left[0] in _OPENERS and not right and not closed:
        left = left[1:]
    return start - len(left), end + len(right)


def _titled(article: re.Match[str], first: RequestWord) -> bool:
    """Whether an article is written as the first word of a title: "The Hobbit"."""
    return article.start() > 0 and first.capital and article[0][0].isupper()


def spoken_value(param: Param, text: str) -> Any:
    """Read a closed set's value off the words; a switch when they name it."""
    said = f" {' '.join(_PLAIN.findall(text.lower()))} "
    if param.kind == "boolean":
        return True if f" {param.name.replace('_', ' ')} " in said else None
    said = said.replace("-", " ")
    hits = [
        (len(way), value)
        for value in param.values
        for way in said_as(value)
        if f" {way} " in said
    ]
    # The longest way to say a value wins: "every weekday" before "every week".
    return max(hits)[1] if hits else None


def spoken_rank(param: Param, words: tuple[RequestWord, ...]) -> str | None:
    """Read which of several is meant: "my next meeting", and not "next Friday".

    A word at the very end does not count: "how long does it last".
    """
    ways = {way: value for value in param.values for way in said_as(value)}
    for word, behind in pairwise(words):
        # "My latest messages" are several.
        several = behind.plural or behind.kind == "number"
        if word.kind == "word" and word.norm in ways and not several:
            return ways[word.norm]
    return None
