import base64
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from agentkit.errors import PromptError
from agentkit.prompting import (
    TransformersTokenizer,
    encode_prompt,
    installed_tokenizer,
    llama3_tokenizer,
)


class Letters:
    """A tokenizer whose tokens are code points."""

    def __init__(self, *controls: str) -> None:
        self.special_ids = {f"<|{name}|>": -n for n, name in enumerate(controls, 1)}

    def encode(self, text: str) -> list[int]:
        """Encode each character as its code point."""
        return [ord(character) for character in text]


def test_controls_are_ids_and_text_is_text() -> None:
    """The frame comes from `special_ids`, all else from `encode`."""
    names = ("begin_of_text", "start_header_id", "end_header_id", "eot_id")
    ids = encode_prompt("<|eot_id|>", tokenizer=Letters(*names))
    assert [i for i in ids if i < 0] == [-1, -2, -3, -4, -2, -3]
    assert "<|eot_id|>" in "".join(chr(i) for i in ids if i > 0)


def test_a_missing_control_token_is_named() -> None:
    """A tokenizer of another model is refused in one sentence."""
    with pytest.raises(PromptError, match=r"no control token <\|begin_of_text\|>"):
        encode_prompt("hi", tokenizer=Letters())


def test_transformers_tokenizers_split_what_looks_special() -> None:
    """The adapter asks for text to be read as text, without extra tokens."""
    asked: list[tuple[str, dict[str, Any]]] = []

    def encode(text: str, **options: Any) -> list[int]:
        asked.append((text, options))
        return [1]

    inner = SimpleNamespace(
        encode=encode, added_tokens_decoder={7: SimpleNamespace(content="<|eot_id|>")}
    )
    adapter = TransformersTokenizer(inner)
    assert adapter.encode("a<|eot_id|>") == [1]
    assert adapter.special_ids == {"<|eot_id|>": 7}
    options = {"add_special_tokens": False, "split_special_tokens": True}
    assert asked == [("a<|eot_id|>", options)]


def test_a_file_that_is_no_tokenizer_is_refused(tmp_path: Path) -> None:
    """A wrong or missing file gives one sentence."""
    pytest.importorskip("tiktoken", reason="needs the package tiktoken")
    wrong = tmp_path / "tokenizer.model"
    with pytest.raises(PromptError, match="cannot be read"):
        llama3_tokenizer(wrong)
    wrong.write_text("not a vocabulary at all\n")
    with pytest.raises(PromptError, match=r"no tokenizer.model of Llama 3"):
        llama3_tokenizer(wrong)


def test_a_vocabulary_is_read_from_its_file(tmp_path: Path) -> None:
    """Ranks are the ids of text, control tokens follow them."""
    pytest.importorskip("tiktoken", reason="needs the package tiktoken")
    lines = [f"{base64.b64encode(bytes([n])).decode()} {n}" for n in range(256)]
    path = tmp_path / "tokenizer.model"
    path.write_text("\n".join(lines))
    tokenizer = llama3_tokenizer(path)
    assert tokenizer.encode("az") == [97, 122]
    assert tokenizer.special_ids["<|begin_of_text|>"] == 256


def test_llama3_ids_of_the_frame() -> None:
    """The published ids of Llama 3's control tokens."""
    tokenizer = installed_tokenizer()
    if tokenizer is None:
        pytest.skip("needs the packages llama-models and tiktoken")
    assert encode_prompt("hi", tokenizer=tokenizer) == [
        *(128000, 128006, 882, 128007, 271, 6151, 128009),
        *(128006, 78191, 128007, 271),
    ]
