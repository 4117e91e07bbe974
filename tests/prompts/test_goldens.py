from pathlib import Path

import pytest

from agentkit.prompting import installed_tokenizer, prompt_parts, render_prompt
from agentkit.prompting.tokenizers import encode_parts
from tests.prompts.dialogues import GOLDENS

FOLDER = Path(__file__).parent / "goldens"


@pytest.mark.parametrize("name", GOLDENS)
def test_prompt_is_its_golden_byte_for_byte(name: str) -> None:
    """Each dialogue renders exactly to the text that was reviewed."""
    conversation, toolset, options = GOLDENS[name]
    expected = (FOLDER / f"{name}.txt").read_bytes().decode()
    assert render_prompt(conversation, toolset, **options) == expected


@pytest.mark.parametrize("name", GOLDENS)
def test_ids_decode_to_the_text(name: str) -> None:
    """Ids and string are two forms of the same prompt."""
    tokenizer = installed_tokenizer()
    if tokenizer is None:
        pytest.skip("needs the packages llama-models and tiktoken")
    conversation, toolset, options = GOLDENS[name]
    parts = prompt_parts(conversation, toolset, **options)
    controls = {index: token for token, index in tokenizer.special_ids.items()}
    ids = encode_parts(parts, tokenizer)
    assert [controls[i] for i in ids if i in controls] == [
        part.text for part in parts if part.kind == "control"
    ]
    texts = [part.text for part in parts if part.kind == "text"]
    assert [i for i in ids if i not in controls] == [
        i for text in texts for i in tokenizer.encode(text)
    ]
