"""Text of others is read in work that grows with its length, and no faster."""

from __future__ import annotations

import cProfile
from collections.abc import Callable

import pytest

from tests.agentkit.privacy.crafted import READERS, UNITS

SMALL, LARGE = 1_000, 4_000


def calls(read: Callable[[str], object], text: str) -> int:
    """Count the calls that reading a text takes."""
    profile = cProfile.Profile()
    profile.runcall(read, text)
    return sum(entry.callcount for entry in profile.getstats())


@pytest.mark.parametrize("name", READERS)
def test_calls_grow_with_the_text(name: str) -> None:
    """Four times the text takes hardly more than four times the calls."""
    read = READERS[name]
    read("a")  # what is loaded and compiled once is no work of a text
    steep = {}
    for unit in UNITS:
        read(unit)
        small, large = (
            calls(read, unit * (size // len(unit))) for size in (SMALL, LARGE)
        )
        if large > 5 * max(small, 500):
            steep[unit] = small, large
    assert steep == {}


@pytest.mark.parametrize("name", [name for name in READERS if name != "mask"])
def test_long_texts_are_read(name: str) -> None:
    """A hundred thousand signs of a kind: what looks at each from each would not end."""
    for unit in ("\\", "\n", "sk-", "://", "://a:", "<a ", "<!--", "a-", "["):
        READERS[name](unit * (100_000 // len(unit)) + "!")
