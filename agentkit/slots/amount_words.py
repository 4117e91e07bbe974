"""The words of an amount, piece by piece: units and money, and what they are called."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from agentkit.language.tokens import fold
from agentkit.language.vocabularies import language_of, region_of, word_table
from agentkit.slots.amount_numbers import (
    AmountText,
    decimal_mark,
    half_words,
    number_at,
    words_of,
)

_TABLE = word_table("quantities")
# Pairs that are said together: the smaller unit, and how many of it are one.
SMALLER: dict[str, tuple[str, int]] = {
    unit: (smaller, count) for unit, (smaller, count) in _TABLE["smaller"].items()
}


@cache
def _table() -> tuple[dict[str, str], dict[str, str]]:
    """Units by their very spelling, and by their folded names."""
    exact: dict[str, str] = {}
    folded: dict[str, str] = {}
    for symbol, others in _TABLE["units"].items():
        names = [symbol, *others]
        exact |= dict.fromkeys(names, symbol)
        folded = dict.fromkeys(map(fold, names), symbol) | folded
    return exact, folded


def unit_of(name: str) -> str:
    """The symbol of a unit; empty when there is none of this name."""
    exact, folded = _table()
    return exact.get(name) or folded.get(fold(name), "")


CODES = frozenset(_TABLE["codes"])
THREE_DECIMALS = frozenset(_TABLE["three_decimals"])


@dataclass(frozen=True, slots=True)
class Family:
    """A word that several countries have for their money.

    Attributes:
        words: symbols and names, folded.
        by_region: country to currency.
        by_language: language to currency, where no country is told.
        asked: what is offered, commonest first.
        languages: in which the word is open without a country; all when empty.
        otherwise: the currency in every other language; empty to ask.
        part: what one is of a whole one: 0.01 for cents.
    """

    words: frozenset[str]
    by_region: dict[str, str]
    asked: tuple[str, ...]
    by_language: dict[str, str]
    languages: frozenset[str]
    otherwise: str
    part: Decimal


@cache
def _families() -> tuple[Family, ...]:
    return tuple(_read_family(row) for row in _TABLE["families"])


def _read_family(row: dict[str, Any]) -> Family:
    regions = [line.split() for line in row.get("regions", ())]
    return Family(
        frozenset(map(fold, row["words"])),
        {region: code for code, *countries in regions for region in countries},
        tuple(row["asked"]),
        row.get("by_language", {}),
        frozenset(row.get("languages", ())),
        row.get("otherwise", ""),
        Decimal(row.get("part", 1)),
    )


@cache
def _sure() -> dict[str, str]:
    """Return the folded names that stand for one currency alone, and its code."""
    return {
        fold(word): code for code, words in _TABLE["money"].items() for word in words
    }


def currencies(word: str, locale: str, mine: str) -> tuple[str, ...]:
    """The currencies that a word may mean: one is sure, more are a question.

    Args:
        word: a symbol, name or ISO 4217 code.
        locale: language tag of the user's words.
        mine: the user's own currency; empty when not told.
    """
    if word.upper() in CODES and (word.isupper() or len(word) == 3):
        return (word.upper(),)
    name = fold(word)
    if name in _sure():
        return (_sure()[name],)
    family = _family(name)
    return _of_family(family, locale, mine) if family else ()


def may_be(word: str, code: str) -> bool:
    """Tell whether a word can stand for a currency somewhere: "$5 USD"."""
    family = _family(fold(word))
    return code in (_members(family) if family else currencies(word, "", ""))


def _members(family: Family) -> set[str]:
    return {*family.by_region.values(), *family.asked}


def part_of(word: str) -> Decimal:
    """What one is of a whole one: 0.01 for a cent, 1 for a dollar."""
    family = _family(fold(word))
    return family.part if family else Decimal(1)


def _family(name: str) -> Family | None:
    return next((one for one in _families() if name in one.words), None)


def _of_family(family: Family, locale: str, mine: str) -> tuple[str, ...]:
    language, region = language_of(locale), region_of(locale)
    if mine in _members(family):
        return (mine,)
    sure = family.by_region.get(region) or family.by_language.get(language)
    if sure:
        return (sure,)
    open_here = not family.languages or language in family.languages
    return family.asked if open_here or not family.otherwise else (family.otherwise,)


_HEDGES = frozenset({"about", "around", "roughly", "exactly", "just", "only", "~", "≈"})
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
    """Money and measure that the longest name here may be, and the part of money."""
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
    elif measured > paid:
        money = ()
    part = part_of(name) if money else Decimal(1)
    return money, (measure,) if measure else (), part


def _fit(options: tuple[str, ...], reader: AmountText) -> tuple[str, ...]:
    """Someone who pays in other money than pounds weighs in them."""
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
