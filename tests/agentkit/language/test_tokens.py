"""Texts are taken apart with the places of their parts, and made comparable."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentkit.language import fold, tokenize
from agentkit.language.tokens import MAIL, PHONE, URL, WRITTEN_MAIL, WRITTEN_PHONE


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


@pytest.mark.parametrize(
    ("shape", "text", "found"),
    [
        (MAIL, "Write to ana.sousa+x@mail.example.org, please.",
         ["ana.sousa+x@mail.example.org"]),
        (MAIL, "<ana@example.org>,bob@example.org", ["ana@example.org", "bob@example.org"]),
        (MAIL, "ana@example.org.", ["ana@example.org"]),
        (MAIL, "a@b is none, nor @ana or ana@", []),
        (MAIL, "müller@example.org", ["müller@example.org"]),
        (URL, "See https://example.org/a?b=c, or (www.example.org).",
         ["https://example.org/a?b=c,", "www.example.org"]),
        (PHONE, "Call +49 (0)30 123456 or 415-555-0132.",
         ["+49 (0)30 123456", "415-555-0132"]),
        (PHONE, "Room 12, 3.5 m, version 1.2.3", []),
    ],
    ids=["mail", "mails", "stop", "no mail", "umlaut", "pages", "phones", "no phone"],
)  # fmt: skip
def test_what_stands_in_a_text(
    shape: re.Pattern[str], text: str, found: list[str]
) -> None:
    """Each is found with all of its signs and none of its neighbours."""
    assert shape.findall(text) == found


@pytest.mark.parametrize("local", ["a&b", "o=x", "user/dept", "x" * 64])
def test_an_address_that_somebody_wrote_is_taken_whole(local: str) -> None:
    """No part of an address is taken for another one's."""
    assert WRITTEN_MAIL.fullmatch(f"{local}@example.org")


@pytest.mark.parametrize("number", ["11 22 3", "+49 30 123456", "(030) 12-34/56"])
def test_a_number_that_somebody_wrote(number: str) -> None:
    """Short numbers are numbers too where somebody wrote them as such."""
    assert WRITTEN_PHONE.fullmatch(number)
