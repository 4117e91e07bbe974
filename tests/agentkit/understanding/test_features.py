"""Tokens and features are the same way in every language."""

from __future__ import annotations

import pytest

from agentkit.understanding.features import BUCKETS, number_features, read_tokens


def said(text: str) -> list[str]:
    return [text[token.start : token.end] for token in read_tokens(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("call me at 5pm", ["call", "me", "at", "5", "pm"]),
        ("5:30?", ["5", ":", "30", "?"]),
        ("दूध खरीदना", ["दूध", "खरीदना"]),
        ("l'été", ["l", "'", "été"]),
        ("ตั้งปลุก", ["ตั้", "ง", "ป", "ลุ", "ก"]),
        ("", []),
        ("👍", ["👍"]),
    ],
)
def test_a_text_is_taken_apart(text: str, wanted: list[str]) -> None:
    """Words keep their marks, digits stand alone, Thai is read by syllable signs."""
    assert said(text) == wanted


def test_tokens_know_where_they_stand() -> None:
    """A token's place is that in the text as it was given."""
    text = "  Ruf   MIA an!"
    assert [text[t.start : t.end].casefold() for t in read_tokens(text)] == [
        t.text for t in read_tokens(text)
    ]


def test_a_slip_of_the_finger_shares_features() -> None:
    """A misspelt word shares features with the word; another word shares none."""
    right, wrong, other = (
        set(number_features(read_tokens(word))[0])
        for word in ("appointment", "appointmnet", "umbrella")
    )
    assert len(right & wrong) >= 5
    assert len(right & other) <= 1


def test_features_fit_the_table() -> None:
    """Every number is a row of the table, whatever the script."""
    texts = ("Zürich", "กรุงเทพ", "नमस्ते", "12:30", "東京", "🎉", "a" * 500)
    numbers = [
        n for text in texts for row in number_features(read_tokens(text)) for n in row
    ]
    assert 0 <= min(numbers) <= max(numbers) < BUCKETS


def test_a_long_text_costs_no_more_than_a_page() -> None:
    """Of 100 kB, no more than the beginning is read."""
    assert len(read_tokens("word " * 20_000)) == len(read_tokens("word " * 800))
