"""The openai backend against a real server process: `transformers serve`."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from packaging.version import Version

from agentkit.backends import Backend, OpenAIBackend, Reply
from agentkit.backends.openai import Mode
from agentkit.errors import BackendUnavailable
from agentkit.testing import BackendContract
from tests.agentkit.backends.conftest import Asking

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}<|start_header_id|>"
    "{{ message['role'] }}<|end_header_id|>\n\n{{ message['content'] }}<|eot_id|>"
    "{% endfor %}<|start_header_id|>assistant<|end_header_id|>\n\n"
)


class Served(NamedTuple):
    """Where a server is, and what it serves."""

    url: str
    model: str


def _program() -> str:
    found = shutil.which("transformers", path=Path(sys.executable).parent)
    for package in ("openai", "fastapi", "uvicorn"):
        pytest.importorskip(package, reason="pip install 'transformers[serving]'")
    if Version(version("transformers")) < Version("5.6"):
        pytest.skip("its server completes text since transformers 5.6")
    return found or pytest.skip("there is no program `transformers`")


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=600).close()
    except (urllib.error.URLError, ConnectionError):
        return False
    return True


@pytest.fixture(scope="module")
def server(
    checkpoint: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A server with the tiny checkpoint and a chat template."""
    program = _program()
    folder = tmp_path_factory.mktemp("served") / "llama"
    shutil.copytree(checkpoint, folder)
    (folder / "chat_template.jinja").write_text(TEMPLATE)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    log = folder / "log.txt"
    with log.open("w") as sink:
        process = subprocess.Popen(
            [program, "serve", str(folder), "--port", str(port), "--device", "cpu"],
            env={**os.environ, "HF_HUB_OFFLINE": "1"},
            stdout=sink,
            stderr=sink,
        )
    try:
        until = time.monotonic() + 600
        while not _answers(f"http://127.0.0.1:{port}/health"):
            if process.poll() is not None or time.monotonic() > until:
                pytest.fail(f"the server did not start: {log.read_text()[-2000:]}")
            time.sleep(0.2)
        yield Served(f"http://127.0.0.1:{port}/v1", str(folder))
    finally:
        process.terminate()
        process.wait(600)


def backend(server: Served, mode: Mode, **options: Any) -> OpenAIBackend:
    defaults: dict[str, Any] = {"max_new_tokens": 12, "timeout": 600.0}
    return OpenAIBackend(
        server.model, base_url=server.url, mode=mode, **{**defaults, **options}
    )


@pytest.mark.parametrize("mode", ["chat", "completions"])
def test_answers(server: Served, asking: Asking, mode: Mode) -> None:
    """A real server answers in both modes; text is streamed, tokens are counted."""
    reply = asyncio.run(backend(server, mode).reply(asking.request()))
    assert reply.text == "".join(asking.heard)
    assert reply.tokens_in is not None
    assert reply.tokens_in > 20
    assert (reply.tokens_out, reply.bytes_out) == (12, 0)


def test_cancelled_request_leaves_it_usable(server: Served, asking: Asking) -> None:
    """After a cancelled request the next one is answered."""

    async def cancel_then_ask() -> Reply:
        long = backend(server, "completions", max_new_tokens=2000)
        task = asyncio.create_task(long.reply(asking.request()))
        await asyncio.sleep(0.5)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return await backend(server, "completions").reply(asking.request())

    assert asyncio.run(cancel_then_ask()).tokens_out == 12


def test_unknown_model(server: Served, asking: Asking) -> None:
    """A real server's refusal of a model is quoted in one line."""
    other = backend(Served(server.url, "no/such-model"), "chat")
    with pytest.raises(BackendUnavailable, match=r"rejects|knows no model") as raised:
        asyncio.run(other.reply(asking.request()))
    assert "no/such-model" in str(raised.value)
    assert "\n" not in str(raised.value)


class TestContract(BackendContract):
    """A real server's answers keep the promises of every backend."""

    served = Served("", "")

    @pytest.fixture(autouse=True)
    def _served(self, server: Served) -> None:
        self.served = server

    def make_backend(self) -> Backend:
        return backend(self.served, "completions", max_new_tokens=6)
