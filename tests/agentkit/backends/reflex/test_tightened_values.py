"""Values of a sentence's slot lose the words at their edges that only ask."""

from __future__ import annotations

import pytest

from agentkit.backends.reflex.drafts import CallDraft
from agentkit.backends.reflex.parameters import Param
from agentkit.backends.reflex.tightened_values import tightened
from agentkit.understanding import Reading, Span
from agentkit.understanding.request_meaning import Became, Choice, Word

TURN = "no need for onions any more"
TOOL = "remove_from_list"


def meant(became: Became, probability: float = 0.9) -> Reading:
    """Return a reading in which "onions" is the item, and what became of the rest."""
    start, words = TURN.index("onions"), list[Word]()
    for said in TURN.split():
        at = TURN.index(said)
        words.append(Word(at, at + len(said), "filled in" if at == start else became))
    span = Span(start, start + len("onions"), "item", 1.0)
    choices = (Choice(TOOL, probability, ""),)
    return Reading(choices, "call", "", "", 0.0, 0.0, (span,), "en", tuple(words))


def cut(name: str, reading: Reading) -> object:
    """Return what becomes of "for onions any more" as an argument."""
    draft = CallDraft(TOOL, {name: "for onions any more"}, (), (), "")
    params = {name: Param(name, "text", True)}
    return tightened(draft, TURN, reading, params).arguments[name]


def test_words_that_ask_are_no_part_of_a_value() -> None:
    """Of "for onions any more" the onions are what is removed."""
    assert cut("item", meant("asked for")) == "onions"


@pytest.mark.parametrize(
    ("name", "reading"),
    [
        ("item", meant("not understood")),
        ("item", meant("asked for", 0.3)),
        ("title", meant("asked for")),
        ("text", meant("asked for")),
    ],
    ids=["not understood", "another tool is likelier", "a title", "a message"],
)
def test_a_value_stays_whole_where_words_may_belong_to_it(
    name: str, reading: Reading
) -> None:
    """Words that nothing explains, and those of titles and messages, are kept."""
    assert cut(name, reading) == "for onions any more"
