"""Which call a marked sentence asks for."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.benchmarks.nano.gold import call_of
from tests.benchmarks.nano.said_parts import Part

_MARKED = re.compile(r"<([^|>]+)\|([^>]+)>")


def wanted(tool: str, marked: str, lang: str = "en") -> dict[str, Any] | None:
    """Return the arguments of a sentence with its spans written as `<words|slot>`."""
    text, parts, at = "", list[Part](), 0
    for found in _MARKED.finditer(marked):
        text += marked[at : found.start()]
        words, slot = found.groups()
        parts.append(Part(slot, words, len(text), len(text) + len(words)))
        text, at = text + words, found.end()
    known = call_of(tool, lang, text + marked[at:], parts)
    return known[1] if known else None


@pytest.mark.parametrize(
    ("tool", "marked", "arguments"),
    [
        (
            "move_event",
            "move the <picnic|title> <on Sunday|time/day> to <Friday|time/bare>",
            {"title": "picnic", "when": "on Sunday", "to": "Friday"},
        ),
        (
            "move_event",
            "the <gym|title> starts <at 3|time/clock> instead of <at 4|time/clock>",
            {"title": "gym", "to": "at 3", "when": "at 4"},
        ),
        (
            "convert_units",
            "how many <grams|query> are in <3 ounces|query>",
            {"unit": "grams", "quantity": "3 ounces"},
        ),
        (
            "convert_units",
            "convert <20 pounds|query> to <kilos|query>",
            {"quantity": "20 pounds", "unit": "kilos"},
        ),
        (
            "convert_time",
            "convert <8am|time> <Oslo|place> time to <Rome|place> time",
            {"time": "8am", "from_place": "Oslo", "to_place": "Rome"},
        ),
        (
            "edit_event",
            "rename my <haircut|title> to <barber|title>",
            {"title": "haircut", "new_title": "barber"},
        ),
        (
            "edit_contact",
            "<Ana|person> is my <sister|person>",
            {"name": "Ana", "relation": "sister"},
        ),
    ],
)
def test_two_spans_of_a_role(tool: str, marked: str, arguments: dict[str, Any]) -> None:
    """What stands between two spans of one role tells them apart."""
    assert wanted(tool, marked) == arguments


def test_two_spans_of_which_nothing_is_known() -> None:
    """A sentence with two spans of one role in no known order gives no row."""
    assert wanted("move_event", "<gym|title> <Monday|time> <Friday|time>") is None


def test_time_of_another_place() -> None:
    """ "Their time" is given there and asked for here; without "here" it is unsure."""
    asked = "it's <at 3|time> <Oslo|place> time, when's that"
    here = {"time": "at 3", "from_place": "Oslo", "to_place": "here"}
    assert wanted("convert_time", f"{asked} here") == here
    assert wanted("convert_time", f"{asked} for us") is None


def test_only_the_last_of_two_is_marked() -> None:
    """ "Hannah and my boss" are two people, though one is marked."""
    marked = "when can Hannah and my <boss|person> and I meet"
    assert wanted("find_slot", marked) == {"duration": "", "people": ["Hannah", "boss"]}


def test_a_length_of_time_from_now() -> None:
    """A length is a time only behind a whole word "in"."""
    assert wanted("set_alarm", "wake me in <an hour|duration>") == {
        "time": "in an hour"
    }
    within = "tell me if <Ana|person> is silent within <an hour|duration>"
    assert wanted("await_answer", within) is None


def test_a_repeat_has_its_clock_apart() -> None:
    """A tool takes how often and at what time in two arguments."""
    marked = "wake me <every day at 7|time/repeat>"
    assert wanted("set_alarm", marked) == {"repeat": "every day", "time": "at 7"}


@pytest.mark.parametrize(
    ("marked", "name"),
    [
        ("make the <gym|title> <an hour|duration> longer", "longer"),
        ("shorten the <gym|title> by <an hour|duration>", "shorter"),
        ("shorten the <gym|title> to <an hour|duration>", "duration"),
    ],
)
def test_length_of_an_event(marked: str, name: str) -> None:
    """By how much, or to what: the words around a length tell."""
    assert wanted("edit_event", marked) == {"title": "gym", name: "an hour"}


def test_to_whom_the_user_wrote() -> None:
    """A person whom the user wrote to is not who sent it."""
    marked = "what did I promise <Ana|person>"
    assert wanted("find_messages", marked) == {"to": "Ana"}
