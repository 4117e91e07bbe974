"""Times the decode loop against bare `generate()`, and measures its memory.

    python tests/benchmarks/decode_overhead.py --folder FOLDER [--shape 1b] [--tokens N]

Both write the same number of tokens after the same prompt, in turns, the median of
the rounds each; free, without drafts. Targets: overhead 3 % at most, the mask 2 % of
a pass, peak memory above weights and cache 200 MB.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from agentkit.backends.checkpoint import (
    Checkpoint,
    Loading,
    grammar_tokenizer,
    load_checkpoint,
)
from agentkit.backends.choosing import Chooser
from agentkit.backends.decoding import Decoder
from agentkit.backends.model_reader import ModelReader
from agentkit.discovery import installed_tools
from agentkit.grammar import compile_grammar, make_grammar
from agentkit.tools import Toolset
from tests.benchmarks.llama_shapes import shape_folder


def bare(checkpoint: Checkpoint, prompt: list[int], count: int) -> list[int]:
    """Generate with transformers' own loop."""
    torch: Any = import_module("torch")
    ids = torch.tensor([prompt])
    made = checkpoint.model.generate(
        ids,
        attention_mask=torch.ones_like(ids),
        max_new_tokens=count,
        min_new_tokens=count,
        do_sample=False,
        pad_token_id=checkpoint.stops[0],
    )
    written: list[int] = made[0, len(prompt) :].tolist()
    return written


def ours(checkpoint: Checkpoint, prompt: list[int], count: int) -> list[int]:
    """Generate with the decode loop, without a stop token, from nothing read."""
    decoder = Decoder(ModelReader(checkpoint.model), Chooser(), ())
    return [one.token for one in decoder.generate(prompt, count)]


def mask_seconds(checkpoint: Checkpoint) -> float:
    """Time the choice under a grammar against the free one, per token."""
    numpy: Any = import_module("numpy")
    toolset = Toolset(list(installed_tools())[:20])
    guide = compile_grammar(make_grammar(toolset), grammar_tokenizer(checkpoint))
    text = "[create_event(title='Lunch with Ben in the garden', start='noon"
    ids = checkpoint.tokenizer.encode(text, add_special_tokens=False)
    width = checkpoint.model.config.vocab_size
    times: list[float] = []
    for token in ids[: guide.validate(ids)]:
        rows = numpy.random.default_rng(0).normal(size=(2, width))
        free, held = rows.astype(numpy.float32)
        started = time.perf_counter()
        Chooser().choose(free)
        between = time.perf_counter()
        Chooser().choose(held, guide)
        guide.accept([token])
        times.append((time.perf_counter() - between) - (between - started))
    return statistics.median(times)


def resident() -> float:
    """Return the most memory this process had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--shape", choices=("small", "1b"), default="1b")
    parser.add_argument("--tokens", type=int, default=24)
    parser.add_argument("--prompt", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    import_module("transformers").utils.logging.set_verbosity_error()
    import_module("transformers").utils.logging.disable_progress_bar()
    place = shape_folder(given.folder, given.shape)
    import_module("torch")
    import_module("llguidance")
    before = resident()
    checkpoint = load_checkpoint(str(place), Loading())
    loaded = resident()
    prompt = [number * 37 % 100_000 for number in range(given.prompt)]
    times: dict[str, list[float]] = {"bare": [], "ours": []}
    written: dict[str, list[int]] = {}
    for name, way in [("ours", ours), ("bare", bare)] * given.rounds:
        started = time.perf_counter()
        written[name] = way(checkpoint, prompt, given.tokens)
        times[name].append(time.perf_counter() - started)
        if name == "ours" and len(times[name]) == 1:
            after = resident()
            weights = sum(
                one.numel() * one.element_size()
                for one in checkpoint.model.parameters()
            )
            print(
                f"memory: weights {weights / 1e6:,.0f} MB; peak above the start "
                f"{(loaded - before) / 1e6:,.0f} MB loaded, "
                f"{(after - before) / 1e6:,.0f} MB after an answer; beside weights "
                f"{(after - before - weights) / 1e6:,.0f} MB (target 200 and cache)",
                flush=True,
            )
    slow, fast = (statistics.median(times[name]) for name in ("ours", "bare"))
    least = min(times["ours"]) / min(times["bare"]) - 1
    print(
        f"{given.shape} {checkpoint.model.dtype}: {given.tokens} tokens after "
        f"{given.prompt}: ours {slow:.2f} s, bare {fast:.2f} s, overhead "
        f"{slow / fast - 1:+.1%} (least times {least:+.1%}; target 3 %); same tokens: "
        f"{written['ours'] == written['bare']}"
    )
    mask = mask_seconds(checkpoint)
    each = fast / given.tokens
    print(
        f"mask and grammar: {mask * 1e3:.2f} ms a token, at most {mask / each:.2%} of "
        f"a pass (target 2 %)"
    )


if __name__ == "__main__":
    main()
