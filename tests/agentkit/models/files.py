"""Small model files for tests, written by hand: no model library is needed."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

_U32, _F32, _STRING, _ARRAY = 4, 6, 8, 9


def text(value: str) -> bytes:
    """Write a string as GGUF does."""
    raw = value.encode()
    return struct.pack("<Q", len(raw)) + raw


def pair(key: str, value: Any) -> bytes:
    """Write a key and its value."""
    if isinstance(value, int):
        return text(key) + struct.pack("<II", _U32, value)
    if isinstance(value, str):
        return text(key) + struct.pack("<I", _STRING) + text(value)
    if value and isinstance(value[0], int):
        numbers = struct.pack(f"<{len(value)}I", *value)
        return text(key) + struct.pack("<IIQ", _ARRAY, _U32, len(value)) + numbers
    items = b"".join(text(one) for one in value)
    return text(key) + struct.pack("<IIQ", _ARRAY, _STRING, len(value)) + items


def gguf_bytes(
    facts: dict[str, Any] | None = None,
    tensors: dict[str, tuple[tuple[int, ...], int]] | None = None,
    *,
    version: int = 3,
    offsets: dict[str, int] | None = None,
) -> bytes:
    """Write a file: keys, then tensors of F32 (0), F16 (1) or Q4_0 (2)."""
    facts = LLAMA if facts is None else facts
    tensors = {"a.weight": ((32, 4), 2), "b": ((8,), 0)} if tensors is None else tensors
    head = b"GGUF" + struct.pack("<IQQ", version, len(tensors), len(facts))
    head += b"".join(pair(key, value) for key, value in facts.items())
    data = b""
    for name, (shape, kind) in tensors.items():
        count = 1
        for side in shape:
            count *= side
        offset = (offsets or {}).get(name, len(data))
        head += text(name) + struct.pack("<I", len(shape))
        head += struct.pack(f"<{len(shape)}Q", *shape) + struct.pack(
            "<IQ", kind, offset
        )
        size = {0: count * 4, 1: count * 2, 2: count // 32 * 18}[kind]
        data += bytes(-(-size // 32) * 32)
    return head + bytes(-len(head) % 32) + data


LLAMA: dict[str, Any] = {
    "general.architecture": "llama",
    "llama.context_length": 2048,
    "general.file_type": 2,
    "tokenizer.ggml.tokens": ["a", "b", "c"],
    "tokenizer.chat_template": "{{ messages[0].content }}",
}

BASE = {key: value for key, value in LLAMA.items() if "chat_template" not in key}


def make_gguf(path: Path) -> Path:
    """Write a whole small GGUF file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gguf_bytes())
    return path


def make_folder(folder: Path) -> Path:
    """Write a checkpoint folder with one weight file."""
    folder.mkdir(parents=True, exist_ok=True)
    config = {
        "model_type": "llama",
        "max_position_embeddings": 4096,
        "dtype": "bfloat16",
    }
    (folder / "config.json").write_text(json.dumps(config))
    entry = {"dtype": "BF16", "shape": [4, 8], "data_offsets": [0, 64]}
    header = json.dumps({"__metadata__": {"format": "pt"}, "w": entry}).encode()
    weights = struct.pack("<Q", len(header)) + header + bytes(64)
    (folder / "model.safetensors").write_bytes(weights)
    return folder
