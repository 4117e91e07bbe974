"""What is said in one breath for a list is taken apart, in several languages."""

from __future__ import annotations

import pytest

from agentkit_tools._list_items import things_of


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("eggs and bread", ["eggs", "bread"]),
        ("mac and cheese", ["mac and cheese"]),
        ("Black and Decker", ["Black and Decker"]),
        ("Milch und Brot", ["Milch", "Brot"]),
        ("leche, huevos y pan", ["leche", "huevos", "pan"]),
        ("lait et pain", ["lait", "pain"]),
        ("pane e latte", ["pane", "latte"]),
        ("दूध और ब्रेड", ["दूध", "ब्रेड"]),
        ("nuts (almonds, cashews), milk", ["nuts (almonds, cashews)", "milk"]),
    ],
    ids=["en", "pair", "title", "de", "es", "fr", "it", "hi", "brackets"],
)
def test_things_are_taken_apart(said: str, expected: list[str]) -> None:
    """The word before the last thing is no part of it; a pair stays one."""
    assert things_of(said) == expected
