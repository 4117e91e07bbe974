"""What descriptions say of arguments: words to choose from, days, addresses."""

from __future__ import annotations

import pytest

from agentkit.grammar.described import told_address, told_day, told_words

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
    "any day": "",
}


@pytest.mark.parametrize("description", WORDS)
def test_words_to_choose_from(description: str) -> None:
    """Two or more between quotes are a choice, but for examples."""
    assert told_words(description) == WORDS[description]


@pytest.mark.parametrize("description", DAYS)
def test_the_form_of_a_day(description: str) -> None:
    """Letters for year, month and day tell it; with a time behind it is no day."""
    assert told_day(description) == DAYS[description]


def test_an_address_is_wanted() -> None:
    """An e-mail address is asked for by its name, and not where mail is spoken of."""
    assert told_address("The e-mail address of the guest")
    assert not told_address("The text of the email")
