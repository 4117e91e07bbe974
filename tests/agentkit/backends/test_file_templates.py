"""The chat template that a model's own files hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agentkit.backends.file_templates import template_of_model
from agentkit.errors import BackendUnavailable

TOKENS = {"added_tokens_decoder": {"0": {"content": "<|end|>", "special": True}}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a checkpoint with a template and the names of its control tokens."""
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "chat_template.jinja").write_text("{{ messages }}<|end|>")
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(TOKENS))
    return tmp_path


def test_control_tokens_are_those_of_the_tokenizer(folder: Path) -> None:
    """They are shielded in anybody's text."""
    template = template_of_model(folder)
    assert template is not None
    assert template.control == ("<|end|>",)


@pytest.mark.parametrize("content", [None, "{", "[]", '{"added_tokens_decoder": []}'])
def test_a_folder_that_does_not_name_them_is_refused(
    folder: Path, content: str | None
) -> None:
    """Without their names a user's text could end its turn."""
    config = folder / "tokenizer_config.json"
    config.unlink()
    if content is not None:
        config.write_text(content)
    with pytest.raises(
        BackendUnavailable, match=r"tokenizer_config\.json cannot be read"
    ):
        template_of_model(folder)
