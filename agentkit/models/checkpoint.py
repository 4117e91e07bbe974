"""Checkpoint folders: what config and weight files say, without loading them."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any, cast

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
    return str(config.get("dtype") or config.get("torch_dtype") or "?")


def _count(path: Path) -> int:
    try:
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            if length > _LONGEST_HEADER:
                return 0
            header: object = json.loads(file.read(length))
    except (OSError, ValueError, struct.error, RecursionError):
        return 0
    entries = cast(dict[str, Any], header) if isinstance(header, dict) else {}
    total = 0
    for name, entry in entries.items():
        if name != "__metadata__":
            count = 1
            for side in entry.get("shape", ()):
                count *= int(side)
            total += count
    return total
