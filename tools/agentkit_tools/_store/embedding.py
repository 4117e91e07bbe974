"""A sentence-embedding model from a local folder; nothing is ever downloaded.

Two kinds of folder are known: static embeddings (`model2vec`, small and fast without a
GPU) and transformer encoders (`transformers`), whose token vectors are averaged.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from agentkit import MissingPackage, StoreError

_WHAT = "The embedding model of the search"
_LONGEST = 512
_NEEDED = ("config.json", "tokenizer.json", "model.safetensors")


@dataclass(frozen=True, slots=True)
class Embedding:
    """A model that is loaded.

    Attributes:
        name: tells this model from others, and from a changed one.
        encode: makes an array (texts, dimensions) of float32 rows of length 1.
    """

    name: str
    encode: Callable[[list[str]], Any]


def open_embedding(path: Path) -> Embedding:
    """Load the model of a folder, once in a process.

    Raises:
        StoreError: there is no such model, or it cannot be read.
        MissingPackage: the library that reads it is not installed.
    """
    missing = [name for name in _NEEDED if not (path / name).is_file()]
    if missing:
        raise StoreError(
            f"{path} is no embedding model: it has no {' and no '.join(missing)}."
        )
    found = (path / "model.safetensors").stat()
    name = f"{path.resolve()}:{found.st_size}:{found.st_mtime_ns}"
    try:
        return Embedding(name, _loaded(path, name))
    except MissingPackage:
        raise
    except Exception as exc:  # what a damaged checkpoint raises is the libraries' own
        reason = " ".join(str(exc).split())[:200]
        raise StoreError(
            f"The embedding model {path} cannot be read: {reason}"
        ) from exc


@lru_cache(maxsize=1)
def _loaded(path: Path, name: str) -> Callable[[list[str]], Any]:
    config = json.loads((path / "config.json").read_text())
    is_static = config.get("model_type", "model2vec") == "model2vec"
    return _static(path) if is_static else _encoder(path)


def _static(path: Path) -> Callable[[list[str]], Any]:
    try:
        from model2vec import StaticModel
    except ImportError as exc:
        raise MissingPackage("model2vec", "search", _WHAT) from exc
    model = StaticModel.from_pretrained(path, force_download=False)

    def encode(texts: list[str]) -> Any:
        return _of_length_one(model.encode(texts, use_multiprocessing=False))

    return encode


def _encoder(path: Path) -> Callable[[list[str]], Any]:
    try:
        torch: Any = import_module("torch")
        transformers: Any = import_module("transformers")
    except ImportError as exc:
        raise MissingPackage("transformers", "transformers", _WHAT) from exc
    tokenizer = transformers.AutoTokenizer.from_pretrained(path, local_files_only=True)
    model = transformers.AutoModel.from_pretrained(path, local_files_only=True)
    model.eval()

    def encode(texts: list[str]) -> Any:
        batch = tokenizer(
            texts, padding=True, truncation=True, max_length=_LONGEST,
            return_tensors="pt",
        )  # fmt: skip
        with torch.inference_mode():
            states = model(**batch).last_hidden_state
        mask = batch["attention_mask"].unsqueeze(-1)
        means = (states * mask).sum(1) / mask.sum(1).clamp(min=1)
        return _of_length_one(means.numpy())

    return encode


def _of_length_one(rows: Any) -> Any:
    import numpy

    rows = numpy.asarray(rows, dtype=numpy.float32)
    lengths = numpy.linalg.norm(rows, axis=1, keepdims=True)
    return rows / numpy.maximum(lengths, 1e-9)
