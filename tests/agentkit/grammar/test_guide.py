"""Guides: masks, drafts, and going back."""

from __future__ import annotations

import importlib.util
from importlib import import_module
from typing import Any

import pytest

from agentkit.errors import ToolsetError
from agentkit.grammar import (
    Grammar,
    GrammarTokenizer,
    Guide,
    compile_grammar,
    make_grammar,
)
from agentkit.tools import Toolset, tool
from tests.agentkit.grammar.true_tokenizer import true_tokenizer
from tests.agentkit.grammar.walks import allowed, small_tokenizer, write

if importlib.util.find_spec("llguidance") is None:
    pytest.skip("llguidance is not installed", allow_module_level=True)


@tool
def set_alarm(time: str, note: str = "") -> str:
    """Set an alarm.

    Args:
        time: when.
        note: words.
    """
    return time


def guide(mode: Any = "calls") -> Guide:
    grammar = make_grammar(Toolset(set_alarm), mode=mode)
    return compile_grammar(grammar, small_tokenizer())


def tokens(text: str) -> list[int]:
    ids: list[int] = small_tokenizer().native.tokenize_str(text)
    return ids


def text_of(ids: list[int]) -> str:
    text: str = small_tokenizer().native.decode_str(ids)
    return text


def test_certain_tokens_are_the_only_ones_allowed() -> None:
    """Where a token is certain, the mask allows it alone; each in its turn."""
    one = guide()
    for token in one.certain():
        assert allowed(one).tolist() == [token]
        assert one.accept([token]) == 1


def test_the_draft_reaches_to_the_opening_quote() -> None:
    """The forced bytes end in `time=`, and the quote used before is guessed."""
    assert text_of(guide().forced()) == "[set_alarm(time='"
    one = guide()
    assert write(one, '[set_alarm(time="7"), ')
    assert text_of(one.forced()) == 'set_alarm(time="'


def test_a_draft_is_verified_without_being_taken() -> None:
    """`validate` counts what could be taken and leaves the state."""
    one = guide()
    draft = one.forced()
    assert one.validate(draft) == len(draft)
    assert one.validate([*draft[:2], 0]) == 2
    assert one.forced() == draft


def test_accept_stops_at_the_first_wrong_token() -> None:
    """Tokens up to the first that is not allowed are taken."""
    one = guide()
    right = tokens("[set_")
    assert one.accept([*right, *tokens("x")]) == len(right)
    assert write(one, "alarm(")


@pytest.mark.parametrize(
    ("mode", "text"),
    [
        pytest.param("calls", "[set_alarm(time='7')]", id="calls"),
        pytest.param("auto", "Good night.", id="text"),
    ],
)
def test_a_stop_token_ends_and_can_be_taken_back(mode: str, text: str) -> None:
    """Behind a stop token nothing follows; a rollback undoes it and more."""
    one = guide(mode)
    ids = tokens(text)
    stop = one.tokenizer.stops[0]
    assert one.accept([*ids, stop, stop]) == len(ids) + 1
    assert one.finished
    assert allowed(one).tolist() == sorted(one.tokenizer.stops)
    assert one.forced() == []
    one.rollback(2)
    assert not one.finished
    assert one.accept([ids[-1], stop]) == 2


def test_no_stop_token_inside_a_call() -> None:
    """A call that has begun is written to its end."""
    one = guide()
    assert write(one, "[set_alarm(")
    assert one.accept([one.tokenizer.stops[0]]) == 0
    assert not one.complete


def test_a_copy_goes_its_own_way() -> None:
    """What a copy takes leaves the guide where it was."""
    one = guide("auto")
    other = one.copy()
    assert write(other, "Hello")
    assert write(one, "[set_alarm(")


def test_too_much_cannot_be_taken_back() -> None:
    """Only what was taken can be taken back."""
    with pytest.raises(ValueError, match="5"):
        guide().rollback(5)


def test_applying_to_numpy_bars_what_the_mask_bars() -> None:
    """Barred tokens become minus infinity, others stay; wider rows are barred."""
    numpy: Any = pytest.importorskip("numpy")
    one = guide("auto")
    row = numpy.zeros(one.tokenizer.vocabulary + 40, dtype="float32")
    one.apply(row)
    assert numpy.flatnonzero(row == 0).tolist() == allowed(one).tolist()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["float32", "float16", "bfloat16"])
def test_applying_to_torch(kind: str) -> None:
    """Every kind of number is barred in place."""
    torch: Any = import_module("torch")
    one = guide("auto")
    row = torch.ones(one.tokenizer.vocabulary, dtype=getattr(torch, kind))
    one.apply(row)
    left = torch.isfinite(row).nonzero().flatten().tolist()
    assert left == allowed(one).tolist()
    assert bool((row[~torch.isfinite(row)] == -torch.inf).all())


@pytest.mark.slow
def test_applying_to_scores_that_are_trained() -> None:
    """Scores that a gradient flows through are barred by torch itself."""
    torch: Any = import_module("torch")
    one = guide("auto")
    leaf = torch.ones(one.tokenizer.vocabulary, requires_grad=True)
    row = leaf * 2
    one.apply(row)
    assert torch.isfinite(row).nonzero().flatten().tolist() == allowed(one).tolist()
    assert bool((row.detach()[~torch.isfinite(row)] == -torch.inf).all())


def test_a_text_that_is_no_tokenizer_is_told() -> None:
    """Bad JSON is a clear error."""
    with pytest.raises(ToolsetError, match="cannot use the tokenizer"):
        GrammarTokenizer.from_json("{}", [0])


def test_a_tokenizer_without_json_is_told() -> None:
    """Slow tokenizers cannot be used."""
    with pytest.raises(ToolsetError, match="fast tokenizer"):
        GrammarTokenizer.from_transformers(object(), [0])


def test_a_grammar_that_is_refused_is_told() -> None:
    """What llguidance does not take is named."""
    with pytest.raises(ToolsetError, match="cannot be used"):
        compile_grammar(Grammar("start: gone", ""), small_tokenizer())


@pytest.mark.slow
def test_the_true_tokenizer_splits_as_it_would_by_itself() -> None:
    """Forced tokens of a whole call are those of its canonical split."""
    tokenizer = true_tokenizer()
    if tokenizer is None:
        pytest.skip("llama-models, tiktoken or transformers is not installed")
    grammar = make_grammar(Toolset(set_alarm), mode="calls")
    one = compile_grammar(grammar, tokenizer)
    whole = list(tokenizer.native.tokenize_str("[set_alarm(time='7 am')]"))
    draft = one.forced()
    assert whole[: len(draft)] == draft
    assert one.accept(whole) == len(whole)
    assert one.finished
