"""`agentkit listen` without a microphone, and `--speak` without a loudspeaker."""

from __future__ import annotations

import sys
import wave
from pathlib import Path

import pytest

from agentkit.voice import recogniser, sound
from agentkit.voice.recogniser import HeardRequest
from tests.agentkit.cli.conftest import Cli

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="elsewhere")


@pytest.fixture
def noise(tmp_path: Path) -> str:
    """A file in which something can be heard."""
    path = tmp_path / "noise.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sound.RATE)
        file.writeframes(bytes(n * 7919 % 251 for n in range(sound.RATE)))
    return str(path)


def test_what_is_not_sure_is_not_done(cli: Cli, home: Path, noise: str) -> None:
    """A script is told so by the exit code, and nothing is kept."""
    ran = cli("listen", "--file", noise)
    assert ran.code == 3, ran.err
    assert "nothing was done" in ran.err or "Nothing was understood" in ran.err
    assert not (home / "reminders.ics").exists()


def test_what_was_heard_can_be_printed_alone(cli: Cli, home: Path, noise: str) -> None:
    """Another program gets the words, and how sure they are."""
    told = cli("listen", "--file", noise, "--text", "--json").json
    assert told["sure"] is False
    assert set(told) == {"text", "confidence", "dictated", "sure"}


def test_a_file_that_is_no_sound_is_one_sentence(cli: Cli, tmp_path: Path) -> None:
    """And it is said before the names are learnt."""
    path = tmp_path / "a.wav"
    path.write_text("no", "utf-8")
    ran = cli("listen", "--file", str(path))
    assert ran.code == 2
    assert ran.err.count("\n") == 1


def test_an_answer_without_a_voice_is_still_an_answer(
    cli: Cli, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be read aloud is told beside it, and changes no exit code."""
    monkeypatch.setenv("PATH", str(tmp_path))
    ran = cli("run", "what time is it?", "--unkept", "--speak")
    assert ran.code == 0, ran.err
    assert ran.out
    assert "Not spoken: no voice for the language 'en'" in ran.err


def test_only_what_is_sure_goes_unasked() -> None:
    """A dictated sentence, and an unsure one, are asked about."""
    assert HeardRequest("a", recogniser.SURE).is_sure
    assert not HeardRequest("a", recogniser.SURE / 2).is_sure
    assert not HeardRequest("a", 1.0, dictated=True).is_sure
    assert not HeardRequest("", 1.0).is_sure
