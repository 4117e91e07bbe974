from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from agentkit.backends import Request
from agentkit.messages import Conversation
from agentkit.testing.samples import SAMPLE_TOOLS, sample_request
from agentkit.tools import Toolset
from tests.agentkit.backends.fake_endpoint import FakeEndpoint
from tests.agentkit.backends.gguf_files import gguf_of_checkpoint
from tests.agentkit.backends.tiny_llama import make_checkpoint


class Asking:
    """Makes requests and keeps the text that is streamed back."""

    def __init__(self) -> None:
        self.toolset = SAMPLE_TOOLS
        self.heard: list[str] = []
        self.context = sample_request().context

    def request(
        self, asked: str | Conversation = "What is 1 + 2?", tools: bool = True
    ) -> Request:
        toolset = self.toolset if tools else Toolset()
        return sample_request(asked, tools=toolset, on_text=self.heard.append)


@pytest.fixture
def asking() -> Asking:
    return Asking()


@pytest.fixture
def endpoint() -> Iterator[FakeEndpoint]:
    server = FakeEndpoint()
    yield server
    server.close()


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny Llama; needs torch and transformers."""
    pytest.importorskip("transformers", reason="transformers is not installed")
    # For a tiny model a second thread costs more than it computes.
    import_module("torch").set_num_threads(1)
    return make_checkpoint(tmp_path_factory.mktemp("tiny") / "llama")


@pytest.fixture(scope="session")
def program(checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same tiny Llama as a program of ExecuTorch, its tokenizer beside it."""
    pytest.importorskip("executorch", reason="executorch is not installed")
    from agentkit.backends.executorch_export import export_program

    path = tmp_path_factory.mktemp("program") / "tiny.pte"
    export_program(checkpoint, path, window=2048, weights="float32")
    return path


@pytest.fixture(scope="session")
def gguf(checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same tiny Llama as a GGUF file; needs xllamacpp to be of use."""
    path = tmp_path_factory.mktemp("gguf") / "tiny.gguf"
    return gguf_of_checkpoint(checkpoint, path)
