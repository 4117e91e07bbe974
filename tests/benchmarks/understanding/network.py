"""The network while it is trained, in torch; `agentkit.understanding` runs it in numpy.

Each token is the mean of its letters' features beside the table's vector of its word.
Three convolutions look two, four and eight tokens around. Their mean and maximum say
which tool and which language; each token's own state says which role it has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
import torch
from torch import Tensor, nn

from agentkit.understanding.features import BUCKETS, number_features, read_tokens
from agentkit.understanding.network import DILATIONS, TAGS
from tests.benchmarks.understanding.corpora import UNKNOWN

LETTERS = 96
STATE = 192
# The share of sentences that is trained on without letters.
UNSPELT = 0.25


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence as numbers.

    Attributes:
        features: all tokens' features, one after the other.
        counts: how many each token has.
        words: each token's row in the word table; 0 where it has none.
        tags: each token's tag, or -1 where none is marked.
        wanted: the labels any of which is right.
        language: its place among the languages.
    """

    features: Any
    counts: Any
    words: Any
    tags: Any
    wanted: tuple[int, ...]
    language: int


def example_of(
    text: str,
    spans: Sequence[tuple[int, int, str]] | None,
    wanted: tuple[int, ...],
    language: int,
    rows: dict[int, int],
) -> Example | None:
    """Turn a sentence into numbers; None where it holds no token."""
    tokens = read_tokens(text)
    if not tokens:
        return None
    numbers = number_features(tokens)
    tags = [-1] * len(tokens)
    if spans is not None:
        tags = [_tag(token.start, token.end, spans) for token in tokens]
    return Example(
        np.array([n for row in numbers for n in row]),
        np.array([len(row) for row in numbers]),
        np.array([rows.get(crc32(token.text.encode()), 0) for token in tokens]),
        np.array(tags),
        wanted,
        language,
    )


def _tag(start: int, end: int, spans: Sequence[tuple[int, int, str]]) -> int:
    for first, last, role in spans:
        if role == UNKNOWN and start < last and first < end:
            return -1
        if first <= start and end <= last:
            return TAGS.index(f"{'B' if start == first else 'I'}-{role}")
        if start < first < end:  # a token that begins before the span
            return TAGS.index(f"B-{role}")
    return 0


@dataclass(frozen=True, slots=True)
class Batch:
    """Sentences side by side, padded to the longest."""

    features: Tensor
    offsets: Tensor
    words: Tensor
    tags: Tensor
    lengths: Tensor


def batch_of(
    examples: Sequence[Example], chance: np.random.Generator | None = None
) -> Batch:
    """Put sentences together; with a chance, a tenth of the features falls away."""
    features = np.concatenate([e.features for e in examples])
    counts = np.concatenate([e.counts for e in examples])
    words = np.concatenate([e.words for e in examples])
    if chance is not None:
        first = np.zeros(len(features), bool)
        first[np.cumsum(counts) - counts] = True
        keep = (chance.random(len(features)) > 0.12) | first
        counts = np.add.reduceat(keep, np.cumsum(counts) - counts)
        features = features[keep]
        words = words * (chance.random(len(words)) > 0.15)
    offsets = np.cumsum(counts) - counts
    lengths = np.array([len(e.counts) for e in examples])
    tags = np.full((len(examples), lengths.max()), -1)
    for row, example in enumerate(examples):
        tags[row, : len(example.tags)] = example.tags
    numbers = (features, offsets, words, tags, lengths)
    whole = [np.ascontiguousarray(n) for n in numbers]
    return Batch(*(torch.as_tensor(n).long() for n in whole))


class Network(nn.Module):
    """What is trained."""

    def __init__(self, labels: int, languages: int, words: Tensor) -> None:
        super().__init__()
        size = LETTERS + words.shape[1]
        self.letters = nn.EmbeddingBag(BUCKETS, LETTERS, mode="mean", sparse=True)
        nn.init.normal_(self.letters.weight, std=0.1)
        self.words = words
        inputs = [size, *([STATE] * (len(DILATIONS) - 1))]
        self.layers = nn.ModuleList(
            nn.Conv1d(width, STATE, 3, padding=step, dilation=step)
            for width, step in zip(inputs, DILATIONS, strict=True)
        )
        self.choice = nn.Linear(2 * STATE + size, labels)
        self.language = nn.Linear(2 * STATE + size, languages)
        self.tag = nn.Linear(STATE, len(TAGS))
        self.drop = nn.Dropout(0.25)
        self.chance = torch.Generator().manual_seed(0)

    def take(self, arrays: Mapping[str, Any]) -> None:
        """Begin with weights that were written before, in place of chance."""
        letters = arrays["letters"].astype(np.float32) * arrays["scale"]
        given = {"letters.weight": letters}
        for number, module in enumerate(self.layers):
            layer: Any = module
            width = layer.weight.shape[1]
            shaped = arrays[f"layer{number}"].reshape(3, width, STATE)
            given[f"layers.{number}.weight"] = shaped.transpose(2, 1, 0)
            given[f"layers.{number}.bias"] = arrays[f"bias{number}"]
        for name in ("choice", "language", "tag"):
            given[f"{name}.weight"] = arrays[name].T
            given[f"{name}.bias"] = arrays[f"{name}_bias"]
        whole = {name: np.ascontiguousarray(array) for name, array in given.items()}
        self.load_state_dict({name: torch.as_tensor(a) for name, a in whole.items()})

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
        """Return the logits of the labels, the languages and each token's tags."""
        pooled, states = self.read(batch)
        pooled = self.drop(pooled)
        tags = self.tag(self.drop(states).transpose(1, 2))
        return self.choice(pooled), self.language(pooled), tags

    def read(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Return what is pooled of each sentence, and its tokens' states."""
        letters = self.letters(batch.features, batch.offsets)
        if self.training:  # what is read by meaning alone holds in other languages
            spelt = torch.rand(len(batch.lengths), generator=self.chance) > UNSPELT
            letters = letters * spelt.repeat_interleave(batch.lengths)[:, None]
        tokens = torch.cat([letters, self.words[batch.words]], 1)
        longest = int(batch.lengths.max())
        there = torch.arange(longest)[None] < batch.lengths[:, None]
        inputs = torch.zeros(len(there), longest, tokens.shape[1])
        inputs[there] = tokens
        mask = there.unsqueeze(1).float()
        state = self.drop(inputs).transpose(1, 2)
        for number, layer in enumerate(self.layers):
            made = torch.relu(layer(state)) * mask
            state = made if number == 0 else state + made
        count = mask.sum(2)
        pooled = [inputs.sum(1) / count, state.sum(2) / count, state.max(2).values]
        return torch.cat(pooled, 1), state


class RowAdagrad:
    """Adagrad with one rate for each row of the letters, for a step touches few rows.

    Half the time of a step would go into torch's own sparse Adam.
    """

    def __init__(self, weight: Tensor) -> None:
        self.weight = weight
        self._squares = torch.full((len(weight),), 1e-10)

    @torch.no_grad()
    def step(self, rate: float) -> None:
        """Go down the gradient, and forget it."""
        if self.weight.grad is not None:
            rows = self.weight.grad._indices()[0]
            values = self.weight.grad._values()
            self._squares.index_add_(0, rows, values.pow(2).mean(1))
            steps = rate / self._squares[rows].sqrt()
            self.weight.index_add_(0, rows, -steps[:, None] * values)
            self.weight.grad = None
