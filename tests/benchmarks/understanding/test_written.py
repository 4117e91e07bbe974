"""Requests that were written one by one become rows that teach what is known of them."""

from __future__ import annotations

import random

import pytest

from agentkit.pythonic import parse_calls
from tests.benchmarks.nano.rows import NONE, Asked, installed_tools
from tests.benchmarks.nano.written_rows import KEPT, UNSEEN, trained_rows, written
from tests.benchmarks.understanding.corpora import UNKNOWN, Row
from tests.benchmarks.understanding.written import (
    refilled,
    row_of,
    spans_of,
    words_by_role,
)

TOPICS = ("~greeting", "~other", "~followup_move")


def marked(text: str, answer: str, lang: str = "en") -> list[tuple[str, str]]:
    """Return the words that are marked in a request, with their roles."""
    spans = spans_of(text, parse_calls(answer, installed_tools()).calls, lang)
    return [(role, text[start:end]) for start, end, role in spans or ()]


@pytest.mark.parametrize(
    ("text", "answer", "wanted"),
    [
        (
            "squash with Olu on Thursday at 6, pencil it in",
            '[create_event(title="squash with Olu", start="Thursday at 6",'
            ' attendees=["Olu"])]',
            [("title", "squash"), ("person", "Olu"), ("time", "on Thursday at 6")],
        ),
        (
            "eggs, oat milk and a lemon onto the camping list",
            '[add_to_list(item="eggs, oat milk and a lemon", list_name="camping")]',
            [
                ("item", "eggs"),
                ("item", "oat milk"),
                ("item", "a lemon"),
                ("list", "camping"),
            ],
        ),
        (
            "Liv has a new number, 555 0142",
            '[edit_contact(name="Liv", phone="555 0142")]',
            [("person", "Liv"), ("number", "555 0142")],
        ),
    ],
    ids=["title and company", "items", "number"],
)
def test_the_words_of_arguments_are_marked(
    text: str, answer: str, wanted: list[tuple[str, str]]
) -> None:
    """An argument's words have the role that sayings give them, and their borders."""
    assert marked(text, answer) == wanted


def test_what_is_said_in_other_words_is_not_marked_as_nothing() -> None:
    """Where an argument's words stand nowhere, all other words are unknown."""
    text = "wake me at six on weekdays"
    answer = '[set_alarm(time="six", repeat="every weekday")]'
    assert marked(text, answer) == [
        (UNKNOWN, "wake me "),
        ("time", "at six"),
        (UNKNOWN, " on weekdays"),
    ]


def test_a_foreign_request_may_be_about_any_topic() -> None:
    """What no tool does teaches no topic: a long one is only no greeting."""
    asked = Asked("who was it that invented the alarm clock", NONE, "en", "f")
    assert [row.wanted for row in row_of(asked, TOPICS)] == [("~other",)]
    hey = Asked("hey there", NONE, "en", "f")
    assert [row.wanted for row in row_of(hey, TOPICS)] == [("~greeting", "~other")]


def test_a_request_is_refilled_with_words_of_its_tool() -> None:
    """Other words of the same role come in, and the marks stand around them."""
    row = Row("wake me at 7", "en", ("set_alarm",), ((8, 12, "time"),), "f", "written")
    words = words_by_role(
        [Row("at noon", "en", ("set_alarm",), ((0, 7, "time"),), "g", "")]
    )
    found = refilled(row, words, random.Random(0))
    assert found.text == "wake me at noon"
    assert found.spans == ((8, 15, "time"),)


def test_what_is_measured_on_is_not_trained_on() -> None:
    """No trained row comes from the file that was kept for measuring."""
    trained = {row.frame for row in trained_rows()}
    assert trained
    assert not trained & {row.frame for f in (KEPT, UNSEEN) for row in written(f)}
