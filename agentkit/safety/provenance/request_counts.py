"""How often the user wants one and the same effect: "twice", "three reminders", "2x"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from agentkit.language.vocabularies import numbered, vocabulary
from agentkit.safety.provenance.comparison import plain, scalars, words

# A larger number counts something else, such as guests or euros.
_MOST = 12
_DUTCH_COUNTS = ("twee", "drie", "vier", "vijf", "zes")


@cache
def _counts() -> dict[str, int]:
    """Return the words for two to six in five languages."""
    rows = [vocabulary(code).numbers[2:7] for code in ("en", "de", "fr", "es")]
    forms = [pair for row in rows for pair in numbered(row, 2)]
    dutch = enumerate(_DUTCH_COUNTS, 2)
    return {plain(word): n for word, n in forms} | {word: n for n, word in dutch}


_TIMES = {"twice": 2, "thrice": 3, "zweimal": 2, "dreimal": 3, "tweemaal": 2}
# Two digits at most: "2x" counts, "1920x1080" measures.
_MULTIPLE = re.compile(
    r"(?<!\w)(\d{1,2}) ?[x\xd7](?!\w)|(?<!\w)[x\xd7] ?(\d{1,2})(?!\w)"
)


@cache
def _before() -> frozenset[str]:
    """Before a number: it is a time, a date or a name then, and counts nothing."""
    rows = (*vocabulary("en").months, *vocabulary("de").months)
    months = [name for row in rows for name in row]
    return frozenset(
        words(
            "at by until till from to on before after around about past um bis von ab nach"
            f" vor a las room number no flat page chapter version in {' '.join(months)}"
        )
    )


# After a number: measures, and what is no thing to be done.
_UNITS = frozenset(
    words(
        "hours hrs minutes mins seconds secs days weeks months years nights stunden "
        "minuten sekunden tagen wochen monaten jahren heures jours horas euros dollars "
        "pounds cents francs people persons guests personen metres meters miles "
        "kilometers degrees"
    )
)
# Behind a number: it counted what stands before, as in "for two and ...".
_ENDS = frozenset(words("and or to for at on in with und oder an mit et ou pour"))
_PLURAL = re.compile(r"\w{2,}(?:s|en|er)")


def times_wanted(request: str, arguments: Mapping[str, Any]) -> int:
    """Return how often the user wants one and the same effect; 1 when they do not say.

    A number that is part of what the call says counts nothing: "remind me to buy two
    apples" asks for one reminder.

    Args:
        request: the user's words.
        arguments: of the call that is asked for again.
    """
    inside = {word for value in scalars(arguments) for word in words(value)}
    said = words(request)
    found = [_TIMES.get(word, 0) for word in said if word not in inside]
    found += [
        _count(said, place) for place, word in enumerate(said) if word not in inside
    ]
    pairs = _MULTIPLE.findall(request.casefold())
    found += [int(one or other) for one, other in pairs]
    return max(1, *(number for number in (0, *found) if number <= _MOST))


def _count(said: Sequence[str], place: int) -> int:
    """Return the number of things that is said at a place; 0 when none is."""
    word = said[place]
    number = int(word) if word.isascii() and word.isdigit() else _counts().get(word, 0)
    if number < 2 or (place and said[place - 1] in _before()):
        return 0
    # Two words on: "two new reminders".
    for after in said[place + 1 : place + 3]:
        if after in _ENDS or after in _UNITS:
            return 0
        if _PLURAL.fullmatch(after):
            return number
    return 0
