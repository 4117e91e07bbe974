"""`Amount`: money, or a number with a unit, in the user's words."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from agentkit.context import Context
from agentkit.errors import InputNeeded
from agentkit.language.user_language import in_words
from agentkit.slots.amount_words import Piece, pieces_of
from agentkit.slots.slot_type import given_context, slot_schema
from agentkit.slots.units import SMALLER, THREE_DECIMALS


@dataclass(frozen=True, slots=True)
class Amount:
    """An exact number of something.

    Attributes:
        value: how many, exactly as it was said.
        unit: an ISO 4217 code such as EUR, or a unit's symbol such as kg, L or %;
            empty for a plain number. A gallon, pint or ton is that of the user's
            country.
        money: whether the unit is a currency.
        text: the words.
    """

    value: Decimal
    unit: str = ""
    money: bool = False
    text: str = field(default="", compare=False)

    def __str__(self) -> str:
        """Number and unit: "1200.50 USD"; it reads as the same amount again."""
        number = f"{self.value:f}"
        # Three decimals may be thousands somewhere; four are decimals everywhere.
        number += "0" * (number[-4:-3] == ".")
        return f"{number} {self.unit}".strip()

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        return slot_schema(_validated, str)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, str]:
        return {"type": "string", "format": "amount"}


def _validated(value: Any, info: Any) -> Amount:
    """What Pydantic calls: the user's words, a plain number, or an Amount."""
    if isinstance(value, Amount):
        return value
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        number = Decimal(str(value))
        if not number.is_finite():
            raise ValueError(f"{value} is no amount.")
        return Amount(number, text=str(value))
    if not isinstance(value, str):
        raise ValueError(
            "An amount is given as text in the user's words, not as"
            f" {type(value).__name__}."
        )
    context = given_context(info) or Context()
    slot = info.field_name or ""
    return resolve_amount(
        value, locale=context.locale, currency=context.currency, slot=slot
    )


# Twice "three thousand two hundred dollars and fifty-five cents".
LONGEST_TEXT = 100
_EXAMPLES = "write for example '25 EUR', '1.5 kg' or '20 %'"


def resolve_amount(
    text: str, *, locale: str = "en", currency: str = "", slot: str = "amount"
) -> Amount:
    """The amount that a text names.

    Args:
        text: the user's words, all of which must belong to the amount.
        locale: language tag; it tells 1.234 from 1,234 and which dollar is meant.
        currency: ISO 4217 code of the user's own money; goes before the locale.
        slot: the argument in question, for a question.

    Raises:
        InputNeeded: it may mean several amounts.
        ValueError: the text is no amount.
    """
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"An amount of {len(text)} characters is too long to be one.")
    said = " ".join(text.split())
    pieces, left = pieces_of(said, locale, currency.upper())
    if not pieces:
        raise ValueError(f"{said!r} is no amount that can be understood; {_EXAMPLES}.")
    if left:
        raise ValueError(
            f"{said!r} is no amount: {left!r} is no unit or currency that is known;"
            f" {_EXAMPLES}."
        )
    found = _amounts(pieces, said)
    if not found:
        raise ValueError(f"{said!r} mixes units that are not said together.")
    if len(found) == 1:
        return found[0]
    choices = tuple(str(one) for one in found)
    raise InputNeeded(slot, in_words("Is {said!r} {choices}?", said, choices), choices)


def _amounts(pieces: list[Piece], said: str) -> list[Amount]:
    """Every amount that the pieces may mean, each once."""
    first, rest = pieces[0], pieces[1:]
    found: list[Amount] = []
    for unit in first.units:
        for number in _numbers(first, unit):
            one = Amount(number, unit, unit in first.currencies, said)
            whole = _with_rest(one, rest)
            if whole is not None and whole not in found:
                found.append(whole)
    return found


def _with_rest(one: Amount, rest: list[Piece]) -> Amount | None:
    whole: Amount | None = one
    for piece in rest:
        whole = _joined(whole, piece) if whole else None
    return whole


def _numbers(piece: Piece, unit: str) -> tuple[Decimal, ...]:
    """The likeliest reading; both where the locale is unknown, or money has mills."""
    first = piece.numbers[0]
    if piece.sure:
        mills = unit in piece.currencies and unit not in THREE_DECIMALS
        exponent = first.as_tuple().exponent
        # "$1.234": money has two decimals, so the thousand is as likely, whatever the
        # locale.
        if not (mills and piece.marked and exponent == -3):
            return (first,)
    return piece.numbers


def _joined(one: Amount, piece: Piece) -> Amount | None:
    """5 feet 11, 3 dollars and 20 cents, 2 kg 300 g: in the smaller unit."""
    number = piece.numbers[0]
    if one.money:
        return _with_cents(one, piece)
    smaller, count = SMALLER.get(one.unit, ("", 0))
    if not smaller or (piece.units[0] and smaller not in piece.units):
        return None
    # "5 feet 13" and "5.5 feet 3" are no sizes: the smaller unit stays below one of the
    # larger.
    if number >= count or one.value != one.value.to_integral_value():
        return None
    return Amount(one.value * count + number, smaller, text=one.text)


def _with_cents(one: Amount, piece: Piece) -> Amount | None:
    number = piece.numbers[0]
    if not piece.units[0]:
        # "5 dollars 20" are cents; "5 dollars 2" may be two of anything.
        cents = 10 <= number < 100 and number == number.to_integral_value()
        value = one.value + number / 100
        return Amount(value, one.unit, True, one.text) if cents else None
    if piece.part == 1 or one.unit not in piece.currencies or number >= 1:
        return None
    return Amount(one.value + number, one.unit, True, one.text)
