"""Whether a request holds as much as a tool must be given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from agentkit.selection.words import read_words
from agentkit.tools import AnyTool

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"(?<![.?!] )(?<!^)\b[A-Z][a-z]+")
_QUOTE = re.compile(r"'[^']+'|\"[^\"]+\"")
_COUNTING = """
    one two three four five six seven eight nine ten eleven twelve twenty thirty
    forty fifty hundred thousand million half double couple dozen first
"""
_NUMBER_WORDS = frozenset(_COUNTING.split())
_NO_NUMBER = 0.8
_TOO_LITTLE = 0.85


@dataclass(frozen=True, slots=True)
class Need:
    """What a tool must be given: how many arguments, and how many numbers."""

    arguments: int
    numbers: int


@dataclass(frozen=True, slots=True)
class Offer:
    """What a request holds: how many values in all, and how many numbers."""

    values: int
    numbers: int

    def suits(self, need: Need) -> float:
        """Return 1, or less for a tool that wants more than there is."""
        factor = 1.0
        if need.numbers and not self.numbers:
            factor *= _NO_NUMBER
        if need.arguments > self.values + 1:
            factor *= _TOO_LITTLE
        return factor


def need_of(tool: AnyTool) -> Need:
    """Count a tool's required arguments."""
    required = cast(list[str], tool.parameters.get("required") or [])
    properties = cast(Mapping[str, Any], tool.parameters.get("properties") or {})
    kinds = [cast(Mapping[str, Any], properties.get(name) or {}) for name in required]
    numbers = sum(kind.get("type") in ("integer", "number") for kind in kinds)
    return Need(len(required), numbers)


def offer_of(text: str) -> Offer:
    """Count a request's numbers, names and quotations."""
    numbers = len(_NUMBER.findall(text))
    numbers += sum(word in _NUMBER_WORDS for word in read_words(text))
    names = len(_NAME.findall(text)) + len(_QUOTE.findall(text))
    return Offer(numbers + names, numbers)
