"""Walks at random through a grammar, with a tokenizer made here."""

from __future__ import annotations

import random
from functools import lru_cache
from importlib import import_module
from typing import Any

from agentkit.grammar import GrammarTokenizer, Guide

_TEXT = (
    "[get_weather(city='Berlin', unit=\"celsius\"), set_alarm(time='7 am')] True False "
    "None the user asks for the weather in Paris tomorrow and the answer is a list"
)
_SPECIAL = ("<|end_of_text|>", "<|eot_id|>")
# Without these a walk seldom leaves a string or a list.
_ENDS = (b"'", b'"', b")", b"]", b"}")


@lru_cache(maxsize=1)
def small_tokenizer() -> GrammarTokenizer:
    """Make a byte-level tokenizer of some 300 tokens; its two last ids end a turn."""
    tokenizers: Any = import_module("tokenizers")
    parts: Any = import_module("tokenizers.pre_tokenizers")
    bpe = tokenizers.Tokenizer(tokenizers.models.BPE())
    bpe.pre_tokenizer = parts.ByteLevel(add_prefix_space=False, use_regex=True)
    bpe.decoder = tokenizers.decoders.ByteLevel()
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=320,
        initial_alphabet=parts.ByteLevel.alphabet(),
        show_progress=False,
    )
    bpe.train_from_iterator([_TEXT], trainer)
    bpe.add_special_tokens(
        [tokenizers.AddedToken(name, special=True) for name in _SPECIAL]
    )
    stops = [bpe.token_to_id(name) for name in _SPECIAL]
    return GrammarTokenizer.from_json(bpe.to_str(), stops)


def allowed(guide: Guide) -> Any:
    """Return the ids that the mask allows, as numpy's array."""
    numpy: Any = import_module("numpy")
    return numpy.flatnonzero(_bits(guide))


def _bits(guide: Guide) -> Any:
    numpy: Any = import_module("numpy")
    packed = numpy.frombuffer(guide.mask(), numpy.uint8)
    return numpy.unpackbits(packed, bitorder="little")


def write(guide: Guide, text: str) -> bool:
    """Let a guide take a text; False when it does not take it whole."""
    tokens = guide.tokenizer.native.tokenize_str(text)
    return guide.accept(tokens) == len(tokens)


def fits(guide: Guide, text: str) -> bool:
    """Tell whether a text is an answer that the grammar allows."""
    return write(guide, text) and guide.complete


def walk(guide: Guide, rng: random.Random, longest: int = 6000) -> str:
    """Write an answer of tokens drawn at random among those allowed."""
    written: list[int] = []
    while not guide.finished and len(written) < longest:
        tokens = guide.certain() or [draw(guide, rng)]
        guide.accept(tokens)
        written += tokens
    text: bytes = guide.tokenizer.native.decode_bytes(written)
    return text.decode(errors="replace")


def draw(guide: Guide, rng: random.Random) -> int:
    """Draw an allowed token; in three of ten cases one that may end a value."""
    numpy: Any = import_module("numpy")
    bits = _bits(guide)
    if rng.random() < 0.3:
        ends = _ending(guide.tokenizer)
        ends = ends[bits[ends] == 1]
        if ends.size:
            return int(ends[rng.randrange(ends.size)])
    ids = numpy.flatnonzero(bits)
    return int(ids[rng.randrange(ids.size)])


@lru_cache(maxsize=4)
def _ending(tokenizer: GrammarTokenizer) -> Any:
    """Return the tokens that begin as the end of a value does."""
    numpy: Any = import_module("numpy")
    native = tokenizer.native
    every = range(tokenizer.vocabulary)
    ends = [i for i in every if native.decode_bytes([i])[:1] in _ENDS]
    return numpy.array(ends)
