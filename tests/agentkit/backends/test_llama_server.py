"""The openai backend against a real server process: llama.cpp's, by xllamacpp."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agentkit.backends import OpenAIBackend, Reply
from agentkit.backends.replies import reply_from_text
from agentkit.errors import BackendError, BackendTimeout, BackendUnavailable
from agentkit.grammar import to_gbnf
from tests.agentkit.backends.conftest import Asking

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

SERVE = """
import sys, time
import xllamacpp
options = xllamacpp.CommonParams()
options.model.path, options.port = sys.argv[1], int(sys.argv[2])
options.n_ctx, options.n_parallel = 4096, 1
options.cpuparams.n_threads = options.cpuparams_batch.n_threads = 1
server = xllamacpp.Server(options)
while True:
    time.sleep(60)
"""


class Server:
    """A server process with the tiny GGUF file."""

    def __init__(self, gguf: Path, log: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port: int = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/v1"
        with log.open("w") as sink:
            self.process = subprocess.Popen(
                [sys.executable, "-c", SERVE, str(gguf), str(port)],
                stdout=sink,
                stderr=sink,
            )
        until = time.monotonic() + 600
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > until:
                pytest.fail(f"the server did not start: {log.read_text()[-2000:]}")
            time.sleep(0.1)

    def backend(self, **options: Any) -> OpenAIBackend:
        defaults: dict[str, Any] = {
            "max_new_tokens": 12,
            "timeout": 600.0,
            "retries": 0,
        }
        return OpenAIBackend("tiny", base_url=self.url, **{**defaults, **options})

    def answering(self) -> bool:
        """Whether it generates something just now."""
        root = self.url.removesuffix("/v1")
        with urllib.request.urlopen(f"{root}/slots", timeout=600) as answer:
            slots: list[dict[str, Any]] = json.loads(answer.read())
        return any(slot["is_processing"] for slot in slots)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(600)

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.url}/models", timeout=600).close()
        except (urllib.error.URLError, ConnectionError):
            return False
        return True


@pytest.fixture(scope="module")
def server(gguf: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = Server(gguf, tmp_path_factory.mktemp("served") / "log.txt")
    yield made
    made.close()


async def answered(server: Server, task: asyncio.Task[Reply]) -> None:
    """Wait until the server is at work on an answer, or it has come."""
    while not task.done() and not await asyncio.to_thread(server.answering):
        await asyncio.sleep(0.01)


def test_completion_is_streamed(server: Server, asking: Asking) -> None:
    """Our own prompt is completed, and the text is streamed."""
    reply = asyncio.run(server.backend(mode="completions").reply(asking.request()))
    assert reply.text == "".join(asking.heard)
    assert reply.bytes_out == 0


def test_grammar_holds_the_servers_model(server: Server, asking: Asking) -> None:
    """The server takes our GBNF: random weights write calls that fit the tools."""
    body = {
        "prompt": "What is 1 + 2?",
        "grammar": to_gbnf(asking.toolset, mode="calls"),
        "max_tokens": 400,
        "temperature": 1.5,
        "seed": 3,
    }
    asked = urllib.request.Request(
        f"{server.url}/completions",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(asked, timeout=60) as answer:
        text: str = json.loads(answer.read())["choices"][0]["text"]
    reply = reply_from_text(text, asking.toolset)
    assert reply.calls
    for call in reply.calls:
        asking.toolset[call.name].check(call.arguments, asking.context)


def test_grammar_leaves_text_free(server: Server, asking: Asking) -> None:
    """With the grammar sent along, an answer of text or calls has no faults."""
    backend = server.backend(mode="completions", grammar="gbnf", temperature=1.5)
    for number in range(3):
        assert not asyncio.run(backend.reply(asking.request(f"{number}?"))).faults


def test_cancelled_request_leaves_it_usable(server: Server, asking: Asking) -> None:
    """After a cancelled request the next one is answered."""

    async def cancel_then_ask() -> Reply:
        long = server.backend(mode="completions", max_new_tokens=3000)
        task = asyncio.create_task(long.reply(asking.request()))
        await answered(server, task)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        asking.heard.clear()
        return await server.backend(mode="completions").reply(asking.request())

    assert asyncio.run(cancel_then_ask()).text == "".join(asking.heard)


def test_server_that_hangs_and_comes_back(server: Server, asking: Asking) -> None:
    """A process that stands still is a timeout; when it goes on, so do we."""
    backend = server.backend(mode="completions", timeout=0.5)
    os.kill(server.process.pid, signal.SIGSTOP)
    try:
        with pytest.raises(BackendTimeout):
            asyncio.run(backend.reply(asking.request()))
    finally:
        os.kill(server.process.pid, signal.SIGCONT)
    again = server.backend(mode="completions")
    assert asyncio.run(again.reply(asking.request())).bytes_out == 0


def test_server_that_dies_in_mid_answer(
    gguf: Path, tmp_path: Path, asking: Asking
) -> None:
    """A process that is killed while it answers is one clear sentence; so is none."""
    server = Server(gguf, tmp_path / "log.txt")
    backend = server.backend(mode="completions", max_new_tokens=3000)

    async def kill_in_mid_answer() -> Reply:
        task = asyncio.create_task(backend.reply(asking.request()))
        await answered(server, task)
        server.process.kill()
        return await task

    try:
        with pytest.raises(BackendError) as raised:
            asyncio.run(kill_in_mid_answer())
        assert "\n" not in str(raised.value)
        with pytest.raises(BackendUnavailable, match="is the server running"):
            asyncio.run(backend.reply(asking.request()))
    finally:
        server.close()
