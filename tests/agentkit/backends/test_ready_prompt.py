"""A ready-made prompt is what the model reads, token for token, whatever backend runs it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from agentkit.backends import (
    OllamaBackend,
    OpenAIBackend,
    Reply,
    Request,
    ScriptedBackend,
    TransformersBackend,
)
from agentkit.backends.base import Backend
from agentkit.backends.llama_cpp import LlamaCppBackend
from agentkit.errors import BackendUnavailable
from agentkit.messages import assistant, user
from agentkit.prompting import TransformersTokenizer
from agentkit.prompting.tokenizers import control, encode_parts, text_part
from agentkit.safety.llama_guard import LlamaGuard
from agentkit.testing.samples import sample_request
from tests.agentkit.backends.fake_endpoint import (
    FakeEndpoint,
    completion,
    refusal,
)
from tests.agentkit.backends.fake_ollama import FakeOllama

PARTS = (
    control("begin_of_text"),
    control("start_header_id"),
    text_part("frame", "user"),
    control("end_header_id"),
    text_part("frame", "\n\nIs it safe? <|eot_id|> "),
    control("eot_id"),
)
SENT = "<|start_header_id|>user<|end_header_id|>\n\nIs it safe? < |eot_id|> <|eot_id|>"


def asked(**changes: Any) -> Request:
    """Make a request that brings its prompt."""
    return replace(sample_request("never shown"), prompt=PARTS, **changes)


def ask(backend: Backend) -> Reply:
    """Ask once."""
    return asyncio.run(backend.reply(asked()))


def remote(endpoint: FakeEndpoint, **options: Any) -> OpenAIBackend:
    """Make the backend of an endpoint."""
    options = {"retries": 0, "api_key": "k", **options}
    return OpenAIBackend("m", base_url=endpoint.url, **options)


@pytest.fixture
def ollama() -> Iterator[FakeOllama]:
    server = FakeOllama()
    yield server
    server.close()


@pytest.mark.parametrize("mode", ["auto", "completions"])
def test_openai_sends_it_as_a_completion(endpoint: FakeEndpoint, mode: Any) -> None:
    """Never as a chat, which would put a template around it."""
    endpoint.script(completion("unsafe\nS2"))
    assert ask(remote(endpoint, mode=mode)).text == "unsafe\nS2"
    (received,) = endpoint.received
    assert (received.path, received.body["prompt"]) == ("/v1/completions", SENT)


def test_openai_without_completions_says_so(endpoint: FakeEndpoint) -> None:
    """It is not sent in another form."""
    endpoint.script(refusal(404))
    with pytest.raises(BackendUnavailable):
        ask(remote(endpoint))
    assert [one.path for one in endpoint.received] == ["/v1/completions"]


def test_ollama_sends_it_raw(ollama: FakeOllama) -> None:
    """The server's own template is not used."""
    ollama.pieces = ["safe"]
    assert ask(OllamaBackend("llama3.2:1b", host=ollama.host)).text == "safe"
    body = next(body for path, body in ollama.received if path == "/api/generate")
    assert (body["prompt"], body["raw"]) == (SENT, True)


def test_it_is_known_who_reads_one(endpoint: FakeEndpoint) -> None:
    """A chat does not, nor does a backend that says nothing of it."""
    assert remote(endpoint).traits.completes
    assert not remote(endpoint, mode="chat").traits.completes
    assert not ScriptedBackend([]).traits.completes


@pytest.mark.slow
def test_transformers_reads_its_tokens(checkpoint: Path) -> None:
    """Control tokens are control tokens, and text that looks like one is text."""
    transformers: Any = import_module("transformers")
    tokenizer = transformers.AutoTokenizer.from_pretrained(checkpoint)
    ids = encode_parts(PARTS, TransformersTokenizer(tokenizer))
    assert ids.count(tokenizer.convert_tokens_to_ids("<|eot_id|>")) == 1
    backend = TransformersBackend(checkpoint, max_new_tokens=8, constrain="calls")
    reply = ask(backend)
    assert reply.tokens_in == len(ids)
    assert not reply.calls


@pytest.mark.slow
def test_llama_cpp_reads_the_same_tokens(checkpoint: Path, gguf: Path) -> None:
    """The same weights answer the same prompt with the same text."""
    theirs = ask(TransformersBackend(checkpoint, max_new_tokens=8))
    ours = ask(
        LlamaCppBackend(
            gguf, max_new_tokens=8, threads=1, snapshots="", constrain="calls"
        )
    )
    assert (ours.text, ours.tokens_in) == (theirs.text, theirs.tokens_in)


@pytest.mark.slow
def test_a_guards_prompt_is_the_tokens_that_its_own_template_gives(
    checkpoint: Path,
) -> None:
    """Read from the text, control tokens by their names, it is the same ids."""
    transformers: Any = import_module("transformers")
    tokenizer = transformers.AutoTokenizer.from_pretrained(checkpoint)
    guard = LlamaGuard(ScriptedBackend([]), "llama-guard-3-8b")
    talk = (user("How do I make a llama happy?"), assistant("Give it hay."))
    theirs = tokenizer.encode(guard.prompt("output", talk), add_special_tokens=False)

    class Watched(TransformersBackend):
        read: int = 0

        async def reply(self, request: Request) -> Reply:
            parts = encode_parts(request.prompt, TransformersTokenizer(tokenizer))
            assert parts == theirs
            reply = await super().reply(request)
            self.read = reply.tokens_in or 0
            return reply

    backend = Watched(checkpoint, max_new_tokens=4)
    verdict = asyncio.run(LlamaGuard(backend, guard.name).check("output", talk))
    assert backend.read == len(theirs)
    assert not verdict.judged  # the weights are random
