"""Ranges of numbers, as schemas of several drafts say them."""

from __future__ import annotations

from typing import Any

from agentkit.grammar.values import Fixed, Real, Whole
from agentkit.schema import Schema

_LISTED = 100


def count_of(value: Any) -> int | None:
    """Read a count; None when it is none."""
    return int(value) if _is_number(value) and value >= 0 else None


def _is_number(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and value - value == 0


def whole_range(facts: Schema) -> Whole:
    """Read the range of an integer."""
    real = real_range(facts)
    low, high = real.low, real.high
    if low is not None:
        floor = int(low // 1)
        low = floor if floor == low and not real.above else floor + 1
    if high is not None:
        ceiling = -int(-high // 1)
        high = ceiling if ceiling == high and not real.below else ceiling - 1
    return Whole(low, high)


def real_range(facts: Schema) -> Real:
    """Read the range; draft 4 writes `exclusiveMinimum: true`."""
    said = {k: v for k, v in facts.items() if v is True or _is_number(v)}
    low, above = _limit(said.get("minimum"), said.get("exclusiveMinimum"), max)
    high, below = _limit(said.get("maximum"), said.get("exclusiveMaximum"), min)
    return Real(low, high, above, below)


def multiples(value: Whole, step: int) -> Fixed | None:
    """List the multiples in a range, if any; None when they are too many."""
    if value.low is None or value.high is None or step < 1:
        return None
    if value.high - value.low > _LISTED * step:
        return None
    listed = range(-(-value.low // step) * step, value.high + 1, step)
    return Fixed(tuple(map(str, listed)))


def is_empty(value: Whole | Real) -> bool:
    """Tell whether no number is in a range."""
    if value.low is None or value.high is None:
        return False
    closed = isinstance(value, Whole) or not (value.above or value.below)
    return value.low > value.high or (value.low == value.high and not closed)


def _limit(held: Any, open_: Any, tighter: Any) -> tuple[Any, bool]:
    if open_ is True:
        return held, held is not None
    if open_ is None:
        return held, False
    if held is None or held is True or tighter(held, open_) == open_:
        return open_, True
    return held, False
