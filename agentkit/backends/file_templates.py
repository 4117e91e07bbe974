"""The chat template of a model's file, with its control tokens, without its weights."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from agentkit.errors import BackendUnavailable
from agentkit.models.families import template_in, template_of_folder
from agentkit.models.gguf import read_gguf
from agentkit.prompting.chat_template import ChatTemplate
from agentkit.tools.schema.json_schema import is_list

# llama.cpp's kind of a token that frames text and is none.
_CONTROL = 3


def template_of_model(path: Path) -> ChatTemplate | None:
    """Return what a model's prompts are written with; None where it has no template.

    Args:
        path: a GGUF file, or the folder of a checkpoint.

    Raises:
        BackendUnavailable: the file, or what names its control tokens, is damaged.
    """
    return _of_folder(path) if path.is_dir() else _of_file(path)


def _of_file(path: Path) -> ChatTemplate | None:
    facts = read_gguf(path, lists=True).metadata
    source = template_in(facts)
    if not source:
        return None
    tokens, kinds = (
        _list(facts.get(f"tokenizer.ggml.{name}")) for name in ("tokens", "token_type")
    )
    control = [
        str(token)
        for token, kind in zip(tokens, kinds, strict=False)
        if kind == _CONTROL
    ]

    def name(which: str) -> str:
        number: object = facts.get(f"tokenizer.ggml.{which}_token_id")
        if not isinstance(number, int) or not 0 <= number < len(tokens):
            return ""
        return str(tokens[number])

    return ChatTemplate(source, tuple(control), name("bos"), name("eos"))


def _of_folder(folder: Path) -> ChatTemplate | None:
    source = template_of_folder(folder)
    if not source:
        return None
    try:
        text = (folder / "tokenizer_config.json").read_text("utf-8")
        facts = cast(dict[str, Any], json.loads(text))
        # Only this list says which words are control tokens.
        added = cast(Mapping[str, Any], facts.get("added_tokens_decoder", {}))
        control = [str(one["content"]) for one in added.values() if one.get("special")]
    except (OSError, ValueError, AttributeError, KeyError) as exc:
        # Without it nobody's text could be kept from ending a turn.
        raise BackendUnavailable(
            f"{folder / 'tokenizer_config.json'} cannot be read, and only it names the "
            "model's control tokens: fetch the model again"
        ) from exc
    bos, eos = (_named(facts.get(f"{which}_token")) for which in ("bos", "eos"))
    return ChatTemplate(source, tuple(control), bos, eos)


def _named(token: object) -> str:
    """Read a token's name, which may be wrapped in an object."""
    if isinstance(token, dict):
        return str(cast(dict[str, Any], token).get("content", ""))
    return token if isinstance(token, str) else ""


def _list(value: object) -> list[Any]:
    return value if is_list(value) else []
