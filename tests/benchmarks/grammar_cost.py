"""Times what a grammar costs: tokenizer, compiling, and each token.

    python tests/benchmarks/grammar_cost.py [--tools N] [--no-forward]

With Llama 3's true tokenizer (128,256 ids) where the package `llama-models` is
installed, and a small one of the tests' own otherwise, which it says. The tools are
the bundled ones. "typical" are answers as a model writes them, taken token by
token; "random" are answers of tokens drawn uniformly among those allowed, which
meet far more states. A token costs its mask, its mask applied to the logits, and its
acceptance; `certain` tokens, which need no mask, are counted apart.

The forward pass to compare with is one token of the Llama 3.2 1B shape with random
weights: two of its layers and its output layer are timed and the rest is added up,
because the whole model is 5 GB in 32 bits. The cache is empty and the fastest of
nine is taken, so that it is the cheapest pass there is.

"passes" is what the grammar alone saves: how many forward passes a typical call takes
when each pass verifies the grammar's draft and adds one token of the model's own.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from itertools import takewhile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from agentkit.discovery import installed_tools
from agentkit.grammar import (
    GrammarTokenizer,
    Guide,
    Mode,
    compile_grammar,
    make_grammar,
)
from agentkit.tools import Toolset
from tests.agentkit.grammar.true_tokenizer import STOPS, true_json
from tests.agentkit.grammar.walks import draw, small_tokenizer

_CALLS = (
    "[create_event(title='Lunch with Ana', start='tomorrow at noon', "
    "duration='90 minutes', location='Corner Café', attendees=['Ana', 'Li Wei'])]",
    '[find_events(when="next week", query="dentist")]',
    "[set_alarm(time='6:45 am', repeat='weekdays'), list_alarms()]",
)
_TALK = (
    "You have three events tomorrow: the stand-up at 9, lunch with Ana at noon, and "
    "the dentist at 4 pm. See [your calendar](https://calendar.example/week) for the "
    "rest of the week; I did not find any clash."
)


def main() -> None:
    """Time and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tools", type=int, default=20)
    parser.add_argument("--no-forward", action="store_true")
    options = parser.parse_args()
    tokenizer = set_up()
    known = {tool.name: tool for tool in installed_tools()}
    wanted = [name for name in known if any(f"{name}(" in call for call in _CALLS)]
    names = [*wanted, *(name for name in known if name not in wanted)]
    tools = Toolset([known[name] for name in names[: options.tools]])
    for mode in ("calls", "auto", "text"):
        time_compiling(tools, mode, tokenizer)
    calls = compile_grammar(make_grammar(tools, mode="calls"), tokenizer)
    auto = compile_grammar(make_grammar(tools), tokenizer)
    costs = {
        "typical calls": [typical(calls, text) for text in _CALLS * 5],
        "typical calls, auto": [typical(auto, text) for text in _CALLS * 5],
        "typical talk, auto": [typical(auto, _TALK) for _ in range(5)],
        "random calls": [at_random(calls, seed) for seed in range(40)],
    }
    passing = 0.0 if options.no_forward else forward_pass()
    for name, answers in costs.items():
        tell(name, answers, passing)
    for text in _CALLS:
        count, tokens = passes(auto, text)
        print(f"passes: {count} for {tokens} tokens, {count / tokens:.2f}: {text}")


def set_up() -> GrammarTokenizer:
    """Time making the tokenizer."""
    text = true_json()
    if not text:
        print("llama-models is not installed: a small tokenizer stands in")
        return small_tokenizer()
    started = time.perf_counter()
    tokenizer = GrammarTokenizer.from_json(text, STOPS)
    spent = time.perf_counter() - started
    print(f"tokenizer of {tokenizer.vocabulary} ids set up in {spent:.2f} s")
    return tokenizer


def time_compiling(tools: Toolset, mode: Mode, tokenizer: GrammarTokenizer) -> None:
    """Time making and compiling a grammar, nothing kept between the turns."""
    started = time.process_time()
    made = [_timed(lambda: make_grammar(tools, mode=mode)) for _ in range(15)]
    grammar = make_grammar(tools, mode=mode)
    compiled = [_timed(lambda: compile_grammar(grammar, tokenizer)) for _ in range(15)]
    busy = (time.process_time() - started) / 15
    masks = [_timed(compile_grammar(grammar, tokenizer).mask) for _ in range(15)]
    print(
        f"{len(tools)} tools, {mode}: make {_ms(made)}, compile {_ms(compiled)}, "
        f"together {busy * 1e3:.2f} ms of the processor's time, "
        f"first mask {_ms(masks)} (medians, fastest in brackets; {len(grammar.lark)} characters)"
    )


def typical(guide: Guide, text: str) -> tuple[list[float], int]:
    """Time each token of a text that is allowed; count the certain ones."""
    tokens = list(guide.tokenizer.native.tokenize_str(text))
    one = guide.copy()
    costs: list[float] = []
    certain = at = 0
    row = _row(guide.tokenizer.vocabulary)
    while at < len(tokens):
        started = time.perf_counter()
        forced = one.certain()
        if forced:
            one.accept(forced)
            certain += len(forced)
            at += len(forced)
            continue
        one.apply(row)
        if not one.accept(tokens[at : at + 1]):
            raise SystemExit(f"not allowed: {text!r} at token {at}")
        costs.append(time.perf_counter() - started)
        at += 1
    return costs, certain


def passes(guide: Guide, text: str) -> tuple[int, int]:
    """Count the forward passes that a text takes with drafts, and its tokens."""
    tokens = list(guide.tokenizer.native.tokenize_str(text))
    one = guide.copy()
    at = count = 0
    while at < len(tokens):
        wanted = tokens[at:]
        draft = one.forced()
        agreed = sum(1 for _ in takewhile(_same, zip(draft, wanted, strict=False)))
        taken = wanted[: agreed + 1]
        one.accept(taken)
        at += len(taken)
        count += 1
    return count, len(tokens)


def _same(pair: tuple[int, int]) -> bool:
    return pair[0] == pair[1]


def at_random(guide: Guide, seed: int) -> tuple[list[float], int]:
    """Time each token of an answer drawn at random; count the certain ones."""
    rng = random.Random(seed)
    one = guide.copy()
    costs: list[float] = []
    certain = 0
    row = _row(guide.tokenizer.vocabulary)
    while not one.finished and len(costs) < 500:
        started = time.perf_counter()
        forced = one.certain()
        if forced:
            one.accept(forced)
            certain += len(forced)
            continue
        one.apply(row)
        spent = time.perf_counter() - started
        chosen = draw(one, rng)
        started = time.perf_counter()
        one.accept([chosen])
        costs.append(spent + time.perf_counter() - started)
    return costs, certain


def forward_pass() -> float:
    """Time one token of the 1B shape; 0 when torch is not there."""
    if find_spec("torch") is None or find_spec("transformers") is None:
        print("torch or transformers is not installed: no forward pass is timed")
        return 0.0
    torch: Any = import_module("torch")
    transformers: Any = import_module("transformers")
    config = transformers.LlamaConfig(
        vocab_size=128256,
        hidden_size=2048,
        intermediate_size=8192,
        num_hidden_layers=2,
        num_attention_heads=32,
        num_key_value_heads=8,
        tie_word_embeddings=True,
    )
    model = transformers.LlamaForCausalLM(config).eval()
    ids = torch.tensor([[1]])
    with torch.inference_mode():
        whole = _fastest(lambda: model(ids, use_cache=False))
        hidden = model.model(ids, use_cache=False).last_hidden_state
        head = _fastest(lambda: model.lm_head(hidden))
    full = head + (whole - head) / 2 * 16
    print(f"forward pass of one token, 1B shape, 32 bits: {full * 1e3:.1f} ms")
    return full


def _fastest(work: Callable[[], object]) -> float:
    work()
    return min(_timed(work) for _ in range(9))


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _row(width: int) -> Any:
    """Make a row of logits: torch's where that is installed."""
    if find_spec("torch") is not None:
        return import_module("torch").zeros(width)
    return import_module("numpy").zeros(width, dtype="float32")


def _ms(times: list[float]) -> str:
    return f"{statistics.median(times) * 1e3:.2f} ms ({min(times) * 1e3:.2f})"


def tell(name: str, answers: list[tuple[list[float], int]], passing: float) -> None:
    """Print one line of costs."""
    times = sorted(cost for costs, _ in answers for cost in costs)
    certain = sum(count for _, count in answers)
    mean = statistics.mean(times)
    share = f"; {mean / passing:.2%} of a forward pass" if passing else ""
    print(
        f"{name}: {len(times)} tokens at mean {mean * 1e3:.3f} ms, "
        f"median {times[len(times) // 2] * 1e3:.3f}, "
        f"99th percentile {times[len(times) * 99 // 100] * 1e3:.3f}, "
        f"most {times[-1] * 1e3:.2f}{share}; {certain} more certain, "
        f"{certain / (certain + len(times)):.0%} of all"
    )


if __name__ == "__main__":
    main()
