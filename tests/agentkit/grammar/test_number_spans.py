"""Numbers that were said, and the words beside them."""

from __future__ import annotations

import pytest

from agentkit.grammar.number_spans import counted, said_numbers

BESIDE = {
    "the 5 tallest within 50km of Rome": [
        ("5", {"tallest"}),
        ("50", {"within", "kilomet"}),
    ],
    "base 10 and height 5": [("10", {"bas"}), ("5", {"height"})],
    "a radius of 4 meters": [("4", {"radiu", "met"})],
    "3 seats, 2 nights": [("3", {"seat"}), ("2", {"night"})],
    "8.5 million people": [("8500000", {"peopl"}), ("8.5", {"peopl"})],
    "top five": [("5", {"top"})],
}
COUNTED = {"10% of 200": 2, "XYZ123 at 4": 1, "2 million": 1, "H1N1 and A4": 0}


@pytest.mark.parametrize("text", BESIDE)
def test_the_words_beside_a_number(text: str) -> None:
    """The next word that means something, on either side, up to where else is spoken of."""
    found = [(one.written, set(one.beside)) for one in said_numbers(text)]
    assert found == BESIDE[text]


@pytest.mark.parametrize("text", COUNTED)
def test_numbers_that_stand_alone_are_counted(text: str) -> None:
    """A share or a scale is one number, and digits in a name are none."""
    assert counted(text) == COUNTED[text]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        pytest.param("the mean of 1,2,3,40", ["1", "2", "3", "40"], id="a list"),
        pytest.param("10,20,30", ["10", "20", "30"], id="a list of tens"),
        pytest.param("1,000,000 or 2,500.5", ["1000000", "2500.5"], id="thousands"),
        pytest.param("1,00,000 rupees", ["100000"], id="lakhs"),
        pytest.param("5, then 6", ["5", "6"], id="a comma behind a number"),
    ],
)
def test_commas_part_thousands_or_numbers(text: str, written: list[str]) -> None:
    """Commas before groups of digits belong to one number; others stand between two."""
    assert [one.written for one in said_numbers(text)] == written


def test_a_number_beyond_a_double_was_not_said() -> None:
    """Hundreds of digits would be written as `inf`, which is no value of a call."""
    assert said_numbers("9" * 400) == ()
