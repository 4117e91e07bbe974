"""What a model has read of a prompt, on disk: keys and values of its layers.

A file is used only for the very same model, number format and tokens, and only when
its checksum is right. A damaged one is removed.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from agentkit.backends.checkpoint import Checkpoint
from agentkit.backends.model_reader import ModelReader
from agentkit.backends.prompt_cache import fingerprint
from agentkit.backends.snapshots import SnapshotFolder

VERSION = 1


def model_identity(folder: Path, model: Any) -> str:
    """Hash what makes keys and values what they are, the tokens aside.

    Weight files count by name, size and time of change: reading gigabytes at each
    start would cost what a snapshot saves.
    """
    weights = [
        [path.name, path.stat().st_size, path.stat().st_mtime_ns]
        for path in sorted(folder.glob("*.safetensors"))
    ]
    texts = [
        path.read_text("utf-8")
        for path in (folder / "config.json", folder / "model.safetensors.index.json")
        if path.is_file()
    ]
    made_with = [import_module(name).__version__ for name in ("torch", "transformers")]
    quantised = str(getattr(model.config, "quantization_config", ""))
    return fingerprint(VERSION, weights, texts, made_with, str(model.dtype), quantised)


def snapshot_key(identity: str, ids: Sequence[int]) -> str:
    """Name the snapshot of these tokens, read by this model."""
    return fingerprint(identity, list(ids))


class KeyValueSnapshots:
    """The snapshots of one model."""

    def __init__(self, folder: SnapshotFolder, identity: str) -> None:
        """Take where they lie, and what the model is."""
        self._folder = folder
        self._identity = identity

    def holds(self, ids: Sequence[int]) -> bool:
        """Tell whether there is a snapshot of these tokens, whole or not."""
        return self._folder.find(snapshot_key(self._identity, ids)) is not None

    def save(self, reader: ModelReader, ids: Sequence[int]) -> Path | None:
        """Write what a model has read, which begins with these tokens.

        Returns:
            The file; None when it is larger than the folder may be.

        Raises:
            OSError: the folder cannot be written.
        """
        tensors: dict[str, Any] = {}
        for index, pair in enumerate(reader.layers(len(ids))):
            for kind, tensor in zip("kv", pair, strict=True):
                tensors[f"{index}.{kind}"] = tensor.cpu().contiguous()
        key = snapshot_key(self._identity, ids)
        facts = {"key": key, "checksum": _checksum(tensors)}
        saving: Any = import_module("safetensors.torch")
        return self._folder.store(
            key, lambda path: saving.save_file(tensors, path, metadata=facts)
        )

    def load(self, reader: ModelReader, ids: Sequence[int]) -> str:
        """Let a model have read these tokens, if there is a snapshot.

        Returns:
            `read`, `absent`, or `damaged`: then it was removed.
        """
        key = snapshot_key(self._identity, ids)
        path = self._folder.find(key)
        if path is None:
            return "absent"
        layers = _layers(path, key, reader.model.config.num_hidden_layers, len(ids))
        if layers is None:
            self._folder.remove(key)
            return "damaged"
        reader.restore(ids, layers)
        return "read"


def model_snapshots(
    folder: SnapshotFolder, checkpoint: Checkpoint
) -> KeyValueSnapshots:
    """Return a checkpoint's snapshots in a folder."""
    identity = model_identity(checkpoint.folder, checkpoint.model)
    return KeyValueSnapshots(folder, identity)


def _layers(
    path: Path, key: str, count: int, length: int
) -> list[tuple[Any, Any]] | None:
    """Map a file into memory and check it; None when it is damaged."""
    safetensors: Any = import_module("safetensors")
    try:
        with safetensors.safe_open(path, framework="pt") as file:
            facts: dict[str, str] = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, safetensors.SafetensorError):
        return None
    wanted = [(f"{index}.k", f"{index}.v") for index in range(count)]
    whole = set(tensors) == {name for pair in wanted for name in pair}
    if not whole or facts.get("key") != key:
        return None
    if any(
        tensor.ndim != 4 or tensor.shape[2] != length for tensor in tensors.values()
    ):
        return None
    if facts.get("checksum") != _checksum(tensors):
        return None
    return [(tensors[keys], tensors[values]) for keys, values in wanted]


def _checksum(tensors: dict[str, Any]) -> str:
    torch: Any = import_module("torch")
    sums = {
        name: zlib.crc32(tensor.view(torch.uint8).numpy())
        for name, tensor in tensors.items()
    }
    return json.dumps(sums, sort_keys=True)
