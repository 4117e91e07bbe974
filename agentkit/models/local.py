"""Describes a model on this device without loading it."""

from __future__ import annotations

import hashlib
import json
import math
import struct
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, cast

from agentkit.errors import BackendUnavailable
from agentkit.models.families import (
    call_form,
    template_in,
    template_of_folder,
    unfit_file,
    unfit_folder,
)
from agentkit.models.gguf import read_gguf

# Bytes; the format's own limit.
_LONGEST_HEADER = 100_000_000


def is_checkpoint(folder: Path) -> bool:
    """Tell whether a folder holds a model: a config, and weights beside it."""
    return (folder / "config.json").is_file() and any(folder.glob("*.safetensors"))


def read_config(folder: Path) -> dict[str, Any]:
    """Return what config.json says; nothing when it cannot be read."""
    try:
        facts: object = json.loads((folder / "config.json").read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return cast(dict[str, Any], facts) if isinstance(facts, dict) else {}


def count_parameters(folder: Path) -> int:
    """Count the stored numbers of all weight files; 0 where that cannot be told."""
    return sum(_count(path) for path in folder.glob("*.safetensors"))


def weights_size(folder: Path) -> int:
    """Return the bytes of all weight files."""
    return sum(path.stat().st_size for path in folder.glob("*.safetensors"))


def packing(config: dict[str, Any]) -> str:
    """Return how the weights are stored, as in `bfloat16`."""
    quantised = config.get("quantization_config")
    if isinstance(quantised, dict):
        method: object = cast(dict[str, Any], quantised).get("quant_method")
        return str(method or "quantised")
    # Older versions of transformers wrote `torch_dtype`.
    return str(config.get("dtype") or config.get("torch_dtype") or "?")


def _count(path: Path) -> int:
    try:
        with path.open("rb") as file:
            # safetensors: eight bytes of length, then a JSON header; the weights are
            # not read.
            (length,) = struct.unpack("<Q", file.read(8))
            if length > _LONGEST_HEADER:
                return 0
            header: object = json.loads(file.read(length))
    except (OSError, ValueError, struct.error, RecursionError):
        return 0
    entries = cast(dict[str, Any], header) if isinstance(header, dict) else {}
    try:
        return sum(
            math.prod(map(int, entry.get("shape", ())))
            for name, entry in entries.items()
            if name != "__metadata__"
        )
    except (AttributeError, TypeError, ValueError):
        return 0  # not the format's: an entry is an object, its shape a list of numbers


Kind = Literal["gguf", "checkpoint", "ollama"]
Source = Literal["folder", "added", "hub", "ollama"]

# Bytes of either end: gigabytes are not read to tell one model from another.
_SAMPLE = 1 << 20
BACKENDS: dict[Kind, str] = {
    "gguf": "llama_cpp",
    "checkpoint": "transformers",
    "ollama": "ollama",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalModel:
    """A model that can be run here.

    Attributes:
        name: what it is called in `agentkit models`.
        kind: its format.
        source: why it is known: it lies in the models folder, was added, was fetched
            from the hub, or is Ollama's.
        path: the file or folder; empty for Ollama's.
        size: bytes of its weights.
        architecture: its family, as in `llama`.
        quantisation: how the weights are stored.
        window: most tokens it was made for; 0 when unknown.
        parameters: count of its numbers; 0 when unknown.
        fingerprint: tells it from others, wherever it lies.
        fault: why it cannot be used; empty when it can.
        form: how it writes calls, a name of `families.FORMS`; empty when not known.
    """

    name: str
    kind: Kind
    source: Source
    path: str = ""
    size: int = 0
    architecture: str = ""
    quantisation: str = ""
    window: int = 0
    parameters: int = 0
    fingerprint: str = ""
    fault: str = ""
    form: str = ""

    @property
    def backend(self) -> str:
        """The backend that runs it, as after `--backend`."""
        return f"{BACKENDS[self.kind]}:{self.path or self.name}"

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-like data."""
        return {**asdict(self), "backend": self.backend}


def describe(path: Path, name: str, source: Source) -> LocalModel:
    """Describe a GGUF file or a checkpoint folder, or its fault."""
    if path.is_dir():
        return _checkpoint(path, name, source)
    try:
        file = read_gguf(path)
    except BackendUnavailable as exc:
        size = path.stat().st_size if path.is_file() else 0
        return LocalModel(
            name=name,
            kind="gguf",
            source=source,
            path=str(path),
            size=size,
            fault=str(exc),
        )
    return LocalModel(
        name=name,
        kind="gguf",
        source=source,
        path=str(path),
        fault=unfit_file(file),
        form=call_form(template_in(file.metadata)).name,
        size=file.size,
        architecture=file.architecture,
        quantisation=file.quantisation,
        window=file.window,
        parameters=file.parameters,
        fingerprint=fingerprint_file(path),
    )


def is_model(path: Path) -> bool:
    """Tell whether something is a model by its name or by what lies in it."""
    if path.is_dir():
        return is_checkpoint(path)
    return path.suffix.lower() == ".gguf" and path.is_file()


def fingerprint_file(path: Path) -> str:
    """Hash a file's size and its first and last megabyte."""
    size = path.stat().st_size
    # Both ends and the size: a fetch that broke off, or other weights, differ there.
    digest = hashlib.sha256(str(size).encode())
    with path.open("rb") as file:
        digest.update(file.read(_SAMPLE))
        file.seek(max(0, size - _SAMPLE))
        digest.update(file.read(_SAMPLE))
    return digest.hexdigest()


def _checkpoint(folder: Path, name: str, source: Source) -> LocalModel:
    config = read_config(folder)
    fault = unfit_folder(folder, config)
    if not is_checkpoint(folder):
        fault = f"{folder} is no checkpoint"
    window = config.get("max_position_embeddings", 0)
    digest = hashlib.sha256()
    for file in sorted(folder.glob("*.safetensors")):
        digest.update(f"{file.name} {fingerprint_file(file)} ".encode())
    return LocalModel(
        name=name,
        kind="checkpoint",
        source=source,
        path=str(folder),
        form=call_form(template_of_folder(folder)).name,
        size=weights_size(folder),
        architecture=str(config.get("model_type", "")),
        quantisation=packing(config),
        window=window if isinstance(window, int) else 0,
        parameters=count_parameters(folder),
        fingerprint=digest.hexdigest(),
        fault=fault,
    )
