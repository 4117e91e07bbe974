"""Values that are limited to what was said: words in a row, and numbers."""

from __future__ import annotations

import importlib.util
from typing import Any

import pytest

from agentkit.grammar import make_grammar
from agentkit.grammar.guide import compile_grammar
from agentkit.grammar.said import SaidValues
from agentkit.tools import Toolset, tool
from tests.agentkit.grammar.walks import small_tokenizer, write

NUMBERS = {
    "a = 3, b = -11 and c=-4": ["3", "-11", "-4"],
    "1,000 seats at 2.50": ["1000", "2.5"],
    "add 5% to it": ["5", "0.05"],
    "two thousand and nineteen": ["2019", "19"],
    "twenty two apples": ["22", "2"],
    "on the 5th of March": ["5", "3"],
    "pages 10-12": ["10", "12"],
    "nothing at all": [],
}


@pytest.mark.parametrize("text", NUMBERS)
def test_numbers_that_were_said(text: str) -> None:
    """In digits and in words, with their signs; a month is a number too."""
    found = SaidValues.of([text]).numbers
    assert [one for one in found if one in NUMBERS[text]] == NUMBERS[text]
    assert set(found) <= {*NUMBERS[text], "2000", "20"}


@tool(effect="read")
def book(
    place: str, seats: int, nights: int = 1, smoking: bool = False, note: str = ""
) -> str:
    """Book a place.

    Args:
        place: where.
        seats: how many.
        nights: how long.
        smoking: whether that is wanted.
        note: anything else.
    """
    return place


ASKED = "Book 3 seats at Joe's Diner, please"
ALLOWED = {
    "words of the request": (ASKED, '[book(place="Joe\'s Diner", seats=3)]', True),
    "between the other quotes": ("At Rex, 3", "[book(place='Rex', seats=3)]", True),
    "an optional string": (ASKED, '[book(place="seats", seats=3, note="Diner")]', True),
    "words that nobody said": (ASKED, '[book(place="Rex", seats=3)]', False),
    "a number that nobody said": (ASKED, '[book(place="Diner", seats=4)]', False),
    "an empty string": (ASKED, '[book(place="", seats=3)]', False),
    "a sign at the end": (ASKED, '[book(place="Diner,", seats=3)]', False),
    "an optional number": (ASKED, '[book(place="Diner", seats=3, nights=3)]', False),
    "one that was said": (
        "3 seats and 2 nights at Rex",
        '[book(place="Rex", seats=3, nights=2)]',
        True,
    ),
    "a switch": (ASKED, '[book(place="Diner", seats=3, smoking=True)]', False),
    "one that was named": (
        "3 smoking seats at Rex",
        '[book(place="Rex", seats=3, smoking=True)]',
        True,
    ),
}


@pytest.mark.skipif(
    importlib.util.find_spec("llguidance") is None, reason="llguidance is not installed"
)
@pytest.mark.parametrize(("said", "call", "fits"), ALLOWED.values(), ids=ALLOWED.keys())
def test_what_a_call_may_hold(said: str, call: str, fits: bool) -> None:
    """Strings are words of the request, numbers are said ones, the rest is left out."""
    grammar = make_grammar(Toolset(book), mode="calls", said=SaidValues.of([said]))
    guide: Any = compile_grammar(grammar, small_tokenizer())
    whole = write(guide, call)
    assert (whole and guide.finished) is fits


@tool(effect="read")
def invite(people: list[str]) -> str:
    """Invite people.

    Args:
        people: whom.
    """
    return ", ".join(people)


@pytest.mark.skipif(
    importlib.util.find_spec("llguidance") is None, reason="llguidance is not installed"
)
@pytest.mark.parametrize(("count", "fits"), [(8, True), (9, False)])
def test_a_list_of_words_is_short(count: int, fits: bool) -> None:
    """A model that names the same ones over and over comes to an end."""
    said = SaidValues.of(["Invite Ana and Tom"])
    grammar = make_grammar(Toolset(invite), mode="calls", said=said)
    guide: Any = compile_grammar(grammar, small_tokenizer())
    listed = ", ".join(["'Ana'"] * count)
    assert (write(guide, f"[invite(people=[{listed}])]") and guide.finished) is fits


def test_quotes_and_lines_end_what_can_be_taken_over() -> None:
    """Nothing that would have to be escaped stands in the words."""
    assert (
        SaidValues.of(['say "hi"\\there', "and\x00on"]).words
        == "say \nhi\nthere\nand\non"
    )
