import pytest

from agentkit.privacy.identifiers import is_card, is_iban
from agentkit.privacy.personal import detect, detect_surely

FOUND = {
    "address": ("Write to zoe.k+x@mail.example.", "email", "zoe.k+x@mail.example"),
    "number abroad": ("Call +49 30 5550199 now", "phone", "+49 30 5550199"),
    "IBAN": (
        "To DE89 3704 0044 0532 0130 00.",
        "account",
        "DE89 3704 0044 0532 0130 00",
    ),
    "card, dashes with blanks": (
        "Card 4111 - 1111 - 1111 - 1111",
        "card",
        "4111 - 1111 - 1111 - 1111",
    ),
    "card": ("Card 4111 1111 1111 1111", "card", "4111 1111 1111 1111"),
}
NONE = {
    "a sum": "What is 12345678 * 9?",
    "a time": "On 2026-03-05T10:30, or 5.3.2026",
    "a wrong IBAN": "DE88 3704 0044 0532 0130 00",
    "a name at a sign": "@home",
    "nothing": "",
}


@pytest.mark.parametrize(("text", "kind", "value"), FOUND.values(), ids=FOUND.keys())
def test_what_is_personal_by_its_shape(text: str, kind: str, value: str) -> None:
    """Shapes that nothing else has are found, wherever they stand."""
    for found in (list(detect(text)), list(detect_surely(text))):
        assert (kind, value) in [(one.kind, one.text) for one in found]


@pytest.mark.parametrize("text", NONE.values(), ids=NONE.keys())
def test_what_may_be_something_else(text: str) -> None:
    """Sums, times and numbers whose check digits do not fit are left alone."""
    assert [one for one in detect_surely(text) if one.kind != "phone"] == []
    assert list(detect_surely(text)) == []


def test_local_numbers_are_masked_all_the_same() -> None:
    """Where text is masked, a number without a prefix is taken for a phone's."""
    assert "030 555 0199" in [
        one.text for one in detect("Call 030 555 0199", region="DE")
    ]


@pytest.mark.parametrize(
    ("text", "fits"),
    [("GB82 WEST 1234 5698 7654 32", True), ("GB82 WEST 1234 5698 7654 33", False)],
)
def test_check_digits_of_accounts(text: str, fits: bool) -> None:
    """The example of ISO 13616, and one digit off."""
    assert is_iban(text) is fits


@pytest.mark.parametrize(
    ("text", "fits"), [("79927398713", True), ("79927398714", False)]
)
def test_check_digits_of_cards(text: str, fits: bool) -> None:
    """Luhn's own example, and one digit off."""
    assert is_card(text) is fits
