"""What the commands say stands in every language, and answers are taken in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import agentkit.cli
from agentkit.cli.opened import ASSISTANTS
from agentkit.cli.origins import origins
from agentkit.cli.phrasebook import day_in_words, is_yes, key_of, told
from agentkit.cli.questions import Questions
from agentkit.language import LANGUAGES, read_table, speaking
from agentkit.safety.rules import Approved, Denied
from tests.agentkit.cli.test_origins import EVE, asked
from tests.agentkit.cli.test_questions import Typed, approval

FOREIGN = LANGUAGES[1:]
ROOM = Path(agentkit.cli.__file__).parent
# What a person who is no developer meets: each day, and when setting up.
DAILY = (
    "brief", "chat", "connected", "empty_home", "imports", "narrator", "origins",
    "questions", "ringer", "setup", "watch",
)  # fmt: skip
# What prints, asks, or is shown meanwhile.
SHOWS = frozenset({"line", "parts", "ask", "echo", "confirm", "prompt", "spin"})
# Shown with --verbose alone, to whoever looks into the works.
VERBOSE = ("repaired: ", "judged", "tools shown")


def phrases(language: str) -> dict[str, str]:
    table: dict[str, str] = read_table(ROOM / "wording" / f"{language}.toml")["phrases"]
    return table


def calls(name: str) -> Iterator[ast.Call]:
    tree = ast.parse((ROOM / f"{name}.py").read_text("utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def called(call: ast.Call) -> str:
    named = call.func
    return named.attr if isinstance(named, ast.Attribute) else getattr(named, "id", "")


def said_in_code() -> set[str]:
    """List the sentences that the commands say through `told`."""
    found = {one.summary for one in ASSISTANTS}
    for path in ROOM.glob("*.py"):
        for call in calls(path.stem):
            first = call.args[0] if call.args else None
            if called(call) in ("told", "SlashCommand", "_asked", "_agreed"):
                found |= {
                    node.value
                    for node in (ast.walk(first) if first else ())
                    if isinstance(node, ast.Constant) and isinstance(node.value, str)
                }
    return {one for one in found if re.search(r"[A-Za-z]{2,} [A-Za-z]{2,}", one)}


@pytest.mark.parametrize("language", FOREIGN)
def test_every_sentence_is_there_in_every_language(language: str) -> None:
    """No sentence of the code is missing, and no language has one of its own."""
    parts = {"An earlier run was cut off in {tool}: {what}", "wants to "}
    assert said_in_code() - set(phrases(language)) - parts == set()
    assert phrases(language).keys() == phrases("de").keys()


@pytest.mark.parametrize("language", FOREIGN)
def test_sentences_hold_the_same_values(language: str) -> None:
    """What stands in braces in English stands there in the other language, too."""
    for english, said in phrases(language).items():
        slots, others = (re.findall(r"\{(\w+)", one) for one in (english, said))
        assert sorted(others) == sorted(slots), english


@pytest.mark.parametrize("name", DAILY)
def test_nothing_is_printed_but_through_the_phrasebook(name: str) -> None:
    """A sentence that is printed as it stands in the code would stay English."""
    bare: list[str] = []
    for call in calls(name):
        if called(call) not in SHOWS:
            continue
        inside = [
            one
            for part in ast.walk(call)
            if isinstance(part, ast.Call) and called(part) == "told"
            for one in ast.walk(part)
        ]
        bare += [
            node.value
            for node in ast.walk(call)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node not in inside
            and re.search(r"[a-z]{3,} [a-z]{2,}", node.value)
        ]
    styles = {"bold cyan", "bold red"}
    assert [
        one for one in bare if one not in styles and not one.strip().startswith(VERBOSE)
    ] == []


@pytest.mark.parametrize(
    ("language", "typed", "key"),
    [
        ("de", "j", "y"), ("de", "Ja", "y"), ("fr", "o", "y"), ("it", "sì", "y"),
        ("pt", "sempre", "a"), ("es", "s", "y"), ("hi", "हाँ", "y"), ("th", "ไม่", "n"),
        ("de", "y", "y"), ("de", "ändern", "e"), ("en", "j", ""), ("de", "vielleicht", ""),
    ],
)  # fmt: skip
def test_keys_may_be_typed_as_words_of_the_language(
    language: str, typed: str, key: str
) -> None:
    """The letters of English serve everywhere; others where they are shown."""
    with speaking(language):
        assert key_of(typed, "yneavr") == key


@pytest.mark.parametrize("language", FOREIGN)
def test_a_letter_means_one_thing(language: str) -> None:
    """No word of a key is another key's letter."""
    keys = read_table(ROOM / "wording" / f"{language}.toml")["keys"]
    for key, words in keys.items():
        assert not set(words) & (set("yneavr") - {key})


def test_a_call_is_asked_about_in_the_users_language() -> None:
    """Question, keys and where the address comes from; a German yes is one."""
    with speaking("de"):
        screen = Typed("j")
        assert Questions(screen).about_call(approval()) == Approved()
        assert screen.asked == [
            "   Das senden? (e: ändern, a: immer, r: nein, mit Grund) [j/N]"
        ]
        assert "     ana@home.org hast du genannt" in screen.shown
        assert Questions(Typed("nein")).about_call(approval()) == Denied()
        (line,) = origins(asked("Answer Tom's mail", to=EVE, text="hello"))
        assert line == (
            f"Du hast das nicht genannt (Adresse: {EVE}); es steht in dem, was Tom Baker "
            "am Mo 2. März schrieb"
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reason_of_the_core_is_said_in_the_language(language: str) -> None:
    """No English is left where others' text chose what is done."""
    with speaking(language):
        lines = origins(asked("Look at my mail", to=EVE, text="hello"))
        assert lines
        assert (language == "en") == any(
            "name" in line or "your words" in line for line in lines
        )


def test_a_language_that_is_not_ours_is_answered_in_english() -> None:
    """Nothing fails where no sentences are."""
    with speaking("sw"):
        assert told("Leave.") == "Leave."
        assert day_in_words(date(2026, 3, 2)) == "Mon 2 Mar"
        assert is_yes("yes")
        assert not is_yes("later")
