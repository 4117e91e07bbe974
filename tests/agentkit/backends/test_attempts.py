"""Attempts at one answer, where a model took the same words for two arguments."""

from __future__ import annotations

from typing import Any

import pytest

from agentkit import Toolset, tool
from agentkit.backends import Reply, Request
from agentkit.backends.attempts import Attempt, likeliest, twice_taken
from agentkit.backends.decision import TRAINED, UNTRAINED
from agentkit.context import Context
from agentkit.messages import ToolCall, user


@tool(effect="read")
def find_sculpture(artist: str, title: str) -> str:
    """Find a sculpture.

    Args:
        artist: who made it.
        title: its name.
    """
    return f"{artist} {title}"


REQUEST = Request(
    conversation=(user("Find 'David' by Michelangelo"),),
    toolset=Toolset(find_sculpture),
    context=Context(),
)


def attempt(artist: str, title: str, logprob: float) -> Attempt:
    call = ToolCall("find_sculpture", {"artist": artist, "title": title})
    return Attempt(Reply(calls=(call,), tokens_out=10, passes=2), logprob)


FIRST = attempt("David", "David", -1.0)
OWN, SWAPPED = attempt("Michelangelo", "David", -2.0), attempt("David", "by", -3.0)


def test_the_likeliest_with_words_of_their_own_is_taken() -> None:
    """What has the same words twice is not, however likely it is."""
    found = likeliest(FIRST, [SWAPPED, OWN], REQUEST)
    assert found.calls == OWN.reply.calls


def test_all_that_was_written_is_counted() -> None:
    """The attempts that were dropped took their time as well."""
    found = likeliest(FIRST, [SWAPPED, OWN], REQUEST)
    assert (found.tokens_out, found.passes) == (30, 6)


def test_without_a_better_one_the_first_stays() -> None:
    """Words that nothing can take the place of are left as they are."""
    assert likeliest(FIRST, [FIRST], REQUEST).calls == FIRST.reply.calls
    assert likeliest(OWN, [], REQUEST) == OWN.reply


@pytest.mark.parametrize(
    ("heed", "constrain", "count"),
    [(UNTRAINED, "auto", 2), (UNTRAINED, "off", 0), (TRAINED, "auto", 0)],
)
def test_of_untrained_models_only(heed: Any, constrain: Any, count: int) -> None:
    """A model that was taught to call may mean what it repeats."""
    assert len(twice_taken(FIRST.reply, REQUEST, heed, constrain)) == count
