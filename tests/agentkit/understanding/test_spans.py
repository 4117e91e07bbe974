"""Spans are the best sequence of tags that is well formed."""

from __future__ import annotations

import numpy as np

from agentkit.understanding.features import read_tokens
from agentkit.understanding.network import TAGS, Array
from agentkit.understanding.spans import read_spans


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
