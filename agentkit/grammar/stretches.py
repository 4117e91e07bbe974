"""Stretches of what was said that may be a value: quotes, names, codes, words in a row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from agentkit.grammar.value_types import Field
from agentkit.tools.selection.stems import STOP, read_stems, read_words

Kind = Literal["quote", "name", "code", "words"]

_QUOTES = re.compile(
    r"(?<!\w)'((?:[^'\n]|(?<=\w)'(?=[a-z]))+)'(?!\w)|\"([^\"\n]+)\""
    r"|[\u2018\u201c]([^\u2018-\u201d\n]+)[\u2019\u201d]|`([^`\n]+)`"
)
_WORD = re.compile(r"[^\s,;:!?()\[\]{}\"]+(?::[/\d][^\s,;!?()\[\]{}\"]*)?")
# Letters with digits, paths, names with marks inside; a number alone is none.
_CODE = re.compile(r"(?=.*[^\W\d_])(?=.*[\d_/\\@#+])\S+|[\d-]+[-/]\d[\d/-]*")
_NUMERAL = re.compile(r"[$\u20ac\u00a3]?\d[\d.,/:-]*%?")
_OF = re.compile(r" of (?:the )?")
# Sums of powers and of what is multiplied by a letter.
_TERM = r"(?:\d+(?:\.\d+)?)?\*?[a-z]?(?:(?:\^|\*\*)\d+)?"
_FORMULA = re.compile(
    rf"(?<!\S)(?=\S*[\^*]|\d+[a-z]\b)[-+]?{_TERM}(?: ?[-+*/] ?{_TERM})*(?=[\s,.?!]|$)"
)
_ENDS = re.compile(r"(?<![.,'\u2019])[.,'\u2019]++$|['\u2019]s$")
_SHORT = re.compile(r"(?:^|\.)[A-Z]\.$|^(?:Inc|Ltd|Co|Corp|Mr|Mrs|Dr|St|Jr)\.$")
_NUMBERED = re.compile(r" \d{1,3}(?![\w%-]|[.,:/]\d)")
_CAPITAL = re.compile(r"\s[A-Z]")
# Between the words of one name.
_INSIDE = ("of", "the", "de", "la", "du")
# Words that begin what is asked, name nothing and so are no value.
_PLAIN = STOP | {
    "between", "near", "nearby", "under", "over", "around", "within", "after", "before",
    "since", "until", "through", "during", "less", "more", "most", "least", "top",
    "upcoming", "next", "last", "past", "first", "latest", "without", "who", "what",
    "and", "its", "both", "per", "against", "up", "out", "off", "now", "currently", "related",
    "find", "show", "calculate", "compute", "retrieve", "called", "named", "titled",
    "whose", "being", "including", "having", "only", "it's", "i'm", "i'd",
    "what's", "who's", "where's", "them", "other", "two", "three", "four", "five",
}  # fmt: skip
# What would have to be escaped in a string is not taken over.
_UNQUOTABLE = re.compile(r'["\\\x00-\x1f\x7f-\x9f\u2028\u2029]')
_MOST_WORDS = 4
_MOST_STRETCHES = 80


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of what was said.

    Attributes:
        text: as it stands there.
        start: where it begins.
        end: where it ends.
        kind: a quote, a name, a code, or words in a row.
        whole: nothing that belongs to it stands before or behind.
    """

    text: str
    start: int
    end: int
    kind: Kind
    whole: bool = True


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int
    first: bool

    @property
    def is_plain(self) -> bool:
        # "C, F and G" are names; "A" and "I" are words that begin a sentence.
        letter = len(self.text) == 1 and self.text.isupper() and self.text not in "AI"
        return self.text.lower() in _PLAIN and not letter

    @property
    def is_code(self) -> bool:
        return _CODE.fullmatch(self.text) is not None

    @property
    def is_name(self) -> bool:
        return self.text[0].isupper() and not (self.first and self.text[1:].islower())


@lru_cache(maxsize=32)
def stretches(text: str) -> tuple[Stretch, ...]:
    """Find the stretches of a text that may be values, in the order of the text."""
    found = {(one.start, one.end): one for one in _quotes(text)}
    quoted = [(one.start - 1, one.end + 1) for one in found.values()]
    for run in _runs(text, quoted):
        for one in _of_run(text, run):
            found.setdefault((one.start, one.end), one)
    for match in _FORMULA.finditer(text):
        found[match.span()] = Stretch(match[0], *match.span(), "code")
    listed = [found[key] for key in sorted(found)][:_MOST_STRETCHES]
    return (*listed, *_joined_stretches(listed, text))


def _quotes(text: str) -> Iterator[Stretch]:
    for match in _QUOTES.finditer(text):
        group = match.lastindex or 0
        if match[group].strip():
            yield Stretch(
                match[group].strip(), match.start(group), match.end(group), "quote"
            )


def _runs(text: str, quoted: Sequence[tuple[int, int]]) -> Iterator[list[_Word]]:
    """Cut the text outside of quotes at marks and at words that say nothing."""
    run: list[_Word] = []
    end = 0
    for match in _WORD.finditer(text):
        start = match.start()
        if any(a <= start < b for a, b in quoted):
            if run:
                yield run
            run, end = [], match.end()
            continue
        between = text[end:start]
        # "5 nights", "London 2022/08/16": a number alone is no part of a value in words.
        if _NUMERAL.fullmatch(match[0].rstrip(".")):
            if run:
                yield run
            run, end = [], match.end()
            yield [_word(match, first=False)]
            continue
        word = _word(
            match, not text[:start].strip() or text[:start].rstrip()[-1] in ".!?\n"
        )
        # "Metropolitan Museum of Art" is one name.
        joins = word.is_plain and run and run[-1].is_name and word.text in _INSIDE
        if run and (between.strip() or (word.is_plain and not joins)):
            yield run
            run = []
        if joins or not word.is_plain:
            run.append(word)
        # What the word leaves off ends the run: "York, ..." and "Germany's".
        end = match.end() if word.end == match.end() else word.end
    if run:
        yield run


def _word(match: re.Match[str], first: bool) -> _Word:
    text = match[0]
    # "Joe's Diner" is one name, "Germany's men" are not.
    owner = text.endswith(("'s", "\u2019s")) and _CAPITAL.match(
        match.string, match.end()
    )
    if not owner and not _SHORT.search(text):
        text = _ENDS.sub("", text) or text
    return _Word(text, match.start(), match.start() + len(text), first)


def _of_run(text: str, run: list[_Word]) -> Iterator[Stretch]:
    """List the parts of a run: a name is not cut."""
    while run and run[-1].is_plain:
        run = run[:-1]
    for a in range(len(run)):
        for b in range(a + 1, min(a + 1 + 2 * _MOST_WORDS, len(run) + 1)):
            part = run[a:b]
            if part[0].is_plain or part[-1].is_plain:
                continue
            names = [w.is_name or w.is_code or w.is_plain for w in part]
            if not all(names) and len(part) >= _MOST_WORDS:
                continue
            cut = _cuts(run, a, b)
            if cut and not _is_side_of_a_joint(run, a, b):
                continue
            kind: Kind = "words"
            if len(part) == 1 and part[0].is_code:
                kind = "code"
            elif all(names) or _is_name_at_first(part):
                kind = "name"
            # A name is whole wherever it stands: it is not cut.
            whole = kind == "name" or (a == 0 and b == len(run))
            start, end = part[0].start, part[-1].end
            yield Stretch(text[start:end], start, end, kind, whole)


def _is_name_at_first(part: Sequence[_Word]) -> bool:
    """Whether a name may begin a sentence: "São Paulo", but "Play Abba", too."""
    titled = part[0].first and part[0].text[0].isupper() and len(part) > 1
    return titled and all(word.is_name for word in part[1:])


def _cuts(run: list[_Word], a: int, b: int) -> bool:
    """Whether a border stands between two words of a name."""
    before = a > 0 and _joined(run[a - 1], run[a])
    behind = b < len(run) and _joined(run[b - 1], run[b])
    return before or behind


def _joined(one: _Word, other: _Word) -> bool:
    # "ID U123": what has letters and digits is a value of its own.
    if one.is_code or other.is_code:
        return False
    return (one.is_name or one.is_plain) and (other.is_name or other.is_plain)


def _is_side_of_a_joint(run: list[_Word], a: int, b: int) -> bool:
    """Whether "and", "of" or "the" is what stands at a border: both sides are names, too."""
    before = a == 0 or run[a - 1].is_plain or not _joined(run[a - 1], run[a])
    behind = b == len(run) or run[b].is_plain or not _joined(run[b - 1], run[b])
    return before and behind


def _joined_stretches(listed: Sequence[Stretch], text: str) -> Iterator[Stretch]:
    """Join names that a comma parts, and words on both sides of "of"."""
    for one in listed:
        # "Maroon 5", "S&P 500".
        number = _NUMBERED.match(text, one.end) if one.kind == "name" else None
        if number:
            end = number.end()
            yield Stretch(text[one.start : end], one.start, end, "name", one.whole)
    whole = [one for one in listed if one.kind in ("name", "words")]
    for a in whole:
        for b in whole:
            between = text[a.end : b.start] if a.end < b.start <= a.end + 8 else ""
            named = a.kind == b.kind == "name" and b.whole
            if (between == ", " and named) or _OF.fullmatch(between):
                kind: Kind = "name" if named else "words"
                yield Stretch(text[a.start : b.end], a.start, b.end, kind, b.whole)


# Arguments that are whole sentences, or parts of some.
_FREE = frozenset(
    read_words(
        "text message body content prompt query question description sentence note notes "
        "title subject summary reason task items input expression comment command url "
        "statement phrase"
    )
)
_NAMED_THINGS = frozenset(
    read_words(
        "city location place state country region town county court destination origin "
        "player artist author actor company team museum hotel celebrity league "
        "manufacturer brand publisher employer airline"
    )
)
_WORD_IDS = frozenset(
    read_words("id number code docket identifier phone zip season year")
)
_MONTH = re.compile(
    r"(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|january|february|march|april|may"
    r"|june|july|august|september|october|november|december)\.?(?: \d.*)?",
    re.IGNORECASE,
)
_LEAST_PLAIN = 1


def word_options(text: str, field: Field, tool: str) -> tuple[str, ...] | None:
    """Return the stretches that an argument may be; None where any words may.

    Args:
        text: what was said.
        field: the argument.
        tool: name of the tool, and on further lines what it is for.
    """
    listed = stretches(text)
    quotes = [one for one in listed if one.kind == "quote"]
    named = set(read_words(field.name))
    # Only of English it is known which words say nothing.
    plain = sum(word in STOP for word in read_words(text))
    if plain < _LEAST_PLAIN or (named & _FREE and not quotes):
        return None
    # What repeats the tool's description is no reason to give what may be left out.
    known = tool.partition("\n")[0] if field.required else tool
    own = set(read_stems(f"{known} {field.name}"))
    options = [one for one in listed if _may_be(one, field, named, own)]
    # What a sentence begins with says what to do: "Summarize", "Play".
    options = [one for one in options if not _begins(one)] or options
    # Places, people and firms have names, where any were said.
    if named & _NAMED_THINGS:
        options = [one for one in options if one.kind in ("name", "quote")] or options
    return tuple(dict.fromkeys(one.text for one in options))


def _begins(one: Stretch) -> bool:
    """Whether it is the first word of a sentence, which has its capital from there."""
    return one.kind == "words" and one.text[0].isupper() and " " not in one.text


def _may_be(one: Stretch, field: Field, named: set[str], own: set[str]) -> bool:
    if _UNQUOTABLE.search(one.text):
        return False
    if _offers(field.about, one.text) or one.kind == "quote":
        return True
    number = not re.search(r"[^\W\d_]", one.text)
    if number:
        return bool(named & _WORD_IDS)
    dated = "date" in named or "month" in named or "day" in named
    if _MONTH.fullmatch(one.text) and not dated:
        return False
    stems = read_stems(one.text)
    # The words of the tool and of the argument are no value of it.
    return one.kind != "words" or not set(stems) <= own


def _offers(about: str, text: str) -> bool:
    pattern = rf"(?<!\w){re.escape(text)}(?!\w)"
    return re.search(pattern, about, re.IGNORECASE) is not None
