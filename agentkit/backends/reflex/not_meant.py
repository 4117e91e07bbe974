"""What is said and cannot be meant: days and hours that are none, orders taken back."""

from __future__ import annotations

import re
from calendar import monthrange

from agentkit.backends.reflex.english import FUNCTION, NEGATIONS
from agentkit.backends.reflex.request_tokens import RequestWord
from agentkit.language.vocabularies import MONTHS

_TAKEN_BACK = re.compile(
    r"\?\s*(?:no(?:pe)?(?: way| thanks?)?|never|not (?:a chance|really|at all)|hell no"
    r"|just kidding|jk|nein|non|nicht|não|nunca|nunca jamás)\W*$",
    re.IGNORECASE,
)
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


def is_taken_back(turn: str) -> bool:
    """Whether a turn asks about an order and denies it: "delete it? no way"."""
    return bool(_TAKEN_BACK.search(turn))


def impossible_time(text: str) -> str:
    """Return the first day or hour of a text that does not exist; empty without one."""
    for found in _DATE.finditer(text):
        month = MONTHS[(found["month"] or found["then"]).lower()]
        day = int(found["day"] or found["first"])
        if not 1 <= day <= monthrange(_YEAR, month)[1]:
            return found[0]
    for found in _CLOCK.finditer(text):
        hour, minute = int(found["hour"]), int(found["minute"])
        most = 12 if found["half"] else 24
        is_clock = ":" in found[0] or found["half"]
        if is_clock and (hour > most or minute > 59 or (hour == 24 and minute)):
            return found[0]
    return ""


# How far into a request a "not" is one of the order itself.
_HEAD = 6


def is_negated(words: tuple[RequestWord, ...]) -> bool:
    """Whether an order is said not to be carried out: "not going to cancel it".

    "I can't make it" and "I'm not going to yoga" deny no order.
    """
    for place, word in enumerate(words[:_HEAD]):
        unable = place and words[place - 1].norm in ("can", "will", "could")
        if word.stem not in NEGATIONS or unable:
            continue
        behind = (w for w in words[place + 1 :] if w.stem not in FUNCTION)
        verb = next(behind, None)
        if verb is not None and verb.act:
            return True
    return False
