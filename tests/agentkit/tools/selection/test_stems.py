"""Text to stems."""

import pytest

from agentkit.tools.selection.stems import (
    phrases_in,
    phrases_of,
    read_stems,
    read_words,
    split_request,
    stem,
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("getCurrentTime", ["get", "current", "time"], id="camel"),
        pytest.param("HTTPServer", ["http", "server"], id="capitals"),
        pytest.param("to_do.list", ["to", "do", "list"], id="snake and dots"),
        pytest.param("443 * 349", ["443", "multiply", "349"], id="sign"),
        pytest.param("3 times 4", ["3", "multiply", "4"], id="times"),
        pytest.param("20%", ["20", "percent"], id="percent"),
    ],
)
def test_words_are_read(text: str, words: list[str]) -> None:
    """Identifiers come apart and signs become words."""
    assert read_words(text) == words


@pytest.mark.parametrize(
    ("one", "other"),
    [("reservations", "reserve"), ("booking", "books"), ("calculator", "calculate")],
)
def test_forms_of_a_word_share_a_stem(one: str, other: str) -> None:
    """Inflected and derived forms meet."""
    assert stem(one) == stem(other)


def test_filler_words_are_left_out() -> None:
    """Words that say nothing about the task do not count."""
    assert read_stems("could you please give me the") == []


def test_one_clause_is_not_split() -> None:
    """A request of one part has no parts."""
    assert split_request("play some quiet music") == ()


def test_sentences_and_clauses_are_parts() -> None:
    """A request is cut at sentences and at joints."""
    parts = split_request("Find cheap flights and hotels nearby. Email Anna Smith.")
    assert {"Find cheap flights", "hotels nearby", "Email Anna Smith"} <= set(parts)


@pytest.mark.parametrize(
    ("example", "pair", "there"),
    [
        pytest.param("tell {person} {text}", "^ tel", True, id="the first word"),
        pytest.param("(move|shift) my talk", "shift my", True, id="a choice"),
        pytest.param(
            "move my {title}+(talk|call)", "my talk", False, id="slot between"
        ),
        pytest.param("show [all] lists", "show list", True, id="optional between"),
    ],
)
def test_phrases_of_examples(example: str, pair: str, there: bool) -> None:
    """Neighbours in an example are pairs; a slot ends a phrase, an option is skipped."""
    assert (pair in phrases_in(example)) is there


def test_phrases_of_a_request_meet_those_of_an_example() -> None:
    """A request that begins like an example shares its first pair."""
    shared = phrases_of("Tell Anna hi") & phrases_in("tell {person} {text}")
    assert shared == {"^ tel"}
