"""Spoken requests, from a synthetic voice into wav files, and what is heard of them.

A voice that sounds like a person is wanted: piper's. With espeak-ng's the recogniser's
model hears next to nothing.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from agentkit.cli.opened import OpenHome, open_home
from agentkit.cli.options import Options
from agentkit.discovery import home_maker, own_words
from agentkit.errors import ConfigError
from agentkit.slots import known_people
from agentkit.voice.known_phrases import Phrases
from agentkit.voice.recogniser import SURE, HeardRequest, Recogniser
from agentkit.voice.sound import RATE, Sound, read_sound
from agentkit.voice.voices import voice_for

NOW = datetime(2026, 9, 25, 9, 0, tzinfo=UTC)
REQUESTS = (
    "what is on my calendar tomorrow",
    "remind me to water the plants on friday at six pm",
    "set a timer for ten minutes",
    "what time is it",
    "add milk to my shopping list",
    "what is on my shopping list",
    "do i have any meetings on monday",
    "schedule a dentist appointment next tuesday at three pm",
    "what is ben's phone number",
    "show me my messages from ben",
    "wake me up at seven tomorrow morning",
    "remind me to call mom tonight",
    "cancel my dentist appointment",
    "when is my next meeting",
    "add bread and butter to the shopping list",
    "what are my reminders",
    "set an alarm for half past six",
    "take a note that the spare key is under the mat",
    "what did i miss",
    "how many minutes are left on my timer",
    "remove milk from the shopping list",
    "am i free on saturday afternoon",
    "send ben a message that i will be late",
    "when is easter next year",
    "delete the reminder to water the plants",
    "what day is it today",
)


def _piper() -> bool:
    try:
        return voice_for("en").name == "piper"
    except ConfigError:
        return False


spoken = pytest.mark.skipif(
    not (shutil.which("piper") and _piper()), reason="piper is not installed"
)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> OpenHome:
    """A home with sample data."""
    home = tmp_path_factory.mktemp("spoken") / "home"
    home_maker("sample")(home, NOW)
    return open_home(Options(home=home, now=NOW.isoformat()))


@pytest.fixture(scope="module")
def recogniser(opened: OpenHome) -> Recogniser:
    """One that has learnt what may be said there."""
    people = [one.name for one in known_people(opened.context)]
    names = [*people, "Xqzt Brrw"]
    return Recogniser(opened.toolset, names, own_words(opened.context))


@pytest.fixture(scope="module")
def hear(
    recogniser: Recogniser, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], HeardRequest]:
    """Let the voice say a text, and hear it."""
    wav = tmp_path_factory.mktemp("said") / "said.wav"

    def heard(text: str) -> HeardRequest:
        voice_for("en").write(text, wav)
        return recogniser.hear(read_sound(wav))

    return heard


def test_names_without_a_pronunciation_are_told(recogniser: Recogniser) -> None:
    """Nobody repeats a name for ever that cannot be heard."""
    assert "Xqzt Brrw" in recogniser.unheard
    assert "Ben Okafor" not in recogniser.unheard


def test_noise_is_no_request(recogniser: Recogniser) -> None:
    """What is not said is not acted upon."""
    noise = bytes(n * 7919 % 251 for n in range(RATE * 2))
    assert not recogniser.hear(Sound(noise)).is_sure


def test_phrases_name_what_the_home_holds(opened: OpenHome) -> None:
    """The same seed draws the same lines, and each name is among them."""
    given: tuple[Any, ...] = (opened.toolset, ["eva"], ["yoga"], ["the", "of"])
    lines = list(Phrases(*given).lines())
    assert lines == list(Phrases(*given).lines())
    assert {"eva", "yoga"} <= set(" ".join(lines).split())
    assert not [line for line in lines if set(line) & set("{}[]()|")]


@spoken
def test_a_request_is_heard(hear: Callable[[str], HeardRequest]) -> None:
    """It is heard word for word, and surely enough to be acted upon."""
    said = "what is on my calendar tomorrow"
    heard = hear(said)
    assert heard.text == said
    assert heard.confidence >= SURE


@spoken
def test_what_no_tool_has_a_sentence_for_is_not_sure(
    hear: Callable[[str], HeardRequest],
) -> None:
    """It is dictated, and asked about before anything is done."""
    assert not hear("the old library closed its doors after the winter storm").is_sure


def _errors(said: str, heard: str) -> int:
    """Count the words that are missing, wrong or too many."""
    one, two = said.split(), heard.lower().split()
    row = list(range(len(two) + 1))
    for i, word in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(two, 1):
            change = before + (word != other)
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, change)
    return row[-1]


def _calls(opened: OpenHome, text: str) -> list[tuple[str, str]]:
    plan = opened.agent().plan(text)
    return [(call.name, str(call.arguments).lower()) for call in plan.calls]


@spoken
def test_benchmark_of_spoken_requests(
    benchmark: Any, hear: Callable[[str], HeardRequest], opened: OpenHome
) -> None:
    """Print what was heard of each, the word error rate, and how many do the same."""

    def measure() -> list[tuple[str, HeardRequest]]:
        return [(said, hear(said)) for said in REQUESTS]

    rows = benchmark.pedantic(measure, rounds=1)
    wrong = sum(_errors(said, heard.text) for said, heard in rows)
    words = sum(len(said.split()) for said, _ in rows)
    same = [_calls(opened, s) == _calls(opened, h.text) for s, h in rows]
    unasked = sum(h.is_sure and not ok for (_, h), ok in zip(rows, same, strict=True))
    for (said, heard), ok in zip(rows, same, strict=True):
        sure = "sure" if heard.is_sure else "asks"
        print(f"{'ok' if ok else '--'} {sure} {said!r} -> {heard.text!r}")
    print(f"word error rate {wrong / words:.1%} of {words} words")
    print(f"same calls {sum(same)} of {len(rows)}, wrong without asking {unasked}")
    assert len(rows) >= 20
