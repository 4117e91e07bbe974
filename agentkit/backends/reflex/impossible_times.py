"""Days and hours that do not exist: the 30th of February, 25:00."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from functools import cache

from agentkit.language.vocabularies import MONTHS, numbered, vocabulary

_CLOCK = re.compile(
    r"\b(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?:\s*(?P<half>[ap])\.?m)?\b(?![:.]?\d)",
    re.I,
)
_MONTHS = "|".join(sorted(map(re.escape, MONTHS), key=len, reverse=True))
_DATE = re.compile(
    rf"\b(?:(?P<month>{_MONTHS})\.?\s+(?:the\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?"
    rf"|(?P<first>\d{{1,2}})(?:st|nd|rd|th|\.)?\s+(?:of\s+)?(?P<then>{_MONTHS}))\b(?![:.]?\d)",
    re.IGNORECASE,
)
# A leap year: the 29th of February is a day, whichever year is meant.
_YEAR = 2024


def impossible_time(text: str, language: str = "en") -> str:
    """Return the first day or hour of a text that does not exist; empty without one.

    Args:
        text: what was said.
        language: of its months; English ones are known besides.
    """
    for found in _DATE.finditer(text):
        month = MONTHS[(found["month"] or found["then"]).lower()]
        day = int(found["day"] or found["first"])
        if not 1 <= day <= monthrange(_YEAR, month)[1]:
            return found[0]
    months, pattern = _foreign_dates(language)
    for found in pattern.finditer(text):
        if (
            not 1
            <= int(found["day"])
            <= monthrange(_YEAR, months[found["month"].lower()])[1]
        ):
            return found[0].strip()
    for found in _CLOCK.finditer(text):
        hour, minute = int(found["hour"]), int(found["minute"])
        # 24:00 is the end of a day, 24:01 is no hour.
        most = 12 if found["half"] else 24
        # "3.75" is a number, "3.75 pm" and "3:75" are hours.
        is_clock = ":" in found[0] or found["half"]
        if is_clock and (hour > most or minute > 59 or (hour == 24 and minute)):
            return found[0]
    return ""


@cache
def _foreign_dates(language: str) -> tuple[Mapping[str, int], re.Pattern[str]]:
    """Return the months of a language, and what finds a day of one: "30 de fevereiro"."""
    months = dict(numbered(vocabulary(language).months, 1))
    names = "|".join(sorted(map(re.escape, months), key=len, reverse=True))
    return months, re.compile(
        rf"(?<![\d:.])(?P<day>\d{{1,2}})(?:\.|er|º|°)?\s*(?:de\s+)?(?P<month>{names})"
        r"(?![^\W\d_])",
        re.IGNORECASE,
    )
