"""Programs that read aloud: found, chosen, and what is said where they fail."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from agentkit.errors import AgentkitError, BackendError, ConfigError
from agentkit.voice.voices import speak, voice_for

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="elsewhere")

_WRITES = '#!/bin/sh\nwhile [ "$1" != "-f" ]; do shift; done\n/bin/cat > "$2"\n'
_DIES = "#!/bin/sh\n/bin/cat > /dev/null\nkill -9 $$\n"
_FAILS = "#!/bin/sh\n/bin/cat > /dev/null\necho 'no model' >&2\nexit 3\n"


@pytest.fixture
def piper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program of that name, the only one there is, with an English voice."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "piper"
    program.write_text(_WRITES, "utf-8")
    program.chmod(0o755)
    voice = tmp_path / "en_US-joe-medium.onnx"
    voice.touch()
    Path(f"{voice}.json").touch()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AGENTKIT_PIPER_VOICE", str(voice))
    return program


def test_a_text_goes_to_the_program_and_never_into_its_command(
    piper: Path, tmp_path: Path
) -> None:
    """What an answer holds could be an option, or a command of the shell."""
    wav = tmp_path / "answer.wav"
    speak("--help; $(touch x) 'y'", "en", wav)
    assert wav.read_text("utf-8") == "--help; $(touch x) 'y'."


FAULTS = {
    "killed half-way": (_DIES, "piper did not speak: it was ended by signal 9"),
    "its own fault": (_FAILS, "piper did not speak: it ended with code 3: no model"),
}


@pytest.mark.parametrize(("script", "told"), FAULTS.values(), ids=list(FAULTS))
def test_a_program_that_fails_is_told(
    piper: Path, tmp_path: Path, script: str, told: str
) -> None:
    """One sentence, and no file that is half a sound."""
    piper.write_text(script, "utf-8")
    with pytest.raises(BackendError, match=told):
        speak("Hello", "en", tmp_path / "answer.wav")
    assert not (tmp_path / "answer.wav").exists()


def test_a_language_that_no_voice_speaks_is_told(piper: Path) -> None:
    """An English voice would read German so that nobody understands it."""
    with pytest.raises(ConfigError, match="no voice for the language 'de'"):
        voice_for("de")


def test_no_voice_at_all_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nobody need know the names of such programs."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigError, match="install espeak-ng, or piper"):
        voice_for("en")


def test_a_file_that_cannot_be_written_is_told(piper: Path, tmp_path: Path) -> None:
    """The answer stands on the screen all the same."""
    with pytest.raises(AgentkitError, match="cannot be written"):
        speak("Hello", "en", tmp_path / "missing" / "answer.wav")


@pytest.mark.skipif(
    shutil.which("espeak-ng") is None, reason="espeak-ng is not installed"
)
@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_a_real_program_writes_sound(
    tmp_path: Path, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The options that it is given are its own."""
    from agentkit.voice.sound import read_sound

    espeak = shutil.which("espeak-ng") or ""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/espeak-ng").symlink_to(espeak)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}")
    speak("09:30", language, tmp_path / "answer.wav")
    assert read_sound(tmp_path / "answer.wav").seconds > 0.5
