"""Which number that was said is which argument's."""

from __future__ import annotations

import pytest

from agentkit.grammar.number_roles import number_lists, number_roles
from agentkit.grammar.number_spans import said_numbers
from agentkit.grammar.value_types import Field, Items, Real, Whole


def needed(**abouts: str) -> list[Field]:
    """Return required arguments with their descriptions."""
    return [Field(name, Real(), True, about) for name, about in abouts.items()]


SIDES = needed(base="Length of the base.", height="The height.")
LOAN = needed(
    rate="Interest rate as a decimal.", years="Time in years.", amount="What is lent."
)
MIXED = needed(mass1="In kg.", temperature1="In Celsius.", mass2="", temperature2="")
FOUND: dict[str, tuple[list[Field], str, dict[str, str]]] = {
    "in order": (
        SIDES,
        "the lengths of its base and height as 6cm and 10cm",
        {"base": "6", "height": "10"},
    ),
    "by the words before": (
        SIDES,
        "with height 10 and base 6",
        {"base": "6", "height": "10"},
    ),
    "by units, a share as a fraction": (
        LOAN,
        "$5000 for 3 years at 4%",
        {"rate": "0.04", "years": "3", "amount": "5000"},
    ),
    "one after the other": (
        MIXED,
        "20 kg of water at 30 degrees is mixed with 15 kg of water at 60 degrees",
        {"mass1": "20", "temperature1": "30", "mass2": "15", "temperature2": "60"},
    ),
    "digits before a word": (
        needed(num1="First number.", num2="Second number."),
        "the greatest divisor of two numbers, for example 12 and 15",
        {"num1": "12", "num2": "15"},
    ),
    "hours and minutes of a clock": (
        needed(minutes="The minutes.", hours="The hours."),
        "the angle at 6:30",
        {"minutes": "30", "hours": "6"},
    ),
    "no power of a formula": (
        needed(point="Where it is derived."),
        "the derivative of 2x^2 at x = 1",
        {"point": "1"},
    ),
    "sums of money": (needed(revenue="In dollars."), "$1.2M", {"revenue": "1200000"}),
    "none where there is none": (SIDES, "a triangle", {}),
}


@pytest.mark.parametrize(("fields", "text", "given"), FOUND.values(), ids=FOUND.keys())
def test_numbers_go_to_their_arguments(
    fields: list[Field], text: str, given: dict[str, str]
) -> None:
    """Words and units around a number tell whose it is; the rest go in order."""
    assert number_roles(said_numbers(text), fields).given == given


PERCENT = {
    "a percentage": ("Rate in percent.", "5"),
    "a fraction": ("Rate as a decimal.", "0.05"),
    "nothing of it": ("The rate.", "0.05"),
}


@pytest.mark.parametrize(("about", "written"), PERCENT.values(), ids=PERCENT.keys())
def test_a_share_is_written_as_it_is_wanted(about: str, written: str) -> None:
    """A description that speaks of percent wants the number that was said."""
    fields = [Field("rate", Real(), True, about)]
    assert (
        number_roles(said_numbers("at a rate of 5%"), fields).given["rate"] == written
    )


OPTIONAL: dict[str, tuple[str, dict[str, str]]] = {
    "what it counts was said": ("find ten events", {"count": "10"}),
    "something else was said": ("for 10 days", {}),
}


@pytest.mark.parametrize(("text", "given"), OPTIONAL.values(), ids=OPTIONAL.keys())
def test_an_optional_number_needs_support(text: str, given: dict[str, str]) -> None:
    """It is given where the words around a number speak for it, and not otherwise."""
    fields = [Field("count", Whole(), False, "Number of events to return.")]
    assert number_roles(said_numbers(text), fields).given == given


LISTS: dict[str, tuple[str, list[str]]] = {
    "one list each": ("A with 1, 2, 3 and B with 4, 5, 6", ["[1, 2, 3]", "[4, 5, 6]"]),
    "in brackets": ("[1, 2] against [3, 4]", ["[1, 2]", "[3, 4]"]),
    "one list for two": ("of 1, 2, 3", []),
}


@pytest.mark.parametrize(("text", "given"), LISTS.values(), ids=LISTS.keys())
def test_lists_of_numbers_go_in_order(text: str, given: list[str]) -> None:
    """As many lists as arguments that take one are theirs; others are left to the model."""
    fields = [Field(name, Items(Whole()), True) for name in ("first", "second")]
    assert list(number_lists(said_numbers(text), fields).values()) == given


def test_a_number_of_a_list_is_no_single_one() -> None:
    """Beside a list, the number outside of it is meant."""
    fields = [Field("alpha", Real(), True, "Level.")]
    found = number_roles(said_numbers("[10, 15, 12] with alpha 0.05"), fields)
    assert found.given == {"alpha": "0.05"}


def test_only_what_fits_is_given() -> None:
    """A fraction is no whole number."""
    fields = [Field("count", Whole(), True)]
    assert number_roles(said_numbers("take 2.5"), fields).given == {}
