"""Spans of other languages than English are put together, and the name is found in them."""

from __future__ import annotations

import pytest

from agentkit.backends.reflex.foreign_spans import one_text, whole_names, with_hearer
from agentkit.backends.reflex.kits import kit_for
from agentkit.discovery import installed_tools
from agentkit.understanding import Span

PARAMS = kit_for(installed_tools()).params


def marked(text: str, *parts: tuple[str, str]) -> tuple[Span, ...]:
    """Mark words of a text with their roles."""
    return tuple(
        Span(text.index(words), text.index(words) + len(words), role, 1.0)
        for words, role in parts
    )


def shown(text: str, spans: tuple[Span, ...]) -> list[tuple[str, str]]:
    return [(span.role, text[span.start : span.end]) for span in spans]


@pytest.mark.parametrize(
    ("language", "text", "told", "whom", "said"),
    [
        ("th", "บอก Ana ว่ากำลังไป", "Ana ว่ากำลังไป", "Ana", "กำลังไป"),
        ("de", "schreib Ana dass ich komme", "Ana dass ich komme", "Ana", "ich komme"),
        ("es", "escribe Ana que voy", "Ana que voy", "Ana", "voy"),
    ],
)
def test_the_name_before_that_is_who_is_told(
    language: str, text: str, told: str, whom: str, said: str
) -> None:
    """A tagger took it for words of the message."""
    spans = with_hearer(
        marked(text, (told, "text")), language, text, PARAMS["send_message"]
    )
    assert shown(text, spans) == [("person", whom), ("text", said)]


def test_words_without_a_name_stay_a_message() -> None:
    """Not all that stands before "that" is somebody."""
    text = "sag ich weiß dass du kommst"
    spans = marked(text, ("ich weiß dass du kommst", "text"))
    assert with_hearer(spans, "de", text, PARAMS["send_message"]) == spans


def test_neighbours_are_one_where_one_text_is_wanted() -> None:
    """A search has no item beside its words; a list has."""
    text = "หาสูตรขนมปัง"
    spans = marked(text, ("สูตร", "query"), ("ขนมปัง", "item"))
    assert shown(text, one_text(spans, text, PARAMS["search_web"])) == [
        ("query", "สูตรขนมปัง")
    ]
    assert one_text(spans, text, PARAMS["add_to_list"]) == spans


def test_a_first_and_a_last_name_are_one() -> None:
    """Names that were found apart are one person's where only a space parts them."""
    text = "add Jana Weiß, Tom"
    spans = marked(text, ("Jana", "person"), ("Weiß", "person"), ("Tom", "person"))
    assert shown(text, whole_names(spans, text)) == [
        ("person", "Jana Weiß"),
        ("person", "Tom"),
    ]
