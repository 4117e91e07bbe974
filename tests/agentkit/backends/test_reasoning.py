"""A model's thoughts are parted from what it says, however they come."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentkit.backends.reasoning import ThoughtFilter
from agentkit.backends.replies import ReplyReader
from agentkit.tools import Toolset

PARTS = st.sampled_from(
    ["<think>", "</think>", "<", "</", "think", ">", " ", "\n", "Hm. ", "[THINK]", "3"]
)


def parted(pieces: list[str]) -> tuple[str, str]:
    """Return what is thought and what is said of a text that comes in pieces."""
    thoughts = ThoughtFilter()
    found = [*map(thoughts.feed, pieces), thoughts.close()]
    return "".join(thought for thought, _ in found), "".join(said for _, said in found)


@pytest.mark.parametrize(
    ("text", "thought", "said"),
    [
        pytest.param("It is 3.", "", "It is 3.", id="none"),
        pytest.param("<think>1+2</think>It is 3.", "1+2", "It is 3.", id="think"),
        pytest.param(" \n<think>1</think>\n\n3", "1", "3", id="spaces around"),
        pytest.param("[THINK]1[/THINK]3", "1", "3", id="Mistral"),
        pytest.param("<thinking>1</thinking>3", "1", "3", id="thinking"),
        pytest.param("<think>a</think><think>b</think>3", "ab", "3", id="twice"),
        pytest.param("<think>1+", "1+", "", id="cut off"),
        pytest.param("<think>a < b</think>3", "a < b", "3", id="a sign in it"),
        pytest.param("See <think>?</think>", "", "See <think>?</think>", id="later on"),
        pytest.param("<thimble>", "", "<thimble>", id="another tag"),
        pytest.param("", "", "", id="nothing"),
    ],
)
def test_thoughts_are_parted(text: str, thought: str, said: str) -> None:
    """Tags at the beginning hold thoughts; whole or letter by letter is the same."""
    assert parted([text]) == (thought, said)
    assert parted(list(text)) == (thought, said)


@given(text=st.lists(PARTS, max_size=12).map("".join), data=st.data())
def test_any_chunking_gives_the_same(text: str, data: st.DataObject) -> None:
    """However the output is cut, the parts are those of the whole."""
    cuts = data.draw(st.lists(st.integers(0, len(text)), max_size=8))
    edges = [0, *sorted(cuts), len(text)]
    assert parted([text[a:b] for a, b in pairwise(edges)]) == parted([text])


def test_listeners_hear_them_apart() -> None:
    """Thoughts go to their own listener, and to the reply's `reasoning`."""
    said: list[str] = []
    thought: list[str] = []
    reading = ReplyReader(Toolset(), said.append, thought.append)
    for letter in "<think>1+2</think>It is 3.":
        reading.hear(letter)
    reply = reading.close("stop")
    assert ("".join(thought), "".join(said)) == ("1+2", "It is 3.")
    assert (reply.reasoning, reply.text) == ("1+2", "It is 3.")
