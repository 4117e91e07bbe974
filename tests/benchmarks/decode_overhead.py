"""Times the decode loop against bare `generate()`, and measures its memory.

    python tests/benchmarks/decode_overhead.py --folder FOLDER [--shape 1b] [--tokens N]

Both write the same number of tokens after the same prompt, in turns; free, without
drafts. Times are the processor's, on one thread, the least and the median of the
rounds. Memory is the most of this process, without the code of torch and transformers.
Targets: overhead 3 % at most, the mask 2 % of a pass, 200 MB beside weights and cache.
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
from agentkit.backends.chooser import Chooser
from agentkit.backends.decode import Decoder
from agentkit.backends.kv_cache import ModelReader
from agentkit.discovery import installed_tools
from agentkit.grammar import Guide, compile_grammar, make_grammar
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


def mask_seconds(checkpoint: Checkpoint, guide: Guide) -> float:
    """Time the choice under a grammar against the free one, per token."""
    numpy: Any = import_module("numpy")
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


def tell_memory(checkpoint: Checkpoint, before: float, tokens: int) -> None:
    """Print the most memory since the start beside weights and cache."""
    weights = sum(
        one.numel() * one.element_size() for one in checkpoint.model.parameters()
    )
    config = checkpoint.model.config
    cache = 4 * tokens * config.num_hidden_layers * config.num_key_value_heads
    cache *= config.head_dim
    beside = resident() - before - weights - cache
    print(
        f"memory: libraries {before / 1e6:,.0f} MB, weights {weights / 1e6:,.0f} MB, "
        f"cache {cache / 1e6:,.0f} MB; at most {beside / 1e6:,.0f} MB beside them, "
        "tokenizer and grammar included (target 200)",
        flush=True,
    )


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
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--dtype", default="auto")
    given = parser.parse_args()
    import_module("transformers").utils.logging.set_verbosity_error()
    import_module("transformers").utils.logging.disable_progress_bar()
    place = shape_folder(given.folder, given.shape)
    import_module("torch").set_num_threads(given.threads)
    import_module("llguidance")
    import_module("transformers").LlamaForCausalLM  # noqa: B018
    before = resident()
    checkpoint = load_checkpoint(str(place), Loading(dtype=given.dtype))
    guide = compile_grammar(
        make_grammar(Toolset(list(installed_tools())[:20])),
        grammar_tokenizer(checkpoint),
    )
    prompt = [number * 37 % 100_000 for number in range(given.prompt)]
    ours(checkpoint, prompt, 2)
    tell_memory(checkpoint, before, given.prompt + 2)
    times: dict[str, list[float]] = {"bare": [], "ours": []}
    written: dict[str, list[int]] = {}
    for turn in range(given.rounds):
        ways = [("ours", ours), ("bare", bare)]
        for name, way in ways if turn % 2 else reversed(ways):
            started = time.process_time()
            written[name] = way(checkpoint, prompt, given.tokens)
            times[name].append(time.process_time() - started)
    slow, fast = min(times["ours"]), min(times["bare"])
    middle = [statistics.median(times[name]) for name in ("ours", "bare")]
    print(
        f"{given.shape} {checkpoint.model.dtype}: {given.tokens} tokens after "
        f"{given.prompt}: ours {slow:.2f} s, bare {fast:.2f} s, overhead "
        f"{slow / fast - 1:+.1%} (of medians {middle[0] / middle[1] - 1:+.1%}; target "
        f"3 %); same tokens: {written['ours'] == written['bare']}"
    )
    mask = mask_seconds(checkpoint, guide)
    each = fast / given.tokens
    print(
        f"mask and grammar: {mask * 1e3:.2f} ms a token, at most {mask / each:.2%} of "
        f"a pass (target 2 %)"
    )


if __name__ == "__main__":
    main()
