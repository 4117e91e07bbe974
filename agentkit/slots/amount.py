"""`Amount`: money, or a number with a unit, in the user's words."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from agentkit.context import Context
from agentkit.slots.border import slot_schema


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
    # The tables are loaded with the first amount, not with every annotation.
    from agentkit.slots.amounts import resolve_amount

    context = info.context if isinstance(info.context, Context) else Context()
    slot = info.field_name or "amount"
    return resolve_amount(
        value, locale=context.locale, currency=context.currency, slot=slot
    )
