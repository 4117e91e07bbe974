"""GGUF files of Llama 3.2's true shape and tokenizer, with random weights.

Made once into a folder of one's choice: `1b` takes 2.5 GB as F16, 0.8 GB as Q4_0. The
packing is that of the package `gguf`.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from tests.agentkit.backends.gguf_files import (
    Shape,
    Vocabulary,
    random_tensors,
    vocabulary_of,
    write_gguf,
)
from tests.benchmarks.llama_shapes import SHAPES, true_tokenizer

PACKINGS = ("F16", "Q4_0", "Q8_0")
_SCALED_FROM = 8192


def gguf_file(folder: Path, shape: str = "1b", packing: str = "Q4_0") -> Path:
    """Return a file of this shape and packing, which is made when it is not there."""
    path = folder / f"llama-{shape}-{packing}.gguf"
    if path.is_file():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    _write(part, shape, packing)
    part.replace(path)
    return path


def true_vocabulary() -> Vocabulary:
    """Return Llama 3's tokens and merges, of the package llama-models."""
    text: str = true_tokenizer().backend_tokenizer.to_str()
    document: dict[str, Any] = json.loads(text)
    return vocabulary_of(document)


def _write(path: Path, shape: str, packing: str) -> None:
    given = SHAPES[shape]
    size = Shape(
        hidden=given.hidden,
        layers=given.layers,
        heads=given.heads,
        kv_heads=given.kv_heads,
        intermediate=given.intermediate,
        window=given.window,
        trained_window=_SCALED_FROM,
    )
    words = true_vocabulary()
    tensors = random_tensors(size, len(words.tokens))
    write_gguf(path, size, words, tensors, name=shape, packing=packing)


def main() -> None:
    """Make a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--shape", choices=sorted(SHAPES), default="1b")
    parser.add_argument("--packing", choices=PACKINGS, default="Q4_0")
    given = parser.parse_args()
    print(gguf_file(given.folder, given.shape, given.packing))


if __name__ == "__main__":
    main()
