"""How much of an argument's value the user said."""

from __future__ import annotations

import re
from typing import Any

from agentkit.confidence.said import Said
from agentkit.selection.words import read_words, stem

_NUMERAL = re.compile(r"-?\d+(?:\.\d+)?")


def is_number(value: object) -> bool:
    """Whether a value is a number, or a text that is nothing but one."""
    if isinstance(value, str):
        return bool(_NUMERAL.fullmatch(value.strip()))
    return isinstance(value, int | float) and not isinstance(value, bool)


def trace(value: Any, said: Said) -> float:
    """Return the share of a single value that was said: 0 to 1."""
    if value is None or isinstance(value, bool):
        return 0.0
    if is_number(value):
        return _trace_number(abs(float(value)), said)
    return _trace_text(str(value), said)


def _trace_number(number: float, said: Said) -> float:
    if number in said.numbers:
        return 1.0
    return 0.7 if float(f"{number:.9g}") in said.scaled else 0.0


def _trace_text(text: str, said: Said) -> float:
    words = read_words(text)
    if not words:
        return 0.0
    if f" {' '.join(words)} " in said.flat:
        return 1.0
    known = sum(stem(word) in said.stems for word in words)
    return 0.9 * known / len(words)
