"""Sound read from files of every kind, and what is said of those that hold none."""

from __future__ import annotations

import math
import struct
import wave
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from agentkit.errors import ConfigError
from agentkit.voice.sound import RATE, read_sound, record


def _tone(seconds: float, rate: int, loud: float = 0.5) -> list[float]:
    count = int(seconds * rate)
    return [loud * math.sin(2 * math.pi * 440 * n / rate) for n in range(count)]


def _wav(path: Path, rate: int, channels: int = 1, loud: float = 0.5) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        samples = _tone(0.5, rate, loud)
        frames = [struct.pack("<h", int(one * 32767)) * channels for one in samples]
        file.writeframes(b"".join(frames))
    return path


def _float_wav(path: Path) -> Path:
    data = b"".join(struct.pack("<f", one) for one in _tone(0.5, 44100))
    form = struct.pack("<HHIIHH", 3, 1, 44100, 44100 * 4, 4, 32)
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form
    body += b"data" + struct.pack("<I", len(data)) + data
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    return path


KINDS: dict[str, Callable[[Path], Path]] = {
    "8 kHz": lambda path: _wav(path, 8000),
    "stereo": lambda path: _wav(path, 44100, channels=2),
    "float": _float_wav,
    "as it is kept": lambda path: _wav(path, RATE),
}


@pytest.mark.parametrize("make", KINDS.values(), ids=list(KINDS))
def test_any_wav_becomes_one_channel_of_16_kilohertz(
    tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    """A rate or width that is taken for another makes speech of no use."""
    sound = read_sound(make(tmp_path / "a.wav"))
    assert sound.seconds == pytest.approx(0.5, abs=0.02)
    assert not sound.is_silent


def _huge(path: Path) -> Path:
    with path.open("wb") as stream:
        stream.truncate(101 << 20)
    return path


def _long(path: Path) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(b"\x00\xff" * 4000 * 61)
    return path


def _text(path: Path) -> Path:
    path.write_text("call mum", "utf-8")
    return path


def _empty(path: Path) -> Path:
    path.touch()
    return path


FAULTS: dict[str, tuple[Callable[[Path], Path], str]] = {
    "silent": (lambda path: _wav(path, RATE, loud=0.001), "silent, or far too quiet"),
    "no sound": (_text, "is no sound that can be read"),
    "empty": (_empty, "is no sound that can be read"),
    "huge": (_huge, "more than 100 MB"),
    "a minute and more": (_long, "lasts longer than 60 seconds"),
    "missing": (lambda path: path, "cannot be read: No such file"),
    "a folder": (lambda path: path.parent, "cannot be read: Is a directory"),
}


@pytest.mark.parametrize(("make", "told"), FAULTS.values(), ids=list(FAULTS))
def test_what_cannot_be_heard_is_told(
    tmp_path: Path, make: Callable[[Path], Path], told: str
) -> None:
    """One sentence, and no trace of a library."""
    with pytest.raises(ConfigError, match=told):
        read_sound(make(tmp_path / "a.wav"))


def test_no_microphone_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence says what else can be done."""

    # It has no types.
    miniaudio: Any = import_module("miniaudio")

    def refuse(**_: object) -> None:
        raise miniaudio.MiniaudioError("failed to init device", -401)

    monkeypatch.setattr(miniaudio, "CaptureDevice", refuse)
    with pytest.raises(ConfigError, match="no microphone can be used here"):
        record(lambda: None)
