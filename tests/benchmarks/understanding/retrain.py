"""Teaches the trained network other tools: one command, about a minute on one core.

    python -m tests.benchmarks.understanding.retrain [FILE...] [--rows FILE] [--out FOLDER]

FILE is a Python file of tools, as `agentkit run --tools` takes it; they are taught beside
the installed ones. `--rows` holds one JSON object a line: `text`, `tool` and, if it is
not English, `language`. A tool's examples are taught, too. Only the head that chooses is
fitted; letters, words, layers, language and roles stay as they are. Without FILE the
head is fitted anew to the installed tools: after a tool was added or renamed.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from agentkit.discovery import installed_tools, tools_of_file
from agentkit.tools import Toolset
from agentkit.understanding.features import read_tokens
from agentkit.understanding.network import HERE, network
from tests.benchmarks.understanding.corpora import Row
from tests.benchmarks.understanding.request_words import words_said
from tests.benchmarks.understanding.train import (
    labels_of,
    read_rows,
    thin,
    write,
)
from tests.benchmarks.understanding.written import read_written

STEPS = 60
# Sentences of each frame: with one alone, a new tool's are lost among the corpora's.
PER_FRAME = 4
_SLOT = re.compile(r"\{(\w+)[^{}]*\}")


def own_rows(toolset: Toolset, path: Path | None) -> list[Row]:
    """Read what is given for other tools: their examples, and a file of rows."""
    rows = [
        Row(_SLOT.sub(r"\1", text), "en", (tool.name,), None, text, "own")
        for tool in toolset
        for text in tool.examples
    ]
    lines = path.read_text("utf-8").splitlines() if path else []
    for given in map(json.loads, filter(None, lines)):
        language, text = given.get("language", "en"), given["text"]
        rows.append(Row(text, language, (given["tool"],), None, text, "own"))
    return rows


def fit_head(rows: Sequence[Row], labels: Sequence[str]) -> tuple[Any, Any]:
    """Fit the head that chooses on what the network makes of each row."""
    model, place = network(), {name: number for number, name in enumerate(labels)}
    read = [(row, read_tokens(row.text)) for row in rows]
    pooled = np.stack([model.pool(tokens)[0] for _, tokens in read if tokens])
    inputs = torch.from_numpy(pooled.astype(np.float32))  # pyright: ignore[reportUnknownMemberType]
    barred = torch.full((len(inputs), len(labels)), float("-inf"))
    for number, row in enumerate(row for row, tokens in read if tokens):
        barred[number, [place[name] for name in row.wanted]] = 0.0
    weights = torch.zeros(inputs.shape[1], len(labels), requires_grad=True)
    bias = torch.zeros(len(labels), requires_grad=True)
    way: Any = torch.optim.LBFGS(
        [weights, bias], max_iter=STEPS, line_search_fn="strong_wolfe"
    )

    def loss() -> Any:
        way.zero_grad()
        shares = (inputs @ weights + bias).log_softmax(1) + barred
        total = -shares.logsumexp(1).mean() + 1e-5 * (weights**2).sum()
        torch.autograd.backward(total)
        return total

    way.step(loss)
    return weights.detach().numpy(), bias.detach().numpy()


def main() -> None:
    """Fit the head, and write the weights with it."""
    parser = argparse.ArgumentParser(description="Teach the network other tools.")
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--rows", type=Path)
    parser.add_argument("--out", type=Path, default=HERE)
    options = parser.parse_args()
    torch.set_num_threads(1)
    started = time.process_time()
    own = Toolset([tool for file in options.files for tool in tools_of_file(file)])
    tools = [*installed_tools().names, *own.names]
    rows = [row for row in read_rows(tools, PER_FRAME, 0) if not row.kept]
    rows = thin(rows) + own_rows(own, options.rows)
    labels = labels_of(rows, tools)
    rows += read_written([one for one in labels if one.startswith("~")], rows)
    weights, bias = fit_head(rows, labels)
    kept = dict(np.load(HERE / "weights.npz"))
    arrays = kept | words_said(rows) | {"choice": weights, "choice_bias": bias}
    write(arrays, network().card | {"labels": labels}, options.out)
    print(f"{len(rows)} rows, {time.process_time() - started:.0f} s of one core")


if __name__ == "__main__":
    main()
