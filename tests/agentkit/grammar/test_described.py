"""What descriptions say of arguments: words to choose from, days, addresses."""

from __future__ import annotations

import pytest

from agentkit.grammar.described import (
    shown_words,
    told_address,
    told_day,
    told_words,
)

WORDS = {
    "Either 'metric' or 'imperial'.": ("metric", "imperial"),
    'Can be "low", "mid" or "high"': ("low", "mid", "high"),
    "City, e.g. 'Rome' or 'Oslo'": (),
    "The city's name, in the guest's words": (),
    "One word: 'yes'": (),
}
DAYS = {
    "Day as YYYY-MM-DD": "%Y-%m-%d",
    "in the form dd/mm/yyyy": "%d/%m/%Y",
    "MM-DD-YYYY": "%m-%d-%Y",
    "Month, YYYY-MM": "%Y-%m",
    "YYYY-MM-DD HH:mm:ss": "",
    "the day (month-day-year)": "%m-%d-%Y",
    "any day": "",
}
SHOWN = {
    "City, e.g. 'Rome' or 'Oslo'": ("Rome", "Oslo"),
    "The medium, such as oil, acrylic, etc.": ("oil", "acrylic"),
    "i.e., victim, accused or verdict": ("victim", "accused", "verdict"),
    "Supports 'cup', 'spoon', default is 'cup'": ("cup", "spoon"),
    "The city": (),
}


@pytest.mark.parametrize("description", WORDS)
def test_words_to_choose_from(description: str) -> None:
    """Two or more between quotes are a choice, but for examples."""
    assert told_words(description) == WORDS[description]


@pytest.mark.parametrize("description", DAYS)
def test_the_form_of_a_day(description: str) -> None:
    """Letters for year, month and day tell it; with a time behind it is no day."""
    assert told_day(description) == DAYS[description]


@pytest.mark.parametrize(
    ("name", "form"),
    [("start_date", "%Y-%m-%d"), ("startDate", "%Y-%m-%d"), ("update", "")],
)
def test_a_date_of_which_nothing_is_said(name: str, form: str) -> None:
    """It is wanted as ISO 8601 has it, by the argument's name."""
    assert told_day("When it begins.", name) == form


@pytest.mark.parametrize("description", SHOWN)
def test_words_that_are_shown(description: str) -> None:
    """Choices and examples alike, between quotes or in a list behind "such as"."""
    assert shown_words(description) == SHOWN[description]


def test_an_address_is_wanted() -> None:
    """An e-mail address is asked for by its name, and not where mail is spoken of."""
    assert told_address("The e-mail address of the guest")
    assert not told_address("The text of the email")
