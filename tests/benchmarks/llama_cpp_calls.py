"""Counts how many calls of a random GGUF model under the grammar parse and validate.

    python -m tests.benchmarks.llama_cpp_calls --folder FOLDER [--calls N] [--bfcl SITE]

The toolsets and the judging are those of `grammar_calls.py`; the tokens are drawn by
the llama_cpp backend's own generation, with drafts, from the tests' tiny model of random
weights. Its tokenizer is small: of 128,256 tokens that are all as likely, the quote that
ends a string would hardly ever come. An answer of 3,000 tokens is cut off, and counted.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from pathlib import Path
from threading import Event

from agentkit.backends.answers import Sampling
from agentkit.backends.gguf_loader import load_gguf
from agentkit.backends.gguf_reader import generate
from agentkit.grammar import compile_grammar, make_grammar
from tests.agentkit.backends.gguf_files import gguf_of_checkpoint
from tests.agentkit.backends.tiny_llama import make_checkpoint
from tests.agentkit.grammar.random_tools import make_toolset
from tests.benchmarks.grammar_calls import bfcl_toolsets, bundled, faults

_TOOLSETS = 50
_LONGEST = 3000


def main() -> None:
    """Generate, judge and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="for the GGUF file")
    parser.add_argument("--calls", type=int, default=1000)
    parser.add_argument("--bfcl", default="")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    rng = random.Random(given.seed)
    half = _TOOLSETS // 2
    others = bfcl_toolsets(given.bfcl, half, rng) if given.bfcl else bundled(half, rng)
    made = [make_toolset(rng, rng.randint(1, 20)) for _ in range(_TOOLSETS - half)]
    given.folder.mkdir(parents=True, exist_ok=True)
    checkpoint = make_checkpoint(given.folder / "tiny")
    path = gguf_of_checkpoint(checkpoint, given.folder / "tiny.gguf")
    model = load_gguf(path, window=4096, threads=given.threads, gpu_layers=0)
    tokenizer = model.grammar_tokenizer()
    guides = [
        (compile_grammar(grammar, tokenizer), toolset, grammar)
        for toolset in (*made, *others)
        for grammar in [make_grammar(toolset, mode="calls")]
    ]
    counts, started = Counter[str](), time.perf_counter()
    while counts["calls"] < given.calls:
        guide, toolset, grammar = guides[counts["answers"] % len(guides)]
        told: list[str] = []
        number = counts["answers"]
        prompt = model.encode(f"Request {number}.")
        sampling = Sampling(_LONGEST, temperature=1.0, seed=given.seed + number)
        made_of, cost = generate(
            model, prompt, sampling, told.append, Event(), guide.copy()
        )
        counts["answers"] += 1
        counts["tokens"] += len(made_of.chosen)
        counts["passes"] += cost.passes
        if len(made_of.chosen) >= _LONGEST:
            counts["cut off"] += 1
        else:
            counts += faults("".join(told), toolset, grammar.relaxed)
    bad = counts["not parsed"], counts["not valid"]
    print(
        f"calls {counts['calls']} over {len(guides)} toolsets "
        f"({'BFCL and made' if given.bfcl else 'bundled and made'}): "
        f"parsed {counts['calls'] - bad[0]}, "
        f"validated {counts['calls'] - sum(bad) - counts['relaxed']}; "
        f"not valid where the grammar says so {counts['relaxed']}, elsewhere {bad[1]}; "
        f"repaired {counts['repaired']}; answers {counts['answers']}, "
        f"cut off {counts['cut off']}; tokens {counts['tokens']}, "
        f"passes {counts['passes']}; {time.perf_counter() - started:.0f} s"
    )


if __name__ == "__main__":
    main()
