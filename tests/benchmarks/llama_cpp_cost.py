"""What the llama_cpp backend costs in time and memory, on the true shape.

    python -m tests.benchmarks.llama_cpp_cost --folder FOLDER [--shape 1b]

Prints the first token of a second turn and of a new process with a snapshot against a
cold one, the cost of a mask by llguidance and by llama.cpp's own GBNF sampler against a
forward pass, forward passes with and without drafts, and memory above weights and
cache. Targets: 1/10, 1/5, 2 % of a pass, half of the tokens, 200 MB.
"""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import random
import resource
import statistics
import tempfile
import time
from pathlib import Path
from threading import Event
from typing import Any

from agentkit.backends.answers import Sampling
from agentkit.backends.gguf_loader import cores, load_gguf
from agentkit.backends.gguf_memory import cache_bytes
from agentkit.backends.gguf_reader import generate
from agentkit.backends.llama_cpp import LlamaCppBackend
from agentkit.backends.llama_cpp_model import LlamaCppModel
from agentkit.backends.llama_library import llama_library
from agentkit.discovery import installed_tools
from agentkit.grammar import compile_grammar, make_grammar, to_gbnf
from agentkit.messages import assistant, user
from agentkit.models.gguf import read_gguf
from agentkit.testing import sample_request
from agentkit.tools import Toolset
from tests.benchmarks.llama_cpp_files import gguf_file

_WINDOW = 4096


class Scored(ctypes.Structure):
    """A token with its score, as llama.cpp's samplers take it."""

    _fields_ = (
        ("id", ctypes.c_int32),
        ("logit", ctypes.c_float),
        ("p", ctypes.c_float),
    )


class ScoredArray(ctypes.Structure):
    """All tokens with their scores."""

    _fields_ = (
        ("data", ctypes.POINTER(Scored)),
        ("size", ctypes.c_size_t),
        ("selected", ctypes.c_int64),
        ("sorted", ctypes.c_bool),
    )


def samplers() -> Any:
    """Return llama.cpp's library with the functions of its grammar sampler told."""
    library = llama_library()
    address, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int32
    array = ctypes.POINTER(ScoredArray)
    library.llama_sampler_init_grammar.restype = address
    library.llama_sampler_init_grammar.argtypes = address, text, text
    library.llama_sampler_apply.restype = library.llama_sampler_accept.restype = None
    library.llama_sampler_apply.argtypes = address, array
    library.llama_sampler_accept.argtypes = address, number
    return library


def tools_of(tokens: int, model: LlamaCppModel) -> Toolset:
    """Take bundled tools until their documents have so many tokens."""
    chosen = Toolset()
    for tool in installed_tools():
        if (
            sum(
                len(model.encode(f"{one.name} {one.description} {one.parameters}"))
                for one in chosen
            )
            > tokens
        ):
            break
        chosen = chosen + Toolset(tool)
    return chosen


def first_tokens(path: Path, threads: int, tools: Toolset) -> None:
    """Time the first token: cold, second turn, new process with a snapshot."""
    with tempfile.TemporaryDirectory() as folder:
        made = [
            LlamaCppBackend(
                path,
                window=_WINDOW,
                threads=threads,
                max_new_tokens=1,
                snapshots=folder,
            )
            for _ in range(2)
        ]
        turns = (user("What is on tomorrow?"), assistant("Nothing."), user("And then?"))
        for backend in made:  # loading is not what is measured
            asyncio.run(backend.reply(sample_request("Hi.", tools=Toolset())))
        cold, tokens = _timed(made[0], sample_request(turns[:1], tools=tools))
        second, _ = _timed(made[0], sample_request(turns, tools=tools))
        disk, _ = _timed(made[1], sample_request(turns[:1], tools=tools))
        print(
            f"first token, prompt of {tokens} tokens: cold {cold:.2f} s, second turn "
            f"{second:.2f} s ({second / cold:.1%}), new process with a snapshot "
            f"{disk:.2f} s ({disk / cold:.1%})"
        )
        for backend in made:
            backend.close()


def _timed(backend: LlamaCppBackend, request: Any) -> tuple[float, int]:
    start = time.perf_counter()
    reply = asyncio.run(backend.reply(request))
    return time.perf_counter() - start, reply.tokens_in or 0


def masks(model: LlamaCppModel, tools: Toolset) -> None:
    """Time a mask of both engines along the same answer, and a forward pass."""
    tokenizer = model.grammar_tokenizer()
    start = time.perf_counter()
    guide = compile_grammar(make_grammar(tools, mode="calls"), tokenizer)
    compiled = time.perf_counter() - start
    library = samplers()
    start = time.perf_counter()
    grammar = to_gbnf(tools, mode="calls").encode()
    sampler = library.llama_sampler_init_grammar(
        model.vocabulary_address, grammar, b"root"
    )
    compiled_gbnf = time.perf_counter() - start
    data = (Scored * model.rows)()
    model.read(model.encode("Hello."))
    dice = random.Random(1)
    times: list[float] = []
    times_gbnf: list[float] = []
    passes: list[float] = []
    for _ in range(24):
        scores = model.logits()
        start = time.perf_counter()
        mask = guide.mask()
        times.append(time.perf_counter() - start)
        for token in range(model.rows):
            data[token].id, data[token].logit = token, scores[token]
        array = ScoredArray(data, model.rows, -1, False)
        start = time.perf_counter()
        library.llama_sampler_apply(sampler, ctypes.byref(array))
        times_gbnf.append(time.perf_counter() - start)
        allowed = [t for t in range(model.rows) if mask[t >> 3] >> (t & 7) & 1]
        token = dice.choice(allowed)
        if token in model.stops:
            break
        guide.accept((token,))
        library.llama_sampler_accept(sampler, token)
        start = time.perf_counter()
        model.add((token,))
        passes.append(time.perf_counter() - start)
    one = statistics.median(passes)
    for name, found, made in (
        ("llguidance", times, compiled),
        ("GBNF in llama.cpp", times_gbnf, compiled_gbnf),
    ):
        middle = statistics.median(found)
        print(
            f"mask by {name}: median {middle * 1e3:.3f} ms, most "
            f"{max(found) * 1e3:.3f} ms ({middle / one:.2%} of a pass of "
            f"{one * 1e3:.1f} ms); grammar of {len(tools)} tools {made * 1e3:.1f} ms"
        )


def drafts(model: LlamaCppModel, tools: Toolset) -> None:
    """Count forward passes of the same greedy calls with and without drafts."""
    tokenizer = model.grammar_tokenizer()
    fresh = compile_grammar(make_grammar(tools, mode="calls"), tokenizer)
    told: list[tuple[str, int, int, float]] = []
    for drafting in (False, True):
        text: list[str] = []
        sampling = Sampling(64, temperature=0.0, drafts=drafting)
        model.forget(0)
        model.read(model.encode("Call."))
        start = time.perf_counter()
        pieces, tally = generate(
            model, model.encode("Call."), sampling, text.append, Event(), fresh.copy()
        )
        seconds = time.perf_counter() - start
        told.append((pieces.text, len(pieces.chosen), tally.passes, seconds))
    same = told[0][0] == told[1][0]
    for name, row in zip(("one by one", "with drafts"), told, strict=True):
        print(f"{name}: {row[1]} tokens in {row[2]} passes, {row[3]:.2f} s")
    print(f"same answer: {same}: {told[0][0][:80]!r}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="for the GGUF file")
    parser.add_argument("--shape", default="1b")
    parser.add_argument("--packing", default="Q4_0")
    parser.add_argument("--threads", type=int, default=cores())
    parser.add_argument("--tools", type=int, default=1500, help="tokens of tools")
    given = parser.parse_args()
    path = gguf_file(given.folder, given.shape, given.packing)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    model = load_gguf(path, window=_WINDOW, threads=given.threads, gpu_layers=0)
    model.read(model.encode("word " * 600))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    file = read_gguf(path)
    cache = cache_bytes(file, _WINDOW)
    above = peak - before - file.size - cache
    print(
        f"memory: weights {file.size / 1e6:.0f} MB, cache {cache / 1e6:.0f} MB, "
        f"above them {above / 1e6:.0f} MB"
    )
    tools = tools_of(given.tools, model)
    masks(model, tools)
    drafts(model, tools)
    model.close()
    first_tokens(path, given.threads, tools)


if __name__ == "__main__":
    main()
