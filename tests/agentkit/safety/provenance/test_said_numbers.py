"""Numbers that the user said, in their words, and what they make together."""

from decimal import Decimal

import pytest

from agentkit.safety.provenance.said_numbers import is_made_of, said_numbers


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("for 1,200.50 in all", "1200.5"),
        ("twenty-five minutes", "25"),
        ("two hundred and five", "205"),
        ("einundzwanzig Eier", "21"),
        ("trois pizzas", "3"),
        ("vingt et un", "21"),
        ("cuarenta y", "40"),
        ("ventidue", "22"),
        ("quinze", "15"),
        ("इक्कीस", "21"),
    ],
)
def test_a_number_in_any_words(text: str, number: str) -> None:
    """Digits and words of eight languages say the same."""
    assert Decimal(number) in said_numbers(text)


@pytest.mark.parametrize("text", ["", "no number here", "the thread of the story"])
def test_words_that_say_none(text: str) -> None:
    """A word that only holds a number says none."""
    assert said_numbers(text) == frozenset()


@pytest.mark.parametrize(
    ("value", "said", "shown", "made"),
    [
        ("19", "two at 9.50", [], True),
        ("12.5", "9.50 and 3", [], True),
        ("25", "two at 9.50 and 3 at 2", [], True),
        ("60", "10, 20 and 30", [], True),
        ("240", "three nights", [80], True),
        ("80", "three nights", [], False),
        ("241", "three nights", [80], False),
        ("900", "two at 9.50", [], False),
        ("x", "two at 9.50", [], False),
        ("3", "1 2 4 5 6 7 8 9 10", [], False),
    ],
    ids=[
        "product", "sum", "sum of products", "sum of all", "a price that was shown",
        "not said", "none of them", "larger", "no number", "too many numbers",
    ],
)  # fmt: skip
def test_sums_and_products(value: str, said: str, shown: list[int], made: bool) -> None:
    """What is reckoned from said numbers is the user's; what is not is nobody's."""
    prices = map(Decimal, shown)
    assert is_made_of(value, said_numbers(said), prices) is made
