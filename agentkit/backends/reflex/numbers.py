"""Numbers as people say them: "12", "12.50", "four", "twenty two"."""

from __future__ import annotations

import re

_UNITS = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_FIGURES = re.compile(r"\d+(?:\.\d+)?")
UNITS: dict[str, int] = {word: n for n, word in enumerate(_UNITS.split(), start=2)}
TENS: dict[str, int] = dict(zip(_TENS.split(), range(20, 100, 10), strict=True))
_SMALL = {"one": 1} | {word: n for word, n in UNITS.items() if n < 10}


def read_number(said: str) -> str:
    """Write a number in figures; empty when it is none."""
    if _FIGURES.fullmatch(said):
        return said
    if said in UNITS or said in TENS:
        return str(UNITS.get(said) or TENS[said])
    ten, _, rest = said.replace("-", " ").partition(" ")
    if ten in TENS and rest in _SMALL:
        return str(TENS[ten] + _SMALL[rest])
    return ""
