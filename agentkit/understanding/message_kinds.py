"""What sentences of messages do to their reader: ask, invite, call off, settle, joke.

A linear model over what the network pools of a sentence, its words in runs of up to
three, and their letters. Trained by `tests/benchmarks/understanding/train_messages.py`;
`message_kinds.json` is its card.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from agentkit.understanding.features import (
    Token,
    number_features,
    read_tokens,
    text_hash,
)
from agentkit.understanding.network import Array, network, read_weights

VERSION = 1
FILES = ("message_kinds.npz",)
CARD = "message_kinds.json"
KINDS = (
    "ask", "meeting", "cancelled", "moved", "confirmed", "done", "automatic",
    "quoted_or_joke", "none",
)  # fmt: skip
# Rows of the table of weights: fewer cost points in German and Thai.
ROWS = 1 << 15
# What runs of words, letters and the network count beside each other; of six settings
# the best on sentences that were not trained on.
WORDS, LETTERS, POOLED = 2.0, 1.0, 3.0


@dataclass(frozen=True, slots=True)
class Heard:
    """What a sentence does.

    Attributes:
        kinds: how probable each of `KINDS` is; they sum to 1.
        asks: how probable it is that it asks its reader for something, whatever else.
        languages: how probable each language is.
    """

    kinds: Mapping[str, float]
    asks: float
    languages: Mapping[str, float]


class MessageKinds:
    """The weights, and the way through them."""

    def __init__(self, arrays: Mapping[str, Array], card: Any) -> None:
        """Take what the files hold; `read_weights` checks them.

        Raises:
            ValueError: they were trained beside another network.
        """
        # Its weights count what the network pools, so another network makes them noise.
        if card["network"] != network_sum():
            raise ValueError("it was trained beside another network")
        self._rows, self._scale = arrays["rows"], arrays["scale"]
        self._pooled, self._bias = arrays["pooled"], arrays["bias"]
        self._mean, self._spread = arrays["mean"], arrays["spread"]

    def hear(self, sentence: str) -> Heard:
        """Tell what a sentence does."""
        model, tokens = network(), read_tokens(sentence)
        if not tokens:
            nothing = {str(kind): float(kind == "none") for kind in KINDS}
            return Heard(nothing, 0.0, dict.fromkeys(model.languages, 0.0))
        pooled = model.pool(tokens)[0]
        # Each pooled number to the spread it had in training, so that none counts for
        # its unit.
        seen = (pooled - self._mean) / self._spread * pooled_count(len(pooled))
        scores = seen @ self._pooled + self._bias
        for numbers, count in numbers_of(tokens):
            scores = scores + self._rows[numbers].sum(0) * self._scale * count
        # Less the largest, so that `exp` cannot overflow. The last score is that of
        # asking, which goes with any kind.
        shares = np.exp(scores[:-1] - scores[:-1].max())
        kinds = dict(
            zip(map(str, KINDS), (shares / shares.sum()).tolist(), strict=True)
        )
        asks = float(1 / (1 + np.exp(-scores[-1])))
        return Heard(kinds, asks, model.language(pooled))


def network_sum() -> int:
    """Return a checksum of the layers that the network pools with."""
    sums = network().card["sums"]
    # What is fitted on top of the pooled numbers may change without changing them.
    heads = ("choice", "language", "tag", "usual", "said", "courtesy")
    kept = sorted(f"{k} {v}" for k, v in sums.items() if not k.startswith(heads))
    return text_hash("\n".join(kept))


def pooled_count(size: int) -> float:
    """Return the weight of each pooled number."""
    # Divided by the root of their number, so that each group counts the same, however
    # many it has.
    return POOLED / float(np.sqrt(size))


def numbers_of(tokens: Sequence[Token]) -> list[tuple[list[int], float]]:
    """Return the rows of a sentence's features, and what each of them counts."""
    words = [token.text for token in tokens]
    edged = ["<", *words, ">"]
    runs = {" ".join(edged[a : a + n]) for n in (1, 2, 3) for a in range(len(edged))}
    # How a sentence begins tells most of its kind ("Could you", "Sorry"); its length a
    # little.
    runs |= {f"1 {word}" for word in words[:3]} | {f"#{min(len(words) // 4, 6)}"}
    spelt = {n % ROWS for row in number_features(tokens) for n in row}
    said = {text_hash(run) % ROWS for run in runs}
    groups = ((said, WORDS), (spelt, LETTERS))
    return [(sorted(g), count / float(np.sqrt(len(g)))) for g, count in groups]


@cache
def message_kinds() -> MessageKinds:
    """Return the model that comes with agentkit; read once.

    Raises:
        ConfigError: the weights are missing, damaged or of another version.
    """
    return read_weights(Path(__file__).parent, FILES, CARD, VERSION, MessageKinds)
