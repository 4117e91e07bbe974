"""A GGUF model at work: its prompt from a snapshot on disk, its answer token by token.

A file is used only for the very same model file, llama.cpp and tokens, and only when
its checksum is right: llama.cpp takes damaged ones as they are. A damaged one is
removed.

Where a grammar forces what follows, that is read together with the token before it, as
a draft: each of its tokens is kept when it is the one that would have been chosen. The
answer is the one that token by token would have given.
"""

from __future__ import annotations

import codecs
import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from mmap import ACCESS_READ, mmap
from pathlib import Path
from threading import Event
from typing import Any, Literal

from agentkit.backends.llama_cpp_model import MOST_SCORED, LlamaCppModel
from agentkit.backends.llama_library import library_version
from agentkit.backends.prompt_cache import SnapshotFolder, fingerprint, reusable
from agentkit.grammar import Guide

SUFFIX = ".llamacpp"
SHORTEST = 256
DAMAGED = "a damaged snapshot of the tool prompt was removed"

_HEAD = struct.Struct("<8sQI")
_MAGIC = b"agentkit"

Found = Literal["read", "absent", "damaged"]


def gguf_identity(path: Path) -> str:
    """Hash what makes a model's state what it is, the tokens aside.

    The file counts by name, size and time of change: reading gigabytes at each start
    would cost what a snapshot saves.
    """
    facts = path.stat()
    named = [str(path.resolve()), facts.st_size, facts.st_mtime_ns]
    return fingerprint(named, library_version())


class GgufSnapshots:
    """The snapshots of one model."""

    def __init__(self, folder: SnapshotFolder, identity: str) -> None:
        """Take where they lie, and what the model is."""
        self._folder = folder
        self._identity = identity

    def prepare(
        self, model: LlamaCppModel, prompt: Sequence[int], stable: Sequence[int]
    ) -> tuple[int, str]:
        """Let a model have read a prompt's stable part: from disk, or anew and kept.

        Args:
            model: reads.
            prompt: the whole prompt.
            stable: its start, which further prompts will share.

        Returns:
            How many tokens of the prompt had been read before, and a note for the
            user; empty when there is nothing to say.

        Raises:
            Interrupted: the model was halted.
            BackendUnavailable: llama.cpp could not compute.
        """
        held = reusable(model.read_ids, prompt)
        if held >= len(stable) or len(stable) < SHORTEST:
            return held, ""
        found = self.load(model, stable)
        if found == "read":
            return len(stable), ""
        note = DAMAGED if found == "damaged" else ""
        held = reusable(model.read_ids, prompt)
        model.read(stable)
        try:
            self.save(model)
        except OSError as exc:
            note = f"the snapshot of the tool prompt was not kept: {exc.strerror}"
        return held, note

    def save(self, model: LlamaCppModel) -> Path | None:
        """Write what a model has read; None when it is larger than the folder may be.

        Raises:
            OSError: the folder cannot be written.
        """
        state = model.state()

        def write(path: Path) -> None:
            with path.open("wb") as file:
                file.write(_HEAD.pack(_MAGIC, len(state), zlib.crc32(state)))
                file.write(state)

        return self._folder.store(self._key(model.read_ids), write)

    def load(self, model: LlamaCppModel, ids: Sequence[int]) -> Found:
        """Let a model have read these tokens, if there is a snapshot."""
        key = self._key(ids)
        path = self._folder.find(key)
        if path is None:
            return "absent"
        try:
            with (
                path.open("rb") as file,
                mmap(file.fileno(), 0, access=ACCESS_READ) as m,
            ):
                whole = _restore(model, ids, m)
        except (OSError, ValueError):
            whole = False
        if not whole:
            self._folder.remove(key)
        return "read" if whole else "damaged"

    def _key(self, ids: Sequence[int]) -> str:
        return fingerprint(self._identity, list(ids))


def _restore(model: LlamaCppModel, ids: Sequence[int], data: mmap) -> bool:
    if len(data) < _HEAD.size:
        return False
    magic, size, checksum = _HEAD.unpack_from(data)
    with memoryview(data) as whole, whole[_HEAD.size :] as state:
        if magic != _MAGIC or size != len(state) or checksum != zlib.crc32(state):
            return False
        return model.restore(ids, state)


_SHOWN = "<|python_tag|>"
_LONGEST_DRAFT = MOST_SCORED - 1


@dataclass(frozen=True, slots=True)
class LlamaSampling:
    """How the next token is chosen.

    Attributes:
        max_new_tokens: longest answer.
        temperature: 0 takes the likeliest token, always.
        seed: of the dice; drawn anew when None.
        drafts: read what a grammar forces in one pass.
    """

    max_new_tokens: int
    temperature: float = 0.0
    seed: int | None = None
    drafts: bool = True


@dataclass(frozen=True, slots=True)
class Counts:
    """Tokens of one answer.

    Attributes:
        tokens_in: of the prompt.
        tokens_cached: how many of them had been read before.
        tokens_out: generated, the one that ends the turn included.
        passes: how often the model was computed, the prompt's included.
        note: something for the user to know; mostly empty.
    """

    tokens_in: int
    tokens_cached: int
    tokens_out: int
    passes: int
    note: str = ""


def generate(
    model: LlamaCppModel,
    prompt: Sequence[int],
    sampling: LlamaSampling,
    tell: Callable[[str], None],
    stop: Event,
    guide: Guide | None = None,
) -> Counts:
    """Read a prompt and generate the answer.

    Args:
        model: reads and scores.
        prompt: token ids.
        sampling: how tokens are chosen.
        tell: called with each piece of text.
        stop: ends before the next token when set.
        guide: what may be said; anything when None.

    Raises:
        Interrupted: the model was halted.
        BackendUnavailable: llama.cpp could not compute.
        ToolsetError: the grammar gave up.
    """
    before = model.passes
    cached = model.read(prompt)
    text, count = _Text(model, tell), 0
    writer = _Writer(model, sampling, guide)
    while count < sampling.max_new_tokens and not stop.is_set():
        token = writer.choose(sampling.max_new_tokens - count)
        count += 1
        if token in model.stops:
            break
        text.add(token)
    writer.end()
    text.end()
    return Counts(len(prompt), cached, count, model.passes - before)


class _Writer:
    """Chooses token after token; the one chosen last is not read yet."""

    def __init__(
        self, model: LlamaCppModel, sampling: LlamaSampling, guide: Guide | None
    ) -> None:
        self._model, self._guide = model, guide
        self._pick = _Choice(sampling)
        self._drafts = sampling.drafts
        self._draft: list[int] = []
        self._last: int | None = None

    def choose(self, most: int) -> int:
        """Choose the next token; a draft is no longer than `most` tokens."""
        if self._last is not None:
            self._read(self._last, most)
        behind = len(self._draft)
        token = self._pick(self._model.logits(-1 - behind), self._guide)
        if self._guide is not None and token not in self._model.stops:
            self._guide.accept((token,))
        if behind and token == self._draft[0]:
            del self._draft[0]
            self._last = None
        else:
            self.end()
            self._last = token
        return token

    def end(self) -> None:
        """Drop what was read of a draft and not chosen."""
        if self._draft:
            self._model.forget(len(self._model.read_ids) - len(self._draft))
            self._draft = []

    def _read(self, token: int, most: int) -> None:
        if self._guide is not None and self._drafts and not self._guide.finished:
            self._draft = self._guide.forced()[: min(most, _LONGEST_DRAFT)]
        self._model.add((token, *self._draft), scored=1 + len(self._draft))


class _Choice:
    """Takes a token from the scores."""

    def __init__(self, sampling: LlamaSampling) -> None:
        self._numpy: Any = import_module("numpy")
        self._heat = sampling.temperature
        self._dice = self._numpy.random.default_rng(sampling.seed)

    def __call__(self, scores: Any, guide: Guide | None) -> int:
        if self._heat > 0:
            # The largest of scores with Gumbel noise is a draw from their softmax.
            scores = scores / self._heat + self._dice.gumbel(size=len(scores))
        likeliest = int(scores.argmax())
        if guide is None:
            return likeliest
        mask = guide.mask()
        if mask[likeliest >> 3] >> (likeliest & 7) & 1:
            return likeliest
        bits = self._numpy.frombuffer(mask, dtype=self._numpy.uint8)
        allowed = self._numpy.flatnonzero(
            self._numpy.unpackbits(bits, count=len(scores), bitorder="little")
        )
        return int(allowed[scores[allowed].argmax()])


class _Text:
    """Tokens to text: a character is told when all of its bytes are there."""

    def __init__(self, model: LlamaCppModel, tell: Callable[[str], None]) -> None:
        self._model, self._tell = model, tell
        self._hidden = frozenset(
            number for name, number in model.special_ids.items() if name != _SHOWN
        )
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def add(self, token: int) -> None:
        if token not in self._hidden:
            self._say(self._decoder.decode(self._model.piece(token)))

    def end(self) -> None:
        self._say(self._decoder.decode(b"", final=True))

    def _say(self, text: str) -> None:
        if text:
            self._tell(text)
