"""Tokenizers as prompts need them, and the pieces of a prompt that they encode.

Only this package makes control tokens. What came from a user, a tool, a model or
a template is text, whatever it looks like: as ids it is encoded as ordinary text,
and in a string for runtimes that look for control tokens it is broken visibly.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Any, Literal, Protocol, TypeAlias

from agentkit.errors import MissingPackage, PromptError

Kind = Literal["control", "text"]
Section = Literal[
    "frame", "instructions", "tools", "session", "user", "assistant", "results", "facts"
]

# Any name, known or not: the runtime that reads it may know more than we do.
_LOOKS_LIKE_CONTROL = re.compile(r"<\|(?=[^\s<>|]{1,64}\|>)")
# Halves of a pair, which Python's strings may hold and UTF-8 cannot.
_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class PromptPart:
    """One piece of a prompt, encoded on its own.

    Attributes:
        text: a control token's name, or text.
        kind: whether it is one.
        marks: for text, the sections it is made of and the offset where each ends.
    """

    text: str
    kind: Kind = "text"
    marks: tuple[tuple[Section, int], ...] = ()


PromptParts: TypeAlias = tuple[PromptPart, ...]


def control(name: str) -> PromptPart:
    """Make a control token, as in `control("eot_id")`."""
    return PromptPart(f"<|{name}|>", "control")


def text_part(section: Section, text: str) -> PromptPart:
    """Make text that belongs to one section."""
    clean = _without_surrogates(text)
    return PromptPart(clean, "text", ((section, len(clean)),))


def text_of_sections(
    sections: Iterable[tuple[Section, str]], separator: str, end: str = ""
) -> PromptPart:
    """Make one text of several sections and an end; empty ones are left out."""
    text = ""
    marks: list[tuple[Section, int]] = []
    for section, piece in sections:
        if piece:
            text += (separator if text else "") + _without_surrogates(piece)
            marks.append((section, len(text)))
    return PromptPart(text + end, "text", tuple(marks))


def join_parts(parts: Iterable[PromptPart], *, verbatim: bool = False) -> str:
    """Join the parts to one string.

    Args:
        parts: pieces in order.
        verbatim: leave control tokens in text as they are. Such a string is for
            reading and comparing; sent to a runtime that looks for control
            tokens, it lets whoever wrote the text speak for somebody else.
    """
    listed = tuple(parts)
    joined = "".join([part.text for part in listed])
    own = sum(part.kind == "control" for part in listed)
    # No text holds the mark: the usual case, without a look at each part.
    if verbatim or joined.count("<|") == own:
        return joined
    # Text parts side by side are broken together: a name may be spread over two of
    # them.
    runs = groupby(listed, key=lambda part: part.kind == "control")
    return "".join(_joined(run, is_control=key) for key, run in runs)


def break_control(text: str) -> str:
    """Put a space into whatever looks like a control token: `< |eot_id|>`."""
    return _LOOKS_LIKE_CONTROL.sub("< |", text) if "<|" in text else text


def _joined(run: Iterable[PromptPart], *, is_control: bool) -> str:
    joined = "".join(part.text for part in run)
    return joined if is_control else break_control(joined)


def _without_surrogates(text: str) -> str:
    """Replace what no UTF-8 can say."""
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


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
        # Without the last option a name in somebody's text would become the control token.
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
        raise PromptError(f"the tokenizer has no control token {name}")
    return tokenizer.special_ids[name]


# From Meta's `tokenizer.py` of Llama 3; it must be the same to the letter.
_PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
# In the order of their ids, which follow the words of the vocabulary.
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
    # By the package's own list of files: importing it would load all of it.
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
