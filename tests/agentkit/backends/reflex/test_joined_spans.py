"""Things that stand together are put on a list together, in every language."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentkit import Agent, Context
from agentkit.backends import ReflexBackend
from agentkit.backends.reflex.joined_spans import joined_items
from agentkit.discovery import installed_tools
from agentkit.understanding import Span

pytest.importorskip("numpy", reason="the trained understanding needs numpy")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Setz Milch und Brot auf die Einkaufsliste", ["Milch", "Brot"]),
        ("Setz Nudeln, Eier und Honig auf die Liste", ["Nudeln", "Eier", "Honig"]),
        ("Aggiungi latte e pane alla lista della spesa", ["latte", "pane"]),
        ("Adicione leite e pão à lista de compras", ["leite", "pão"]),
        ("खरीदारी सूची में दूध और ब्रेड जोड़ो", ["दूध", "ब्रेड"]),
        ("เพิ่มนมและขนมปังในรายการซื้อของ", ["นม", "ขนมปัง"]),
    ],
    ids=["de", "de three", "it", "pt", "hi", "th"],
)
def test_all_things_are_put_on_the_list(
    tmp_path: Path, said: str, kept: list[str]
) -> None:
    """None is lost behind "and", and the verb is none."""
    home = Context(home=tmp_path)
    agent = Agent(
        installed_tools(), ReflexBackend(), context=home, approve=lambda _: True
    )
    (call,) = agent.run(said).calls
    assert call.name == "add_to_list"
    assert (tmp_path / "lists.ics").read_text("utf-8").count("SUMMARY:") == len(kept)
    assert all(one in str(call.arguments["item"]) for one in kept)


def items(text: str, *words: str) -> list[Span]:
    """Lay spans over words of a text."""
    starts = [(text.index(word), word) for word in words]
    return [Span(start, start + len(word), "item", 1.0) for start, word in starts]


@pytest.mark.parametrize(
    ("text", "words", "whole"),
    [
        ("setz Milch und Brot drauf", ["Milch und", "Brot"], "Milch und Brot"),
        ("Milch und Brot bitte", ["Milch und", "Brot"], "Milch und Brot"),
        ("setz Milch auf A, Brot", ["Milch", "Brot"], "Milch"),
        ("Kauf Milch", ["Kauf", "Milch"], "Milch"),
        ("Salz, Eier drauf", ["Salz", "Eier"], "Salz, Eier"),
    ],
    ids=["and", "at the start", "apart", "a verb", "no verb"],
)
def test_spans_of_things_are_joined(text: str, words: list[str], whole: str) -> None:
    """Only what stands side by side becomes one."""
    (span,) = joined_items(items(text, *words), text, "de")
    assert text[span.start : span.end] == whole
