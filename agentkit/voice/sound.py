"""Sound for the recogniser: recorded, read from a file, played.

miniaudio does all three: it reads WAV of any rate and width, FLAC, MP3 and Ogg, and its
wheel holds what it needs. It comes with the extra `voice`, and is loaded at first use.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Generator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from threading import Event
from typing import Any

from agentkit.errors import ConfigError, MissingPackage
from agentkit.installation.chatter import without_chatter

# Samples a second, as speech models are trained on.
RATE = 16_000
# Seconds of one request; what is said to an assistant in one breath is far shorter.
LONGEST = 60
# Bytes: a minute at 192 kHz, stereo, in 32 bits has 92 MB.
_LARGEST = 100 << 20
# Of 32,768: what a quiet room gives stays below, and a whisper at the desk above.
_AUDIBLE = 300
_WIDTH = 2


@dataclass(frozen=True, slots=True)
class Sound:
    """One channel of 16-bit samples, 16,000 a second, in this machine's byte order."""

    pcm: bytes

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.pcm) / _WIDTH / RATE

    @property
    def is_silent(self) -> bool:
        """Whether nothing in it is as loud as speech."""
        samples = array("h", self.pcm)
        return not samples or max(max(samples), -min(samples)) < _AUDIBLE


def read_sound(source: Path) -> Sound:
    """Read a file; `-` is standard input.

    Raises:
        ConfigError: there is none, or it is no sound, silent, or too long.
        MissingPackage: the extra `voice` is not installed.
    """
    name = "standard input" if str(source) == "-" else repr(str(source))
    return checked(_decoded(_bytes_of(source, name), name), name)


def checked(sound: Sound, name: str) -> Sound:
    """Return a sound, unless it is silent.

    Raises:
        ConfigError: it is silent.
    """
    if sound.is_silent:
        raise ConfigError(
            f"nothing can be heard in {name}: it is silent, or far too quiet"
        )
    return sound


def _bytes_of(source: Path, name: str) -> bytes:
    if str(source) == "-":
        # One more than allowed, which tells too large from just large enough.
        raw = sys.stdin.buffer.read(_LARGEST + 1)
    else:
        try:
            with source.expanduser().open("rb") as stream:
                raw = stream.read(_LARGEST + 1)
        except OSError as exc:
            raise ConfigError(f"{name} cannot be read: {exc.strerror}") from exc
    if len(raw) > _LARGEST:
        raise ConfigError(
            f"{name} has more than {_LARGEST >> 20} MB: give one request, of "
            f"{LONGEST} seconds at most"
        )
    return raw


def _decoded(raw: bytes, name: str) -> Sound:
    """Decode piece by piece: a small file of a dense format may hold hours."""
    audio = _miniaudio()
    pcm, most = bytearray(), LONGEST * RATE * _WIDTH
    try:
        pieces = audio.stream_memory(
            raw, audio.SampleFormat.SIGNED16, 1, RATE, frames_to_read=RATE
        )
        for piece in pieces:
            pcm += piece.tobytes()
            if len(pcm) > most:
                raise ConfigError(
                    f"{name} lasts longer than {LONGEST} seconds: give one request"
                )
    except audio.MiniaudioError as exc:
        raise ConfigError(
            f"{name} is no sound that can be read: give WAV, FLAC, MP3 or Ogg"
        ) from exc
    return Sound(bytes(pcm))


def record(until: Callable[[], None]) -> Sound:
    """Record from the microphone until a function returns, a minute at most.

    Raises:
        ConfigError: there is no microphone that can be used, or nothing was heard.
        MissingPackage: the extra `voice` is not installed.
    """
    audio = _miniaudio()
    pcm, most = bytearray(), LONGEST * RATE * _WIDTH

    def keep() -> Generator[None, Any]:
        while True:
            piece = yield
            # The device goes on until it is stopped: what comes after a minute is
            # dropped.
            if len(pcm) < most:
                pcm.extend(piece)

    keeper = keep()
    next(keeper)
    try:
        with without_chatter():
            device = audio.CaptureDevice(
                input_format=audio.SampleFormat.SIGNED16, nchannels=1, sample_rate=RATE
            )
    except audio.MiniaudioError as exc:
        raise ConfigError(_no_device("microphone")) from exc
    with device:
        device.start(keeper)
        until()
    return checked(Sound(bytes(pcm)), "the recording")


def play(path: Path) -> None:
    """Play a file to its end; Ctrl-C ends it.

    Raises:
        ConfigError: there is no loudspeaker that can be used, or no sound in the file.
        MissingPackage: the extra `voice` is not installed.
    """
    audio, done = _miniaudio(), Event()

    def pieces() -> Generator[Any, int]:
        inner = audio.stream_file(str(path), output_format=audio.SampleFormat.SIGNED16)
        asked = yield next(inner)
        try:
            while True:
                asked = yield inner.send(asked)
        except StopIteration:
            done.set()

    try:
        source = pieces()
        next(source)
        with without_chatter():
            device = audio.PlaybackDevice(output_format=audio.SampleFormat.SIGNED16)
    except audio.DecodeError as exc:
        raise ConfigError(f"{path.name} is no sound that can be played") from exc
    except audio.MiniaudioError as exc:
        raise ConfigError(_no_device("loudspeaker")) from exc
    with device:
        device.start(source)
        # Bounded: a device that stops asking would hold the command for ever.
        done.wait(LONGEST * 10)


def _no_device(kind: str) -> str:
    return (
        f"no {kind} can be used here: connect one, or allow this program to use it"
        + ("; `--file` hears a file" if kind == "microphone" else "")
    )


def _miniaudio() -> Any:
    try:
        return import_module("miniaudio")
    except ImportError as exc:
        raise MissingPackage("miniaudio", "voice", "sound") from exc
