"""A sentence-embedding model from a local folder, and vectors of what can be found.

Two kinds of folder are known: static embeddings (`model2vec`, small and fast without a
GPU) and transformer encoders (`transformers`), whose token vectors are averaged.

A vector has one byte per dimension. Each search embeds what is new, for a bounded time,
the newest first; the rest follows with the next searches.
"""

from __future__ import annotations

import json
import sqlite3
import time
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

from agentkit import MissingPackage, StoreError

_WHAT = "The embedding model of the search"
# Tokens that encoders of the BERT kind take at most.
_LONGEST_TEXT = 512
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
    # What a damaged checkpoint raises is the libraries' own.
    except Exception as exc:
        reason = " ".join(str(exc).split())[:200]
        raise StoreError(
            f"The embedding model {path} cannot be read: {reason}"
        ) from exc


# The name is not used inside: a changed file has another name, and is loaded anew.
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
            texts, padding=True, truncation=True, max_length=_LONGEST_TEXT,
            return_tensors="pt",
        )  # fmt: skip
        with torch.inference_mode():
            states = model(**batch).last_hidden_state
        mask = batch["attention_mask"].unsqueeze(-1)
        # Filler tokens do not count.
        means = (states * mask).sum(1) / mask.sum(1).clamp(min=1)
        return _of_length_one(means.numpy())

    return encode


def _of_length_one(rows: Any) -> Any:
    import numpy

    rows = numpy.asarray(rows, dtype=numpy.float32)
    lengths = numpy.linalg.norm(rows, axis=1, keepdims=True)
    return rows / numpy.maximum(lengths, 1e-9)


# Seconds of embedding in one search, texts at a time, and vectors compared at a time.
_BUDGET, _BATCH, _PIECE = 0.8, 64, 20_000
# A coordinate of -1 to 1 as one byte; what is less like the query than this is nothing.
_SCALE, _LEAST = 127.0, 0.3
# Characters of a text that are embedded, and stores whose vectors are kept in memory.
_LONGEST, _KEPT = 2_000, 4
_CACHE: dict[tuple[str, str], tuple[str, Any, Any]] = {}


@dataclass(frozen=True, slots=True)
class Text:
    """Something to embed; its key changes when it does."""

    id: int
    key: str
    text: str


Read = Callable[[list[int]], Iterable[Text]]


def keep_vectors(
    database: sqlite3.Connection,
    embedding: Embedding,
    store: str,
    keys: dict[int, str],
    read: Read,
) -> int:
    """Embed what is new of a store, and forget what is gone.

    Args:
        database: the search index.
        embedding: the model.
        store: whose they are.
        keys: what is in the store now.
        read: reads the texts of some ids.

    Returns:
        How many still wait for their vector.
    """
    _forget_other_models(database, embedding)
    query = "SELECT id, key FROM vectors WHERE store = ?"
    known = dict(database.execute(query, (store,)).fetchall())
    gone = [(store, number) for number, key in known.items() if keys.get(number) != key]
    database.executemany("DELETE FROM vectors WHERE store = ? AND id = ?", gone)
    # The newest first: ids of messages hold their time.
    new = sorted((n for n, key in keys.items() if known.get(n) != key), reverse=True)
    done = _embed(database, embedding, store, new, read)
    if gone or done:
        note_fact(database, f"changed {store}", str(time.time_ns()))
    return len(new) - done


def _embed(
    database: sqlite3.Connection,
    embedding: Embedding,
    store: str,
    numbers: list[int],
    read: Read,
) -> int:
    import numpy

    deadline = time.monotonic() + _BUDGET
    waiting, done = iter(numbers), 0
    while time.monotonic() < deadline and (batch := list(islice(waiting, _BATCH))):
        texts = list(read(batch))
        if texts:
            rows = embedding.encode([one.text[:_LONGEST] for one in texts])
            vectors = numpy.rint(rows * _SCALE).astype(numpy.int8)
            _put(database, store, texts, vectors)
        # What is gone by now counts as done, or it would be waited for each time.
        done += len(batch)
    return done


def _put(
    database: sqlite3.Connection, store: str, texts: list[Text], vectors: Any
) -> None:
    database.executemany(
        "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?)",
        [
            (store, one.id, one.key, vector.tobytes())
            for one, vector in zip(texts, vectors, strict=True)
        ],
    )


def _forget_other_models(database: sqlite3.Connection, embedding: Embedding) -> None:
    if read_fact(database, "model") != embedding.name:
        database.execute("DELETE FROM vectors")
        database.execute("DELETE FROM vector_facts")
        note_fact(database, "model", embedding.name)


def read_fact(database: sqlite3.Connection, name: str) -> str:
    """Return what is noted beside the vectors; empty when nothing is."""
    query = "SELECT value FROM vector_facts WHERE name = ?"
    found = database.execute(query, (name,)).fetchone()
    return str(found[0]) if found else ""


def note_fact(database: sqlite3.Connection, name: str, value: str) -> None:
    """Note something beside the vectors; another model forgets it."""
    database.execute("INSERT OR REPLACE INTO vector_facts VALUES (?, ?)", (name, value))


def nearest(
    database: sqlite3.Connection,
    embedding: Embedding,
    store: str,
    query: str,
    most: int,
    span: tuple[int | None, int | None] = (None, None),
) -> list[tuple[int, float]]:
    """Return the ids of what is most like a query, best first, and how like it is.

    Args:
        database: the search index.
        embedding: the model.
        store: whose they are.
        query: the user's words.
        most: how many at most.
        span: the first id that counts, and the first that does not any more.
    """
    import numpy

    ids, matrix = _matrix(database, store)
    if not len(ids):
        return []
    # Rows have length 1, so that the product is the cosine.
    wanted = embedding.encode([query])[0].astype(numpy.float32) / _SCALE
    scores = numpy.concatenate(
        [
            matrix[first : first + _PIECE].astype(numpy.float32) @ wanted
            for first in range(0, len(ids), _PIECE)
        ]
    )
    first, end = span
    outside = numpy.zeros(len(ids), dtype=bool)
    outside |= ids < first if first is not None else outside
    outside |= ids >= end if end is not None else outside
    scores[outside | (scores < _LEAST)] = -1.0
    top = numpy.argpartition(-scores, min(most, len(ids) - 1))[:most]
    best = top[numpy.argsort(-scores[top])]
    return [(int(ids[n]), float(scores[n])) for n in best if scores[n] > 0]


def _matrix(database: sqlite3.Connection, store: str) -> tuple[Any, Any]:
    """Return a store's ids and vectors, kept in memory while they do not change."""
    import numpy

    place = (str(database.execute("PRAGMA database_list").fetchone()[2]), store)
    changed = read_fact(database, f"changed {store}")
    found = _CACHE.get(place)
    if found is None or found[0] != changed or not place[0]:
        numbers, flat = array("q"), bytearray()
        query = "SELECT id, vector FROM vectors WHERE store = ? ORDER BY id"
        for number, vector in database.execute(query, (store,)):
            numbers.append(number)
            flat += vector
        ids = numpy.array(numbers, dtype=numpy.int64)
        matrix = numpy.frombuffer(flat, dtype=numpy.int8)
        found = (changed, ids, matrix.reshape(len(ids), -1 if len(ids) else 0))
        if len(_CACHE) >= _KEPT:
            _CACHE.clear()
        _CACHE[place] = found
    return found[1], found[2]
