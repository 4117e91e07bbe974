"""What was said, as literal values may be taken from it: words in a row, and numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agentkit.grammar.value_types import Field, Fixed, Real, Value, Whole
from agentkit.language.numbers import number
from agentkit.language.tokens import tokenize
from agentkit.language.vocabularies import numbered, vocabulary
from agentkit.tools.selection.stems import read_stems

_NUMBER = re.compile(r"(?<![\w.)])[-\u2212]?\d[\d,]*(?:\.\d+)?|\d+(?:\.\d+)?")
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
    """

    words: str
    numbers: tuple[str, ...] = ()
    stems: frozenset[str] = frozenset()

    @classmethod
    def of(cls, texts: Sequence[str]) -> SaidValues:
        """Take the words and numbers of texts; of long ones the last part."""
        text = "\n".join(texts)[-_LONGEST:]
        found = tuple(dict.fromkeys(_numbers(text)))[:_MOST_NUMBERS]
        words = _UNQUOTABLE.sub("\n", text).strip()
        return cls(words, found, frozenset(read_stems(text)))

    def supported(self, fields: Sequence[Field]) -> list[Field]:
        """Leave out the optional numbers and switches that nothing said speaks for.

        What speaks for one is its name, and for a number one more that was said than
        the required arguments need. Optional strings stay: "with Ana" names nobody's
        role, and means the guest all the same.
        """
        needed = sum(f.required and isinstance(f.value, Whole | Real) for f in fields)
        spare = len(self.numbers) > needed
        return [
            field
            for field in fields
            if field.required
            or not isinstance(field.value, Whole | Real | Fixed)
            or (spare and isinstance(field.value, Whole | Real))
            or self.stems.intersection(read_stems(field.name))
            or self._says_option(field.value)
        ]

    def _says_option(self, value: Value) -> bool:
        if not isinstance(value, Fixed):
            return False
        options = (json.loads(option) for option in value.options)
        return any(
            isinstance(one, str) and self.stems.issuperset(read_stems(one))
            for one in options
        )


def _numbers(text: str) -> Iterator[str]:
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
