"""What the server costs, beside the same runs in process: `python tests/benchmarks/serve.py`.

The backend is scripted, so that what is measured is ours: the same request in process and
over HTTP in turns, then many streams at once. Wall time is of this machine and of what
else it does; the server's own CPU time, printed beside it, hardly depends on that.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
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
        options.server = Path(f"/proc/{server.pid}")
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
    from agentkit.serve.listener import listen

    app = make_app([_tenant(Path(tempfile.mkdtemp()))])
    with socket.create_server(("127.0.0.1", port), backlog=2048) as listening:
        listen(app, listening)


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
        await _overhead(client, options)
        await _streams(client, options)


def _cpu(process: Path) -> float:
    """Return the CPU seconds that a process has taken (Linux; else 0)."""
    if not process.exists():
        return 0.0
    fields = (process / "stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(process: Path) -> int:
    """Return the most memory that a process has had, in MB (Linux; else 0)."""
    if not process.exists():
        return 0
    found = re.search(r"VmHWM:\s+(\d+)", (process / "status").read_text())
    return int(found[1]) // 1024 if found else 0


async def _until_there(client: httpx.AsyncClient) -> None:
    while True:
        try:
            await client.get("/health")
            return
        except httpx.TransportError:
            await asyncio.sleep(0.05)


async def _overhead(client: httpx.AsyncClient, options: argparse.Namespace) -> None:
    """Print what a request costs over HTTP, beside the same run in process."""
    agent = _tenant(Path(tempfile.mkdtemp())).assistant()
    count: int = options.requests
    inside, outside, first = list[float](), list[float](), list[float]()
    own, served = 0.0, _cpu(options.server)
    for _ in range(count):
        began, worked = time.perf_counter(), time.process_time()
        await agent.arun("How is the weather in Paris?")
        inside.append(time.perf_counter() - began)
        own += time.process_time() - worked
        began = time.perf_counter()
        await client.post("/v1/chat/completions", json=_body(stream=False))
        outside.append(time.perf_counter() - began)
    served = _cpu(options.server) - served
    for _ in range(count):
        first.append((await _stream(client))[0])
    run, whole = statistics.median(inside) * 1000, statistics.median(outside) * 1000
    print(f"a run in process {run:.2f} ms, over HTTP {whole:.2f} ms")
    print(f"overhead: {whole - run:.2f} ms a request (target 3), client included")
    own, served = own * 1000 / count, served * 1000 / count
    print(f"CPU: a run in process {own:.2f} ms, the server {served:.2f} ms a request,")
    print(f"CPU overhead: {served - own:.2f} ms a request")
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


async def _streams(client: httpx.AsyncClient, options: argparse.Namespace) -> None:
    """Print how many streams at once came whole, and the slowest of a hundred."""
    count: int = options.streams
    await asyncio.gather(*(_stream(client) for _ in range(20)))
    served = _cpu(options.server)
    found = await asyncio.gather(*(_stream(client) for _ in range(count)))
    served = _cpu(options.server) - served
    whole = sum(is_whole for _, _, is_whole in found)
    times = sorted(seconds for _, seconds, _ in found)
    late = times[int(len(times) * 0.99) - 1]
    print(f"{count} streams at once: {count - whole} lost")
    print(f"p50 {times[len(times) // 2]:.2f} s, p99 {late:.2f} s (target 0.5)")
    print(
        f"CPU of the server: {served:.2f} s; memory at most {_memory(options.server)} MB"
    )


if __name__ == "__main__":
    main()
