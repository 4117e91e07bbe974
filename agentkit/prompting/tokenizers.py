"""Tokenizers as prompts need them: plain text, and the ids of control tokens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from agentkit.errors import PromptError
from agentkit.prompting.parts import PromptPart


class PromptTokenizer(Protocol):
    """What a tokenizer must do for `encode_prompt`."""

    @property
    def special_ids(self) -> Mapping[str, int]:
        """Id of each control token, as in `<|eot_id|>`."""
        ...

    def encode(self, text: str) -> list[int]:
        """Encode text as text: nothing in it becomes a control token."""
        ...


class TiktokenTokenizer:
    """A `tiktoken.Encoding`, the form in which Meta publishes Llama 3's tokenizer."""

    def __init__(self, encoding: Any, special_ids: Mapping[str, int]) -> None:
        self._encoding = encoding
        self.special_ids = special_ids

    def encode(self, text: str) -> list[int]:
        """Encode text as text."""
        ids: list[int] = self._encoding.encode_ordinary(text)
        return ids


class TransformersTokenizer:
    """A fast tokenizer of transformers."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self.special_ids: Mapping[str, int] = {
            token.content: index
            for index, token in tokenizer.added_tokens_decoder.items()
        }

    def encode(self, text: str) -> list[int]:
        """Encode text as text."""
        ids: list[int] = self._tokenizer.encode(
            text, add_special_tokens=False, split_special_tokens=True
        )
        return ids


def encode_parts(parts: Iterable[PromptPart], tokenizer: PromptTokenizer) -> list[int]:
    """Encode each part on its own.

    Raises:
        PromptError: the tokenizer has no id for a control token.
    """
    ids: list[int] = []
    for part in parts:
        if part.kind == "text":
            ids += tokenizer.encode(part.text)
        else:
            ids.append(control_id(part.text, tokenizer))
    return ids


def control_id(name: str, tokenizer: PromptTokenizer) -> int:
    """Return the id of a control token.

    Raises:
        PromptError: the tokenizer has none.
    """
    if name not in tokenizer.special_ids:
        raise PromptError(f"the tokenizer has no control token {name}: not a Llama 3's")
    return tokenizer.special_ids[name]
