"""What was said, as literal values may be taken from it: words in a row, and numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from agentkit.grammar.value_types import Field, Fixed, Items, Real, TextValue, Whole
from agentkit.language.numbers import number
from agentkit.language.tokens import tokenize
from agentkit.language.vocabularies import numbered, vocabulary
from agentkit.messages import ToolCall
from agentkit.tools.schema.json_schema import is_list
from agentkit.tools.selection.stems import read_stems

_NUMBER = re.compile(r"(?<![\w.)])[-\u2212]?\d[\d,]*(?:\.\d+)?|\d+(?:\.\d+)?")
# Letters and digits that name one thing: "XYZ123", "H1N1".
_IN_NAMES = re.compile(r"\b[^\W\d_]+\d[\w-]*")
# A sum of powers, in which a sign stands apart from its number: "x^2 + 2x - 4".
_SUM = re.compile(r"\d[a-z]\b|\w\s?(?:\^|\*\*)\s?\d")
_SIGNED = re.compile(r"(?<=[\w)])\s+[-\u2212]\s+(\d[\d,]*(?:\.\d+)?)(?!\s*[a-z^*])")
_ADDRESS = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_CLAUSE = re.compile(r"[.!?;\n]|, (?:and|but)\b")
# Words that say that something is not wanted, in the languages of the data files.
_DENIED = re.compile(
    r"\b(?:not|no|without|never|don['\u2019]?t|nicht|keine?[nmrs]?|ohne|sin|pas|sans|non|"
    r"senza|n\u00e3o|sem)\b|\u0928\u0939\u0940\u0902|\u092e\u0924\b|\u0e44\u0e21\u0e48",
    re.IGNORECASE,
)
# What ends a string, or would have to be escaped in one, is not taken over.
_UNQUOTABLE = re.compile(r'["\\\x00-\x1f\x7f-\x9f\u2028\u2029]+')
_LONGEST = 8_000  # characters; a grammar of more takes longer than the answer
# Each is a branch at every number that is written; a pasted table has hundreds.
_MOST_NUMBERS = 64


@dataclass(frozen=True, slots=True)
class SaidValues:
    """What values may be taken from.

    Attributes:
        words: the texts, a line for each stretch that can be taken over in a string.
        numbers: as they are written in a call, each once.
        stems: of the words, by which an argument's name is known again.
        days: that were said.
        counts: how many of the numbers stand alone, and not in a name such as "A4".
    """

    words: str
    numbers: tuple[str, ...] = ()
    stems: frozenset[str] = frozenset()
    days: tuple[date, ...] = ()
    counts: int = 0

    @classmethod
    def of(cls, texts: Sequence[str], days: Sequence[date] = ()) -> SaidValues:
        """Take the words and numbers of texts; of long ones the last part.

        Args:
            texts: what was said.
            days: those that are named in it.
        """
        text = "\n".join(texts)[-_LONGEST:]
        found = tuple(dict.fromkeys(_numbers(text)))[:_MOST_NUMBERS]
        words = _UNQUOTABLE.sub("\n", text).strip()
        # A share is one number, though it may be written in two ways.
        alone = set(_numbers(_IN_NAMES.sub(" ", text).replace("%", " ")))
        stems = frozenset(read_stems(text))
        return cls(words, found, stems, tuple(days), len(alone))

    def exact(self, value: TextValue) -> tuple[str, ...]:
        """Return what a string can be alone: days in the form that it wants, addresses."""
        if value.address or value.format in ("email", "idn-email"):
            return tuple(dict.fromkeys(_ADDRESS.findall(self.words)))
        days = self.days if value.day else ()
        return tuple(dict.fromkeys(day.strftime(value.day) for day in days))

    def lacks(self, fields: Sequence[Field]) -> bool:
        """Whether the required arguments need more numbers than were said."""
        return _numbers_needed(fields) > self.counts

    def meets(self, fields: Sequence[Field]) -> bool:
        """Whether they need numbers, and so many were said."""
        return 0 < _numbers_needed(fields) <= self.counts

    def supported(self, fields: Sequence[Field]) -> list[Field]:
        """Leave out the optional numbers and switches that nothing said speaks for.

        Of numbers as many are left as were said beside those that the required arguments
        need, first those whose names were said; a switch or a choice by its name, or by
        one of its words. Optional strings stay: "with Ana" names nobody's role, and means
        the guest all the same.
        """
        spare = max(self.counts - _numbers_needed(fields), 0)
        optional = [f for f in fields if not f.required]
        numbers = [f for f in optional if isinstance(f.value, Whole | Real)]
        left = sorted(numbers, key=self._named, reverse=True)[spare:]
        kept = [f for f in fields if f.required or self._speaks_for(f)]
        return [self._narrowed(field) for field in kept if field not in left]

    def _narrowed(self, field: Field) -> Field:
        """Let a field be what was said of it; a word of a choice that was said is meant."""
        match field.value:
            case Fixed(("true", "false")) if self._named(field) == 1:
                return replace(field, value=Fixed((self._switched(field.name),)))
            case Fixed(options) | Items(item=Fixed(options)):
                meant = any(map(self._says, options))
                return replace(field, required=field.required or meant)
            case TextValue() if not field.required:
                # What its description offers, and nobody said, is not taken.
                return replace(field, value=replace(field.value, told=()))
            case _:
                return field

    def _switched(self, name: str) -> str:
        """Return whether what a name says is wanted, or not."""
        stems = set(read_stems(name))
        for clause in _CLAUSE.split(self.words):
            if stems <= set(read_stems(clause)):
                return "false" if _DENIED.search(clause) else "true"
        return "true"

    def _speaks_for(self, field: Field) -> bool:
        if not isinstance(field.value, Fixed):
            return True
        return self._named(field) > 0 or any(map(self._says, field.value.options))

    def _named(self, field: Field) -> float:
        """Return how much of a field's name was said."""
        stems = set(read_stems(field.name))
        return len(stems & self.stems) / len(stems) if stems else 0.0

    def settled(self, call: ToolCall, fields: Sequence[Field]) -> ToolCall:
        """Leave out of a call optional words that are another argument's, or the tool's.

        A model that was not taught to call fills in all that it is shown, and lists the
        same thing over and over.
        """
        given = {name: self._listed(value) for name, value in call.arguments.items()}
        optional = {f.name for f in fields if not f.required}
        named = set(read_stems(call.name))
        taken = [_stems(value) for key, value in given.items() if key not in optional]
        kept: dict[str, Any] = {}
        for name, value in given.items():
            stems = _stems(value) if name in optional else set[str]()
            if stems and (stems <= named or stems in taken):
                continue
            kept[name] = _others(value, taken)
            taken.append(stems)
        return replace(call, arguments=kept)

    def _listed(self, value: Any) -> Any:
        """Name each thing of a list of words once, in the order in which they were said."""
        if not _is_words(value):
            return value
        text = self.words.lower()
        return sorted(dict.fromkeys(value), key=lambda one: text.find(one.lower()))

    def options(self, value: Fixed) -> Fixed:
        """Leave of a choice of words those that were said, where any were."""
        said = tuple(one for one in value.options if self._says(one))
        return Fixed(said) if said else value

    def _says(self, option: str) -> bool:
        word: object = json.loads(option)
        stems = read_stems(word) if isinstance(word, str) else ()
        return bool(stems) and self.stems.issuperset(stems)


def _numbers_needed(fields: Sequence[Field]) -> int:
    return sum(f.required and isinstance(f.value, Whole | Real) for f in fields)


def _is_words(value: Any) -> bool:
    return is_list(value) and all(isinstance(one, str) for one in value)


def _others(value: Any, taken: Sequence[set[str]]) -> Any:
    """Leave out of a list of words what another argument says already."""
    if not _is_words(value):
        return value
    return [one for one in value if _stems(one) not in taken] or value


def _stems(value: Any) -> set[str]:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return set()
    return set(read_stems(value if isinstance(value, str) else _written(float(value))))


def _numbers(text: str) -> Iterator[str]:
    if _SUM.search(text):
        for match in _SIGNED.finditer(text):
            yield _written(-float(match[1].replace(",", "")))
    for match in _NUMBER.finditer(text):
        written = match[0].replace(",", "").replace("\u2212", "-")
        yield _written(float(written))
        if text[match.end() : match.end() + 1] == "%":
            yield _written(float(written) / 100)
    tokens = tokenize(text)
    months = dict(numbered(vocabulary("en").months, 1))
    for index in range(len(tokens)):
        word = tokens.words[index]
        if word in months:
            yield str(months[word])
        elif word.isalpha() and (hit := number(tokens, index)) is not None:
            yield _written(float(hit[0]))


def _written(value: float) -> str:
    """Write a number as Python does, whole ones without a point."""
    return str(int(value)) if value.is_integer() else repr(value)
