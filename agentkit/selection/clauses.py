"""A request cut into parts, each of which may ask for a tool of its own."""

from __future__ import annotations

import re

from agentkit.selection.words import read_stems

_END = r"(?:[.?!;\n]+(?:\s|$)|[\u3002\uff1f\uff01\uff1b])"
_STEP = (
    r"first|second|secondly|third|thirdly|fourth|finally|lastly|next|then|also|plus"
    r"|afterwards?|additionally"
)
_SENTENCE = re.compile(rf"{_END}|\b(?:{_STEP})\b", re.IGNORECASE)
_CLAUSE = re.compile(
    rf"{_END}|,\s+|\b(?:and|then|also|plus|after|as well as|while|but)\b", re.IGNORECASE
)
_MOST = 16


def split_request(text: str) -> tuple[str, ...]:
    """Cut at sentences, steps and joints; empty when there is one part only.

    Sentences come first, then their clauses, each once; parts of a single word are
    left out.
    """
    parts = [*_parts(text, _SENTENCE), *_parts(text, _CLAUSE)]
    return tuple(dict.fromkeys(parts))[:_MOST]


def _parts(text: str, border: re.Pattern[str]) -> list[str]:
    cut = (part.strip() for part in border.split(text))
    parts = [part for part in cut if len(read_stems(part)) >= 2]
    return parts if len(parts) > 1 else []
