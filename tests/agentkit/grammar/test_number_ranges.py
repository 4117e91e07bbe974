"""Numbers of a range: each that is in it can be written, and no other."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from agentkit.grammar.number_ranges import (
    count_of,
    is_empty,
    multiples,
    real_node,
    real_range,
    whole_node,
    whole_range,
)
from agentkit.grammar.printed_grammar import regex
from agentkit.grammar.value_types import Fixed, Real, Whole

_CODE = re.compile(r"\\x\{([0-9a-f]+)\}")
BOUND = st.none() | st.integers(-1300, 1300)


def readable(node: Any) -> re.Pattern[str]:
    """Write a part of a grammar as Python reads it."""
    return re.compile(_CODE.sub(lambda one: f"\\x{int(one[1], 16):02x}", regex(node)))


def within(
    value: Any, low: Any, high: Any, above: bool = False, below: bool = False
) -> bool:
    """Tell whether a number is in a range."""
    if low is not None and (value < low or (above and value == low)):
        return False
    return high is None or value < high or (value == high and not below)


@settings(max_examples=150, deadline=None)
@given(low=BOUND, high=BOUND)
@example(0, 0)
@example(0, 9)
@example(-9, -1)
@example(1, None)
@example(None, -1)
@example(100, 999)
@example(99, 1000)
@example(-100, 100)
def test_whole_numbers_of_a_range(low: int | None, high: int | None) -> None:
    """At its ends, at powers of ten and between."""
    if low is not None and high is not None and low > high:
        return
    allowed = readable(whole_node(Whole(low, high)))
    ends = [end for end in (low, high, 0) if end is not None]
    near = {
        end + step for end in ends for step in (-11, -10, -9, -2, -1, 0, 1, 2, 9, 10)
    }
    tens = {
        sign * 10**n + step for sign in (1, -1) for n in range(5) for step in (-1, 0, 1)
    }
    for value in near | tens | set(range(-120, 121, 7)):
        assert bool(allowed.fullmatch(str(value))) == within(value, low, high)
    for odd in ("", "-0", "00", "01", "+1", "1.0", "-01"):
        assert not allowed.fullmatch(odd)


@pytest.mark.parametrize(
    ("low", "high", "longest"),
    [(None, None, 18), (0, None, 18), (1, None, 18), (5, None, 18), (None, 0, 18),
     (-(10**20), 10**20, 18)],
)  # fmt: skip
def test_whole_numbers_have_at_most_18_digits(
    low: int | None, high: int | None, longest: int
) -> None:
    """Where a schema gives no end, the grammar does."""
    allowed = readable(whole_node(Whole(low, high)))
    for sign, bound in (("", high), ("-", low)):
        open_ended = bound is None or abs(bound) > 10**18
        for digit in "19":
            assert bool(allowed.fullmatch(sign + digit * longest)) is open_ended
            assert not allowed.fullmatch(sign + digit * (longest + 1))


HUNDREDTHS = st.integers(-320, 320).map(lambda n: n / 100)
ENDS = st.none() | HUNDREDTHS | st.sampled_from([-2.0, -1.0, 0.0, 1.0, 2.0, 12.0])


@settings(max_examples=200, deadline=None)
@given(low=ENDS, high=ENDS, above=st.booleans(), below=st.booleans())
@example(0.0, 1.0, False, False)
@example(0.0, 1.0, True, True)
@example(0.0, None, True, False)
@example(None, 0.0, False, True)
@example(0.25, 0.375, True, True)
@example(-1.0, -1.0, False, False)
@example(-3.5, None, False, False)
def test_real_numbers_of_a_range(
    low: float | None, high: float | None, above: bool, below: bool
) -> None:
    """With two places at its ends and between; an end that is left out is left out."""
    value = Real(low, high, above and low is not None, below and high is not None)
    if is_empty(value):
        return
    allowed = readable(real_node(value))
    ends = [Decimal(str(end)) for end in (low, high, 0) if end is not None]
    near = {
        end + Decimal(n) / 100 for end in ends for n in (-100, -10, -1, 0, 1, 10, 100)
    }
    for number in near | {Decimal(n) / 4 for n in range(-14, 60, 3)}:
        exact = _exact(low), _exact(high)
        wanted = within(number, exact[0], exact[1], value.above, value.below)
        for text in _spellings(number):
            assert bool(allowed.fullmatch(text)) == wanted, text
    for odd in ("", ".5", "1.", "01.5", "+1", "1e3", "-", "--1"):
        assert not allowed.fullmatch(odd)


def _exact(end: float | None) -> Decimal | None:
    return None if end is None else Decimal(str(end))


def _spellings(number: Decimal) -> set[str]:
    """Write a number with two places, and bare where it is whole; no minus nought."""
    if not number:
        return {"0", "0.0", "0.00"}
    bare = {str(int(number))} if number == int(number) else set[str]()
    return bare | {f"{number:.2f}"}


@pytest.mark.parametrize(
    ("facts", "real", "whole"),
    [
        ({}, Real(), Whole()),
        ({"minimum": 2}, Real(2), Whole(2)),
        ({"maximum": 2}, Real(None, 2), Whole(None, 2)),
        ({"minimum": 1.5, "maximum": 3.5}, Real(1.5, 3.5), Whole(2, 3)),
        ({"minimum": -1.5, "maximum": -0.5}, Real(-1.5, -0.5), Whole(-1, -1)),
        ({"exclusiveMinimum": 2}, Real(2, None, True), Whole(3)),
        ({"exclusiveMaximum": 2}, Real(None, 2, False, True), Whole(None, 1)),
        ({"exclusiveMinimum": 1.5}, Real(1.5, None, True), Whole(2)),
        ({"exclusiveMaximum": 1.5}, Real(None, 1.5, False, True), Whole(None, 1)),
        ({"minimum": 2, "exclusiveMinimum": 1}, Real(2), Whole(2)),
        ({"minimum": 2, "exclusiveMinimum": 2}, Real(2, None, True), Whole(3)),
        ({"minimum": 2, "exclusiveMinimum": 5}, Real(5, None, True), Whole(6)),
        ({"maximum": 2, "exclusiveMaximum": 3}, Real(None, 2), Whole(None, 2)),
        ({"maximum": 2, "exclusiveMaximum": 2}, Real(None, 2, False, True), Whole(None, 1)),
        ({"maximum": 5, "exclusiveMaximum": 2}, Real(None, 2, False, True), Whole(None, 1)),
        ({"minimum": 2, "exclusiveMinimum": True}, Real(2, None, True), Whole(3)),
        ({"maximum": 2, "exclusiveMaximum": True}, Real(None, 2, False, True), Whole(None, 1)),
        ({"minimum": 2, "exclusiveMinimum": False}, Real(2), Whole(2)),
        ({"exclusiveMinimum": True}, Real(), Whole()),
        ({"minimum": "2", "maximum": None}, Real(), Whole()),
        ({"minimum": float("nan"), "maximum": float("inf")}, Real(), Whole()),
    ],
    ids=str,
)  # fmt: skip
def test_a_range_is_read_as_every_draft_writes_it(
    facts: dict[str, Any], real: Real, whole: Whole
) -> None:
    """The tighter of two bounds counts; what is no number says nothing."""
    assert real_range(facts) == real
    assert whole_range(facts) == whole


@pytest.mark.parametrize(
    ("value", "count"),
    [(0, 0), (3, 3), (2.0, 2), (-1, None), (True, None), ("3", None), (None, None),
     (float("inf"), None), (float("nan"), None)],
)  # fmt: skip
def test_a_count_is_a_number_that_is_not_negative(
    value: Any, count: int | None
) -> None:
    """Anything else is no count."""
    assert count_of(value) == count


@pytest.mark.parametrize(
    ("value", "step", "listed"),
    [
        (Whole(0, 10), 5, ("0", "5", "10")),
        (Whole(1, 9), 5, ("5",)),
        (Whole(-7, 7), 5, ("-5", "0", "5")),
        (Whole(1, 4), 5, ()),
        (Whole(0, 300), 3, tuple(str(n) for n in range(0, 301, 3))),
        (Whole(0, 301), 3, None),
        (Whole(0), 5, None),
        (Whole(None, 0), 5, None),
        (Whole(0, 10), 0, None),
        (Whole(0, 10), -5, None),
        (Whole(0, 2), 1, ("0", "1", "2")),
    ],
    ids=str,
)
def test_multiples_are_listed_where_they_are_few(
    value: Whole, step: int, listed: tuple[str, ...] | None
) -> None:
    """A long or open range, and a step of nothing, is not listed."""
    assert multiples(value, step) == (None if listed is None else Fixed(listed))


@pytest.mark.parametrize(
    ("value", "empty"),
    [
        (Whole(1, 0), True),
        (Whole(1, 1), False),
        (Whole(0, 1), False),
        (Whole(1), False),
        (Whole(None, 1), False),
        (Real(1, 1), False),
        (Real(1, 1, True), True),
        (Real(1, 1, False, True), True),
        (Real(0, 1, True, True), False),
        (Real(1.5, 1), True),
        (Real(), False),
    ],
    ids=str,
)
def test_a_range_is_empty_where_no_number_is_in_it(
    value: Whole | Real, empty: bool
) -> None:
    """One number is enough; an end that is left out is none."""
    assert is_empty(value) is empty
