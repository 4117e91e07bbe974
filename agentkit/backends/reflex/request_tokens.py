"""The words of a request: tokens that know their place, dates and numbers read as one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from agentkit.backends.reflex.english import (
    ACTS,
    ARTICLES,
    ASKING,
    FUNCTION,
    PHRASES,
    TOPICS,
    WEAK,
    Act,
    stem_of,
)
from agentkit.language.numbers import ONES, TENS
from agentkit.language.tokens import MAIL
from agentkit.slots import find_duration, find_recurrence, find_when

_FIGURES = re.compile(r"\d+(?:\.\d+)?")
# "One" is a pronoun as often as a number.
_UNITS = {word: number for word, number in ONES.items() if number > 1}


def read_number(said: str) -> str:
    """Write a number in figures; empty for anything else."""
    if _FIGURES.fullmatch(said):
        return said
    if said in _UNITS or said in TENS:
        return str(_UNITS.get(said) or TENS[said])
    ten, _, rest = said.replace("-", " ").partition(" ")
    if ten in TENS and 0 < ONES.get(rest, 0) < 10:
        return str(TENS[ten] + ONES[rest])
    return ""


# Before these "on" belongs to the verb: "what's on today".
_ON_A_DAY = re.compile(r"on\s+(?=(?:today|tonight|tomorrow|tmrw|this|next)\b)", re.I)
_ON, _WHAT_IS = re.compile(r"on\s+", re.I), re.compile(r"\bwhat (?:else )?is$")
# A part of the day at the head of a time: "evening on the 19th".
_DAY_PART = re.compile(r"(?:morning|afternoon|evening|night)s?\s+(?=\S)", re.I)
# Words without which nothing repeats.
_REPEATS = re.compile(r"\b(?:every|each|except|but not)\b", re.I)
# Behind "how" these ask: "how long's the film".
_MEASURES = frozenset({"long", "much", "many", "far", "soon", "big"})
_SHIFTED = re.compile(r"\b(?:later|earlier)$", re.I)
Kind = Literal["word", "when", "duration", "number", "quote", "address", "phone"]

# Signs that stand alone are said as words are: "🎂", "👍🏽", "<3", ":-)", ":smile:", "[/]";
# what stands in braces is of no language: "{a, b}".
SIGN = (
    r"(?<!\S)(?:\{[^{}\n]{1,200}\}|[:;=]['\u2019]?-?[)(DPp/|*oO3]+|<3+"
    r"|:[a-z0-9_+-]{2,30}:|[\[({<][^\w\s]{1,8}[\])}>]"
    r"|[^\W\d_]?[\u2190-\u2bff\U0001f000-\U0001faff][^\w\s]*)(?!\S)"
)
# Signs above, below and behind the letters of Hindi and Thai: part of a word, and no
# letters by themselves.
MARKS = r"\u0900-\u0903\u093a-\u094d\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
_LETTERS = rf"[\w{MARKS}]+"
_TOKEN = re.compile(
    r"[“\"](?P<quote>[^”\"]{1,400})[”\"]"
    rf"|(?P<address>{MAIL.pattern})"
    # Seven digits at least, and written as numbers of people are: "+49 170 123", "030/12".
    r"|(?P<phone>(?:\+|\b0|\(0)(?=(?:[ ()/-]*\d){6})[\d ()/-]*\d\b)"
    rf"|(?P<word>'s(?!\w)|{_LETTERS}(?:[-'\u2019:./]{_LETTERS})*)"
    # "50%" is said as "50 percent" is; "%20" stands in addresses.
    r"|(?P<percent>%(?!\w))"
    rf"|(?P<sign>{SIGN})"
)
# Contractions and short forms, written out before anything is compared.
_SHORT = {
    "what's": "what is", "whats": "what is", "when's": "when is", "where's": "where is",
    "who's": "who is", "how's": "how is", "that's": "that is", "there's": "there is",
    "it's": "it is", "i'm": "i am", "im": "i am", "i'd": "i would",
    "i've": "i have", "i'll": "i will", "let's": "let us", "don't": "do not",
    "dont": "do not", "didn't": "did not", "can't": "can not", "isn't": "is not",
    "aren't": "are not", "won't": "will not", "doesn't": "does not", "we're": "we are",
    "you're": "you are", "they're": "they are", "to-do": "to do", "to-dos": "to do",
    "todo": "to do", "e-mail": "email", "e-mails": "emails", "gonna": "going to",
    "wasn't": "was not", "haven't": "have not", "u": "you", "tmrw": "tomorrow",
    "follow-up": "follow up", "follow-ups": "follow up", "followups": "follow up",
    "followup": "follow up", "time-zone": "time zone",
    "txt": "text", "msg": "message", "wats": "what is", "wat": "what", "bday": "birthday",
    "tonite": "tonight", "mtg": "meeting", "appt": "appointment", "plz": "please",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RequestWord:
    """One word, number, date, length of time, quotation or address.

    Attributes:
        norm: lower case, contractions written out.
        stem: what it is compared by.
        act: what kind of verb it is; empty for other words.
        start: index of its first character in the text.
        end: index after its last character.
        capital: whether it is written like a name.
        led: the article before it, once that has been left out.
    """

    norm: str
    stem: str
    act: Act
    start: int
    end: int
    kind: Kind = "word"
    capital: bool = False
    led: str = ""

    @property
    def article(self) -> bool:
        """Whether it may be left out without a change of meaning."""
        return self.norm in ARTICLES

    @property
    def plural(self) -> bool:
        """Whether it is a noun in the plural."""
        return self.content and self.norm.endswith("s") and self.norm != self.stem

    @property
    def content(self) -> bool:
        """Whether it says what the talk is about."""
        return self.stem in TOPICS or (
            self.kind == "word"
            and not self.act
            and self.stem not in FUNCTION
            and self.stem not in WEAK
            and self.stem not in ASKING
        )


def read_words(text: str, now: datetime | None = None) -> tuple[RequestWord, ...]:
    """Cut a text into words; with a clock, dates and lengths become one each."""
    words = [part for token in _TOKEN.finditer(text) for part in _split(token)]
    if words and not text[: words[0].start].strip():
        # A sentence's first word is no name for being written large.
        words[0] = replace(words[0], capital=False)
    if now is not None:
        words = _with_spans(words, text, now)
    return tuple(_joined(list(_counted(words))))


def _split(token: re.Match[str]) -> Iterator[RequestWord]:
    start, end = token.span()
    if token["quote"]:
        yield RequestWord(token["quote"].lower(), '"', "", start, end, "quote")
        return
    raw = token.group().replace("\u2019", "'")
    norm = raw.lower()
    if token["address"]:
        yield RequestWord(norm, "@", "", start, end, "address")
        return
    if token["percent"]:
        yield _word("percent", start, end)
        return
    if token["sign"]:
        yield RequestWord(norm, norm, "", start, end)
        return
    if token["phone"]:
        yield RequestWord(norm, "+", "", start, end, "phone")
        return
    if norm in _SHORT:
        yield from _contracted(norm, start, end)
        return
    if norm.endswith("'s") and len(norm) > 2:
        yield _word(norm[:-2], start, end - 2, raw[:1].isupper())
        # "How long's the film" asks; other such words are somebody's.
        yield _word("is" if norm[:-2] in _MEASURES else "'s", end - 2, end)
        return
    if read_number(norm):
        yield RequestWord(norm, norm, "", start, end, "number")
        return
    # The letter of "F#" and "C++" is no name.
    signed = token.string[end : end + 1] in ("#", "+")
    yield _word(norm, start, end, raw[:1].isupper() and not signed)


def _contracted(norm: str, start: int, end: int) -> Iterator[RequestWord]:
    """Read "when's" as two words, split at the apostrophe where there is one."""
    first, *rest = _SHORT[norm].split()
    mark = start + norm.find("'")
    cut = mark if len(rest) == 1 and mark > start else end
    yield _word(first, start, cut)
    for part in rest:
        yield _word(part, cut if cut < end else start, end)


def _word(norm: str, start: int, end: int, capital: bool = False) -> RequestWord:
    stem = stem_of(norm)
    return RequestWord(norm, stem, ACTS.get(stem, ""), start, end, capital=capital)


def _with_spans(
    words: list[RequestWord], text: str, now: datetime
) -> list[RequestWord]:
    """Replace each date and each length of time by one word."""
    single = _without_repeats(text)
    spans = [(f.start_index, f.end_index, "duration") for f in find_duration(single)]
    spans += [
        (f.start_index, f.end_index, "when")
        for f in find_when(single, now)
        # "An hour later" than it was, and not than now: a length and a word.
        if not _SHIFTED.search(text[f.start_index : f.end_index])
    ]
    spans = [_behind_noun(span, words, text) for span in spans]
    taken = [(w.start, w.end) for w in words if w.kind in ("quote", "phone")]
    # The longest first: "for two" is no time within "two and a half hours".
    for start, end, kind in sorted(spans, key=lambda s: (s[0] - s[1], s[2] != "when")):
        inside = [w for w in words if start <= w.start and w.end <= end]
        # Quotations and phone numbers keep their figures; a longer span keeps its words.
        if not inside or any(start < b and a < end for a, b in taken):
            continue
        taken.append((start, end))
        place = words.index(inside[0])
        one: Kind = "when" if kind == "when" else "duration"
        norm = text[start:end].lower()
        words = [w for w in words if w not in inside]
        words.insert(place, RequestWord(norm, f"<{one}>", "", start, end, one))
    return words


def _without_repeats(text: str) -> str:
    """A text without the days of "every Tuesday and Thursday": none is a single one."""
    if not _REPEATS.search(text):
        # Nearly always: the rules of recurrences are not loaded.
        return text
    said = find_recurrence(text)
    at = text.find(said)
    return f"{text[:at]}{';' * len(said)}{text[at + len(said) :]}" if said else text


def _behind_noun(
    span: tuple[int, int, str], words: list[RequestWord], text: str
) -> tuple[int, int, str]:
    """Leave a part of the day to the noun before it: "parent evening on the 19th"."""
    start, end, kind = span
    so_far = [word for word in words if word.end <= start]
    lead = _ON_A_DAY.match(text[start:end]) or (
        _WHAT_IS.search(" ".join([word.norm for word in so_far[-3:]]))
        and _ON.match(text[start:end])
    )
    if kind == "when" and lead:
        # "What's on today": the day is today, and something is on.
        return start + lead.end(), end, kind
    part = _DAY_PART.match(text[start:end])
    before = so_far[-1] if so_far else None
    if kind != "when" or part is None or before is None:
        return span
    beside = not text[before.end : start].strip()
    return (start + part.end(), end, kind) if beside and before.content else span


def _counted(words: list[RequestWord]) -> Iterator[RequestWord]:
    """Read "twenty two" as one number."""
    place = 0
    while place < len(words):
        pair = words[place : place + 2]
        said = " ".join(word.norm for word in pair)
        if pair[0].norm in TENS and len(pair) == 2 and read_number(said):
            yield replace(pair[0], norm=said, stem=said, end=pair[1].end)
            place += 2
        else:
            yield pair[0]
            place += 1


def _joined(words: list[RequestWord]) -> Iterator[RequestWord]:
    """Read phrases such as "get rid of" as the one verb that they mean."""
    index = 0
    norms = [word.norm for word in words]
    while index < len(words):
        # The longest phrase first: "i need to know" before "need to". No phrase has
        # more words.
        for size in (5, 4, 3, 2):
            key = tuple(norms[index : index + size])
            stem = PHRASES.get(key) if len(key) == size else None
            if stem is not None:
                first, last = words[index], words[index + size - 1]
                yield replace(
                    first,
                    norm=" ".join(key),
                    stem=stem,
                    act=ACTS.get(stem, ""),
                    end=last.end,
                )
                index += size
                break
        else:
            yield words[index]
            index += 1
