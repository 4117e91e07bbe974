"""Every backend of ours is held to the promises that `agentkit.testing` states."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from agentkit.backends import (
    Backend,
    ExecuTorchBackend,
    OllamaBackend,
    OpenAIBackend,
    ReflexBackend,
    TransformersBackend,
)
from agentkit.backends.llama_cpp import LlamaCppBackend
from agentkit.backends.openai import Mode
from agentkit.testing import BackendContract, ScriptedBackend
from tests.agentkit.backends.fake_endpoint import (
    Answer,
    FakeEndpoint,
    Handler,
    completion,
    delta,
    refusal,
    stream,
)
from tests.agentkit.backends.fake_ollama import FakeOllama


class Kept(BackendContract):
    """Our backends on any machine, however busy."""

    seconds = 600.0


class TestScripted(Kept):
    def make_backend(self) -> Backend:
        return ScriptedBackend(["It is [odd] \N{WAVING HAND SIGN}."], repeat=True)

    def make_writing(self, written: str) -> Backend:
        return ScriptedBackend([written])

    def make_broken(self) -> Backend:
        return ScriptedBackend([])


class TestReflex(Kept):
    def make_backend(self) -> Backend:
        return ReflexBackend()


class TestOllama(Kept):
    too_long = "hello " * 20_000

    @pytest.fixture(autouse=True)
    def _served(self) -> Iterator[None]:
        self.server = FakeOllama()
        yield
        self.server.close()

    def make_backend(self) -> Backend:
        return OllamaBackend("llama3.2:1b", host=self.server.host, timeout=600)

    def make_writing(self, written: str) -> Backend:
        self.server.pieces = [written[:5], written[5:]]
        return self.make_backend()

    def make_broken(self) -> Backend:
        return OllamaBackend("llama3.2:1b", host="127.0.0.1:9")


class TestOpenAIChat(Kept):
    too_long = "hello " * 20_000
    mode: Mode = "chat"

    @pytest.fixture(autouse=True)
    def _served(self, endpoint: FakeEndpoint, monkeypatch: pytest.MonkeyPatch) -> None:
        pytest.importorskip("openai", reason="pip install -e '.[openai]'")
        for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
            monkeypatch.delenv(name, raising=False)
        self.endpoint = endpoint

    def make_backend(self) -> Backend:
        return self.make_writing("It is three.")

    def make_writing(self, written: str) -> Backend:
        self.endpoint.script(_writing(written))
        url = self.endpoint.url
        return OpenAIBackend("tiny", base_url=url, mode=self.mode, timeout=600)

    def make_broken(self) -> Backend:
        return OpenAIBackend(
            "tiny", base_url="http://127.0.0.1:9/v1", mode=self.mode, retries=0
        )


class TestOpenAICompletions(TestOpenAIChat):
    mode = "completions"


def _writing(written: str) -> Answer:
    """Answer in two pieces, in the protocol that was asked in; refuse what is long."""

    def answer(handler: Handler) -> None:
        request = handler.endpoint.received[-1]
        halves = written[:5], written[5:]
        if len(request.raw) > 50_000:
            refusal(400, "maximum context length is 8192 tokens")(handler)
        elif request.path.endswith("/chat/completions"):
            stream(*map(delta, halves))(handler)
        else:
            completion(*halves)(handler)

    return answer


@pytest.mark.slow
class TestTransformers(Kept):
    too_long = "hello " * 20_000
    path = Path()

    @pytest.fixture(autouse=True)
    def _folder(self, checkpoint: Path) -> None:
        self.path = checkpoint

    def make_backend(self) -> Backend:
        return TransformersBackend(self.path, max_new_tokens=6, snapshots=None)

    def make_broken(self) -> Backend:
        return TransformersBackend(self.path.with_name("none"), snapshots=None)


@pytest.mark.slow
class TestExecuTorch(Kept):
    too_long = "hello " * 20_000
    path = Path()

    @pytest.fixture(autouse=True)
    def _file(self, program: Path) -> None:
        self.path = program

    def make_backend(self) -> Backend:
        return ExecuTorchBackend(self.path, max_new_tokens=6)

    def make_broken(self) -> Backend:
        return ExecuTorchBackend(self.path.with_name("none.pte"))


@pytest.mark.slow
class TestLlamaCpp(Kept):
    too_long = "hello " * 20_000
    path = Path()

    @pytest.fixture(autouse=True)
    def _file(self, gguf: Path) -> None:
        self.path = gguf

    def make_backend(self) -> Backend:
        return LlamaCppBackend(self.path, max_new_tokens=6, threads=1, snapshots="")

    def make_broken(self) -> Backend:
        return LlamaCppBackend(self.path.with_name("none.gguf"))
