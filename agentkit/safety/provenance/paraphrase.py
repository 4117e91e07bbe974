"""Values that the user said in other words: a plural, a spoken number, a sum."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from agentkit.safety.provenance.comparison import numbers, words
from agentkit.safety.provenance.evidence import Evidence
from agentkit.safety.provenance.roles import Role
from agentkit.safety.provenance.said_numbers import is_made_of
from agentkit.safety.provenance.text_source import TextSource

# Letters; a shorter word is another one with an ending more.
_STEM = 3


def is_paraphrase(value: str, role: Role, evidence: Evidence) -> bool:
    """Tell whether a value that stands nowhere is what the user said, in other words.

    A plural, a number in words; of an amount also a sum or product of said numbers.
    """
    # An address of the web is the same or another: it has no other words.
    if not evidence.user or role.kind == "url":
        return False
    if role.kind == "amount":
        said, shown = evidence.said_numbers, evidence.own_numbers
        return any(is_made_of(one, said, shown) for one in numbers(value))
    if value.isdigit():
        return Decimal(value) in evidence.said_numbers
    wanted = words(value)
    return bool(wanted) and any(_says_alike(one, wanted) for one in evidence.user)


def _says_alike(source: TextSource, wanted: Sequence[str]) -> bool:
    """Tell whether words stand in a text one behind the other, each in any number."""
    said = source.plain.split()
    return any(
        all(map(_in_any_number, wanted, said[place : place + len(wanted)]))
        for place in range(len(said) - len(wanted) + 1)
    )


# Of plurals in the languages that write them as an ending; longer ones first.
_PLURALS = ("ies", "es", "en", "s", "n", "e")


def _in_any_number(one: str, other: str) -> bool:
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    single = {long.removesuffix(end) for end in _PLURALS if long.endswith(end)}
    if long.endswith("ies"):
        single.add(long.removesuffix("ies") + "y")
    return len(short) > _STEM and short in single
