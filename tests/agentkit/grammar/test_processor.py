"""The logits processor, beside anybody's `generate()`."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

import pytest

from agentkit.errors import ToolsetError
from agentkit.grammar import CallsProcessor
from agentkit.pythonic import parse_calls
from agentkit.tools import Toolset, tool
from tests.agentkit.grammar.walks import small_tokenizer

if importlib.util.find_spec("llguidance") is None:
    pytest.skip("llguidance is not installed", allow_module_level=True)
numpy: Any = pytest.importorskip("numpy")


@tool
def ring(times: int) -> str:
    """Ring.

    Args:
        times: how often.
    """
    return ""


TOOLS = Toolset(ring)


def processor() -> CallsProcessor:
    return CallsProcessor(TOOLS, small_tokenizer(), mode="calls")


def generate(held: CallsProcessor, rows: int, steps: int) -> list[str]:
    """Take the likeliest token of random logits, step by step."""
    rng = numpy.random.default_rng(1)
    ids = numpy.full((rows, 3), 5)
    stop = held.tokenizer.stops[0]
    done = numpy.zeros(rows, dtype=bool)
    for _ in range(steps):
        scores = rng.normal(size=(rows, held.tokenizer.vocabulary))
        chosen = numpy.where(done, stop, held(ids, scores).argmax(axis=1))
        done |= numpy.isin(chosen, held.tokenizer.stops)
        ids = numpy.concatenate([ids, chosen[:, None]], axis=1)
    native = held.tokenizer.native
    return [
        native.decode_str(
            [i for i in row[3:].tolist() if i not in held.tokenizer.stops]
        )
        for row in ids
    ]


def test_every_row_of_a_batch_is_held() -> None:
    """Random logits write valid calls in each row, and padding is passed over."""
    for text in generate(processor(), rows=3, steps=400):
        parsed = parse_calls(text, TOOLS)
        assert parsed.calls
        assert not parsed.errors


def test_the_prompt_is_not_held() -> None:
    """What stands before the first step is no part of the answer."""
    held = processor()
    scores = held(numpy.array([[1, 2, 3]]), numpy.zeros((1, held.tokenizer.vocabulary)))
    assert numpy.isfinite(scores[0]).sum() == 1


def test_a_processor_serves_one_generation() -> None:
    """Rows that are not those of the step before are told."""
    held = processor()
    held(numpy.array([[1, 2, 3]]), numpy.zeros((1, held.tokenizer.vocabulary)))
    with pytest.raises(ToolsetError, match="one generation"):
        held(numpy.array([[1]]), numpy.zeros((1, held.tokenizer.vocabulary)))


def test_a_token_against_the_grammar_is_told() -> None:
    """Another processor behind this one must not undo it."""
    held = processor()
    width = held.tokenizer.vocabulary
    held(numpy.array([[1]]), numpy.zeros((1, width)))
    wrong = held.tokenizer.native.tokenize_str("x")[0]
    with pytest.raises(ToolsetError, match="does not allow"):
        held(numpy.array([[1, wrong]]), numpy.zeros((1, width)))


@pytest.mark.slow
def test_beside_generate_of_transformers(tmp_path: Any) -> None:
    """A model with random weights writes calls that parse and validate."""
    torch: Any = pytest.importorskip("torch")
    transformers: Any = pytest.importorskip("transformers")
    tiny: Any = importlib.import_module("tests.agentkit.backends.tiny_llama")
    from agentkit.grammar import GrammarTokenizer

    folder = tiny.make_checkpoint(tmp_path)
    model = transformers.AutoModelForCausalLM.from_pretrained(folder)
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    stops = [tokenizer.eos_token_id]
    own = GrammarTokenizer.from_transformers(tokenizer, stops, model.config.vocab_size)
    ids = tokenizer(["ring", "ring"], return_tensors="pt")
    with torch.inference_mode():
        written = model.generate(
            **ids,
            logits_processor=[CallsProcessor(TOOLS, own, mode="calls")],
            max_new_tokens=600,
            do_sample=True,
            pad_token_id=stops[0],
        )
    for row in written[:, ids["input_ids"].shape[1] :]:
        text = tokenizer.decode(row, skip_special_tokens=True)
        parsed = parse_calls(text, TOOLS)
        assert parsed.calls
        assert not parsed.errors
