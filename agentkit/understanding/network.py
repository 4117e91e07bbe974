"""The trained network: tokens to labels, language and roles, by plain numpy.

Not covered: training, which `tests/benchmarks/understanding` does in torch.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias, TypeVar
from zipfile import BadZipFile
from zlib import crc32

import numpy as np

from agentkit.errors import ConfigError
from agentkit.understanding.features import (
    BUCKETS,
    Token,
    number_features,
    text_hash,
)
from agentkit.understanding.request_meaning import ROLES

Array: TypeAlias = np.ndarray[Any, Any]

# Goes up when the layout of the files changes: older code must not read newer weights.
VERSION = 1
TAGS = ("O", *(f"{mark}-{role}" for role in ROLES for mark in "BI"))
# How far apart the three tokens stand that each layer looks at.
DILATIONS = (1, 2, 4)
SENSES = ("words", "encoder")
HERE = Path(__file__).parent
# Topics that are said to any assistant, whatever its tools.
_CHAT = (
    "~greeting", "~goodbye", "~thanks", "~yes", "~no", "~stop", "~repeat",
    "~smalltalk", "~statement", "~unclear", "~negated", "~quoted", "~followup",
)  # fmt: skip
# What is said to be friendly, and wants a friendly answer or none.
_FRIENDLY = ("~greeting", "~goodbye", "~thanks", "~smalltalk")
_FILES = ("weights.npz", "words.npz")
_WORD_TABLE = ("hashes", "rarity", "vectors")
Weights = TypeVar("Weights")


@dataclass(frozen=True, slots=True)
class Seen:
    """What the network makes of a text.

    Attributes:
        labels: logits, in the order of `Network.labels`.
        languages: probabilities, in the order of `Network.languages`.
        tags: a row of log-probabilities for each token, in the order of `TAGS`.
    """

    labels: Array
    languages: Array
    tags: Array


class Network:
    """The weights, and the way through them."""

    def __init__(self, arrays: Mapping[str, Array], card: Any) -> None:
        """Take what the files hold; `read_network` checks them."""
        self.labels: tuple[str, ...] = tuple(card["labels"])
        self.languages: tuple[str, ...] = tuple(card["languages"])
        self.card = card
        # 1 for each label of what follows up on something said just now, else 0: what was
        # done in an earlier conversation can be taken back, too.
        self.follows: Array = np.array(
            [
                name.startswith("~followup") and name != "~followup_undo"
                for name in self.labels
            ],
            np.float32,
        )
        # Whole numbers and their scale: a quarter of the space of floats.
        self._letters, self._scale = arrays["letters"], arrays["scale"]
        self._layers = [
            (arrays[f"layer{number}"], arrays[f"bias{number}"])
            for number in range(len(DILATIONS))
        ]
        self._heads = {
            name: (arrays[name], arrays[f"{name}_bias"])
            for name in ("choice", "language", "tag")
        }
        self._words = {name: arrays[name] for name in _WORD_TABLE}
        self.usual = {
            name: arrays[f"usual_{name}"].astype(np.float32) for name in SENSES
        }
        self._said, self._courtesy = arrays["said"], arrays["courtesy"]
        self.call_at: float = card["call_at"]
        self.counts: Mapping[str, Mapping[str, float]] = card["counts"]
        self.ask_at: float = card["ask_at"]
        self._temperature: float = card["temperature"]

    def look(self, tokens: Sequence[Token]) -> Seen:
        """Read a text of at least one token."""
        pooled, state = self.pool(tokens)
        return Seen(
            self._head("choice", pooled),
            _softmax(self._head("language", pooled)),
            _log_softmax(self._head("tag", state)),
        )

    def pool(self, tokens: Sequence[Token]) -> tuple[Array, Array]:
        """Return what is pooled of a text, and the state of each token."""
        inputs = np.concatenate([self._letters_of(tokens), self.words_of(tokens)], 1)
        state = inputs
        for number, (weights, bias) in enumerate(self._layers):
            # Each layer sees twice as far as the one before: 15 tokens together.
            made = _convolve(state, weights, bias, DILATIONS[number])
            # Only the first layer changes the width; the others add to what is known.
            state = made if number == 0 else state + made
        # The mean tells what a text is about, the maximum whether a telling word is
        # there.
        return np.concatenate([inputs.mean(0), state.mean(0), state.max(0)]), state

    def language(self, pooled: Array) -> Mapping[str, float]:
        """Return how probable each language is, by what is pooled of a text."""
        shares = _softmax(self._head("language", pooled)).tolist()
        return dict(zip(self.languages, shares, strict=True))

    def probabilities(self, seen: Seen) -> dict[str, float]:
        """Return the calibrated probability of each label."""
        # Fitted on rows kept back: without it the network is surer than it is right.
        shares = _softmax(seen.labels / self._temperature).tolist()
        return dict(zip(self.labels, shares, strict=True))

    def chat(self, seen: Seen) -> float:
        """Return how probable it is that something is said which asks for nothing."""
        shares = self.probabilities(seen)
        return sum([p for name, p in shares.items() if name.startswith(_CHAT)])

    def friendly(self, seen: Seen) -> float:
        """Return how probable it is that something is only said to be friendly."""
        shares = self.probabilities(seen)
        return sum(shares.get(name, 0.0) for name in _FRIENDLY)

    def meaning(self, tokens: Sequence[Token]) -> Array:
        """Return what words mean together, as `meaning_of` does."""
        return meaning_of(tokens, self._words)

    def speaks_for(self, word: str, label: str) -> bool:
        """Whether requests of a label held this word, outside of their values."""
        return _holds(self._said, said_hash(word, label))

    def is_courtesy(self, word: str) -> bool:
        """Whether a word is said with any request, as "please" and "the" are."""
        return _holds(self._courtesy, said_hash(word))

    def words_of(self, tokens: Sequence[Token]) -> Array:
        """Return each token's vector in the word table; zeros where it has none."""
        places, known = _find(tokens, self._words)
        vectors = self._words["vectors"][places].astype(np.float32)
        # The table holds whole numbers, 32 to the unit, in a quarter of the space.
        return vectors * known[:, None] / np.float32(32)

    def _letters_of(self, tokens: Sequence[Token]) -> Array:
        rows = [
            self._letters[list(numbers)].astype(np.float32).mean(0)
            for numbers in number_features(tokens)
        ]
        return np.stack(rows) * self._scale

    def _head(self, name: str, state: Array) -> Array:
        weights, bias = self._heads[name]
        return state @ weights + bias


def _convolve(state: Array, weights: Array, bias: Array, step: int) -> Array:
    """Look at each token and those `step` before and behind it; then cut below 0."""
    padded = np.pad(state, ((step, step), (0, 0)))
    size, width = state.shape
    # One product for each of the three: what they have together is just so large that
    # OpenBLAS wakes its threads for it, and those take longer to start than to multiply.
    made = bias
    for number in range(3):
        part = weights[number * width : (number + 1) * width]
        made = made + padded[number * step : number * step + size] @ part
    return np.maximum(made, 0)


def _softmax(logits: Array) -> Array:
    made: Array = np.exp(_log_softmax(logits))
    return made


def _log_softmax(logits: Array) -> Array:
    # Less the largest, so that `exp` cannot overflow.
    shifted = logits - logits.max(-1, keepdims=True)
    made: Array = shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))
    return made


def _unit(vector: Array) -> Array:
    length = float(np.linalg.norm(vector))
    return vector / length if length else vector


def meaning_of(tokens: Sequence[Token], words: Mapping[str, Array]) -> Array:
    """Return what words mean together, by a word table: of length 1, or zeros."""
    places, known = _find(tokens, words)
    counts = (words["rarity"][places] * known).astype(np.float32)
    return _unit(counts @ words["vectors"][places])


def _find(tokens: Sequence[Token], words: Mapping[str, Array]) -> tuple[Array, Array]:
    """Return each token's place in a word table, and whether it stands there."""
    hashes = np.array([text_hash(t.text) for t in tokens], np.uint32)
    there = words["hashes"]
    # The table is sorted by hash, so that a look-up needs no dictionary of 52,000 words
    # in memory.
    places = np.searchsorted(there, hashes).clip(0, len(there) - 1)
    return places, there[places] == hashes


def said_hash(word: str, label: str = "") -> int:
    """Return the number under which a word, with a label, is kept."""
    return text_hash(f"{label} {word}")


def _holds(numbers: Array, number: int) -> bool:
    place = int(np.searchsorted(numbers, number))
    return place < len(numbers) and int(numbers[place]) == number


@cache
def network() -> Network:
    """Return the network that comes with agentkit; read once.

    Raises:
        ConfigError: the weights are missing, damaged or of another version.
    """
    return read_network(HERE)


def read_network(folder: Path) -> Network:
    """Read the weights of a folder.

    Raises:
        ConfigError: the weights are missing, damaged or of another version.
    """
    return read_weights(folder, _FILES, "card.json", VERSION, Network)


def read_weights(
    folder: Path,
    files: Sequence[str],
    card: str,
    version: int,
    make: Callable[[Mapping[str, Array], Any], Weights],
) -> Weights:
    """Read files of weights, and check them by their card.

    Raises:
        ConfigError: one is missing, damaged or of another version.
    """
    for name in (*files, card):
        if not (folder / name).is_file():
            raise ConfigError(
                f"The trained understanding lacks {name}; the rules serve. "
                "Install agentkit again to have it."
            )
    try:
        told = json.loads((folder / card).read_text("utf-8"))
        _check_version(told, version)
        arrays = {k: v for name in files for k, v in _read_arrays(folder / name)}
        _check_sums(told, arrays)
        return make(arrays, told)
    # All that a damaged archive, array or card raises on the way.
    except (ValueError, KeyError, OSError, EOFError, BadZipFile) as exc:
        raise ConfigError(
            f"The trained understanding in {folder.name} is damaged ({exc}); the rules "
            "serve. Install agentkit again to have it."
        ) from exc


def _read_arrays(path: Path) -> Sequence[tuple[str, Array]]:
    # numpy leaves a damaged file open that it opened itself.
    with path.open("rb") as file:
        # No pickles: a file of weights must not be able to run code.
        return list(np.load(file, allow_pickle=False).items())


def _check_version(card: Any, version: int) -> None:
    found = card.get("version")
    if found != version or card.get("buckets") != BUCKETS:
        raise ConfigError(
            f"The trained understanding is of version {found}, and this agentkit reads "
            f"version {version}; the rules serve. Install agentkit again to have it."
        )


def _check_sums(card: Any, arrays: Mapping[str, Array]) -> None:
    for name, wanted in card["sums"].items():
        # A half written or half downloaded file would still answer, and wrongly.
        if crc32(arrays[name].tobytes()) != wanted:
            raise ValueError(f"the sum of {name} is wrong")
