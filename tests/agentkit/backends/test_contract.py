"""Every backend of ours is held to the promises that `agentkit.testing` states."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from agentkit.backends import Backend, OllamaBackend, ReflexBackend
from agentkit.backends.llama_cpp import LlamaCppBackend
from agentkit.testing import BackendContract, ScriptedBackend
from tests.agentkit.backends.fake_ollama import FakeOllama


class TestScripted(BackendContract):
    def make_backend(self) -> Backend:
        return ScriptedBackend(["It is [odd] \N{WAVING HAND SIGN}."], repeat=True)

    def make_writing(self, written: str) -> Backend:
        return ScriptedBackend([written])

    def make_broken(self) -> Backend:
        return ScriptedBackend([])


class TestReflex(BackendContract):
    def make_backend(self) -> Backend:
        return ReflexBackend()


class TestOllama(BackendContract):
    too_long = "hello " * 20_000

    @pytest.fixture(autouse=True)
    def _served(self) -> Iterator[None]:
        self.server = FakeOllama()
        yield
        self.server.close()

    def make_backend(self) -> Backend:
        return OllamaBackend("llama3.2:1b", host=self.server.host, timeout=10)

    def make_writing(self, written: str) -> Backend:
        self.server.pieces = [written[:5], written[5:]]
        return self.make_backend()

    def make_broken(self) -> Backend:
        return OllamaBackend("llama3.2:1b", host="127.0.0.1:9")


@pytest.mark.slow
class TestLlamaCpp(BackendContract):
    too_long = "hello " * 20_000
    path = Path()

    @pytest.fixture(autouse=True)
    def _file(self, gguf: Path) -> None:
        self.path = gguf

    def make_backend(self) -> Backend:
        return LlamaCppBackend(self.path, max_new_tokens=6, threads=1, snapshots="")

    def make_broken(self) -> Backend:
        return LlamaCppBackend(self.path.with_name("none.gguf"))
