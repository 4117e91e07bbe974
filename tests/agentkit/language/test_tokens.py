"""Texts are taken apart with the places of their parts, and made comparable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentkit.language import fold, tokenize


@given(st.text(max_size=60))
def test_each_token_says_where_it_stood(text: str) -> None:
    """Tokens are in order, do not overlap, and leave only white space out."""
    tokens = tokenize(text)
    places = [place for token in tokens for place in range(token.start, token.end)]
    assert places == sorted(set(places))
    left = [sign for place, sign in enumerate(text) if place not in set(places)]
    assert all(sign.isspace() for sign in left)


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    """A folded text is its own."""
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [("  Zoë ", "zoe"), ("ÅNGSTRÖM", "angstrom"), ("Straße", "strasse"), ("ﬁn", "fin")],
)
def test_folded(text: str, folded: str) -> None:
    """Case, accents, ligatures and outer spaces do not tell names apart."""
    assert fold(text) == folded
