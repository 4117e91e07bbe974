"""The llama_cpp backend against llama.cpp's own server in process, on the same prompts.

Both generate the same number of tokens greedily, without a grammar, and both keep what
they have read. They take turns, because other work on the machine comes and goes; the
smallest times count least of it. The target is an overhead of at most 3 %.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import statistics
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from agentkit.backends.gguf_loader import cores, load_gguf
from agentkit.backends.llama_cpp import LlamaCppBackend
from agentkit.prompting import encode_prompt
from agentkit.testing import sample_request
from agentkit.tools import Toolset
from tests.benchmarks.llama_cpp_files import gguf_file


def prompts(path: Path, count: int) -> list[list[int]]:
    """Encode the prompts that both are given."""
    model = load_gguf(path, window=2048, threads=1, gpu_layers=0)
    requests = [sample_request(f"Request {number}: 1 + 2?") for number in range(count)]
    encoded = [
        encode_prompt(
            one.conversation,
            one.toolset,
            tokenizer=model,
            date=one.context.now.date(),
        )
        for one in requests
    ]
    model.close()
    return encoded


def direct(server: Any, prompt: list[int], tokens: int) -> float:
    """Time the server's own completion of the same tokens."""
    body = {"prompt": prompt, "n_predict": tokens, "temperature": 0, "ignore_eos": True}
    start = time.perf_counter()
    server.handle_completions({**body, "cache_prompt": True})
    return time.perf_counter() - start


def own_server(path: Path, threads: int) -> Any:
    """Start llama.cpp's server in this process, with one place for a conversation."""
    library: Any = import_module("xllamacpp")
    options = library.CommonParams()
    options.model.path, options.n_ctx, options.n_parallel = str(path), 2048, 1
    options.cpuparams.n_threads = options.cpuparams_batch.n_threads = threads
    with socket.create_server(("127.0.0.1", 0)) as free:
        options.port = free.getsockname()[1]
    options.verbosity = 0
    return library.Server(options)


def through(backend: LlamaCppBackend, number: int) -> tuple[float, int]:
    """Time the backend; return seconds and tokens."""
    request = sample_request(f"Request {number}: 1 + 2?")
    start = time.perf_counter()
    reply = asyncio.run(backend.reply(request))
    return time.perf_counter() - start, reply.tokens_out or 0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="for the GGUF file")
    parser.add_argument("--shape", default="1b")
    parser.add_argument("--packing", default="Q4_0")
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--tokens", type=int, default=24)
    parser.add_argument("--threads", type=int, default=cores())
    given = parser.parse_args()
    path = gguf_file(given.folder, given.shape, given.packing)
    encoded = prompts(path, given.rounds + 1)
    server = own_server(path, given.threads)
    backend = LlamaCppBackend(
        path,
        window=2048,
        threads=given.threads,
        max_new_tokens=given.tokens,
        constrain="off",
        snapshots="",
    )
    # Loading is not what is measured.
    asyncio.run(backend.reply(sample_request("Hi.", tools=Toolset())))
    ours: list[float] = []
    theirs: list[float] = []
    for number, prompt in enumerate(encoded):
        turns = (0, 1) if number % 2 else (1, 0)
        for turn in turns:
            if turn:
                theirs.append(direct(server, prompt, given.tokens))
                continue
            seconds, tokens = through(backend, number)
            if tokens != given.tokens:
                raise SystemExit(f"the answer has {tokens} tokens, not {given.tokens}")
            ours.append(seconds)
    # The first round reads the whole tool prompt, later ones what is new.
    report("cold prompt", ours[:1], theirs[:1])
    report("further requests, median", ours[1:], theirs[1:])
    report("further requests, least", [min(ours[1:])], [min(theirs[1:])])
    loads = os.getloadavg()
    print(
        f"{given.tokens} tokens a request, {given.threads} threads, load {loads[0]:.1f}"
    )


def report(what: str, ours: list[float], theirs: list[float]) -> None:
    """Print one line."""
    one, other = statistics.median(ours), statistics.median(theirs)
    print(
        f"{what:26} backend {one:7.3f} s   direct {other:7.3f} s   "
        f"overhead {one / other - 1:+.1%}"
    )


if __name__ == "__main__":
    main()
