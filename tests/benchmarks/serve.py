"""What the server costs, beside the same runs in process: `python -m tests.benchmarks.serve`.

The backend is scripted, so that what is measured is ours: the same request in process and
over HTTP in turns, many streams at once, workers, and talks that are kept. Wall time is of
this machine and of what else it does; CPU time, printed beside it, hardly depends on that.
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
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from agentkit import Context, Toolset
from agentkit.backends import ScriptedBackend
from agentkit.serve import Tenant, digest_of, make_app
from tests.benchmarks.lean_client import Answered, LeanClient

TOKEN = "a-token-for-the-benchmark"
ASKED = "How is the weather in Paris?"
ANSWER = "It is sunny in Paris, with twenty degrees in the shade. " * 4


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--streams", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--kept", action="store_true", help="talks that are kept alone")
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        _serve(*options.serve.split(",", 2))
        return
    if not options.kept:
        _answers(options)
    _talks(options.requests)


def _answers(options: argparse.Namespace) -> None:
    with server() as one:
        asyncio.run(_overhead(one, options.requests))
        for _ in range(options.rounds):
            asyncio.run(_streams(one, options.streams))
        print(f"memory of the server at most {one.memory} MB")
    for workers in (1, 2):
        with server(workers) as several:
            asyncio.run(_rate(several, options.requests * 10))


# --- the server, a program of its own ---------------------------------------------


def _tenant(home: Path) -> Tenant:
    return Tenant(
        name="bench",
        digest=digest_of(TOKEN),
        toolset=Toolset(),
        backends=(ScriptedBackend([ANSWER], repeat=True),),
        context=Context(home=home),
    )


def _serve(port: str, count: str, home: str) -> None:
    from agentkit.serve.listener import listen
    from agentkit.serve.peers import Peers
    from agentkit.serve.workers import Workers

    peers = Peers()
    with socket.create_server(("127.0.0.1", int(port)), backlog=2048) as listening:
        if int(count) > 1:
            place = Workers(int(count), print).run()
            peers = Peers(place.folder, place.number, place.count)
            place.serves()
        listen(make_app([_tenant(Path(home))], peers=peers), listening)


@dataclass(frozen=True)
class Served:
    """A server that runs: where, and the process that was started."""

    port: int
    process: int
    workers: int

    @property
    def _all(self) -> list[Path]:
        """Its process and those of its workers (Linux)."""
        own = Path(f"/proc/{self.process}")
        if not own.exists():
            return []
        children = (own / "task" / own.name / "children").read_text().split()
        return [own, *(Path(f"/proc/{child}") for child in children)]

    @property
    def cpu(self) -> float:
        """The CPU seconds that it has taken (Linux; else 0)."""
        rows = [(one / "stat").read_text().rsplit(")", 1)[1] for one in self._all]
        ticks = sum(int(row.split()[11]) + int(row.split()[12]) for row in rows)
        return ticks / os.sysconf("SC_CLK_TCK")

    @property
    def memory(self) -> int:
        """The most memory that it has had, in MB (Linux; else 0)."""
        told = [(one / "status").read_text() for one in self._all]
        return (
            sum(int(kb) for kb in re.findall(r"VmHWM:\s+(\d+)", "".join(told))) // 1024
        )


@contextmanager
def server(workers: int = 1, home: Path | None = None) -> Generator[Served]:
    """Serve meanwhile."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    home = home or Path(tempfile.mkdtemp())
    words = [sys.executable, "-m", __spec__.name if __spec__ else __name__]
    words += ["--serve", f"{port},{workers},{home}"]
    with subprocess.Popen(words) as process:
        served = Served(port, process.pid, workers)
        try:
            asyncio.run(_warmed(served))
            yield served
        finally:
            process.terminate()


async def _warmed(served: Served) -> None:
    while True:
        try:
            client = await LeanClient.connected(served.port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            break
    for _ in range(20):
        await _asked(client, stream=True)
    client.close()


async def _asked(client: LeanClient, *, stream: bool) -> Answered:
    messages = [{"role": "user", "content": ASKED}]
    body = {"model": "assistant", "messages": messages, "stream": stream}
    return await client.ask("/v1/chat/completions", TOKEN, body)


# --- what is measured -------------------------------------------------------------


async def _overhead(served: Served, count: int) -> None:
    """Print what a request costs over HTTP, beside the same run in process."""
    agent = _tenant(Path(tempfile.mkdtemp())).assistant()
    client = await LeanClient.connected(served.port)
    inside, outside, first = list[float](), list[float](), list[float]()
    own, cpu = 0.0, served.cpu
    for _ in range(count):
        began, worked = time.perf_counter(), time.process_time()
        await agent.arun(ASKED)
        inside.append(time.perf_counter() - began)
        own += time.process_time() - worked
        outside.append((await _asked(client, stream=False)).whole)
    cpu = served.cpu - cpu
    for _ in range(count):
        first.append((await _asked(client, stream=True)).first)
    client.close()
    run = _ms(inside)
    print(f"a run in process {run:.2f} ms, over HTTP {_ms(outside):.2f} ms")
    print(f"overhead: {_ms(outside) - run:.2f} ms a request (target 3)")
    print(f"CPU: a run in process {own * 1000 / count:.2f} ms, the server", end=" ")
    print(f"{cpu * 1000 / count:.2f} ms, overhead {(cpu - own) * 1000 / count:.2f} ms")
    print(f"first byte of a stream: {_ms(first) - run:.2f} ms over the run (target 10)")


async def _streams(served: Served, count: int) -> None:
    """Print how many streams at once came whole, and the slowest of a hundred."""
    clients = [await LeanClient.connected(served.port) for _ in range(count)]
    own, cpu = time.process_time(), served.cpu
    found = await asyncio.gather(*(_asked(one, stream=True) for one in clients))
    own, cpu = time.process_time() - own, served.cpu - cpu
    for one in clients:
        one.close()
    lost = sum(one.text().strip() != ANSWER.strip() for one in found)
    times = sorted(one.whole for one in found)
    late = times[int(count * 0.99) - 1]
    print(
        f"{count} streams at once: {lost} lost, p50 {times[count // 2]:.2f} s,", end=" "
    )
    print(f"p99 {late:.2f} s (target 0.5); CPU {cpu:.2f} s, of the client {own:.2f} s")


async def _rate(served: Served, count: int) -> None:
    """Print how many requests are answered in a second, 32 at a time."""
    clients = [await LeanClient.connected(served.port) for _ in range(32)]

    async def ask(client: LeanClient) -> None:
        for _ in range(count // len(clients)):
            await _asked(client, stream=True)

    cpu, began = served.cpu, time.perf_counter()
    await asyncio.gather(*map(ask, clients))
    seconds = time.perf_counter() - began
    cpu = (served.cpu - cpu) * 1000 / count
    for one in clients:
        one.close()
    print(
        f"{served.workers} worker(s): {count / seconds:.0f} streams a second,", end=" "
    )
    print(f"CPU {cpu:.2f} ms each, {served.memory} MB")


def _talks(count: int) -> None:
    """Print what a turn costs that is kept, in SQLite and in PostgreSQL, in turns."""
    from tests.agentkit.stores.sessions.postgres_server import postgres_server

    lite, away = (Path(tempfile.mkdtemp()) for _ in range(2))
    with postgres_server() as database:
        (away / "agentkit.toml").write_text(f'[sessions]\nurl = "{database.url}"\n')
        with server(home=lite) as one, server(home=away) as other:
            for _ in range(2):
                for name, served in (("SQLite", one), ("PostgreSQL", other)):
                    asyncio.run(_talk(name, served, count))


async def _talk(name: str, served: Served, count: int) -> None:
    client = await LeanClient.connected(served.port)
    made = json.loads((await client.ask("/api/sessions", TOKEN, {})).body)
    path, times, cpu = f"/api/sessions/{made['id']}/say", list[float](), served.cpu
    for _ in range(count):
        answer = await client.ask(path, TOKEN, {"text": ASKED})
        assert b"sunny" in answer.raw, answer.raw
        times.append(answer.whole)
    cpu = (served.cpu - cpu) * 1000 / count
    client.close()
    print(f"a turn that is kept in {name}: {_ms(times):.2f} ms, CPU {cpu:.2f} ms")


def _ms(seconds: Iterable[float]) -> float:
    return statistics.median(seconds) * 1000


if __name__ == "__main__":
    main()
