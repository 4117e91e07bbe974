"""A `transformers` model that reads tokens and keeps what it has read, on disk too.

What is kept is one sequence. After a failure nothing is kept: layers may then have
read a different number of tokens.

A file is used only for the very same model, number format and tokens, and only when
its checksum is right. A damaged one is removed.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Sequence
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import Any

from agentkit.backends.checkpoint import Checkpoint
from agentkit.backends.decode import ReadingStopped
from agentkit.backends.prompt_cache import SnapshotFolder, fingerprint, reusable
from agentkit.grammar import Guide

# Tokens of a prompt that are read in one pass: bounds the memory that a pass takes,
# and how long a cancelled one goes on.
CHUNK = 256


def cache_argument(forward: Callable[..., Any]) -> str:
    """Return by which name a model's forward pass takes its cache.

    `transformers` 5.24 renamed the argument and warns at its old name. The signature
    decides, not the version: a checkpoint may bring its own model class.
    """
    return "cache" if "cache" in signature(forward).parameters else "past_key_values"


class ModelReader:
    """Reads with a model.

    Attributes:
        model: the `transformers` model.
        ids: the tokens that it has read.
        stopped: asked between passes whether to end.
    """

    def __init__(self, model: Any, stopped: Callable[[], bool] = bool) -> None:
        """Take a model that has read nothing yet."""
        self.model = model
        self.stopped = stopped
        self.ids: list[int] = []
        self._torch: Any = import_module("torch")
        self._transformers: Any = import_module("transformers")
        self._cache_argument = cache_argument(model.forward)
        self._cache: Any = self._empty()

    def begin(self, prompt: Sequence[int]) -> int:
        """Keep what a prompt shares with what was read; return how many tokens."""
        shared = reusable(self.ids, prompt)
        self.drop(len(self.ids) - shared)
        return shared

    def read(self, ids: Sequence[int], rows: int) -> Any:
        """Read tokens, and return the logits behind the last ones.

        Raises:
            ReadingStopped: it was cancelled between two passes.
        """
        done = 0
        # The last pass keeps at least as many tokens as rows are wanted.
        while len(ids) - done >= CHUNK + rows:
            if self.stopped():
                raise ReadingStopped
            # One row, which nobody looks at, instead of logits for the whole chunk.
            self._pass(ids[done : done + CHUNK], 1)
            done += CHUNK
        return self._pass(ids[done:], rows).float().cpu().numpy()

    def drop(self, count: int) -> None:
        """Forget the last tokens."""
        if not count:
            return
        if count >= len(self.ids):
            self.forget()
            return
        self._cache.crop(-count)
        del self.ids[-count:]

    def forget(self) -> None:
        """Forget all tokens."""
        self.ids = []
        self._cache = self._empty()

    def likeliest(
        self, written: Sequence[int], guide: Guide | None, count: int
    ) -> list[int]:
        """Go on greedily behind what is written.

        Args:
            written: all tokens so far, at least one.
            guide: the grammar's state behind them; it is moved on.
            count: most tokens to return.
        """
        made: list[int] = []
        unread = list(written[self.begin(written) :])
        while len(made) < count and not (guide and guide.finished):
            (row,) = self.read(unread, 1)
            if guide is not None:
                guide.apply(row)
            unread = [int(row.argmax())]
            made += unread
            if guide is not None:
                guide.accept(unread)
        return made

    def layers(self, count: int) -> list[tuple[Any, Any]]:
        """Return keys and values of each layer for the first tokens read."""
        return [
            (layer.keys[:, :, :count], layer.values[:, :, :count])
            for layer in self._cache.layers
        ]

    def restore(self, ids: Sequence[int], layers: Sequence[tuple[Any, Any]]) -> None:
        """Have read tokens whose keys and values are given."""
        self.forget()
        for index, (keys, values) in enumerate(layers):
            device = self._device(index)
            # Layers may be on several devices.
            self._cache.update(keys.to(device), values.to(device), index)
        self.ids = list(ids)

    def _pass(self, ids: Sequence[int], rows: int) -> Any:
        torch = self._torch
        try:
            with torch.inference_mode():
                made = self.model(
                    input_ids=torch.tensor([list(ids)], device=self.model.device),
                    use_cache=True,
                    logits_to_keep=rows,
                    **{self._cache_argument: self._cache},
                )
        except BaseException:
            # What the cache holds of a pass that was cut off is unknown.
            self.forget()
            raise
        self.ids += ids
        return made.logits[0]

    def _empty(self) -> Any:
        return self._transformers.DynamicCache(config=self.model.config)

    def _device(self, layer: int) -> Any:
        # Where the layer computes; accelerate may have put it on any device.
        return next(self.model.model.layers[layer].parameters()).device


# Of the file's form: a snapshot of another one is not read.
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
    # Another version may compute, or lay out, keys and values otherwise.
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
                # safetensors refuses views of larger tensors.
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
        # As bytes, since NumPy knows no bfloat16.
        name: zlib.crc32(tensor.view(torch.uint8).numpy())
        for name, tensor in tensors.items()
    }
    return json.dumps(sums, sort_keys=True)
