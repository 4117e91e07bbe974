"""What is made of a toolset once."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from agentkit.tools import PerToolset, Tool, Toolset, tool


def named(name: str, *examples: str) -> Toolset:
    @tool(name=name, effect="read", examples=examples)
    def look() -> str:
        """Look."""
        return ""

    made: Tool[Callable[[], str]] = look
    return Toolset(made)


def test_equal_toolsets_share_it() -> None:
    """It is made once for toolsets that are equal, examples included."""
    counts = itertools.count(1)
    kept = PerToolset(lambda _: next(counts))
    assert kept.of(named("a")) == kept.of(named("a")) == 1
    assert kept.of(named("a", "look around")) == 2
    assert kept.of(named("b")) == 3


def test_the_first_is_forgotten_first() -> None:
    """No more are kept than is said."""
    made: list[str] = []
    kept = PerToolset(lambda toolset: made.extend(toolset.names), most=2)
    for name in ("a", "b", "c", "b", "c", "a"):
        kept.of(named(name))
    assert made == ["a", "b", "c", "a"]
