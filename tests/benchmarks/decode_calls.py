"""Counts what the transformers decode loop writes under the grammar, and its passes.

    python tests/benchmarks/decode_calls.py --folder FOLDER [--calls N] [--shape 1b]

FOLDER keeps checkpoints with random weights and Llama 3's true tokenizer, made at
the first use (`llama_shapes.py`). Three parts, chosen by --part:

calls: answers of random weights, drawn at temperature 1 under the grammar, from 50
toolsets (BFCL's documents among them with --bfcl); how many parse and validate. The
prompt is a question without the tools, which random weights cannot read. Tokens with
a quote or a bracket are made likelier, since random weights end no string by
themselves.

same: greedy answers with drafts and one token at a time: are the tokens identical?
In float32, and in bf16 where a pass of several tokens rounds otherwise. The harder
test has a drafter that knows the answer, so that all tokens are read in long passes.

passes: forward passes for hand-written typical calls (`decode_cases.py`) of the
bundled tools, and with --bfcl for BFCL's requests and right answers, --answers of each
half. No model can be had that would write them, so the logits are scripted:
at each place the wanted token is the likeliest. Counts are exact; times are the true
model's, which computes each pass while the script chooses.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
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
from agentkit.backends.engine import CheckpointCodec
from agentkit.backends.speculation import Drafter, ForcedDrafter, QuotingDrafter
from agentkit.discovery import installed_tools
from agentkit.grammar import (
    GrammarCache,
    GrammarTokenizer,
    Guide,
    compile_grammar,
    make_grammar,
)
from agentkit.prompting import TransformersTokenizer, encode_prompt
from agentkit.tools import Toolset
from tests.agentkit.backends.fake_reader import FakeReader
from tests.agentkit.grammar.random_tools import make_toolset
from tests.benchmarks.decode_cases import CASES, SECOND, THIRD
from tests.benchmarks.decode_readers import AllKnowing, DrivenReader, EndingReader
from tests.benchmarks.decode_recorded import recorded
from tests.benchmarks.grammar_calls import bfcl_toolsets, bundled, faults
from tests.benchmarks.llama_shapes import shape_folder


def load(folder: Path, shape: str, dtype: str) -> Checkpoint:
    """Load a checkpoint of a shape, quietly."""
    import_module("transformers").utils.logging.disable_progress_bar()
    place = shape_folder(folder, shape, dtype)
    return load_checkpoint(str(place), Loading(dtype=dtype))


def drafters(codec: CheckpointCodec, prompt: list[int]) -> list[Drafter]:
    """Return what guesses in the backend."""
    return [ForcedDrafter(), QuotingDrafter(codec.decode(prompt), len(prompt), codec)]


def toolsets(bfcl: str, rng: random.Random) -> list[Toolset]:
    """Return 50 toolsets, half of them made."""
    others = bfcl_toolsets(bfcl, 25, rng) if bfcl else bundled(25, rng)
    return [*[make_toolset(rng, rng.randint(1, 20)) for _ in range(25)], *others]


def guides(
    sets: Sequence[Toolset], words: GrammarTokenizer
) -> Iterator[tuple[Toolset, Guide, tuple[str, ...]]]:
    """Compile the grammars, calls only."""
    for toolset in sets:
        grammar = make_grammar(toolset, mode="calls")
        yield toolset, compile_grammar(grammar, words), grammar.relaxed


def random_calls(given: argparse.Namespace) -> None:
    """Let random weights write calls, and judge them."""
    rng = random.Random(given.seed)
    checkpoint = load(given.folder, given.shape, "bfloat16")
    codec, reader = CheckpointCodec(checkpoint), EndingReader(checkpoint)
    made = list(guides(toolsets(given.bfcl, rng), grammar_tokenizer(checkpoint)))
    counts, tokens, passes = Counter[str](), 0, 0
    while counts["calls"] < given.calls:
        toolset, guide, relaxed = made[counts["answers"] % len(made)]
        prompt = codec.encode(f"Request {counts['answers']}: what is next?")
        chooser = Chooser(1.0, seed=counts["answers"])
        one = guide.copy()
        decoder = Decoder(
            reader, chooser, checkpoint.stops, one, drafters(codec, prompt)
        )
        ids = [chosen.token for chosen in decoder.generate(prompt, given.limit)]
        counts["answers"] += 1
        tokens, passes = tokens + len(ids), passes + decoder.tally.passes
        if not one.finished:
            counts["cut off"] += 1
            continue
        counts += faults(codec.decode(ids), toolset, relaxed)
    bad = counts["not parsed"], counts["not valid"] + counts["relaxed"]
    total = counts["calls"]
    print(
        f"{given.shape}, {len(made)} toolsets: {total} calls; target: all parse and "
        f"validate\n  parsed {total - bad[0]}, validated {total - sum(bad)} "
        f"({counts['relaxed']} not valid where the grammar says so), repaired "
        f"{counts['repaired']}; answers {counts['answers']}, cut off at "
        f"{given.limit} tokens {counts['cut off']}; {tokens} tokens, {passes} passes"
    )


def identical(given: argparse.Namespace) -> None:
    """Compare greedy answers with drafts and without."""
    rng = random.Random(given.seed)
    sets = toolsets(given.bfcl, rng)
    for dtype in given.dtypes:
        checkpoint = load(given.folder, given.shape, dtype)
        codec, reader = CheckpointCodec(checkpoint), EndingReader(checkpoint)
        made = list(guides(sets, grammar_tokenizer(checkpoint)))
        counts = Counter[str]()
        for at in range(given.answers):
            guide = made[at % len(made)][1]
            prompt = codec.encode(f"Request {at}: what is next?")

            plain: list[int] = []
            for name in ("plain", "drafts", "all-knowing"):
                guessing: dict[str, list[Drafter]] = {
                    "plain": [],
                    "drafts": drafters(codec, prompt),
                    "all-knowing": [AllKnowing(len(prompt), plain)],
                }
                reader.forget()
                decoder = Decoder(
                    reader,
                    Chooser(),
                    checkpoint.stops,
                    guide.copy(),
                    guessing[name],
                    certain=name != "plain",
                )
                ids = [one.token for one in decoder.generate(prompt, given.limit)]
                plain = plain or ids
                counts[f"{name} same"] += ids == plain
                counts[f"{name} passes"] += decoder.tally.passes
            counts["tokens"] += len(plain)
        print(
            f"{given.shape} {dtype}: {given.answers} greedy answers of "
            f"{counts['tokens']} tokens one at a time, {counts['plain passes']} passes"
        )
        for name in ("drafts", "all-knowing"):
            print(
                f"  {name}: {counts[name + ' same']} identical (target: all), "
                f"{counts[name + ' passes']} passes",
                flush=True,
            )


def typical(given: argparse.Namespace) -> None:
    """Count the passes of typical calls, and time them."""
    checkpoint = load(given.folder, given.shape, "bfloat16")
    words = grammar_tokenizer(checkpoint)
    cases = {"tuned on": CASES, "second set": SECOND, "third set": THIRD}
    for name, chosen in cases.items():
        count_passes(
            f"{name}, bundled tools", hand_written(chosen), checkpoint, words, given
        )
    for name, start in (("even", 0), ("odd", 1)) if given.bfcl else ():
        several = recorded(given.bfcl)[start::2][: given.answers]
        count_passes(f"BFCL, {name} lines", several, checkpoint, words, given)
    print("target: 0.50 passes a token, better 0.33")


def hand_written(cases: Sequence[tuple[str, str]]) -> list[tuple[str, str, Toolset]]:
    """Return requests, calls and the tools of the kinds that they are about."""
    packs = frozenset(("calendar", "reminders", "messages", "contacts", "notes"))
    toolset = installed_tools(packs | {"lists", "clock"})
    return [(question, call, toolset) for question, call in cases]


def count_passes(
    name: str,
    cases: Sequence[tuple[str, str, Toolset]],
    checkpoint: Checkpoint,
    words: GrammarTokenizer,
    given: argparse.Namespace,
) -> None:
    """Write each call as a script wants it, in four ways."""
    codec, forced = CheckpointCodec(checkpoint), ForcedDrafter()
    cache = GrammarCache()
    tokens, passes, left = 0, Counter[str](), 0
    seconds = Counter[str]()
    for question, call, toolset in cases:
        guide = cache.guide(toolset, words)
        wanted = [*codec.encode(call), checkpoint.stops[0]]
        if guide.copy().validate(wanted[:-1]) != len(wanted) - 1:
            left += 1
            continue
        prompt = encode_prompt(
            question, toolset, tokenizer=TransformersTokenizer(checkpoint.tokenizer)
        )
        quoting = QuotingDrafter(codec.decode(prompt), len(prompt), codec)
        ways: dict[str, tuple[list[Drafter], bool]] = {
            "one at a time": ([], False),
            "certain only": ([], True),
            "certain and forced": ([forced], True),
            "all drafts": ([forced, quoting], True),
        }
        for way, (guessing, certain) in ways.items():
            timed = given.time and way in ("one at a time", "all drafts")
            reader: Any = FakeReader(len(prompt), wanted, words.vocabulary)
            if timed:
                prompt = prompt[-64:]
                reader = DrivenReader(checkpoint, len(prompt), wanted)
            decoder = Decoder(
                reader,
                Chooser(),
                checkpoint.stops,
                guide.copy(),
                guessing,
                certain=certain,
            )
            started = time.process_time()
            ids = [one.token for one in decoder.generate(prompt, 400)]
            if timed:
                took = time.process_time() - started
                seconds[way] += round((took - reader.seconds[0]) * 1e6)
            if ids != wanted[: len(ids)] or len(ids) < len(wanted) - 1:
                raise SystemExit(f"wrote {codec.decode(ids)!r}, not {call!r}")
            passes[way] += decoder.tally.passes
            if given.each and way == "all drafts":
                print(f"  {decoder.tally.passes:3} of {len(wanted) - 1:3}  {call}")
        tokens += len(wanted) - 1
        forced.learn(call)
    each = ", ".join(f"{way} {passes[way] / tokens:.2f}" for way in passes)
    print(
        f"{name}: {len(cases) - left} answers, {tokens} tokens, "
        f"{passes['all drafts']} passes with drafts; passes a token: {each}"
        + (f"; {left} left out: not as the grammar writes them" if left else ""),
        flush=True,
    )
    if given.time:
        slow, fast = seconds["one at a time"], seconds["all drafts"]
        print(
            f"  processor time on {given.shape}, behind the prompt's pass: "
            f"{slow / 1e6:.1f} s one at a time, {fast / 1e6:.1f} s with drafts: "
            f"ratio {fast / slow:.2f}",
            flush=True,
        )


def main() -> None:
    """Measure the chosen part."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--shape", choices=("small", "1b"), default="small")
    parser.add_argument("--part", choices=("calls", "same", "passes"), required=True)
    parser.add_argument("--calls", type=int, default=1000)
    parser.add_argument("--answers", type=int, default=100)
    parser.add_argument("--limit", type=int, default=1500, help="longest answer")
    parser.add_argument("--bfcl", default="")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--dtypes", nargs="+", default=["float32", "bfloat16"])
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--time", action="store_true")
    parser.add_argument("--each", action="store_true")
    given = parser.parse_args()
    if given.threads:
        import_module("torch").set_num_threads(given.threads)
    parts = {"calls": random_calls, "same": identical, "passes": typical}
    parts[given.part](given)


if __name__ == "__main__":
    main()
