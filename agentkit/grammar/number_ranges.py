"""Numbers within a range: as schemas of several drafts say it, and as digits."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from agentkit.grammar.notation import (
    DIGIT,
    Chars,
    Literal,
    Node,
    Repeat,
    choice,
    optional,
    sequence,
)
from agentkit.grammar.value_types import Fixed, Real, Whole
from agentkit.tools.schema import Schema

# Fits the 64 bits in which readers of JSON hold whole numbers.
_LARGEST = 10**18 - 1
# A double holds so many digits exactly.
_LARGEST_REAL = 10**15 - 1
# Bounds a run of digits: a small model may write them without end.
_PLACES = 9
_FROM_1 = Chars(((0x31, 0x39),))
_ANY_PLACES = optional(sequence(Literal("."), Repeat(DIGIT, 1, _PLACES)))
# "5.0" is written for 5, and "5.000000000" by a model that cannot stop.
_ZERO_PLACES = optional(sequence(Literal("."), Repeat(Literal("0"), 1, 3)))


def whole_node(value: Whole) -> Node:
    """Write integers of a range, 18 digits at most; impossible when it is empty."""
    low = -_LARGEST if value.low is None else value.low
    high = _LARGEST if value.high is None else value.high
    low, high = max(low, -_LARGEST), min(high, _LARGEST)
    options: list[Node] = []
    if low < 0:
        negative = _natural(max(1, -high), -low)
        options += [sequence(Literal("-"), digits) for digits in negative]
    options += _natural(max(0, low), high)
    return choice(options)


def real_node(value: Real) -> Node:
    """Write finite numbers of a range, with 9 places at most where it has fewer."""
    low = Decimal(-_LARGEST_REAL if value.low is None else repr(value.low))
    high = Decimal(_LARGEST_REAL if value.high is None else repr(value.high))
    options: list[Node] = []
    if low < 0:
        start = max(Decimal(0), -high)
        negative = _positive(start, -low, value.below and high <= 0, value.above)
        options += [sequence(Literal("-"), digits) for digits in negative]
    if high >= 0:
        start = max(Decimal(0), low)
        options += _positive(start, high, value.above and low >= 0, value.below)
    return choice(options)


def _natural(low: int, high: int) -> list[Node]:
    """Write whole numbers from low to high, both included and not negative."""
    if low > high:
        return []
    # An open range is one rule; as a range it would be one for each length.
    if low <= 1 and high == _LARGEST:
        rest = sequence(_FROM_1, Repeat(DIGIT, 0, len(str(high)) - 1))
        return [Literal("0"), rest] if low == 0 else [rest]
    options: list[Node] = []
    for length in range(len(str(low)), len(str(high)) + 1):
        least = max(low, 10 ** (length - 1) if length > 1 else 0)
        most = min(high, 10**length - 1)
        options.append(_same_length(str(least), str(most)))
    return options


def _same_length(low: str, high: str) -> Node:
    """Write digits from low to high, as many as both have."""
    # Split by the first digit: the least and the greatest one bound what follows, and
    # behind those between them any digits may stand. 25 to 49: 2[5-9]|[3-4][0-9].
    if low == high:
        return Literal(low)
    if set(low) == {"0"} and set(high) == {"9"}:
        return Repeat(DIGIT, len(low), len(low))
    if low[0] == high[0]:
        return sequence(Literal(low[0]), _same_length(low[1:], high[1:]))
    if len(low) == 1:
        return Chars(((ord(low), ord(high)),))
    rest = len(low) - 1
    first, last = ord(low[0]), ord(high[0])
    options: list[Node] = []
    if set(low[1:]) == {"0"}:
        first -= 1
    else:
        options.append(sequence(Literal(low[0]), _same_length(low[1:], "9" * rest)))
    if set(high[1:]) == {"9"}:
        last += 1
    else:
        options.append(sequence(Literal(high[0]), _same_length("0" * rest, high[1:])))
    if last - first > 1:
        middle = Chars(((first + 1, last - 1),))
        options.append(sequence(middle, Repeat(DIGIT, rest, rest)))
    return choice(options)


def _positive(low: Decimal, high: Decimal, above: bool, below: bool) -> list[Node]:
    """Write numbers from low to high, neither negative; the ends may be left out."""
    first, last = int(low), int(high)
    if first > last:
        return []
    if first == last:
        places = _places(low - first, high - first, above, below)
        return [sequence(Literal(str(first)), p) for p in places]
    one = Decimal(1)
    options: list[Node] = []
    # In three: the whole part of `low`, those between, the whole part of `high`.
    start = _places(low - first, one, above, True)
    options += [sequence(Literal(str(first)), places) for places in start]
    between = _natural(first + 1, last - 1)
    if between:
        options.append(sequence(choice(between), _ANY_PLACES))
    end = _places(Decimal(0), high - last, False, below)
    options += [sequence(Literal(str(last)), places) for places in end]
    return options


def _places(low: Decimal, high: Decimal, above: bool, below: bool) -> list[Node]:
    """Write what follows a whole number, from low to high, within 0 and 1."""
    if low == 0 and high == 1 and not above:
        return [_ANY_PLACES]
    if low == high == 0 and not above and not below:
        return [_ZERO_PLACES]
    options: list[Node] = []
    if low == 0 and not above and (high > 0 or not below):
        options.append(Literal(""))
    exact = max(-int(low.as_tuple().exponent), -int(high.as_tuple().exponent), 0)
    for length in range(1, min(exact + 3, 20) + 1):
        least = int((low.scaleb(length)).to_integral_value(ROUND_CEILING))
        most = int((high.scaleb(length)).to_integral_value(ROUND_FLOOR))
        least += above and least == low.scaleb(length)
        most -= below and most == high.scaleb(length)
        most = min(most, 10**length - 1)
        if least <= most:
            digits = _same_length(f"{least:0{length}}", f"{most:0{length}}")
            options.append(sequence(Literal("."), digits))
    return options


# Multiples are listed one by one; with more of them only the range is held.
# A list is one branch for each; more make a grammar that compiles slower than it helps.
_LISTED = 100


def count_of(value: Any) -> int | None:
    """Read a count; None for anything else."""
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
