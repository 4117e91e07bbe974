"""Numbers in the user's words: their spelling, and when one names a thing."""

import pytest

from agentkit.safety.provenance.comparison import names_number, numbers


@pytest.mark.parametrize(
    ("text", "number", "expected"),
    [
        pytest.param("Delete file 13", "13", True, id="file 13"),
        pytest.param("Delete the mail with id '13'.", "13", True, id="in quotes"),
        pytest.param("Close #13, please", "13", True, id="with a sign"),
        pytest.param("Delete mail 3. Then stop.", "3", True, id="ends a sentence"),
        pytest.param("Do this: 1. Read it. 2. Delete it.", "2", False, id="a list"),
        pytest.param("Are we free at 13:00?", "13", False, id="a time"),
        pytest.param("What is on 2026-05-13?", "13", False, id="a date"),
        pytest.param("What is on May 13?", "13", False, id="after a month"),
        pytest.param("What is on 13 May?", "13", False, id="before a month"),
        pytest.param("Book 5 hours for it", "5", False, id="a duration"),
        pytest.param("Send 12.50 to Ana", "12", False, id="a decimal"),
    ],
)
def test_a_number_names_or_counts(text: str, number: str, expected: bool) -> None:
    """A number names a thing where it is no part of a time, a date or a list."""
    assert names_number(text, number) is expected


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234", "1234"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("1,234.567", "1234.567"),
        ("1.234.567,5", "1234567.5"),
        ("1'234'567.50", "1234567.5"),
    ],
)
def test_a_number_has_one_spelling(text: str, number: str) -> None:
    """Signs between thousands are dropped, and the last of two kinds is a decimal's."""
    assert numbers(text) == {number}
