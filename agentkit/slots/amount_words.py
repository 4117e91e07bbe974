"""The words of an amount: numbers, units and money, piece by piece."""

from dataclasses import dataclass
from decimal import Decimal

from agentkit.slots.amount_numbers import decimal_mark, half_words, number_at
from agentkit.slots.amount_text import AmountText, words_of
from agentkit.slots.units import CODES, currencies, may_be, part_of, unit_of

# An amount is one number: how exact it is meant is for the tool to ask.
_HEDGES = frozenset({"about", "around", "roughly", "exactly", "just", "only", "~", "≈"})
# "Five pounds and ten pence", in the languages whose money is said so.
_LINKS = frozenset({"and", "&", "et", "und", "e", "y", ","})
_OF = frozenset({"of", "de", "di", "d"})
# "Kilometers per hour" has three words, and a sign may be one.
_LONGEST_UNIT = 4
_PAIRS = {
    "us dollars": "USD",
    "us dollar": "USD",
    "canadian dollars": "CAD",
    "australian dollars": "AUD",
    "pounds sterling": "GBP",
    "pound sterling": "GBP",
    "swiss francs": "CHF",
    "mexican pesos": "MXN",
    "indian rupees": "INR",
}
# Codes that people write small; "all" and "top" are words before they are codes.
_SMALL_CODES = frozenset({"eur", "usd", "gbp", "chf", "jpy", "inr"})


@dataclass(frozen=True, slots=True)
class Piece:
    """One number with its unit.

    Attributes:
        numbers: what the number may be, likeliest first.
        units: what the unit may be; one empty unit for none.
        currencies: which of the units are money.
        sure: whether the locale tells how the number is read.
        marked: whether the number stands in digits with one point or comma.
        part: 0.01 for cents, already in the numbers.
    """

    numbers: tuple[Decimal, ...]
    units: tuple[str, ...]
    currencies: tuple[str, ...] = ()
    sure: bool = True
    marked: bool = False
    part: Decimal = Decimal(1)


def pieces_of(text: str, locale: str, currency: str) -> tuple[list[Piece], str]:
    """Read "6 feet 2", "€1.50" and the like.

    Args:
        text: the words.
        locale: language tag of the words.
        currency: the user's own money; empty when not told.

    Returns:
        The pieces, and the words from the first that fits nothing.
    """
    reader = AmountText(words_of(text), locale, currency)
    while reader.folded() in _HEDGES:
        reader.at += 1
    pieces: list[Piece] = []
    while not reader.done and len(pieces) < 3:
        if _more_of_last(reader, pieces):
            continue
        start = reader.at
        reader.at += bool(pieces) and reader.folded() in _LINKS
        piece = _piece(reader, first=not pieces)
        if piece is None:
            reader.at = start
            break
        pieces.append(piece)
    return pieces, " ".join(word.text for word in reader.words[reader.at :])


def _more_of_last(reader: AmountText, pieces: list[Piece]) -> bool:
    """Read "a kilo and a half", and a full stop at the end."""
    if not pieces:
        return False
    if reader.word() == "." and reader.at == len(reader.words) - 1:
        reader.at += 1
        return True
    more = half_words(reader)
    if more:
        last = pieces[-1]
        number = last.numbers[0] + more * last.part
        pieces[-1] = Piece((number,), last.units, last.currencies)
    return bool(more)


def _piece(reader: AmountText, *, first: bool) -> Piece | None:
    negative = first and _minus(reader)
    symbol = reader.word()
    before = _money(reader) if first else ()
    negative = negative or (bool(before) and _minus(reader))
    at = reader.at
    numbers = number_at(reader, money=bool(before))
    if not numbers:
        return None
    marked = sum(c in ".," for c in reader.words[at].text) == 1
    sure = bool(decimal_mark(reader.locale)) or len(numbers) == 1
    sign = -1 if negative else 1
    numbers = tuple(sign * number for number in numbers)
    if before:
        units = _both_sides(symbol, before, _money(reader))
        return Piece(numbers, units, units, sure, marked) if units else None
    money, measure, part = _unit(reader)
    units = _fit((*money, *measure), reader) or ("",)
    numbers = tuple(number * part for number in numbers)
    return Piece(numbers, units, money, sure, marked, part)


def _both_sides(
    symbol: str, before: tuple[str, ...], after: tuple[str, ...]
) -> tuple[str, ...]:
    """Read "$5 USD" and "$5 dollars": a code says which; none fits "$5 EUR"."""
    if len(after) == 1:
        return after if may_be(symbol, after[0]) else ()
    return tuple(code for code in before if not after or code in after)


def _unit(reader: AmountText) -> tuple[tuple[str, ...], tuple[str, ...], Decimal]:
    """The currencies or the measure of the longest name here, and 0.01 for cents."""
    at = reader.at
    linked = reader.folded() in _OF and not reader.done
    reader.at += linked
    start = reader.at
    name = reader.word()
    money = _money(reader)
    paid, reader.at = reader.at, start
    measure = _measure(reader)
    measured = reader.at
    reader.at = max(paid, measured) if money or measure else at
    if paid > measured:
        measure = ""
    # The longer name wins: "pounds sterling" is money, "pounds per inch" a measure.
    elif measured > paid:
        money = ()
    part = part_of(name) if money else Decimal(1)
    return money, (measure,) if measure else (), part


def _fit(options: tuple[str, ...], reader: AmountText) -> tuple[str, ...]:
    """Read "pounds" as a weight for a user whose own money is not the pound."""
    if set(options) == {"GBP", "lb"} and reader.currency not in ("", "GBP"):
        return ("lb",)
    return options


def _minus(reader: AmountText) -> bool:
    negative = reader.folded() in ("-", "minus", "negative")
    reader.at += negative
    return negative


def _money(reader: AmountText) -> tuple[str, ...]:
    """A currency by symbol, code or name, of one word or two ("us dollars")."""
    pair = _PAIRS.get(f"{reader.folded()} {reader.folded(1)}", "")
    if pair:
        reader.at += 2
        return (pair,)
    word = reader.word()
    small = word.lower()
    # British money here, or a weight: `_fit` tells them apart.
    if small in ("pound", "pounds"):
        found: tuple[str, ...] = ("GBP",)
    elif small == word and small.upper() in CODES and small not in _SMALL_CODES:
        found = ()
    else:
        found = currencies(word, reader.locale, reader.currency) if word else ()
    reader.at += bool(found)
    # "Rs. 500" is no fraction.
    reader.at += bool(found) and reader.word() == "."
    return found


def _measure(reader: AmountText) -> str:
    """The longest unit of up to four words."""
    for count in range(min(_LONGEST_UNIT, len(reader.words) - reader.at), 0, -1):
        words = reader.words[reader.at : reader.at + count]
        unit = unit_of(" ".join(word.text for word in words))
        if unit:
            reader.at += count
            return unit
    return ""
