"""A request is understood: the tool, whether at all, the language and the words."""

from __future__ import annotations

import numpy as np
import pytest

from agentkit.discovery import installed_tools
from agentkit.tools import Toolset
from agentkit.understanding import ROLES, read
from agentkit.understanding.features import read_tokens
from agentkit.understanding.judgement import read_spans
from agentkit.understanding.network import TAGS, Array

TOOLSET = installed_tools()


@pytest.mark.parametrize(
    ("text", "tool", "language"),
    [
        ("could you wake me up at half past six tomorrow", "set_alarm", "en"),
        ("put oat milk on the shopping list", "add_to_list", "en"),
        ("erinnere mich morgen um neun an den Müll", "create_reminder", "de"),
        ("stell einen Timer auf zehn Minuten", "start_timer", "de"),
    ],
)
def test_an_ordinary_request_finds_its_tool(
    text: str, tool: str, language: str
) -> None:
    """The tool and the language are found."""
    reading = read(text, TOOLSET)
    assert (reading.tool, reading.language) == (tool, language)
    assert reading.choices[0].reason


@pytest.mark.parametrize(
    "text",
    [
        "thanks, that was great",
        "hello",
        "play some jazz",
        "turn off the lights in the kitchen",
        "who wrote war and peace",
        "",
        "👍👍",
        "?!",
    ],
)
def test_what_no_tool_does_is_left(text: str) -> None:
    """Thanks, foreign requests and signs ask for no call."""
    assert read(text, TOOLSET).verdict != "call"


def test_a_tool_that_is_not_there_is_not_chosen() -> None:
    """The same request before other tools is left or asked about."""
    others = TOOLSET.select([name for name in TOOLSET.names if "alarm" not in name])
    reading = read("wake me up at half past six tomorrow", others)
    assert "set_alarm" not in {choice.tool for choice in reading.choices}


def test_probabilities_are_shares() -> None:
    """What the choices take is at most the whole, best first."""
    shares = [c.probability for c in read("remind me to call mom", TOOLSET).choices]
    assert shares == sorted(shares, reverse=True)
    assert 0 < sum(shares) <= 1.0001


def test_every_word_is_accounted_for() -> None:
    """Each word is asked for, filled in, courtesy or not understood."""
    text = "please remind me to water the plants tomorrow zorbly"
    reading = read(text, TOOLSET)
    became = {text[w.start : w.end]: w.became for w in reading.words}
    assert len(reading.words) == len(text.split())
    assert became["remind"] == "asked for"
    assert became["please"] == "courtesy"
    assert became["tomorrow"] == "filled in"


def test_spans_have_a_role_and_stand_in_the_text() -> None:
    """The words of a role are found where they stand."""
    text = "send Anna a message saying the train is late"
    spans = {text[s.start : s.end]: s.role for s in read(text, TOOLSET).spans}
    assert spans["Anna"] == "person"
    assert set(spans.values()) <= set(ROLES)


def test_the_language_may_be_given() -> None:
    """A language that is known is not guessed."""
    assert read("ok", TOOLSET, language="it").language == "it"


@pytest.mark.parametrize("text", ["a" * 100_000, "set " * 25_000, "\x00\ud7ff\u202e x"])
def test_bad_input_is_read_without_harm(text: str) -> None:
    """Long and odd texts are read as anything else."""
    assert read(text, TOOLSET).verdict in ("call", "ask", "leave")


def test_no_tools_means_no_choice() -> None:
    """Before an empty toolset everything is left."""
    assert read("set an alarm for six", Toolset([])).verdict == "leave"


def test_what_is_no_text_is_read() -> None:
    """Half a surrogate pair, as of bytes that are not UTF-8, breaks no reading."""
    assert read("remind me \udce9 at 5", installed_tools()).language


@pytest.mark.parametrize("text", ["ok", "undo", "OK!"])
def test_a_word_of_no_language_is_answered_in_english(text: str) -> None:
    """One word that many languages have tells none of them."""
    assert read(text, TOOLSET).language == "en"


def scores(*rows: dict[str, float]) -> Array:
    """Make log-probabilities; a tag that is not given gets what is left."""
    made = np.full((len(rows), len(TAGS)), 1e-4)
    for row, given in zip(made, rows, strict=True):
        for tag, value in given.items():
            row[TAGS.index(tag)] = value
    logs: Array = np.log(made)
    return logs


def test_a_span_covers_the_words_of_its_role() -> None:
    """B begins a span and I goes on."""
    text = "call Anna Keller now"
    tags = scores(
        {"O": 0.9}, {"B-person": 0.9}, {"I-person": 0.8}, {"B-time": 0.7, "O": 0.2}
    )
    found = read_spans(read_tokens(text), tags)
    assert [(text[s.start : s.end], s.role) for s in found] == [
        ("Anna Keller", "person"),
        ("now", "time"),
    ]


def test_nothing_goes_on_that_has_not_begun() -> None:
    """A likely I without its B costs the B, or gives way."""
    tags = scores({"O": 0.6, "B-item": 0.3}, {"I-item": 0.9})
    (span,) = read_spans(read_tokens("oat milk"), tags)
    assert (span.start, span.end, span.role) == (0, 8, "item")


def test_a_span_is_as_sure_as_its_least_sure_word() -> None:
    """The probability is that of the weakest tag in it."""
    tags = scores({"B-item": 0.9}, {"I-item": 0.5, "O": 0.4})
    (span,) = read_spans(read_tokens("oat milk"), tags)
    assert round(span.probability, 2) == 0.5


def test_two_things_of_a_role_side_by_side_are_two_spans() -> None:
    """A second B begins a second span."""
    tags = scores({"B-item": 0.9}, {"B-item": 0.9})
    assert len(read_spans(read_tokens("milk eggs"), tags)) == 2


def test_what_was_done_earlier_may_be_taken_back_at_first() -> None:
    """A conversation may begin with an undo, though with no other follow-up."""
    reading = read("mach das bitte rückgängig", TOOLSET, begins=True)
    assert reading.topic == "followup_undo"
    assert reading.verdict == "leave"


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [("hello there", 0.8, 1), ("thanks a lot", 0.8, 1), ("add milk", 0, 0.1)],
)
def test_how_friendly_a_text_is(text: str, least: float, most: float) -> None:
    """Whatever the tools, a greeting is said to be friendly, and an order is not."""
    assert least <= read(text, TOOLSET).friendly <= most
