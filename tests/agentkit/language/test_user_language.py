"""What the core asks and tells is said in the user's language, with the same values in it."""

from __future__ import annotations

import re

import pytest

from agentkit import Context, InputNeeded
from agentkit.language import LANGUAGES, speaking
from agentkit.language.user_language import in_words
from agentkit.language.vocabularies import word_table
from agentkit.slots import Contact, resolve_contact


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_sentence_is_there_with_its_values(language: str) -> None:
    """No sentence is missing, and none has lost what it is about."""
    asked = word_table("core_wording")[language]
    assert asked.keys() == word_table("core_wording")["de"].keys()
    for english, said in asked.items():
        slots, others = (re.findall(r"\{(\w+)", one) for one in (english, said))
        assert sorted(others) == sorted(slots), english


@pytest.mark.parametrize(
    ("language", "asked"),
    [
        ("en", "Which Ann: Ann Lee or Ann Moor?"),
        ("de", "Wer ist mit Ann gemeint: Ann Lee oder Ann Moor?"),
        ("th", "Ann คนไหน: Ann Lee หรือ Ann Moor"),
        ("sw", "Which Ann: Ann Lee or Ann Moor?"),
    ],
)
def test_names_are_asked_about_in_the_users_language(language: str, asked: str) -> None:
    """A language without sentences of its own is asked in English."""
    with speaking(language):
        choices = ("Ann Lee", "Ann Moor")
        assert in_words("Which {said}: {choices}?", "Ann", choices) == asked


def test_contacts_are_asked_about_in_the_users_language() -> None:
    """A name of several people, and a name of nobody."""
    people = [Contact("Ann Lee", ("l@x.org",)), Contact("Ann Moor", ("m@x.org",))]
    context = Context(contacts=lambda _: people)
    with speaking("es"), pytest.raises(InputNeeded, match=r"¿Qué Ann: .* o .*\?"):
        resolve_contact("Ann", context)
    with speaking("es"), pytest.raises(InputNeeded, match="¿A qué correo"):
        resolve_contact("Zebulon", context)
