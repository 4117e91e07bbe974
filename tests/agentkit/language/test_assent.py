"""A plain yes or no is read in eight languages; anything more is left alone."""

from __future__ import annotations

import pytest

from agentkit.language import LANGUAGES
from agentkit.language.assent import read_assent
from agentkit.language.vocabularies import word_table

SAID = {
    "yes": True,
    "Yes, please!": True,
    "OK.": True,
    "Ja gerne": True,
    "D\u2019accord": True,
    "Sì": True,
    "हाँ": True,
    "ใช่ครับ": True,
    "no": False,
    "No, thanks": False,
    "nein danke.": False,
    "não": False,
    "नहीं": False,
    "ไม่ต้อง": False,
    "yes, but at five": None,
    "yes?": None,
    "not the first one": None,
    "": None,
    "what is on my list?": None,
}


@pytest.mark.parametrize(("text", "meant"), SAID.items(), ids=SAID)
def test_a_plain_answer_is_read(text: str, meant: bool | None) -> None:
    """What says more than yes or no is neither."""
    assert read_assent(text) is meant


@pytest.mark.parametrize("kind", ["yes", "no"])
def test_every_language_has_both_answers(kind: str) -> None:
    """No language is left without a word to agree with or to refuse with."""
    assert set(word_table("assent")[kind]) == set(LANGUAGES)


def test_no_word_is_both() -> None:
    """A word that is a yes in one language and a no in another would decide by chance."""
    table = word_table("assent")
    said = {kind: {w for ws in table[kind].values() for w in ws} for kind in table}
    assert not said["yes"] & said["no"]
