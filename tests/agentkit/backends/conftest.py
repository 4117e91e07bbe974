from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest

from agentkit.backends import Request
from agentkit.context import Context
from agentkit.messages import Conversation, user
from agentkit.tools import Toolset, tool
from tests.agentkit.backends.fake_endpoint import FakeEndpoint
from tests.agentkit.backends.gguf_files import gguf_of_checkpoint
from tests.agentkit.backends.tiny_llama import make_checkpoint


@tool(effect="read")
def add(a: int, b: int = 0) -> int:
    """Add two numbers.

    Args:
        a: the first.
        b: the second.
    """
    return a + b


@tool(name="mail.search", effect="read")
def search(words: str) -> list[str]:
    """Find messages.

    Args:
        words: what to look for.
    """
    return [words]


class Asking:
    """Makes requests and keeps the text that is streamed back."""

    def __init__(self) -> None:
        self.toolset = Toolset(add, search)
        self.heard: list[str] = []
        self.context = Context(now=datetime(2026, 3, 5, 9, 30, tzinfo=UTC))

    def request(
        self, asked: str | Conversation = "What is 1 + 2?", tools: bool = True
    ) -> Request:
        conversation = (user(asked),) if isinstance(asked, str) else asked
        return Request(
            conversation=conversation,
            toolset=self.toolset if tools else Toolset(),
            context=self.context,
            on_text=self.heard.append,
        )


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
def gguf(checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same tiny Llama as a GGUF file; needs llama-cpp-python to be of use."""
    reason = "llama-cpp-python is not installed: CONTRIBUTING says how to build it"
    pytest.importorskip("llama_cpp", reason=reason)
    path = tmp_path_factory.mktemp("gguf") / "tiny.gguf"
    return gguf_of_checkpoint(checkpoint, path)
