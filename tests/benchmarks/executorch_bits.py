"""How near programs of fewer bits are to the model they were made of, and how fast.

    python tests/benchmarks/executorch_bits.py MODEL.gguf PROGRAM.pte...

MODEL is what `agentkit models export` was given. For each program: its size, how often
the token that it takes for the likeliest is the model's own in float32, over a text of
the documentation, and how many tokens it reads and writes in a CPU-second. Needs what
`executorch` and `transformers` need.
"""

from __future__ import annotations

import argparse
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from agentkit.backends.executorch import Program, ProgramReader

np: Any = import_module("numpy")
TEXT = Path(__file__).parents[2] / "docs" / "explanation" / "local-models.md"
TOKENS, WRITTEN = 384, 32


def main() -> None:
    """Read the text with the model and with each program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("programs", type=Path, nargs="+")
    options = parser.parse_args()
    ids, scores = scored(options.model)
    print(
        "| program | MB | same likeliest token | tokens read | written, a CPU-second |"
    )
    for path in options.programs:
        print(line(path, ids, scores.argmax(1)), flush=True)


def scored(model: Path) -> tuple[list[int], Any]:
    """Return a text's tokens, and the float32 model's logits behind each of them."""
    transformers: Any = import_module("transformers")
    torch: Any = import_module("torch")
    place, named = str(model.parent), {"gguf_file": model.name}
    tokenizer = transformers.AutoTokenizer.from_pretrained(place, **named)
    whole = transformers.AutoModelForCausalLM.from_pretrained(
        place, dtype=torch.float32, **named
    )
    ids: list[int] = tokenizer(TEXT.read_text("utf-8"))["input_ids"][:TOKENS]
    with torch.no_grad():
        return ids, whole(torch.tensor([ids])).logits[0].numpy()


def line(path: Path, ids: list[int], wanted: Any) -> str:
    """Measure one program; return its line of the table."""
    reader = ProgramReader(Program(path))
    reader.begin(ids)
    began = time.process_time()
    scores = reader.read(ids, len(ids))
    read = len(ids) / (time.process_time() - began)
    began = time.process_time()
    for _ in range(WRITTEN):
        reader.read([int(scores[-1].argmax())], 1)
    wrote = WRITTEN / (time.process_time() - began)
    same = (scores.argmax(1) == wanted).mean()
    size = path.stat().st_size / 1e6
    return (
        f"| {path.parent.name} | {size:.0f} | {same:.1%} | {read:.0f} | {wrote:.0f} |"
    )


if __name__ == "__main__":
    main()
