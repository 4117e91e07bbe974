from datetime import UTC, datetime

import pytest

from agentkit.backends.reflex.clause_words import trimmed, with_roles, without_articles
from agentkit.backends.reflex.persons import NO_PERSON, people_cost
from agentkit.backends.reflex.request_tokens import read_words

NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "stems"),
    [
        ("What's up?", ["what", "up"]),
        ("I don't know", ["i", "do", "not", "know"]),
        ("Bob's dogs", ["bob", "'s", "dog"]),
        ("get rid of it", ["remove", "it"]),
        ("say “so long” twice", ["say", '"', "twice"]),
        ("write to a.b@example.org", ["write", "to", "@"]),
        ("tomorrow at 3pm we sail", ["<when>", "we", "sail"]),
        ("ten minutes", ["<duration>"]),
    ],
)
def test_reads_words(text: str, stems: list[str]) -> None:
    """Contractions, phrases, quotations, addresses and dates are read as such."""
    assert [word.stem for word in read_words(text, NOW)] == stems


def test_words_know_their_place() -> None:
    """Each word can be cut from the text again."""
    text = "Call  Bob, please"
    assert [text[w.start : w.end] for w in read_words(text)] == [
        "Call",
        "Bob",
        "please",
    ]


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("could you please feed the dog", "feed the dog"),
        ("hey, I want you to feed the dog for me please", "feed the dog"),
        ("please", "please"),
    ],
)
def test_takes_courtesies_off(text: str, rest: str) -> None:
    """Courtesies at both ends fall away, but never everything."""
    assert " ".join(word.norm for word in trimmed(read_words(text))) == rest


@pytest.mark.parametrize(("text", "verb"), [("list my dogs", True), ("my list", False)])
def test_tells_nouns_from_verbs(text: str, verb: bool) -> None:
    """ "List" is a verb at the front and a noun elsewhere."""
    words = with_roles(read_words(text))
    assert any(word.act for word in words if word.stem == "list") is verb


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("mom", True), ("Ann Lee", True), ("bob and sue", True), ("her", True),
        ("x@example.org", True), ("the bank", False), ("running", True),
        ("what", False), ("and", False),
    ],
)  # fmt: skip
def test_tells_people(text: str, person: bool) -> None:
    """Names, roles, pronouns and addresses are people; "the bank" is not."""
    words = without_articles(read_words(f"tell {text}"))[1:]
    assert (people_cost(words) < NO_PERSON) is person
