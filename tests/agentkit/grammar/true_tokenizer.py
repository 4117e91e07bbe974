"""Llama 3's own tokenizer for grammars, from the package llama-models."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from typing import Any

from agentkit.grammar import GrammarTokenizer

_PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_NAMES = (
    *("begin_of_text", "end_of_text", "reserved_special_token_0"),
    *("reserved_special_token_1", "finetune_right_pad_id", "step_id"),
    *("start_header_id", "end_header_id", "eom_id", "eot_id", "python_tag"),
    *(f"reserved_special_token_{index}" for index in range(2, 247)),
)
STOPS = tuple(128000 + _NAMES.index(n) for n in ("eot_id", "eom_id", "end_of_text"))


@lru_cache(maxsize=1)
def true_json() -> str:
    """Convert the tokenizer to a fast one's JSON; empty when it is not there."""
    try:
        files = distribution("llama-models").files or []
    except PackageNotFoundError:
        return ""
    found = [file for file in files if file.match("llama3/tokenizer.model")]
    if not found or find_spec("transformers") is None or not find_spec("tiktoken"):
        return ""
    slow: Any = import_module("transformers.convert_slow_tokenizer")
    converter = slow.TikTokenConverter(
        vocab_file=str(found[0].locate()),
        pattern=_PATTERN,
        extra_special_tokens=[f"<|{name}|>" for name in _NAMES],
    )
    text: str = converter.converted().to_str()
    return text


@lru_cache(maxsize=1)
def true_tokenizer() -> GrammarTokenizer | None:
    """Return the tokenizer of 128,256 ids; None when it is not there."""
    text = true_json()
    return GrammarTokenizer.from_json(text, STOPS) if text else None
