"""What the server costs, beside the same runs in process: `python tests/benchmarks/serve.py`.

The backend is scripted, so that what is measured is ours: the same request in process and
over HTTP in turns, then many streams at once. Times are of this machine; only the ratios
and the differences mean something.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from agentkit import Context
from agentkit.backends import ScriptedBackend
from agentkit.serve import Tenant, digest_of, make_app

TOKEN = "a-token-for-the-benchmark"
ANSWER = "It is sunny in Paris, with twenty degrees in the shade. " * 4


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--streams", type=int, default=200)
    parser.add_argument("--serve", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        _serve(options.serve)
        return
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = [sys.executable, __file__, "--serve", str(port)]
    with subprocess.Popen(words) as server:
        try:
            asyncio.run(_measure(f"http://127.0.0.1:{port}", options))
        finally:
            server.terminate()


def _tenant(home: Path) -> Tenant:
    from agentkit import Toolset

    return Tenant(
        name="bench",
        digest=digest_of(TOKEN),
        toolset=Toolset(),
        backends=(ScriptedBackend([ANSWER], repeat=True),),
        context=Context(home=home),
    )


def _serve(port: int) -> None:
    import uvicorn

    app = make_app([_tenant(Path(tempfile.mkdtemp()))])
    uvicorn.run(app, port=port, log_level="warning")


def _body(*, stream: bool) -> dict[str, object]:
    messages = [{"role": "user", "content": "How is the weather in Paris?"}]
    return {"model": "assistant", "messages": messages, "stream": stream}


async def _measure(url: str, options: argparse.Namespace) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(
        base_url=url, headers=headers, timeout=60, limits=limits
    ) as client:
        await _until_there(client)
        await _overhead(client, options.requests)
        await _streams(client, options.streams)


async def _until_there(client: httpx.AsyncClient) -> None:
    while True:
        try:
            await client.get("/health")
            return
        except httpx.TransportError:
            await asyncio.sleep(0.05)


async def _overhead(client: httpx.AsyncClient, count: int) -> None:
    """Print what a request costs over HTTP, beside the same run in process."""
    agent = _tenant(Path(tempfile.mkdtemp())).assistant()
    inside, outside, first = list[float](), list[float](), list[float]()
    for _ in range(count):
        began = time.perf_counter()
        await agent.arun("How is the weather in Paris?")
        inside.append(time.perf_counter() - began)
        began = time.perf_counter()
        await client.post("/v1/chat/completions", json=_body(stream=False))
        outside.append(time.perf_counter() - began)
        first.append((await _stream(client))[0])
    run, whole = statistics.median(inside) * 1000, statistics.median(outside) * 1000
    print(f"a run in process {run:.2f} ms, over HTTP {whole:.2f} ms")
    print(f"overhead: {whole - run:.2f} ms a request (target 3)")
    byte = statistics.median(first) * 1000 - run
    print(f"first byte of a stream: {byte:.2f} ms over the run (target 10)")


async def _stream(client: httpx.AsyncClient) -> tuple[float, float, bool]:
    """Read a stream; return seconds to its first byte, to its end, and if it is whole."""
    began = time.perf_counter()
    first, text = 0.0, ""
    body = _body(stream=True)
    async with client.stream("POST", "/v1/chat/completions", json=body) as answer:
        async for line in answer.aiter_lines():
            first = first or time.perf_counter() - began
            if line.startswith("data: {"):
                choice = json.loads(line[6:])["choices"][0]
                text += choice["delta"].get("content") or ""
    return first, time.perf_counter() - began, text.strip() == ANSWER.strip()


async def _streams(client: httpx.AsyncClient, count: int) -> None:
    """Print how many streams at once came whole, and the slowest of a hundred."""
    await asyncio.gather(*(_stream(client) for _ in range(20)))
    found = await asyncio.gather(*(_stream(client) for _ in range(count)))
    whole = sum(is_whole for _, _, is_whole in found)
    times = sorted(seconds for _, seconds, _ in found)
    late = times[int(len(times) * 0.99) - 1]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{count} streams at once: {count - whole} lost; p50 {times[len(times) // 2]:.2f} s,"
    )
    print(
        f"p99 {late:.2f} s (target 0.5), client and its memory included ({memory} MB)"
    )


if __name__ == "__main__":
    main()
