"""Several calls of one tool that a request asks for."""

from __future__ import annotations

import json

import pytest

from agentkit.grammar.call_groups import call_groups
from agentkit.grammar.number_spans import said_numbers
from agentkit.grammar.value_types import Field, Fixed, Items, Real, TextValue

NUMBER = [Field("number", Real(), True, "The number.")]
SIDES = [Field("base", Real(), True), Field("height", Real(), True)]
LOAN = [Field("amount", Real(), True, "The money."), Field("years", Real(), True)]
SONGS = [Field("artist", TextValue(), True), Field("minutes", Real(), True)]
CITY = [Field("city", TextValue(), True), Field("kind", Fixed(('"Rain"',)), False)]
Case = tuple[list[Field], str, list[dict[str, object]]]
FOUND: dict[str, Case] = {
    "one number each": (
        NUMBER,
        "the factorial of 5, 7 and 9",
        [{"number": 5}, {"number": 7}, {"number": 9}],
    ),
    "a pair each": (
        SIDES,
        "base 3 and height 4, and a second one with base 6 and height 5",
        [{"base": 3, "height": 4}, {"base": 6, "height": 5}],
    ),
    "one number is the same": (
        LOAN,
        "what $1000 are worth in 10, 20 and 30 years",
        [{"amount": 1000, "years": years} for years in (10, 20, 30)],
    ),
    "names and numbers in turn": (
        SONGS,
        "Play Taylor Swift and Maroon 5 for 20 minutes and 15 minutes respectively",
        [
            {"artist": "Taylor Swift", "minutes": 20},
            {"artist": "Maroon 5", "minutes": 15},
        ],
    ),
    "names in a row": (
        CITY,
        "the weather in Rome, Oslo and Paris",
        [{"city": "Rome"}, {"city": "Oslo"}, {"city": "Paris"}],
    ),
    "a place and where it is": (CITY, "the weather in Denver, Colorado", []),
    "one call": (SIDES, "with base 3 and height 4", []),
    "words of a choice are no names": (CITY, "Rain and Wind in Rome", []),
    "a list for one call": (
        [Field("values", Items(Real()), True)],
        "the mean of 5, 7 and 9",
        [],
    ),
}


@pytest.mark.parametrize(("fields", "text", "given"), FOUND.values(), ids=FOUND.keys())
def test_each_call_gets_its_own(
    fields: list[Field], text: str, given: list[dict[str, object]]
) -> None:
    """What stands in a row for one argument, or once for each call, makes several calls."""
    found = call_groups(said_numbers(text), fields, text)
    assert [{k: json.loads(v) for k, v in one.items()} for one in found] == given
