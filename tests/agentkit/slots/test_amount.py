"""`Amount`: money and quantities, exact, or a question."""

from decimal import Decimal

import pytest
from pydantic import TypeAdapter, ValidationError

from agentkit.context import Context
from agentkit.errors import InputNeeded
from agentkit.slots import Amount
from agentkit.slots.amount import resolve_amount
from agentkit.tools import tool

AMOUNTS = [
    ("25 euros", "en", "25", "EUR"),
    ("25€", "de", "25", "EUR"),
    ("EUR 25", "fr", "25", "EUR"),
    ("twenty-five euros", "en", "25", "EUR"),
    ("$1,200.50", "en-US", "1200.50", "USD"),
    ("$5", "de", "5", "USD"),
    ("5 dollars", "en-CA", "5", "CAD"),
    ("$25 dollars", "en-US", "25", "USD"),
    ("$5 USD", "en-AU", "5", "USD"),
    ("US$ 20", "en-AU", "20", "USD"),
    ("R$ 50", "pt-BR", "50", "BRL"),
    ("20 quid", "en-GB", "20", "GBP"),
    ("5 pounds sterling", "en", "5", "GBP"),
    ("Rs. 500", "en-IN", "500", "INR"),
    ("¥500", "ja", "500", "JPY"),
    ("200 kr", "sv", "200", "SEK"),
    ("50 cents", "de", "0.50", "EUR"),
    ("3 dollars and 20 cents", "en-US", "3.20", "USD"),
    ("2 euros 50", "en", "2.5", "EUR"),
    ("$3.5m", "en-US", "3500000", "USD"),
    ("half a million dollars", "en-US", "500000", "USD"),
    ("1.234,56 €", "de", "1234.56", "EUR"),
    ("1.234,56 €", "en", "1234.56", "EUR"),
    ("1 234,50 €", "fr", "1234.50", "EUR"),
    ("1'234.50 CHF", "de-CH", "1234.50", "CHF"),
    ("1.234", "de", "1234", ""),
    ("1.234", "en", "1.234", ""),
    ("1,234", "en", "1234", ""),
    ("12,34,567", "en-IN", "1234567", ""),
    ("1.5k", "en", "1500", ""),
    ("two dozen", "en", "24", ""),
    ("half a dozen", "en", "6", ""),
    ("five hundred", "en", "500", ""),
    ("half a litre", "en", "0.5", "L"),
    ("1½ litres", "en", "1.5", "L"),
    ("2 1/2 cups", "en", "2.5", "cup"),
    ("one and a half kilos", "en", "1.5", "kg"),
    ("a kilo and a half", "en", "1.5", "kg"),
    ("ein halber Liter", "de", "0.5", "L"),
    ("un demi-litre", "fr", "0.5", "L"),
    ("mezzo litro", "it", "0.5", "L"),
    ("५ किलो", "hi", "5", "kg"),
    ("5 กิโลกรัม", "th", "5", "kg"),
    ("3 kg", "en", "3", "kg"),
    ("20%", "en", "20", "%"),
    ("20 por ciento", "es", "20", "%"),
    ("-5 °C", "en", "-5", "°C"),
    ("60 km/h", "en", "60", "km/h"),
    ("3 m2", "en", "3", "m²"),
    ("100 GB", "en", "100", "GB"),
    ("5 feet 11 inches", "en", "71", "in"),
    ("5'11\"", "en", "71", "in"),
    ("6 foot 2", "en", "74", "in"),
    ("3 lb 4 oz", "en", "52", "oz"),
    ("5m", "en", "5", "m"),
]


@pytest.mark.parametrize(
    ("text", "locale", "value", "unit"),
    AMOUNTS,
    ids=[f"{locale}-{text}" for text, locale, _, _ in AMOUNTS],
)
def test_an_amount_is_exact(text: str, locale: str, value: str, unit: str) -> None:
    """Number and unit are what was said, no digit more or less."""
    found = resolve_amount(text, locale=locale)
    assert (found.value, found.unit) == (Decimal(value), unit)
    assert found.money == (len(unit) == 3 and unit.isupper())


QUESTIONS = [
    ("1.234", "", ("1234", "1.2340")),
    ("1.234 €", "en", ("1.2340 EUR", "1234 EUR")),
    ("$5", "en", ("5 USD", "5 CAD", "5 AUD")),
    ("5 pounds", "en", ("5 GBP", "5 lb")),
    ("¥500", "en", ("500 JPY", "500 CNY")),
    ("200 kr", "en", ("200 SEK", "200 NOK", "200 DKK")),
]


@pytest.mark.parametrize(("text", "locale", "candidates"), QUESTIONS)
def test_what_is_open_is_asked(
    text: str, locale: str, candidates: tuple[str, ...]
) -> None:
    """No dollar, pound or thousand is guessed; each candidate is an answer."""
    with pytest.raises(InputNeeded) as caught:
        resolve_amount(text, locale=locale, slot="price")
    assert caught.value.slot == "price"
    assert caught.value.candidates == candidates
    answers = [str(resolve_amount(one, locale=locale)) for one in candidates]
    assert answers == list(candidates)


@pytest.mark.parametrize(
    "text",
    ["", "kg", "$", "hello", "top", "a", "5 bananas", "25 euros for lunch", "1.2.3",
     "1,23,4", "3/0", "$5 EUR", "a third of a litre", "10 to 20 euros", "3 kg 5 miles", "5% off",
     "9" * 101],
)  # fmt: skip
def test_what_is_no_amount_is_an_error(text: str) -> None:
    """Leftover words, broken numbers and units that do not go together."""
    with pytest.raises(ValueError, match=r"no amount|too long|mixes"):
        resolve_amount(text)


def test_the_users_currency_goes_before_the_locale() -> None:
    """A Canadian who writes American English pays in Canadian dollars."""
    assert resolve_amount("$5", locale="en-US", currency="CAD").unit == "CAD"


def test_a_tool_gets_an_amount() -> None:
    """The context's locale and currency decide; the schema names the format."""

    @tool(effect="read")
    def pay(price: Amount) -> str:
        """Pay.

        Args:
            price: how much.
        """
        return str(price)

    assert pay.parameters["properties"]["price"]["format"] == "amount"
    here = Context(locale="de-DE")
    assert pay(**pay.check({"price": "1.234,5 €"}, here)) == "1234.5 EUR"
    with pytest.raises(InputNeeded) as caught:
        pay.check({"price": "$5"}, Context())
    assert caught.value.slot == "price"
    assert pay(**pay.check({"price": "$5"}, Context(currency="USD"))) == "5 USD"


@pytest.mark.parametrize("value", [True, [], float("nan"), None])
def test_other_values_are_refused(value: object) -> None:
    """Text and finite numbers are taken, nothing else."""
    adapter: TypeAdapter[Amount] = TypeAdapter(Amount)
    assert adapter.validate_python(2.5) == Amount(Decimal("2.5"))
    with pytest.raises(ValidationError):
        adapter.validate_python(value)
