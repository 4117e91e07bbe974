"""Stretches of what was said that may be values."""

from __future__ import annotations

import pytest

from agentkit.grammar.stretches import stretches, word_options
from agentkit.grammar.value_types import Field, TextValue

FOUND = {
    "a quote": ("Find the sculpture 'David' by Rodin", "David", "quote"),
    "an apostrophe in one": ("the review 'It's good.'", "It's good.", "quote"),
    "a name": ("the weather in New York City now", "New York City", "name"),
    "one with small words": (
        "of the Museum of Modern Art",
        "Museum of Modern Art",
        "name",
    ),
    "a code": ("case number CA123456 in court", "CA123456", "code"),
    "a path": ("the file C:/data/cars.csv please", "C:/data/cars.csv", "code"),
    "an owner": ("ranking of Germany's team", "Germany", "name"),
    "words": ("about constitutional law in court", "constitutional law", "words"),
    "what belongs to something": (
        "who proposed the theory of evolution",
        "theory of evolution",
        "words",
    ),
    "a place and where it is": (
        "a hotel in Denver, Colorado",
        "Denver, Colorado",
        "name",
    ),
    "a formula": ("the derivative of 3x^2 + 2x - 1.", "3x^2 + 2x - 1", "code"),
    "the end of a firm's name": ("stocks of Apple Inc.", "Apple Inc.", "name"),
}


@pytest.mark.parametrize(("text", "stretch", "kind"), FOUND.values(), ids=FOUND.keys())
def test_stretches_that_may_be_values(text: str, stretch: str, kind: str) -> None:
    """Quotes, names, codes and words in a row are found whole."""
    assert (stretch, kind) in [(one.text, one.kind) for one in stretches(text)]


NOT = {
    "half a name": ("the weather in New York City", "York City"),
    "half a code": ("docket 2022/AL2562", "AL2562"),
    "words of two clauses": ("cookies, cheap ones", "cookies, cheap"),
    "a name and a number": ("air in London 2022/08/16", "London 2022/08/16"),
}


@pytest.mark.parametrize(("text", "part"), NOT.values(), ids=NOT.keys())
def test_parts_that_are_no_values(text: str, part: str) -> None:
    """Names and codes are not cut, and nothing goes over a mark."""
    assert part not in [one.text for one in stretches(text)]


def options(text: str, name: str, about: str = "") -> tuple[str, ...] | None:
    """Return what an argument of a tool `find_concert` may be."""
    return word_options(text, Field(name, TextValue(), True, about), "find_concert")


ASKED = "Fetch a concert in March by the artist Beyonce in San Diego for 2 people"
MAY_BE = {
    "a name": ("artist", "Beyonce", True),
    "the tool's own word": ("artist", "concert", False),
    "the argument's own word": ("artist", "artist", False),
    "a number": ("artist", "2", False),
    "what to do": ("thing", "Fetch", False),
    "a word of the sentence": ("thing", "people", True),
    "a month": ("artist", "March", False),
    "a month of a date": ("date", "March", True),
}


@pytest.mark.parametrize(("name", "word", "may"), MAY_BE.values(), ids=MAY_BE.keys())
def test_what_an_argument_may_be(name: str, word: str, may: bool) -> None:
    """Names of the tool, numbers and days are no values of other arguments."""
    assert (word in (options(ASKED, name) or ())) is may


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("Tell Ana that I am late", "message", id="a sentence"),
        pytest.param("Konzerte heute Abend", "artist", id="another language"),
    ],
)
def test_any_words_where_stretches_are_not_known(text: str, name: str) -> None:
    """A message is any part of what was said, and so is a value in other languages."""
    assert options(text, name) is None


def test_nothing_that_ends_a_string() -> None:
    """Nothing is offered that would have to be escaped."""
    found = options('Find a\\b and "x" in C\\D and Rome', "thing")
    assert found is not None
    assert "Rome" in found
    assert "x" in found
    assert not any('"' in one or "\\" in one for one in found)
