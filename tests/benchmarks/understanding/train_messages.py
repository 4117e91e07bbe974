"""Trains the judge of sentences in messages, prints its table, and writes its weights.

    python -m tests.benchmarks.understanding.train_messages [--seed N]

Reads the sentences of `messages/` in eight languages and, where it is there,
`../shared/data/email_asks.jsonl`: sentences of real mail, of which it is known only
whether they ask for something. A fifth of both is kept back and makes the table, ours by
frame and those of mail by sentence. What is written is trained on all of ours, and on
none of the mail that was kept back.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast
from zlib import crc32

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from agentkit.understanding.features import BUCKETS, read_tokens
from agentkit.understanding.message_kinds import (
    CARD,
    FILES,
    KINDS,
    ROWS,
    VERSION,
    network_sum,
    numbers_of,
    pooled_count,
)
from agentkit.understanding.network import HERE, network
from tests.benchmarks.understanding.corpora import DATA
from tests.benchmarks.understanding.frames import frames
from tests.benchmarks.understanding.sayings import MESSAGE_LANGS, messages

# How much weights are held down: of 0.05 and 0.2 the better one.
DAMPING = 0.05
STEPS = 60
# What settles or moves a meeting may be a question or not: it says nothing of asking.
_CLEAR = ("ask", "none", "automatic", "cancelled", "confirmed", "done")
_MAIL = "mail"


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence; `kind` is empty where only `asks` is known, and `asks` may be None."""

    text: str
    language: str
    kind: str
    asks: bool | None
    kept: bool


def read_rows(seed: int) -> Iterator[Row]:
    """Read all sentences."""
    sections = {f.id: f.section for lang in MESSAGE_LANGS for f in _frames(lang)}
    for one in messages(per_frame=2, seed=seed):
        kind = "done" if sections[one.frame] == "confirmed/done" else one.tool
        asks = kind == "ask" if kind in _CLEAR else None
        yield Row(one.text, one.lang, kind, asks, _kept(one.frame))
    mail = DATA / "email_asks.jsonl"
    for line in mail.read_text("utf-8").splitlines() if mail.is_file() else ():
        row = json.loads(line)
        yield Row(row["text"], _MAIL, "", row["ask"], _kept(row["text"]))


def _frames(lang: str) -> Any:
    return frames(lang, "messages")


def _kept(name: str) -> bool:
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 5 == 0


@dataclass(frozen=True, slots=True)
class Numbers:
    """Sentences as numbers: features in rows of the table, and what the network pools."""

    said: Tensor
    pooled: Tensor


def numbers(rows: Sequence[Row], mean: Any, spread: Any) -> Numbers:
    """Turn sentences into numbers."""
    model = network()
    at: list[int] = []
    columns: list[int] = []
    counts: list[float] = []
    pooled: list[Any] = []
    for place, row in enumerate(rows):
        tokens = read_tokens(row.text)
        pooled.append(model.pool(tokens)[0])
        for group, count in numbers_of(tokens):
            at += [place] * len(group)
            columns += group
            counts += [count] * len(group)
    values = torch.tensor(counts, dtype=torch.float32)
    shape = (len(rows), ROWS)
    said = cast(Any, torch).sparse_coo_tensor(
        torch.tensor([at, columns]), values, shape
    )
    scaled = (np.stack(pooled) - mean) / spread * pooled_count(len(mean))
    return Numbers(said.coalesce(), torch.tensor(scaled, dtype=torch.float32))


def spread_of(rows: Sequence[Row]) -> tuple[Any, Any]:
    """Return mean and spread of what the network pools."""
    model = network()
    pooled = np.stack([model.pool(read_tokens(row.text))[0] for row in rows])
    return pooled.mean(0), pooled.std(0) + 1e-6


def fit(given: Numbers, rows: Sequence[Row]) -> tuple[Tensor, Tensor, Tensor]:
    """Fit the weights of all kinds, and of asking, at once."""
    size = len(KINDS) + 1
    table = torch.zeros(ROWS, size, requires_grad=True)
    pooled = torch.zeros(given.pooled.shape[1], size, requires_grad=True)
    bias = torch.zeros(size, requires_grad=True)
    kinds = torch.tensor([KINDS.index(r.kind) if r.kind else -1 for r in rows])
    clear = torch.tensor([r.asks is not None for r in rows])
    asks = torch.tensor([float(bool(r.asks)) for r in rows])[clear]
    way = torch.optim.LBFGS(
        [table, pooled, bias], max_iter=STEPS, line_search_fn="strong_wolfe"
    )

    def loss() -> Tensor:
        way.zero_grad()
        out = given.said @ table + given.pooled @ pooled + bias
        lost = cross_entropy(out[:, :-1], kinds, ignore_index=-1, reduction="sum")
        lost = lost + binary_cross_entropy_with_logits(
            out[clear, -1], asks, reduction="sum"
        )
        lost = lost + DAMPING * (table.pow(2).sum() + pooled.pow(2).sum())
        torch.autograd.backward(lost)
        return lost

    cast(Any, way).step(loss)
    return table.detach(), pooled.detach(), bias.detach()


def table_of(rows: Sequence[Row], scores: Any) -> dict[str, float]:
    """Say how much is right of what was kept back."""
    best = scores[:, :-1].argmax(1)
    named: list[str] = [KINDS[n] for n in best.tolist()]
    own = [(row, kind) for row, kind in zip(rows, named, strict=True) if row.kind]
    told = {"kind right": _share([row.kind == kind for row, kind in own])}
    for lang in MESSAGE_LANGS:
        hits = [row.kind == kind for row, kind in own if row.language == lang]
        told[f"kind right, {lang}"] = _share(hits)
    for kind in KINDS:
        told[f"F1 {kind}"] = _f1([(r.kind == kind, k == kind) for r, k in own])
    for name, is_mail in (("mail", True), ("ours", False)):
        pairs = [
            (bool(row.asks), bool(score > ASKS))
            for row, score in zip(rows, scores[:, -1], strict=True)
            if row.asks is not None and (row.language == _MAIL) == is_mail
        ]
        told[f"F1 asks, {name}"] = _f1(pairs)
    return told


# The log-odds from which a sentence asks: labels of mail call polite offers asks, too.
ASKS = -0.7


def _share(hits: Sequence[bool]) -> float:
    return round(100 * sum(hits) / max(len(hits), 1), 1)


def _f1(pairs: Sequence[tuple[bool, bool]]) -> float:
    both = sum(a and b for a, b in pairs)
    return round(200 * both / max(sum(a + b for a, b in pairs), 1), 1)


def write(
    weights: tuple[Tensor, Tensor, Tensor], spread: tuple[Any, Any], card: Any
) -> None:
    """Write the weights and their card."""
    table, pooled, bias = (part.numpy() for part in weights)
    scale = np.abs(table).max(0) / 127
    arrays = {
        "rows": np.rint(table / scale).astype(np.int8),
        "scale": scale.astype(np.float32),
        "pooled": pooled.astype(np.float16),
        "bias": bias.astype(np.float32),
        "mean": spread[0].astype(np.float32),
        "spread": spread[1].astype(np.float32),
    }
    cast(Any, np).savez_compressed(HERE / FILES[0], **arrays)
    card |= {"sums": {name: crc32(a.tobytes()) for name, a in arrays.items()}}
    text = json.dumps(card, indent=1, ensure_ascii=False)
    (HERE / CARD).write_text(text + "\n", "utf-8")


def card_of(rows: Sequence[Row], seed: int, table: dict[str, float]) -> dict[str, Any]:
    """Say what the weights are of."""
    count = Counter(row.language == _MAIL for row in rows)
    return {
        "version": VERSION,
        "buckets": BUCKETS,
        "network": network_sum(),
        "kinds": KINDS,
        "seed": seed,
        "damping": DAMPING,
        "asks_at": ASKS,
        "data": {
            "sentences of our own in eight languages, Apache-2.0": count[False],
            "Parakweet's EmailIntent, sentences of real mail, Apache-2.0": count[True],
        },
        "licence": "Apache-2.0, with the attribution above",
        "kept_back": table,
    }


def main() -> None:
    """Train, tell and write."""
    parser = argparse.ArgumentParser(description="Train the judge of sentences.")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.set_num_threads(1)
    rows = [row for row in read_rows(options.seed) if read_tokens(row.text)]
    if not any(row.language == _MAIL for row in rows):
        print(f"{DATA / 'email_asks.jsonl'} is not there: our own sentences only.")
    early = [row for row in rows if not row.kept]
    late = [row for row in rows if row.kept]
    spread = spread_of(early)
    table, pooled, bias = fit(numbers(early, *spread), early)
    given = numbers(late, *spread)
    scores = (given.said @ table + given.pooled @ pooled + bias).numpy()
    told = table_of(late, scores)
    for name, figure in told.items():
        print(f"{name:24}{figure:6}")
    most = [row for row in rows if not (row.kept and row.language == _MAIL)]
    write(fit(numbers(most, *spread), most), spread, card_of(most, options.seed, told))


if __name__ == "__main__":
    main()
