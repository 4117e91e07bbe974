"""What a GGUF model has read of tool prompts, kept on disk for the next process.

A file is used only for the very same model file, llama.cpp and tokens, and only when
its checksum is right: llama.cpp takes damaged ones as they are. A damaged one is
removed.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Literal

from agentkit.backends.llama_cpp_model import LlamaCppModel
from agentkit.backends.llama_library import library_version
from agentkit.backends.prompt_cache import SnapshotFolder, fingerprint, reusable

SUFFIX = ".llamacpp"
# Tokens; a shorter prompt is read about as fast as its snapshot.
SHORTEST = 256
DAMAGED = "a damaged snapshot of the tool prompt was removed"

# Mark, length of the state in bytes, CRC-32 of the state.
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
        # Anew: what did not load has made the model forget.
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
                # Mapped: a state is large, and llama.cpp copies it once anyway.
                mmap(file.fileno(), 0, access=ACCESS_READ) as m,
            ):
                whole = _restore(model, ids, m)
        # An empty file cannot be mapped: that is the ValueError.
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
