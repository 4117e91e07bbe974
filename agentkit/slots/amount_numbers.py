"""The number of an amount, in digits, fractions, words and multipliers."""

from decimal import Decimal, InvalidOperation

from agentkit.language.data_files import word_table
from agentkit.language.numbers import number_in_words
from agentkit.language.tokens import fold, tokenize
from agentkit.slots.amount_reader import Reader, readings
from agentkit.slots.units import MONEY_MULTIPLIERS, MULTIPLIERS

_HALVES = frozenset(map(fold, word_table("quantities")["half"]))
_ONES = frozenset(map(fold, word_table("quantities")["one"]))
_PARTS = {
    ("a", "half"): Decimal("0.5"),
    ("one", "half"): Decimal("0.5"),
    ("a", "quarter"): Decimal("0.25"),
    ("one", "quarter"): Decimal("0.25"),
    ("three", "quarters"): Decimal("0.75"),
}


def number_at(reader: Reader, *, money: bool) -> tuple[Decimal, ...]:
    """What the number here may be, likeliest first; empty when there is none."""
    found = _digits(reader) or _fraction(reader) or _spoken(reader)
    while found:
        factor = _factor(reader, money=money)
        if factor == 1:
            return found
        found = tuple(_plain(number * factor) for number in found)
    return ()


def _plain(number: Decimal) -> Decimal:
    """Drop the zero that 1.5 thousand would leave behind the point."""
    whole = number.to_integral_value()
    return whole if whole == number else number


def _factor(reader: Reader, *, money: bool) -> Decimal:
    """What a multiplier makes of the number before it; 1 when there is none."""
    if reader.done:
        return Decimal(1)
    word, gap = reader.folded(), reader.words[reader.at].gap
    glued = len(word) > 1 or not gap
    factor = MULTIPLIERS.get(word) if glued else None
    if money and not gap:
        factor = factor or MONEY_MULTIPLIERS.get(word)
    reader.at += factor is not None
    return factor or Decimal(1)


def _digits(reader: Reader) -> tuple[Decimal, ...]:
    """25, 1,200.50, .5, 1/2, 2 1/2."""
    word = reader.word()
    if word == "." and reader.word(1).isdigit():
        reader.at += 2
        return (Decimal(f"0.{reader.word(-1)}"),)
    if not word[:1].isdigit():
        return ()
    divided = _divided(reader)
    if divided is not None:
        return (divided,)
    found = readings(word, reader.locale)
    reader.at += 1
    more = _divided(reader) if word.isdigit() else None
    return tuple(number + more for number in found) if more is not None else found


def _divided(reader: Reader) -> Decimal | None:
    top, sign, bottom = reader.word(), reader.word(1), reader.word(2)
    if sign not in ("/", "\u2044") or not (top.isdigit() and bottom.isdigit()):
        return None
    value = _exact(Decimal(top), Decimal(bottom))
    reader.at += 3 if value is not None else 0
    return value


def _exact(top: Decimal, bottom: Decimal) -> Decimal | None:
    """A quotient that has an end; a third has none."""
    try:
        value = top / bottom
    except (InvalidOperation, ZeroDivisionError):
        return None
    return value if value * bottom == top else None


def _fraction(reader: Reader) -> tuple[Decimal, ...]:
    """Read "half a", "a quarter of a", "three quarters of a", "a dozen", "a"."""
    at = reader.at
    reader.at += reader.folded() in _ONES and reader.folded(1) in (*_HALVES, "quarter")
    if reader.folded() in _HALVES:
        reader.at += 1
        reader.at += reader.word() == "-"
        return _of_one(reader, Decimal("0.5"))
    if reader.folded() == "quarter":
        reader.at += 1
        return _of_one(reader, Decimal("0.25"))
    if reader.folded() == "three" and reader.folded(1) == "quarters":
        reader.at += 2
        return _of_one(reader, Decimal("0.75"))
    reader.at = at
    couple = reader.folded(reader.folded() == "a") == "couple"
    if couple:
        reader.at += 1 + (reader.folded() == "a")
        reader.at += reader.folded() == "of"
        return (Decimal(2),)
    return ()


def _of_one(reader: Reader, value: Decimal) -> tuple[Decimal, ...]:
    reader.at += reader.folded() == "of"
    reader.at += reader.folded() in _ONES
    return (value,)


def _spoken(reader: Reader) -> tuple[Decimal, ...]:
    """Read "twenty-five", "three point five", "one and a half", "a"."""
    rest = " ".join(word.text for word in reader.words[reader.at :])
    hit = number_in_words(tokenize(rest), 0)
    if hit is None:
        one = reader.folded() in _ONES and reader.at + 1 < len(reader.words)
        reader.at += one
        return (Decimal(1),) if one else ()
    reader.at += hit[1]
    value = Decimal(hit[0])
    if reader.folded() == "point":
        reader.at += 1
        return (value + _decimals(reader),)
    more = half_words(reader)
    return (value + more,)


def half_words(reader: Reader) -> Decimal:
    """Read "and a half", "and three quarters" behind a number."""
    words = reader.folded(1), reader.folded(2)
    part = _PARTS.get(words) if reader.folded() == "and" else None
    reader.at += 3 if part else 0
    return part or Decimal(0)


def _decimals(reader: Reader) -> Decimal:
    digits = ""
    while not reader.done:
        hit = number_in_words(tokenize(reader.word()), 0)
        if hit is None or not 0 <= hit[0] < 10:
            break
        digits += str(hit[0])
        reader.at += 1
    return Decimal(f"0.{digits}") if digits else Decimal(0)
