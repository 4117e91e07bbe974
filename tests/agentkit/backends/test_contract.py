"""Every backend of ours is held to the promises that `agentkit.testing` states."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentkit.backends import Backend, ReflexBackend
from agentkit.backends.llama_cpp import LlamaCppBackend
from agentkit.testing import BackendContract, ScriptedBackend


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


@pytest.mark.slow
class TestLlamaCpp(BackendContract):
    too_long = "hello " * 20_000
    path = Path()

    @pytest.fixture(autouse=True)
    def _file(self, gguf: Path) -> None:
        self.path = gguf

    def make_backend(self) -> Backend:
        return LlamaCppBackend(self.path, max_new_tokens=6, threads=1)

    def make_broken(self) -> Backend:
        return LlamaCppBackend(self.path.with_name("none.gguf"))
