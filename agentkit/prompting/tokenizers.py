"""Tokenizers as prompts need them, Llama 3's own among them.

The file is not ours to ship. It lies in a downloaded checkpoint, and in the PyPI
package `llama-models`, where it is found when that is installed.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from agentkit.errors import MissingPackage, PromptError
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


_PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_CONTROL = (
    "begin_of_text",
    "end_of_text",
    "reserved_special_token_0",
    "reserved_special_token_1",
    "finetune_right_pad_id",
    "step_id",
    "start_header_id",
    "end_header_id",
    "eom_id",
    "eot_id",
    "python_tag",
)
# Meta gives the vision models' own place for an image.
_IMAGE_ID = 128256


def llama3_tokenizer(path: Path | str) -> TiktokenTokenizer:
    """Read a `tokenizer.model` of Llama 3, 3.1, 3.2 or 3.3.

    Raises:
        MissingPackage: tiktoken is not installed.
        PromptError: the file cannot be read, or is no such file.
    """
    try:
        import tiktoken
    except ImportError as exc:
        raise MissingPackage("tiktoken", "tokens", "Counting real tokens") from exc
    ranks = _read_ranks(Path(path))
    special = {f"<|{name}|>": len(ranks) + i for i, name in enumerate(_CONTROL)}
    special["<|image|>"] = _IMAGE_ID
    encoding = tiktoken.Encoding(
        "llama3", pat_str=_PATTERN, mergeable_ranks=ranks, special_tokens=special
    )
    return TiktokenTokenizer(encoding, special)


@lru_cache(maxsize=1)
def installed_tokenizer() -> TiktokenTokenizer | None:
    """Read the tokenizer of the package llama-models; None when it is not there."""
    try:
        files = distribution("llama-models").files or []
    except PackageNotFoundError:
        return None
    found = [file for file in files if file.match("llama3/tokenizer.model")]
    if not found or find_spec("tiktoken") is None:
        return None
    return llama3_tokenizer(str(found[0].locate()))


def _read_ranks(path: Path) -> dict[bytes, int]:
    try:
        lines = (line.split() for line in path.read_bytes().splitlines() if line)
        return {base64.b64decode(token): int(rank) for token, rank in lines}
    except OSError as exc:
        raise PromptError(f"the tokenizer {path} cannot be read: {exc}") from exc
    except (ValueError, binascii.Error) as exc:
        raise PromptError(f"{path} is no tokenizer.model of Llama 3") from exc
