"""Sums as people say them: "15 % of 80", "12 mal 34", "la racine carrée de 144".

Nothing is evaluated but these words: numbers, the four ways to reckon, powers, roots and
percentages, with brackets. Values are exact fractions; a root is rounded to 12 digits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

from agentkit.slots.sum_notation import PARTS, SumPiece, sum_runs

# More digits than these are no everyday sum, and would only take time.
_LARGEST = 10**40
# A root is cut after twelve places: more than is shown, and exact where it ends before.
_DIGITS = 10**12
# "10-12" and "3/4" are as likely a span of time, a date or a size.
_CLOSE = re.compile(r"\d\s?[/\u2013-]\s?\d")


@dataclass(frozen=True, slots=True)
class WrittenSum:
    """A sum that stands in a text.

    Attributes:
        start: of its first character.
        end: behind its last one.
        value: its result.
    """

    start: int
    end: int
    value: Fraction


def find_sum(text: str, language: str = "en") -> WrittenSum | None:
    """Find the sum that a text speaks of; None where there is none.

    Args:
        text: the user's words.
        language: in which they are; English is understood in all.

    Returns:
        The longest run of numbers and signs that is one, if it has a sign at all.
    """
    best: WrittenSum | None = None
    for run in sum_runs(text, language):
        found = _in_run(run)
        if found and not _is_date(text[found.start : found.end]):
            longer = best is None or found.end - found.start > best.end - best.start
            best = found if longer else best
    return best


def _in_run(run: list[SumPiece]) -> WrittenSum | None:
    """Read a run from the first place where a sum begins."""
    for first in range(len(run)):
        try:
            found = _Reading(run[first:]).whole()
        # Neither has a result worth telling, and a part of the run would give a wrong
        # one.
        except (ZeroDivisionError, OverflowError):
            return None
        if found:
            return found
    return None


def _is_date(said: str) -> bool:
    # A sign that no date has, or one with space on both sides, says that it is a sum.
    return bool(_CLOSE.search(said)) and not re.search(r"[*\u00d7+^()%]|\s[/-]\s", said)


class _Reading:
    """Reads one run from its start: powers bind first, then products, then sums."""

    def __init__(self, pieces: list[SumPiece]) -> None:
        self._pieces, self._at, self._signs = pieces, 0, 0

    def whole(self) -> WrittenSum | None:
        """Read the longest sum from the start; None for a lone number or no number.

        Raises:
            ZeroDivisionError: something is divided by nothing.
            OverflowError: it has more digits than an everyday sum.
        """
        try:
            value = self._added()
        except ValueError:
            return None
        if not self._signs or not self._at:
            return None
        return WrittenSum(self._pieces[0].start, self._pieces[self._at - 1].end, value)

    def _sign(self) -> str:
        return self._pieces[self._at].sign if self._at < len(self._pieces) else ""

    def _take(self) -> SumPiece:
        piece = self._pieces[self._at]
        self._at += 1
        # Counted, since numbers and brackets alone are no sum.
        self._signs += piece.sign not in ("number", "(", ")")
        return piece

    def _added(self) -> Fraction:
        value = self._multiplied()
        while self._sign() in ("+", "-"):
            back, is_plus = self._at, self._take().sign == "+"
            try:
                more, is_share = (
                    self._multiplied(),
                    self._pieces[self._at - 1].sign == "%",
                )
            except ValueError:
                # Read one too many: "12 + 3 - thanks" ends before the minus.
                self._at, self._signs = back, self._signs - 1
                break
            # "80 plus 15 %" adds 15 % of 80.
            more = value * more if is_share else more
            value = value + more if is_plus else value - more
        return _bounded(value)

    def _multiplied(self) -> Fraction:
        value = self._raised()
        while self._sign() in ("*", "/") or self._is_share():
            back, sign = self._at, self._take().sign
            try:
                other = self._raised()
            except ValueError:
                self._at, self._signs = back, self._signs - 1
                break
            if sign == "/":
                value /= other
            else:
                value = other * (1 - value if sign == "off" else value)
        return _bounded(value)

    def _is_share(self) -> bool:
        """Whether "of" or "off" stands behind a share: "15 % of", "half of"."""
        if not self._at or self._sign() not in ("of", "off"):
            return False
        before = self._pieces[self._at - 1]
        # In Hindi the share stands behind: "80 का 15 %".
        behind = [piece.sign for piece in self._pieces[self._at + 1 : self._at + 3]]
        is_behind = behind == ["number", "%"]
        return before.sign == "%" or is_behind or before.value in PARTS.values()

    def _raised(self) -> Fraction:
        value = self._one()
        while self._sign() in ("^", "squared", "cubed", "%"):
            sign = self._take().sign
            if sign == "%":
                value /= 100
                continue
            power = {"squared": 2, "cubed": 3}.get(sign) or self._power()
            value = _bounded(value**power)
        return value

    def _power(self) -> int:
        power = self._one()
        # 10**40 is the largest result, and 2**200 is far above it.
        if power.denominator != 1 or abs(power) > 200:
            raise ValueError("no everyday power")
        return int(power)

    def _one(self) -> Fraction:
        sign = self._sign()
        if sign == "number":
            return self._number()
        if sign == "-":
            # A lone "-12" is a number, and no sum.
            self._at += 1
            return -self._one()
        if sign == "root":
            self._take()
            return _root(self._one())
        if sign == "(":
            self._take()
            value = self._added()
            if self._sign() != ")":
                raise ValueError("a bracket is not closed")
            self._take()
            return value
        raise ValueError("no number")

    def _number(self) -> Fraction:
        """Read a number; "two hundred" and "twenty five" are one."""
        value = self._take().value
        while self._sign() == "number":
            more = self._pieces[self._at].value
            if more in (100, 1000):
                value *= more
            # "Twenty five" and "two hundred twelve" go on; "three seven" are two
            # numbers.
            elif (value >= 20 and value % 10 == 0 and more < 10) or value % 100 == 0:
                value += more
            else:
                break
            self._at += 1
        return value


def _bounded(value: Fraction) -> Fraction:
    if abs(value.numerator) > _LARGEST or value.denominator > _LARGEST:
        raise OverflowError("more digits than an everyday sum has")
    return value


def _root(value: Fraction) -> Fraction:
    if value < 0:
        raise ValueError("no root of less than nothing")
    # Exact where both parts are squares: 144, 9/4, 0.25.
    exact = Fraction(isqrt(value.numerator), isqrt(value.denominator))
    if exact * exact == value:
        return exact
    return Fraction(isqrt(int(value * _DIGITS * _DIGITS)), _DIGITS)


def say_number(value: Fraction) -> str:
    """Write a number as people do: 12, 1,240.5, 0.333333 rounded to six places."""
    rounded = round(value, 6)
    text = (
        f"{float(rounded):,.6f}"
        if rounded.denominator > 1
        else f"{rounded.numerator:,}"
    )
    return text.rstrip("0").rstrip(".") if "." in text else text
