"""Of a request that is half foreign the other half is done, and the rest is told."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from agentkit import Agent, Context, Done
from agentkit.backends import ReflexBackend
from agentkit.discovery import installed_tools
from agentkit.testing import ScriptedBackend

pytest.importorskip("numpy", reason="the trained understanding needs numpy")

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=ZoneInfo("Europe/Berlin"))


def assistant(home: Path, *others: ScriptedBackend) -> Agent:
    """Make an assistant that has no settings, with other backends behind the rules."""
    return Agent(
        installed_tools(configured=frozenset()),
        [ReflexBackend(), *others],
        context=Context(home=home, now=NOW),
        approve=lambda _: True,
    )


@pytest.mark.parametrize(
    ("said", "tool", "rest"),
    [
        ("what's the weather and what's on today", "find_events", "the weather"),
        ("read me the news and set a timer for 5 minutes", "start_timer", "the news"),
        ("set a timer for 5 minutes and play some jazz", "start_timer", "some jazz"),
        ("Spiel Musik und setz Milch auf die Einkaufsliste", "add_to_list", "Musik"),
        (
            "joue du jazz et ajoute du lait à la liste de courses",
            "add_to_list",
            "jazz",
        ),
        (
            "pon un temporizador de 5 minutos y pon música",
            "start_timer",
            "música",
        ),
        ("10 मिनट का टाइमर लगाओ और संगीत चलाओ", "start_timer", "संगीत"),
        (
            "cuéntame un chiste y añade leche a la lista de la compra",
            "add_to_list",
            "un chiste",
        ),
    ],
)
def test_the_half_that_can_be_done_is_done(
    tmp_path: Path, said: str, tool: str, rest: str
) -> None:
    """One half is done, and one sentence names what of the request was not."""
    outcome = assistant(tmp_path).run(said)
    assert isinstance(outcome, Done)
    assert [call.name for call in outcome.calls] == [tool]
    _, told = outcome.text.rsplit("\n\n", 1)
    assert rest in told


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(
            "if it rains set a timer for 5 minutes and tell me the weather",
            id="one hangs on the other",
        ),
        pytest.param(
            "play some jazz and text Ana that I'm late", id="what is sent waits"
        ),
        pytest.param(
            "“play some jazz and set a timer for 5 minutes”", id="somebody's words"
        ),
    ],
)
def test_no_half_is_done_that_may_not_be_meant(tmp_path: Path, said: str) -> None:
    """Nothing is done where one half may hang on the other or cannot be taken back."""
    assert assistant(tmp_path).run(said).calls == ()


@pytest.mark.parametrize(
    ("said", "value"),
    [
        (
            "remind me to call mom and play some music",
            "call mom and play some music",
        ),
        (
            "add rock and roll records to the shopping list",
            "rock and roll records",
        ),
    ],
)
def test_a_text_is_not_halved(tmp_path: Path, said: str, value: str) -> None:
    """What somebody is reminded of stays whole, whatever it is like."""
    (call,) = assistant(tmp_path).run(said).calls
    assert value in str(call.arguments)


def test_a_larger_model_gets_the_whole(tmp_path: Path) -> None:
    """With another backend behind the rules nothing is done by halves."""
    other = ScriptedBackend(["It is sunny, and nothing is on."])
    outcome = assistant(tmp_path, other).run("what's the weather and what's on today")
    assert outcome.calls == ()
    assert outcome.text == "It is sunny, and nothing is on."
