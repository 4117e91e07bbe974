from __future__ import annotations

import asyncio
import math
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import Field

from agentkit.backends import Reply, Request, TransformersBackend
from agentkit.backends.engine import told_generating
from agentkit.backends.weights import require_memory
from agentkit.errors import BackendUnavailable, ConfigError
from agentkit.tools import Toolset, tool
from tests.agentkit.backends.conftest import Asking
from tests.agentkit.backends.tiny_llama import make_checkpoint

pytestmark = pytest.mark.slow
pytest.importorskip("llguidance", reason="llguidance is not installed")


def ask(backend: TransformersBackend, *requests: Request) -> list[Reply]:
    async def all_of_them() -> list[Reply]:
        return [await backend.reply(request) for request in requests]

    return asyncio.run(all_of_them())


def made(checkpoint: Path, **options: Any) -> TransformersBackend:
    defaults: dict[str, Any] = {"max_new_tokens": 400, "snapshots": None}
    return TransformersBackend(checkpoint, **{**defaults, **options})


@pytest.mark.parametrize("heat", [0.0, 1.0])
def test_only_calls(checkpoint: Path, asking: Asking, heat: float) -> None:
    """Random weights that may only call write calls that fit the tools."""
    backend = made(checkpoint, constrain="calls", temperature=heat, seed=3)
    for reply in ask(backend, *[asking.request(f"Request {n}") for n in range(8)]):
        assert reply.calls
        assert not reply.faults
        for call in reply.calls:
            asking.toolset[call.name].check(call.arguments, asking.context)


def test_text_or_calls(checkpoint: Path, asking: Asking) -> None:
    """What is left free is text, or calls that fit; no answer is at fault."""
    backend = made(checkpoint, temperature=1.0, seed=1, max_new_tokens=60)
    replies = ask(backend, *[asking.request(f"Request {n}") for n in range(12)])
    assert all(reply.text or reply.calls for reply in replies)
    assert not any(reply.faults for reply in replies if not cut_off(reply))


def cut_off(reply: Reply) -> bool:
    return reply.tokens_out == 60


def test_text_only(checkpoint: Path, asking: Asking) -> None:
    """Where only text is allowed, nothing is called."""
    backend = made(
        checkpoint, constrain="text", temperature=1.0, seed=1, max_new_tokens=60
    )
    replies = ask(backend, *[asking.request(f"Request {n}") for n in range(6)])
    assert not any(reply.calls for reply in replies)


def test_unknown_way_of_holding(checkpoint: Path) -> None:
    """A value that is none of the four names them."""
    with pytest.raises(ConfigError, match="auto, calls, text, off, not 'always'"):
        made(checkpoint, constrain="always")


def test_each_call_says_how_sure(checkpoint: Path, asking: Asking) -> None:
    """There is a logarithm of a probability for each tool's name."""
    backend = made(checkpoint, constrain="calls", temperature=1.0, seed=2)
    for reply in ask(backend, *[asking.request(f"Request {n}") for n in range(4)]):
        assert len(reply.logprobs) == len(reply.calls)
        assert all(-50 < one <= 0 and math.isfinite(one) for one in reply.logprobs)


def test_a_single_tool_is_certain(checkpoint: Path, asking: Asking) -> None:
    """With one tool, the first name is not the model's choice."""
    asking.toolset = Toolset(*list(asking.toolset)[:1])
    (reply,) = ask(made(checkpoint, constrain="calls"), asking.request())
    assert reply.logprobs[0] > -0.01


@tool(effect="read")
def pick(
    numbers: Annotated[list[int], Field(json_schema_extra={"uniqueItems": True})],
) -> int:
    """Pick numbers.

    Args:
        numbers: all different.
    """
    return len(numbers)


def test_what_is_relaxed_is_told(checkpoint: Path, asking: Asking) -> None:
    """What the grammar cannot say of a schema is a note with the answer."""
    asking.toolset = Toolset(pick)
    (reply,) = ask(made(checkpoint, max_new_tokens=8), asking.request())
    assert reply.reason.startswith("pick.numbers")


@pytest.mark.parametrize("seed", [0, 1])
def test_second_model_changes_nothing(
    checkpoint: Path, asking: Asking, tmp_path: Path, seed: int
) -> None:
    """Another model's guesses, good or bad, leave the answers as they are."""
    smaller = make_checkpoint(tmp_path / "smaller", seed=seed)
    requests = [asking.request(f"Request {number}") for number in range(4)]
    told = [
        ask(made(checkpoint, max_new_tokens=60, **options), *requests)
        for options in ({"draft_model": smaller}, {"drafts": False})
    ]
    for drafted, alone in zip(*told, strict=True):
        assert (drafted.text, drafted.calls) == (alone.text, alone.calls)
        assert drafted.tokens_out == alone.tokens_out


def test_a_twin_guesses_right(checkpoint: Path, asking: Asking, tmp_path: Path) -> None:
    """A model that guesses what is written halves the passes at least."""
    twin = make_checkpoint(tmp_path / "twin", seed=0)
    (reply,) = ask(
        made(checkpoint, max_new_tokens=60, constrain="off", draft_model=twin),
        asking.request(),
    )
    assert reply.tokens_out == 60
    assert (reply.passes or 60) <= 30


def test_second_model_with_other_words(
    checkpoint: Path, asking: Asking, tmp_path: Path
) -> None:
    """A model whose ids mean something else cannot guess."""
    other = make_checkpoint(tmp_path / "other")
    path = other / "tokenizer.json"
    path.write_text(path.read_text().replace("<|finetune_right_pad_id|>", "<|pad|>"))
    with pytest.raises(BackendUnavailable, match="their tokenizers differ"):
        ask(made(checkpoint, draft_model=other), asking.request())


def test_weights_of_one_byte(checkpoint: Path, asking: Asking) -> None:
    """A model in int8 writes calls that fit the tools."""
    pytest.importorskip("torchao", reason="torchao is not installed")
    backend = made(checkpoint, constrain="calls", quantize="int8")
    for reply in ask(backend, *[asking.request(f"Request {n}") for n in range(3)]):
        assert reply.calls
        assert not reply.faults


def test_weights_beyond_the_memory(tmp_path: Path) -> None:
    """What does not fit is refused with its size and the size that would."""
    with pytest.raises(BackendUnavailable, match="does not fit into memory") as raised:
        require_memory(tmp_path, 10**15, "bfloat16", "cpu")
    said = str(raised.value)
    assert "2000000.0 GB as bfloat16" in said
    assert "would fit: a model of up to" in said


@pytest.mark.parametrize(
    "raised",
    [
        pytest.param(MemoryError(), id="the interpreter's"),
        pytest.param(RuntimeError("can't allocate memory: 8 bytes"), id="torch's"),
    ],
)
def test_out_of_memory_while_generating(raised: Exception) -> None:
    """It is told with what to do."""
    told = pytest.raises(BackendUnavailable, match="shorten the conversation")
    with told, told_generating():
        raise raised
