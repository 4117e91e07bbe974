"""Loads damaged copies of a GGUF file, each in a process of its own, and counts.

    python -m tests.benchmarks.llama_cpp_damage [--files N]

A copy has bytes of its header changed, or is cut off. `refused` is a clear error,
`read` a file that loads all the same (the damage was in a name or a weight), `crashed`
a process that ended by a signal: the target is none.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.agentkit.backends.gguf_files import gguf_of_checkpoint
from tests.agentkit.backends.tiny_llama import make_checkpoint

_LOAD = """
import sys
from pathlib import Path
from agentkit.backends.gguf_loader import load_gguf
from agentkit.errors import BackendUnavailable
try:
    model = load_gguf(Path(sys.argv[1]), window=512, threads=1, gpu_layers=0)
    model.read(model.encode("Hello there."))
except BackendUnavailable as exc:
    print(exc)
    sys.exit(3)
"""


def damaged(data: bytes, places: list[int], dice: random.Random) -> bytes:
    """Return a copy with up to four bytes of the header changed, or cut off."""
    copy = bytearray(data)
    if dice.random() < 0.2:
        return bytes(copy[: dice.randrange(len(copy))])
    for _ in range(dice.randint(1, 4)):
        copy[dice.choice(places)] = dice.randrange(256)
    return bytes(copy)


def main() -> None:
    """Damage, load and count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    dice, counts = random.Random(given.seed), Counter[str]()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        whole = gguf_of_checkpoint(make_checkpoint(folder / "c"), folder / "x.gguf")
        data = whole.read_bytes()
        # Keys and tensors' entries, without the tokenizer's long lists.
        keys = range(data.index(b"tokenizer.ggml.tokens") + 64)
        first = data.index(b"tokenizer.ggml.bos_token_id")
        tensors = range(first, data.index(b"output_norm.weight") + 1200)
        for number in range(given.files):
            path = folder / "damaged.gguf"
            path.write_bytes(damaged(data, [*keys, *tensors], dice))
            ran = subprocess.run(
                [sys.executable, "-c", _LOAD, str(path)],
                capture_output=True,
                text=True,
                check=False,
            )
            outcome = {0: "read", 3: "refused"}.get(ran.returncode, "crashed")
            counts[outcome] += 1
            if outcome == "crashed":
                said = (ran.stderr or ran.stdout).strip().splitlines()
                print(f"copy {number}: code {ran.returncode}: {said[:1]} {said[-1:]}")
    print(
        ", ".join(f"{name} {counts[name]}" for name in ("refused", "read", "crashed"))
    )


if __name__ == "__main__":
    main()
